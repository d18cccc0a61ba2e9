// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bytes of what is judged, in a file or in memory. No locks; may sleep for as long as the
 * filesystem takes to read.
 *
 * Files are read with the kernel's own credentials: the subject may be allowed to execute a file
 * and not to read it, and what it may read is not the question here.
 */
#include <linux/backing-dev.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/init_task.h>
#include <linux/magic.h>
#include <linux/sched/signal.h>
#include <linux/stat.h>
#include <linux/string.h>

#include "compat/compat.h"
#include "content.h"
#include "inside.h"

/* Set once at load. */
static const struct cred *reader_cred;

/**
 * debar_content_init() - get the credentials to read with
 *
 * Return: 0 or -ENOMEM.
 */
int debar_content_init(void)
{
	reader_cred = prepare_kernel_cred(&init_task);
	return reader_cred ? 0 : -ENOMEM;
}

/**
 * debar_content_exit() - give them back; nobody reads any more
 */
void debar_content_exit(void)
{
	put_cred(reader_cred);
}

/**
 * debar_content_is_stored() - whether a file has bytes of its own
 * @inode: of the file
 *
 * Reading what the kernel makes up at that moment, in procfs or sysfs, may have effects.
 *
 * Return: true when a device, a server or memory holds the file's content.
 */
bool debar_content_is_stored(const struct inode *inode)
{
	const struct super_block *sb = inode->i_sb;

	return sb->s_bdi != &noop_backing_dev_info || sb->s_magic == TMPFS_MAGIC ||
	       sb->s_magic == RAMFS_MAGIC || sb->s_magic == HUGETLBFS_MAGIC;
}

/**
 * debar_content_refresh() - bring the size of a file in memory up to date
 * @file: the file
 *
 * It is as fresh afterwards as what the kernel goes by when it reads or maps the file.
 *
 * Context: process, may sleep.
 * Return: 0, or what the filesystem returns.
 */
int debar_content_refresh(struct file *file)
{
	struct kstat st;

	might_sleep();
	return vfs_getattr_nosec(&file->f_path, &st, STATX_SIZE, AT_STATX_SYNC_AS_STAT);
}

static bool can_be_read_quietly(const struct file *file)
{
	return (file->f_mode & FMODE_READ) && !(file->f_flags & O_DIRECT) &&
	       file->f_op->read_iter && debar_compat_is_quiet(file);
}

/**
 * debar_content_open() - get ready to read a file
 * @content: filled in; to be given to debar_content_close()
 * @file: a regular file, whose position is not moved; stays the caller's
 * @size: of the file in bytes, as the caller knows it
 *
 * Return: 0, or why the file cannot be opened.
 */
int debar_content_open(struct debar_content *content, struct file *file, u64 size)
{
	const struct cred *subject;
	struct file *own;

	*content = (struct debar_content){ .file = file, .subject = file, .size = size };
	/*
	 * What an overlay's file is mapped from cannot be opened by its path, which is the
	 * overlay's. And a fanotify listener, who was given this file to look at, would be asked
	 * about another opening of it.
	 */
	if (file_inode(file)->i_sb != file->f_path.dentry->d_sb || can_be_read_quietly(file))
		return 0;
	subject = override_creds(reader_cred);
	own = debar_compat_open_quietly(file->f_op->read_iter ? &file->f_path :
					debar_compat_user_path(file), reader_cred);
	revert_creds(subject);
	if (!IS_ERR(own)) {
		content->file = own;
		content->own = true;
		return 0;
	}
	/* A file that is deleted may not be opened again everywhere. */
	return (file->f_mode & FMODE_READ) ? 0 : PTR_ERR(own);
}

/**
 * debar_content_in_memory() - get ready to read memory
 * @content: filled in
 * @data: the memory; stays the caller's
 * @size: of @data in bytes
 */
void debar_content_in_memory(struct debar_content *content, const void *data, u64 size)
{
	*content = (struct debar_content){ .data = data, .size = size };
}

/**
 * debar_content_close() - end reading
 * @content: from debar_content_open()
 */
void debar_content_close(struct debar_content *content)
{
	if (content->own)
		fput(content->file);
}

static int read_file(struct file *file, u64 offset, void *buffer, size_t size)
{
	loff_t position = offset;

	while (size) {
		ssize_t got;

		if (fatal_signal_pending(current) || debar_draining())
			return -EINTR;
		/* Whoever waits until no task is inside ftrace need not wait for the end. */
		cond_resched_tasks_rcu_qs();
		got = kernel_read(file, buffer, size, &position);
		/* To the callers this number means that the file became shorter. */
		if (got < 0)
			return got == -ESTALE ? -EIO : got;
		if (!got)
			return -ESTALE;
		buffer += got;
		size -= got;
	}
	return 0;
}

/**
 * debar_content_read() - read
 * @content: what to read from
 * @offset: of the first byte
 * @buffer: for the bytes
 * @size: how many; @offset and @size stay within the content's size
 *
 * Context: process, may sleep; holds no lock of debar's that another file's reader could need.
 * Return: 0, -EINTR (the task is killed, or debar unloaded), -ESTALE (the file is shorter than it
 * was), or what reading returns.
 */
int debar_content_read(const struct debar_content *content, u64 offset, void *buffer, size_t size)
{
	const struct cred *subject;
	int ret;

	might_sleep();
	if (!content->file) {
		memcpy(buffer, content->data + offset, size);
		cond_resched();
		return 0;
	}
	subject = override_creds(reader_cred);
	ret = read_file(content->file, offset, buffer, size);
	/* A server may not trust the kernel's own user with what the subject may read. */
	if (ret && content->own && (content->subject->f_mode & FMODE_READ) && ret != -EINTR)
		ret = read_file(content->subject, offset, buffer, size);
	revert_creds(subject);
	return ret;
}
