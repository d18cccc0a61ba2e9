/* SPDX-License-Identifier: GPL-2.0-only */
/* Computes the digests by which a file is identified. */
#ifndef DEBAR_IDENTIFY_H
#define DEBAR_IDENTIFY_H

#include <linux/types.h>
#include <uapi/linux/debar.h>

struct debar_content;
struct inode;

int debar_identify_init(void);
void debar_identify_exit(void);

int debar_identify_buffer(const void *data, size_t size, u8 *digest);
int debar_identify_file_sha256(const struct debar_content *content, u8 *digest);
int debar_identify_fsverity(struct inode *inode, u8 *digest);
int debar_identify_code_size(const struct debar_content *content, u64 *size);
int debar_identify_code_sha256(const struct debar_content *content, u8 *digest);
int debar_identify_build_id(const struct debar_content *content, u8 *digest);

#endif /* DEBAR_IDENTIFY_H */
