// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long one judgement takes, told by KUnit where Linux runs at the processor's own speed, as a
 * program of the host. Files are hashed there by the kernel's plain C.
 */
#include <kunit/test.h>
#include <linux/ktime.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "judge.h"
#include "policy.h"
#include "test_blob.h"
#include "test_file.h"

/* The best of so many rounds counts: in the others the host did something else, too. */
#define ROUNDS		30

/* A digest that nothing here has; files of both sizes have to be hashed to know that. */
static const u8 nothing[] = { 1 }, nothing_else[] = { 2 };

static const struct debar_test_policy policy = {
	.bans = 1,
	.indicators = {
		{ DEBAR_INDICATOR_KIND_FILE_SHA256, SZ_4K, 0, nothing, 1 },
		{ DEBAR_INDICATOR_KIND_FILE_SHA256, SZ_1M, 0, nothing_else, 1 },
	},
};

static bool clears(struct file *file)
{
	return debar_judge_clears(file);
}

static bool allows(struct file *file)
{
	return !debar_judge_clears(file) && !debar_judge_file(file, DEBAR_OPERATION_EXECUTE);
}

/**
 * struct judgement - a way that a judgement can go
 * @name: of it
 * @policy: there is one in force
 * @magic: of the filesystem
 * @size: of the file in bytes
 * @judge: makes one judgement; false when it was not the one that it should be
 * @times: how often it is made in a round
 */
struct judgement {
	const char *name;
	bool policy;
	unsigned long magic;
	size_t size;
	bool (*judge)(struct file *file);
	unsigned int times;
};

static const struct judgement judgements[] = {
	{ "no policy", false, BTRFS_SUPER_MAGIC, SZ_4K, clears, 100000 },
	{ "another size", true, BTRFS_SUPER_MAGIC, SZ_4K - 1, clears, 100000 },
	{ "remembered", true, BTRFS_SUPER_MAGIC, SZ_4K, clears, 100000 },
	{ "4 KiB hashed", true, RAMFS_MAGIC, SZ_4K, allows, 100 },
	{ "1 MiB hashed", true, RAMFS_MAGIC, SZ_1M, allows, 1 },
};

static void takes_so_long(struct kunit *test)
{
	const struct judgement *it = test->param_value;
	struct vfsmount *mount = debar_test_mount(test, it->magic);
	u8 *content = kunit_kzalloc(test, it->size, GFP_KERNEL);
	u64 best = U64_MAX;
	struct file *file;
	unsigned int round, i, wrong = 0;

	KUNIT_ASSERT_NOT_NULL(test, content);
	file = debar_test_file(test, mount, "file", content, it->size);
	if (it->policy)
		debar_test_publish(test, &policy);
	/* What can be remembered is, from here on. */
	KUNIT_EXPECT_EQ(test, debar_judge_file(file, DEBAR_OPERATION_EXECUTE), 0);
	for (round = 0; round < ROUNDS; round++) {
		u64 begin = ktime_get_ns();

		for (i = 0; i < it->times; i++)
			wrong += !it->judge(file);
		best = min(best, ktime_get_ns() - begin);
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
	best = best * 10 / it->times;
	kunit_info(test, "%s: %llu.%llu ns", it->name, best / 10, best % 10);
}

static void describe(const struct judgement *it, char *text)
{
	strscpy(text, it->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(judgement, judgements, describe);

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(takes_so_long, judgement_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "debar-bench",
	.init = debar_test_no_policy,
	.exit = debar_test_withdraw,
	.test_cases = cases,
};

kunit_test_suite(suite);
