#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Unpacks the Debian packages of a virtual machine into build/guest/PROFILE: guest.sh run|test|bench|test-arm64
#
# Nothing is configured: no maintainer script runs. Vendor packages also lie in /debs, as an operator would get them.
set -eu
. "$(dirname "$0")/lib.sh"

profile=${1:?usage: guest.sh run|test|bench|test-arm64}
suite=bookworm$(arm64 "$profile") architecture=amd64
[ -z "$(arm64 "$profile")" ] || architecture=arm64
case ${profile%-arm64} in
run) sections='guest vendor' ;;
test) sections='guest vendor guesttest' ;;
bench) sections='guest guestbench' ;;
*) die "unknown profile $profile" ;;
esac
root=$BUILD/guest/$profile

# packages SECTIONS SEPARATOR
packages() {
	awk -v sections=" $1 " -v separator="$2" '
		!/^#/ && NF && index(sections, " " $1 " ") { printf "%s%s", first++ ? separator : "", $2 }' \
		"$VM/packages.list"
}

unpack() {
	# shellcheck disable=SC2016 # mmdebstrap passes the root as $1
	apt_lines "$suite" | mmdebstrap --mode=root --variant=extract --format=directory --keyring="$KEYRING" \
		--architectures=$architecture \
		--include="$(packages "$sections" ,)" --aptopt='Apt::Install-Recommends "false"' \
		--setup-hook='for d in bin sbin lib lib64; do mkdir -p "$1/usr/$d"; ln -s "usr/$d" "$1/$d"; done' \
		bookworm "$1" -
}

strip() { # ROOT - drop what no program reads, so that the machine boots sooner
	(
		cd "$1"
		cd usr/share && rm -rf doc man locale info lintian bug zoneinfo i18n bash-completion
		cd ../../var && rm -rf lib/apt cache/apt lib/dpkg
		cd ../usr/lib && rm -rf ./*-linux-gnu/gconv
	)
}

populate() { # ROOT
	local dir=$1 path package
	mkdir -p "$dir"/{debs,dev,proc,sys,tmp,run,root,etc,var/log,var/lib,mnt,home/alice}
	busybox --list-full | while read -r path; do
		[ -e "$dir/$path" ] || [ -L "$dir/$path" ] || ln -s /bin/busybox "$dir/$path"
	done
	printf 'root:x:0:0:root:/root:/bin/sh\nalice:x:1000:1000::/home/alice:/bin/sh\n' >"$dir/etc/passwd"
	printf 'root:x:0:\nalice:x:1000:\n' >"$dir/etc/group"
	for package in $(packages vendor ' '); do
		cp "$(fetch "$suite" "$package")" "$dir/debs/"
	done
}

locked "guest-$profile"
key=$(cat "$VM/packages.list" "$VM/guest.sh" | sha256sum)
[ "$(cat "$root.key" 2>/dev/null)" != "$key" ] || exit 0
suite_update "$suite"
rm -rf "$root" "$root.new" "$root.key"
mkdir -p "$BUILD/guest"
logged "guest-$profile" "unpacking the packages of the virtual machine ($profile)" unpack "$root.new"
strip "$root.new"
populate "$root.new"
mv "$root.new" "$root"
echo "$key" >"$root.key"
