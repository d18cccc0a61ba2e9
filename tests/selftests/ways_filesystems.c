// SPDX-License-Identifier: GPL-2.0-only
/*
 * A banned program on every filesystem that a server may have, in each way that makes it
 * executable; and that each filesystem can go away, and come back, while the ban is in force.
 */
#include <fcntl.h>
#include <linux/fsverity.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loopfs.h"
#include "slowfs.h"
#include "ways.h"
#include "kselftest_harness.h"

/* One banned program, and an innocent one that is as long. */
FIXTURE(filesystem)
{
	struct world world;
	struct loopfs fs;
	struct slowfs *served[2];
};

/*
 * @mount makes the filesystem when it is not there yet, fills it and mounts it; @image is the
 * command that makes it whole, of the folder files. @kind is that of the indicator.
 */
FIXTURE_VARIANT(filesystem)
{
	int (*mount)(FIXTURE_DATA(filesystem) *self, const FIXTURE_VARIANT(filesystem) *variant);
	int (*unmount)(FIXTURE_DATA(filesystem) *self);
	const char *type;
	const char *image;
	const char *banned;
	const char *innocent;
	enum debar_indicator_kind kind;
};

static int fill(const char *dir)
{
	char command[128];

	snprintf(command, sizeof(command), "[ -e %s/banned ] || cp files/* %s", dir, dir);
	return run_silently(command) ? -EIO : 0;
}

static int mount_memory(FIXTURE_DATA(filesystem) *self, const FIXTURE_VARIANT(filesystem) *variant)
{
	(void)self;
	if ((mkdir("mnt", 0755) && errno != EEXIST) || mount("none", "mnt", variant->type, 0, NULL))
		return -errno;
	return fill("mnt");
}

static int unmount_memory(FIXTURE_DATA(filesystem) *self)
{
	(void)self;
	return umount("mnt") ? -errno : 0;
}

static int mount_image(FIXTURE_DATA(filesystem) *self, const FIXTURE_VARIANT(filesystem) *variant)
{
	if (access("image", F_OK) && run_silently(variant->image))
		return -EIO;
	return loopfs_mount(&self->fs, "image", variant->type, "mnt");
}

static int mount_disk(FIXTURE_DATA(filesystem) *self, const FIXTURE_VARIANT(filesystem) *variant)
{
	int ret = 0;

	if (access("image", F_OK))
		ret = loopfs_make("image", variant->type);
	if (!ret)
		ret = loopfs_mount(&self->fs, "image", variant->type, "mnt");
	return ret ?: fill("mnt");
}

static int unmount_loop(FIXTURE_DATA(filesystem) *self)
{
	return loopfs_unmount(&self->fs);
}

static int enable_verity(const char *path)
{
	const struct fsverity_enable_arg arg = {
		.version = 1,
		.hash_algorithm = FS_VERITY_HASH_ALG_SHA256,
		.block_size = 4096,
	};
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || (ioctl(fd, FS_IOC_ENABLE_VERITY, &arg) && errno != EEXIST))
		return -errno;
	return 0;
}

static int mount_verity(FIXTURE_DATA(filesystem) *self, const FIXTURE_VARIANT(filesystem) *variant)
{
	int ret = mount_image(self, variant);

	if (!ret)
		ret = fill("mnt");
	if (!ret)
		ret = enable_verity("mnt/banned");
	return ret ?: enable_verity("mnt/innocent");
}

/* Such a filesystem has one file: two of them are needed. */
static int mount_served(FIXTURE_DATA(filesystem) *self, const FIXTURE_VARIANT(filesystem) *variant)
{
	int ret = slowfs_mount(&self->served[0], "files/banned", "mnt");

	(void)variant;
	return ret ?: slowfs_mount(&self->served[1], "files/innocent", "other");
}

static int unmount_served(FIXTURE_DATA(filesystem) *self)
{
	int ret = slowfs_unmount(self->served[0]);

	return slowfs_unmount(self->served[1]) ?: ret;
}

#define USUAL_NAMES	.banned = "mnt/banned", .innocent = "mnt/innocent"
#define DISK		.mount = mount_disk, .unmount = unmount_loop, USUAL_NAMES
#define IMAGE		.mount = mount_image, .unmount = unmount_loop, USUAL_NAMES
#define MEMORY		.mount = mount_memory, .unmount = unmount_memory, USUAL_NAMES
#define VERITY		.mount = mount_verity, .unmount = unmount_loop, USUAL_NAMES,	\
			.image = "truncate -s 64M image && mkfs.ext4 -q -F -O verity -b 4096 image"

FIXTURE_VARIANT_ADD(filesystem, ext4) { DISK, .type = "ext4" };
FIXTURE_VARIANT_ADD(filesystem, xfs) { DISK, .type = "xfs" };
FIXTURE_VARIANT_ADD(filesystem, btrfs) { DISK, .type = "btrfs" };
FIXTURE_VARIANT_ADD(filesystem, tmpfs) { MEMORY, .type = "tmpfs" };
FIXTURE_VARIANT_ADD(filesystem, ramfs) { MEMORY, .type = "ramfs" };
FIXTURE_VARIANT_ADD(filesystem, squashfs) {
	IMAGE, .type = "squashfs", .image = "mksquashfs files image",
};
FIXTURE_VARIANT_ADD(filesystem, erofs) {
	IMAGE, .type = "erofs", .image = "mkfs.erofs image files",
};
FIXTURE_VARIANT_ADD(filesystem, fuse) {
	.mount = mount_served, .unmount = unmount_served, .type = "fuse",
	.banned = "mnt/" SLOWFS_FILE, .innocent = "other/" SLOWFS_FILE,
};
FIXTURE_VARIANT_ADD(filesystem, ext4_with_verity) { VERITY, .type = "ext4" };
FIXTURE_VARIANT_ADD(filesystem, ext4_by_verity) {
	VERITY, .type = "ext4", .kind = DEBAR_INDICATOR_KIND_FSVERITY_SHA256,
};

FIXTURE_SETUP(filesystem)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, mkdir("files", 0755));
	ASSERT_EQ(0, make_program("files/banned", "b"));
	ASSERT_EQ(0, make_program("files/innocent", "i"));
	ASSERT_EQ(0, variant->mount(self, variant));
	/* What may be remembered of a file is remembered from its first judgement on. */
	loopfs_settle();
}

FIXTURE_TEARDOWN(filesystem)
{
	EXPECT_EQ(0, variant->unmount(self));
	world_end(&self->world);
}

#define EXPECT_REFUSED(world_, kind_, banned_, operation_, attempt_)		\
	EXPECT_CLOSED(world_, .banned = banned_, .attempt = attempt_, .path = banned_,	\
		      .kind = kind_, .operation = DEBAR_OPERATION_##operation_)

TEST_F(filesystem, closed)
{
	EXPECT_REFUSED(&self->world, variant->kind, variant->banned, EXECUTE, attempt_run);
	EXPECT_EQ(0, run(variant->innocent));
	EXPECT_REFUSED(&self->world, variant->kind, variant->banned, MAP, attempt_map);
	EXPECT_EQ(0, attempt_map(variant->innocent));
	EXPECT_REFUSED(&self->world, variant->kind, variant->banned, PROTECT, attempt_protect);
	EXPECT_EQ(0, attempt_protect(variant->innocent));
}

/* Nothing that debar knows of a file, or has done with it, keeps its filesystem. */
TEST_F(filesystem, gone_and_back)
{
	int i;

	EXPECT_REFUSED(&self->world, variant->kind, variant->banned, EXECUTE, attempt_run);
	for (i = 0; i < 2; i++) {
		EXPECT_EQ(0, run(variant->innocent));
		EXPECT_EQ(0, attempt_map(variant->innocent));
		EXPECT_EQ(0, attempt_protect(variant->innocent));
		EXPECT_EQ(-EPERM, run(variant->banned));
		EXPECT_EQ(-EPERM, attempt_map(variant->banned));
		EXPECT_EQ(-EPERM, attempt_protect(variant->banned));
		ASSERT_EQ(0, variant->unmount(self));
		EXPECT_EQ(0, world_status(&self->world).cache_entries);
		ASSERT_EQ(0, variant->mount(self, variant));
		loopfs_settle();
	}
}

FIXTURE(initramfs)
{
	struct world world;
};

#define INNOCENT	PAYLOAD "-innocent"

/*
 * The first root is made of the initramfs; what came in it is banned, and a copy with another last
 * byte is not.
 */
FIXTURE_SETUP(initramfs)
{
	_cleanup_buffer_ struct debar_buffer content = {};

	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, debar_file_read(PAYLOAD, SIZE_MAX, &content));
	((char *)content.data)[content.length - 1] ^= 1;
	ASSERT_EQ(0, write_file(INNOCENT, content.data, content.length, 0755));
}

FIXTURE_TEARDOWN(initramfs)
{
	unlink(INNOCENT);
	world_end(&self->world);
}

TEST_F(initramfs, closed)
{
	struct place place;

	ASSERT_EQ(0, place_of(PAYLOAD, &place));
	EXPECT_STREQ("rootfs", place.filesystem);
	EXPECT_REFUSED(&self->world, 0, PAYLOAD, EXECUTE, attempt_run);
	EXPECT_EQ(0, run(INNOCENT));
	EXPECT_REFUSED(&self->world, 0, PAYLOAD, MAP, attempt_map);
	EXPECT_EQ(0, attempt_map(INNOCENT));
	EXPECT_REFUSED(&self->world, 0, PAYLOAD, PROTECT, attempt_protect);
	EXPECT_EQ(0, attempt_protect(INNOCENT));
}

DEBAR_TEST_MAIN
