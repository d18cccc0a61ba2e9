#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds a kernel with checkers from Debian's linux-source-6.1 into build/kernel/6.1-KIND: debug-kernel.sh debug|kcsan
#
# It is configured by config/common.config and config/KIND.config, each line of which must have stuck. What modules are
# built with stays in build/debug-kernel/KIND. Times and names are fixed and paths stay the same, for ccache.
set -eu
. "$(dirname "$0")/lib.sh"

kind=${1:?usage: debug-kernel.sh debug|kcsan}
fragments=("$VM/config/common.config" "$VM/config/$kind.config")
[ -s "${fragments[1]}" ] || die "no configuration $VM/config/$kind.config"
dir=$BUILD/debug-kernel
source=$dir/source
objects=$dir/$kind
out=$BUILD/kernel/6.1-$kind
flags=()
# Only what is built with it later is watched.
[ "$kind" != kcsan ] || flags=(KCSAN_SANITIZE=n)
export CCACHE_DIR=$BUILD/ccache CCACHE_BASEDIR=$BUILD KBUILD_BUILD_TIMESTAMP=@0 KBUILD_BUILD_USER=debar KBUILD_BUILD_HOST=debar

unpack() { # DEB
	rm -rf "$source" "$source.new"
	mkdir -p "$source.new"
	dpkg-deb --fsys-tarfile "$1" | tar -xO -f - ./usr/src/linux-source-6.1.tar.xz |
		tar -xJ -f - -C "$source.new" --strip-components=1 --no-same-owner
	mv "$source.new" "$source"
}

# stuck FILE... - whether each line of the fragments is in the configuration: one whose condition is not met is dropped
stuck() {
	local line name missing=0
	while read -r line; do
		name=${line#\# }
		name=${name%%[= ]*}
		case $line in
		CONFIG_*) grep -q -x -F "$line" "$objects/.config" && continue ;;
		'# CONFIG_'*) grep -q "^$name=" "$objects/.config" || continue ;;
		*) continue ;;
		esac
		echo "not in the configuration: $line; there is: $(grep "^\(# \)\?${name}[= ]" "$objects/.config")"
		missing=1
	done < <(cat "$@")
	return $missing
}

kernel_make() {
	make -C "$source" O="$objects" -j"$(nproc)" CC='ccache gcc' HOSTCC='ccache gcc' "${flags[@]}" "$@"
}

configure() {
	mkdir -p "$objects"
	cat "${fragments[@]}" >"$objects/fragments"
	kernel_make KCONFIG_ALLCONFIG="$objects/fragments" allnoconfig
	stuck "${fragments[@]}"
}

install_kernel() {
	rm -rf "$out"
	mkdir -p "$out"
	cp "$objects/arch/x86/boot/bzImage" "$out/vmlinuz"
	kernel_make INSTALL_MOD_PATH="$out" modules_install
	cp "$objects/include/config/kernel.release" "$out/release"
}

suite_update bookworm
locked debug-kernel
deb=$(fetch bookworm linux-source-6.1)
key="$(basename "$deb") $(cat "${fragments[@]}" "$VM/debug-kernel.sh" | sha256sum)"
[ "$(cat "$out/key" 2>/dev/null)" != "$key" ] || exit 0
if [ "$(cat "$source.key" 2>/dev/null)" != "$(basename "$deb")" ]; then
	logged debug-kernel-source 'unpacking linux-source-6.1' unpack "$deb"
	basename "$deb" >"$source.key"
fi
logged "debug-kernel-$kind-config" "configuring the kernel 6.1-$kind" configure
logged "debug-kernel-$kind" "building the kernel 6.1-$kind" kernel_make bzImage modules
logged "debug-kernel-$kind-install" "installing the kernel 6.1-$kind" install_kernel
echo "$key" >"$out/key"
