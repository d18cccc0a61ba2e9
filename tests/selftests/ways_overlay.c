// SPDX-License-Identifier: GPL-2.0-only
/*
 * A banned program on an overlay: in the layer below, in the one above, and copied up at every
 * moment, by each way that makes it executable.
 *
 * The folder below/lower has banned and innocent, which are equally long. An attempt begins with a
 * new overlay of it in mnt, and leaves that there, so that the file in the denial can be looked at.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loopfs.h"
#include "ways.h"
#include "kselftest_harness.h"

#define BANNED		"below/lower/banned"
#define INNOCENT	"below/lower/innocent"

FIXTURE(overlay)
{
	struct world world;
	struct loopfs fs;
};

/* @image is the command that makes the filesystem below of the folder files. */
FIXTURE_VARIANT(overlay)
{
	const char *type;
	const char *image;
	bool within;
};

/* What is copied up stays on one filesystem, which remembers verdicts, or moves to another. */
FIXTURE_VARIANT_ADD(overlay, within_ext4) {
	.type = "ext4", .within = true,
	.image = "truncate -s 64M image && mkfs.ext4 -q -F -d files image",
};
FIXTURE_VARIANT_ADD(overlay, from_squashfs_to_tmpfs) {
	.type = "squashfs", .image = "mksquashfs files image",
};

FIXTURE_SETUP(overlay)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, mkdir("mnt", 0755));
	ASSERT_EQ(0, mkdir("files", 0755));
	ASSERT_EQ(0, mkdir("files/lower", 0755));
	ASSERT_EQ(0, make_program("files/lower/banned", "b"));
	ASSERT_EQ(0, make_program("files/lower/innocent", "i"));
	ASSERT_EQ(0, run_silently(variant->image));
	ASSERT_EQ(0, loopfs_mount(&self->fs, "image", variant->type, "below"));
	if (variant->within) {
		ASSERT_EQ(0, symlink("below", "above"));
	} else {
		ASSERT_EQ(0, mkdir("above", 0755));
		ASSERT_EQ(0, mount("none", "above", "tmpfs", 0, NULL));
	}
	loopfs_settle();
}

/* The ban is still in force, and none of the filesystems is held by it. */
FIXTURE_TEARDOWN(overlay)
{
	EXPECT_EQ(0, umount("mnt"));
	if (!variant->within)
		EXPECT_EQ(0, umount("above"));
	EXPECT_EQ(0, loopfs_unmount(&self->fs));
	world_end(&self->world);
}

static int mount_anew(void)
{
	if (umount("mnt") && errno != EINVAL)
		return -errno;
	if (run_silently("rm -rf above/upper above/work && mkdir above/upper above/work"))
		return -EIO;
	return mount("overlay", "mnt", "overlay", 0,
		     "lowerdir=below/lower,upperdir=above/upper,workdir=above/work") ? -errno : 0;
}

/* Copies a file up and makes it the other one. */
static int change(const char *path)
{
	_cleanup_buffer_ struct debar_buffer content = {};
	int ret;

	ret = debar_file_read(strcmp(path, "mnt/banned") ? BANNED : INNOCENT, SIZE_MAX, &content);
	return ret ?: rewrite_file(path, content.data, content.length);
}

/* What happens to the file before an attempt. */
static int (*prepare)(const char *path);

static int attempt_run_prepared(const char *path)
{
	return mount_anew() || prepare(path) ? -EIO : run(path);
}

static int attempt_map_prepared(const char *path)
{
	return mount_anew() || prepare(path) ? -EIO : attempt_map(path);
}

static int attempt_protect_prepared(const char *path)
{
	return mount_anew() || prepare(path) ? -EIO : attempt_protect(path);
}

#define EXPECT_REFUSED(attempt_, path_, file_, operation_)			\
	EXPECT_CLOSED(&self->world, .banned = BANNED, .attempt = attempt_, .path = path_,	\
		      .recorded = path_, .file = file_, .operation = DEBAR_OPERATION_##operation_)

/* What is mapped, and made executable later, is the file in a layer: that one is in the denial. */
#define EXPECT_ALL_REFUSED(step, path, layer)					\
	do {									\
		prepare = step;							\
		EXPECT_REFUSED(attempt_run_prepared, path, NULL, EXECUTE);	\
		EXPECT_REFUSED(attempt_map_prepared, path, NULL, MAP);		\
		EXPECT_REFUSED(attempt_protect_prepared, path, layer, PROTECT);	\
		EXPECT_EQ(0, run(INNOCENT));					\
		EXPECT_EQ(0, attempt_map(INNOCENT));				\
		EXPECT_EQ(0, attempt_protect(INNOCENT));			\
	} while (0)

static int as_it_is(const char *path)
{
	(void)path;
	return 0;
}

TEST_F(overlay, below)
{
	EXPECT_ALL_REFUSED(as_it_is, "mnt/banned", BANNED);
}

static int made_above(const char *path)
{
	return copy_with_mark(BANNED, path, "");
}

TEST_F(overlay, above)
{
	EXPECT_ALL_REFUSED(made_above, "mnt/new", "above/upper/new");
}

/* Remembered where it can be. */
static int judged(const char *path)
{
	int ret = run(path);

	if (attempt_map(path) != ret || attempt_protect(path) != ret || run(path) != ret)
		return -EIO;
	return ret;
}

static int allowed_and_changed(const char *path)
{
	return judged(path) ?: change(path);
}

TEST_F(overlay, copied_up_after_an_allow)
{
	EXPECT_ALL_REFUSED(allowed_and_changed, "mnt/innocent", "above/upper/innocent");
}

/* Copied up with its content as it was. */
static int judged_and_moved(const char *path)
{
	(void)judged(path);
	return chmod(path, 0700) ? -errno : 0;
}

TEST_F(overlay, copied_up_after_a_refusal)
{
	EXPECT_ALL_REFUSED(judged_and_moved, "mnt/banned", "above/upper/banned");
}

/* No longer the banned one, it is innocent. */
TEST_F(overlay, copied_up_and_changed_after_a_refusal)
{
	ASSERT_EQ(0, mount_anew());
	ASSERT_EQ(0, ban_one(&self->world, BANNED));
	EXPECT_EQ(-EPERM, judged("mnt/banned"));
	ASSERT_EQ(0, change("mnt/banned"));
	EXPECT_EQ(0, judged("mnt/banned"));
}

static int attempt_run_opened(const char *path)
{
	int fd, ret;

	if (mount_anew())
		return -EIO;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ret = change(path) ?: run_descriptor(fd);
	close(fd);
	return ret;
}

static int attempt_map_opened(const char *path)
{
	void *memory = MAP_FAILED;
	int fd, ret;

	if (mount_anew())
		return -EIO;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	ret = change(path);
	if (!ret)
		memory = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	if (!ret && memory == MAP_FAILED)
		ret = -errno;
	if (memory != MAP_FAILED)
		munmap(memory, 4096);
	close(fd);
	return ret;
}

/*
 * Opened before it was copied up, a file is executed as it is now, mapped as it was: both count.
 */
TEST_F(overlay, banned_after_it_was_opened)
{
	EXPECT_REFUSED(attempt_run_opened, "mnt/innocent", NULL, EXECUTE);
	EXPECT_REFUSED(attempt_map_opened, "mnt/innocent", NULL, MAP);
}

/* The last byte of what was mapped: it tells the files apart. */
static char mark;

/* Maps a file that is copied up before or behind that, and makes the memory executable. */
static int protect_opened(const char *path, bool mapped_first)
{
	int fd, ret = 0;
	struct stat st;
	char *memory;

	if (mount_anew() || stat(path, &st))
		return -EIO;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (!mapped_first)
		ret = change(path);
	memory = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (mapped_first)
		ret = change(path);
	if (ret || memory == MAP_FAILED)
		return -EIO;
	ret = mprotect(memory, st.st_size, PROT_READ | PROT_EXEC) ? -errno : 0;
	mark = memory[st.st_size - 1];
	munmap(memory, st.st_size);
	return ret;
}

static int attempt_protect_opened(const char *path)
{
	return protect_opened(path, false);
}

static int attempt_protect_mapped(const char *path)
{
	return protect_opened(path, true);
}

TEST_F(overlay, banned_before_it_was_opened)
{
	EXPECT_REFUSED(attempt_map_opened, "mnt/banned", BANNED, MAP);
	EXPECT_REFUSED(attempt_protect_opened, "mnt/banned", BANNED, PROTECT);
	EXPECT_EQ('b', mark);
	EXPECT_REFUSED(attempt_protect_mapped, "mnt/banned", BANNED, PROTECT);
	EXPECT_EQ('b', mark);
	/* What is executed, and what has been mapped of the other file, is innocent. */
	EXPECT_EQ(0, attempt_run_opened("mnt/banned"));
	EXPECT_EQ(0, attempt_protect_opened("mnt/innocent"));
	EXPECT_EQ('i', mark);
	EXPECT_EQ(0, attempt_protect_mapped("mnt/innocent"));
	EXPECT_EQ('i', mark);
}

DEBAR_TEST_MAIN
