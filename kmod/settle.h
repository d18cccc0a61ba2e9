/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes a verdict of what was found out about a file. */
#ifndef DEBAR_SETTLE_H
#define DEBAR_SETTLE_H

#include <linux/types.h>

struct debar_judgement;
struct debar_matches;

void debar_settle_fail_closed(bool closed);
bool debar_settle_fails_closed(void);
void debar_settle(struct debar_judgement *judgement, int error,
		  const struct debar_matches *matches);

#endif /* DEBAR_SETTLE_H */
