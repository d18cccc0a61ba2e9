#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every ELF file of a full Debian system, judged with each source package in turn as the banned vendor. TAP on stdout.
#
# A source package is a vendor here: what it builds may lie in several of its packages, and a ban is meant for all of
# them. tests/vm/system.sh downloads the packages; the policies and the unpacked files stay in build/packages.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
TOP=$(cd "$HERE/../.." && pwd)
BUILD=${BUILD:-$TOP/build}
PATH=$BUILD/userspace:$PATH
export LC_ALL=C
work=$BUILD/packages
kinds='sha256 code-sha256 build-id'

rm -rf "$work"
mkdir -p "$work/files" "$work/sources"
cd "$work"

while read -r deb; do
	# shellcheck disable=SC2016 # dpkg-deb expands
	printf '%s %s\n' "$(dpkg-deb --show --showformat='${source:Package}' "$deb")" "$deb"
done <"$BUILD/debs/system.list" | sort >debs

# unpack SOURCE DEB - its files, to files/SOURCE/PACKAGE, but what nobody runs and there is much of
unpack() {
	local to
	to=files/$1/$(basename "$2" .deb)
	mkdir -p "$to"
	dpkg-deb --fsys-tarfile "$2" | tar -x -f - -C "$to" --no-same-owner --no-same-permissions \
		--exclude=./usr/share/doc --exclude=./usr/share/man --exclude=./usr/share/locale
}

# import_source SOURCE DEB... - policy source with all indicators of a vendor; 4: its packages have nothing to ban
import_source() {
	local source=$1 list=${kinds// /,}
	shift
	debarctl import "$@" --ban "$source" --vendor "$source" --kind "$list" -o "sources/$source.yaml" || [ $? = 4 ]
}

# only KIND - one kind of indicator of each vendor
only() {
	local kind=$1 source
	mkdir -p "$kind"
	for source in sources/*.yaml; do
		grep -q "^  - ${kind//-/_}: " "$source" || continue
		awk -v key="${kind//-/_}:" '/^[^ ]|^- |^  [^ -]/ { keep = 1 } /^  - / { keep = $2 == key } keep' \
			"$source" >"$kind/${source##*/}"
	done
}
export kinds
export -f unpack import_source

xargs -a debs -P "$(nproc)" -L 1 bash -euc 'unpack "$@"' unpack >&2
awk '{ of[$1] = of[$1] " " $2 } END { for (source in of) print source of[source] }' debs >of-source
xargs -a of-source -P "$(nproc)" -L 1 bash -euc 'import_source "$@"' import_source >import.log 2>&1 ||
	{ cat import.log >&2; exit 1; }
for kind in $kinds; do
	only "$kind"
	# An indicator of two vendors is refused, with both named.
	debarctl policy build "$kind"/*.yaml -o "$kind.debar" >"$kind.log" 2>&1 || cat "$kind.log" >&2
done
# shellcheck disable=SC2086 # a list of words
"$HERE/judge.py" files $kinds
