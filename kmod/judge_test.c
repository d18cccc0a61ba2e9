// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of judge.h: real files under policies in force. They are ramfs; one that passes for
 * btrfs has its answers remembered.
 */
#include <kunit/test.h>
#include <linux/magic.h>
#include <linux/sched/signal.h>
#include <linux/task_work.h>

#include "counters.h"
#include "denials.h"
#include "judge.h"
#include "policy.h"
#include "scan.h"
#include "test_blob.h"
#include "test_file.h"

static const struct debar_test_policy bans_abc = {
	.bans = 1,
	.indicators = {
		{ DEBAR_INDICATOR_KIND_FILE_SHA256, 3, 0, debar_test_abc, DEBAR_DIGEST_SIZE },
	},
};

static struct debar_test_policy with_operations(u32 operations)
{
	struct debar_test_policy policy = bans_abc;

	policy.operations[0] = operations;
	return policy;
}

static struct debar_denial *last_denial(void)
{
	struct debar_denials_state state;

	debar_denials_state(&state);
	return debar_denials_get(state.next - 1, U64_MAX);
}

static u64 denial_count(void)
{
	struct debar_denials_state state;

	debar_denials_state(&state);
	return state.next;
}

static void allows_all_without_a_policy(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *file = debar_test_file(test, mount, "abc", "abc", 3);
	struct debar_judgement j;
	u64 before = denial_count();

	KUNIT_EXPECT_TRUE(test, debar_judge_clears(file));
	KUNIT_EXPECT_TRUE(test, debar_judge_clears_opening(file));
	KUNIT_EXPECT_EQ(test, debar_judge_file(file, DEBAR_OPERATION_EXECUTE), 0);
	KUNIT_EXPECT_EQ(test, debar_judge_mapping(file), 0);
	KUNIT_EXPECT_EQ(test, debar_judge_opening(file), 0);
	KUNIT_EXPECT_EQ(test, debar_judge_under_lock(file, DEBAR_OPERATION_PROTECT), 0);
	KUNIT_EXPECT_EQ(test, debar_judge_buffer(file, "abc", 3, DEBAR_OPERATION_LOAD), 0);
	debar_judge_digest(DEBAR_INDICATOR_KIND_FILE_SHA256, debar_test_abc, &j);
	KUNIT_EXPECT_EQ(test, j.verdict, DEBAR_VERDICT_ALLOW);
	debar_judgement_put(&j);
	KUNIT_EXPECT_EQ(test, denial_count(), before);
}

static void refuses_what_is_banned(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *file = debar_test_file(test, mount, "abc", "abc", 3);
	u64 before = denial_count();
	struct debar_denial *d;

	debar_test_publish(test, &bans_abc);
	KUNIT_EXPECT_FALSE(test, debar_judge_clears(file));
	KUNIT_EXPECT_TRUE(test, debar_judge_clears_opening(file));
	KUNIT_EXPECT_EQ(test, debar_judge_file(file, DEBAR_OPERATION_EXECUTE), -EPERM);
	KUNIT_EXPECT_EQ(test, debar_judge_mapping(file), -EPERM);
	KUNIT_EXPECT_EQ(test, debar_judge_file(file, DEBAR_OPERATION_LOAD), -EPERM);
	KUNIT_EXPECT_EQ(test, denial_count(), before + 3);
	d = last_denial();
	KUNIT_ASSERT_NOT_NULL(test, d);
	KUNIT_EXPECT_EQ(test, d->operation, DEBAR_OPERATION_LOAD);
	KUNIT_EXPECT_EQ(test, d->verdict, DEBAR_VERDICT_DENY);
	KUNIT_EXPECT_EQ(test, d->reason, DEBAR_REASON_INDICATOR);
	KUNIT_EXPECT_EQ(test, d->kind, DEBAR_INDICATOR_KIND_FILE_SHA256);
	KUNIT_EXPECT_MEMEQ(test, d->digest, debar_test_abc, DEBAR_DIGEST_SIZE);
	KUNIT_EXPECT_TRUE(test, d->has_sha256);
	KUNIT_EXPECT_MEMEQ(test, d->sha256, debar_test_abc, DEBAR_DIGEST_SIZE);
	KUNIT_EXPECT_EQ(test, d->size, 3);
	KUNIT_EXPECT_STREQ(test, d->path, "/abc");
	KUNIT_EXPECT_STREQ(test, d->ban_id, "BAN-1");
	KUNIT_EXPECT_STREQ(test, d->vendor, "Vendor");
	KUNIT_EXPECT_STREQ(test, d->product, "Product");
	KUNIT_EXPECT_STREQ(test, d->authority, "Authority");
	KUNIT_EXPECT_STREQ(test, d->policy_name, "kunit");
	KUNIT_EXPECT_EQ(test, d->policy_serial, 1);
	debar_denial_put(d);
}

static void clears_by_size(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *longer = debar_test_file(test, mount, "longer", "abcd", 4);
	struct file *empty = debar_test_file(test, mount, "empty", "", 0);
	u64 cleared, hashed;

	debar_test_publish(test, &bans_abc);
	cleared = debar_counted(DEBAR_COUNT_CLEARED_BY_SIZE);
	hashed = debar_counted(DEBAR_COUNT_HASHED_FILES);
	KUNIT_EXPECT_TRUE(test, debar_judge_clears(longer));
	KUNIT_EXPECT_TRUE(test, debar_judge_clears(empty));
	KUNIT_EXPECT_EQ(test, debar_judge_file(longer, DEBAR_OPERATION_EXECUTE), 0);
	KUNIT_EXPECT_EQ(test, debar_judge_under_lock(longer, DEBAR_OPERATION_PROTECT), 0);
	KUNIT_EXPECT_EQ(test, debar_judge_buffer(NULL, "abcd", 4, DEBAR_OPERATION_LOAD), 0);
	KUNIT_EXPECT_EQ(test, debar_counted(DEBAR_COUNT_CLEARED_BY_SIZE), cleared + 5);
	KUNIT_EXPECT_EQ(test, debar_counted(DEBAR_COUNT_HASHED_FILES), hashed);
}

static void allows_what_only_has_the_size(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *file = debar_test_file(test, mount, "abd", "abd", 3);
	u64 before = denial_count(), hashed = debar_counted(DEBAR_COUNT_HASHED_FILES);

	debar_test_publish(test, &bans_abc);
	hashed = debar_counted(DEBAR_COUNT_HASHED_FILES);
	KUNIT_EXPECT_FALSE(test, debar_judge_clears(file));
	KUNIT_EXPECT_EQ(test, debar_judge_file(file, DEBAR_OPERATION_EXECUTE), 0);
	KUNIT_EXPECT_EQ(test, debar_judge_file(file, DEBAR_OPERATION_EXECUTE), 0);
	KUNIT_EXPECT_EQ(test, debar_counted(DEBAR_COUNT_HASHED_FILES), hashed + 2);
	KUNIT_EXPECT_EQ(test, denial_count(), before);
}

/* Once is enough, until the file may have changed, or the policy has. */
static void remembers(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, BTRFS_SUPER_MAGIC);
	struct file *file = debar_test_file(test, mount, "file", "abd", 3);
	struct debar_test_policy later = bans_abc;
	u64 hashed, hits;

	debar_test_publish(test, &bans_abc);
	hashed = debar_counted(DEBAR_COUNT_HASHED_FILES);
	KUNIT_EXPECT_FALSE(test, debar_judge_clears(file));
	KUNIT_EXPECT_EQ(test, debar_judge_file(file, DEBAR_OPERATION_EXECUTE), 0);
	KUNIT_EXPECT_EQ(test, debar_counted(DEBAR_COUNT_HASHED_FILES), hashed + 1);
	hits = debar_counted(DEBAR_COUNT_CACHE_HITS);
	KUNIT_EXPECT_TRUE(test, debar_judge_clears(file));
	KUNIT_EXPECT_EQ(test, debar_judge_file(file, DEBAR_OPERATION_EXECUTE), 0);
	KUNIT_EXPECT_EQ(test, debar_counted(DEBAR_COUNT_CACHE_HITS), hits + 2);
	KUNIT_EXPECT_EQ(test, debar_counted(DEBAR_COUNT_HASHED_FILES), hashed + 1);

	later.serial = 2;
	debar_test_publish(test, &later);
	KUNIT_EXPECT_FALSE(test, debar_judge_clears(file));

	debar_test_write(test, mount, "file", "abc", 3);
	KUNIT_EXPECT_EQ(test, debar_judge_file(file, DEBAR_OPERATION_EXECUTE), -EPERM);
}

static void remembers_what_is_banned(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, BTRFS_SUPER_MAGIC);
	struct file *file = debar_test_file(test, mount, "file", "abc", 3);
	u64 before = denial_count(), hashed;
	int i;

	debar_test_publish(test, &bans_abc);
	hashed = debar_counted(DEBAR_COUNT_HASHED_FILES);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_FALSE(test, debar_judge_clears(file));
		KUNIT_EXPECT_EQ(test, debar_judge_file(file, DEBAR_OPERATION_EXECUTE), -EPERM);
	}
	KUNIT_EXPECT_EQ(test, debar_counted(DEBAR_COUNT_HASHED_FILES), hashed + 1);
	KUNIT_EXPECT_EQ(test, denial_count(), before + 3);
}

/* In a mode, or by a ban, that only monitors. */
static void records_what_it_only_monitors(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *file = debar_test_file(test, mount, "abc", "abc", 3);
	struct debar_test_policy monitor = bans_abc;
	u64 audited = debar_counted(DEBAR_COUNT_AUDITED);
	struct debar_denial *d;

	debar_test_publish(test, &bans_abc);
	debar_mode_set(DEBAR_MODE_MONITOR, NULL);
	KUNIT_EXPECT_EQ(test, debar_judge_file(file, DEBAR_OPERATION_EXECUTE), 0);
	debar_mode_set(DEBAR_MODE_ENFORCE, NULL);
	KUNIT_EXPECT_EQ(test, debar_judge_file(file, DEBAR_OPERATION_EXECUTE), -EPERM);
	monitor.monitors[0] = true;
	monitor.serial = 2;
	debar_test_publish(test, &monitor);
	KUNIT_EXPECT_EQ(test, debar_judge_file(file, DEBAR_OPERATION_EXECUTE), 0);
	KUNIT_EXPECT_EQ(test, debar_counted(DEBAR_COUNT_AUDITED), audited + 2);
	d = last_denial();
	KUNIT_ASSERT_NOT_NULL(test, d);
	KUNIT_EXPECT_EQ(test, d->verdict, DEBAR_VERDICT_AUDIT);
	debar_denial_put(d);
}

static void asks_which_operation(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *file = debar_test_file(test, mount, "abc", "abc", 3);
	u64 before = denial_count();
	u32 banned, tried;

	for (banned = 0; banned <= DEBAR_OPERATION_MAX; banned++) {
		struct debar_test_policy policy = with_operations(DEBAR_BLOB_OPERATION(banned));

		debar_test_publish(test, &policy);
		for (tried = 0; tried <= DEBAR_OPERATION_MAX; tried++)
			KUNIT_EXPECT_EQ_MSG(test, debar_judge_file(file, tried),
					    tried == banned ? -EPERM : 0,
					    "%u banned, %u tried", banned, tried);
		debar_policy_withdraw(NULL);
	}
	KUNIT_EXPECT_EQ(test, denial_count(), before + DEBAR_OPERATION_MAX + 1);
}

/* A task that looks for banned files may open them. */
static void lets_scanners_open(struct kunit *test)
{
	struct debar_test_policy policy = with_operations(DEBAR_BLOB_OPERATIONS_ALL);
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *file = debar_test_file(test, mount, "abc", "abc", 3);

	debar_test_publish(test, &policy);
	KUNIT_EXPECT_FALSE(test, debar_judge_clears_opening(file));
	KUNIT_EXPECT_EQ(test, debar_judge_opening(file), -EPERM);
	KUNIT_ASSERT_EQ(test, debar_scan_begin(1), 0);
	KUNIT_EXPECT_EQ(test, debar_judge_opening(file), 0);
	KUNIT_EXPECT_EQ(test, debar_judge_file(file, DEBAR_OPERATION_EXECUTE), -EPERM);
	debar_scan_end(1);
	KUNIT_EXPECT_EQ(test, debar_judge_opening(file), -EPERM);
}

static void judges_memory(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *file = debar_test_file(test, mount, "other", "other", 5);
	struct debar_denial *d;

	debar_test_publish(test, &bans_abc);
	KUNIT_EXPECT_EQ(test, debar_judge_buffer(NULL, "abd", 3, DEBAR_OPERATION_LOAD), 0);
	KUNIT_EXPECT_EQ(test, debar_judge_buffer(NULL, "abc", 3, DEBAR_OPERATION_LOAD), -EPERM);
	d = last_denial();
	KUNIT_ASSERT_NOT_NULL(test, d);
	KUNIT_EXPECT_STREQ(test, d->path, "");
	debar_denial_put(d);
	KUNIT_EXPECT_EQ(test, debar_judge_buffer(file, "abc", 3, DEBAR_OPERATION_LOAD), -EPERM);
	d = last_denial();
	KUNIT_ASSERT_NOT_NULL(test, d);
	KUNIT_EXPECT_STREQ(test, d->path, "/other");
	KUNIT_EXPECT_EQ(test, d->size, 3);
	debar_denial_put(d);
}

static void judges_digests(struct kunit *test)
{
	static const u8 other[DEBAR_DIGEST_SIZE];
	static const struct {
		const u8 *digest;
		enum debar_indicator_kind kind;
		enum debar_verdict verdict;
	} digests[] = {
		{ debar_test_abc, DEBAR_INDICATOR_KIND_FILE_SHA256, DEBAR_VERDICT_DENY },
		{ debar_test_abc, DEBAR_INDICATOR_KIND_CODE_SHA256, DEBAR_VERDICT_ALLOW },
		{ other, DEBAR_INDICATOR_KIND_FILE_SHA256, DEBAR_VERDICT_ALLOW },
	};
	u64 before = denial_count();
	size_t i;

	debar_test_publish(test, &bans_abc);
	for (i = 0; i < ARRAY_SIZE(digests); i++) {
		struct debar_judgement j;

		debar_judge_digest(digests[i].kind, digests[i].digest, &j);
		KUNIT_EXPECT_EQ(test, j.verdict, digests[i].verdict);
		debar_judgement_put(&j);
	}
	KUNIT_EXPECT_EQ(test, denial_count(), before);
}

/* What is no file, or has no bytes of its own, is not judged. */
static void judges_stored_files_only(struct kunit *test)
{
	static const struct debar_test_policy every_size = {
		.bans = 1,
		.indicators = { { DEBAR_INDICATOR_KIND_FILE_SHA256, 0, 0, debar_test_abc, 32 } },
	};
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *folder = debar_test_open(test, mount, "", O_RDONLY | O_DIRECTORY);
	struct file *file = debar_test_file(test, mount, "abc", "abc", 3);

	debar_test_publish(test, &every_size);
	KUNIT_EXPECT_TRUE(test, debar_judge_clears(folder));
	KUNIT_EXPECT_EQ(test, debar_judge_file(folder, DEBAR_OPERATION_EXECUTE), 0);
	KUNIT_EXPECT_EQ(test, debar_judge_under_lock(folder, DEBAR_OPERATION_PROTECT), 0);
	KUNIT_EXPECT_EQ(test, debar_judge_file(file, DEBAR_OPERATION_EXECUTE), -EPERM);
	mount->mnt_sb->s_magic = PROC_SUPER_MAGIC;
	KUNIT_EXPECT_FALSE(test, debar_judge_clears(file));
	KUNIT_EXPECT_EQ(test, debar_judge_file(file, DEBAR_OPERATION_EXECUTE), 0);
	KUNIT_EXPECT_EQ(test, debar_judge_under_lock(file, DEBAR_OPERATION_PROTECT), 0);
}

/* As on the way back to user space, where the call begins again afterwards. */
static void read_what_was_postponed(void)
{
	clear_notify_signal();
	task_work_run();
}

static void postpones_under_a_lock(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *banned = debar_test_file(test, mount, "abc", "abc", 3);
	struct file *other = debar_test_file(test, mount, "abd", "abd", 3);
	struct debar_test_policy later = bans_abc;

	debar_test_publish(test, &bans_abc);
	KUNIT_EXPECT_EQ(test, debar_judge_under_lock(banned, DEBAR_OPERATION_PROTECT),
			-ERESTARTNOINTR);
	read_what_was_postponed();
	KUNIT_EXPECT_EQ(test, debar_judge_under_lock(banned, DEBAR_OPERATION_PROTECT), -EPERM);
	/* An answer is used once. */
	KUNIT_EXPECT_EQ(test, debar_judge_under_lock(banned, DEBAR_OPERATION_PROTECT),
			-ERESTARTNOINTR);
	read_what_was_postponed();
	later.serial = 2;
	debar_test_publish(test, &later);
	KUNIT_EXPECT_EQ(test, debar_judge_under_lock(banned, DEBAR_OPERATION_PROTECT),
			-ERESTARTNOINTR);
	read_what_was_postponed();
	debar_policy_withdraw(NULL);
	KUNIT_EXPECT_EQ(test, debar_judge_under_lock(banned, DEBAR_OPERATION_PROTECT), 0);

	debar_test_publish(test, &bans_abc);
	KUNIT_EXPECT_EQ(test, debar_judge_under_lock(other, DEBAR_OPERATION_PROTECT),
			-ERESTARTNOINTR);
	read_what_was_postponed();
	KUNIT_EXPECT_EQ(test, debar_judge_under_lock(other, DEBAR_OPERATION_PROTECT), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(allows_all_without_a_policy),
	KUNIT_CASE(refuses_what_is_banned),
	KUNIT_CASE(clears_by_size),
	KUNIT_CASE(allows_what_only_has_the_size),
	KUNIT_CASE(remembers),
	KUNIT_CASE(remembers_what_is_banned),
	KUNIT_CASE(records_what_it_only_monitors),
	KUNIT_CASE(asks_which_operation),
	KUNIT_CASE(lets_scanners_open),
	KUNIT_CASE(judges_memory),
	KUNIT_CASE(judges_digests),
	KUNIT_CASE(judges_stored_files_only),
	KUNIT_CASE(postpones_under_a_lock),
	{}
};

static struct kunit_suite suite = {
	.name = "debar-judge",
	.init = debar_test_no_policy,
	.exit = debar_test_withdraw,
	.test_cases = cases,
};

kunit_test_suite(suite);
