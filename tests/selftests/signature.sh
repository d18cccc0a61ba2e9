#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Signed policies: whose are taken, whose are refused and with which words, and where the signer is named. KTAP.
set -u

tests=$PWD
work=$(mktemp -d /tmp/signature.XXXXXX)
trap 'debarctl policy unload >/dev/null 2>&1; rm -rf "$work"' EXIT
cp payload "$work/victim"
cd "$work" || exit 1
. "$tests/tap.sh"

# build SERIAL - p.debar, without a signature
build() {
	rm -f p.debar.p7s
	sed -i "s/^serial: .*/serial: $1/" policy.yaml
	debarctl policy build policy.yaml -o p.debar >/dev/null
}

sign() { debarctl policy sign --key "$tests/$1.key" --cert "$tests/$1.crt" p.debar >/dev/null; }

# foreign NAME - signed with the tool that everybody has, which asks for no date
foreign() {
	openssl cms -sign -binary -nosmimecap -outform der -signer "$tests/$1.crt" -inkey "$tests/$1.key" \
		-in p.debar -out p.debar.p7s
}

# refused WHAT MESSAGE - p.debar is not loaded; what is said of it
refused() {
	said=$(debarctl policy load p.debar 2>&1)
	ended=$?
	same "$1" "4 debarctl: p.debar: the kernel refused: $2" "$ended $said"
}

taken() { same "$1" 0 "$(code debarctl policy load "${2:-p.debar}")"; }
signer() { debarctl status | sed -n 's/^signed by *//p'; }

ban victim
same 'nobody signed it' nobody "$(signer)"

build 10
sign trusted
taken 'signed by somebody trusted'
signer | grep -q '^Example: trusted: '
result 'the status names him' $?
./victim 2>/dev/null
debarctl denials --json | tail -n 1 | grep -q '"policy_signer":"Example: trusted: '
result 'so does the denial' $?

build 11
sign other
refused 'signed by somebody else' \
	'the policy is signed by nobody whom this machine trusts: Required key not available: correct what it objects to'
same 'the policy in force stays' 126 "$(code ./victim)"
build 12
sign trusted
mv p.debar.p7s kept
build 13
mv kept p.debar.p7s
refused 'the signature of another policy' 'the policy is not the one that was signed: get both anew from who signed it'
build 14
echo nonsense >p.debar.p7s
refused 'no signature at all' 'the signature is malformed: Bad message: correct what it objects to'
build 15
foreign expired
refused 'signed when the certificate had expired' \
	"the policy was signed outside the dates of the signer's certificate: get both anew from who signed it"
build 9
sign trusted
refused 'an older serial' 'a later serial is in force: raise the serial, or unload it first: Stale file handle: correct what it objects to'
same 'the policy in force stays' 126 "$(code ./victim)"

build 16
foreign trusted
taken 'signed with openssl'
build 17
debarctl policy sign --key "$tests/trusted.key" --cert "$tests/trusted.crt" --attached -o p.p7 p.debar >/dev/null
taken 'with the signature around it' p.p7
signer | grep -q '^Example: trusted: '
result 'the status names the signer' $?

# debard remembers the serial of what was signed, whatever becomes of the kernel's memory.
mkdir policy.d state
debard --policy-dir policy.d --log log --state-dir state 2>messages &
daemon=$!
# push SERIAL NAME - what a configuration management does
push() {
	build "$1"
	sign "$2"
	mv p.debar.p7s p.debar policy.d
}
push 20 trusted
eventually sh -c 'debarctl status --json | grep -q "\"serial\":[ ]*20"'
grep -q '"serial": "20"' state/floor
result 'debard keeps the serial' $?
debarctl policy unload >/dev/null
push 19 trusted
eventually grep -q 'signed, of' messages
same 'debard refuses an older one' 'policy.d: its serial is 19, and this machine has had another policy, signed, of serial 20: raise the serial' \
	"$(sed -n 's/^debard: \(.*signed, of\)/\1/p' messages)"
push 21 other
eventually grep -q 'nobody' messages
grep -q 'the policy is signed by nobody whom this machine trusts' messages
result 'and one that somebody else signed' $?
grep -q '"serial": "20"' state/floor
result 'that does not count' $?
kill "$daemon"

if grep -q '^debar ' /proc/modules; then
	debarctl module unload >/dev/null
	debarctl module load --param require_signature=1 >/dev/null
	build 1
	refused 'signatures are required: none' \
		'the policy is not signed, and this machine takes no other: Required key not available: correct what it objects to'
	same 'nothing is banned' 0 "$(code ./victim)"
	sign other
	refused 'that of somebody else' \
		'the policy is signed by nobody whom this machine trusts: Required key not available: correct what it objects to'
	sign trusted
	taken 'that of somebody trusted'
	same 'it is refused' 126 "$(code ./victim)"
	debarctl module unload >/dev/null

	# Built so that signatures are required, which its parameter does not change.
	for parameter in require_signature=0 ring_size=64; do
		dmesg -c >/dev/null
		debarctl module load --param $parameter "$tests/modules/signed/debar.ko" >/dev/null
		same "built to require signatures, $parameter: they are" Y \
			"$(cat /sys/module/debar/parameters/require_signature)"
		build 1
		refused "$parameter: a policy without" \
			'the policy is not signed, and this machine takes no other: Required key not available: correct what it objects to'
		same 'nothing is banned' 0 "$(code ./victim)"
		sign trusted
		taken "$parameter: a policy with one"
		same 'it is refused' 126 "$(code ./victim)"
		same "$parameter: what the kernel log tells to be ignored, or not" "${parameter%=*}" \
			"$(dmesg | sed -n 's/.*debar: require_signature=0 is ignored: this debar was built to take signed policies alone/require_signature/p' | grep . || echo ring_size)"
		debarctl module unload >/dev/null
	done
fi
finish
