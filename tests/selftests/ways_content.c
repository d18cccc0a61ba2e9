// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file becomes the banned one behind the verdict that allowed it: on a filesystem whose verdicts
 * are remembered, and on one where they are not.
 */
#include <fcntl.h>
#include <linux/fs.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loopfs.h"
#include "uring.h"
#include "ways.h"
#include "kselftest_harness.h"

/* A few pages, so that parts of the file can be given and taken. */
#define MARK_LENGTH	(5 * 4096)

FIXTURE(content)
{
	struct world world;
	struct loopfs fs;
	struct debar_buffer banned;
	uint64_t since;
};

/* What a filesystem offers. */
FIXTURE_VARIANT(content)
{
	const char *type;
	bool clones;
	bool zeroes;
	bool shifts;
	bool uses_numbers_again;
};

FIXTURE_VARIANT_ADD(content, ext4) {
	.type = "ext4", .zeroes = true, .shifts = true, .uses_numbers_again = true,
};
FIXTURE_VARIANT_ADD(content, xfs) {
	.type = "xfs", .clones = true, .zeroes = true, .shifts = true, .uses_numbers_again = true,
};
FIXTURE_VARIANT_ADD(content, btrfs) { .type = "btrfs", .clones = true, .zeroes = true };
FIXTURE_VARIANT_ADD(content, tmpfs) { .type = "tmpfs" };

/*
 * mnt/file is as long as mnt/banned, and has been allowed, so that this is remembered where it can
 * be.
 */
FIXTURE_SETUP(content)
{
	static char mark[MARK_LENGTH + 1];

	ASSERT_EQ(0, world_begin(&self->world));
	if (strcmp(variant->type, "tmpfs")) {
		ASSERT_EQ(0, loopfs_make("image", variant->type));
		ASSERT_EQ(0, loopfs_mount(&self->fs, "image", variant->type, "mnt"));
	} else {
		ASSERT_EQ(0, mkdir("mnt", 0755));
		ASSERT_EQ(0, mount("none", "mnt", "tmpfs", 0, NULL));
	}
	memset(mark, 'b', MARK_LENGTH);
	ASSERT_EQ(0, make_program("mnt/banned", mark));
	memset(mark, 'i', MARK_LENGTH);
	ASSERT_EQ(0, make_program("mnt/file", mark));
	ASSERT_EQ(0, debar_file_read("mnt/banned", SIZE_MAX, &self->banned));
	ASSERT_EQ(0, ban_one(&self->world, "mnt/banned"));
	loopfs_settle();
	ASSERT_EQ(0, run("mnt/file"));
	ASSERT_EQ(0, run("mnt/file"));
	self->since = world_status(&self->world).denials_next;
}

FIXTURE_TEARDOWN(content)
{
	debar_buffer_free(&self->banned);
	EXPECT_EQ(0, strcmp(variant->type, "tmpfs") ? loopfs_unmount(&self->fs) : umount("mnt"));
	world_end(&self->world);
}

/* The last denial is about mnt/file, and about nothing else. */
static bool recorded(FIXTURE_DATA(content) *self, uint32_t operation)
{
	const struct debar_denial *d;
	struct recorded r;
	char path[64];

	snprintf(path, sizeof(path), "%s/mnt/file", self->world.dir);
	recorded_since(&self->world, self->since, &r);
	d = &r.denial;
	return r.count > 0 && d->operation == operation && d->verdict == DEBAR_VERDICT_DENY &&
	       d->size == self->banned.length && !strcmp(r.path, path);
}

#define EXPECT_NOW_REFUSED()							\
	do {									\
		EXPECT_EQ(-EPERM, run("mnt/file"));				\
		EXPECT_TRUE(recorded(self, DEBAR_OPERATION_EXECUTE));		\
	} while (0)

TEST_F(content, overwritten_with_its_times_put_back)
{
	struct timespec times[2];
	struct stat st;

	ASSERT_EQ(0, stat("mnt/file", &st));
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	ASSERT_EQ(0, rewrite_file("mnt/file", self->banned.data, self->banned.length));
	ASSERT_EQ(0, utimensat(AT_FDCWD, "mnt/file", times, 0));
	EXPECT_NOW_REFUSED();
}

TEST_F(content, through_a_descriptor_kept_open)
{
	int fd = open("mnt/file", O_RDWR | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(0, map("mnt/file", PROT_READ | PROT_EXEC));
	ASSERT_EQ(self->banned.length, pwrite(fd, self->banned.data, self->banned.length, 0));
	EXPECT_EQ(-EPERM, map("mnt/file", PROT_READ | PROT_EXEC));
	EXPECT_TRUE(recorded(self, DEBAR_OPERATION_MAP));
	close(fd);
	EXPECT_NOW_REFUSED();
}

TEST_F(content, through_a_mapping_made_before)
{
	int fd = open("mnt/file", O_RDWR | O_CLOEXEC);
	void *memory = mmap(NULL, self->banned.length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	ASSERT_NE(MAP_FAILED, memory);
	close(fd);
	EXPECT_EQ(0, map("mnt/file", PROT_READ | PROT_EXEC));
	memcpy(memory, self->banned.data, self->banned.length);
	EXPECT_EQ(-EPERM, map("mnt/file", PROT_READ | PROT_EXEC));
	munmap(memory, self->banned.length);
	EXPECT_NOW_REFUSED();
}

/*
 * Two changes within one tick of the clock behind the times of a file, with a verdict between them.
 */
TEST_F(content, twice_within_a_tick)
{
	_cleanup_buffer_ struct debar_buffer innocent = {};
	int i;

	ASSERT_EQ(0, debar_file_read("mnt/file", SIZE_MAX, &innocent));
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, rewrite_file("mnt/file", innocent.data, innocent.length));
		EXPECT_EQ(0, run("mnt/file"));
		ASSERT_EQ(0, rewrite_file("mnt/file", self->banned.data, self->banned.length));
		EXPECT_EQ(-EPERM, run("mnt/file"));
	}
	EXPECT_NOW_REFUSED();
}

TEST_F(content, exchanged)
{
	ASSERT_EQ(0, renameat2(AT_FDCWD, "mnt/file", AT_FDCWD, "mnt/banned", RENAME_EXCHANGE));
	EXPECT_NOW_REFUSED();
	EXPECT_EQ(0, run("mnt/banned"));
}

TEST_F(content, copied_by_the_kernel)
{
	int from = open("mnt/banned", O_RDONLY | O_CLOEXEC);
	int to = open("mnt/file", O_WRONLY | O_CLOEXEC);
	size_t left = self->banned.length;

	while (left) {
		ssize_t copied = copy_file_range(from, NULL, to, NULL, left, 0);

		ASSERT_LT(0, copied);
		left -= copied;
	}
	close(to);
	close(from);
	EXPECT_NOW_REFUSED();
}

TEST_F(content, cloned)
{
	int from = open("mnt/banned", O_RDONLY | O_CLOEXEC);
	int to = open("mnt/file", O_WRONLY | O_CLOEXEC);
	int ret = ioctl(to, FICLONE, from) ? -errno : 0;

	close(to);
	close(from);
	EXPECT_EQ(variant->clones ? 0 : -EOPNOTSUPP, ret);
	if (variant->clones)
		EXPECT_NOW_REFUSED();
	else
		way_ends("not offered");
}

/* Written by the kernel, in the name of a file that no descriptor stands for any more. */
TEST_F(content, through_a_ring)
{
	int fd = open("mnt/file", O_RDWR | O_CLOEXEC), i;
	struct uring ring;

	ASSERT_EQ(0, uring_open(&ring, fd));
	close(fd);
	EXPECT_EQ(0, map("mnt/file", PROT_READ | PROT_EXEC));
	ASSERT_EQ(0, uring_write(&ring, self->banned.data, self->banned.length));
	EXPECT_EQ(-EPERM, map("mnt/file", PROT_READ | PROT_EXEC));
	EXPECT_TRUE(recorded(self, DEBAR_OPERATION_MAP));
	uring_close(&ring);
	/* Until the kernel has let go of the file, older ones find it busy. */
	for (i = 0; i < 500 && run("mnt/file") == -ETXTBSY; i++)
		sleep_ms(10);
	EXPECT_NOW_REFUSED();
}

/*
 * Bans what mnt/file will be; until then it runs, also while it is open for writing, and that is
 * remembered where it can be.
 */
static int ban_beforehand(FIXTURE_DATA(content) *self, const void *bytes, size_t length)
{
	int ret = write_file("mnt/banned", bytes, length, 0755);

	if (!ret)
		ret = ban_one(&self->world, "mnt/banned");
	self->banned.length = length;
	loopfs_settle();
	return ret ?: run("mnt/file") ?: run("mnt/file");
}

static int change_by(int mode, off_t offset, off_t length)
{
	_cleanup_close_ int fd = open("mnt/file", O_RDWR | O_CLOEXEC);

	return fallocate(fd, mode, offset, length) ? -errno : 0;
}

/* Where the mark's first whole block begins, and how much of it is given or taken. */
#define HOLE(size)	(((size) - MARK_LENGTH + 4095) / 4096 * 4096)
#define HOLE_LENGTH	(2 * 4096)

static int make_zeroes_by(FIXTURE_DATA(content) *self, int mode)
{
	_cleanup_buffer_ struct debar_buffer content = {};
	int ret = debar_file_read("mnt/file", SIZE_MAX, &content);

	if (ret)
		return ret;
	memset((char *)content.data + HOLE(content.length), 0, HOLE_LENGTH);
	ret = ban_beforehand(self, content.data, content.length);
	return ret ?: change_by(mode, HOLE(content.length), HOLE_LENGTH);
}

/* The banned file has zeroes that are made without writing any. */
TEST_F(content, hole_punched)
{
	ASSERT_EQ(0, make_zeroes_by(self, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE));
	EXPECT_NOW_REFUSED();
}

TEST_F(content, range_zeroed)
{
	EXPECT_EQ(variant->zeroes ? 0 : -EOPNOTSUPP, make_zeroes_by(self, FALLOC_FL_ZERO_RANGE));
	if (variant->zeroes)
		EXPECT_NOW_REFUSED();
	else
		way_ends("not offered");
}

/* The banned file is shorter by what is taken out of the middle. */
TEST_F(content, range_collapsed)
{
	_cleanup_buffer_ struct debar_buffer content = {};
	size_t hole, rest;

	ASSERT_EQ(0, debar_file_read("mnt/file", SIZE_MAX, &content));
	hole = HOLE(content.length);
	rest = content.length - hole - HOLE_LENGTH;
	memmove((char *)content.data + hole, content.data + hole + HOLE_LENGTH, rest);
	ASSERT_EQ(0, ban_beforehand(self, content.data, hole + rest));
	EXPECT_EQ(variant->shifts ? 0 : -EOPNOTSUPP,
		  change_by(FALLOC_FL_COLLAPSE_RANGE, hole, HOLE_LENGTH));
	if (variant->shifts)
		EXPECT_NOW_REFUSED();
	else
		way_ends("not offered");
}

/* The banned file is longer by zeroes in the middle. */
TEST_F(content, range_inserted)
{
	_cleanup_buffer_ struct debar_buffer content = {};
	static const char zeroes[HOLE_LENGTH];
	size_t length, hole;
	char *bytes;

	ASSERT_EQ(0, debar_file_read("mnt/file", SIZE_MAX, &content));
	length = content.length;
	hole = HOLE(length);
	ASSERT_EQ(0, debar_buffer_add(&content, zeroes, HOLE_LENGTH));
	bytes = (char *)content.data;
	memmove(bytes + hole + HOLE_LENGTH, bytes + hole, length - hole);
	memset(bytes + hole, 0, HOLE_LENGTH);
	ASSERT_EQ(0, ban_beforehand(self, bytes, content.length));
	EXPECT_EQ(variant->shifts ? 0 : -EOPNOTSUPP,
		  change_by(FALLOC_FL_INSERT_RANGE, hole, HOLE_LENGTH));
	if (variant->shifts)
		EXPECT_NOW_REFUSED();
	else
		way_ends("not offered");
}

/* Longer without being written to. */
TEST_F(content, extended)
{
	_cleanup_buffer_ struct debar_buffer content = {};
	static const char zeroes[HOLE_LENGTH];
	size_t length;

	ASSERT_EQ(0, debar_file_read("mnt/file", SIZE_MAX, &content));
	length = content.length;
	ASSERT_EQ(0, debar_buffer_add(&content, zeroes, HOLE_LENGTH));
	ASSERT_EQ(0, ban_beforehand(self, content.data, content.length));
	ASSERT_EQ(0, change_by(0, length, HOLE_LENGTH));
	EXPECT_NOW_REFUSED();
}

/* A new file may get the number of one that is gone, and the place in memory, too. */
TEST_F(content, inode_number_used_again)
{
	char *last = (char *)self->banned.data + self->banned.length - 1;
	int i, again = 0;

	for (i = 0; i < 8; i++) {
		struct stat before, after;

		ASSERT_EQ(0, stat("mnt/file", &before));
		ASSERT_EQ(0, unlink("mnt/file"));
		/* XFS gives a number back some time later. */
		if (i & 2)
			loopfs_settle();
		ASSERT_EQ(0, write_file("mnt/file", self->banned.data, self->banned.length, 0755));
		ASSERT_EQ(0, stat("mnt/file", &after));
		again += before.st_ino == after.st_ino;
		EXPECT_EQ(i % 2 ? 0 : -EPERM, run("mnt/file"));
		*last ^= 1;
	}
	EXPECT_TRUE(recorded(self, DEBAR_OPERATION_EXECUTE));
	EXPECT_EQ(variant->uses_numbers_again, again > 0);
}

/* struct changer - a thread that changes mnt/file back and forth until it is told to stop */
struct changer {
	pthread_t thread;
	bool stop;
	size_t length;
	void (*change)(const struct changer *changer);
};

static void *change_on(void *data)
{
	struct changer *changer = data;

	while (!__atomic_load_n(&changer->stop, __ATOMIC_RELAXED))
		changer->change(changer);
	return NULL;
}

/* Shorter and longer again; it is never the banned content of that length. */
static void cut_and_extend(const struct changer *changer)
{
	(void)!truncate("mnt/file", changer->length / 2);
	(void)!truncate("mnt/file", changer->length);
}

static void exchange(const struct changer *changer)
{
	(void)changer;
	renameat2(AT_FDCWD, "mnt/file", AT_FDCWD, "mnt/other", RENAME_EXCHANGE);
}

/*
 * While it is hashed the file becomes shorter and longer: no verdict is kept that is not true when
 * that has ended.
 */
TEST_F(content, cut_and_extended_meanwhile)
{
	struct changer changer = { .length = self->banned.length, .change = cut_and_extend };
	int i;

	ASSERT_EQ(0, pthread_create(&changer.thread, NULL, change_on, &changer));
	for (i = 0; i < 50; i++)
		(void)map("mnt/file", PROT_READ | PROT_EXEC);
	__atomic_store_n(&changer.stop, true, __ATOMIC_RELAXED);
	ASSERT_EQ(0, pthread_join(changer.thread, NULL));
	ASSERT_EQ(0, rewrite_file("mnt/file", self->banned.data, self->banned.length));
	EXPECT_NOW_REFUSED();
}

/* What is judged is what is executed, whichever of the two files has the name at that moment. */
TEST_F(content, exchanged_meanwhile)
{
	struct changer changer = { .change = exchange };
	int fd, i, wrong = 0;

	ASSERT_EQ(0, rename("mnt/banned", "mnt/other"));
	ASSERT_EQ(0, pthread_create(&changer.thread, NULL, change_on, &changer));
	for (i = 0; i < 200; i++) {
		char first = 0;
		void *memory;
		bool banned;

		fd = open("mnt/file", O_RDONLY | O_CLOEXEC);
		ASSERT_LE(0, fd);
		ASSERT_EQ(1, pread(fd, &first, 1, self->banned.length - 1));
		banned = first == 'b';
		memory = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
		wrong += banned != (memory == MAP_FAILED);
		if (memory != MAP_FAILED)
			munmap(memory, 4096);
		close(fd);
	}
	__atomic_store_n(&changer.stop, true, __ATOMIC_RELAXED);
	ASSERT_EQ(0, pthread_join(changer.thread, NULL));
	EXPECT_EQ(0, wrong);
}

DEBAR_TEST_MAIN
