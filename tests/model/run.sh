#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Lets spin go through every state of each model, and through those of each deliberate break of it: KTAP on stdout.
#
# A model must be without error, and searched to its end; a break, BREAK_* in the model, must violate an assertion.
set -eu
cd "$(dirname "$0")"
HERE=$PWD
OUT=${BUILD:-$HERE/../../build}/model
. ../selftests/tap.sh

# search MODEL [BREAK] - pan's report goes to pan.log in a folder of its own, and the way to an error beside it
search() {
	local folder=$OUT/$1${2:+-$2}
	rm -rf "$folder"
	mkdir -p "$folder"
	cd "$folder"
	spin ${2:+"-D$2"} -a "$HERE/$1.pml" >spin.log 2>&1
	gcc -O1 -w -DSAFETY -DCOLLAPSE -DMEMLIM=1024 -o pan pan.c
	# With -b a search that is not deep enough is an error, too.
	timeout 120 ./pan -m100000 -b >pan.log 2>&1
}

# is_right MODEL
is_right() (
	search "$1" && grep -q 'errors: 0$' pan.log && ! grep -qE 'Search not completed|error:' pan.log
)

# is_found MODEL BREAK
is_found() (
	search "$1" "$2" || true
	grep -q 'assertion violated' pan.log
)

for file in *.pml; do
	model=${file%.pml}
	code=0
	is_right "$model" || code=$?
	result "$model: holds in every state" "$code"
	mapfile -t breaks < <(grep -o 'BREAK_[A-Z_]*' "$file" | sort -u)
	for break in "${breaks[@]}"; do
		code=0
		is_found "$model" "$break" || code=$?
		result "$model: $break is found" "$code"
	done
done
finish
