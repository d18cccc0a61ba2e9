/* SPDX-License-Identifier: GPL-2.0-only */
/* Which indicators a content matches: at most one of each kind. */
#ifndef DEBAR_MATCHES_H
#define DEBAR_MATCHES_H

#include <linux/types.h>
#include <uapi/linux/debar.h>

/* A kind of which no indicator matches. */
#define DEBAR_NO_MATCH	0xffffffffU

/**
 * struct debar_matches - the indicators that match
 * @index: for each kind, the indicator's among those of its kind, or DEBAR_NO_MATCH
 */
struct debar_matches {
	u32 index[DEBAR_INDICATOR_KIND_MAX + 1];
};

static inline void debar_matches_clear(struct debar_matches *matches)
{
	int kind;

	for (kind = 0; kind <= DEBAR_INDICATOR_KIND_MAX; kind++)
		matches->index[kind] = DEBAR_NO_MATCH;
}

static inline bool debar_matches_none(const struct debar_matches *matches)
{
	int kind;

	for (kind = 0; kind <= DEBAR_INDICATOR_KIND_MAX; kind++)
		if (matches->index[kind] != DEBAR_NO_MATCH)
			return false;
	return true;
}

#endif /* DEBAR_MATCHES_H */
