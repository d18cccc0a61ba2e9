# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the parts of the command line tests share: TAP, and running debarctl with its output kept.

tap_count=0
tap_failed=0

# result WHAT PASSED - PASSED is 0 when it is as expected
result() {
	tap_count=$((tap_count + 1))
	if [ "$2" = 0 ]; then
		echo "ok $tap_count - $1"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_count - $1"
		sed 's/^/# stdout: /' out
		sed 's/^/# stderr: /' err
	fi
}

# run COMMAND... - run it; its output is in the files out and err, its exit code in $code
run() {
	code=0
	"$@" >out 2>err </dev/null || code=$?
}

# exits WHAT CODE COMMAND...
exits() {
	local what=$1 expected=$2
	shift 2
	run "$@"
	[ "$code" = "$expected" ] || echo "exit code $code, expected $expected" >>err
	result "$what" "$([ "$code" = "$expected" ] && echo 0 || echo 1)"
}

# says WHAT CODE MESSAGE COMMAND... - exits with CODE, and all of its standard error is MESSAGE
says() {
	local what=$1 expected=$2 message=$3
	shift 3
	run "$@"
	if [ "$code" = "$expected" ] && [ "$(cat err)" = "$message" ]; then
		result "$what" 0
	else
		printf 'expected exit code %s, got %s; expected:\n%s\n' "$expected" "$code" "$message" >>err
		result "$what" 1
	fi
}

# has WHAT TEXT - standard output of the last command has this line, or part of a line
has() { result "$1" "$(grep -qF -- "$2" out && echo 0 || echo 1)"; }

# valid COMMAND - standard output of the last command is what the schema says of the command with --json
valid() {
	local code=0
	"$HERE/schema.py" "$TOP/userspace/schema/debarctl.json" "$1" <out >>err 2>&1 || code=1
	result "$1: the JSON keeps to its schema" $code
}

# same WHAT FILE FILE
same() { result "$1" "$(cmp -s "$2" "$3" && echo 0 || echo 1)"; }

# absent WHAT FILE...
absent() {
	local what=$1 found=0 file
	shift
	for file; do [ ! -e "$file" ] || found=1; done
	result "$what" $found
}

tap_done() {
	echo "1..$tap_count"
	[ "$tap_failed" = 0 ]
}
