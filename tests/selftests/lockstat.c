// SPDX-License-Identifier: GPL-2.0-only
/*
 * Eight tasks execute programs that are not banned, at once: none takes a lock of debar's. For a
 * kernel that counts how often each lock was taken.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "common.h"
#include "kselftest_harness.h"
#include "loopfs.h"
#include "storm.h"

#define STAT		"/proc/lock_stat"
#define STAT_SWITCH	"/proc/sys/kernel/lock_stat"

#define INDICATORS	10
#define STORM_MS	3000
/* Which column behind a lock's name says how often it was taken. */
#define ACQUISITIONS	7

/* Every lock in kmod/ that a judgement or its record can come to. */
static const char *const locks[] = {
	"write_lock",	/* verdict_cache.c */
	"table_lock",	/* inflight.c */
	"&new->reading",
	"answers_lock",	/* postpone.c */
	"ring_lock",	/* denials.c */
};

FIXTURE(lockstat)
{
	struct world world;
	struct loopfs fs;
};

static int ban_ten(struct world *world)
{
	struct policy policy;
	int i, ret = 0;

	policy_init(&policy, "ten");
	for (i = 0; i < INDICATORS && !ret; i++) {
		char name[16], mark[16];

		snprintf(name, sizeof(name), "banned%d", i);
		snprintf(mark, sizeof(mark), "%d%.*s", i, i, "ban by ban");
		ret = make_program(name, mark);
		if (!ret)
			ret = policy_add(&policy, name);
	}
	if (!ret)
		ret = policy_load(&policy, world->client);
	policy_free(&policy);
	return ret;
}

FIXTURE_SETUP(lockstat)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, loopfs_make("image", "ext4"));
	ASSERT_EQ(0, loopfs_mount(&self->fs, "image", "ext4", "mnt"));
	ASSERT_EQ(0, chdir("mnt"));
	ASSERT_EQ(0, ban_ten(&self->world));
	/* As long as one that is banned, and of a length of its own. */
	ASSERT_EQ(0, make_program("listed", "x"));
	ASSERT_EQ(0, make_program("other", "longer than all that are banned"));
	loopfs_settle();
	ASSERT_EQ(0, rewrite_file(STAT_SWITCH, "1", 1));
}

FIXTURE_TEARDOWN(lockstat)
{
	EXPECT_EQ(0, rewrite_file(STAT_SWITCH, "0", 1));
	ASSERT_EQ(0, chdir(self->world.dir));
	EXPECT_EQ(0, loopfs_unmount(&self->fs));
	world_end(&self->world);
}

/* Of a line "name#version:" and numbers; 0 when it is about another lock. */
static unsigned long acquisitions_in(char *line, const char *lock)
{
	char *name = line + strspn(line, " "), *word;
	char *numbers = strchr(name, ':');
	int column;

	if (!numbers)
		return 0;
	*numbers++ = '\0';
	name[strcspn(name, "#")] = '\0';
	if (strcmp(name, lock))
		return 0;
	for (column = 0; (word = strtok_r(numbers, " ", &numbers)); column++)
		if (column == ACQUISITIONS)
			return strtoul(word, NULL, 10);
	return 0;
}

/* How often a lock was taken since the statistic was cleared; all of its name together. */
static unsigned long acquisitions(const char *lock)
{
	FILE *stat = fopen(STAT, "r");
	unsigned long sum = 0;
	char *line = NULL;
	size_t size = 0;

	if (!stat)
		return -1;
	while (getline(&line, &size, stat) > 0)
		sum += acquisitions_in(line, lock);
	free(line);
	fclose(stat);
	return sum;
}

/* How many of debar's locks were taken; prints how often each was. */
static size_t locks_taken(void)
{
	size_t i, taken = 0;

	for (i = 0; i < ARRAY_SIZE(locks); i++) {
		unsigned long count = acquisitions(locks[i]);

		printf("# %s: %lu\n", locks[i], count);
		taken += !!count;
	}
	return taken;
}

static int clear(void)
{
	return rewrite_file(STAT, "0", 1);
}

/* Otherwise it would be no wonder that they are not taken below. */
TEST_F(lockstat, all_locks_are_seen)
{
	ASSERT_EQ(0, clear());
	/* Nothing is known of it yet. */
	EXPECT_EQ(0, protect("listed", PROT_READ | PROT_EXEC));
	EXPECT_EQ(-EPERM, run("banned0"));
	EXPECT_EQ(ARRAY_SIZE(locks), locks_taken());
}

/* Two storms of four. */
static unsigned int let_eight_run(const char *path)
{
	struct storm *storms[2];
	unsigned int attempts = 0;
	int i;

	for (i = 0; i < 2; i++)
		storms[i] = storm_begin(NULL, path, false);
	sleep_ms(STORM_MS);
	for (i = 0; i < 2; i++) {
		if (!storms[i])
			continue;
		storm_end(storms[i]);
		attempts += storms[i]->wrong ? 0 : storms[i]->attempts;
		storm_free(storms[i]);
	}
	return attempts;
}

#define EXPECT_NO_LOCK_TAKEN(path)						\
	do {									\
		struct debar_status before = world_status(&self->world);	\
		unsigned int attempts_;						\
										\
		ASSERT_EQ(0, clear());						\
		attempts_ = let_eight_run(path);				\
		EXPECT_LT(100, attempts_);					\
		TH_LOG("%u attempts", attempts_);				\
		EXPECT_EQ(0, locks_taken());					\
		EXPECT_LE(before.judged + attempts_, world_status(&self->world).judged); \
	} while (0)

TEST_F(lockstat, a_size_that_no_indicator_has)
{
	EXPECT_NO_LOCK_TAKEN("other");
}

TEST_F(lockstat, a_verdict_that_is_remembered)
{
	struct debar_status after;

	ASSERT_EQ(0, run("listed"));
	EXPECT_NO_LOCK_TAKEN("listed");
	after = world_status(&self->world);
	EXPECT_LT(100, after.cache_hits);
}

DEBAR_TEST_MAIN
