#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The first process of a kernel that has run its KUnit tests: what was leaked goes to the console, what was counted to the
# second serial line, where the kernel can tell of either.
exec >/dev/console 2>&1
busybox mount -t proc proc /proc
busybox mount -t sysfs sysfs /sys
busybox mount -t devtmpfs devtmpfs /dev
busybox mount -t debugfs debugfs /sys/kernel/debug

# At first a pointer may lie on a stack or in a register that a scan does not see.
leaks=/sys/kernel/debug/kmemleak
if [ -e $leaks ]; then
	for _ in 1 2 3; do echo scan >$leaks; done
	busybox cat $leaks
fi
# The files have no length until they are read.
if [ -d /sys/kernel/debug/gcov ]; then
	for file in $(busybox find /sys/kernel/debug/gcov -name '*.gcda'); do
		busybox cat "$file" >"/counts/kernel/${file##*/}"
	done
	busybox stty -F /dev/ttyS1 raw
	busybox tar -c -C /counts . >/dev/ttyS1
fi
echo 'init: done'
busybox reboot -f
