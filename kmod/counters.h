/* SPDX-License-Identifier: GPL-2.0-only */
/* Counters of what debar has done; each CPU writes its own, so that counting never contends. */
#ifndef DEBAR_COUNTERS_H
#define DEBAR_COUNTERS_H

#include <linux/percpu.h>
#include <linux/types.h>
#include <uapi/linux/debar.h>

enum debar_counter {
	DEBAR_COUNT_JUDGED,
	DEBAR_COUNT_CLEARED_BY_SIZE,
	DEBAR_COUNT_CACHE_HITS,
	DEBAR_COUNT_CACHE_MISSES,
	DEBAR_COUNT_HASHED_FILES,
	DEBAR_COUNT_HASHED_BYTES,
	DEBAR_COUNT_DENIED,
	DEBAR_COUNT_AUDITED,
	DEBAR_COUNT_REFUSED_EARLY,
	/* One for each enum debar_reason; those of failures are used. */
	DEBAR_COUNT_FAILURES,
	DEBAR_COUNTERS = DEBAR_COUNT_FAILURES + DEBAR_REASON_MAX + 1
};

struct debar_counters {
	u64 value[DEBAR_COUNTERS];
};

DECLARE_PER_CPU(struct debar_counters, debar_counters);

static inline void debar_count(enum debar_counter counter)
{
	this_cpu_inc(debar_counters.value[counter]);
}

static inline void debar_count_many(enum debar_counter counter, u64 n)
{
	this_cpu_add(debar_counters.value[counter], n);
}

u64 debar_counted(enum debar_counter counter);

#endif /* DEBAR_COUNTERS_H */
