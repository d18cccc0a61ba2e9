/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counts the tasks that are inside debar's text, so that unloading can wait for them. What is built
 * into the kernel stays.
 */
#ifndef DEBAR_INSIDE_H
#define DEBAR_INSIDE_H

#include <linux/compiler.h>
#include <linux/percpu.h>
#include <linux/types.h>

#ifdef MODULE
/* Entered on this CPU minus left on this CPU; only the sum over all CPUs means something. */
DECLARE_PER_CPU(long, debar_inside);

static inline void debar_enter(void)
{
	this_cpu_inc(debar_inside);
}

/* The barrier keeps this behind the call before it, which so cannot become a jump. */
static inline void debar_leave(void)
{
	barrier();
	this_cpu_dec(debar_inside);
}

void debar_drain(void);
bool debar_draining(void);
#else
static inline bool debar_draining(void)
{
	return false;
}
#endif

#endif /* DEBAR_INSIDE_H */
