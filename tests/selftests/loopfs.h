/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Filesystems of a disk, without a disk: an image file behind a loop device, mounted on a folder.
 *
 * Functions return 0 or -errno.
 */
#ifndef DEBAR_SELFTESTS_LOOPFS_H
#define DEBAR_SELFTESTS_LOOPFS_H

/**
 * struct loopfs - a mounted image
 * @device: path of the loop device
 * @dir: where it is mounted
 */
struct loopfs {
	char device[32];
	const char *dir;
};

/* loopfs_make - make an image file with an empty filesystem: ext4, xfs or btrfs */
int loopfs_make(const char *image, const char *type);

/* loopfs_attach - put an image file behind a loop device, which is named in @device */
int loopfs_attach(const char *image, char device[static 32]);
/* loopfs_detach - -EBUSY when somebody, a filesystem say, still holds the device */
int loopfs_detach(const char *device);

/* loopfs_mount - attach an image and mount it on @dir, which is made when it is missing */
int loopfs_mount(struct loopfs *fs, const char *image, const char *type, const char *dir);
/* loopfs_unmount - unmount, as anyone would do it, and detach the image */
int loopfs_unmount(struct loopfs *fs);

/*
 * loopfs_settle - let a file's last change be long enough ago for a verdict on it to be remembered
 */
void loopfs_settle(void);

#endif /* DEBAR_SELFTESTS_LOOPFS_H */
