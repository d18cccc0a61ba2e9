#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Puts a virtual machine's file system together as build/initramfs/KERNEL-PROFILE.cpio: initramfs.sh KERNEL run|test|bench
#
# Two archives, one after the other, as the kernel accepts them: the packages, which hardly ever change, and what is
# built here. Neither is compressed: copying is cheaper than unpacking for an emulated processor.
set -eu
. "$(dirname "$0")/lib.sh"

kernel=${1:?usage: initramfs.sh KERNEL run|test|bench}
profile=${2:?usage: initramfs.sh KERNEL run|test|bench}
release=$(release_of "$kernel")
out=$BUILD/initramfs
stage=$out/$kernel-$profile.root
suffix=$(arm64 "$kernel")
guest=$profile$suffix
# What was built for the machine; arm64.sh builds in a tree of its own.
built=$BUILD tree=$TOP tools=()
if [ -n "$suffix" ]; then
	built=$BUILD/arm64/build tree=$BUILD/arm64 tools=(chrooted bookworm-arm64 "$BUILD")
fi

archive() { # FOLDER FILE
	(cd "$1" && find . -print0 | sort -z | cpio --null --create --format=newc --owner=0:0 --quiet) >"$2.new"
	mv "$2.new" "$2"
}

base_layer() {
	local base=$out/base-$guest.cpio
	locked "base-$guest"
	if ! cmp -s "$base.key" "$BUILD/guest/$guest.key"; then
		archive "$BUILD/guest/$guest" "$base"
		cp "$BUILD/guest/$guest.key" "$base.key"
	fi
}

# In the packages' layer lib is a link to usr/lib: here, too, everything goes below usr.
install_modules() {
	local modules=$stage/usr/lib/modules/$release
	mkdir -p "$stage/usr/lib/modules"
	ln -s usr/lib "$stage/lib"
	cp -r "$BUILD/kernel/$kernel/lib/modules/$release" "$modules"
	# Where it is built in there is none.
	[ ! -f "$BUILD/module/$kernel/debar.ko" ] || install -D -m 644 "$BUILD/module/$kernel/debar.ko" "$modules/extra/debar.ko"
	depmod -b "$stage" "$release"
}

install_tests() {
	mkdir -p "$stage/tests"
	cp -r "$built/selftests/." "$stage/tests/"
	# Files of 50 MB, which a debug kernel would take a minute to unpack.
	! stock "$kernel" || cp -r "$BUILD/exec-selftests/$kernel/." "$stage/tests/"
	"${tools[@]}" "$tree/tests/edits.sh" "$BUILD/guest/$guest/debs" "$stage/tests/edits"
	# What an in-tree kernel is told to put in force, signed and not.
	sed -e 's/^name: .*/name: command-line/' -e 's/^serial: .*/serial: 2/' "$VM/config/boot-policy.yaml" >"$stage/tests/boot.yaml"
	"$BUILD/userspace/debarctl" policy build "$stage/tests/boot.yaml" -o "$stage/tests/boot.debar"
	cp "$stage/tests/boot.debar" "$stage/tests/signed.debar"
	"$BUILD/userspace/debarctl" policy sign --key "$BUILD/certs/trusted.key" --cert "$BUILD/certs/trusted.crt" \
		"$stage/tests/signed.debar"
	if [ -f "$BUILD/module-signed/$kernel/debar.ko" ]; then
		install -D -m 644 "$BUILD/module-signed/$kernel/debar.ko" "$stage/tests/modules/signed/debar.ko"
	fi
	if [ -d "$BUILD/testmod/$kernel" ]; then
		install -D -m 644 -t "$stage/tests/modules" "$BUILD/testmod/$kernel"/*.ko
	fi
}

changing_layer() {
	rm -rf "$stage"
	mkdir -p "$stage"
	install_modules
	case $kernel in
	*-coverage) "$TOP/tests/coverage/userspace.sh" install "$stage" ;;
	*-arm64) cp -r "$built/install/." "$stage/" ;;
	*) make --no-print-directory -C "$TOP/userspace" install DESTDIR="$stage" prefix=/usr ;;
	esac
	mkdir -p "$stage/debar" "$stage/etc/debar/policy.d"
	cp -r "$TOP/policy" "$stage/debar/"
	install -m 755 -T "$VM/init.sh" "$stage/init"
	install -m 755 "$VM"/{demo,test,exec-compare}.sh "$stage/debar/"
	install -m 644 "$VM/badlog.list" "$stage/debar/"
	[ "$profile" != test ] || install_tests
	archive "$stage" "$out/$kernel-$profile.layer"
	rm -rf "$stage"
}

locked "initramfs-$kernel-$profile"
mkdir -p "$out"
[ -s "$BUILD/guest/$guest.key" ] || die "no packages: run guest.sh $guest first"
(base_layer)
logged "initramfs-$kernel-$profile" "making the initramfs for $release ($profile)" changing_layer
cat "$out/base-$guest.cpio" "$out/$kernel-$profile.layer" >"$out/$kernel-$profile.cpio"
rm "$out/$kernel-$profile.layer"
