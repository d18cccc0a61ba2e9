#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Unpacks Debian's linux-source package: linux-source.sh 6.1|6.12|7.3 [whole]
#
# What testing debar needs of it goes to build/linux-KERNEL/: checkpatch, the scripts for coccinelle, the kselftest headers,
# the exec selftests and the netlink generator. The whole of it, to build kernels from, goes to build/source-KERNEL/.
set -eu
. "$(dirname "$0")/lib.sh"

kernel=${1:?usage: linux-source.sh 6.1|6.12|7.3 [whole]}
suite=$(suite_of "$kernel")
name=linux-$kernel what='parts of'
[ "${2:-}" != whole ] || name=source-$kernel what='the whole of'
out=$BUILD/$name
wanted='MAINTAINERS Makefile
	scripts/checkpatch.pl scripts/spelling.txt scripts/const_structs.checkpatch scripts/coccinelle
	tools/testing/selftests/*.h tools/testing/selftests/lib.mk tools/testing/selftests/kselftest
	tools/testing/selftests/exec tools/testing/selftests/filesystems samples/check-exec
	tools/scripts tools/include tools/net/ynl Documentation/netlink'

tarball() {
	dpkg-deb --fsys-tarfile "$1" | tar -xO -f - "./usr/src/linux-source-$kernel.tar.xz"
}

unpack_whole() {
	mkdir -p "$out.new"
	tarball "$1" | tar -xJ -f - -C "$out.new" --strip-components=1 --no-same-owner
}

unpack_parts() {
	local deb=$1 patterns=() name
	set -f
	for name in $wanted; do
		patterns+=("linux-source-$kernel/$name")
	done
	mkdir -p "$out.new"
	# A pattern that a version lacks makes tar complain at the very end; what matters is checked below.
	tarball "$deb" | tar -xJ -f - -C "$out.new" --strip-components=1 --no-same-owner --wildcards \
		--no-wildcards-match-slash "${patterns[@]}" || true
	for name in MAINTAINERS scripts/checkpatch.pl tools/testing/selftests/lib.mk tools/testing/selftests/exec; do
		[ -e "$out.new/$name" ] || { echo "$name is missing in $deb"; return 1; }
	done
}

locked "$name"
key=$(sha256sum <"$VM/linux-source.sh")
if [ "$(cat "$out/.key" 2>/dev/null)" != "$key" ]; then
	suite_update "$suite"
	deb=$(fetch "$suite" "linux-source-$kernel")
	rm -rf "$out" "$out.new"
	logged "$name" "unpacking $what linux-source-$kernel" "unpack_${2:-parts}" "$deb"
	echo "$key" >"$out.new/.key"
	mv "$out.new" "$out"
fi
