#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds userspace and the selftests for arm64, in the chroot bookworm-arm64: arm64.sh userspace|selftests
#
# The tree is copied to build/arm64/, where it builds as it does here; the programs go to build/arm64/build/, and as they are
# installed to build/arm64/build/install.
set -eu
. "$(dirname "$0")/lib.sh"

part=${1:?usage: arm64.sh userspace|selftests}
tree=$BUILD/arm64
kselftest=tools/testing/selftests

copy_tree() {
	mkdir -p "$tree/tests" "$tree/build/linux-6.12/$kselftest"
	rsync -a --delete "$TOP/userspace" "$TOP/kmod" "$tree/"
	rsync -a --delete "$TOP/tests/selftests" "$TOP/tests/edits.sh" "$tree/tests/"
	rsync -a --delete "$BUILD/certs" "$tree/build/"
	rsync -a --delete "$BUILD/linux-6.12/$kselftest/" "$tree/build/linux-6.12/$kselftest/"
}

build() {
	copy_tree
	case $part in
	userspace)
		chrooted bookworm-arm64 "$tree" make -C "$tree/userspace" -j"$(nproc)" install \
			DESTDIR="$tree/build/install" prefix=/usr
		;;
	selftests)
		chrooted bookworm-arm64 "$tree" make -C "$tree/tests/selftests" -j"$(nproc)"
		;;
	*) die "arm64.sh builds userspace or selftests, not $part" ;;
	esac
}

"$VM/chroot.sh" bookworm-arm64
"$VM/linux-source.sh" 6.12
"$VM/certs.sh"
locked arm64
logged "$part-arm64" "building for arm64: $part" build
