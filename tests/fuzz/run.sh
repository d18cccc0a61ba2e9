#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs the fuzzers for TIME seconds each (default 60), two at once, or only those named: run.sh [TARGET...] TAP on stdout.
#
# Each begins with corpus/TARGET, the inputs that once found something, which it must pass; with seeds; and with what
# earlier runs found worth keeping, in build/fuzz/corpus. What it finds lies in build/fuzz/TARGET-crash-* and the like.
set -eu
HERE=$(cd "$(dirname "$0")" && pwd)
TOP=$(cd "$HERE/../.." && pwd)
OUT=$TOP/build/fuzz
export HERE OUT TIME=${TIME:-60}
# Memory that an input only claims to need is refused, as on a small machine; what is really used, -rss_limit_mb counts.
# An entry of a cpio archive can claim some GB, which libarchive asks for at once and then finds no content for.
export ASAN_OPTIONS=max_allocation_size_mb=1024:allocator_may_return_null=1
# Longest input, in bytes: that of real files where more would only be slower.
export MAX_blob=4096 MAX_elf=4096 MAX_source=2048 MAX_package=8192 MAX_list=2048 MAX_denial=4096
[ $# -gt 0 ] || set -- blob elf source package list denial

# A list in each form; its first byte is the number of the form.
list_seeds() {
	local digest number=0 list
	digest=$(printf '%064d' 7)
	mkdir -p "$OUT/seeds/list"
	for list in "$digest  name" "sha256,size,product\n$digest,12,\"a, b\"" "type,value,to_ids\nfilename|sha256,a|$digest,1" \
		"{\"type\": \"bundle\", \"objects\": [{\"type\": \"indicator\", \"pattern_type\": \"stix\", \"pattern\":
		\"[file:hashes.'SHA-256' IN ('$digest') AND file:size = 1] OR [file:name = 'a']\"}]}" \
		"{\"rules\": [{\"rule_type\": \"BINARY\", \"policy\": \"BLOCKLIST\", \"identifier\": \"$digest\"}]}" \
		"deny perm=any all : sha256hash=$digest"; do
		printf '%b\n' "\\x0$number$list" >"$OUT/seeds/list/$number"
		number=$((number + 1))
	done
}

seeds() {
	rm -rf "$OUT/seeds"
	mkdir -p "$OUT/seeds/source"
	"$OUT/seeds-of-tables" "$OUT/seeds"
	cp "$TOP"/policy/{examples,vendors}/*.yaml "$OUT/seeds/source/"
	list_seeds
}

# fuzz TARGET - libFuzzer's own report goes to TARGET.log
fuzz() {
	local target=$1 max=MAX_$1 folders=("$OUT/corpus/$1" "$OUT/seeds/$1") words=()
	mkdir -p "$OUT/corpus/$target"
	[ ! -d "$HERE/corpus/$target" ] || folders+=("$HERE/corpus/$target")
	[ ! -f "$HERE/$target.dict" ] || words=(-dict="$HERE/$target.dict")
	rm -f "$OUT/$target"-{crash,leak,timeout,oom}-*
	"$OUT/fuzz_$target" -max_total_time="$TIME" -max_len="${!max}" -timeout=10 \
		-rss_limit_mb=1024 -malloc_limit_mb=16384 -print_final_stats=1 \
		-artifact_prefix="$OUT/$target-" "${words[@]}" "${folders[@]}" >"$OUT/$target.log" 2>&1 || true
}
export -f fuzz

make -C "$HERE" >&2
seeds
printf '%s\n' "$@" | xargs -P "$(nproc)" -I{} bash -euc 'fuzz {}'
echo "1..$#"
number=0
failed=0
for target; do
	number=$((number + 1))
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$OUT/$target.log")
	found=$(find "$OUT" -maxdepth 1 -name "$target-*-*" -printf '%f ')
	# A fuzzer that ends without its figures has failed, whatever it left behind.
	if [ -n "$runs" ] && [ -z "$found" ]; then
		echo "ok $number - $target: $runs inputs, nothing found"
	else
		failed=1
		echo "not ok $number - $target: ${found:-it gave no figures}, see $OUT/$target.log"
		tail -n 40 "$OUT/$target.log" | sed 's/^/# /'
	fi
	sed -n 's/^\([0-9]* files compared.*\)/# \1/p' "$OUT/$target.log"
done
[ "$failed" = 0 ]
