// SPDX-License-Identifier: GPL-2.0-only
/* Processes that run and map files without a pause; see storm.h. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "common.h"
#include "storm.h"

/* When a policy comes between the two looks at a program, it is killed half way into execve(). */
#define KILLED_HALF_WAY	(128 + SIGSEGV)

static void note(struct storm *storm, const char *path, int result)
{
	const bool banned = path == storm->banned;
	bool right = banned ? result == -EPERM : !result;

	if (banned && storm->policy_comes_and_goes)
		right = right || !result || result == KILLED_HALF_WAY;

	__atomic_add_fetch(&storm->attempts, 1, __ATOMIC_RELAXED);
	if (banned && result == -EPERM)
		__atomic_add_fetch(&storm->refusals, 1, __ATOMIC_RELAXED);
	if (right)
		return;
	if (__atomic_add_fetch(&storm->wrong, 1, __ATOMIC_RELAXED) < 10)
		printf("# %s: %d\n", path, result);
}

static void rage(struct storm *storm)
{
	while (!storm->stop) {
		note(storm, storm->innocent, run(storm->innocent));
		note(storm, storm->innocent, map(storm->innocent, PROT_READ | PROT_EXEC));
		if (!storm->banned)
			continue;
		note(storm, storm->banned, run(storm->banned));
		note(storm, storm->banned, map(storm->banned, PROT_READ | PROT_EXEC));
	}
	fflush(stdout);
}

struct storm *storm_begin(const char *banned, const char *innocent, bool policy_comes_and_goes)
{
	struct storm *storm = mmap(NULL, sizeof(*storm), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child;
	int i;

	if (storm == MAP_FAILED)
		return NULL;
	storm->banned = banned;
	storm->innocent = innocent;
	storm->policy_comes_and_goes = policy_comes_and_goes;
	for (i = 0; i < STORM_PROCESSES; i++) {
		child = fork();
		if (!child) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			rage(storm);
			_exit(0);
		}
		storm->processes[i] = child;
		if (child < 0) {
			storm_end(storm);
			storm_free(storm);
			return NULL;
		}
	}
	return storm;
}

void storm_end(struct storm *storm)
{
	int i;

	storm->stop = true;
	for (i = 0; i < STORM_PROCESSES; i++)
		if (storm->processes[i] > 0)
			waitpid(storm->processes[i], NULL, 0);
}

void storm_free(struct storm *storm)
{
	munmap(storm, sizeof(*storm));
}
