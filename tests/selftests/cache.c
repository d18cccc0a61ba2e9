// SPDX-License-Identifier: GPL-2.0-only
/*
 * The verdict cache: what is remembered, for how long, and on which filesystems; that whatever
 * changes is judged anew, and that a filesystem can go away at any time.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#include "common.h"
#include "kselftest_harness.h"
#include "loopfs.h"

FIXTURE(cache)
{
	struct world world;
	struct loopfs fs;
};

FIXTURE_VARIANT(cache)
{
	const char *type;
};

FIXTURE_VARIANT_ADD(cache, ext4) { .type = "ext4" };
FIXTURE_VARIANT_ADD(cache, xfs) { .type = "xfs" };
FIXTURE_VARIANT_ADD(cache, btrfs) { .type = "btrfs" };

FIXTURE_SETUP(cache)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, loopfs_make("image", variant->type));
	ASSERT_EQ(0, loopfs_mount(&self->fs, "image", variant->type, "mnt"));
	ASSERT_EQ(0, make_program("mnt/banned", "b"));
	ASSERT_EQ(0, make_program("mnt/innocent", "i"));
	ASSERT_EQ(0, ban_one(&self->world, "mnt/banned"));
	loopfs_settle();
}

FIXTURE_TEARDOWN(cache)
{
	EXPECT_EQ(0, loopfs_unmount(&self->fs));
	world_end(&self->world);
}

/* What running a program costs: files hashed, and answers from the cache. */
struct cost {
	int result;
	int hashed;
	int hits;
};

static struct cost run_and_count(struct world *world, const char *path)
{
	struct debar_status before = world_status(world), after;
	struct cost cost;

	cost.result = run(path);
	after = world_status(world);
	cost.hashed = after.hashed_files - before.hashed_files;
	cost.hits = after.cache_hits - before.cache_hits;
	return cost;
}

TEST_F(cache, answers_again)
{
	struct cost cost = run_and_count(&self->world, "mnt/innocent");

	EXPECT_EQ(0, cost.result);
	EXPECT_EQ(1, cost.hashed);
	cost = run_and_count(&self->world, "mnt/innocent");
	EXPECT_EQ(0, cost.result);
	EXPECT_EQ(0, cost.hashed);
	EXPECT_LT(0, cost.hits);

	cost = run_and_count(&self->world, "mnt/banned");
	EXPECT_EQ(-EPERM, cost.result);
	EXPECT_EQ(1, cost.hashed);
	cost = run_and_count(&self->world, "mnt/banned");
	EXPECT_EQ(-EPERM, cost.result);
	EXPECT_EQ(0, cost.hashed);
	EXPECT_EQ(1, cost.hits);
	EXPECT_LE(2, world_status(&self->world).cache_entries);
}

TEST_F(cache, flushed)
{
	EXPECT_EQ(0, run("mnt/innocent"));
	ASSERT_EQ(0, debar_client_cache_flush(self->world.client));
	EXPECT_EQ(0, world_status(&self->world).cache_entries);
	EXPECT_EQ(1, run_and_count(&self->world, "mnt/innocent").hashed);
	EXPECT_EQ(0, run_and_count(&self->world, "mnt/innocent").hashed);
}

TEST_F(cache, new_policy)
{
	EXPECT_EQ(0, run("mnt/innocent"));
	EXPECT_EQ(-EPERM, run("mnt/banned"));
	ASSERT_EQ(0, ban_one(&self->world, "mnt/innocent"));
	EXPECT_EQ(-EPERM, run("mnt/innocent"));
	EXPECT_EQ(0, run("mnt/banned"));
}

TEST_F(cache, mode)
{
	EXPECT_EQ(-EPERM, run("mnt/banned"));
	ASSERT_EQ(0, debar_client_mode_set(self->world.client, DEBAR_MODE_MONITOR));
	EXPECT_EQ(0, run("mnt/banned"));
	ASSERT_EQ(0, debar_client_mode_set(self->world.client, DEBAR_MODE_ENFORCE));
	EXPECT_EQ(-EPERM, run("mnt/banned"));
}

/*
 * Overwrites a file with the content of another, as long as itself, and puts the times of its data
 * back.
 */
static int replace_content(const char *path, const char *with)
{
	_cleanup_buffer_ struct debar_buffer content = {};
	struct timespec times[2];
	struct stat st;
	int ret;

	if (stat(path, &st))
		return -errno;
	ret = debar_file_read(with, SIZE_MAX, &content);
	if (!ret)
		ret = rewrite_file(path, content.data, content.length);
	if (ret)
		return ret;
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	return utimensat(AT_FDCWD, path, times, 0) ? -errno : 0;
}

TEST_F(cache, content_changed)
{
	EXPECT_EQ(0, run("mnt/innocent"));
	EXPECT_EQ(0, run_and_count(&self->world, "mnt/innocent").hashed);
	ASSERT_EQ(0, replace_content("mnt/innocent", "mnt/banned"));
	EXPECT_EQ(-EPERM, run("mnt/innocent"));
	loopfs_settle();
	EXPECT_EQ(-EPERM, run("mnt/innocent"));
	EXPECT_EQ(-EPERM, run("mnt/innocent"));
}

/*
 * A change right behind the judgement, when the clock behind a file's times may not have gone on.
 */
TEST_F(cache, content_changed_at_once)
{
	int i;

	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, copy_with_mark("mnt/innocent", "mnt/changing", ""));
		EXPECT_EQ(0, run("mnt/changing"));
		ASSERT_EQ(0, replace_content("mnt/changing", "mnt/banned"));
		EXPECT_EQ(-EPERM, run("mnt/changing"));
	}
}

/* One byte is changed, through a mapping. */
TEST_F(cache, content_changed_in_a_mapping)
{
	_cleanup_buffer_ struct debar_buffer content = {};
	char *memory;
	int fd;

	ASSERT_EQ(0, debar_file_read("mnt/banned", SIZE_MAX, &content));
	EXPECT_EQ(0, run("mnt/innocent"));
	EXPECT_EQ(0, run_and_count(&self->world, "mnt/innocent").hashed);
	fd = open("mnt/innocent", O_RDWR | O_CLOEXEC);
	ASSERT_LE(0, fd);
	memory = mmap(NULL, content.length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	ASSERT_NE(MAP_FAILED, memory);
	memory[content.length - 1] = content.data[content.length - 1];
	/* The file is not open for writing any more, but still mapped. */
	close(fd);
	EXPECT_EQ(-EPERM, map("mnt/innocent", PROT_READ | PROT_EXEC));
	memory[content.length - 1] = 'i';
	EXPECT_EQ(0, map("mnt/innocent", PROT_READ | PROT_EXEC));
	memory[content.length - 1] = content.data[content.length - 1];
	munmap(memory, content.length);
	EXPECT_EQ(-EPERM, run("mnt/innocent"));
}

TEST_F(cache, replaced_by_rename)
{
	EXPECT_EQ(0, run("mnt/innocent"));
	ASSERT_EQ(0, rename("mnt/banned", "mnt/innocent"));
	EXPECT_EQ(-EPERM, run("mnt/innocent"));
}

/* A file that is open for writing can change without a trace: it is read each time. */
TEST_F(cache, open_for_writing)
{
	int fd = open("mnt/innocent", O_RDWR | O_CLOEXEC);
	struct debar_status before;

	ASSERT_LE(0, fd);
	before = world_status(&self->world);
	EXPECT_EQ(0, map("mnt/innocent", PROT_READ | PROT_EXEC));
	EXPECT_EQ(0, map("mnt/innocent", PROT_READ | PROT_EXEC));
	/* XFS counts that it was read as a change, and so has it read once more. */
	EXPECT_LE(before.hashed_files + 2, world_status(&self->world).hashed_files);
	close(fd);
}

/* A handle that bypasses the page cache, and so would have to be read in whole blocks. */
TEST_F(cache, direct_handle)
{
	int fd = open("mnt/banned", O_RDONLY | O_DIRECT | O_CLOEXEC);

	ASSERT_LE(0, fd);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0));
	EXPECT_EQ(EPERM, errno);
	close(fd);
}

TEST_F(cache, unmounted_at_once)
{
	EXPECT_EQ(0, run("mnt/innocent"));
	EXPECT_EQ(-EPERM, run("mnt/banned"));
	EXPECT_LE(2, world_status(&self->world).cache_entries);
	ASSERT_EQ(0, loopfs_unmount(&self->fs));
	EXPECT_EQ(0, world_status(&self->world).cache_entries);
	ASSERT_EQ(0, loopfs_mount(&self->fs, "image", variant->type, "mnt"));
	EXPECT_EQ(1, run_and_count(&self->world, "mnt/innocent").hashed);
	EXPECT_EQ(-EPERM, run("mnt/banned"));
}

FIXTURE(disk)
{
	struct world world;
	struct loopfs fs;
};

/* Marks of one length, which can be found in the image. */
#define BANNED_MARK	"the mark of what is banned"
#define INNOCENT_MARK	"the mark of the innocent.."

FIXTURE_SETUP(disk)
{
	ASSERT_EQ(sizeof(BANNED_MARK), sizeof(INNOCENT_MARK));
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, loopfs_make("image", "ext4"));
	ASSERT_EQ(0, loopfs_mount(&self->fs, "image", "ext4", "mnt"));
	ASSERT_EQ(0, make_program("mnt/banned", BANNED_MARK));
	ASSERT_EQ(0, make_program("mnt/innocent", INNOCENT_MARK));
	ASSERT_EQ(0, ban_one(&self->world, "mnt/banned"));
	loopfs_settle();
}

FIXTURE_TEARDOWN(disk)
{
	EXPECT_EQ(0, loopfs_unmount(&self->fs));
	world_end(&self->world);
}

static int take_device(const struct debar_denial *denial, const struct debar_denial_state *state,
		       void *data)
{
	(void)state;
	if (denial)
		*(uint32_t *)data = denial->device;
	return 0;
}

TEST_F(disk, device_of_a_denial)
{
	uint64_t since = world_status(&self->world).denials_next;
	uint32_t device = 0;
	struct stat st;

	ASSERT_EQ(0, stat("mnt/banned", &st));
	ASSERT_EQ(-EPERM, run("mnt/banned"));
	ASSERT_EQ(0, debar_client_denial_dump(self->world.client, since, take_device, &device));
	EXPECT_EQ(major(st.st_dev) << 20 | minor(st.st_dev), device);
}

/* Overwrites one mark with another, wherever it is in an image; the number of places. */
static int spoil_image(const char *image, const char *from, const char *to)
{
	const size_t length = strlen(from);
	int fd = open(image, O_RDWR | O_CLOEXEC), places = 0;
	off_t offset = 0;
	char *memory, *found;

	while ((offset = lseek(fd, offset, SEEK_DATA)) >= 0) {
		off_t end = lseek(fd, offset, SEEK_HOLE);

		memory = mmap(NULL, end - offset, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
		if (memory == MAP_FAILED)
			break;
		while ((found = memmem(memory, end - offset, from, length))) {
			memcpy(found, to, length);
			places++;
		}
		munmap(memory, end - offset);
		offset = end;
	}
	close(fd);
	return places;
}

/* Another filesystem in the same place, in which only one file's content is another. */
TEST_F(disk, another_image_in_the_same_place)
{
	const char *const copy[] = { "/bin/cp", "image", "other", NULL };
	struct stat before, after;
	char device[32];

	EXPECT_EQ(0, run("mnt/innocent"));
	EXPECT_EQ(0, run_and_count(&self->world, "mnt/innocent").hashed);
	ASSERT_EQ(0, stat("mnt/innocent", &before));
	strcpy(device, self->fs.device);
	ASSERT_EQ(0, loopfs_unmount(&self->fs));
	ASSERT_EQ(0, run_with(copy));
	ASSERT_EQ(1, spoil_image("other", INNOCENT_MARK, BANNED_MARK));
	ASSERT_EQ(0, loopfs_mount(&self->fs, "other", "ext4", "mnt"));

	ASSERT_STREQ(device, self->fs.device);
	ASSERT_EQ(0, stat("mnt/innocent", &after));
	EXPECT_EQ(before.st_dev, after.st_dev);
	EXPECT_EQ(before.st_ino, after.st_ino);
	EXPECT_EQ(before.st_size, after.st_size);
	EXPECT_EQ(0, memcmp(&before.st_ctim, &after.st_ctim, sizeof(before.st_ctim)));
	EXPECT_EQ(-EPERM, run("mnt/innocent"));
}

/* Many who start the same new program have it read once. */
TEST_F(disk, read_once_for_many)
{
	static char mark[2 * 1024 * 1024];
	struct debar_status before;
	pid_t children[8];
	int status;
	size_t i;

	memset(mark, 'm', sizeof(mark) - 1);
	ASSERT_EQ(0, make_program("mnt/large-banned", mark));
	mark[0] = 'n';
	ASSERT_EQ(0, make_program("mnt/large", mark));
	ASSERT_EQ(0, ban_one(&self->world, "mnt/large-banned"));
	loopfs_settle();
	before = world_status(&self->world);
	for (i = 0; i < ARRAY_SIZE(children); i++) {
		children[i] = fork();
		if (!children[i])
			_exit(run("mnt/large") ? 1 : 0);
	}
	for (i = 0; i < ARRAY_SIZE(children); i++) {
		ASSERT_EQ(children[i], waitpid(children[i], &status, 0));
		EXPECT_EQ(0, status);
	}
	EXPECT_EQ(before.hashed_files + 1, world_status(&self->world).hashed_files);
}

FIXTURE(tmpfs)
{
	struct world world;
};

FIXTURE_SETUP(tmpfs)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, make_program("banned", "b"));
	ASSERT_EQ(0, make_program("innocent", "i"));
	ASSERT_EQ(0, ban_one(&self->world, "banned"));
	loopfs_settle();
}

FIXTURE_TEARDOWN(tmpfs)
{
	world_end(&self->world);
}

/* A store through a mapping leaves no trace there. */
TEST_F(tmpfs, is_never_remembered)
{
	int i;

	for (i = 0; i < 3; i++) {
		struct cost cost = run_and_count(&self->world, "innocent");

		EXPECT_EQ(0, cost.result);
		EXPECT_LE(1, cost.hashed);
		EXPECT_EQ(0, cost.hits);
	}
	EXPECT_EQ(0, world_status(&self->world).cache_entries);
}

DEBAR_TEST_MAIN
