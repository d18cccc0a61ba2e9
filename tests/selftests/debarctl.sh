#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# debarctl against the kernel: every command that asks it, what each changes, and the exit codes that tell so. KTAP.
set -u

work=$(mktemp -d)
trap 'debarctl module unload >/dev/null 2>&1; rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work" || exit 1
count=0
failed=0

# result WHAT PASSED - PASSED is 0 when it is as expected
result() {
	count=$((count + 1))
	[ "$2" = 0 ] || { failed=$((failed + 1)); sed 's/^/# /' out; }
	[ "$2" = 0 ] && echo "ok $count - $1" || echo "not ok $count - $1"
}

# exits WHAT CODE COMMAND...
exits() {
	what=$1 expected=$2 code=0
	shift 2
	"$@" >out 2>&1 </dev/null || code=$?
	[ "$code" = "$expected" ] || echo "exit code $code, expected $expected" >>out
	[ "$code" = "$expected" ]
	result "$what" $?
}

# has WHAT TEXT - what the last command wrote has it
has() {
	grep -qF -- "$2" out
	result "$1" $?
}

runs() { exits "$1: it runs" 7 ./victim; }
refused() {
	exits "$1: it is refused" 126 ./victim
	has "$1: with EPERM" 'Operation not permitted'
}

# source SERIAL - a policy that bans the victim
source_of() {
	cat <<-EOF
		name: selftest
		serial: $1
		bans:
		- id: SELF-1
		  vendor: Victim Ltd
		  product: Victim
		  authority: an order
		  citation: p. 1
		  indicators:
		  - {sha256: $(sha256sum <victim | cut -d' ' -f1), size: $(wc -c <victim), version: "1", source: here}
		- id: SELF-2
		  vendor: Nobody
		  authority: an order
		  mode: monitor
		  indicators:
		  - {sha256: $(echo | sha256sum | cut -d' ' -f1), source: there}
	EOF
}

echo 'KTAP version 1'
printf '#!/bin/sh\nexit 7\n' >victim
chmod +x victim
source_of 1 >p.yaml
source_of 2 >p2.yaml
debarctl module unload >/dev/null 2>&1
debarctl policy unload >/dev/null 2>&1

loadable() { [ ! -e /sys/module/debar ] || [ -e /sys/module/debar/initstate ]; }

if loadable; then
	exits 'status without the module' 5 debarctl status
	exits 'module load' 0 debarctl module load
fi
exits 'module load, again' 3 debarctl module load
exits 'status without a policy' 1 debarctl status
has 'its health' 'no-policy'
exits 'policy show without a policy' 5 debarctl policy show
has 'says so' 'no policy is in force'
exits 'policy unload without a policy' 3 debarctl policy unload
exits 'check without a policy' 0 debarctl check victim
runs 'without a policy'

exits 'policy build' 0 debarctl policy build p.yaml -o p.debar --issued 1000000000
exits 'policy load' 0 debarctl policy load p.debar
exits 'policy load, again' 3 debarctl policy load p.debar
exits 'policy load of its source' 3 debarctl policy load p.yaml
refused 'with a policy'
exits 'check of a banned file' 1 debarctl check victim
has 'its verdict and ban' 'deny     indicator  SELF-1  Victim Ltd'
has 'step by step: the digest' "  file-sha256      $(sha256sum <victim | cut -d' ' -f1): ban SELF-1, product Victim: deny"
has 'step by step: the ban' '  ban              SELF-1 of Victim Ltd: status final, mode enforce'
has 'step by step: why' '  verdict          deny: the ban is in force and nothing waives it'
exits 'check of another file' 0 debarctl check p.yaml
exits 'status' 0 debarctl status
has 'the policy' 'selftest, serial 1, 2 bans, 2 indicators'
exits 'status as JSON' 0 debarctl status --json
has 'the policy in JSON' '"policy":{"name":"selftest","serial":1,'
debarctl policy show --json --indicators p.debar >expected
exits 'policy show' 0 debarctl policy show --json --indicators
cmp -s out expected
result 'what is in force is what was loaded' $?

exits 'mode' 0 debarctl mode
has 'is enforce' 'enforce'
exits 'mode monitor' 0 debarctl mode monitor
exits 'mode monitor, again' 3 debarctl mode monitor
runs 'in the mode monitor'
exits 'check in the mode monitor' 1 debarctl check victim
has 'its verdict' 'audit'
has 'and why' '  verdict          audit: the mode of the kernel is monitor, which only records'
exits 'status in the mode monitor' 1 debarctl status
has 'its health' 'monitor-only'
exits 'mode enforce' 0 debarctl mode enforce
refused 'in the mode enforce'

head -c 200 p.debar >cut.debar
exits 'a blob that is cut off' 4 debarctl policy load cut.debar
: >broken.yaml
exits 'a source that is broken' 4 debarctl policy load broken.yaml
refused 'after two broken policies'
exits 'the next edition' 0 debarctl policy load p2.yaml
exits 'the next edition, again' 3 debarctl policy load p2.yaml
refused 'by the next edition'
exits 'denials' 0 debarctl denials
has 'they tell the file' "$work/victim"
for command in 'status' 'policy show' 'policy unload' 'policy load p.debar' 'mode monitor' 'check victim' 'denials'; do
	# shellcheck disable=SC2086 # command and arguments
	exits "$command, by a stranger" 5 /usr/bin/setpriv --reuid 1000 --clear-groups --inh-caps=-all "$(command -v debarctl)" $command
done
refused 'after a stranger came'

exits 'policy unload' 0 debarctl policy unload
exits 'policy unload, again' 3 debarctl policy unload
runs 'after policy unload'
# A real program, and a copy with a byte more, which its SHA-256 does not know any more.
cp /usr/bin/jq program
cp program copy
printf x >>copy
tar -cf program.tar program
for kind in code-sha256 build-id; do
	exits "import by $kind" 0 debarctl import program.tar --kind $kind --name $kind -o $kind.yaml
	debarctl policy unload >/dev/null
	exits "load $kind" 0 debarctl policy load $kind.yaml
	exits "an edited copy is refused by $kind" 126 ./copy --version
	exits "check tells it" 1 debarctl check copy
	has 'and how it was known' "  $kind  $(sha256sum <copy | cut -d' ' -f1)  copy"
	exits "check says the same offline" 1 debarctl check --policy $kind.yaml copy
	has 'and how' "  $kind  "
	exits 'denials' 0 debarctl denials --json
	has 'they tell the kind' "\"kind\":\"$kind\",\"digest\":\"$(sed -n 's/^  - [a-z0-9_]*: \([0-9a-f]*\)$/\1/p' $kind.yaml)\""
	debarctl policy show --json --indicators $kind.yaml | sed 's/"digest".*"indicator_count"//' >expected
	exits 'policy show' 0 debarctl policy show --json --indicators
	sed 's/"digest".*"indicator_count"//' out | cmp -s - expected
	result 'what is in force is what was loaded' $?
done

# fs-verity, on a filesystem that has it; FS_IOC_ENABLE_VERITY is asked for SHA-256 in blocks of 4096 bytes.
truncate -s 32M ext4.img
mkdir ext4
modprobe loop
if mkfs.ext4 -q -F -O verity -b 4096 ext4.img && mount -t ext4 -o loop ext4.img ext4; then
	cp program ext4/sealed
	cp program ext4/plain
	exits 'fs-verity is enabled' 0 python3 -c '
import fcntl, os, struct
fcntl.ioctl(os.open("ext4/sealed", os.O_RDONLY), 0x40806685, struct.pack("=IIIIQ104x", 1, 1, 4096, 0, 0))'
	exits 'import by fsverity-sha256' 0 debarctl import program.tar --kind fsverity-sha256 -o verity.yaml
	debarctl policy unload >/dev/null
	exits 'load it' 0 debarctl policy load verity.yaml
	exits 'the file with fs-verity is refused' 126 ext4/sealed --version
	exits 'the same without it is not' 0 ext4/plain --version
	exits 'check tells it' 1 debarctl check ext4/plain ext4/sealed
	has 'and how it was known' "  fsverity-sha256  $(sha256sum <program | cut -d' ' -f1)  ext4/sealed"
	exits 'check says the same offline' 1 debarctl check --policy verity.yaml ext4/plain ext4/sealed
	has 'of the one' "  fsverity-sha256  $(sha256sum <program | cut -d' ' -f1)  ext4/sealed"
	has 'and of the other' 'allow    none'
	umount ext4
	result 'its filesystem is unmounted' $?
else
	result 'a filesystem with fs-verity' 1
fi

# Bans that are not about execution.
{ source_of 3 | sed 's/^  citation: .*/&\n  operations: [load, map]/'; } >load.yaml
{ source_of 4 | sed 's/^  citation: .*/&\n  operations: [open]/'; } >open.yaml
exits 'a ban on loading' 0 debarctl policy load load.yaml
runs 'with a ban on loading'
exits 'check tells the ban' 1 debarctl check victim
has 'and that it may be executed' 'allow    indicator  SELF-1'
exits 'check says the same offline' 1 debarctl check --policy load.yaml victim
has 'as the kernel does' 'allow    indicator  SELF-1'
exits 'policy show' 0 debarctl policy show
has 'tells the operations' 'SELF-1  final   enforce  -     enforce  map,load '
exits 'a ban on opening' 0 debarctl policy load open.yaml
exits 'opening it' 1 cat victim
has 'is refused' 'Operation not permitted'
exits 'check looks into it all the same' 1 debarctl check victim
has 'and tells that it may be executed' 'allow    indicator  SELF-1'
exits 'policy unload' 0 debarctl policy unload

exits 'following denials without CAP_SYS_ADMIN' 5 \
	timeout 20 setpriv --bounding-set=-sys_admin "$(command -v debarctl)" denials --follow
has 'the capability is named' 'CAP_SYS_ADMIN'
if loadable; then
	exits 'module unload' 0 debarctl module unload
	exits 'module unload, again' 3 debarctl module unload
	exits 'policy load without the module' 5 debarctl policy load p.debar
	runs 'after module unload'
fi
echo "1..$count"
[ "$failed" = 0 ]
