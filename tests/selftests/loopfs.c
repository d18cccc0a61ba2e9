// SPDX-License-Identifier: GPL-2.0-only
/* Filesystems of a disk, without a disk; see loopfs.h. */
#include <fcntl.h>
#include <linux/loop.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "common.h"
#include "loopfs.h"

/* Enough for the smallest XFS; the file is sparse. */
#define IMAGE_SIZE	(320L * 1024 * 1024)

int loopfs_make(const char *image, const char *type)
{
	char command[128];
	const char *const arguments[] = { "/bin/sh", "-c", command, NULL };
	const char *force = strcmp(type, "ext4") ? "-f" : "-F";
	int ret;

	ret = write_file(image, "", 0, 0600);
	if (!ret && truncate(image, IMAGE_SIZE))
		ret = -errno;
	if (ret)
		return ret;
	/* Some of them chat although they are asked not to. */
	snprintf(command, sizeof(command), "mkfs.%s -q %s %s >/dev/null 2>&1", type, force, image);
	ret = run_with(arguments);
	return ret > 0 ? -EIO : ret;
}

int loopfs_attach(const char *image, char device[static 32])
{
	const char *const load[] = { "/sbin/modprobe", "loop", NULL };
	_cleanup_close_ int file = open(image, O_RDWR | O_CLOEXEC);
	struct loop_config config = { .fd = file };
	int number;

	if (file < 0)
		return -errno;
	if (run_with(load))
		return -ENODEV;
	_cleanup_close_ int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC);

	number = control < 0 ? -1 : ioctl(control, LOOP_CTL_GET_FREE);
	if (number < 0)
		return -errno;
	snprintf(device, 32, "/dev/loop%d", number);
	_cleanup_close_ int loop = open(device, O_RDWR | O_CLOEXEC);

	if (loop < 0 || ioctl(loop, LOOP_CONFIGURE, &config))
		return -errno;
	return 0;
}

/* A device that somebody still holds is detached later, and nobody is told. */
int loopfs_detach(const char *device)
{
	int loop = open(device, O_RDWR | O_CLOEXEC), ret = 0;
	struct loop_info64 info;

	if (loop < 0)
		return -errno;
	if (ioctl(loop, LOOP_CLR_FD))
		ret = -errno;
	close(loop);
	if (ret)
		return ret;
	loop = open(device, O_RDWR | O_CLOEXEC);
	if (loop < 0)
		return -errno;
	if (!ioctl(loop, LOOP_GET_STATUS64, &info))
		ret = -EBUSY;
	close(loop);
	return ret;
}

int loopfs_mount(struct loopfs *fs, const char *image, const char *type, const char *dir)
{
	int ret = loopfs_attach(image, fs->device);

	if (ret)
		return ret;
	fs->dir = dir;
	if ((mkdir(dir, 0755) && errno != EEXIST) || mount(fs->device, dir, type, 0, NULL)) {
		ret = -errno;
		loopfs_detach(fs->device);
	}
	return ret;
}

int loopfs_unmount(struct loopfs *fs)
{
	if (umount(fs->dir))
		return -errno;
	return loopfs_detach(fs->device);
}

void loopfs_settle(void)
{
	sleep_ms(100);
}
