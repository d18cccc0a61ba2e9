/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tells users on their terminals that what they run will be refused one day, as write(1) would.
 */
#ifndef DEBARD_WARN_H
#define DEBARD_WARN_H

#include <stdint.h>

#include "client.h"

/* How many warnings are kept in mind, so that none is repeated at once. */
#define DEBARD_WARNINGS		64

/**
 * struct debard_warner - what was told on which terminal; all zero at first
 * @told: key of a warning: its terminal, ban and file
 * @told_at: when, in milliseconds of the monotonic clock
 * @next: which of them is replaced next
 */
struct debard_warner {
	uint64_t told[DEBARD_WARNINGS];
	int64_t told_at[DEBARD_WARNINGS];
	unsigned int next;
};

/**
 * debard_warn - tell the user of a denial that is a warning
 * @warner: of this debard
 * @denial: any; what is no warning, or is no news any more, is passed over
 *
 * The terminal is that of the process, or of its parent when the process is gone. It has to belong
 * to the user, and to accept messages; whatever is in the way, the user is not told, and debard
 * does not wait.
 */
void debard_warn(struct debard_warner *warner, const struct debar_denial *denial);

#endif /* DEBARD_WARN_H */
