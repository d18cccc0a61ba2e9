/* SPDX-License-Identifier: GPL-2.0-only */
/* Lets a system call that holds a lock wait for a judgement that needs to read. */
#ifndef DEBAR_POSTPONE_H
#define DEBAR_POSTPONE_H

#include <linux/fs.h>

#include "verdict_cache.h"

/**
 * struct debar_answer - what was found out about a file
 * @policy: generation of the policy it was judged under, 0 when there was none
 * @seen: the file as it was when it was judged
 * @error: why the file could not be identified, or 0
 * @matches: the indicators that match
 */
struct debar_answer {
	u64 policy;
	struct debar_identity seen;
	int error;
	struct debar_matches matches;
};

int debar_postpone(struct file *file, const struct inode *inode,
		   void (*judge)(struct file *file, struct debar_answer *answer));
bool debar_postponed_answer(struct inode *inode, u64 policy, struct debar_answer *answer);
void debar_postponed_drain(void);

#endif /* DEBAR_POSTPONE_H */
