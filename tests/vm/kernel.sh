#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Unpacks a stock Debian kernel into build/kernel/KERNEL, with the few of its modules that the tests use.
#
# It is the very release that debar.ko is built for, so build-module.sh runs first.
set -eu
. "$(dirname "$0")/lib.sh"

kernel=${1:?usage: kernel.sh KERNEL}
suite=$(suite_of "$kernel")
chroot=$(chroot_of "$kernel")
[ -z "$chroot" ] || "$VM/chroot.sh" "$chroot"
release=$(release_of "$kernel")
out=$BUILD/kernel/$kernel
modules='virtio_pci virtio_console loop ext4 xfs btrfs overlay squashfs fuse vfat erofs isofs 9p nfs nfsd
	dm_mod dm_verity sha256_ssse3 sha2_ce test_firmware kunit algif_hash dummy binfmt_misc'

# Of late the image package is empty, and depends on packages of the same release with vmlinuz and modules.
packages() {
	echo "linux-image-$release"
	suite_apt "$suite" apt-cache depends "linux-image-$release" |
		awk -v release="$release" '$1 == "Depends:" && index($2, release) { print $2 }'
}

unpack() { # DEB...
	local deb path module
	mkdir -p "$out.all/usr/lib" "$out.new/lib/modules/$release"
	for deb; do
		dpkg-deb --fsys-tarfile "$deb" | tar -x -f - -C "$out.all" --no-same-owner
	done
	[ -d "$out.all/lib" ] || ln -s usr/lib "$out.all/lib"
	find "$out.all" -name 'vmlinuz*' -exec cp {} "$out.new/vmlinuz" \;
	[ -s "$out.new/vmlinuz" ]
	depmod -b "$out.all" "$release"
	cp "$out.all/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} "$out.new/lib/modules/$release/"
	for module in $modules; do
		# A kernel may lack one, or have it built in: the test that needs it will say so.
		modprobe -d "$out.all" -S "$release" --show-depends "$module" || true
	done | tee /dev/stderr | awk '$1 == "insmod" { print $2 }' | sort -u | while read -r path; do
		install -D -m 644 "$path" "$out.new/lib/modules/$release/kernel/${path##*/kernel/}"
	done
	find "$out.new/lib" -name '*.ko.xz' -exec xz -d {} +
	depmod -b "$out.new" "$release"
	rm -rf "$out.all"
}

locked "kernel-$kernel"
key="$release $(sha256sum <"$VM/kernel.sh")"
[ "$(cat "$out/key" 2>/dev/null)" != "$key" ] || exit 0
suite_update "$suite"
debs=()
for package in $(packages); do
	debs+=("$(fetch "$suite" "$package")")
done
rm -rf "$out" "$out.new" "$out.all"
logged "kernel-$kernel" "unpacking the kernel $release" unpack "${debs[@]}"
echo "$key" >"$out.new/key"
mv "$out.new" "$out"
