#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Tests of debarctl's command line, with sanitizers and without the kernel: messages, exit codes, files. TAP on stdout.
#
# DEBS is a folder with the packages sl, jq, libjq1 and cowsay; without it, the tests that need them fail.
set -eu

HERE=$(cd "$(dirname "$0")" && pwd)
TOP=$(cd "$HERE/../.." && pwd)
DEBS=${DEBS:-$TOP/build/debs/bookworm}
export LC_ALL=C ASAN_OPTIONS=detect_leaks=1

make -s -C "$TOP/userspace" SANITIZE=1 >&2
PATH=$TOP/build/userspace-asan:$PATH
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
cd "$WORK"

# shellcheck source=tests/cli/lib.sh
. "$HERE/lib.sh"
for part in source profiles policy sign import import_list check edits usage; do
	echo "# $part"
	# shellcheck source=/dev/null
	. "$HERE/$part.sh"
done
tap_done
