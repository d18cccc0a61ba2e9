# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Policy source: each example is accepted, and each way of being wrong is refused with place, reason and remedy.

D1=1111111111111111111111111111111111111111111111111111111111111111
D2=2222222222222222222222222222222222222222222222222222222222222222
long=$(printf 'x%.0s' $(seq 256))
forms='see debar-policy(5) for the form that is wanted here'

# text FORMAT ARGUMENT... - what stands in the source p.yaml
# shellcheck disable=SC2059 # formats are what this is for
text() { printf "$@" >p.yaml; }

# refuse WHAT MESSAGE - build p.yaml; nothing may be written
refuse() {
	says "$1" 4 "debarctl: $2" debarctl policy build p.yaml -o p.debar
	absent "$1: nothing is written" p.debar
}

# refuse_ban WHAT MESSAGE LINES - the same for the lines of a ban, which begin on line 4 of the file
refuse_ban() {
	text 'name: n\nserial: 1\nbans:\n%s\n' "$3"
	refuse "$1" "$2"
}

# refuse_it WHAT MESSAGE LINES - the same for the lines of an indicator, which begin on line 8 of the file
refuse_it() { refuse_ban "$1" "$2" "$(printf -- '- id: b\n  vendor: v\n  authority: a\n  indicators:\n%s' "$3")"; }

for example in "$TOP"/policy/examples/*.yaml; do
	exits "example ${example##*/}" 0 debarctl policy build "$example" -o example.debar
done

# Those of vendors are parts of a policy: each alone, and all of them together.
text 'name: n\nserial: 1\nbans: []\n'
for vendor in "$TOP"/policy/vendors/*.yaml; do
	exits "vendor ${vendor##*/}" 0 debarctl policy build p.yaml "$vendor" -o example.debar
done
exits 'all vendors' 0 debarctl policy build p.yaml "$TOP"/policy/vendors/*.yaml -o example.debar
has 'the published hashes of one of them' '550 indicators'

says 'no such file' 5 \
	'debarctl: none.yaml: cannot read it: No such file or directory: check the path, a part of it does not exist' \
	debarctl policy build none.yaml -o p.debar
says 'a folder' 5 'debarctl: .: cannot read it: Is a directory: give a file, not a directory' \
	debarctl policy build . -o p.debar
text ''
refuse 'an empty file' 'p.yaml: holds no policy: begin with the keys name, serial and bans'
text '%s\n' '- name'
refuse 'a list' "p.yaml:1:1: Expecting MAPPING, got event: SEQUENCE_START: $forms"
text '%s\n' '# nothing'
refuse 'a comment' 'p.yaml: holds no policy: begin with the keys name, serial and bans'
text 'name: n\nserial: 1\nbans: [}\n'
refuse 'no YAML' \
	'p.yaml:3:8: libyaml: did not find expected node content: make it valid YAML'
text 'name: n\nserial: 1\nbans: []\n\tx: 1\n'
refuse 'a tab' \
	'p.yaml:4:1: libyaml: found character that cannot start any token: make it valid YAML'
text 'name: n\nserial: 1\nbans: []\nx: \377\n'
refuse 'no UTF-8' \
	'p.yaml:4:4: libyaml: invalid leading UTF-8 octet: make it valid YAML'
text 'name: n\000\nserial: 1\nbans: []\n'
refuse 'a NUL' \
	'p.yaml:1:8: libyaml: control characters are not allowed: make it valid YAML'
text 'name: n\nserial: 1\nbans: []\n---\nname: m\n'
refuse 'two documents' \
	'p.yaml: more than one YAML document: put each document in a file of its own'
text 'name: &n n\nserial: 1\nbans: [{id: *n}]\n'
refuse 'an alias' \
	'p.yaml:3:9: YAML alias unsupported: write the value out; anchors and aliases are not accepted'
text 'name: n\nserial: 1\nbans: []\nsigned: yes\n'
refuse 'an unknown key' \
	'p.yaml:4:1: Unexpected key: signed: remove the key, or correct its name; debar-policy(5) lists all'
text 'name: n\nserial: 1\n'
refuse 'no bans' \
	'p.yaml:1:1: Missing required mapping field: bans: add the key; debar-policy(5) tells what belongs in it'
text 'name: n\nserial: 1\nbans: none\n'
refuse 'bans are no list' \
	"p.yaml:3:1: Expecting SEQUENCE, got event: SCALAR: $forms"
text 'name: [n]\nserial: 1\nbans: []\n'
refuse 'a name is no text' \
	"p.yaml:1:1: Expecting STRING, got event: SEQUENCE_START: $forms"
text 'name: n\nname: m\nserial: 1\nbans: []\n'
refuse 'a key twice' \
	"p.yaml:1:1: Mapping field already seen: name: $forms"

text 'bans: []\n'
refuse 'neither name nor serial' \
	"p.yaml: neither 'name' nor 'serial' is given: add them to one of the files"
text 'name: n\nbans: []\n'
refuse 'no serial' "p.yaml: 'name' without 'serial': give both, or neither"
for serial in 0 -1 x 1x 0x1 1.0 '""' 9223372036854775808 99999999999999999999999; do
	text 'name: n\nserial: %s\nbans: []\n' "$serial"
	refuse "serial $serial" \
		"p.yaml:2:1: '${serial//\"/}' is no serial: begin with 1 and count up with every change"
done
text 'name: ""\nserial: 1\nbans: []\n'
refuse 'an empty name' \
	"p.yaml:1:1: 'name' is empty: fill it in, or leave the key out if it is optional"
text 'name: %s\nserial: 1\nbans: []\n' "$long"
refuse 'a long name' \
	"p.yaml:1:1: 'name' is 256 bytes long, at most 255 are allowed: shorten it"

refuse_ban 'a ban without id' \
	'p.yaml:4:3: Missing required mapping field: id: add the key; debar-policy(5) tells what belongs in it' \
	'- {vendor: v, authority: a, indicators: []}'
refuse_ban 'a ban without vendor' \
	'p.yaml:4:3: Missing required mapping field: vendor: add the key; debar-policy(5) tells what belongs in it' \
	'- {id: b, authority: a, indicators: []}'
refuse_ban 'a ban without authority' \
	'p.yaml:4:3: Missing required mapping field: authority: add the key; debar-policy(5) tells what belongs in it' \
	'- {id: b, vendor: v, indicators: []}'
refuse_ban 'a ban without indicators' \
	'p.yaml:4:3: Missing required mapping field: indicators: add the key; debar-policy(5) tells what belongs in it' \
	'- {id: b, vendor: v, authority: a}'
refuse_ban 'a mode that there is not' "p.yaml:4:52: no such mode: 'block': write monitor or enforce" \
	'- {id: b, vendor: v, authority: a, indicators: [], mode: block}'
refuse_ban 'an operation that there is not' \
	"p.yaml:4:52: no such operation: 'read': choose out of execute, map, protect, load and open" \
	'- {id: b, vendor: v, authority: a, indicators: [], operations: [open, read]}'
refuse_ban 'an operation twice' \
	"p.yaml:4:52: the operation 'open' stands twice: write it once" \
	'- {id: b, vendor: v, authority: a, indicators: [], operations: [open, open]}'
refuse_ban 'an operation that is no text' \
	"p.yaml:5:52: Expecting STRING, got event: MAPPING_START: $forms" \
	'- {id: a, vendor: v, authority: a, indicators: []}
- {id: b, vendor: v, authority: a, indicators: [], operations: [open, {}]}'
refuse_ban 'operations that are no list' \
	"p.yaml:4:52: Expecting SEQUENCE, got event: SCALAR: $forms" \
	'- {id: b, vendor: v, authority: a, indicators: [], operations: open}'
refuse_ban 'no operation' \
	"p.yaml:4:52: Insufficient entries (0 of 1 min) in sequence.: $forms" \
	'- {id: b, vendor: v, authority: a, indicators: [], operations: []}'
refuse_ban 'an empty vendor' \
	"p.yaml:4:11: 'vendor' is empty: fill it in, or leave the key out if it is optional" \
	'- {id: b, vendor: , authority: a, indicators: []}'
refuse_ban 'an empty product' \
	"p.yaml:4:36: 'product' is empty: fill it in, or leave the key out if it is optional" \
	'- {id: b, vendor: v, authority: a, product: "", indicators: []}'
refuse_ban 'a control character' \
	"p.yaml:4:11: 'vendor' has the control character 0x1b: write it on one line, without tabs" \
	'- {id: b, vendor: "\e[2J", authority: a, indicators: []}'
refuse_ban 'a line break' \
	"p.yaml:5:3: 'vendor' has the control character 0x0a: write it on one line, without tabs" \
	'- id: b
  vendor: |
    two
    lines
  authority: a
  indicators: []'
refuse_ban 'a ban id twice' \
	"p.yaml:5:4: ban id 'b' is the same as at p.yaml:4:4: give each ban its own id, or make one ban of the two" \
	'- {id: b, vendor: v, authority: a, indicators: []}
- {id: b, vendor: v, authority: a, indicators: []}'

# refuse_key WHAT MESSAGE KEY VALUE - a key of a ban that begins in column 52 of line 4
refuse_key() {
	refuse_ban "$1" "p.yaml:4:52: $2" \
		"- {id: b, vendor: v, authority: a, indicators: [], $3: $4}"
}
refuse_key 'a status that there is not' \
	"no such status: 'draft': write rumoured, proposed, final or amended" status draft
refuse_key 'a prohibition that there is not' \
	"no such prohibition: 'run': choose out of supply, update, integrate, resale, procure and use" \
	prohibits '[use, run]'
refuse_key 'a prohibition twice' "the prohibition 'use' stands twice: write it once" prohibits '[use, use]'
for key in audit_from warn_from enforce_from; do
	refuse_key "$key without a zone" \
		"the date '2024-09-29T00:00:00' has no time zone: end it with Z, or with the offset of the zone, such as -04:00" \
		$key '"2024-09-29T00:00:00"'
	for date in 2024-09-29 2024-02-30T00:00:00Z soon; do
		refuse_key "$key $date" "'$date' is no date: write it as 2024-09-29T00:00:00-04:00" $key "\"$date\""
	done
done
for key in issued published next_review; do
	refuse_key "$key that is no day" "'2024-02-30' is no day: write it as 2024-09-29" $key 2024-02-30
done
for key in legal_use_ban scope_embedded; do
	refuse_key "$key maybe" "no such $key: 'maybe': write true or false" $key maybe
done
refuse_key 'an empty exemption' \
	"'exemptions' is empty: fill it in, or leave the key out if it is optional" exemptions '[""]'
refuse_key 'an exemption that is no text' \
	"Expecting STRING, got event: MAPPING_START: $forms" exemptions '[{}]'
refuse_key 'a citation without text' \
	'Missing required mapping field: text: add the key; debar-policy(5) tells what belongs in it' \
	citations '[{superseded_by: x}]'
refuse_ban 'two forms of citation' \
	"p.yaml:4:67: 'citations' stands beside 'citation': put it into the list" \
	'- {id: b, vendor: v, authority: a, indicators: [], citation: x,   citations: [{text: y}]}'
refuse_ban 'dates in the wrong order' \
	"p.yaml:9:3: 'enforce_from' is before 'audit_from': order the dates: audit_from, warn_from, enforce_from" \
	'- id: b
  vendor: v
  authority: a
  indicators: []
  audit_from: 2024-09-29T00:00:00Z
  enforce_from: 2024-09-29T00:00:00+00:01'
text 'name: n\nserial: 1\nbans:\n- {id: b, vendor: v, authority: a, citations: [{text: old, superseded_by: new}, {text: new}, {text: older, superseded_by: old}], indicators: []}\n'
exits 'citations' 0 debarctl policy show --json p.yaml
has 'the one in force is shown' '"citation":"new"'

# waive LINE - one ban with one indicator, and the line of a waiver, which is the 6th of the file
waive() {
	text 'name: n\nserial: 1\nbans:\n- {id: b, vendor: v, authority: a, indicators: [{sha256: %s, source: s}]}\nwaivers:\n%s\n' "$D1" "$1"
}
# refuse_waiver WHAT MESSAGE LINE
refuse_waiver() {
	waive "$3"
	refuse "$1" "$2"
}
for key in id ban owner ticket expires; do
	line='{id: w, ban: b, owner: o, ticket: t, expires: "2024-01-01T00:00:00Z"}'
	refuse_waiver "a waiver without $key" \
		"p.yaml:6:3: Missing required mapping field: $key: add the key; debar-policy(5) tells what belongs in it" \
		"- $(sed -E "s/$key: [^,}]*,? ?//; s/, }/}/" <<<"$line")"
done
refuse_waiver 'a waiver with an empty owner' \
	"p.yaml:6:4: 'owner' is empty: fill it in, or leave the key out if it is optional" \
	'- {owner: "", id: w, ban: b, ticket: t, expires: "2024-01-01T00:00:00Z"}'
refuse_waiver 'a waiver until an unknown hour' \
	"p.yaml:6:4: the date '2024-01-01T00:00:00' has no time zone: end it with Z, or with the offset of the zone, such as -04:00" \
	'- {expires: "2024-01-01T00:00:00", id: w, ban: b, owner: o, ticket: t}'
refuse_waiver 'a waiver of no ban' \
	"p.yaml:6:4: no ban 'c' for waiver 'w': write the id of a ban of this policy" \
	'- {ban: c, id: w, owner: o, ticket: t, expires: "2024-01-01T00:00:00Z"}'
refuse_waiver 'a waiver of no product' \
	"p.yaml:6:3: ban 'b' has no indicator that waiver 'w' waives: correct its product or digest, or remove it" \
	'- {id: w, ban: b, product: p, owner: o, ticket: t, expires: "2024-01-01T00:00:00Z"}'
refuse_waiver 'a waiver of no digest' \
	"p.yaml:6:3: ban 'b' has no indicator that waiver 'w' waives: correct its product or digest, or remove it" \
	"- {id: w, ban: b, sha256: $D2, owner: o, ticket: t, expires: \"2024-01-01T00:00:00Z\"}"
refuse_waiver 'a waiver of half a digest' \
	"p.yaml:6:4: '1111' is no SHA-256 digest: write its 64 hexadecimal digits" \
	'- {sha256: "1111", id: w, ban: b, owner: o, ticket: t, expires: "2024-01-01T00:00:00Z"}'
refuse_waiver 'a waiver of two digests' \
	"p.yaml:6:4: 'build_id' stands beside 'sha256': make a waiver of each" \
	"- {build_id: abcd, id: w, ban: b, owner: o, ticket: t, sha256: $D1, expires: \"2024-01-01T00:00:00Z\"}"
refuse_waiver 'a waiver id twice' \
	"p.yaml:7:4: waiver id 'w' is the same as at p.yaml:6:4: give each waiver its own id" \
	'- {id: w, ban: b, owner: o, ticket: t, expires: "2024-01-01T00:00:00Z"}
- {id: w, ban: b, owner: o, ticket: t, expires: "2024-01-01T00:00:00Z"}'
refuse_waiver 'an unknown key of a waiver' \
	'p.yaml:6:73: Unexpected key: until: remove the key, or correct its name; debar-policy(5) lists all' \
	'- {id: w, ban: b, owner: o, ticket: t, expires: "2024-01-01T00:00:00Z", until: x}'

for digest in 12 "${D1}1" "${D1%1}g" "${D1%1} "; do
	refuse_it "digest '$digest'" \
		"p.yaml:8:5: '$digest' is no SHA-256 digest: write its 64 hexadecimal digits" \
		"  - sha256: \"$digest\"
    source: s"
done
refuse_it 'no digest' \
	'p.yaml:8:5: an indicator without a digest: add one of sha256, code_sha256, fsverity_sha256 and build_id' \
	'  - source: s'
refuse_it 'two digests' \
	"p.yaml:10:5: 'build_id' stands beside 'code_sha256': make an indicator of each" \
	"  - code_sha256: $D1
    source: s
    build_id: abcd"
for key in code_sha256 fsverity_sha256; do
	refuse_it "$key that is none" \
		"p.yaml:8:6: 'abcd' is no SHA-256 digest: write its 64 hexadecimal digits" \
		"  - {$key: abcd, source: s}"
done
for id in '""' a abc abcdefgh "$D1"11; do
	refuse_it "build id $id" \
		"p.yaml:9:5: '${id//\"/}' is no build id: write it as 2 to 64 hexadecimal digits" \
		"  - source: s
    build_id: $id"
done
refuse_it 'a build id with a size' \
	"p.yaml:9:5: a build id goes with files of any size: leave it out" \
	"  - build_id: abcd
    size: 12
    source: s"
refuse_it 'a build id twice, one of them filled up' \
	'p.yaml:9:6: digest abcd0000 is the same as at p.yaml:8:6: keep one of the two, with its right size and in the right ban' \
	'  - {build_id: abcd, source: s}
  - {build_id: ABCD0000, source: s}'
refuse_it 'no source' \
	'p.yaml:8:5: Missing required mapping field: source: add the key; debar-policy(5) tells what belongs in it' \
	"  - sha256: $D1"
refuse_it 'an unknown key of the second indicator' \
	'p.yaml:11:5: Unexpected key: md5: remove the key, or correct its name; debar-policy(5) lists all' \
	"  - {sha256: $D1, source: s}
  - sha256: $D2
    source: s
    md5: 1"
refuse_it 'an unknown confidence' \
	"p.yaml:8:6: no such confidence: 'some': write low, medium or high" \
	"  - {confidence: some, sha256: $D1, source: s}"
refuse_it 'retrieved some day' "p.yaml:8:6: 'some day' is no day: write it as 2024-09-29" \
	"  - {retrieved: some day, sha256: $D1, source: s}"
for size in 0 -1 1K 9223372036854775808 0x10 1e3; do
	refuse_it "size $size" "p.yaml:9:5: '$size' is no size: write a number of bytes in decimal digits, or leave size out" \
		"  - sha256: $D1
    size: $size
    source: s"
done
refuse_it 'a digest twice' \
	"p.yaml:11:5: digest $D1 is the same as at p.yaml:8:5: keep one of the two, with its right size and in the right ban" \
	"  - sha256: $D1
    size: 1
    source: s
  - sha256: $D1
    source: s"
refuse_it 'a digest twice, in other letters' \
	"p.yaml:9:6: digest ${D1%1}a is the same as at p.yaml:8:6: keep one of the two, with its right size and in the right ban" \
	"  - {sha256: ${D1%1}A, source: s}
  - {sha256: ${D1%1}a, source: s}"

# Several files make one policy.
ban="- {id: b, vendor: v, authority: a, indicators: [{sha256: $D1, size: 5, source: s}]}"
printf 'name: n\nserial: 1\nbans: []\n' >head.yaml
printf 'bans:\n%s\n' "$ban" >one.yaml
printf 'name: n\nserial: 1\nbans:\n%s\n' "$ban" >two.yaml
exits 'a policy of three files' 0 debarctl policy build head.yaml one.yaml two.yaml -o p.debar
has 'the ban and its digest are taken once' 'policy n, serial 1, 1 ban, 1 indicator'
rm p.debar
printf 'name: n\nserial: 2\nbans: []\n' >other.yaml
says 'two serials' 4 "debarctl: other.yaml:2:1: policy 'n', serial 2, is 'n', serial 1, in head.yaml: give the same in every file, or leave name and serial out of all but one" \
	debarctl policy build head.yaml other.yaml -o p.debar
printf 'bans:\n%s\n' "${ban/id: b/id: c}" >other.yaml
says 'a digest in two bans' 4 \
	"debarctl: other.yaml:2:50: digest $D1 is the same as at one.yaml:2:50: keep one of the two, with its right size and in the right ban" \
	debarctl policy build head.yaml one.yaml other.yaml -o p.debar
printf 'bans:\n%s\n' "${ban/size: 5/size: 6}" >other.yaml
says 'a digest with two sizes' 4 \
	"debarctl: other.yaml:2:50: digest $D1 is the same as at one.yaml:2:50: keep one of the two, with its right size and in the right ban" \
	debarctl policy build head.yaml one.yaml other.yaml -o p.debar
printf 'bans:\n%s\n' "${ban/vendor: v/vendor: w}" >other.yaml
says 'parts of a ban disagree' 4 \
	"debarctl: other.yaml:2:11: ban 'b' has another 'vendor' than at one.yaml:2:4: give both parts the same, or another id" \
	debarctl policy build head.yaml one.yaml other.yaml -o p.debar
# part NAME KEYS - a part of the ban with more keys, as a file
part() { printf 'bans:\n%s\n' "${ban/indicators/$2, indicators}" >"$1"; }
for keys in 'operations: [open]/operations: [load]' 'prohibits: [use]/prohibits: [supply]' \
	'status: proposed/status: final' 'mode: monitor/mode: enforce' 'override: x/override: y' \
	'citation: x/citation: y' 'product: x/product: y' \
	'audit_from: "2024-01-01T00:00:00Z"/audit_from: "2024-01-02T00:00:00Z"' \
	'warn_from: "2024-01-01T00:00:00Z"/warn_from: "2024-01-02T00:00:00Z"' \
	'applies_to: [kiosk]/applies_to: [server]' \
	'enforce_from: "2024-01-01T00:00:00Z"/enforce_from: "2024-01-02T00:00:00Z"'; do
	key=${keys%%:*}
	part first.yaml "${keys%/*}"
	part other.yaml "${keys#*/}"
	says "parts of a ban disagree about its $key" 4 \
		"debarctl: other.yaml:2:36: ban 'b' has another '$key' than at first.yaml:2:4: give both parts the same, or another id" \
		debarctl policy build head.yaml first.yaml other.yaml -o p.debar
done
absent 'nothing was written' p.debar
part first.yaml 'operations: [load], citation: 1 FR 2, prohibits: [update], enforce_from: "9000-01-01T00:00:00Z"'
exits 'one part says more than the other' 0 debarctl policy build head.yaml first.yaml one.yaml -o p.debar
exits 'what it says' 0 debarctl policy show --json p.debar
has 'counts' '"citation":"1 FR 2","mode":"enforce","operations":["load"],"indicators":1,"status":"final","prohibits":["update"]'
cp p.debar first.debar
exits 'in another order' 0 debarctl policy build one.yaml first.yaml head.yaml -o p.debar --issued 1
exits 'in this order' 0 debarctl policy build head.yaml first.yaml one.yaml -o first.debar --issued 1
exits 'the order of the files makes no difference' 0 cmp p.debar first.debar
rm p.debar first.debar

# Exemptions: of each part, for all parts.
printf 'bans:\n%s\n' "- {id: b, vendor: v, authority: a, exemptions: [Consulting], indicators: [{sha256: $D1, product: Agent, source: s}]}" >first.yaml
printf 'bans:\n%s\n' "- {id: b, vendor: v, authority: a, indicators: [{sha256: $D2, product: Consulting, source: s}]}" >other.yaml
exits 'an exempt product' 0 debarctl policy build head.yaml first.yaml other.yaml -o p.debar
has 'is left out' '1 ban, 1 indicator'
rm p.debar

# What cannot be read a second time is kept until its faults have been told.
cat >twice.yaml <<EOF
name: n
serial: 1
bans:
- {id: B, vendor: v, authority: a, indicators: [{sha256: $D1, source: s}, {sha256: $D1, source: s}]}
EOF
run debarctl policy build twice.yaml -o t.debar
sed 's/twice.yaml/PIPE/g' err >expected
exits 'a source through a pipe' 4 sh -c 'cat twice.yaml | debarctl policy build /dev/stdin -o t.debar'
sed 's/\/dev\/stdin/PIPE/g' err >seen
same 'the same places are named' expected seen
result 'and these are lines' "$(grep -q 'PIPE:4:' seen && echo 0 || echo 1)"
