#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# debard against the kernel: a thousand denials from before its start, kill -9, rotation, and the folder of policies. KTAP.
set -u

tests=$PWD
work=$(mktemp -d /tmp/debard.XXXXXX)
daemon=
trap '[ -z "$daemon" ] || kill -9 "$daemon"; debarctl module unload >/dev/null 2>&1; rm -rf "$work"' EXIT
chmod 755 "$work"
cp payload "$work/victim"
cd "$work" || exit 1
. "$tests/tap.sh"
mkdir policy.d state
log=$work/denials.jsonl

start() {
	debard --policy-dir "$work/policy.d" --log "$log" --state-dir "$work/state" 2>>messages &
	daemon=$!
}

# storm N - attempt the banned program N times
storm() {
	attempts=0
	while [ "$attempts" -lt "$1" ]; do
		./victim 2>/dev/null
		attempts=$((attempts + 1))
	done
}

# sequences - the numbers in the log, those from before the first storm left out
sequences() {
	cat "$log" "$log".* 2>/dev/null | sed -n 's/.*"sequence":\([0-9]*\).*/\1/p' | awk -v before="$before" '$1 > before' | sort -n
}

# wait_for N - until the log has N denials, at most for 20 s
wait_for() {
	tries=0
	while [ "$(sequences | wc -l)" -lt "$1" ] && [ "$tries" -lt 100 ]; do
		sleep 0.2
		tries=$((tries + 1))
	done
}

serial_two() { debarctl status --json | grep -q '"serial":[ ]*2'; }

# whole N WHAT - each of the N numbers since the first storm stands in the log once
whole() {
	wait_for "$1"
	seq $((before + 1)) $((before + $1)) >expected
	sequences >seen
	cmp -s expected seen
	result "$2" $?
}

ban victim
result 'debar is loaded, with a policy' $?
# Built into the kernel debar has denials of other tests.
before=$(($(debarctl status --json | sed -n 's/.*"denials_next":[ ]*\([0-9]*\).*/\1/p') - 1))
storm 1000
start
whole 1000 'debard logs the thousand denials from before its start'
kill -9 "$daemon"
storm 100
start
whole 1100 'killed and started again it neither repeats nor misses one'
storm 50
kill -9 "$daemon"
start
storm 50
whole 1200 'nor when it is killed while denials come'
mv "$log" "$log.1"
storm 10
whole 1210 'rotation loses none'
same 'and the rotated file is left alone' 10 "$(wc -l <"$log")"

sed -i 's/serial: 1/serial: 2/' policy.yaml
cp policy.yaml policy.d/.new && mv policy.d/.new policy.d/test.yaml
eventually serial_two
serial_two
result 'a policy put into the folder is in force' $?
echo 'no policy' >policy.d/broken.yaml
kill -HUP "$daemon"
sleep 2
serial_two
result 'a broken one is refused, and the one in force stays' $?
same 'debard says so' 1 "$(grep -c broken.yaml messages | sed 's/^[1-9][0-9]*$/1/')"

rm policy.d/broken.yaml
if [ -e /sys/module/debar/initstate ]; then
	debarctl module unload >/dev/null
	result 'the module can go while debard runs' $?
	eventually grep -q 'is not loaded' messages
	grep -q 'is not loaded' messages
	result 'debard says so, and stays' $?
	./victim
	result 'and nothing is banned' $?
	debarctl module load >/dev/null
	eventually serial_two
	serial_two
	result 'when it comes back debard gives it the policy again' $?
	storm 10
	wait_for 1220
	tail -n 10 "$log" | sed -n 's/.*"sequence":\([0-9]*\).*/\1/p' | tr '\n' ' ' >seen
	same 'and logs its denials, which count from 1 anew' '1 2 3 4 5 6 7 8 9 10 ' "$(cat seen)"
fi

# Who uses what will be refused is told so on the terminal.
sed -e 's/^serial: .*/serial: 3/' -e 's/^  vendor: .*/&\n  warn_from: 2001-01-01T00:00:00Z/' policy.yaml >policy.d/.new
mv policy.d/.new policy.d/test.yaml
eventually sh -c 'debarctl status --json | grep -q "\"serial\":[ ]*3"'
"$tests/on_terminal" sh -c './victim; echo "it ended with $?"; sleep 2' >shown
grep -q 'it ended with 0' shown
result 'what is to be refused later runs' $?
same 'the user is told so' "debard: warning: $work/victim of Example Vendor is banned by BAN-1 (Example order): it runs still, and that was recorded" \
	"$(tr -d '\r' <shown | grep '^debard')"
tail -n 1 "$log" | grep -q '"verdict":"audit".*"stage":"warn"'
result 'the log has it as a warning' $?
tail -n 1 messages | grep -q 'warning, ban BAN-1'
result 'so has the journal' $?

kill "$daemon"
wait "$daemon"
same 'asked to stop, debard ends well' 0 $?
daemon=
finish
