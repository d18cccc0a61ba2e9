#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the exec selftests of the kernel's own source, to run on KERNEL: exec-selftests.sh KERNEL
set -eu
. "$(dirname "$0")/lib.sh"

kernel=${1:?usage: exec-selftests.sh KERNEL}
suite_of "$kernel" >/dev/null
# The tests of 6.1 expect another exit code of the shell than Debian's gives; those of 6.12 know both.
version=${kernel%%-*}
[ "$version" != 6.1 ] || version=6.12
suite=$(suite_of "$version$(arm64 "$kernel")")
triplet=x86_64-linux-gnu compiler=()
if [ -n "$(arm64 "$kernel")" ]; then
	triplet=aarch64-linux-gnu compiler=(chrooted bookworm-arm64 "$BUILD")
	"$VM/chroot.sh" bookworm-arm64
fi
out=$BUILD/exec-selftests/$kernel/exec
source=$BUILD/linux-$version
headers=$BUILD/libc-dev/$kernel

build() {
	local folder=$source/tools/testing/selftests/exec
	rm -rf "$out" "$out/../kselftest" "$headers"
	mkdir -p "$out" "$headers"
	dpkg-deb -x "$1" "$headers"
	"${compiler[@]}" make -C "$folder" OUTPUT="$out" MAKELEVEL=1 HAVE_BPF_TOOLCHAIN=n \
		KHDR_INCLUDES="-isystem $headers/usr/include -isystem $headers/usr/include/$triplet" all
	# The file that names the programs is the Makefile itself.
	make -C "$folder" OUTPUT="$out" MAKELEVEL=1 HAVE_BPF_TOOLCHAIN=n --no-print-directory -s emit_tests \
		2>/dev/null | sed -n 's/^[^ ]*://p' >"$out/tests"
	for program in "$folder"/*.py "$folder"/*.sh "$folder/Makefile"; do
		[ ! -f "$program" ] || cp "$program" "$out/"
	done
	cp -r "$source/tools/testing/selftests/kselftest" "$out/../"
	[ -s "$out/tests" ]
}

"$VM/linux-source.sh" "$version"
locked "exec-selftests-$kernel"
if [ ! -s "$out/tests" ] || [ "$out/tests" -ot "$source/.key" ]; then
	suite_update "$suite"
	deb=$(fetch "$suite" linux-libc-dev)
	logged "exec-selftests-$kernel" "building the exec selftests of $kernel" build "$deb"
fi
