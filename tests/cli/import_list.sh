# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # variables of the part `source`
# import --format: lists of digests in each form, what of them is left out, and lists that are damaged.

# What a policy source says, as `SHA256 SIZE PRODUCT VERSION`, - for what it does not say.
entries_of() {
	awk '$2 == "sha256:" { if (n++) print entry; entry = $3; value["size:"] = value["product:"] = value["version:"] = "-" }
		$1 in value { value[$1] = $2 } { entry_of = entry " " value["size:"] " " value["product:"] " " value["version:"] }
		$1 == "source:" { print entry_of; n = 0 }' "$1"
}

# list WHAT FORMAT EXPECTED - the file `list` is imported, with these entries, and can be built
list() {
	exits "$1: import" 0 debarctl import --format "$2" list --ban B --vendor V -o list.yaml
	cp err said
	printf '%s\n' "$3" >expected
	entries_of list.yaml >seen
	same "$1: what is in it" expected seen
	exits "$1: build" 0 debarctl policy build list.yaml -o list.debar
	cp said err
}

# comes_from WHAT TEXT - a source of the last import has this in it; long ones are folded
comes_from() { result "$1" "$(tr -s '\n ' ' ' <list.yaml | grep -qF -- "$2" && echo 0 || echo 1)"; }

# left_out WHAT TEXT - the last import said that of what it left out
left_out() { result "$1" "$(grep -qF -- "$2" err && echo 0 || echo 1)"; }

# refused WHAT FORMAT MESSAGE - the file `list` is not imported
refused() {
	rm -f list.yaml
	says "$1" 4 "debarctl: $3" debarctl import --format "$2" list -o list.yaml
	absent "$1: nothing is written" list.yaml
}

printf '# a comment\n%s  bin/agent\n\n%s *two words\r\nSHA256 (a) = b) = %s\n' "$D1" "$D2" "${D1//[0-9]/7}" >list
list 'sha256sum' sha256sum "$D1 - - -
$D2 - - -
${D1//[0-9]/7} - - -"
left_out 'sha256sum: sizes are missing' 'debarctl: list: warning: 3 entries have no size, for which every file will be read once: add the sizes where they are known'
comes_from 'sha256sum: where an entry comes from' "source: list sha256:$(sha256sum <list | cut -d' ' -f1) line 4 two words"
exits 'two lists at once, and the same digest twice' 0 debarctl import --format sha256sum list list -o list.yaml
has 'counts each once' 'imported 3 indicators from 2 lists: list.yaml'
(cd / && sha256sum /bin/true /bin/false) >list
exits 'what sha256sum prints' 0 debarctl import --format sha256sum list -o list.yaml
printf '%s  a\n%s\n' "$D1" "$D2" >list
refused 'sha256sum: a line without a name' sha256sum 'list:2: no SHA-256 with the name of a file: give what sha256sum or sha256sum --tag prints'
printf 'd41d8cd98f00b204e9800998ecf8427e  a\n' >list
refused 'sha256sum: MD5' sha256sum 'list:1: no SHA-256 with the name of a file: give what sha256sum or sha256sum --tag prints'
printf '%s  a\000\n' "$D1" >list
refused 'a NUL' sha256sum 'list: no text: it holds a NUL: give the list as it was published'
: >list
refused 'nothing' sha256sum 'import: nothing to ban was found: give a list that names files by their SHA-256'

printf 'Product,SHA256,size,note,source,version\r\n"Agent, ""X""",%s,12,"two\nlines",report 7,2.0\r\nTool,%s,,,,\n' "$D1" "$D2" >list
exits 'csv: import' 0 debarctl import --format csv list -o list.yaml
left_out 'csv: a size is missing' 'warning: 1 entry has no size, for which every file will be read once'
comes_from 'csv: a field in quotes' "sha256: $D1 size: 12 product: Agent, \"X\" version: 2.0 source: list sha256:"
comes_from 'csv: where it comes from' 'line 2 report 7'
comes_from 'csv: lines within quotes are counted' 'line 4'
exits 'csv: build' 0 debarctl policy build list.yaml -o list.debar
printf 'sha256\n%s\nabcd\n' "$D1" >list
refused 'csv: no digest' csv "list:3: 'abcd' is no SHA-256: give 64 hexadecimal digits"
printf 'sha256,size\n%s,12k\n' "$D1" >list
refused 'csv: no size' csv "list:2: '12k' is no size: give the size in bytes, or leave it empty"
printf 'sha256,size\n"%s\n' "$D1" >list
refused 'csv: quotes without an end' csv 'list:2: a field that is no CSV: close its quotes, with a comma or the end of the line behind them'
printf 'sha256,size\n"%s"x,1\n' "$D1" >list
refused 'csv: something behind quotes' csv 'list:2: a field that is no CSV: close its quotes, with a comma or the end of the line behind them'
printf 'hash,size\n' >list
refused 'csv: no such column' csv 'list:1: no column sha256: name the columns in the first line: sha256, and size, product, version, source as far as there are'

cat >list <<END
uuid,event_id,category,type,value,comment,to_ids,date
1,7,"Payload delivery",sha256,$D1,"an agent",1,20240101
2,7,"Payload delivery","filename|sha256","a|b.exe|$D2","",1,20240101
3,7,"Payload delivery",md5,d41d8cd98f00b204e9800998ecf8427e,"",1,20240101
4,7,"Payload delivery",sha256,${D1//[0-9]/7},"",0,20240101
END
list 'misp-csv' misp-csv "$D1 - - -
$D2 - - -"
left_out 'misp-csv: what is left out' 'warning: 2 entries are left out, the first at line 4: the type md5: see that none of them matters'
comes_from 'misp-csv: the name of a file' 'line 3 a|b.exe'
printf 'type,value\nsha256,1234\n' >list
refused 'misp-csv: no digest' misp-csv "list:2: '1234' is no SHA-256: correct it, or leave it out"
printf 'a,b\n' >list
refused 'misp-csv: another CSV' misp-csv 'list:1: no columns type and value: give what MISP exports as CSV, with its headings'

# stix PATTERN [MEMBERS] - the file `list` is a bundle with such an indicator
stix() {
	cat >list <<-END
		{"type": "bundle", "id": "bundle--1", "objects": [{"type": "identity", "id": "identity--1"},
		{"type": "indicator", "id": "indicator--1", "name": "agent", "pattern_type": "stix", ${2:-}
		"pattern": "$1"}]}
	END
}
stix "[file:hashes.'SHA-256' = '$D1' AND file:size = 12 AND file:name = 'a']"
list 'stix' stix "$D1 12 - -"
comes_from 'stix: what it is called' 'line 2 agent'
stix "[file:hashes.'SHA-256' = '$D1' OR file:hashes.'SHA-256' = '$D2']"
list 'stix: or' stix "$D1 - - -
$D2 - - -"
stix "[file:hashes.'SHA-256' IN ('$D1', '$D2')] OR [ file:hashes.\\\"SHA-256\\\"='${D1//[0-9]/7}' ]"
list 'stix: a set, and another observation' stix "$D1 - - -
$D2 - - -
${D1//[0-9]/7} - - -"
for pattern in "[ipv4-addr:value = '198.51.100.1']" "[file:hashes.MD5 = 'd41d8cd98f00b204e9800998ecf8427e']" \
	"[file:hashes.'SHA-256' = '$D1' OR file:size = 12]" "[file:hashes.'SHA-256' = '$D1' OR file:name = 'a']" \
	"[file:hashes.'SHA-256' = '$D1'] AND [file:hashes.'SHA-256' = '$D2']" "[file:hashes.'SHA-256' = '$D1'" \
	"[file:hashes.'SHA-256' = '12']" "[file:hashes.'SHA-256' != '$D1']" "[file:name = 'a']" ''; do
	stix "$pattern"
	exits "stix: not about files with a SHA-256: $pattern" 4 debarctl import --format stix list -o list.yaml
	left_out 'it says so' 'warning: 1 entry is left out, the first at line 2: a pattern that is not only about files with a SHA-256: '
done
stix "[file:hashes.'SHA-256' = '$D1']" '"revoked": true,'
exits 'stix: a revoked one' 4 debarctl import --format stix list
left_out 'it says so' 'an indicator that is revoked'
stix "[file:hashes.'SHA-256' = '$D1']" '"valid_until": "2020-01-01T00:00:00Z",'
exits 'stix: one that is over' 4 debarctl import --format stix list
left_out 'it says so' 'an indicator that was valid until 2020-01-01T00:00:00Z'
sed -i 's/"stix"/"yara"/' list
sed -i 's/2020/9000/' list
exits 'stix: another language' 4 debarctl import --format stix list
left_out 'it says so' 'a pattern of the type yara'
echo '{"type": "bundle",' >list
exits 'stix: no JSON' 4 debarctl import --format stix list
left_out 'it says where' 'debarctl: list:2:0: no JSON: '
echo '{"objects": []}' >list
refused 'stix: no bundle' stix 'list: no bundle with a list of objects: give a bundle of STIX 2.1'

cat >list <<END
{"rules": [{"rule_type": "BINARY", "policy": "BLOCKLIST", "identifier": "$D1", "custom_msg": "an agent"},
{"rule_type": "BINARY", "policy": "ALLOWLIST", "identifier": "${D1//[0-9]/7}"},
{"rule_type": "TEAMID", "policy": "BLOCKLIST", "identifier": "ABCDE12345"},
{"rule_type": "BINARY", "policy": "SILENT_BLOCKLIST", "sha256": "$D2"}]}
END
list 'santa' santa "$D1 - - -
$D2 - - -"
left_out 'santa: what is left out' 'warning: 2 entries are left out, the first at line 2: the policy ALLOWLIST, which blocks nothing'
echo '{"rules": [{"rule_type": "BINARY", "policy": "BLOCKLIST", "identifier": "12"}]}' >list
refused 'santa: no digest' santa "list:1: the identifier '12' is no SHA-256: correct it, or leave it out"
echo '[]' >list
refused 'santa: no rules' santa 'list: no list of rules: give what santactl rule --export writes'

cat >list <<END
# rules
%languages=text/x-python
deny_audit perm=execute all : sha256hash=$D1
deny perm=any uid=1000 : filehash=$D2
allow perm=open all : sha256hash=${D1//[0-9]/7}
deny perm=any all : ftype=text/x-python
END
list 'fapolicyd' fapolicyd "$D1 - - -
$D2 - - -"
left_out 'fapolicyd: what is left out' 'warning: 2 entries are left out, the first at line 5: denies no file by its hash'
echo 'deny perm=any all : sha256hash=12' >list
refused 'fapolicyd: no digest' fapolicyd 'list:1: a hash that is no SHA-256: correct it, or leave it out'
echo 'deny perm=any all' >list
refused 'fapolicyd: no rule' fapolicyd 'list:1: no rule: it has no colon: give rules of fapolicyd'

exits 'a list that is not there' 5 debarctl import --format csv none
says 'no such format' 2 "debarctl: import: no such format of lists: 'xml': give sha256sum, csv, misp-csv, stix, santa or fapolicyd
debarctl import --help shows what can be given." debarctl import --format xml list
says 'kinds of a list' 2 'debarctl: import: --kind goes with packages only: leave it out: lists have sha256 only
debarctl import --help shows what can be given.' debarctl import --format csv --kind build-id list
