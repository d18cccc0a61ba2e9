#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Puts debar into the source of a kernel as security/debar/, or takes it out again: in-tree.sh add|remove TREE
#
# Besides the folder, lines that name debar come into a few files. A file that would not change is not touched, so that the
# kernel's build makes nothing anew for it; what was put there before is replaced.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
usage='usage: in-tree.sh add|remove TREE'
action=${1:?$usage}
tree=${2:?$usage}
die() { echo "in-tree: $*" >&2; exit 1; }

# without FILE - the file without the lines of debar
without() {
	sed -e '/^#if IS_ENABLED(CONFIG_SECURITY_DEBAR)$/,/^$/d' -e '/debar/Id' "$1"
}

# replace FILE CONTENT - a new file, for there may be links to the old one
replace() {
	printf %s "$2" >"$1.new"
	chmod --reference="$1" "$1.new"
	mv "$1.new" "$1"
}

# edit FILE SCRIPT - let the file have those lines that the sed script adds, when they are wanted
edit() {
	local file=$tree/$1 new
	[ -e "$file" ] || return 0 # in older kernels two are missing
	new=$(without "$file" | sed -e "$([ "$action" = remove ] || echo "$2")" && echo .)
	new=${new%.}
	[ "$action" = remove ] || [[ ${new,,} == *debar* ]] || die "$1: the place for debar is not there: is this kernel supported?"
	printf %s "$new" | cmp -s - "$file" || replace "$file" "$new"
}

[ -e "$tree/security/security.c" ] || die "$tree is no source of a kernel"
case $action in
add)
	mkdir -p "$tree/security/debar"
	rsync -rlpt --delete --include='*/' --include='*.[chS]' --include=certs.der --include=Kbuild --include=Kconfig --exclude='*' \
		--prune-empty-dirs "$top/Kbuild" "$top/kmod" "$tree/security/debar/"
	;;
remove) rm -rf "$tree/security/debar" ;;
*) die "$usage" ;;
esac

edit security/Kconfig '/^source "security\/landlock\/Kconfig"$/a source "security/debar/kmod/Kconfig"'
# shellcheck disable=SC2016 # make expands it
edit security/Makefile '/^obj-$(CONFIG_SECURITY_LANDLOCK)/a obj-$(CONFIG_SECURITY_DEBAR)		+= debar/'
# The kernel's own modules are numbered from 100 on, one by one.
edit include/uapi/linux/lsm.h '/^#define LSM_ID_UNDEF/a #define LSM_ID_DEBAR		0xdeba'
edit include/linux/lsm_count.h '
/^#if IS_ENABLED(CONFIG_SECURITY_SELINUX)$/i \
#if IS_ENABLED(CONFIG_SECURITY_DEBAR)\
#define DEBAR_ENABLED 1,\
#else\
#define DEBAR_ENABLED\
#endif\

/^\t\tCAPABILITIES_ENABLED\t\\$/a \
		DEBAR_ENABLED		\\
'

# Before 6.9 no security module is asked about a file that was opened, when it can be read; IMA is, by name. The hook file_open
# comes too early for it: nothing can be read through the file yet, and it cannot tell files that the kernel opens for itself.
grep -q file_post_open "$tree/include/linux/lsm_hook_defs.h" && exit
edit include/linux/ima.h '/^struct linux_binprm;$/a \
int debar_file_post_open(struct file *file, int mask);\
#define debar_post_open(file, mask) (IS_ENABLED(CONFIG_SECURITY_DEBAR) ? debar_file_post_open(file, mask) : 0)'
edit fs/namei.c '/= ima_file_check(file, op->acc_mode);$/a \
	error = error ?: debar_post_open(file, op->acc_mode);'
edit fs/nfsd/vfs.c '/= ima_file_check(file, may_flags);$/a \
	host_err = host_err ?: debar_post_open(file, may_flags);'
