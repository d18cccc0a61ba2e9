#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# debar built into the kernel, as init found it: built_in.sh NAME, that of the boot policy. Run first. KTAP.
set -u

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. ./tap.sh
cd "$work" || exit 1

echo 'KTAP version 1'
grep -q '\(^\|,\)debar\(,\|$\)' /sys/kernel/security/lsm
result 'it is among the security modules' $?
debarctl status 2>&1 | grep -q ', built-in$'
result 'it says that it is built in' $?
debarctl policy show | grep -q "\\<$1\\>"
result 'the boot policy is in force' $?
printf '#!/bin/sh\n# banned by the boot policy\n' >banned
printf '#!/bin/sh\n# allowed by the boot policy\n' >allowed
chmod +x banned allowed
same 'what it bans is refused' 126 "$(code sh -c ./banned)"
same 'anything else is not' 0 "$(code ./allowed)"
debarctl denials | grep -q BOOT-1
result 'and the denial is kept' $?
same 'debar cannot be unloaded' 4 "$(code debarctl module unload)"
same 'nor loaded' 3 "$(code debarctl module load)"
same 'it is in force still' 126 "$(code sh -c ./banned)"
# The boot policy bans early.sh, too, which the kernel has run from early on; before that policy was in force nothing was banned.
refused=$(debarctl status --json | sed 's/.*"refused_early": *\([0-9]*\).*/\1/')
if grep -q Y /sys/module/debar/parameters/require_policy; then
	[ "$refused" -gt 0 ]
	result 'what is run before the policy that is required is refused and counted' $?
	[ ! -e /early-ran ]
	result 'and does not run' $?
else
	same 'what is run before a policy that is not required is not refused' 0 "$refused"
	[ -e /early-ran ]
	result 'but runs' $?
fi
finish
