#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes edited copies of programs of real packages, as somebody does who wants them unrecognised: edits.sh DEBS OUT
#
# OUT/PACKAGE/original is the program, beside it lie its edits; each still runs. CROSS_COMPILE=PREFIX- stands before the
# names of binutils' programs, for those of another architecture.
set -eu
debs=${1:?usage: edits.sh DEBS OUT}
out=${2:?usage: edits.sh DEBS OUT}
export LC_ALL=C

# section FILE NAME - where a section begins in the file, and how long it is
section() {
	"${CROSS_COMPILE:-}readelf" -SW "$1" | sed 's/\[ */[/' | awk -v name="$2" '$2 == name { print "0x" $5, "0x" $6 }'
}

# flip FILE OFFSET - change the byte there
flip() {
	local byte
	byte=$(od -An -tu1 -j $(($2)) -N 1 "$1")
	# shellcheck disable=SC2059 # the byte is made here
	printf "\\x$(printf %02x $((byte ^ 255)))" | dd of="$1" bs=1 seek=$(($2)) conv=notrunc status=none
}

# edit HOW FILE - in place; sections are changed where it does no harm
edit() {
	local offset size
	case $1 in
	renamed) ;;
	stripped) "${CROSS_COMPILE:-}strip" --strip-all -R .comment -R .gnu_debuglink -R .note.ABI-tag "$2" ;;
	appended) printf x >>"$2" ;;
	section) "${CROSS_COMPILE:-}objcopy" --add-section .signature="$0" "$2" ;;
	unidentified) "${CROSS_COMPILE:-}objcopy" -R .note.gnu.build-id "$2" ;;
	rodata | data)
		read -r offset size < <(section "$2" ".$1")
		flip "$2" "$offset"
		;;
	text)
		read -r offset size < <(section "$2" .text)
		flip "$2" $((offset + size - 1))
		;;
	esac
}

for package in jq libjq1 sl; do
	mkdir -p "$out/$package"
	dpkg-deb -x "$(find "$debs" -name "${package}_*.deb" | head -n 1)" "$out/$package/unpacked"
	program=$(find "$out/$package/unpacked" -type f \( -name jq -o -name 'libjq.so.*' -o -name sl \) | head -n 1)
	mv "$program" "$out/$package/original"
	rm -r "$out/$package/unpacked"
	for how in renamed stripped appended section rodata data unidentified text; do
		cp "$out/$package/original" "$out/$package/$how"
		chmod u+w "$out/$package/$how"
		edit "$how" "$out/$package/$how"
	done
done
