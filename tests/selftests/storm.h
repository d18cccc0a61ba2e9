/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Processes that run and map files without a pause while a test does something else, and take note
 * of every answer.
 */
#ifndef DEBAR_SELFTESTS_STORM_H
#define DEBAR_SELFTESTS_STORM_H

#include <stdbool.h>

#define STORM_PROCESSES	4

/**
 * struct storm - shared by the test and its processes
 * @banned: a program that must not run, or NULL
 * @innocent: a program that must run
 * @policy_comes_and_goes: the banned one may run now and then
 * @stop: ends the storm
 * @attempts: programs run and files mapped
 * @refusals: of the banned one
 * @wrong: answers that must not be
 */
struct storm {
	const char *banned;
	const char *innocent;
	bool policy_comes_and_goes;
	volatile bool stop;
	unsigned int attempts;
	unsigned int refusals;
	unsigned int wrong;
	int processes[STORM_PROCESSES];
};

/* storm_begin - NULL without memory or processes */
struct storm *storm_begin(const char *banned, const char *innocent, bool policy_comes_and_goes);

/* storm_end - stop the processes; the storm stays to be looked at until storm_free() */
void storm_end(struct storm *storm);
void storm_free(struct storm *storm);

#endif /* DEBAR_SELFTESTS_STORM_H */
