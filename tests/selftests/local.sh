#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What a machine adds to its policy: it only adds refusals, says so in denials, and stays while policies change. KTAP.
set -u

tests=$PWD
work=$(mktemp -d /tmp/local.XXXXXX)
trap 'debarctl policy unload >/dev/null 2>&1; rm -rf "$work"' EXIT
cd "$work" || exit 1
. "$tests/tap.sh"

cp "$tests/payload" banned
cp "$tests/payload" derived
printf derived >>derived

# policy FILE SERIAL BAN SOURCE - of one ban, on the file, in policy.yaml
policy() {
	cat >policy.yaml <<-POLICY
		name: $3
		serial: $2
		bans:
		- id: $3
		  vendor: Example Vendor
		  authority: Example order
		  mode: ${5:-enforce}
		  indicators:
		  - sha256: $(sha256sum "$1" | cut -d' ' -f1)
		    size: $(stat -c %s "$1")
		    source: $4
	POLICY
}

# add FILE SOURCE [MODE] - put in force that this machine adds the file
add() {
	policy "$1" 1 LOCAL-1 "$2" "${3:-enforce}"
	debarctl policy build policy.yaml --issued 1 -o local.debar >/dev/null
	code debarctl policy load --local local.debar
}

# last KEY - its value in the last denial
last() {
	debarctl denials --json | tail -n 1 | sed "s/.*\"$1\":\(\"[^\"]*\"\|[^,}]*\).*/\1/"
}

debarctl module load >/dev/null 2>&1
debarctl policy unload >/dev/null 2>&1
same 'nothing can be added to no policy' 4 "$(add derived 'package example 2.0-1')"
debarctl policy load --local local.debar 2>&1 | grep -q 'no policy is loaded: load one first'
result 'which is said' $?

ban banned
same 'a policy is in force' 126 "$(code ./banned)"
same 'which is not about the other file' 0 "$(code ./derived)"
debarctl status --json | grep -q '"local":null'
result 'and nothing is added to it' $?
same 'nothing can be taken out' 3 "$(code debarctl policy unload --local)"

same 'a file is added' 0 "$(add derived 'package example 2.0-1')"
same 'it is refused' 126 "$(code ./derived)"
same 'the denial says where it is from' '"package example 2.0-1"' "$(last derived)"
same 'under which ban' '"LOCAL-1"' "$(last ban_id)"
same 'and names the policy in force' '"test"' "$(last policy_name)"
same 'what the policy bans is refused as ever' 126 "$(code ./banned)"
same 'and not derived' null "$(last derived)"
debarctl check --json derived | grep -q '"derived":"package example 2.0-1"'
result 'check says it, too' $?
same 'status counts it' '"indicators":1' "$(debarctl status --json | sed 's/.*"local":{[^}]*\("indicators":[0-9]*\).*/\1/')"
debarctl policy show --indicators --json | grep -q '"source":"package example 2.0-1","local":true'
result 'it is shown with the policy' $?
same 'to add it again changes nothing' 3 "$(code debarctl policy load --local local.debar)"

policy banned 2 test source
same 'a later policy is put in force' 0 "$(code debarctl policy load policy.yaml)"
same 'what was added stays' 126 "$(code ./derived)"

same 'what the policy refuses is added as a record' 0 "$(add banned x monitor)"
same 'it is refused all the same' 126 "$(code ./banned)"
same 'by the policy' '"test"' "$(last ban_id)"
same 'what was added before is gone' 0 "$(code ./derived)"

policy banned 3 test source monitor
same 'a policy only records' 0 "$(code debarctl policy load policy.yaml)"
same 'and what was added, too' 0 "$(code ./banned)"
same 'what it records is added as a refusal' 0 "$(add banned y)"
same 'the stricter counts' 126 "$(code ./banned)"
same 'by what was added' '"y"' "$(last derived)"

printf 'broken' >broken.debar
same 'what is no policy is refused' 4 "$(code debarctl policy load --local broken.debar)"
same 'and what was added stays' 126 "$(code ./banned)"
same 'it is taken out' 0 "$(code debarctl policy unload --local)"
same 'and the policy stays' '0 "audit"' "$(code ./banned) $(last verdict)"

same 'added once more' 0 "$(add derived z)"
same 'the policy is unloaded' 0 "$(code debarctl policy unload)"
same 'and what was added with it' 0 "$(code ./derived)"
ban banned
same 'it does not come back with another policy' 0 "$(code ./derived)"
finish
