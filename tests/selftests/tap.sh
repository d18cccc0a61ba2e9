# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# What tests in shell share: results in KTAP, and a banned program. Source it in a folder of one's own.

count=0
failed=0

# result WHAT PASSED - PASSED is 0 when it is as expected
result() {
	count=$((count + 1))
	if [ "$2" = 0 ]; then
		echo "ok $count - $1"
	else
		failed=$((failed + 1))
		echo "not ok $count - $1"
	fi
}

# same WHAT EXPECTED SEEN
same() {
	[ "$2" = "$3" ] || echo "# expected '$2', seen '$3'"
	[ "$2" = "$3" ]
	result "$1" $?
}

# code COMMAND... - its exit code
code() {
	"$@" >/dev/null 2>&1 </dev/null
	echo $?
}

# eventually COMMAND... - wait until it succeeds, at most for 20 s
eventually() {
	tries=0
	until "$@" >/dev/null 2>&1 || [ "$tries" -ge 100 ]; do
		sleep 0.2
		tries=$((tries + 1))
	done
}

# ban FILE - load the module and a policy with one indicator, of this file
ban() {
	digest=$(sha256sum "$1" | cut -d' ' -f1)
	debarctl module load >/dev/null || [ $? = 3 ] || return 1
	cat >policy.yaml <<-POLICY
		name: test
		serial: 1
		bans:
		- id: BAN-1
		  vendor: Example Vendor
		  authority: Example order
		  indicators:
		  - sha256: $digest
		    size: $(stat -c %s "$1")
		    source: test
	POLICY
	# Built in, debar still has the policy of another test in force, whose serial may be higher.
	debarctl policy unload >/dev/null || [ $? = 3 ] || return 1
	debarctl policy load policy.yaml >/dev/null
}

finish() {
	echo "1..$count"
	[ "$failed" = 0 ]
}
