// SPDX-License-Identifier: GPL-2.0-only
/*
 * Real files for KUnit tests, on filesystems of their own. They are ramfs; one that is told so
 * passes for another filesystem, of which debar remembers answers.
 */
#include <kunit/resource.h>
#include <linux/backing-dev.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/magic.h>

#include "test_file.h"

static void unmount(void *mount)
{
	/* A kernel thread's files are closed a little later. */
	flush_delayed_fput();
	kern_unmount(mount);
}

static void close_file(void *file)
{
	__fput_sync(file);
}

/**
 * debar_test_mount() - make a filesystem; goes away when the test ends
 * @test: the test
 * @magic: of what it passes for, RAMFS_MAGIC for what it is
 *
 * Return: the filesystem.
 */
struct vfsmount *debar_test_mount(struct kunit *test, unsigned long magic)
{
	struct file_system_type *type = get_fs_type("ramfs");
	struct vfsmount *mount;

	KUNIT_ASSERT_NOT_NULL(test, type);
	mount = kern_mount(type);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, mount);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, unmount, mount), 0);
	if (magic == RAMFS_MAGIC)
		return mount;
	/* What is stored somewhere is written back there. */
	KUNIT_ASSERT_EQ(test, super_setup_bdi(mount->mnt_sb), 0);
	mount->mnt_sb->s_magic = magic;
	return mount;
}

/**
 * debar_test_open() - open a file; it is closed when the test ends
 * @test: the test
 * @mount: from debar_test_mount()
 * @name: of the file
 * @flags: as open() takes them
 *
 * Return: the file.
 */
struct file *debar_test_open(struct kunit *test, struct vfsmount *mount, const char *name,
			     int flags)
{
	struct file *file = file_open_root_mnt(mount, name, flags, 0700);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, close_file, file), 0);
	return file;
}

/**
 * debar_test_close() - close a file before the test ends
 * @test: the test
 * @file: from debar_test_open()
 */
void debar_test_close(struct kunit *test, struct file *file)
{
	kunit_release_action(test, close_file, file);
}

/**
 * debar_test_write() - make a file, or write over what is there
 * @test: the test
 * @mount: from debar_test_mount()
 * @name: of the file
 * @content: to be written
 * @size: of @content in bytes
 */
void debar_test_write(struct kunit *test, struct vfsmount *mount, const char *name,
		      const void *content, size_t size)
{
	struct file *file = debar_test_open(test, mount, name, O_WRONLY | O_CREAT | O_TRUNC);
	loff_t position = 0;

	KUNIT_ASSERT_EQ(test, kernel_write(file, content, size, &position), size);
	debar_test_close(test, file);
}

/**
 * debar_test_file() - make a file that nobody has changed for long
 * @test: the test
 * @mount: from debar_test_mount()
 * @name: of the file
 * @content: of the file
 * @size: of @content in bytes
 *
 * Return: the file, open to be read.
 */
struct file *debar_test_file(struct kunit *test, struct vfsmount *mount, const char *name,
			     const void *content, size_t size)
{
	struct file *file;

	debar_test_write(test, mount, name, content, size);
	file = debar_test_open(test, mount, name, O_RDONLY);
	inode_set_ctime(file_inode(file), 1, 0);
	return file;
}
