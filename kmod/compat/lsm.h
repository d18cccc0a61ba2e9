/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The differences between kernel versions that matter to a security module of the kernel's own;
 * includes nothing of debar.
 */
#ifndef DEBAR_COMPAT_LSM_H
#define DEBAR_COMPAT_LSM_H

#include <linux/lsm_hooks.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
#include <uapi/linux/lsm.h>

static const struct lsm_id debar_compat_lsm_id = { .name = "debar", .id = LSM_ID_DEBAR };
#define DEBAR_COMPAT_LSM_ID	(&debar_compat_lsm_id)
#else
#define DEBAR_COMPAT_LSM_ID	"debar"
#endif

/* How the kernel is told the name that lsm= has for it. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 19, 0)
#define DEBAR_COMPAT_LSM_NAME	.id = DEBAR_COMPAT_LSM_ID
#else
#define DEBAR_COMPAT_LSM_NAME	.name = "debar"
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
/* There is a hook for a file that was opened by its name, before anybody has its descriptor. */
#define DEBAR_COMPAT_LSM_POST_OPEN
#else
/* Called at the same place, by lines that in-tree.sh puts there. */
int debar_file_post_open(struct file *file, int mask);
#endif

#endif /* DEBAR_COMPAT_LSM_H */
