#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The first process of the machine that measures: each variant in turn, several rounds; figures go to ttyS1.
#
# The kernel's command line says bench_variants=A,B,... and bench_rounds=N; a line of figures is
# `round variant work figure`, in instructions; of memory, bytes. `failed variant` is one that was not in force, or could
# not do some of the work.
set -u
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /run
mount -t securityfs securityfs /sys/kernel/security
mount -t tracefs tracefs /sys/kernel/tracing
# shellcheck source=tests/bench/variants.sh
. /bench.variants

argument() { # NAME - of the kernel's command line
	tr -s '[:space:]' '\n' </proc/cmdline | sed -n "s/^$1=//p"
}

# On a filesystem that shows every change, as programs of a server are; below /bench/root all that ./configure needs.
prepare_files() {
	modprobe -a loop ext4 algif_hash
	modprobe sha256_ssse3
	mkdir -p /bench
	truncate -s 500M /run/disk
	mke2fs -q -F -t ext4 -O verity -b 4096 /run/disk
	mount -t ext4 -o loop,i_version /run/disk /bench || mount -t ext4 -o loop /run/disk /bench
	cp /bench.files/* /bench/
	dd if=/dev/zero of=/bench/data4k bs=4096 count=1
	dd if=/dev/zero of=/bench/data16m bs=1M count=16
	mkdir -p /bench/root/usr/lib /bench/root/dev /bench/root/tmp
	cp -a /bin /lib /lib64 /bench/root/
	cp -a /usr/bin /usr/include /usr/lib64 /bench/root/usr/
	cp -a /usr/lib/x86_64-linux-gnu /bench/root/usr/lib/
	cp -r /bench.source /bench/root/source
	mknod /bench/root/dev/null c 1 3
	sync
	cd /bench || exit 1
}

say() {
	echo "bench: $*" >/dev/ttyS0
}

# A variant that once failed is not reported.
failed() { # WHY
	say "$variant: $*"
	echo "failed $variant" >/dev/ttyS1
	return 1
}

figure() { # WORK FIGURE
	echo "$round $variant $1 $2" >/dev/ttyS1
}

work() { # NAME WORK TIMES ARGUMENT...
	name=$1
	shift
	if result=$(/bench.work "$@" 2>&1); then
		figure "$name" "$result"
	else
		failed "$name: $result"
	fi
}

# How the memory of the process that begins another happens to lie is worth some hundreds of instructions, all its life:
# the report takes the median of many such processes.
execs() {
	n=0
	while [ "$n" -lt 20 ]; do
		work exec-static exec 100 /bench/static
		work exec-dynamic exec 100 /bench/dynamic
		n=$((n + 1))
	done
}

fresh() { # TIMES with 1, 16, 64 MiB
	work fresh-1m fresh "$1" /bench/static 1048576
	work fresh-16m fresh "$2" /bench/static 16777216
	work fresh-64m fresh "$3" /bench/static 67108864
}

# The programs that it executes have all been seen when it is measured; where that matters, it is run once before.
configure() {
	case $variant in n10 | n1000000) ;; *) /bench.configure >/dev/null 2>&1 ;; esac
	work configure silent 1 /bench.configure
}

measure() {
	execs
	work map map 3000 /bench/static
	work map-read map-read 3000 /bench/static
	work map-anon map-anon 3000 -
	work mprotect mprotect 3000 /bench/static
	[ "$variant" = ima-appraise ] || # it lets no mapping become executable
		work mprotect-exec mprotect-exec 3000 /bench/static
	work open open 3000 /bench/data4k
	work dlopen dlopen 300 /bench/library.so
	case $variant in
	nothing | module | n10 | n10-open | n100000 | n1000000 | ipe) fresh 50 50 50 ;;
	*) [ "$round" -gt 1 ] || fresh 4 2 1 ;; # the whole file is hashed: long, and always the same
	esac
	case $round-$variant in 1-module | 1-n10-* | 1-n100000) ;; 1-*) configure ;; esac
	if banned_is_refused; then
		work deny deny 300 /bench/banned
	fi
	if [ "$variant" = nothing ]; then
		work hash-16m hash 3 /bench/data16m
	fi
	bytes=$(memory)
	[ -z "$bytes" ] || figure memory "$bytes"
}

# How long the processor's own lists of free pages are, the kernel decides by what was freed lately, and an execution takes
# 1,000 instructions more where they are short: now in the one variant, now in the other. Let them be long in all.
echo 8 >/proc/sys/vm/percpu_pagelist_high_fraction

variants=$(argument bench_variants)
rounds=$(argument bench_rounds)
prepare_files >/dev/ttyS0 2>&1
# What the kernel says at each refusal is no part of the work.
echo 1 >/proc/sys/kernel/printk
round=1
while [ "$round" -le "$rounds" ]; do
	for variant in $(echo "$variants" | tr ',' ' '); do
		say "round $round: $variant"
		if enter >/dev/ttyS0 2>&1 && active >/dev/ttyS0 2>&1; then
			measure
		else
			failed 'not in force'
		fi
		leave >/dev/ttyS0 2>&1
	done
	round=$((round + 1))
done
echo 'done' >/dev/ttyS1
reboot -f
