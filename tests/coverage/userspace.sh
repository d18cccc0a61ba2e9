#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Programs that count which lines they execute: userspace.sh install FOLDER builds them and puts them there, for a virtual
# machine; userspace.sh test runs the unit and command tests on such. The counts lie in build/coverage/tree, a copy of the
# sources, so that what is built elsewhere stays as it is.
set -eu
. "$(dirname "$0")/../vm/lib.sh"

tree=$BUILD/coverage/tree

prepare() {
	mkdir -p "$tree"
	rsync -rlpt --delete --exclude=/build "$TOP"/{Makefile,kmod,userspace,policy,tests} "$tree/"
}

# What was counted before is dropped.
run() {
	mkdir -p "$tree"/build/{unit,userspace-asan}
	find "$tree"/build/{unit,userspace-asan} -name '*.gcda' -delete
	make -C "$tree/tests/unit" run
	DEBS="$BUILD/guest/run/debs" "$tree/tests/cli/run.sh"
}

locked coverage-tree
prepare
# The compiler and the linker both have to know.
export CC='gcc --coverage' CFLAGS='-O0 -g'
case ${1:-} in
install) make -C "$tree/userspace" install DESTDIR="${2:?usage: userspace.sh install FOLDER}" prefix=/usr ;;
test) logged coverage-userspace "running the unit and command tests" run ;;
*) die "neither install nor test: ${1:-}" ;;
esac
