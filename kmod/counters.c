// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters of what debar has done; each CPU writes its own without a lock, a reader adds them up.
 */
#include "counters.h"

DEFINE_PER_CPU(struct debar_counters, debar_counters);

/**
 * debar_counted() - read a counter
 * @counter: which one
 *
 * Return: its value over all CPUs; it may be behind by what happens meanwhile.
 */
u64 debar_counted(enum debar_counter counter)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(debar_counters, cpu).value[counter]);
	return sum;
}
