/* SPDX-License-Identifier: GPL-2.0-only */
/* What is never refused: the program that the machine's process 1 runs, and its loader. */
#ifndef DEBAR_SPARE_H
#define DEBAR_SPARE_H

struct debar_judgement;
struct inode;

void debar_spare(struct debar_judgement *judgement, const struct inode *content);
void debar_spare_under_lock(struct debar_judgement *judgement, const struct inode *content);

#endif /* DEBAR_SPARE_H */
