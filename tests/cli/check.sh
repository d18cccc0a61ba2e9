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
result 'the JSON is as documented' "$([ "$(cat out)" = "{\"path\":\"banned\",\"verdict\":\"deny\",\"reason\":\"indicator\",\"ban_id\":\"B-1\",\"vendor\":\"Vendor\",\"product\":null,\"authority\":\"a\",\"kind\":\"file-sha256\",\"sha256\":\"$(sha banned)\",\"size\":6,\"citation\":null,\"stage\":\"enforce\",\"override\":null,\"waiver\":null,\"waiver_owner\":null,\"waiver_ticket\":null,\"waiver_expires\":null}" ] && echo 0 || echo 1)"
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
has 'what the verdict rests on' '"citation":"1 FR 2","stage":"enforce","override":"board","waiver":"W-1","waiver_owner":"ops","waiver_ticket":"T-1","waiver_expires":"9000-01-01T00:00:00Z"'
sed "s/, hosts: .*]//; s/id: W-1,/id: W-1, hosts: [elsewhere],/" waived.yaml >elsewhere.yaml
exits 'waived on another host' 1 debarctl check --policy elsewhere.yaml banned
has 'it is refused here' 'deny     indicator  B-1'
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
