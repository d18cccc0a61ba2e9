/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The differences between kernel versions that are more than a missing declaration; includes
 * nothing of debar.
 */
#ifndef DEBAR_COMPAT_H
#define DEBAR_COMPAT_H

#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel_read_file.h>
#include <linux/magic.h>
#include <linux/mm_types.h>
#include <linux/netlink.h>
#include <linux/ns_common.h>
#include <linux/nsproxy.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/version.h>
#include <net/genetlink.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
/* The kernel asks about the file that is mapped in the place of an overlay's. */
#define DEBAR_COMPAT_MMAP_BACKING_FILE
#endif

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
/* A program can ask whether a file may be executed, with AT_EXECVE_CHECK. */
#define DEBAR_COMPAT_EXECVE_CHECK
#endif

/*
 * Whether no fanotify listener is asked about, or told of, what is read through a file; newer
 * kernels give both bits together another meaning.
 */
static inline bool debar_compat_is_quiet(const struct file *file)
{
#ifdef FMODE_FSNOTIFY_MASK
	return (file->f_mode & FMODE_FSNOTIFY_MASK) == FMODE_NONOTIFY;
#else
	return file->f_mode & FMODE_NONOTIFY;
#endif
}

/* The program that runs in a memory, with a reference; NULL when there is none. */
static inline struct file *debar_compat_exe_of(struct mm_struct *mm)
{
	struct file *exe;

	rcu_read_lock();
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
	do {
		exe = rcu_dereference(mm->exe_file);
	} while (exe && !get_file_rcu(exe));
#else
	exe = get_file_rcu(&mm->exe_file);
#endif
	rcu_read_unlock();
	return exe;
}

/*
 * Opens a file to read it without raising fanotify events; newer kernels raise them for the opening
 * all the same.
 */
static inline struct file *debar_compat_open_quietly(const struct path *path,
						     const struct cred *cred)
{
#ifdef __FMODE_NONOTIFY
	return dentry_open(path, O_RDONLY | O_LARGEFILE | __FMODE_NONOTIFY, cred);
#else
	struct file *file = dentry_open(path, O_RDONLY | O_LARGEFILE, cred);

	if (!IS_ERR(file))
		file->f_mode = (file->f_mode & ~FMODE_FSNOTIFY_MASK) | FMODE_NONOTIFY;
	return file;
#endif
}

/* The path by which a file was opened, where it is one that an overlay's file is mapped from. */
static inline const struct path *debar_compat_user_path(const struct file *file)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 8, 0)
	return &file->f_path;
#else
	return file_user_path(file);
#endif
}

/*
 * The file that a mapping of an overlay's file would really map; NULL where the kernel itself asks
 * about that file, with security_mmap_backing_file(). It keeps the one of the time of opening, also
 * when the file was copied up since.
 */
static inline struct file *debar_compat_overlay_backing(const struct file *file)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)
	const struct inode *inode = file_inode(file);

	if (S_ISREG(inode->i_mode) && inode->i_sb->s_magic == OVERLAYFS_SUPER_MAGIC)
		return file->private_data;
#endif
	return NULL;
}

/*
 * struct mnt_namespace is private to fs/, but has begun with its ns_common in every kernel so far.
 */
static inline unsigned int debar_compat_mnt_ns_inum(void)
{
	/* A task that is on its way out has given up its namespaces. */
	if (!current->nsproxy)
		return 0;
	return ((const struct ns_common *)current->nsproxy->mnt_ns)->inum;
}

static inline bool debar_compat_is_compressed_module(enum kernel_read_file_id id)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
	return false;
#else
	return id == READING_MODULE_COMPRESSED;
#endif
}

/* The parsed attributes of a dump's request. */
static inline struct nlattr **debar_compat_dump_attrs(struct netlink_callback *cb)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
	return genl_dumpit_info(cb)->attrs;
#else
	return genl_info_dump(cb)->attrs;
#endif
}

/*
 * Gives a family its commands, each of which has either a doit or a dumpit; in the form that every
 * kernel has, and in which every kernel refuses attributes for a command that takes none: some let
 * them pass when a command comes as split ops.
 */
static inline void debar_compat_set_ops(struct genl_family *family,
					const struct genl_split_ops *ops, size_t n)
{
	static struct genl_ops whole_ops[32];
	size_t i;

	if (WARN_ON(n > ARRAY_SIZE(whole_ops)))
		n = ARRAY_SIZE(whole_ops);
	for (i = 0; i < n; i++) {
		whole_ops[i] = (struct genl_ops){
			.cmd = ops[i].cmd,
			.flags = ops[i].flags & ~(GENL_CMD_CAP_DO | GENL_CMD_CAP_DUMP),
			.policy = ops[i].policy,
			.maxattr = ops[i].maxattr,
		};
		/* The two forms of split ops share their memory. */
		if (ops[i].flags & GENL_CMD_CAP_DO) {
			whole_ops[i].doit = ops[i].doit;
		} else {
			whole_ops[i].start = ops[i].start;
			whole_ops[i].dumpit = ops[i].dumpit;
			whole_ops[i].done = ops[i].done;
		}
	}
	family->ops = whole_ops;
	family->n_ops = n;
}

#endif /* DEBAR_COMPAT_H */
