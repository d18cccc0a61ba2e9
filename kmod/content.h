/* SPDX-License-Identifier: GPL-2.0-only */
/* The bytes of what is judged, in a file or in memory. */
#ifndef DEBAR_CONTENT_H
#define DEBAR_CONTENT_H

#include <linux/fs.h>
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

int debar_content_init(void);
void debar_content_exit(void);

bool debar_content_is_stored(const struct inode *inode);
int debar_content_open(struct debar_content *content, struct file *file, u64 size);
void debar_content_in_memory(struct debar_content *content, const void *data, u64 size);
void debar_content_close(struct debar_content *content);
int debar_content_read(const struct debar_content *content, u64 offset, void *buffer, size_t size);

#endif /* DEBAR_CONTENT_H */
