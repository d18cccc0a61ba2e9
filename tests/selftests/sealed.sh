#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a sealed debar refuses to root. The last test of all: there is no way back. KTAP.
set -u

tests=$PWD
work=$(mktemp -d /tmp/sealed.XXXXXX)
cp payload "$work/victim"
cd "$work" || exit 1
. "$tests/tap.sh"

# refused WHAT MESSAGE COMMAND... - it ends with 4, and the kernel says so
refused() {
	what=$1
	message=$2
	shift 2
	said=$("$@" 2>&1 </dev/null)
	ended=$?
	same "$what" "4 $message" "$ended $(printf %s "$said" | sed -n 's/.*the kernel refused: \(.*\): .*: .*/\1/p')"
	same "$what: it is refused still" 126 "$(code ./victim)"
}

# edition NAME SERIAL - the policy under another name, or with another serial
edition() { sed -e "s/^name: .*/name: $1/" -e "s/^serial: .*/serial: $2/" -e "s/Vendor/Seller/" policy.yaml >edition.yaml; }

debarctl module load >/dev/null
debarctl policy unload >/dev/null 2>&1
said=$(debarctl seal 2>&1)
same 'without a policy' 'debarctl: seal: the kernel refused: no policy is loaded: load one first: No data available: correct what it objects to' "$said"
ban victim
sed -i 's/^serial: .*/serial: 5/' policy.yaml
debarctl policy load policy.yaml >/dev/null
same 'it is refused' 126 "$(code ./victim)"
debarctl mode monitor >/dev/null
said=$(debarctl seal 2>&1)
same 'in the mode monitor' 'debarctl: seal: the kernel refused: the mode is monitor: set it to enforce first: Invalid argument: correct what it objects to' "$said"
debarctl mode enforce >/dev/null
same 'seal' 'sealed until the machine starts anew' "$(debarctl seal)"
same 'again' 3 "$(code debarctl seal)"
debarctl status | grep -q '^sealed  '
result 'the status tells' $?

sealed='debar is sealed until the machine starts anew'
refused 'the mode monitor' "$sealed" debarctl mode monitor
refused 'no policy' "$sealed" debarctl policy unload
same 'the same policy' 3 "$(code debarctl policy load policy.yaml)"
edition test 4
refused 'an older policy' 'debar is sealed, and a later serial is in force: raise the serial' debarctl policy load edition.yaml
edition other 4
refused 'an older policy of another name' 'debar is sealed, and a later serial is in force: raise the serial' \
	debarctl policy load edition.yaml
edition other 5
refused 'another policy of this serial' 'another policy of this serial is in force: raise the serial' \
	debarctl policy load edition.yaml
edition other 6
refused 'a newer policy that nobody signed' 'the policy is not signed, and this machine takes no other' \
	debarctl policy load edition.yaml
debarctl policy build edition.yaml -o edition.debar >/dev/null
debarctl policy sign --key "$tests/trusted.key" --cert "$tests/trusted.crt" edition.debar >/dev/null
same 'a newer policy that is signed' 0 "$(code debarctl policy load edition.debar)"
same 'it is refused by that' 126 "$(code ./victim)"
if grep -q '^debar ' /proc/modules; then
	same 'unloading' 4 "$(code debarctl module unload)"
	rmmod debar 2>/dev/null
	same 'by rmmod' 1 $?
	same 'it is refused as before' 126 "$(code ./victim)"
fi
finish
