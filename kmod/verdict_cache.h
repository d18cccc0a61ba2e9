/* SPDX-License-Identifier: GPL-2.0-only */
/* Remembers which indicator an unchanged file matched under a policy. */
#ifndef DEBAR_VERDICT_CACHE_H
#define DEBAR_VERDICT_CACHE_H

#include <linux/fs.h>
#include <linux/types.h>

#include "matches.h"

/**
 * struct debar_identity - a file and its state: when two of them are equal, the content is the same
 * @inode: address of the inode, never followed
 * @device: of its filesystem
 * @number: inode number
 * @generation: tells two files apart that had the same number one after the other
 * @size: in bytes
 * @version: change counter where the filesystem keeps one, else 0
 * @ctime: time of the last change
 */
struct debar_identity {
	const struct inode *inode;
	dev_t device;
	u64 number;
	u32 generation;
	u64 size;
	u64 version;
	struct timespec64 ctime;
};

int debar_cache_init(void);
void debar_cache_exit(void);

void debar_identity_take(struct inode *inode, struct debar_identity *identity);
bool debar_identity_same_file(const struct debar_identity *a, const struct debar_identity *b);
bool debar_identity_equal(const struct debar_identity *a, const struct debar_identity *b);
bool debar_identity_lasts(struct inode *inode, const struct debar_identity *identity);

bool debar_cache_find(const struct debar_identity *identity, u64 policy,
		      struct debar_matches *matches);
void debar_cache_add(const struct debar_identity *identity, u64 policy,
		     const struct debar_matches *matches);
void debar_cache_flush(void);
void debar_cache_forget_device(dev_t device);
u32 debar_cache_entries(void);
u32 debar_cache_size(void);

#endif /* DEBAR_VERDICT_CACHE_H */
