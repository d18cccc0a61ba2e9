#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds debar.ko, and the modules of the tests, for a stock Debian kernel, or one of debug-kernel.sh: build-module.sh KERNEL
#
# The sources are copied to build/module/KERNEL and build/testmod/KERNEL, so that one tree serves three kernels.
# With CHECK=1 sparse and gcc's analyzer read every file. A warning of the compiler, sparse, objtool or modpost is an error.
set -eu
. "$(dirname "$0")/lib.sh"

kernel=${1:?usage: build-module.sh KERNEL}
suite_of "$kernel" >/dev/null
chroot=$(chroot_of "$kernel")
jobs=$(nproc)

# sync FROM... TO - copy sources that changed, and drop those that are gone
sync_sources() {
	mkdir -p "${*: -1}"
	rsync -rlpt --delete --prune-empty-dirs --exclude='*.mod.c' --include='*/' --include='*.[chS]' \
		--include=Kbuild --include=Kconfig --include=Makefile --exclude='*' "$@"
}

# kbuild FOLDER ARGUMENT... - run the kernel's build system on FOLDER
kbuild() {
	local dir=$1
	shift
	if [ -n "$chroot" ]; then
		chrooted "$chroot" "$dir" make -C "/usr/src/linux-headers-$release" M="$dir" -j"$jobs" "$@"
	elif stock "$kernel"; then
		make -C "/usr/src/linux-headers-$release" M="$dir" -j"$jobs" "$@"
	else # UBSAN looks only into what asks for it
		make -C "$BUILD/debug-kernel/$kernel" M="$dir" -j"$jobs" UBSAN_SANITIZE=y "$@"
	fi
}

# compile FOLDER LOG [ARGUMENT...] - build, and fail on any warning; the next run then starts anew, to show it again
compile() {
	local dir=$1 log=$LOGS/$2.log flags=(KCFLAGS=-Werror)
	[ -z "${CHECK:-}" ] || flags=(KCFLAGS='-Werror -fanalyzer' C=2 CF=-D__CHECK_ENDIAN__)
	logged "$2" "building ${2%-*} for $release" kbuild "$dir" "${flags[@]}" "${@:3}" modules
	if grep -v 'the compiler differs' "$log" | grep -qi 'warning'; then
		grep -i 'warning' "$log" >&2
		rm -rf "$dir"
		die "warnings for $kernel: see $log"
	fi
}

# compile_signed FOLDER - the form that takes signed policies alone, as build/module-signed/KERNEL/debar.ko. One file of the
# tree differs, so it is made in the same tree, which then is as it was.
compile_signed() {
	local module=$1 signed=$BUILD/module-signed/$kernel
	[ "$signed/debar.ko" -ot "$module/debar.ko" ] || return 0
	mkdir -p "$signed"
	compile "$module" "module-signed-$kernel" REQUIRE_SIGNATURE=1
	cp "$module/debar.ko" "$signed/debar.ko"
	compile "$module" "module-$kernel"
	touch "$signed/debar.ko"
}

[ -z "$chroot" ] || "$VM/chroot.sh" "$chroot"
release=$(release_of "$kernel")
locked "module-$kernel"

# One tree for the checkers, one for the product: neither makes the other build anew. An in-tree kernel has debar in it.
if [ "${kernel#*-}" != in-tree ]; then
	name=module${CHECK:+-check}
	module=$BUILD/$name/$kernel
	sync_sources "$TOP/Kbuild" "$TOP/kmod" "$module/"
	"$VM/certs.sh" "$module/kmod"
	compile "$module" "$name-$kernel"
	[ -f "$module/debar.ko" ] || die "the build made no debar.ko: see $LOGS/$name-$kernel.log"
	[ -n "${CHECK:-}" ] || compile_signed "$module"
fi

if [ -d "$TOP/tests/selftests/kmod" ]; then
	name=testmod${CHECK:+-check}
	testmod=$BUILD/$name/$kernel
	sync_sources "$TOP/tests/selftests/kmod/" "$testmod/"
	compile "$testmod" "$name-$kernel"
fi
