#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Installs the packages of the named sections of packages.list that are missing: install.sh run|chroot|test|check...
set -eu
. "$(dirname "$0")/lib.sh"

[ $# -gt 0 ] || die "usage: install.sh SECTION..."
missing=
for section; do
	packages=$(awk -v section="$section" '$1 == section { print $2 }' "$VM/packages.list")
	[ -n "$packages" ] || die "packages.list has no section $section"
	for package in $packages; do
		status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=
		[ "$status" = installed ] || missing="$missing $package"
	done
done
[ -n "$missing" ] || exit 0

[ "$(id -u)" = 0 ] || die "not installed:$missing: run this as root, or install them"
locked apt
say "missing:$missing"
export DEBIAN_FRONTEND=noninteractive
logged apt-update "fetching package lists" apt-get update -qq
# shellcheck disable=SC2086 # a list of words
logged apt-install "installing packages" apt-get install -y -qq --no-install-recommends \
	-o Dpkg::Options::=--force-unsafe-io $missing
