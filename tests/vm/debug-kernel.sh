#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds a kernel of our own from Debian's linux-source into build/kernel/VERSION-KIND: debug-kernel.sh VERSION-KIND
#
# KIND is debug, kcsan, coverage, or in-tree, which has debar built in; or kunit-uml, -x86, -debug or -kcsan, which have its
# KUnit tests, too. The kernel is configured by common.config, VERSION.config and KIND.config in config/, or those of KUnit by
# kunit.config, what kind of machine it is, and what it looks for; each line must have stuck. What modules are built with stays
# in build/debug-kernel/VERSION-KIND. Times and names are fixed and paths stay the same, for ccache.
set -eu
. "$(dirname "$0")/lib.sh"

kernel=${1:?usage: debug-kernel.sh VERSION-KIND}
version=${kernel%%-*}
kind=${kernel#*-}
fragments=("$VM/config/common.config" "$VM/config/$version.config" "$VM/config/$kind.config")
case $kind in
kunit-uml) fragments=("$VM/config/kunit.config" "$VM/config/kunit-uml.config") ;;
kunit-x86) fragments=("$VM"/config/{kunit,kunit-machine,kunit-x86}.config) ;;
kunit-*) fragments=("$VM"/config/{kunit,kunit-machine,"${kind#*-}"}.config) ;;
esac
[ -s "${fragments[-1]}" ] || die "no configuration ${fragments[-1]}"
source=$BUILD/source-$version
objects=$BUILD/debug-kernel/$kernel
out=$BUILD/kernel/$kernel
flags=()
image=arch/x86/boot/bzImage
targets=(bzImage modules)
case $kind in
*kcsan) export KCSAN_SANITIZE=n ;;& # only what asks for it is watched
kunit-uml) flags=(ARCH=um) image=linux targets=(linux) ;;
kunit-*) targets=(bzImage) ;;
esac
export CCACHE_DIR=$BUILD/ccache CCACHE_BASEDIR=$BUILD KBUILD_BUILD_TIMESTAMP=@0 KBUILD_BUILD_USER=debar KBUILD_BUILD_HOST=debar

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
	sed "s|@BUILD@|$BUILD|" "${fragments[@]}" >"$objects/fragments"
	kernel_make KCONFIG_ALLCONFIG="$objects/fragments" allnoconfig
	stuck "$objects/fragments"
}

install_kernel() {
	rm -rf "$out"
	mkdir -p "$out"
	cp "$objects/$image" "$out/vmlinuz"
	[ "${kind%-*}" = kunit ] || kernel_make INSTALL_MOD_PATH="$out" modules_install
	cp "$objects/include/config/kernel.release" "$out/release"
}

# A tree of its own, all of whose files but those that debar changes are the same files.
put_debar_in() {
	locked "in-tree-$version"
	if [ ! "$BUILD/in-tree-$version/.key" -nt "$source/.key" ]; then
		rm -rf "$BUILD/in-tree-$version"
		cp -al "$source" "$BUILD/in-tree-$version"
		rm "$BUILD/in-tree-$version/.key"
		touch "$BUILD/in-tree-$version/.key"
	fi
	"$TOP/kmod/in-tree.sh" add "$BUILD/in-tree-$version"
	"$VM/certs.sh" "$BUILD/in-tree-$version/security/debar/kmod"
}

make_boot_policy() {
	mkdir -p "$BUILD/debug-kernel"
	"$BUILD/userspace/debarctl" policy build "$VM/config/boot-policy.yaml" -o "$BUILD/debug-kernel/boot.debar"
}

"$VM/linux-source.sh" "$version" whole
locked "debug-kernel-$kernel"
key="$(cat "$source/.key" "${fragments[@]}" "$VM/debug-kernel.sh" | sha256sum)"
ours=("$TOP/kmod" "$TOP/Kbuild")
case $kind in
in-tree | kunit-*)
	(put_debar_in)
	source=$BUILD/in-tree-$version
	;;&
in-tree)
	make_boot_policy
	ours+=("$BUILD/debug-kernel/boot.debar" "$BUILD/certs/certs.der")
	;;&
in-tree | kunit-*) key="$key $(find "${ours[@]}" -type f -exec sha256sum {} + | sha256sum)" ;;
esac
[ "$(cat "$out/key" 2>/dev/null)" != "$key" ] || exit 0
logged "debug-kernel-$kernel-config" "configuring the kernel $kernel" configure
logged "debug-kernel-$kernel" "building the kernel $kernel" kernel_make "${targets[@]}"
logged "debug-kernel-$kernel-install" "installing the kernel $kernel" install_kernel
echo "$key" >"$out/key"
