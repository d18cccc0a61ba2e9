#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Edited copies of a vendor's real programs: which of them the kernel refuses by each kind of indicator, and records. KTAP.
#
# The copies are made by tests/edits.sh on the host; the policies are what `debarctl import` makes of the packages.
set -u
. ./tap.sh

edits=$PWD/edits
work=$(mktemp -d)
trap 'debarctl module unload >/dev/null 2>&1; rm -rf "$work"' EXIT
cd "$work" || exit 1
debarctl module load >/dev/null
# Without a terminal that it knows, sl ends at once.
export TERM=none

# attempt FILE - run or map it: "refused" when that gives EPERM
attempt() {
	case $1 in
	*/libjq1/*)
		# mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0)
		perl -e 'open F, "<", $ARGV[0] or die $!;
			syscall(9, 0, 4096, 1 | 4, 2, fileno F, 0) > 0 or die "$!\n"' "$1" >out 2>&1
		;;
	*) "$1" --version >out 2>&1 </dev/null ;;
	esac
	case $? in
	0) echo 'let through' ;;
	*) grep -q 'Operation not permitted' out && echo refused || echo 'let through' ;;
	esac
}

# digest_in POLICY - of its one indicator
digest_in() { sed -n 's/^  - [a-z0-9_]*: \([0-9a-f]*\)$/\1/p' "$1"; }

# expect KIND - the edits that it still knows
expect() {
	case $1 in
	file-sha256) echo 'original renamed' ;;
	code-sha256) echo 'original renamed stripped appended section rodata data unidentified' ;;
	build-id) echo 'original renamed stripped appended section rodata data text' ;;
	esac
}

serial=0
for package in jq libjq1 sl; do
	[ $package = libjq1 ] && operation=map || operation=execute
	for kind in file-sha256 code-sha256 build-id; do
		serial=$((serial + 1))
		debarctl policy unload >/dev/null
		for how in $(expect file-sha256) $(expect "$kind"); do
			attempt "$edits/$package/$how"
		done | sort -u >before
		same "$package: without a ban all are let through" 'let through' "$(cat before)"

		debarctl import /debs/${package}_*.deb --kind $kind -o policy.yaml >/dev/null
		sed -i "s/^serial: .*/serial: $serial/" policy.yaml
		debarctl policy load policy.yaml >/dev/null
		result "$package: a ban by $kind" $?
		next=$(debarctl status --json | sed 's/.*"denials_next":\([0-9]*\).*/\1/')
		refused=
		for how in original renamed stripped appended section rodata data unidentified text; do
			[ "$(attempt "$edits/$package/$how")" = refused ] && refused="$refused $how"
		done
		same "$package: refused by $kind" " $(expect $kind)" "$refused"
		same "$package: another program by $kind" 'let through' "$(attempt /usr/bin/true)"

		# Each refusal has its record, with the file's own path and the indicator that knew it.
		for how in $(expect $kind); do
			echo "$operation deny $package $kind $(digest_in policy.yaml) $edits/$package/$how"
		done >expected
		debarctl denials --since "$next" --json | perl -MJSON::PP -ne '
			$d = decode_json($_);
			print "@$d{qw(operation verdict product kind digest path)}\n" if $d->{type} eq "denial"' >recorded
		cmp -s expected recorded || diff expected recorded | sed 's/^/# /'
		cmp -s expected recorded
		result "$package: each refusal by $kind is recorded, and why" $?
	done
done
finish
