#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The first process of the virtual machine: prepares it, runs what vm_mode names, gives the verdict.
#
# vm_mode comes from the kernel's command line. The verdict goes to the port debar.result, and only after the whole
# kernel log was read: a machine that dies or hangs before has said nothing, which the host counts as failure.
set -u
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/games HOME=/root TERM=linux LC_ALL=C

mount -t proc proc /proc
# What an in-tree kernel runs for each device has been seen by now.
[ ! -e /proc/sys/kernel/hotplug ] || echo >/proc/sys/kernel/hotplug
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
# Opened now, /dev/kmsg is read from the kernel's first line on.
cat /dev/kmsg >/kmsg &
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
mount -t securityfs securityfs /sys/kernel/security
mount -t debugfs debugfs /sys/kernel/debug
mount -t tracefs tracefs /sys/kernel/tracing
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t bpf bpf /sys/fs/bpf
hostname debar-vm
ip link set lo up
ln -sf /proc/self/fd /dev/fd
modprobe -a virtio_pci virtio_console

# port NAME - the device of the virtio port that the host gave this name
port() {
	for dir in /sys/class/virtio-ports/*; do
		if [ "$(cat "$dir/name")" = "$1" ]; then
			echo "/dev/${dir##*/}"
			return
		fi
	done
	echo "init: the host gave no port $1" >&2
	echo /dev/console
}

# scan_log - wait until the log is read to its end, and look for what must not be there
scan_log() {
	marker="end-of-log-$$"
	echo "$marker" >/dev/kmsg
	tries=0
	until grep -q "$marker" /kmsg; do
		tries=$((tries + 1))
		[ "$tries" -lt 50 ] || { echo "fail: the kernel log could not be read to its end"; return; }
		sleep 0.1
	done
	if grep -E -f /debar/badlog.list /kmsg >/run/bad; then
		echo "fail: the kernel complained: $(head -n 1 /run/bad)"
	else
		echo "pass"
	fi
}

# send_counts - what debar and its programs have counted; the kernel's files have no length until they are read
send_counts() {
	[ -d /run/counts ] || return 0
	find /sys/kernel/debug/gcov -name '*.gcda' | while read -r file; do
		cat "$file" >"/run/counts/kernel/${file##*/}"
	done
	tar -c -C /run/counts . >"$(port debar.counts)"
}

# Programs that count leave it there; those that may not write there go without.
if [ -d /sys/kernel/debug/gcov ]; then
	mkdir -p /run/counts/kernel /run/counts/userspace
	export GCOV_PREFIX=/run/counts/userspace GCOV_ERROR_FILE=/dev/null
fi

case ${vm_mode:-} in
shell)
	echo 4 >/proc/sys/kernel/printk
	echo "debar on $(uname -r): try 'debarctl module load', 'debarctl --help'; leave with 'exit'"
	setsid cttyhack /bin/sh -l
	;;
run | test | fail-closed | planted)
	session=$(port debar.session)
	case $vm_mode in
	run) program=/debar/demo.sh ;;
	test | fail-closed) program=/debar/test.sh ;;
	planted) program=/tests/planted.sh ;;
	esac
	"$program" <"/dev/null" >"$session" 2>&1
	code=$?
	send_counts
	# What was planted is complained of.
	if [ "$vm_mode" = planted ]; then verdict=pass; else verdict=$(scan_log); fi
	[ "$code" = 0 ] || verdict="fail: $program ended with exit code $code; kernel log: $verdict"
	echo "$verdict" >"$(port debar.result)"
	;;
*)
	echo "init: vm_mode=${vm_mode:-} is none of run, test, planted, shell" >/dev/console
	;;
esac
sync
reboot -f
