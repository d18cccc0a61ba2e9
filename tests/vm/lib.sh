# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2016 # variables for those who source it; formats in single quotes
# What the scripts of this folder share: where things lie, how they speak, and packages of any Debian suite.
#
# Source it after `set -eu`. Nothing is done by sourcing but setting variables and defining functions.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=${BUILD:-$TOP/build}
VM=$TOP/tests/vm
LOGS=$BUILD/logs
# As Debian ships them: the usual ones, other flavours, another architecture; and those that debug-kernel.sh builds.
KERNELS="6.1 6.12 7.3 6.12-cloud 6.12-rt 6.1-arm64 6.12-arm64"
OWN_KERNELS="6.1-debug 6.1-kcsan 6.1-in-tree 6.12-in-tree 7.3-in-tree 6.12-coverage"
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
SCRIPT=$(basename "$0" .sh)
export LC_ALL=C
# A make that a script starts is not part of the make that started the script.
unset MAKEFLAGS MFLAGS MAKELEVEL

say() { printf '[%4ds] %s: %s\n' "$(($(date +%s) - ${DEBAR_START:-$(date +%s)}))" "$SCRIPT" "$*" >&2; }
die() { printf '%s: %s\n' "$SCRIPT" "$*" >&2; exit 1; }

# logged NAME WHAT COMMAND... - run a long step silently; when it fails say which, and show the end of its log.
logged() {
	local log=$LOGS/$1.log what=$2 code
	shift 2
	mkdir -p "$LOGS"
	say "$what"
	set +e # not `if`, within which a function would go on after an error
	(
		set -e -o pipefail
		"$@"
	) >"$log" 2>&1 </dev/null
	code=$?
	set -e
	if [ "$code" != 0 ]; then
		tail -n 25 "$log" >&2
		die "$what: failed; the whole log: $log"
	fi
}

# locked NAME - hold a lock until the script ends: parallel make jobs share downloads and the chroot.
locked() {
	mkdir -p "$BUILD/lock"
	exec 9>"$BUILD/lock/$1"
	flock 9
}

# stock KERNEL - whether Debian built it
stock() {
	case " $KERNELS " in *" $1 "*) ;; *) return 1 ;; esac
}

# arm64 NAME - "-arm64" if this kernel, suite or profile is of that architecture, and nothing otherwise
arm64() {
	case $1 in *-arm64) echo -arm64 ;; esac
}

# suite_of KERNEL - the Debian suite that ships this kernel, or its source; with the architecture, if it is another one
suite_of() {
	case $1 in
	6.1-arm64) echo bookworm-arm64 ;;
	6.12-arm64) echo trixie-arm64 ;;
	6.1 | 6.1-*) echo bookworm ;;
	6.12 | 6.12-*) echo trixie ;;
	7.3 | 7.3-*) echo trixie-backports ;;
	*) die "unknown kernel $1: choose one of $KERNELS $OWN_KERNELS" ;;
	esac
}

# chroot_of KERNEL - the folder of build/chroot in which modules for it are built; none: on this machine itself
chroot_of() {
	case $1 in
	6.12 | 7.3) echo trixie ;;
	*-cloud | *-rt) echo trixie-flavours ;;
	*-arm64) suite_of "$1" ;;
	esac
}

# chrooted NAME FOLDER COMMAND... - in this folder of build/chroot, which sees FOLDER under its own path, run a command
#
# FOLDER has nothing that cannot be made again: what removes a chroot may meet a mount that was left.
# objtool reads /proc. The mounts end with a mount namespace of their own; where the root folder is no mount (in a chroot,
# say), that cannot be kept apart, and the trap alone removes them.
chrooted() {
	local name=$1 root=$BUILD/chroot/$1 folder=$2 propagation=private
	shift 2
	mountpoint -q / || propagation=unchanged
	mkdir -p "$root$folder"
	[ -z "$(arm64 "$name")" ] || set -- ARCH=arm64 CROSS_COMPILE=aarch64-linux-gnu- CC=aarch64-linux-gnu-gcc \
		AR=aarch64-linux-gnu-ar PKG_CONFIG_LIBDIR=/usr/lib/aarch64-linux-gnu/pkgconfig "$@"
	# shellcheck disable=SC2016 # the inner shell expands
	unshare --mount --propagation $propagation --fork /bin/sh -eu -c '
		root=$1 folder=$2
		shift 2
		trap "umount \"$root$folder\" \"$root/proc\"" EXIT
		mount -t proc proc "$root/proc"
		mount --bind "$folder" "$root$folder"
		/usr/sbin/chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C "$@"
	' sh "$root" "$folder" "$@"
}

# mirror [security] - the base address of the Debian archive that this machine's apt uses
mirror() {
	local want=bookworm uri
	[ "${1:-}" = security ] && want=bookworm-security
	uri=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Identifier: Packages' |
		awk -v want="$want" '$1 == want { print $2; exit }')
	[ -n "$uri" ] || die "apt has no source for $want: add Debian 12 $want to /etc/apt"
	echo "${uri%/}"
}

# apt_lines SUITE - the sources for this suite alone, whatever the architecture
apt_lines() {
	local suite=${1%-arm64}
	echo "deb [signed-by=$KEYRING] $(mirror) $suite main"
	[ "$suite" != bookworm ] || echo "deb [signed-by=$KEYRING] $(mirror security) bookworm-security main"
}

# suite_apt SUITE COMMAND... - apt-get or apt-cache on a private state that knows this suite alone
suite_apt() {
	local dir=$BUILD/apt/$1 command=$2 options=()
	[ -z "$(arm64 "$1")" ] || options=(-o APT::Architecture=arm64 -o APT::Architectures=arm64)
	shift 2
	"$command" -qq -o Dir::Etc::SourceList="$dir/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::State="$dir/state" -o Dir::Cache="$dir/cache" -o Dir::State::Status="$dir/status" \
		-o APT::Sandbox::User=root "${options[@]}" "$@"
}

# suite_update SUITE - fetch the package lists of a suite, once a day at most
suite_update() {
	local dir=$BUILD/apt/$1
	[ -z "$(find "$dir/updated" -mmin -1440 2>/dev/null)" ] || return 0
	mkdir -p "$dir/state/lists/partial" "$dir/cache/archives/partial"
	: >"$dir/status"
	apt_lines "$1" >"$dir/sources.list"
	suite_apt "$1" apt-get update --error-on=any || die "cannot fetch the package lists of $1: see the message above"
	touch "$dir/updated"
}

# newest SUITE METAPACKAGE - the package with a version in its name that a kernel metapackage depends on
newest() {
	suite_apt "$1" apt-cache depends "$2" | awk '$1 == "Depends:" && $2 ~ /-[0-9]/ { print $2; exit }'
}

# release_of KERNEL - what uname -r says there; given by what debar.ko is built with
release_of() {
	local headers
	case $1 in
	6.1) headers=$(dpkg-query -W -f '${Depends}' linux-headers-amd64 | grep -o 'linux-headers-[^ ,]*') ;;
	*)
		if stock "$1"; then
			headers=$(cat "$BUILD/chroot/$(chroot_of "$1")/headers-$1")
		else
			headers=$(cat "$BUILD/kernel/$1/release")
		fi
		;;
	esac
	[ -n "$headers" ] || die "no headers for $1: run install.sh run, or chroot.sh"
	echo "${headers#linux-headers-}"
}

# fetch SUITE PACKAGE - download a package of a suite; prints the path of the .deb
fetch() {
	local dir=$BUILD/debs/$1 name
	mkdir -p "$dir"
	name=$(suite_apt "$1" apt-get download --print-uris "$2" | awk '{ print $2; exit }')
	[ -n "$name" ] || die "$1 has no package $2"
	if [ ! -s "$dir/$name" ]; then
		say "downloading $2 from $1"
		(cd "$dir" && suite_apt "$1" apt-get download "$2") >&2 || die "cannot download $2 from $1"
	fi
	echo "$dir/$name"
}
