/* SPDX-License-Identifier: GPL-2.0-only */
/* Which indicators a content matches: at most one of each kind in each layer of the policy. */
#ifndef DEBAR_MATCHES_H
#define DEBAR_MATCHES_H

#include <linux/string.h>
#include <linux/types.h>
#include <uapi/linux/debar.h>

/* A kind of which no indicator matches. */
#define DEBAR_NO_MATCH	0xffffffffU

/* The layers of a policy: itself, and what this machine has added to it. */
enum debar_layer {
	DEBAR_LAYER_POLICY,
	DEBAR_LAYER_LOCAL,
	DEBAR_LAYERS,
};

/**
 * struct debar_matches - the indicators that match
 * @index: for each layer and kind, the indicator's among those of its kind, or DEBAR_NO_MATCH
 */
struct debar_matches {
	u32 index[DEBAR_LAYERS][DEBAR_INDICATOR_KIND_MAX + 1];
};

static inline void debar_matches_clear(struct debar_matches *matches)
{
	memset(matches->index, 0xff, sizeof(matches->index));
}

static inline bool debar_matches_none(const struct debar_matches *matches)
{
	return !memchr_inv(matches->index, 0xff, sizeof(matches->index));
}

#endif /* DEBAR_MATCHES_H */
