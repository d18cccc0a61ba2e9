#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Boots a kernel with debar built in, and boot policies that cannot be put in force: boot-policy.sh VERSION-in-tree. KTAP.
set -eu
. "$(dirname "$0")/lib.sh"

kernel=${1:?usage: boot-policy.sh VERSION-in-tree}
log=$BUILD/vm/$kernel-fail-closed/console.log
count=0
failed=0

result() { # WHAT PASSED
	count=$((count + 1))
	if [ "$2" = 0 ]; then
		echo "ok $count - $1"
	else
		failed=$((failed + 1))
		echo "not ok $count - $1"
		tail -n 5 "$log" | sed 's/^/# /'
	fi
}

# boot WORDS - with these on the kernel's command line; succeeds when the policy compiled in was found in force
boot() {
	APPEND=$1 TESTS='built_in.sh' "$VM/run-vm.sh" "$kernel" fail-closed >/dev/null 2>&1
}

# stops WHAT WORDS TEXT - the kernel panics, says this, and runs nothing
stops() {
	local code=0
	boot "$2" || code=$?
	[ "$code" != 0 ] && grep -q "Kernel panic - not syncing: debar: $3" "$log" && ! grep -q 'debar-test:' "$log"
	result "$1" $?
}

# takes WHAT WORDS TEXT - the kernel says this, and runs the tests
takes() {
	boot "$2"
	grep -q "debar: $3" "$log" && grep -q 'debar-test:' "$log"
	result "$1" $?
}

# goes_on WHAT WORDS TEXT - the kernel says this, and the policy compiled in stays in force
goes_on() {
	local code=0
	boot "debar.require_policy=0 $2" || code=$?
	[ "$code" = 0 ] && grep -q "debar: $3" "$log"
	result "$1" $?
}

echo 'KTAP version 1'
set +e
stops 'a malformed policy stops the kernel' debar.policy=/init '/init is not in force: .*, and debar.require_policy is set'
stops 'so does one that is missing' debar.policy=/none '/none is not in force: it cannot be had'
stops 'so does debar that is not to be started' lsm=apparmor 'debar is not in force: it is not among the security modules'
stops 'and one without a signature where that is required' 'debar.policy=/tests/boot.debar debar.require_signature=1' \
	'/tests/boot.debar is not in force: the policy is not signed'
takes 'one that is signed is put in force' 'debar.policy=/tests/signed.debar debar.require_signature=1' \
	'policy command-line, serial 2, signed by Example: trusted: .*, is in force'
goes_on 'unless none is required: a malformed one' debar.policy=/init '/init is not in force'
goes_on 'a missing one' debar.policy=/none '/none is not in force: it cannot be had'
echo "1..$count"
[ "$failed" = 0 ]
