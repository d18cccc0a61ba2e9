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
has 'time of issue' '2001-09-09T01:46:40Z'
has 'bans' 'second  monitor  execute,map,protect,load  Vendor Two  Suite    1           an order   1 FR 2'
exits 'show a source' 0 debarctl policy show p.yaml
exits 'show as JSON' 0 debarctl policy show --json --indicators a.debar
json="{\"name\":\"acme\",\"serial\":7,\"issued\":\"2001-09-09T01:46:40Z\",\"digest\":\"$(sha256sum <a.debar | cut -d' ' -f1)\",\"length\":$(stat -c %s a.debar),\"indicator_count\":1,\"bans\":[{\"id\":\"first\",\"vendor\":\"Vendor One\",\"product\":null,\"authority\":\"an order\",\"citation\":null,\"mode\":\"enforce\",\"operations\":[\"execute\",\"map\",\"protect\",\"load\"],\"indicators\":0},{\"id\":\"second\",\"vendor\":\"Vendor Two\",\"product\":\"Suite\",\"authority\":\"an order\",\"citation\":\"1 FR 2\",\"mode\":\"monitor\",\"operations\":[\"execute\",\"map\",\"protect\",\"load\"],\"indicators\":1}],\"indicators\":[{\"kind\":\"file-sha256\",\"digest\":\"$D2\",\"size\":12,\"ban\":\"second\",\"product\":\"Agent\",\"version\":\"2.0\",\"source\":\"a report\"}]}"
result 'the JSON is as documented' "$([ "$(cat out)" = "$json" ] && echo 0 || echo 1)"

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
	says 'check, without the module' 5 "$no_kernel" debarctl check p.yaml
	says 'denials, without the module' 5 "$no_kernel" debarctl denials
fi
