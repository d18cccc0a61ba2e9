// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of verdict_cache.h: which files are the same, which last, and what is remembered. */
#include <kunit/test.h>
#include <linux/backing-dev.h>
#include <linux/magic.h>

#include "limits.h"
#include "test_file.h"
#include "verdict_cache.h"

#define DEVICE		MKDEV(0x7a, 0xdeba)
#define OTHER_DEVICE	MKDEV(0x7b, 0xdeba)
/* No policy that a test puts in force gets that far. */
#define POLICY		(U64_MAX / 2)

static const struct debar_identity original = {
	.device = DEVICE,
	.number = 4711,
	.generation = 3,
	.size = 1234,
	.version = 7,
	.ctime = { .tv_sec = 1700000000, .tv_nsec = 5 },
};

static const struct debar_matches match = {
	{ { 1, DEBAR_NO_MATCH, 2, DEBAR_NO_MATCH }, { DEBAR_NO_MATCH, 3, DEBAR_NO_MATCH, 4 } }
};

static int forget_all(struct kunit *test)
{
	debar_cache_flush();
	return 0;
}

static void finds_what_was_added(struct kunit *test)
{
	struct debar_matches found = {};
	u32 before = debar_cache_entries();

	KUNIT_EXPECT_FALSE(test, debar_cache_find(&original, POLICY, &found));
	debar_cache_add(&original, POLICY, &match);
	KUNIT_EXPECT_EQ(test, debar_cache_entries(), before + 1);
	KUNIT_ASSERT_TRUE(test, debar_cache_find(&original, POLICY, &found));
	KUNIT_EXPECT_MEMEQ(test, &found, &match, sizeof(match));
	debar_cache_flush();
	KUNIT_EXPECT_EQ(test, debar_cache_entries(), 0);
	KUNIT_EXPECT_FALSE(test, debar_cache_find(&original, POLICY, &found));
}

/**
 * struct difference - another file, or the same one changed
 * @name: what is different
 * @other: how it is now
 * @same_file: it is the same file
 */
struct difference {
	const char *name;
	struct debar_identity other;
	bool same_file;
};

#define ORIGINAL_BUT(change, ...)	{						\
	.device = DEVICE, .number = 4711, .generation = 3, .size = 1234, .version = 7,	\
	.ctime = { .tv_sec = 1700000000, .tv_nsec = 5 }, change, ##__VA_ARGS__		\
}

static const struct difference differences[] = {
	{ "inode in memory", ORIGINAL_BUT(.inode = (void *)8), false },
	{ "device", ORIGINAL_BUT(.device = OTHER_DEVICE), false },
	{ "inode number", ORIGINAL_BUT(.number = 4712), false },
	{ "generation", ORIGINAL_BUT(.generation = 4), false },
	{ "size", ORIGINAL_BUT(.size = 1235), true },
	{ "version", ORIGINAL_BUT(.version = 8), true },
	{ "seconds", ORIGINAL_BUT(.ctime.tv_sec = 1700000001), true },
	{ "nanoseconds", ORIGINAL_BUT(.ctime.tv_nsec = 6), true },
};

static void tells_files_apart(struct kunit *test)
{
	const struct difference *it = test->param_value;
	struct debar_matches found;

	KUNIT_EXPECT_TRUE(test, debar_identity_equal(&original, &original));
	KUNIT_EXPECT_FALSE(test, debar_identity_equal(&original, &it->other));
	KUNIT_EXPECT_EQ(test, debar_identity_same_file(&original, &it->other), it->same_file);
	debar_cache_add(&original, POLICY, &match);
	KUNIT_EXPECT_FALSE(test, debar_cache_find(&it->other, POLICY, &found));
}

static void belongs_to_one_policy(struct kunit *test)
{
	struct debar_matches found;

	debar_cache_add(&original, POLICY, &match);
	KUNIT_EXPECT_FALSE(test, debar_cache_find(&original, POLICY - 1, &found));
	KUNIT_EXPECT_FALSE(test, debar_cache_find(&original, POLICY + 1, &found));
	KUNIT_EXPECT_TRUE(test, debar_cache_find(&original, POLICY, &found));
}

/* The addresses are never followed. */
static struct debar_identity nth(unsigned int i)
{
	struct debar_identity identity = original;

	identity.inode = (void *)(8UL * (i + 1));
	identity.generation = i;
	return identity;
}

/* Files with the same number are in one set; it holds the last few, and none of an old policy. */
static void replaces_in_a_full_set(struct kunit *test)
{
	struct debar_matches found;
	struct debar_identity it;
	unsigned int i, kept = 0;

	for (i = 0; i < DEBAR_CACHE_WAYS; i++) {
		it = nth(i);
		debar_cache_add(&it, POLICY, &match);
	}
	KUNIT_EXPECT_EQ(test, debar_cache_entries(), DEBAR_CACHE_WAYS);
	for (i = 0; i < DEBAR_CACHE_WAYS; i++) {
		it = nth(i);
		KUNIT_EXPECT_TRUE(test, debar_cache_find(&it, POLICY, &found));
	}
	it = nth(DEBAR_CACHE_WAYS);
	debar_cache_add(&it, POLICY, &match);
	KUNIT_EXPECT_TRUE(test, debar_cache_find(&it, POLICY, &found));
	for (i = 0; i < DEBAR_CACHE_WAYS; i++) {
		it = nth(i);
		kept += debar_cache_find(&it, POLICY, &found);
	}
	KUNIT_EXPECT_EQ(test, kept, DEBAR_CACHE_WAYS - 1);

	for (i = 0; i < DEBAR_CACHE_WAYS; i++) {
		it = nth(i);
		debar_cache_add(&it, POLICY + 1, &match);
	}
	for (i = 0; i < DEBAR_CACHE_WAYS; i++) {
		it = nth(i);
		KUNIT_EXPECT_TRUE(test, debar_cache_find(&it, POLICY + 1, &found));
	}
	KUNIT_EXPECT_EQ(test, debar_cache_entries(), DEBAR_CACHE_WAYS);
}

/* What was known of a file that changed gives way to what is known now. */
static void replaces_a_changed_file(struct kunit *test)
{
	struct debar_identity first = nth(0), changed = nth(0);
	struct debar_matches found;

	changed.size++;
	debar_cache_add(&first, POLICY, &match);
	debar_cache_add(&changed, POLICY, &match);
	KUNIT_EXPECT_EQ(test, debar_cache_entries(), 1);
	KUNIT_EXPECT_FALSE(test, debar_cache_find(&first, POLICY, &found));
	KUNIT_EXPECT_TRUE(test, debar_cache_find(&changed, POLICY, &found));
}

static void forgets_a_device(struct kunit *test)
{
	struct debar_identity stays = original, goes = original;
	struct debar_matches found;

	stays.device = OTHER_DEVICE;
	debar_cache_add(&stays, POLICY, &match);
	debar_cache_add(&goes, POLICY, &match);
	debar_cache_forget_device(DEVICE);
	KUNIT_EXPECT_TRUE(test, debar_cache_find(&stays, POLICY, &found));
	KUNIT_EXPECT_FALSE(test, debar_cache_find(&goes, POLICY, &found));
	KUNIT_EXPECT_EQ(test, debar_cache_entries(), 1);
	KUNIT_EXPECT_EQ(test, debar_cache_size(),
			DEBAR_CACHE_WAYS * BIT(DEBAR_CACHE_SET_BITS));
}

static bool lasts(struct file *file)
{
	struct debar_identity identity;

	debar_identity_take(file_inode(file), &identity);
	return debar_identity_lasts(file_inode(file), &identity);
}

static void takes_a_file_as_it_is(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, BTRFS_SUPER_MAGIC);
	struct file *file = debar_test_file(test, mount, "file", "abc", 3);
	struct debar_identity before, after;

	debar_identity_take(file_inode(file), &before);
	KUNIT_EXPECT_PTR_EQ(test, before.inode, file_inode(file));
	KUNIT_EXPECT_EQ(test, before.device, mount->mnt_sb->s_dev);
	KUNIT_EXPECT_EQ(test, before.size, 3);
	KUNIT_EXPECT_EQ(test, before.ctime.tv_sec, 1);
	debar_identity_take(file_inode(file), &after);
	KUNIT_EXPECT_TRUE(test, debar_identity_equal(&before, &after));
	debar_test_write(test, mount, "file", "abd", 3);
	debar_identity_take(file_inode(file), &after);
	KUNIT_EXPECT_TRUE(test, debar_identity_same_file(&before, &after));
	KUNIT_EXPECT_FALSE(test, debar_identity_equal(&before, &after));
}

/* Where a filesystem counts changes, that is a part of the identity, too. */
static void takes_the_version(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, BTRFS_SUPER_MAGIC);
	struct file *file = debar_test_file(test, mount, "file", "abc", 3);
	struct debar_identity before, after;

	file_inode(file)->i_sb->s_flags |= SB_I_VERSION;
	debar_identity_take(file_inode(file), &before);
	debar_test_write(test, mount, "file", "abd", 3);
	debar_identity_take(file_inode(file), &after);
	KUNIT_EXPECT_NE(test, before.version, after.version);
}

static void lasts_until_it_may_change(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, BTRFS_SUPER_MAGIC);
	struct file *file = debar_test_file(test, mount, "file", "abc", 3);
	struct inode *inode = file_inode(file);
	struct file *writer;

	KUNIT_EXPECT_TRUE(test, lasts(file));
	writer = debar_test_open(test, mount, "file", O_RDWR);
	KUNIT_EXPECT_FALSE(test, lasts(file));
	debar_test_close(test, writer);
	KUNIT_EXPECT_TRUE(test, lasts(file));

	KUNIT_ASSERT_EQ(test, mapping_map_writable(inode->i_mapping), 0);
	KUNIT_EXPECT_FALSE(test, lasts(file));
	mapping_unmap_writable(inode->i_mapping);
	KUNIT_EXPECT_TRUE(test, lasts(file));

	inode_set_ctime_current(inode);
	KUNIT_EXPECT_FALSE(test, lasts(file));
	inode_set_ctime(inode, ktime_get_real_seconds() + 3600, 0);
	KUNIT_EXPECT_FALSE(test, lasts(file));
}

/* The last column: with a device that nobody need tell of changes, such as one in memory. */
static const struct {
	unsigned long magic;
	bool trusted;
	bool trusted_without_writeback;
} filesystems[] = {
	{ EXT4_SUPER_MAGIC, true, false },
	{ XFS_SUPER_MAGIC, true, false },
	{ BTRFS_SUPER_MAGIC, true, false },
	{ SQUASHFS_MAGIC, true, true },
	{ EROFS_SUPER_MAGIC_V1, true, true },
	{ ISOFS_SUPER_MAGIC, true, true },
	{ TMPFS_MAGIC, false, false },
	{ FUSE_SUPER_MAGIC, false, false },
	{ NFS_SUPER_MAGIC, false, false },
	{ OVERLAYFS_SUPER_MAGIC, false, false },
};

static void trusts_some_filesystems(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, BTRFS_SUPER_MAGIC);
	struct file *file = debar_test_file(test, mount, "file", "abc", 3);
	struct block_device *device = kunit_kzalloc(test, sizeof(*device), GFP_KERNEL);
	struct super_block *sb = mount->mnt_sb;
	unsigned int capabilities = sb->s_bdi->capabilities;
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, device);
	sb->s_bdev = device;
	for (i = 0; i < ARRAY_SIZE(filesystems); i++) {
		sb->s_magic = filesystems[i].magic;
		KUNIT_EXPECT_EQ_MSG(test, lasts(file), filesystems[i].trusted, "%#lx", sb->s_magic);
		sb->s_bdi->capabilities = 0;
		KUNIT_EXPECT_EQ_MSG(test, lasts(file), filesystems[i].trusted_without_writeback,
				    "%#lx", sb->s_magic);
		sb->s_bdi->capabilities = capabilities;
		sb->s_iflags |= SB_I_UNTRUSTED_MOUNTER;
		KUNIT_EXPECT_FALSE_MSG(test, lasts(file), "%#lx", sb->s_magic);
		sb->s_iflags &= ~SB_I_UNTRUSTED_MOUNTER;
	}
	sb->s_bdev = NULL;
}

static void describe(const struct difference *it, char *text)
{
	strscpy(text, it->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(difference, differences, describe);

static struct kunit_case cases[] = {
	KUNIT_CASE(finds_what_was_added),
	KUNIT_CASE_PARAM(tells_files_apart, difference_gen_params),
	KUNIT_CASE(belongs_to_one_policy),
	KUNIT_CASE(replaces_in_a_full_set),
	KUNIT_CASE(replaces_a_changed_file),
	KUNIT_CASE(forgets_a_device),
	KUNIT_CASE(takes_a_file_as_it_is),
	KUNIT_CASE(takes_the_version),
	KUNIT_CASE(lasts_until_it_may_change),
	KUNIT_CASE(trusts_some_filesystems),
	{}
};

static struct kunit_suite suite = {
	.name = "debar-verdict-cache",
	.init = forget_all,
	.test_cases = cases,
};

kunit_test_suite(suite);
