#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Collects what was counted of debar: kernel.sh kunit|selftests. What the kernel has counted comes to lie in
# build/coverage/kernel/WHICH, beside what gcov needs to read it; what debar's programs have, where they were built.
set -eu
. "$(dirname "$0")/../vm/lib.sh"

which=${1:?usage: kernel.sh kunit|selftests}
out=$BUILD/coverage/kernel/$which
case $which in
kunit)
	counts=$BUILD/vm/6.12-kunit-x86/counts.tar
	notes=$BUILD/debug-kernel/6.12-kunit-x86/security/debar/kmod
	;;
selftests)
	counts=$BUILD/vm/6.12-coverage-test/counts.tar
	notes=$BUILD/module/6.12-coverage/kmod
	;;
*) die "neither kunit nor selftests: $which" ;;
esac

collect() {
	rm -rf "$out"
	mkdir -p "$out"
	tar -x -f "$counts" -C "$out"
	cp "$notes"/*.gcno "$out/kernel/"
	[ -d "$out/userspace" ] || return 0
	find "$out/userspace" -name '*.gcda' -exec mv -t "$BUILD/coverage/tree/build/userspace" {} +
	rm -r "$out/userspace"
}

logged "coverage-$which" "collecting what was counted of debar: $which" collect
