# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # variables of the part `source`
# check --policy: verdicts without the kernel, and exit codes.

printf 'banned' >banned
printf 'watched' >watched
printf 'innocent' >innocent
printf 'bannee' >same-size
sha() { sha256sum <"$1" | cut -d' ' -f1; }
cat >check.yaml <<EOF
name: c
serial: 1
bans:
- {id: B-1, vendor: Vendor, authority: a, indicators: [{sha256: $(sha banned), size: 6, source: s}]}
- {id: B-2, vendor: Vendor, authority: a, mode: monitor, indicators: [{sha256: $(sha watched), source: s}]}
EOF
exits 'not banned' 0 debarctl check --policy check.yaml innocent same-size
has 'its verdict' "allow    none    -    -       -      -       -     $(sha innocent)  innocent"
exits 'banned' 1 debarctl check --policy check.yaml innocent banned
has 'its verdict, ban and digest' "deny     indicator  B-1  Vendor  enforce  -       file-sha256  $(sha banned)  banned"
exits 'banned by a ban that only monitors' 1 debarctl check --policy check.yaml watched
has 'its verdict' "audit    indicator  B-2  Vendor  audit  -       file-sha256  $(sha watched)  watched"
exits 'as JSON' 1 debarctl check --policy check.yaml --json banned
result 'the JSON is as documented' "$(grep -qF "{\"path\":\"banned\",\"verdict\":\"deny\",\"reason\":\"indicator\",\"ban_id\":\"B-1\",\"vendor\":\"Vendor\",\"product\":null,\"authority\":\"a\",\"kind\":\"file-sha256\",\"sha256\":\"$(sha banned)\",\"size\":6,\"citation\":null,\"stage\":\"enforce\",\"override\":null,\"derived\":null,\"waiver\":null,\"waiver_owner\":null,\"waiver_ticket\":null,\"waiver_expires\":null,\"spared\":false,\"now\":\"" out && echo 0 || echo 1)"
has 'with the digests' "\"digests\":[{\"kind\":\"fsverity-sha256\",\"result\":\"unneeded\",\"digest\":null,\"size\":null,\"ban_id\":null,\"product\":null,\"verdict\":null},{\"kind\":\"file-sha256\",\"result\":\"banned\",\"digest\":\"$(sha banned)\",\"size\":6,\"ban_id\":\"B-1\",\"product\":null,\"verdict\":\"deny\"},{\"kind\":\"code-sha256\",\"result\":\"unneeded\""
has 'and why' '"why":"the ban is in force and nothing waives it"'
valid check
cat >waived.yaml <<EOF
name: w
serial: 1
bans:
- {id: B-1, vendor: Vendor, authority: a, citation: 1 FR 2, prohibits: [supply], override: board, indicators: [{sha256: $(sha banned), size: 6, source: s}]}
waivers:
- {id: W-1, ban: B-1, owner: ops, ticket: T-1, expires: "9000-01-01T00:00:00Z"}
- {id: W-2, ban: B-1, owner: ops, ticket: T-1, expires: "2001-01-01T00:00:00Z"}
EOF
exits 'waived' 1 debarctl check --policy waived.yaml banned
has 'the waiver' "audit    indicator  B-1  Vendor  enforce  W-1     file-sha256  $(sha banned)  banned"
exits 'waived, as JSON' 1 debarctl check --policy waived.yaml --json banned
has 'what the verdict rests on' '"citation":"1 FR 2","stage":"enforce","override":"board","derived":null,"waiver":"W-1","waiver_owner":"ops","waiver_ticket":"T-1","waiver_expires":"9000-01-01T00:00:00Z"'
valid check
sed "s/, hosts: .*]//; s/id: W-1,/id: W-1, hosts: [elsewhere],/" waived.yaml >elsewhere.yaml
exits 'waived on another host' 1 debarctl check --policy elsewhere.yaml banned
has 'it is refused here' 'deny     indicator  B-1'

# Step by step, of a single file.
explains() {
	local what=$1 file=$2 policy=$3
	shift 3
	run debarctl check --policy "$policy" "$file"
	while [ $# -gt 0 ]; do has "$what: $1" "$1"; shift; done
}
explains 'a banned file' banned check.yaml "  file-sha256      $(sha banned): ban B-1: deny" \
	'  code-sha256      not looked for: no indicator of this kind is for such a size' \
	'  ban              B-1 of Vendor: status final, mode enforce, prohibits use, guards execute,map,protect,load' \
	': stage enforce, enforce_from always' '  waiver           none applies' \
	'  verdict          deny: the ban is in force and nothing waives it'
explains 'a file that no ban concerns' same-size check.yaml "  file-sha256      $(sha same-size): no indicator has it" \
	'  verdict          allow: no indicator has a digest of the file'
explains 'one that is watched' watched check.yaml '  verdict          audit: the ban only records'
explains 'one that is waived' banned waived.yaml '  authority        a, 1 FR 2' '  override         board' \
	'  waiver           W-1 of ops, ticket T-1, expires 9000-01-01T00:00:00Z' \
	'  verdict          audit: it is waived until the waiver expires, and recorded'
exits 'of several files' 1 debarctl check --policy check.yaml banned innocent
result 'there are no steps' "$(grep -q '^  verdict' out && echo 1 || echo 0)"
# ban_with KEYS - a policy that bans the file in one way
ban_with() { sed "/id: B-2/d; s/id: B-1,/id: B-1, $1,/" check.yaml >other.yaml; }
ban_with 'operations: [open]'
explains 'a ban on opening' banned other.yaml '  verdict          allow: the ban is not about executing files'
ban_with 'enforce_from: "9000-01-01T00:00:00Z"'
explains 'a ban to come' banned other.yaml 'stage dormant, enforce_from 9000-01-01T00:00:00Z' \
	'  verdict          allow: the ban has not begun'
ban_with 'warn_from: "2001-01-01T00:00:00Z"'
explains 'a ban that warns' banned other.yaml '  verdict          audit: the ban only warns yet'
cat >code.yaml <<EOF
name: c
serial: 1
bans:
- {id: B-1, vendor: Vendor, authority: a, indicators: [{code_sha256: $(sha banned), source: s}, {build_id: $(sha banned), source: s}]}
EOF
explains 'a file without code' banned code.yaml '  code-sha256      the file has none' '  build-id         the file has none'

says 'a file that is not there' 5 \
	'debarctl: none: cannot check it: No such file or directory: check the path, a part of it does not exist' \
	debarctl check --policy check.yaml banned none
has 'the others are checked nevertheless' 'deny'
mkfifo fifo
says 'a FIFO does not block' 5 'debarctl: fifo: is no regular file: give a regular file' \
	timeout 10 debarctl check --policy check.yaml fifo
says 'a folder' 5 'debarctl: .: cannot check it: Is a directory: give a file, not a directory' \
	debarctl check --policy check.yaml .
says 'a policy that is none' 4 \
	"debarctl: innocent:1:1: Expecting MAPPING, got event: SCALAR: $forms" \
	debarctl check --policy innocent banned
printf 'x' >$'line\nbreak'
exits 'an odd path' 0 debarctl check --policy check.yaml $'line\nbreak'
has 'is made visible' 'line\x0abreak'
