#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# debar beside the security modules of the stock kernel: AppArmor confines as before, and does not keep debar from reading. KTAP.
set -u

tests=$PWD
work=$(mktemp -d /tmp/coexist.XXXXXX)
trap 'debarctl module unload >/dev/null 2>&1; apparmor_parser -R "$work/profile" 2>/dev/null; rm -rf "$work"' EXIT
chmod 755 "$work"
cp payload "$work/victim"
cd "$work" || exit 1
. "$tests/tap.sh"
{ cat victim; } >innocent
printf X | dd of=innocent bs=1 seek=$(($(stat -c %s victim) - 1)) conv=notrunc 2>/dev/null
cp victim unnamed
chmod 755 innocent unnamed

# x without r for the programs of this test, nothing at all for unnamed
cat >profile <<PROFILE
profile debar-coexist {
  capability,
  /{usr/,}bin/** mrix,
  /{usr/,}lib{,32,64}/** mr,
  /etc/** r,
  /dev/** rw,
  $work/ r,
  $work/victim ux,
  $work/innocent ux,
}
PROFILE

confined() { code aa-exec -p debar-coexist -- /bin/dash -c "$1"; }

lsm=$(cat /sys/kernel/security/lsm)
ipe=$(cat /sys/kernel/security/ipe/enforce 2>/dev/null)
apparmor_parser -r profile
result 'AppArmor takes the profile' $?
runs=$(code ./victim)
same 'confined, without debar: the program runs' "$runs" "$(confined ./victim)"
same 'confined, without debar: it cannot be read' 1 "$(confined 'cat victim')"
same 'confined, without debar: what the profile does not name does not run' 126 "$(confined ./unnamed)"

ban victim
result 'debar is loaded, with a policy' $?
same 'the list of security modules is as it was' "$lsm" "$(cat /sys/kernel/security/lsm)"
same 'IPE, where there is one, is as it was' "$ipe" "$(cat /sys/kernel/security/ipe/enforce 2>/dev/null)"
same 'confined: the banned program is refused' 126 "$(confined ./victim)"
same 'by its digest, not because it could not be read' indicator \
	"$(debarctl denials --json | tail -n 1 | sed 's/.*"reason":"\([^"]*\)".*/\1/')"
same 'confined: a program of the same size runs' "$runs" "$(confined ./innocent)"
same 'confined: it still cannot be read' 1 "$(confined 'cat innocent')"
same 'confined: what the profile does not name does not run' 126 "$(confined ./unnamed)"
same 'no file was left unidentified' 0 "$(debarctl status --json | grep -c unidentified)"

debarctl policy unload >/dev/null
same 'confined, without a policy: the program runs' "$runs" "$(confined ./victim)"
finish
