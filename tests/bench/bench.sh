#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Measures what debar costs, in instructions: bench.sh 6.1|6.12|7.3; build/bench/KERNEL/ has the figures, JSON and a plot
#
# One emulated CPU whose clock counts instructions: the same work takes the same time in every boot, on any host.
# VARIANTS=nothing,A,B,... and ROUNDS=N measure less.
set -eu
. "$(dirname "$0")/../vm/lib.sh"

kernel=${1:?usage: bench.sh 6.1|6.12|7.3}
rounds=${ROUNDS:-3}
here=$TOP/tests/bench
out=$BUILD/bench
files=$out/root/bench.files
policies=$out/policies
VARIANTS=${VARIANTS:-.*}

build_programs() {
	local include=(-iquote "$TOP/userspace" -idirafter "$TOP/kmod" -I"$TOP/kmod/include/uapi")
	local flags=(-O2 -Wall -Wextra -Werror)
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
	gcc "${flags[@]}" -std=gnu17 -D_GNU_SOURCE "${include[@]}" -o "$out/native" "$here/native.c" \
		"$BUILD/userspace/libdebar.a" -lcrypto
	gcc "${flags[@]}" -std=gnu17 -D_GNU_SOURCE "${include[@]}" -o "$out/root/bench.bpf" "$here/bpf_hash.c" \
		"$BUILD/userspace/libdebar.a" -lbpf -lcrypto
}

build_policies() {
	local banned=ban=$files/banned n
	mkdir -p "$policies"
	for n in 10 100000 1000000; do
		"$out/make_policy" "$policies/n$n.debar" "n$n" "$((n - 1))" "$banned"
	done
	"$out/make_policy" "$policies/n10-open.debar" open 9 "$banned" open
	"$out/make_policy" "$policies/n10-listed.debar" listed 6 "$banned" size=1048576 size=16777216 size=67108864
	"$out/make_policy" "$policies/sizeless.debar" sizeless 8 "$banned" sizeless
}

# As libtoolize would lay it out.
unpack_source() {
	local unpacked=$out/source package
	rm -rf "$unpacked"
	mkdir -p "$unpacked" "$out/root/bench.source"
	suite_update bookworm
	awk '$1 == "benchsource" { print $2 }' "$VM/packages.list" | while read -r package; do
		dpkg-deb -x "$(fetch bookworm "$package")" "$unpacked"
	done
	cp -rL "$unpacked/usr/share/libtool/build-aux" "$out/root/bench.source/"
	cp -rL "$unpacked/usr/share/libtool" "$out/root/bench.source/libltdl"
}

# A policy of IPE has to be signed with a key that the kernel trusts: one that the firmware holds will do, and Debian's
# OVMF comes with such a key, to try things out with.
build_ipe_policy() {
	local key=/usr/share/ovmf/PkKek-1-snakeoil policy=$out/ipe.policy
	{
		echo 'policy_name=Bench policy_version=0.0.1'
		echo 'DEFAULT action=ALLOW'
		echo "op=EXECUTE fsverity_digest=sha256:$(fsverity digest --compact "$files/banned") action=DENY"
	} >"$policy"
	openssl smime -sign -in "$policy" -signer $key.pem -inkey $key.key -passin pass:snakeoil -binary -noattr -nodetach \
		-nosmimecap -outform der -out "$out/root/bench.ipe"
	cp /usr/share/OVMF/OVMF_VARS_4M.snakeoil.fd "$out/firmware-keys"
}

build_archive() {
	rm -rf "$out/root"
	mkdir -p "$out/root"
	build_programs
	build_policies
	build_ipe_policy
	ln -sfn "$policies" "$out/root/bench.policies"
	install -m 755 -T "$here/guest.sh" "$out/root/bench.init"
	install -m 755 -T "$here/variants.sh" "$out/root/bench.variants"
	install -m 755 -T "$here/configure.sh" "$out/root/bench.configure"
	unpack_source
	(cd "$out/root" && find -L . -print0 | cpio --null --create --format=newc --owner=0:0 --quiet --dereference) \
		>"$out/layer.cpio"
	cat "$BUILD/initramfs/$kernel-bench.cpio" "$out/layer.cpio" >"$out/$kernel.cpio"
}

# boot NAME VARIANTS KERNEL-ARGUMENTS [QEMU-ARGUMENT...] - one machine, for those of the variants that are wanted; its
# figures go to build/bench/KERNEL/NAME
boot() {
	local name=$1 arguments=${3:-} list dir=$out/$kernel
	list=$(tr , '\n' <<<"$2" | grep -xE "${VARIANTS//,/|}" | paste -sd ,)
	shift 2
	shift $(($# > 0))
	rm -f "$dir/$name" "$dir/$name.log"
	[ -n "$list" ] || return 0
	say "measuring $list; the machine's log: $dir/$name.log"
	timeout 3000 qemu-system-x86_64 -accel tcg,thread=single -smp 1 -cpu max,-rdrand,-rdseed -m 2560 \
		-icount shift=0,sleep=off -rtc base=2024-01-01T00:00:00,clock=vm \
		-nodefaults -no-user-config -display none -no-reboot \
		-kernel "$BUILD/kernel/$kernel/vmlinuz" -initrd "$out/$kernel.cpio" \
		-append "console=ttyS0 rdinit=/bench.init panic=-1 oops=panic nokaslr norandmaps \
			bench_variants=$list bench_rounds=$rounds $arguments" \
		-serial "file:$dir/$name.log" -serial "file:$dir/$name" "$@" </dev/null || true
	if ! grep -q '^done' "$dir/$name"; then
		say "$name: the machine did not finish: see $dir/$name.log"
		tr , '\n' <<<"$list" | sed 's/^/failed /' >>"$dir/$name"
	fi
	grep -a '^bench: .*: .*: ' "$dir/$name.log" >&2 || true
}

# Two machines at a time.
measure() {
	boot debar nothing,module,n10,n10-open,n10-listed,n100000,n1000000,sizeless &
	boot fapolicyd fapolicyd
	boot ima-tcb ima-tcb,bpf ima_policy=tcb
	boot ima-appraise ima-appraise ima_policy=appraise_tcb
	if [ "$kernel" = 6.1 ]; then
		say 'Linux 6.1 has no IPE'
	else
		boot ipe ipe '' -drive if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd \
			-drive "if=pflash,format=raw,file=$out/firmware-keys"
	fi
	wait
}

mkdir -p "$out/$kernel"
logged bench-build 'building the programs and policies to measure with' build_archive
measure
echo "1 native load-native $("$out/native" "$policies/n1000000.debar")" >"$out/$kernel/native"
"$here/report.py" "$kernel" "$out/$kernel"
