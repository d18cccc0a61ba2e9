/* SPDX-License-Identifier: GPL-2.0-only */
/* Computes the digests by which a file is identified. */
#ifndef DEBAR_IDENTIFY_H
#define DEBAR_IDENTIFY_H

#include <linux/fs.h>
#include <linux/types.h>

int debar_identify_init(void);
void debar_identify_exit(void);

int debar_identify_file(struct file *file, u64 size, u8 *digest);
int debar_identify_buffer(const void *data, size_t size, u8 *digest);

#endif /* DEBAR_IDENTIFY_H */
