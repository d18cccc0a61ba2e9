/* SPDX-License-Identifier: GPL-2.0-only */
/* Computes the digests that a policy asks for, and finds the indicator that has one of them. */
#ifndef DEBAR_MATCH_H
#define DEBAR_MATCH_H

#include <linux/types.h>
#include <uapi/linux/debar.h>

#include "matches.h"

struct debar_content;
struct debar_policy;
struct inode;

/**
 * struct debar_found - what was found out about a content
 * @matches: the indicators that match
 * @incomplete: not all of them could be looked for
 * @has_sha256: @sha256 is set
 * @sha256: of the whole content
 */
struct debar_found {
	struct debar_matches matches;
	bool incomplete;
	bool has_sha256;
	u8 sha256[DEBAR_DIGEST_SIZE];
};

int debar_match(const struct debar_policy *policy, struct inode *inode,
		const struct debar_content *content, struct debar_found *found);

#endif /* DEBAR_MATCH_H */
