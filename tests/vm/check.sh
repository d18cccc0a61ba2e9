#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The static checks of `make check`, all of which are run: generated files, checkpatch, sparse, coccinelle, gcc's analyzer,
# and of the scripts shellcheck.
set -eu
. "$(dirname "$0")/lib.sh"

cd "$TOP"
failed=

# checked NAME COMMAND... - run a check, go on when it fails
checked() {
	local name=$1
	shift
	say "$name"
	mkdir -p "$LOGS"
	if ! "$@" >"$LOGS/check-$name.log" 2>&1 </dev/null; then
		tail -n 40 "$LOGS/check-$name.log" >&2
		failed="$failed $name"
	fi
}

# written FOLDER... - the C files that people wrote
written() {
	find "${@/#/$TOP/}" -name '*.[ch]' ! -name 'netlink_gen.?' ! -path '*/include/uapi/*' | sort
}

# Only compat/ may ask which kernel this is: checkpatch, made for the kernel itself, knows no such place. Nor does
# userspace have the kernel's types and string functions; and a declaration that begins with _cleanup_ is one, too. In the
# tests, tables made by macros and the harness's own macros look like faults to it.
checkpatch() (
	local check="$BUILD/linux-6.12/scripts/checkpatch.pl --no-tree --no-summary --terse --show-types --strict"
	local user=PREFER_KERNEL_TYPES,PREFER_DEFINED_ATTRIBUTE_MACRO,STRCPY,STRNCPY,LINE_SPACING,CAMELCASE
	local test=MACRO_ARG_REUSE,MACRO_ARG_PRECEDENCE,COMPLEX_MACRO,SPACING,VOLATILE,USE_NEGATIVE_ERRNO,ENOSYS
	test+=,STATIC_CONST_CHAR_ARRAY,QUOTED_WHITESPACE_BEFORE_NEWLINE,OPEN_ENDED_LINE,REPEATED_WORD,LONG_LINE_STRING
	test+=,BIT_MACRO,NAKED_SSCANF,MACRO_WITH_FLOW_CONTROL
	local code=0
	cd "$BUILD" # where it leaves a file
	# shellcheck disable=SC2046,SC2086 # lists of words
	{
		$check -f $(written kmod | grep -v /compat/) || code=1
		$check --ignore LINUX_VERSION_CODE,CONSTANT_COMPARISON -f $(written kmod/compat) || code=1
		$check --ignore $user -f $(written userspace) || code=1
		$check --ignore $user,$test -f $(written tests) || code=1
	}
	exit $code
)

# The kernel's own scripts, but for two that need a compiler for OCaml, and the one that wants min() and max(): the ELF reader
# is userspace's too, which has neither.
coccinelle() {
	local script options code=0
	for script in $(grep -l '^virtual report' "$BUILD"/linux-6.12/scripts/coccinelle/*/*.cocci | xargs grep -L 'script:ocaml'); do
		[ "${script##*/}" != minmax.cocci ] || continue
		options=$(sed -n 's|^// *Options: *||p' "$script")
		# shellcheck disable=SC2086 # a list of words
		spatch -D report --very-quiet $options --cocci-file "$script" --dir kmod >"$LOGS/coccinelle.found" || code=1
		[ ! -s "$LOGS/coccinelle.found" ] || { code=1; echo "${script##*/}:"; cat "$LOGS/coccinelle.found"; }
	done 2>&1
	return $code
}

# gcc 12 takes what is kept in a structure for a leak; leaks are the business of the tests under ASan.
analyzer() {
	make -C userspace -j"$(nproc)" OUT="$BUILD/userspace-analyzer" \
		CFLAGS='-std=c17 -O1 -g -fPIE -Wall -Wextra -Werror -fanalyzer -Wno-analyzer-malloc-leak' all
}

shell_scripts() {
	local scripts
	scripts=$(find .ci tests userspace policy kmod -type f ! -path '*/build/*' -exec grep -lE '^#!/bin/(ba)?sh' {} +)
	# shellcheck disable=SC2086 # a list of words
	shellcheck -x $scripts tests/vm/lib.sh
}

"$VM/linux-source.sh" 6.12
checked generated "$VM/netlink-gen.sh" --check
checked checkpatch checkpatch
checked sparse env CHECK=1 "$VM/build-module.sh" 6.1
checked coccinelle coccinelle
checked analyzer analyzer
checked shellcheck shell_scripts
[ -z "$failed" ] || die "failed:$failed; whole logs: $LOGS/check-*.log"
say "clean"
