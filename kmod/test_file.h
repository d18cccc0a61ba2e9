/* SPDX-License-Identifier: GPL-2.0-only */
/* Real files for KUnit tests, on filesystems of their own. */
#ifndef DEBAR_TEST_FILE_H
#define DEBAR_TEST_FILE_H

#include <kunit/test.h>
#include <linux/fs.h>
#include <linux/mount.h>

struct vfsmount *debar_test_mount(struct kunit *test, unsigned long magic);
struct file *debar_test_open(struct kunit *test, struct vfsmount *mount, const char *name,
			     int flags);
void debar_test_close(struct kunit *test, struct file *file);
void debar_test_write(struct kunit *test, struct vfsmount *mount, const char *name,
		      const void *content, size_t size);
struct file *debar_test_file(struct kunit *test, struct vfsmount *mount, const char *name,
			     const void *content, size_t size);

#endif /* DEBAR_TEST_FILE_H */
