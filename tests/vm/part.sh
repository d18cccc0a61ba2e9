#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs one part of the tests and keeps its KTAP for tally.py: part.sh NAME COMMAND...
#
# A command that fails, without saying so in its KTAP, adds a failure of its own.
set -eu
. "$(dirname "$0")/lib.sh"

name=$1
shift
results=$BUILD/results
mkdir -p "$results" "$LOGS"
# Of a run of some of them, results.py makes no result.
rm -f "$results/$name.partial"
[ -z "${TESTS:-}" ] || echo "$TESTS" >"$results/$name.partial"
say "running the tests: $name"
# Through a pipe: a test that limits the size of files must not thereby cut its own results.
set +e
"$@" 2>"$LOGS/$name.log" </dev/null | cat >"$results/$name.tap"
code=${PIPESTATUS[0]}
set -e
echo "$code" >"$results/$name.code"
[ "$code" = 0 ] || say "$name ended with exit code $code: see $LOGS/$name.log"
