// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything changes while programs are run without a pause: the policy, who writes it, and the
 * module itself.
 */
#include <string.h>
#include <sys/wait.h>

#include "common.h"
#include "kselftest_harness.h"
#include "loopfs.h"
#include "storm.h"

#define REPLACEMENTS	1000
#define RELOADS		100
#define RACE_LOADS	50

FIXTURE(stress)
{
	struct world world;
	struct loopfs fs;
};

FIXTURE_SETUP(stress)
{
	ASSERT_EQ(0, world_begin(&self->world));
	/* Where verdicts are remembered. */
	ASSERT_EQ(0, loopfs_make("image", "ext4"));
	ASSERT_EQ(0, loopfs_mount(&self->fs, "image", "ext4", "mnt"));
	ASSERT_EQ(0, chdir("mnt"));
	ASSERT_EQ(0, make_program("banned", "b"));
	ASSERT_EQ(0, make_program("innocent", "i"));
	ASSERT_EQ(0, make_program("other", "o"));
	ASSERT_EQ(0, ban_one(&self->world, "banned"));
}

FIXTURE_TEARDOWN(stress)
{
	ASSERT_EQ(0, chdir(self->world.dir));
	EXPECT_EQ(0, loopfs_unmount(&self->fs));
	world_end(&self->world);
}

TEST_F_TIMEOUT(stress, policy_replaced, 300)
{
	const char *const first[] = { "banned", NULL };
	const char *const second[] = { "other", "banned", NULL };
	struct storm *storm = storm_begin("banned", "innocent", false);
	int i, ret = 0;

	ASSERT_NE(NULL, storm);
	for (i = 0; i < REPLACEMENTS && !ret; i++)
		ret = ban(&self->world, i % 2 ? second : first);
	storm_end(storm);
	EXPECT_EQ(0, ret) TH_LOG("%s", debar_client_message(self->world.client));
	EXPECT_EQ(REPLACEMENTS, i);
	EXPECT_EQ(0, storm->wrong);
	EXPECT_LT(100, storm->refusals);
	TH_LOG("%u attempts", storm->attempts);
	storm_free(storm);
}

FIXTURE(race)
{
	struct world world;
};

/* What the writers call their policies: the second time both write editions of one. */
FIXTURE_VARIANT(race)
{
	const char *names[2];
};

FIXTURE_VARIANT_ADD(race, two_policies) { .names = { "first", "second" } };
FIXTURE_VARIANT_ADD(race, two_editions) { .names = { "the one", "the one" } };

FIXTURE_SETUP(race)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, make_program("banned", "b"));
	ASSERT_EQ(0, make_program("innocent", "i"));
	ASSERT_EQ(0, make_program("other", "o"));
	ASSERT_EQ(0, ban_one(&self->world, "banned"));
}

FIXTURE_TEARDOWN(race)
{
	world_end(&self->world);
}

/*
 * Loads one edition after the other; how often it was refused, or -1 for an error that must not be.
 */
static int write_policies(const char *name, int files)
{
	struct debar_client *client;
	struct policy policy;
	int i, refused = 0, ret;

	if (debar_client_open(&client))
		return -1;
	for (i = 0; i < RACE_LOADS; i++) {
		policy_init(&policy, name);
		ret = policy_add(&policy, "banned");
		if (!ret && files > 1)
			ret = policy_add(&policy, "other");
		if (!ret)
			ret = policy_load(&policy, client);
		policy_free(&policy);
		/* The other one may have been earlier with a later serial. */
		refused += ret == -ESTALE;
		if (ret && ret != -ESTALE)
			return -1;
	}
	debar_client_close(client);
	return refused;
}

static int count_indicator(const struct debar_indicator_info *info, void *data)
{
	if (info)
		++*(int *)data;
	else
		*(int *)data = 0;
	return 0;
}

TEST_F_TIMEOUT(race, two_writers, 120)
{
	struct debar_policy_info policy;
	struct storm *storm = storm_begin("banned", "innocent", false);
	pid_t writers[2];
	int i, status, indicators = 0;

	ASSERT_NE(NULL, storm);
	for (i = 0; i < 2; i++) {
		writers[i] = fork();
		if (!writers[i])
			_exit(write_policies(variant->names[i], i + 1) < 0);
	}
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(writers[i], waitpid(writers[i], &status, 0));
		EXPECT_EQ(0, status);
	}
	storm_end(storm);
	EXPECT_EQ(0, storm->wrong);
	storm_free(storm);

	/* One of the two is in force, whole. */
	ASSERT_EQ(0, debar_client_policy_get(self->world.client, &policy));
	EXPECT_TRUE(!strcmp(policy.name, variant->names[0]) ||
		    !strcmp(policy.name, variant->names[1]));
	EXPECT_TRUE(policy.indicators == 1 || policy.indicators == 2);
	status = policy.indicators;
	ASSERT_EQ(0, debar_client_indicator_dump(self->world.client, count_indicator, &indicators));
	EXPECT_EQ(status, indicators);
	EXPECT_EQ(-EPERM, run("banned"));
	EXPECT_EQ(status == 2 ? -EPERM : 0, run("other"));
	EXPECT_EQ(0, run("innocent"));
}

FIXTURE(reload)
{
	struct world world;
};

FIXTURE_SETUP(reload)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, make_program("banned", "b"));
	ASSERT_EQ(0, make_program("innocent", "i"));
}

FIXTURE_TEARDOWN(reload)
{
	world_end(&self->world);
}

/*
 * Loads the module and unloads it, and tries each time that it does its work; how often it did not.
 */
static int reload(struct world *world)
{
	int wrong = 0;

	if (world_reload(world, NULL))
		return -1;
	wrong += run("banned") != 0;
	wrong += ban_one(world, "banned") != 0;
	wrong += run("banned") != -EPERM;
	wrong += run("innocent") != 0;
	return wrong;
}

TEST_F_TIMEOUT(reload, module, 600)
{
	struct storm *storm = storm_begin("banned", "innocent", true);
	int i, wrong = 0;

	ASSERT_NE(NULL, storm);
	for (i = 0; i < RELOADS && wrong >= 0; i++)
		wrong = reload(&self->world) ?: wrong;
	storm_end(storm);
	EXPECT_EQ(RELOADS, i);
	EXPECT_EQ(0, wrong);
	EXPECT_EQ(0, storm->wrong);
	EXPECT_LT(100, storm->refusals);
	TH_LOG("%u attempts", storm->attempts);
	storm_free(storm);
	way_ends("detected");
}

DEBAR_TEST_MAIN
