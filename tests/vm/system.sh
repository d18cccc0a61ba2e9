#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Downloads a full Debian system: the section `system` of packages.list and all that it depends on, into build/debs/system.
#
# build/debs/system.list names the packages. Those of architecture "all" are left out: they hold no machine code, but
# for libraries of foreign machines.
set -eu
. "$(dirname "$0")/lib.sh"

dir=$BUILD/debs/system
list=$BUILD/debs/system.list

files() { # PACKAGE... - of a system that has these packages
	suite_apt bookworm apt-get install -y --no-install-recommends --print-uris "$@" |
		awk '/^\x27/ && ($2 !~ /_all\.deb$/ || $2 ~ /-cross_/) { print $2 }' | sort
}

locked system
suite_update bookworm
mapfile -t wanted < <(awk '$1 == "system" { print $2 }' "$VM/packages.list")
files=$(files "${wanted[@]}")
[ -n "$files" ] || die "bookworm has no such system: see the section system of packages.list"
mkdir -p "$dir"
missing=()
for file in $files; do
	[ -s "$dir/$file" ] || missing+=("${file%%_*}")
done
if [ ${#missing[@]} -gt 0 ]; then
	say "downloading ${#missing[@]} packages from bookworm"
	(cd "$dir" && suite_apt bookworm apt-get download "${missing[@]}") >&2 || die "cannot download them"
fi
for file in $files; do echo "$dir/$file"; done >"$list"
