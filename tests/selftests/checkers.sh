#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# After all tests on a kernel with checkers: those that switch themselves off are still on, and nothing has leaked. KTAP.
set -u
. ./tap.sh

leaks=/sys/kernel/debug/kmemleak

debarctl module unload >/dev/null
case $(uname -r) in
*-debug)
	same 'lockdep is on' 1 "$(awk '$1 == "debug_locks:" { print $2 }' /proc/lockdep_stats)"
	same 'the tracking of objects is on' '' "$(dmesg | grep 'ODEBUG.*disabled')"
	;;
*-kcsan)
	# At first a pointer may lie on a stack or in a register that a scan does not see.
	for _ in 1 2 3; do
		same 'kmemleak scans' 0 "$(code sh -c "echo scan >$leaks")"
	done
	same 'nothing was leaked' '' "$(cat $leaks)"
	;;
esac
finish
