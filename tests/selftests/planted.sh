#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes each fault of planted.ko: whatever checks this kernel must report it, naming the function. KTAP.
set -u
cd "$(dirname "$0")" || exit 1
. ./tap.sh

leaks=/sys/kernel/debug/kmemleak

# reported WHAT FAULT PATTERN - the kernel complains of PATTERN, and of where the fault is
reported() {
	dmesg -c >/dev/null
	insmod modules/planted.ko fault="$2" && rmmod planted
	dmesg >/run/report
	grep -q -E "$3" /run/report && grep -q "planted" /run/report
	result "$1 is reported" $?
	sed 's/^/# /' /run/report
}

# leaked - kmemleak finds what planted.ko has forgotten, after as many scans as it needs
leaked() {
	insmod modules/planted.ko fault=leak
	for _ in 1 2 3 4; do
		echo scan >$leaks
	done
	cat $leaks >/run/report
	rmmod planted
	grep -q 'unreferenced object' /run/report && grep -q planted_leak /run/report
	result 'a leak is reported' $?
	sed 's/^/# /' /run/report
}

case $(uname -r) in
*-kcsan)
	reported 'a data race' data_race 'BUG: KCSAN: data-race in planted_racer'
	leaked
	;;
*)
	# In this order: the first complaint about locks is the last one, and so is any after misused memory.
	reported 'RCU used without its lock' rcu_misuse 'WARNING: suspicious RCU usage'
	reported 'sleeping where it must not' sleep_in_atomic 'BUG: sleeping function called from invalid context'
	reported 'a lock inversion' lock_inversion 'WARNING: possible (circular locking|recursive locking)'
	reported 'an undefined shift' undefined_shift 'UBSAN: shift-out-of-bounds in .*planted.c'
	reported 'an index out of bounds' index 'UBSAN: array-index-out-of-bounds in .*planted.c'
	reported 'an active timer that is freed' active_object 'ODEBUG: free active'
	reported 'a reference out of nothing' refcount 'refcount_t: addition on 0; use-after-free'
	reported 'a write out of bounds' out_of_bounds 'BUG: KASAN: slab-out-of-bounds in planted_out_of_bounds'
	reported 'a use after free' use_after_free 'BUG: KASAN: (slab-)?use-after-free in planted_use_after_free'
	# The task that finds it does not go on.
	reported 'a corrupt list' list_corruption 'list_add corruption'
	;;
esac
finish
