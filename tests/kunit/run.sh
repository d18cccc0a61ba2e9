#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Starts a kernel with debar's KUnit tests, and prints their KTAP: run.sh uml|x86|debug|kcsan
#
# The tests are done before the first process, and the machine ends with that; the kernel's whole log is
# build/vm/6.12-kunit-KIND/console.log. Where the kernel counts what it executes, counts.tar there has that. Fails when a test
# does, when the kernel complains, and when it says less than it should. 6.12 it is, because KUnit of 6.1 has no assertions on
# memory.
set -eu
. "$(dirname "$0")/../vm/lib.sh"

kind=${1:?usage: run.sh uml|x86|debug|kcsan}
kernel=6.12-kunit-$kind
image=$BUILD/kernel/$kernel/vmlinuz
dir=$BUILD/vm/$kernel
console=$dir/console.log
patience=600

# The first process, and nothing else but busybox.
make_initramfs() {
	local stage=$dir/initramfs
	rm -rf "$stage"
	mkdir -p "$stage"/{bin,proc,sys,dev,counts/kernel}
	cp /bin/busybox "$stage/bin/"
	install -m 755 "$(dirname "$0")/init.sh" "$stage/init"
	(cd "$stage" && find . | cpio --create --format=newc --quiet) >"$stage.cpio"
}

case $kind in
uml) machine=("$image" mem=256M kunit_shutdown=halt panic=-1) ;;
x86 | debug | kcsan)
	# shellcheck disable=SC2054 # the commas are QEMU's
	machine=(qemu-system-x86_64 -accel tcg,thread=single -cpu max -smp 2 -m 2048 -nodefaults -no-user-config
		-display none -no-reboot -serial stdio -serial "file:$dir/counts.tar" -kernel "$image"
		-initrd "$dir/initramfs.cpio"
		-append "console=ttyS0 rdinit=/init panic=-1 panic_on_warn=1 oops=panic")
	;;
*) die "unknown kind $kind" ;;
esac

mkdir -p "$dir"
[ "$kind" = uml ] || make_initramfs
code=0
timeout "$patience" "${machine[@]}" >"$console.raw" 2>&1 </dev/null || code=$?
# As it was meant: without the carriage returns of the serial line, and without times.
sed -e 's/\r//g' -e 's/^\[ *[0-9]*\.[0-9]*\] \?//' "$console.raw" >"$console"
rm "$console.raw"
sed -n '/^KTAP version 1/,$p' "$console"

if grep -E -f "$VM/badlog.list" "$console" >"$dir/complaints"; then
	echo "not ok - the kernel complained: $(head -n 1 "$dir/complaints")"
	exit 1
fi
[ "$code" = 0 ] || die "the machine ended with exit code $code: see $console"
grep -q '^ok .* debar-' "$console" || die "no suite of debar's has passed: see $console"
[ "$kind" = uml ] || grep -q '^init: done' "$console" || die "the machine did not end as it should: see $console"
! grep -q '^not ok' "$console"
