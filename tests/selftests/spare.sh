#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What process 1 runs is never refused: its program and its loader run, and are recorded; copies of them do not. KTAP.
set -u

tests=$PWD
work=$(mktemp -d /tmp/spare.XXXXXX)
trap 'debarctl policy unload >/dev/null 2>&1; rm -rf "$work"' EXIT
cd "$work" || exit 1
. "$tests/tap.sh"

init=$(readlink -f /proc/1/exe)
loader=$(awk '$2 ~ /x/ && $6 ~ "/ld-linux" { print $6 }' /proc/1/maps)
cp "$init" init-copy
cp "$loader" loader-copy
cp "$tests/payload" program

# judged WHAT VERDICT SPARED PATH - what the last denial of this file says; with its loader every program is recorded
judged() {
	debarctl denials --json | grep "\"path\":\"$4\"" | tail -n 1 >denial
	same "$1" "$2 $3" "$(sed 's/.*"verdict":"\([^"]*\)".*"spared":\([^,]*\).*/\1 \2/' denial)"
}

# ban_needed FILE - debarctl would not put such a policy in force unasked
ban_needed() {
	ban "$1" 2>/dev/null
	debarctl policy load --allow-lockout "$1" policy.yaml >/dev/null
	result "a policy that bans $1 is in force" $?
}

[ -n "$loader" ]
result 'process 1 has a loader' $?

ban_needed "$init"
same 'its program runs' 0 "$(code "$init" -c true)"
judged 'that is recorded' audit true "$init"
debarctl check "$init" | grep -q 'process 1 needs it'
result 'check says why' $?
same 'a copy of it does not run' 126 "$(code ./init-copy -c true)"
judged 'that is refused' deny false "$work/init-copy"

ban_needed "$loader"
same 'what needs its loader runs' 0 "$(code "$init" -c true)"
judged 'that is recorded' audit true "$loader"
same 'so does what the loader is told to run' 0 "$(code "$loader" "$init" -c true)"
same 'a copy of it does not run' 126 "$(code ./loader-copy "$init" -c true)"
judged 'that is refused' deny false "$work/loader-copy"

ban ./program
same 'another program is refused as ever' 126 "$(code ./program)"
judged 'and so recorded' deny false "$work/program"
finish
