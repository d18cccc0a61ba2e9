/* SPDX-License-Identifier: GPL-2.0-only */
/* The bytes of what is judged, in a file or in memory. */
#ifndef DEBAR_CONTENT_H
#define DEBAR_CONTENT_H

#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/gfs2_ondisk.h>
#include <linux/magic.h>
#include <linux/types.h>

/**
 * struct debar_content - what is judged; lives on the stack of the one who judges
 * @file: to read from, NULL when the content is in memory
 * @subject: the subject's own handle, to fall back to
 * @own: @file was opened for this
 * @data: the content in memory
 * @size: in bytes
 */
struct debar_content {
	struct file *file;
	struct file *subject;
	bool own;
	const void *data;
	u64 size;
};

/**
 * debar_content_size_is_exact() - whether the size of a file in memory is that of its content
 * @sb: filesystem that holds the content
 *
 * Where a server or another machine of a cluster has the file, it may have changed since. An
 * overlay itself has no content.
 *
 * Return: false when debar_content_refresh() must be called first.
 */
static inline bool debar_content_size_is_exact(const struct super_block *sb)
{
	/* On each opening and executable mapping: most filesystems are known at the first look. */
	if (sb->s_bdev)
		return sb->s_magic != FUSE_SUPER_MAGIC && sb->s_magic != OCFS2_SUPER_MAGIC &&
		       sb->s_magic != GFS2_MAGIC;
	return sb->s_magic == BTRFS_SUPER_MAGIC || sb->s_magic == TMPFS_MAGIC ||
	       sb->s_magic == RAMFS_MAGIC;
}

/**
 * debar_content_inode() - the inode that holds what is in a file
 * @file: the file
 *
 * On an overlay the inode below it holds the content, and knows when it changes. What an overlay's
 * file is mapped from is a file below it with the overlay's path; that file's own inode is right.
 *
 * Return: the inode, which @file keeps.
 */
static inline struct inode *debar_content_inode(const struct file *file)
{
	struct inode *inode = file_inode(file);

	return inode->i_sb == file->f_path.dentry->d_sb ? d_real_inode(file->f_path.dentry) : inode;
}

int debar_content_init(void);
void debar_content_exit(void);

int debar_content_refresh(struct file *file);
bool debar_content_is_stored(const struct inode *inode);
int debar_content_open(struct debar_content *content, struct file *file, u64 size);
void debar_content_in_memory(struct debar_content *content, const void *data, u64 size);
void debar_content_close(struct debar_content *content);
int debar_content_read(const struct debar_content *content, u64 offset, void *buffer, size_t size);

#endif /* DEBAR_CONTENT_H */
