// SPDX-License-Identifier: GPL-2.0-only
/*
 * A filesystem that a program serves, and that answers otherwise each time: what it shows debar is
 * judged, each time anew. What it shows the subject afterwards nobody can know.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "loopfs.h"
#include "slowfs.h"
#include "ways.h"
#include "kselftest_harness.h"

FIXTURE(served)
{
	struct world world;
	struct slowfs *fs;
	uint64_t since;
	char path[64];
};

/* The file as it is, and as the layer below of an overlay. */
FIXTURE_VARIANT(served)
{
	const char *name;
};

FIXTURE_VARIANT_ADD(served, file) { .name = "mnt/" SLOWFS_FILE };
FIXTURE_VARIANT_ADD(served, below_an_overlay) { .name = "overlay/" SLOWFS_FILE };

FIXTURE_SETUP(served)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, make_program("banned", "b"));
	ASSERT_EQ(0, make_program("innocent", "i"));
	ASSERT_EQ(0, slowfs_mount(&self->fs, "innocent", "mnt"));
	ASSERT_EQ(0, mkdir("overlay", 0755));
	ASSERT_EQ(0, mkdir("empty", 0755));
	ASSERT_EQ(0, mount("overlay", "overlay", "overlay", 0, "lowerdir=mnt:empty"));
	ASSERT_EQ(0, ban_one(&self->world, "banned"));
	snprintf(self->path, sizeof(self->path), "%s/%s", self->world.dir, variant->name);
	self->since = world_status(&self->world).denials_next;
	/* Where a verdict may be remembered it would be from now on. */
	loopfs_settle();
}

/* A verdict keeps neither. */
FIXTURE_TEARDOWN(served)
{
	EXPECT_EQ(0, umount("overlay"));
	EXPECT_EQ(0, slowfs_unmount(self->fs));
	world_end(&self->world);
}

/* What the file's readers are shown from now on: the two programs differ in the last byte. */
static void show(FIXTURE_DATA(served) *self, char mark)
{
	((char *)self->fs->content)[self->fs->size - 1] = mark;
}

/*
 * Attempts something with the file, while debar is shown one and the other; how often that went
 * wrong, or was not read for.
 */
static int wrong(FIXTURE_DATA(served) *self, const char *path, int (*attempt)(const char *path),
		 uint32_t operation)
{
	int i, result = 0;

	for (i = 0; i < 10; i++) {
		uint64_t hashed = world_status(&self->world).hashed_files;
		bool banned = i & 1;
		struct recorded r;

		show(self, banned ? 'b' : 'i');
		result += attempt(path) != (banned ? -EPERM : 0);
		result += world_status(&self->world).hashed_files == hashed;
		recorded_since(&self->world, self->since, &r);
		result += r.count != banned;
		if (!banned)
			continue;
		result += r.denial.operation != operation || strcmp(r.path, self->path);
		self->since = r.denial.sequence + 1;
	}
	return result;
}

TEST_F(served, read_each_time)
{
	EXPECT_EQ(0, wrong(self, variant->name, attempt_run, DEBAR_OPERATION_EXECUTE));
	EXPECT_EQ(0, wrong(self, variant->name, attempt_map, DEBAR_OPERATION_MAP));
	EXPECT_EQ(0, wrong(self, variant->name, attempt_protect, DEBAR_OPERATION_PROTECT));
	EXPECT_EQ(0, world_status(&self->world).cache_entries);
}

/* It does not help that the subject was shown, and holds in memory, an innocent one. */
TEST_F(served, held_in_memory)
{
	_cleanup_close_ int fd = open(variant->name, O_RDONLY | O_CLOEXEC);
	char *memory = mmap(NULL, self->fs->size, PROT_READ, MAP_SHARED, fd, 0);

	ASSERT_NE(MAP_FAILED, memory);
	EXPECT_EQ('i', memory[self->fs->size - 1]);
	show(self, 'b');
	EXPECT_EQ(-EPERM, attempt_map(variant->name));
	EXPECT_EQ(-EPERM, run(variant->name));
	munmap(memory, self->fs->size);
}

DEBAR_TEST_MAIN
