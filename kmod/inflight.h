/* SPDX-License-Identifier: GPL-2.0-only */
/* Lets one task read a file while the others that need the same answer wait for it. */
#ifndef DEBAR_INFLIGHT_H
#define DEBAR_INFLIGHT_H

#include <linux/fs.h>

struct debar_inflight;

struct debar_inflight *debar_inflight_enter(const struct inode *inode);
void debar_inflight_leave(struct debar_inflight *inflight);

#endif /* DEBAR_INFLIGHT_H */
