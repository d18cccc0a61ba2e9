// SPDX-License-Identifier: GPL-2.0-only
/* What is refused and what is not: programs, scripts and libraries, by whatever name and from whatever subject. */
#include <dlfcn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/stat.h>

#include "common.h"
#include "kselftest_harness.h"

FIXTURE(enforce)
{
	struct world world;
};

FIXTURE_SETUP(enforce)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, make_program("banned", "b"));
	ASSERT_EQ(0, make_program("innocent", "i"));
	ASSERT_EQ(0, run("banned"));
	ASSERT_EQ(0, ban_one(&self->world, "banned"));
}

FIXTURE_TEARDOWN(enforce)
{
	world_end(&self->world);
}

TEST_F(enforce, program)
{
	EXPECT_EQ(-EPERM, run("banned"));
	EXPECT_EQ(0, run("innocent"));
}

DEBAR_TEST_MAIN
