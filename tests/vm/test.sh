#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The guest's side of `make test`: runs each line of /tests/tests.list as one KTAP test, its own output as subtests.
#
# A line is: seconds, program, arguments. The program runs in /tests; exit code 4 means skipped, as in kselftest.
# A line may begin with @PATTERN, and is then meant for kernels whose release begins so alone; with @loadable or @built-in,
# and is then for this form of debar; or with @fail-closed: those are run, and no others, when debar is built in and was told
# so at boot. vm_tests=PATTERN on the kernel's command line chooses some of them.
set -u
cd /tests || exit 1

form=loadable
[ ! -e /sys/module/debar ] || form=built-in
list=/run/tests
# A kernel with checkers takes longer.
times=1
case $(uname -r) in *-debug | *-kcsan) times=4 ;; esac
{
	[ ! -d exec ] || echo '600 /debar/exec-compare.sh'
	sed -e 's/#.*//' -e '/^[[:space:]]*$/d' tests.list
} | if grep -qs Y /sys/module/debar/parameters/fail_closed; then
	sed -n 's/^@fail-closed //p'
else
	grep -v '^@fail-closed '
fi | while read -r first rest; do
	case $first in
	"@$form") echo "$rest" ;;
	@loadable | @built-in) ;;
	@*) case $(uname -r) in ${first#@}*) echo "$rest" ;; esac ;;
	*) echo "$first $rest" ;;
	esac
done | grep -E -e "${vm_tests:-.}" >$list

echo 'KTAP version 1'
echo "1..$(wc -l <$list)"
number=0
failed=0
while read -r seconds command <&3; do
	number=$((number + 1))
	echo "debar-test: $command" >/dev/kmsg
	echo "# $command"
	{
		# shellcheck disable=SC2086 # program and arguments
		timeout -k 5 $((seconds * times)) $command </dev/null 2>&1
		echo $? >/run/code
	} | awk '{ print "    " $0; fflush() }'
	code=$(cat /run/code)
	case $code in
	0) echo "ok $number - $command" ;;
	4) echo "ok $number - $command # SKIP the program said so" ;;
	124 | 137 | 143) echo "not ok $number - $command: not done after $((seconds * times)) s" ;;
	*) echo "not ok $number - $command: exit code $code" ;;
	esac
	case $code in 0 | 4) ;; *) failed=$((failed + 1)) ;; esac
done 3<$list
[ "$failed" = 0 ]
