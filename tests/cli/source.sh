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
printf 'bans:\n%s\n' "${ban/indicators/operations: [open], indicators}" >other.yaml
says 'parts of a ban disagree about its operations' 4 \
	"debarctl: other.yaml:2:36: ban 'b' has another 'operations' than at one.yaml:2:4: give both parts the same, or another id" \
	debarctl policy build head.yaml one.yaml other.yaml -o p.debar
absent 'nothing was written' p.debar
printf 'bans:\n%s\n' "${ban/indicators/operations: [load, protect, map, execute], indicators}" >other.yaml
exits 'the operations that count without being named' 0 \
	debarctl policy build head.yaml one.yaml other.yaml -o p.debar
rm p.debar
