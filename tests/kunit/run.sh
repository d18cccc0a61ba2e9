#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Starts a kernel with debar's KUnit tests, and prints their KTAP: run.sh uml|x86
#
# The kernel ends by itself after the tests; its whole log is build/vm/6.12-kunit-KIND/console.log. Fails when a test does,
# when the kernel complains, and when it says less than it should. 6.12 it is, because KUnit of 6.1 has no assertions on memory.
set -eu
. "$(dirname "$0")/../vm/lib.sh"

kind=${1:?usage: run.sh uml|x86}
kernel=6.12-kunit-$kind
image=$BUILD/kernel/$kernel/vmlinuz
dir=$BUILD/vm/$kernel
console=$dir/console.log
patience=300

case $kind in
uml) machine=("$image" mem=256M kunit_shutdown=halt panic=-1) ;;
x86)
	# shellcheck disable=SC2054 # the commas are QEMU's
	machine=(qemu-system-x86_64 -accel tcg,thread=single -cpu max -smp 2 -m 1024 -nodefaults -no-user-config
		-display none -no-reboot -serial stdio -kernel "$image"
		-append "console=ttyS0 kunit_shutdown=reboot panic=-1 panic_on_warn=1 oops=panic")
	;;
*) die "unknown kind $kind" ;;
esac

mkdir -p "$dir"
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
! grep -q '^not ok' "$console"
