#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes build/chroot/NAME: a Debian with the compiler and the header packages of kernels that this machine's Debian lacks:
# chroot.sh trixie|trixie-flavours|trixie-arm64|bookworm-arm64
#
# build/chroot/NAME/headers-KERNEL names the header package; the chroot is remade when Debian has a newer one. What is built
# in it for arm64 is built by a cross compiler; in bookworm-arm64 also userspace, whose packages are the section arm64 of
# packages.list.
set -eu
. "$(dirname "$0")/lib.sh"

name=${1:?usage: chroot.sh trixie|trixie-flavours|trixie-arm64|bookworm-arm64}
root=$BUILD/chroot/$name
suites=() wanted='' architectures=amd64 also=make
# Each is `kernel=suite:metapackage`.
case $name in
trixie) wanted='6.12=trixie:linux-headers-amd64 7.3=trixie-backports:linux-headers-amd64' ;;
trixie-flavours) wanted='6.12-cloud=trixie:linux-headers-cloud-amd64 6.12-rt=trixie:linux-headers-rt-amd64' ;;
trixie-arm64)
	wanted='6.12-arm64=trixie-arm64:linux-headers-arm64'
	also=make,gcc-aarch64-linux-gnu
	;;
bookworm-arm64)
	wanted='6.1-arm64=bookworm-arm64:linux-headers-arm64'
	also=make,$(awk '$1 == "arm64" { printf "%s%s", first++ ? "," : "", $2 }' "$VM/packages.list")
	;;
*) die "no chroot $name" ;;
esac
[ -z "$(arm64 "$name")" ] || architectures=amd64,arm64

bootstrap() {
	for suite in "${suites[@]}"; do
		apt_lines "$suite"
	done | mmdebstrap --mode=root --variant=minbase --format=directory --keyring="$KEYRING" --architectures=$architectures \
		--include="$also$(printf ',%s' "${packages[@]}")" --aptopt='Apt::Install-Recommends "false"' \
		--dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
		"${suites[0]%-arm64}" "$root.new" -
	for deb in "${unpacked[@]}"; do
		dpkg-deb --fsys-tarfile "$deb" | tar -x -f - -C "$root.new" --keep-directory-symlink
	done
}

# The headers of another architecture may want its compiler, which does not run here: they are unpacked alone, and what they
# need besides, installed.
unpack_alone() { # SUITE PACKAGE
	unpacked+=("$(fetch "$1" "$2")")
	mapfile -t -O "${#packages[@]}" packages < <(suite_apt "$1" apt-cache depends "$2" |
		awk '$1 == "Depends:" && /-common$|linux-kbuild-/ { sub(/:.*/, "", $2); print $2 }')
}

locked "chroot-$name"
packages=() unpacked=() headers=() current=yes
for want in $wanted; do
	suite=${want#*=}
	suite=${suite%%:*}
	case " ${suites[*]} " in *" $suite "*) ;; *)
		suites+=("$suite")
		suite_update "$suite"
		;;
	esac
	package=$(newest "$suite" "${want##*:}")
	[ -n "$package" ] || die "no ${want##*:} in $suite"
	case $name in
	*-arm64) unpack_alone "$suite" "$package" ;;
	*) packages+=("$package") ;;
	esac
	headers+=("${want%%=*}=$package")
	[ "$(cat "$root/headers-${want%%=*}" 2>/dev/null)" = "$package" ] || current=no
done
[ "$current" = no ] || [ "$(cat "$root/also" 2>/dev/null)" != "$also" ] || exit 0
rm -rf "$root" "$root.new"
mkdir -p "$BUILD/chroot"
logged "chroot-$name" "making a chroot, $name, with ${packages[*]}" bootstrap
for each in "${headers[@]}"; do
	echo "${each#*=}" >"$root.new/headers-${each%%=*}"
done
echo "$also" >"$root.new/also"
mv "$root.new" "$root"
