// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts the tasks that are inside debar's text, so that unloading can wait for them.
 *
 * A task counts itself in and out on the CPU where it is, without a lock; it may sleep in between,
 * where neither ftrace nor RCU know of it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/rcupdate.h>
#include <linux/time64.h>

#include "inside.h"
#include "postpone.h"

/* How often a drain looks again, and after how long it says that it still waits. */
#define DRAIN_POLL_MS	10
#define DRAIN_REPORT_MS	(10 * MSEC_PER_SEC)

DEFINE_PER_CPU(long, debar_inside);

/* Set once, by the one who drains: no more reading. */
static bool draining;

static long count_inside(void)
{
	long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(debar_inside, cpu));
	return sum;
}

/**
 * debar_drain() - wait until no task is inside debar's text
 *
 * Those who are inside leave when the filesystem has answered the read that they wait for.
 *
 * tests/model/unload.pml checks the order.
 *
 * Context: process; nobody can be sent inside any more.
 */
void debar_drain(void)
{
	unsigned int waited = 0;
	long tasks;

	WRITE_ONCE(draining, true);
	/* Those who were sent but have not counted themselves in, running or preempted, do. */
	synchronize_rcu_tasks();
	while ((tasks = count_inside()) != 0) {
		msleep(DRAIN_POLL_MS);
		waited += DRAIN_POLL_MS;
		if (waited % DRAIN_REPORT_MS == 0)
			pr_warn("unload waits for %ld tasks whose files are being read\n", tasks);
	}
	/* Nobody is left to postpone a judgement. */
	debar_postponed_drain();
	/* Those who have counted themselves out, but have not returned, do. */
	synchronize_rcu_tasks();
}

/**
 * debar_draining() - whether debar is being unloaded
 *
 * Return: true when whoever is inside should leave.
 */
bool debar_draining(void)
{
	return READ_ONCE(draining);
}
