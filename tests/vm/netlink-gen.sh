#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Generates netlink_gen.[ch] and the UAPI header from kmod/netlink/debar.yaml with the kernel's own generator.
#
# netlink-gen.sh writes them; netlink-gen.sh --check fails, with a diff, when a committed file differs.
set -eu
. "$(dirname "$0")/lib.sh"

"$VM/linux-source.sh" 6.12
source=$BUILD/linux-6.12
# The generator names its input relative to the nearest folder that holds a MAINTAINERS file, looks for the
# schema two folders above the specification, and never ends without the former.
stage=$BUILD/netlink
spec=kmod/netlink/debar.yaml

generate() { # MODE --header|--source FILE
	mkdir -p "$(dirname "$stage/$3")"
	logged netlink-gen "generating $3" timeout 60 /usr/bin/python3 \
		"$source/tools/net/ynl/ynl-gen-c.py" --mode "$1" "$2" --spec "$stage/$spec" -o "$stage/$3"
	[ -s "$stage/$3" ] || die "the generator wrote no $3"
}

compare_or_install() {
	if [ "$check" = no ]; then
		mkdir -p "$(dirname "$TOP/$1")"
		cmp -s "$stage/$1" "$TOP/$1" || cp "$stage/$1" "$TOP/$1"
	else
		diff -u "$TOP/$1" "$stage/$1" || die "$1 is not what $spec generates: run 'make netlink'"
	fi
}

case ${1:-} in
--check) check=yes ;;
'') check=no ;;
*) die "usage: netlink-gen.sh [--check]" ;;
esac
[ -f "$TOP/$spec" ] || die "$spec is missing"

locked netlink
rm -rf "$stage"
mkdir -p "$stage/kmod/netlink"
touch "$stage/MAINTAINERS"
cp "$source"/Documentation/netlink/genetlink*.yaml "$stage/kmod/"
cp "$TOP/$spec" "$stage/$spec"
generate uapi --header kmod/include/uapi/linux/debar.h
generate kernel --header kmod/netlink_gen.h
generate kernel --source kmod/netlink_gen.c
compare_or_install kmod/include/uapi/linux/debar.h
compare_or_install kmod/netlink_gen.h
compare_or_install kmod/netlink_gen.c
