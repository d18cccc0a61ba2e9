# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2154 # variables of the part `source`
# policy build, show and load: bytes that do not change, files that are whole, and no kernel to talk to.

cat >p.yaml <<EOF
name: acme
serial: 7
bans:
- id: second
  vendor: Vendor Two
  product: Suite
  authority: an order
  citation: 1 FR 2
  mode: monitor
  indicators:
  - {sha256: $D2, source: "a report", size: 12, product: Agent, version: "2.0"}
- id: first
  vendor: Vendor One
  authority: an order
  indicators: []
EOF
says 'build' 0 '' debarctl policy build p.yaml -o a.debar --issued 1000000000
has 'it tells what was built' 'built: policy acme, serial 7, 2 bans, 1 indicator'
exits 'build again' 0 debarctl policy build p.yaml -o b.debar --issued 1000000000
same 'the same bytes' a.debar b.debar
exits 'build with SOURCE_DATE_EPOCH' 0 env SOURCE_DATE_EPOCH=1000000000 debarctl policy build p.yaml -o b.debar
same 'the same bytes again' a.debar b.debar
exits 'build at another time' 0 debarctl policy build p.yaml -o b.debar --issued 1000000001
result 'other bytes' "$(cmp -s a.debar b.debar && echo 1 || echo 0)"
says 'a time that is none' 2 "debarctl: --issued: 'now' is no time: give seconds since 1970
debarctl policy build --help shows what can be given." \
	debarctl policy build p.yaml -o b.debar --issued now
says 'a place that cannot be written' 5 \
	'debarctl: none/p.debar: cannot write it: No such file or directory: check the path, a part of it does not exist' \
	debarctl policy build p.yaml -o none/p.debar
mkdir full
says 'a place that is a folder' 5 \
	'debarctl: full: cannot write it: Is a directory: give a file, not a directory' \
	debarctl policy build p.yaml -o full
absent 'nothing is left behind' full.*

says 'standard output that is full' 5 \
	'debarctl: standard output: cannot write: No space left on device: make room and try again' \
	sh -c 'exec debarctl policy show a.debar >/dev/full'
exits 'show' 0 debarctl policy show a.debar
has 'name' 'name             acme'
has 'the next date' 'next_date        none: nothing changes by itself'
has 'time of issue' '2001-09-09T01:46:40Z'
has 'bans' 'second  final   audit    -     monitor  execute,map,protect,load  Vendor Two  Suite    1           an order   1 FR 2'
exits 'show a source' 0 debarctl policy show p.yaml
exits 'show as JSON' 0 debarctl policy show --json --indicators a.debar
json="{\"name\":\"acme\",\"serial\":7,\"issued\":\"2001-09-09T01:46:40Z\",\"digest\":\"$(sha256sum <a.debar | cut -d' ' -f1)\",\"length\":$(stat -c %s a.debar),\"indicator_count\":1,\"next_date\":null,\"next_changes\":[],\"bans\":[{\"id\":\"first\",\"vendor\":\"Vendor One\",\"product\":null,\"authority\":\"an order\",\"citation\":null,\"mode\":\"enforce\",\"operations\":[\"execute\",\"map\",\"protect\",\"load\"],\"indicators\":0,\"status\":\"final\",\"prohibits\":[\"use\"],\"override\":null,\"audit_from\":null,\"warn_from\":null,\"enforce_from\":\"always\",\"stage\":\"enforce\",\"next_date\":null},{\"id\":\"second\",\"vendor\":\"Vendor Two\",\"product\":\"Suite\",\"authority\":\"an order\",\"citation\":\"1 FR 2\",\"mode\":\"monitor\",\"operations\":[\"execute\",\"map\",\"protect\",\"load\"],\"indicators\":1,\"status\":\"final\",\"prohibits\":[\"use\"],\"override\":null,\"audit_from\":null,\"warn_from\":null,\"enforce_from\":\"always\",\"stage\":\"audit\",\"next_date\":null}],\"waivers\":[],\"indicators\":[{\"kind\":\"file-sha256\",\"digest\":\"$D2\",\"size\":12,\"ban\":\"second\",\"product\":\"Agent\",\"version\":\"2.0\",\"source\":\"a report\",\"local\":false}]}"
result 'the JSON is as documented' "$([ "$(cat out)" = "$json" ] && echo 0 || echo 1)"
valid 'policy show'

# Dates, status and waivers.
cat >dated.yaml <<EOF
name: dated
serial: 1
bans:
- id: B-1
  vendor: Vendor
  authority: an order
  status: amended
  prohibits: [supply]
  override: board decision 5
  audit_from: 2001-01-01T00:00:00Z
  enforce_from: 9000-01-01T00:00:00+01:00
  indicators:
  - {sha256: $D1, size: 5, product: Agent, source: s}
waivers:
- {id: W-1, ban: B-1, product: Agent, hosts: [web1, web2], owner: ops, ticket: T-1, reason: migration, expires: "9001-01-01T00:00:00Z"}
- {id: W-2, ban: B-1, sha256: $D1, owner: ops, ticket: T-2, expires: "2002-01-01T00:00:00Z"}
EOF
exits 'show dates and waivers' 0 debarctl policy show dated.yaml
has 'a ban that has begun' 'B-1  amended  audit  8999-12-31T23:00:00Z  enforce'
has 'a waiver of a product' "W-1     B-1  Agent    -                                                                 web2  ops    T-1     9001-01-01T00:00:00Z"
has 'a waiver of a digest that has expired' "W-2     B-1  -        $D1  -     ops    T-2     2002-01-01T00:00:00Z"
has 'the next date' 'next_date        8999-12-31T23:00:00Z: ban B-1 goes from the stage audit to enforce'
exits 'show them as JSON' 0 debarctl policy show --json dated.yaml
has 'the law of the ban' '"status":"amended","prohibits":["supply"],"override":"board decision 5","audit_from":"2001-01-01T00:00:00Z","warn_from":null,"enforce_from":"8999-12-31T23:00:00Z","stage":"audit","next_date":"8999-12-31T23:00:00Z"'
has 'the waivers' '{"id":"W-1","ban":"B-1","product":"Agent","kind":null,"digest":null,"host":"web1","owner":"ops","ticket":"T-1","reason":"migration","expires":"9001-01-01T00:00:00Z"}'
has 'the waiver of a digest' "{\"id\":\"W-2\",\"ban\":\"B-1\",\"product\":null,\"kind\":\"file-sha256\",\"digest\":\"$D1\",\"host\":null,\"owner\":\"ops\",\"ticket\":\"T-2\",\"reason\":null,\"expires\":\"2002-01-01T00:00:00Z\"}"

has 'the next change' '"next_date":"8999-12-31T23:00:00Z","next_changes":["ban B-1 goes from the stage audit to enforce"]'
valid 'policy show'
# Of all that comes, the first date counts, with all that it brings.
sed 's/9001-01-01T00:00:00Z/8999-12-31T23:00:00Z/' dated.yaml >together.yaml
exits 'show what comes on one date' 0 debarctl policy show together.yaml
has 'the ban' 'next_date        8999-12-31T23:00:00Z: ban B-1 goes from the stage audit to enforce'
has 'and the waivers, which have not expired before' 'next_date        8999-12-31T23:00:00Z: waiver W-1 of ban B-1 on host web2 expires'
result 'but none that has' "$(grep -q 'waiver W-2.*expires$' out && echo 1 || echo 0)"
sed 's/9001-01-01T00:00:00Z/8888-01-01T00:00:00Z/' dated.yaml >sooner.yaml
exits 'show what comes sooner' 0 debarctl policy show --json sooner.yaml
has 'waivers' '"next_date":"8888-01-01T00:00:00Z","next_changes":["waiver W-1 of ban B-1 on host web1 expires","waiver W-1 of ban B-1 on host web2 expires"]'

# What a new edition changes.
exits 'no difference' 0 debarctl policy diff p.yaml a.debar
has 'it says so' 'indicators: 0 added, 0 removed, 0 changed'
sed -e 's/serial: 1/serial: 2/' -e 's/status: amended/status: final/' -e 's/^  override: .*/  mode: monitor/' -e 's/9000-01-01/9002-01-01/' \
	-e 's/web2/web3/' -e 's/9001-01-01/9003-01-01/' -e 's/source: s}/source: t}/' -e "s/  - {sha256: $D1/  - {sha256: $D2, source: s}\n&/" \
	dated.yaml >later.yaml
exits 'two editions differ' 1 debarctl policy diff --indicators dated.yaml later.yaml
cat >expected <<EOF
policy dated, serial 2: was dated, serial 1
ban B-1: mode: monitor, was enforce
ban B-1: indicators: 2, was 1
ban B-1: status: final, was amended
ban B-1: override: none, was board decision 5
ban B-1: enforce_from: 9001-12-31T23:00:00Z, was 8999-12-31T23:00:00Z
ban B-1: next_date: never, was 8999-12-31T23:00:00Z
waiver W-1 of ban B-1 for Agent on host web2: removed
waiver W-1 of ban B-1 for Agent on host web3: added: of ops, T-1, until 9003-01-01T00:00:00Z
waiver W-1 of ban B-1 for Agent on host web1: expires: 9003-01-01T00:00:00Z, was 9001-01-01T00:00:00Z
indicators: 1 added, 0 removed, 1 changed
indicator file-sha256 $D2 of ban B-1: added
indicator file-sha256 $D1 of ban B-1: source: t, was s
EOF
same 'every difference is named' expected out
exits 'the same as JSON' 1 debarctl policy diff --json dated.yaml later.yaml
valid 'policy diff'
has 'the ban' '"fields":["mode","indicators","status","override","enforce_from","next_date"]'
exits 'other bans' 1 debarctl policy diff p.yaml dated.yaml
has 'one that is gone' 'ban first: removed'
has 'one that is new' 'ban B-1: added: Vendor, by an order, amended, at the stage audit'

head -c 100 a.debar >cut.debar
says 'a blob that is cut off' 4 \
	'debarctl: cut.debar: damaged policy blob, at byte 16: the length is not that of the blob: build it anew with debarctl policy build' \
	debarctl policy show cut.debar
says 'a blob among sources' 4 \
	'debarctl: a.debar: a compiled policy cannot be merged with other files: give one blob alone, or policy source only' \
	debarctl policy show p.yaml a.debar
says 'loading a broken source' 4 \
	'debarctl: broken.yaml: holds no policy: begin with the keys name, serial and bans' \
	sh -c ': >broken.yaml; exec debarctl policy load broken.yaml'

# No kernel with debar in it is here: each command that needs one says so. On a machine that has one, load nothing.
no_kernel='debarctl: kernel: the module debar is not loaded: load it: debarctl module load'
# What would lock the administrator out is not even sent to the kernel.
for file in /usr/bin/dpkg /bin/sh "$(command -v debarctl)" /lib64/ld-linux-x86-64.so.2; do
	real=$(readlink -f "$file")
	cat >lockout.yaml <<EOF
name: lockout
serial: 1
bans:
- {id: B-1, vendor: V, authority: a, enforce_from: "9000-01-01T00:00:00Z", indicators: [{sha256: $(sha256sum <"$real" | cut -d' ' -f1), size: $(stat -Lc %s "$real"), source: s}]}
waivers:
- {id: W-1, ban: B-1, owner: o, ticket: t, expires: "9001-01-01T00:00:00Z"}
EOF
	says "a policy that would refuse $file" 4 \
		"debarctl: $real: ban 'B-1' of the policy would lock you out of this machine: correct the policy, or force it by --allow-lockout with this path" \
		debarctl policy load lockout.yaml
	[ -e /sys/module/debar ] || says "it is forced for $file" 5 "$no_kernel" \
		debarctl policy load --allow-lockout /none --allow-lockout "$file" lockout.yaml
done
sed 's/id: B-1, v/id: B-1, mode: monitor, v/' lockout.yaml >monitor.yaml
[ -e /sys/module/debar ] || says 'one that only records' 5 "$no_kernel" debarctl policy load monitor.yaml

if [ -e /sys/module/debar ]; then
	result 'without the module # SKIP the module is loaded here' 0
else
	says 'load, without the module' 5 "$no_kernel" debarctl policy load a.debar
	says 'unload, without the module' 5 "$no_kernel" debarctl policy unload
	says 'show, without the module' 5 "$no_kernel" debarctl policy show
	says 'status, without the module' 5 "$no_kernel" debarctl status
	says 'status as JSON, without the module' 5 "$no_kernel" debarctl status --json
	says 'mode, without the module' 5 "$no_kernel" debarctl mode
	says 'mode enforce, without the module' 5 "$no_kernel" debarctl mode enforce
	says 'seal, without the module' 5 "$no_kernel" debarctl seal
	says 'check, without the module' 5 "$no_kernel" debarctl check p.yaml
	says 'denials, without the module' 5 "$no_kernel" debarctl denials
fi
