#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs the kernel's own exec selftests without debar, then with a policy in force: their results must be the same.
set -u
cd /tests/exec || exit 1

# run_all FOLDER - run each test, keep its exit code and its result lines
run_all() {
	mkdir -p "$1"
	while read -r name; do
		timeout -k 5 120 "./$name" </dev/null >"$1/$name.out" 2>&1
		{
			echo "exit code $?"
			grep -E '^(not )?ok |^# Totals' "$1/$name.out"
		} >"$1/$name"
	done <tests
}

count=$(wc -l <tests)
echo 'KTAP version 1'
echo "1..$((count + 1))"
debarctl module unload # where a test left it
run_all /run/exec-without
if debarctl module load && debarctl import /debs/*.deb --ban EXEC-TEST --vendor Example --authority 'Test order 1' \
	-o /run/exec.yaml && debarctl policy load /run/exec.yaml; then
	echo 'ok 1 - a policy is in force'
else
	echo 'not ok 1 - a policy is in force'
	exit 1
fi
run_all /run/exec-with
debarctl module unload || exit 1

number=1
failed=0
while read -r name; do
	number=$((number + 1))
	if ! grep -q -x 'exit code 0' "/run/exec-without/$name"; then
		sed 's/^/# /' "/run/exec-without/$name.out"
		echo "not ok $number - exec/$name: fails even without debar"
		failed=1
	elif diff "/run/exec-without/$name" "/run/exec-with/$name"; then
		echo "ok $number - exec/$name: $(tail -n 1 "/run/exec-with/$name")"
	else
		sed 's/^/# /' "/run/exec-with/$name.out"
		echo "not ok $number - exec/$name: differs with debar"
		failed=1
	fi
done <tests
exit $failed
