#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Unpacks from Debian's linux-source package what building and testing debar needs: linux-source.sh 6.1|6.12|7.3
#
# The result is build/linux-KERNEL/: checkpatch, the kselftest headers, the exec selftests and the netlink generator.
set -eu
. "$(dirname "$0")/lib.sh"

kernel=${1:?usage: linux-source.sh 6.1|6.12|7.3}
suite=$(suite_of "$kernel")
out=$BUILD/linux-$kernel
wanted='MAINTAINERS Makefile
	scripts/checkpatch.pl scripts/spelling.txt scripts/const_structs.checkpatch
	tools/testing/selftests/*.h tools/testing/selftests/lib.mk tools/testing/selftests/kselftest
	tools/testing/selftests/exec tools/testing/selftests/filesystems samples/check-exec
	tools/scripts tools/include tools/net/ynl Documentation/netlink'

unpack() {
	local deb=$1 member patterns=() name
	set -f
	for name in $wanted; do
		patterns+=("linux-source-$kernel/$name")
	done
	member=./usr/src/linux-source-$kernel.tar.xz
	mkdir -p "$out.new"
	# A pattern that a version lacks makes tar complain at the very end; what matters is checked below.
	dpkg-deb --fsys-tarfile "$deb" | tar -xO -f - "$member" |
		tar -xJ -f - -C "$out.new" --strip-components=1 --no-same-owner --wildcards \
			--no-wildcards-match-slash "${patterns[@]}" || true
	for name in MAINTAINERS scripts/checkpatch.pl tools/testing/selftests/lib.mk tools/testing/selftests/exec; do
		[ -e "$out.new/$name" ] || { echo "$name is missing in $deb"; return 1; }
	done
}

locked "linux-$kernel"
key=$(sha256sum <"$VM/linux-source.sh")
if [ "$(cat "$out/.key" 2>/dev/null)" != "$key" ]; then
	suite_update "$suite"
	deb=$(fetch "$suite" "linux-source-$kernel")
	rm -rf "$out" "$out.new"
	logged "linux-source-$kernel" "unpacking parts of linux-source-$kernel" unpack "$deb"
	echo "$key" >"$out.new/.key"
	mv "$out.new" "$out"
fi
