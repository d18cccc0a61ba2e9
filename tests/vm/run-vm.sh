#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Boots a kernel with debar in QEMU, without KVM: run-vm.sh KERNEL run|test|planted|shell
#
# Logs lie in build/vm/KERNEL-MODE/: console.log (the kernel's), session.log (what the machine showed), verdict.
# Succeeds only when the guest says "pass", and the host finds no complaint of the kernel in the console either.
# TESTS=PATTERN, an extended regular expression, runs those lines of tests.list alone that it matches. APPEND=WORDS are
# added to the kernel's command line. What a coverage kernel has counted comes out as counts.tar.
set -eu
. "$(dirname "$0")/lib.sh"

kernel=${1:?usage: run-vm.sh KERNEL MODE}
mode=${2:?usage: run-vm.sh KERNEL MODE}
profile=$mode
patience=1200 # seconds; a machine that is silent for good must not hold up the tests
case $mode in
run) patience=300 ;;
shell) profile=run ;;
test) ;;
planted) profile='test' ;;
fail-closed) profile='test' ;; # for an in-tree kernel: what it is told on its command line
*) die "unknown mode $mode" ;;
esac
memory=1536
case $kernel in *-arm64) patience=2400 ;; esac
if ! stock "$kernel"; then # what looks over the kernel's shoulder takes memory and time
	memory=3072
	patience=2400
fi

dir=$BUILD/vm/$kernel-$mode
mkdir -p "$dir"
rm -f "$dir"/*
# One thread for both processors: with one for each, QEMU 7.2 can go on executing a breakpoint that the other
# processor has patched away again, and the guest stands still; ftrace patches whenever debar comes or goes.
# shellcheck disable=SC2054 # the commas are QEMU's
qemu=(qemu-system-x86_64 -cpu max) console=ttyS0
case $kernel in
*-arm64) # the other way to sign pointers costs an emulator most of its time
	# shellcheck disable=SC2054 # the comma is QEMU's
	qemu=(qemu-system-aarch64 -machine virt -cpu max,pauth-impdef=on)
	console=ttyAMA0
	;;
esac
# shellcheck disable=SC2054 # the commas are QEMU's
qemu+=(-accel tcg,thread=single -smp 2 -m "$memory"
	-nodefaults -no-user-config -display none -no-reboot
	-kernel "$BUILD/kernel/$kernel/vmlinuz" -initrd "$BUILD/initramfs/$kernel-$profile.cpio")
append="console=$console rdinit=/init panic=-1 log_buf_len=16M vm_mode=$mode"
stock "$kernel" || append="$append pci=noacpi"
# What an in-tree kernel runs before init is there when it wants it, and not only after the policy that is compiled in.
case $kernel in *-in-tree) append="$append initramfs_async=0" ;; esac
# Faults that are planted are reported one after the other; of any other the first one is enough.
if [ "$mode" = planted ]; then append="$append kasan_multi_shot"; else append="$append panic_on_warn=1 oops=panic"; fi
case $kernel-$mode in
*-in-tree-fail-closed) append="$append lsm=apparmor,debar debar.fail_closed=1 debar.ring_size=16 debar.require_policy=1" ;;
*-in-tree-*) append="$append lsm=apparmor,debar debar.policy=/tests/boot.debar debar.require_policy=1" ;;
esac
[ -z "${TESTS:-}" ] || append="$append vm_tests=$TESTS"
append="$append ${APPEND:-}"

if [ "$mode" = shell ]; then
	exec "${qemu[@]}" -append "$append quiet" -serial mon:stdio
fi

say "booting $(release_of "$kernel") ($mode); the kernel's log: $dir/console.log"
code=0
timeout --foreground "$patience" "${qemu[@]}" -append "$append" -serial "file:$dir/console.log" \
	-device virtio-serial-pci \
	-chardev "file,id=result,path=$dir/verdict" -device virtserialport,chardev=result,name=debar.result \
	-chardev "file,id=counts,path=$dir/counts.tar" -device virtserialport,chardev=counts,name=debar.counts \
	-chardev file,id=session,path=/dev/stdout -device virtserialport,chardev=session,name=debar.session \
	</dev/null | tee "$dir/session.log" || code=$?
[ "${PIPESTATUS[0]}" = 0 ] || code=${PIPESTATUS[0]}

if [ "$mode" != planted ] && grep -E -f "$VM/badlog.list" "$dir/console.log" >"$dir/complaints"; then
	head -n 20 "$dir/complaints" >&2
	die "the kernel complained on $kernel: see $dir/console.log"
fi
verdict=$(cat "$dir/verdict" 2>/dev/null) || verdict=
[ -n "$verdict" ] || die "the machine gave no verdict within $patience s (QEMU: $code): see $dir/console.log"
[ "$verdict" = pass ] || die "$kernel: $verdict; logs: $dir"
