#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Measures what debar costs, in instructions: bench.sh 6.1|6.12|7.3; figures in build/bench/KERNEL/, results.json, results.svg
#
# One emulated CPU whose clock counts instructions: the same work takes the same time in every boot, on any host.
set -eu
. "$(dirname "$0")/../vm/lib.sh"

kernel=${1:?usage: bench.sh 6.1|6.12|7.3}
rounds=${ROUNDS:-3}
here=$TOP/tests/bench
out=$BUILD/bench
files=$out/root/bench.files
policies=$out/policies
variants=${VARIANTS:-nothing,module,n10,n10-open,n10-listed,n100000,n1000000,sizeless}

build_programs() {
	local include=(-iquote "$TOP/userspace" -idirafter "$TOP/kmod" -I"$TOP/kmod/include/uapi") flags=(-O2 -Wall -Wextra -Werror)
	mkdir -p "$files"
	gcc "${flags[@]}" -std=gnu17 -D_GNU_SOURCE -static -o "$files/static" "$here/payload.c"
	gcc "${flags[@]}" -o "$files/dynamic" "$here/payload.c" -Wl,--dynamic-linker=/bench/ld.so -Wl,-rpath,/bench
	gcc "${flags[@]}" -DPAYLOAD_LIBRARY -shared -fPIC -o "$files/library.so" "$here/payload.c"
	gcc "${flags[@]}" -std=gnu17 -D_GNU_SOURCE -o "$out/root/bench.work" "$here/work.c"
	cp -L /lib64/ld-linux-x86-64.so.2 "$files/ld.so"
	cp -L "$(gcc -print-file-name=libc.so.6)" "$files/libc.so.6"
	cat "$files/static" <(echo banned) >"$files/banned"
	chmod 755 "$files/banned"
	gcc "${flags[@]}" -std=gnu17 -D_GNU_SOURCE "${include[@]}" -o "$out/make_policy" "$here/make_policy.c" \
		"$BUILD/userspace/libdebar.a" -lcrypto
}

build_policies() {
	local banned=ban=$files/banned n
	mkdir -p "$policies"
	for n in 10 100000 1000000; do
		"$out/make_policy" "$policies/n$n.debar" "n$n" "$((n - 1))" "$banned"
	done
	"$out/make_policy" "$policies/n10-open.debar" open 9 "$banned" open
	"$out/make_policy" "$policies/n10-listed.debar" listed 6 "$banned" size=1048576 size=16777216 size=67108864
	"$out/make_policy" "$policies/sizeless.debar" sizeless 9 sizeless
}

build_archive() {
	rm -rf "$out/root"
	mkdir -p "$out/root"
	build_programs
	build_policies
	ln -sfn "$policies" "$out/root/bench.policies"
	install -m 755 "$here/guest.sh" "$out/root/bench.init"
	(cd "$out/root" && find -L . -print0 | cpio --null --create --format=newc --owner=0:0 --quiet --dereference) >"$out/layer.cpio"
	cat "$BUILD/initramfs/$kernel-run.cpio" "$out/layer.cpio" >"$out/$kernel.cpio"
}

# boot NAME VARIANTS KERNEL-ARGUMENT... - one machine; its figures go to build/bench/KERNEL/NAME
boot() {
	local name=$1 list=$2 dir=$out/$kernel
	shift 2
	mkdir -p "$dir"
	rm -f "$dir/$name" "$dir/$name.log"
	say "measuring $name; the machine's log: $dir/$name.log"
	timeout 3000 qemu-system-x86_64 -accel tcg,thread=single -smp 1 -cpu max,-rdrand,-rdseed -m 2560 \
		-icount shift=0,sleep=off -rtc base=2024-01-01T00:00:00,clock=vm \
		-nodefaults -no-user-config -display none -no-reboot \
		-kernel "$BUILD/kernel/$kernel/vmlinuz" -initrd "$out/$kernel.cpio" \
		-append "console=ttyS0 rdinit=/bench.init panic=-1 oops=panic nokaslr norandmaps \
			bench_variants=$list bench_rounds=$rounds $*" \
		-serial "file:$dir/$name.log" -serial "file:$dir/$name" </dev/null
	grep -q '^done' "$dir/$name" || die "$name: the machine did not finish: see $dir/$name.log"
	if grep -a '^bench: .*: .*: ' "$dir/$name.log" >&2; then
		say "$name: the above could not be measured"
	fi
}

mkdir -p "$out"
logged bench-build 'building the programs and policies to measure with' build_archive
boot debar "$variants" &
debar=$!
boot ima-tcb ima-tcb ima_policy=tcb
boot ima-appraise ima-appraise ima_policy=appraise_tcb ima_appraise=log
wait "$debar"
"$here/report.py" "$kernel" "$out/$kernel" "$out/results.json" "$here/results.svg"
