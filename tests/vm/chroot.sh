#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes build/chroot/trixie: Debian 13 with its compiler and the header packages of the kernels 6.12 and 7.3.
#
# build/chroot/trixie/headers-KERNEL names the header package; the chroot is remade when Debian has a newer one.
set -eu
. "$(dirname "$0")/lib.sh"

root=$BUILD/chroot/trixie

bootstrap() {
	local sources
	sources=$(apt_lines trixie; apt_lines trixie-backports)
	printf '%s\n' "$sources" | mmdebstrap --mode=root --variant=minbase --format=directory --keyring="$KEYRING" \
		--include="make,$1,$2" --aptopt='Apt::Install-Recommends "false"' \
		--dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
		trixie "$root.new" -
}

locked chroot
suite_update trixie
suite_update trixie-backports
headers_612=$(newest trixie linux-headers-amd64)
headers_73=$(newest trixie-backports linux-headers-amd64)
[ -n "$headers_612" ] || die "no linux-headers-amd64 in trixie"
[ -n "$headers_73" ] || die "no linux-headers-amd64 in trixie-backports"
if [ "$(cat "$root/headers-6.12" "$root/headers-7.3" 2>/dev/null)" = "$headers_612
$headers_73" ]; then
	exit 0
fi
rm -rf "$root" "$root.new"
mkdir -p "$BUILD/chroot"
logged chroot "making a Debian 13 chroot with $headers_612 and $headers_73" bootstrap "$headers_612" "$headers_73"
echo "$headers_612" >"$root.new/headers-6.12"
echo "$headers_73" >"$root.new/headers-7.3"
mv "$root.new" "$root"
