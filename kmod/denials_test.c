// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of denials.h, in the ring of the kernel that runs them: numbers without a gap,
 * records, and what is lost.
 */
#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/magic.h>
#include <linux/namei.h>
#include <linux/pid.h>

#include "denials.h"
#include "judge.h"
#include "test_file.h"

static const struct debar_judgement refused = {
	.operation = DEBAR_OPERATION_MAP,
	.verdict = DEBAR_VERDICT_DENY,
	.reason = DEBAR_REASON_IO_ERROR,
	.error = -EIO,
	.size = 42,
	.found = { .has_sha256 = true, .sha256 = { 1, 0, 3, [31] = 32 } },
};

static void record(unsigned int times)
{
	while (times--)
		debar_denials_record(NULL, &refused);
}

static struct debar_denials_state state(void)
{
	struct debar_denials_state now;

	debar_denials_state(&now);
	return now;
}

/* Takes what there is, so that nothing is lost that another test recorded. */
static int fetch_all(struct kunit *test)
{
	struct debar_denial *denial;
	u64 from = 0;

	while ((denial = debar_denials_get(from, U64_MAX))) {
		from = denial->sequence + 1;
		debar_denials_fetched(denial->sequence);
		debar_denial_put(denial);
	}
	return 0;
}

static u64 sequence_of(u64 from, u64 before)
{
	struct debar_denial *denial = debar_denials_get(from, before);
	u64 sequence = denial ? denial->sequence : 0;

	debar_denial_put(denial);
	return sequence;
}

static void numbers_without_a_gap(struct kunit *test)
{
	u64 next = state().next;

	record(3);
	KUNIT_EXPECT_EQ(test, state().next, next + 3);
	KUNIT_EXPECT_EQ(test, sequence_of(next, U64_MAX), next);
	KUNIT_EXPECT_EQ(test, sequence_of(next + 1, U64_MAX), next + 1);
	KUNIT_EXPECT_EQ(test, sequence_of(next + 2, U64_MAX), next + 2);
	KUNIT_EXPECT_EQ(test, sequence_of(next + 3, U64_MAX), 0);
	KUNIT_EXPECT_EQ(test, sequence_of(next + 2, next + 2), 0);
	KUNIT_EXPECT_EQ(test, sequence_of(next + 2, next + 3), next + 2);
	KUNIT_EXPECT_EQ(test, sequence_of(U64_MAX, U64_MAX), 0);
}

static void keeps_as_many_as_it_has_places(struct kunit *test)
{
	unsigned int size = debar_denials_size();

	record(size + 1);
	KUNIT_EXPECT_EQ(test, state().oldest, state().next - size);
	KUNIT_EXPECT_EQ(test, sequence_of(0, U64_MAX), state().oldest);
	KUNIT_EXPECT_EQ(test, sequence_of(0, state().oldest), 0);
}

static void counts_what_nobody_fetched(struct kunit *test)
{
	unsigned int size = debar_denials_size();
	u64 lost = state().lost;

	record(size);
	KUNIT_EXPECT_EQ(test, state().lost, lost);
	record(2);
	KUNIT_EXPECT_EQ(test, state().lost, lost + 2);
	fetch_all(test);
	record(size);
	KUNIT_EXPECT_EQ(test, state().lost, lost + 2);
}

/* A reader that leaves one out has not got those before it. */
static void counts_as_fetched_in_order(struct kunit *test)
{
	u64 next = state().next, lost = state().lost;

	record(debar_denials_size());
	debar_denials_fetched(next + 1);
	record(2);
	KUNIT_EXPECT_EQ(test, state().lost, lost + 2);
	/* Those two are gone, so the oldest that is there comes next. */
	debar_denials_fetched(next + 2);
	debar_denials_fetched(next + 3);
	record(2);
	KUNIT_EXPECT_EQ(test, state().lost, lost + 2);
	record(1);
	KUNIT_EXPECT_EQ(test, state().lost, lost + 3);
}

/* What a reader holds stays as it is, whatever becomes of its place. */
static void keeps_what_a_reader_holds(struct kunit *test)
{
	u64 next = state().next;
	struct debar_denial *held;

	record(1);
	held = debar_denials_get(next, U64_MAX);
	KUNIT_ASSERT_NOT_NULL(test, held);
	record(debar_denials_size());
	KUNIT_EXPECT_EQ(test, held->sequence, next);
	KUNIT_EXPECT_EQ(test, held->size, 42);
	KUNIT_EXPECT_GT(test, state().oldest, next);
	debar_denial_put(held);
	debar_denial_put(NULL);
}

static void records_who_did_what(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *file = debar_test_file(test, mount, "banned", "abc", 3);
	u64 next = state().next, before = ktime_get_real_ns();
	struct debar_denial *d;

	debar_denials_record(file, &refused);
	d = debar_denials_get(next, U64_MAX);
	KUNIT_ASSERT_NOT_NULL(test, d);
	KUNIT_EXPECT_EQ(test, d->operation, DEBAR_OPERATION_MAP);
	KUNIT_EXPECT_EQ(test, d->verdict, DEBAR_VERDICT_DENY);
	KUNIT_EXPECT_EQ(test, d->reason, DEBAR_REASON_IO_ERROR);
	KUNIT_EXPECT_EQ(test, d->size, 42);
	KUNIT_EXPECT_TRUE(test, d->has_sha256);
	KUNIT_EXPECT_MEMEQ(test, d->sha256, refused.found.sha256, DEBAR_DIGEST_SIZE);
	KUNIT_EXPECT_GE(test, d->wall_time, before);
	KUNIT_EXPECT_LE(test, d->wall_time, ktime_get_real_ns());
	KUNIT_EXPECT_LE(test, d->boot_time, ktime_get_boottime_ns());
	KUNIT_EXPECT_EQ(test, d->pid, task_pid_nr(current));
	KUNIT_EXPECT_EQ(test, d->tgid, task_tgid_nr(current));
	KUNIT_EXPECT_EQ(test, d->uid, 0);
	KUNIT_EXPECT_EQ(test, d->euid, 0);
	KUNIT_EXPECT_STREQ(test, d->comm, current->comm);
	KUNIT_EXPECT_EQ(test, d->device, mount->mnt_sb->s_dev);
	KUNIT_EXPECT_EQ(test, d->inode, file_inode(file)->i_ino);
	KUNIT_EXPECT_STREQ(test, d->filesystem, "ramfs");
	KUNIT_EXPECT_STREQ(test, d->path, "/banned");
	/* A kernel thread runs no program, and without a policy there is no ban. */
	KUNIT_EXPECT_STREQ(test, d->subject_exe, "");
	KUNIT_EXPECT_STREQ(test, d->ban_id, "");
	KUNIT_EXPECT_STREQ(test, d->policy_name, "");
	KUNIT_EXPECT_EQ(test, d->policy_serial, 0);
	debar_denial_put(d);
}

static void records_what_has_no_file(struct kunit *test)
{
	u64 next = state().next;
	struct debar_denial *d;

	record(1);
	d = debar_denials_get(next, U64_MAX);
	KUNIT_ASSERT_NOT_NULL(test, d);
	KUNIT_EXPECT_EQ(test, d->device, 0);
	KUNIT_EXPECT_STREQ(test, d->path, "");
	KUNIT_EXPECT_STREQ(test, d->filesystem, "");
	debar_denial_put(d);
}

/* Of a path that is too long the last component is kept. */
static void records_the_end_of_a_long_path(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	u64 next = state().next;
	struct debar_denial *d;
	struct dentry *folder = dget(mount->mnt_root);
	struct file *file;
	char name[201] = {};
	int i;

	memset(name, 'x', sizeof(name) - 1);
	for (i = 0; i < PATH_MAX / 200 + 1; i++) {
		struct path path = { .mnt = mount, .dentry = folder };
		struct dentry *inner;

		inode_lock(d_inode(folder));
		inner = lookup_one_len(name, folder, sizeof(name) - 1);
		KUNIT_EXPECT_EQ(test, vfs_mkdir(mnt_idmap(path.mnt), d_inode(folder), inner, 0700),
				0);
		inode_unlock(d_inode(folder));
		dput(folder);
		folder = inner;
	}
	file = dentry_open(&(struct path){ .mnt = mount, .dentry = folder }, O_RDONLY,
			   current_cred());
	dput(folder);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	debar_denials_record(file, &refused);
	__fput_sync(file);
	d = debar_denials_get(next, U64_MAX);
	KUNIT_ASSERT_NOT_NULL(test, d);
	KUNIT_EXPECT_EQ(test, strncmp(d->path, ".../xxx", 7), 0);
	KUNIT_EXPECT_LT(test, strlen(d->path), PATH_MAX);
	debar_denial_put(d);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(numbers_without_a_gap),
	KUNIT_CASE(keeps_as_many_as_it_has_places),
	KUNIT_CASE(counts_what_nobody_fetched),
	KUNIT_CASE(counts_as_fetched_in_order),
	KUNIT_CASE(keeps_what_a_reader_holds),
	KUNIT_CASE(records_who_did_what),
	KUNIT_CASE(records_what_has_no_file),
	KUNIT_CASE(records_the_end_of_a_long_path),
	{}
};

static struct kunit_suite suite = {
	.name = "debar-denials",
	.init = fetch_all,
	.test_cases = cases,
};

kunit_test_suite(suite);
