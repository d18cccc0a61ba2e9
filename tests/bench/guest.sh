#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The first process of the machine that measures: each variant in turn, several rounds; figures go to the second serial port.
#
# The kernel's command line says bench_variants=A,B,... and bench_rounds=N; a line of figures is
# `round variant work middle low high`, in instructions; of memory, bytes.
set -u
export PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t tmpfs tmpfs /run
mount -t securityfs securityfs /sys/kernel/security
mount -t tracefs tracefs /sys/kernel/tracing

argument() { # NAME - of the kernel's command line
	tr -s '[:space:]' '\n' </proc/cmdline | sed -n "s/^$1=//p"
}
variants=$(argument bench_variants)
rounds=$(argument bench_rounds)

# On a filesystem that shows every change, as programs of a server are.
prepare_files() {
	modprobe -a loop ext4 algif_hash
	modprobe sha256_ssse3
	mkdir -p /bench
	truncate -s 400M /run/disk
	mke2fs -q -F -I 256 /run/disk
	mount -t ext4 -o loop,i_version /run/disk /bench || mount -t ext4 -o loop /run/disk /bench
	cp /bench.files/* /bench/
	dd if=/dev/zero of=/bench/data4k bs=4096 count=1 2>/dev/null
	dd if=/dev/zero of=/bench/data16m bs=1M count=16 2>/dev/null
	sync
	cd /bench || exit 1
}

figure() { # WORK FIGURES
	echo "$round $variant $1 $2" >/dev/ttyS1
}

work() { # NAME WORK TIMES ARGUMENT...
	name=$1
	shift
	if result=$(/bench.work "$@" 2>&1); then
		figure "$name" "$result"
	else
		echo "bench: $variant: $name: $result" >/dev/ttyS0
	fi
}

used() { # bytes that the kernel has in large allocations
	awk '$1 == "VmallocUsed:" { print $2 * 1024 }' /proc/meminfo
}

policy() { # NAME
	before=$(used)
	work load load 1 /usr/sbin/debarctl policy load "/bench.policies/$1.debar"
	after=$(used)
	figure memory "$((after - before)) $((after - before)) $((after - before))"
}

enter() {
	case $variant in
	nothing | ima-*) ;;
	module) debarctl module load ;;
	*) debarctl module load && policy "$variant" ;;
	esac
}

leave() {
	case $variant in nothing | ima-*) ;; *) debarctl module unload ;; esac
}

measure() {
	work exec-static exec 300 /bench/static
	work exec-dynamic exec 300 /bench/dynamic
	work map map 3000 /bench/static
	work open open 3000 /bench/data4k
	work dlopen dlopen 300 /bench/library.so
	work fresh-1m fresh 5 /bench/static 1048576
	work fresh-16m fresh 3 /bench/static 16777216
	work fresh-64m fresh 2 /bench/static 67108864
	case $variant in
	n*[0-9]) work deny deny 300 /bench/banned ;;
	nothing) work hash-16m hash 3 /bench/data16m ;;
	esac
}

prepare_files
round=1
while [ "$round" -le "$rounds" ]; do
	for variant in $(echo "$variants" | tr ',' ' '); do
		echo "bench: round $round: $variant" >/dev/ttyS0
		enter >/dev/ttyS0 2>&1
		measure
		leave >/dev/ttyS0 2>&1
	done
	round=$((round + 1))
done
echo 'done' >/dev/ttyS1
reboot -f
