// SPDX-License-Identifier: GPL-2.0-only
/*
 * Computes the digests that a policy asks for, and finds the indicators that have them. No
 * locks; may sleep for as long as the filesystem takes to read.
 */
#include <linux/errno.h>

#include "content.h"
#include "identify.h"
#include "match.h"
#include "policy.h"

/* What a digest is computed of has none: no failure, but nothing to match either. */
static int none_is_fine(int error)
{
	return error == -ENODATA ? 0 : error;
}

static void look_for(const struct debar_policy *policy, enum debar_indicator_kind kind,
		     const u8 *digest, struct debar_found *found)
{
	debar_policy_match(policy, kind, digest, &found->matches);
}

static int match_fsverity(const struct debar_policy *policy, struct inode *inode, u64 size,
			  struct debar_found *found)
{
	u8 digest[DEBAR_DIGEST_SIZE];
	int ret;

	if (!inode || !debar_policy_has_size(policy, DEBAR_INDICATOR_KIND_FSVERITY_SHA256, size))
		return 0;
	ret = debar_identify_fsverity(inode, digest);
	if (!ret)
		look_for(policy, DEBAR_INDICATOR_KIND_FSVERITY_SHA256, digest, found);
	return none_is_fine(ret);
}

static int match_file(const struct debar_policy *policy, const struct debar_content *content,
		      struct debar_found *found)
{
	int ret;

	if (!debar_policy_has_size(policy, DEBAR_INDICATOR_KIND_FILE_SHA256, content->size))
		return 0;
	ret = debar_identify_file_sha256(content, found->sha256);
	if (ret)
		return ret;
	found->has_sha256 = true;
	look_for(policy, DEBAR_INDICATOR_KIND_FILE_SHA256, found->sha256, found);
	return 0;
}

static int match_code(const struct debar_policy *policy, const struct debar_content *content,
		      struct debar_found *found)
{
	u8 digest[DEBAR_DIGEST_SIZE];
	u64 size;
	int ret;

	if (!debar_policy_has(policy, DEBAR_INDICATOR_KIND_CODE_SHA256))
		return 0;
	ret = debar_identify_code_size(content, &size);
	if (ret)
		return none_is_fine(ret);
	if (!debar_policy_has_size(policy, DEBAR_INDICATOR_KIND_CODE_SHA256, size))
		return 0;
	ret = debar_identify_code_sha256(content, digest);
	if (!ret)
		look_for(policy, DEBAR_INDICATOR_KIND_CODE_SHA256, digest, found);
	return none_is_fine(ret);
}

static int match_build_id(const struct debar_policy *policy, const struct debar_content *content,
			  struct debar_found *found)
{
	u8 digest[DEBAR_DIGEST_SIZE];
	int ret;

	if (!debar_policy_has(policy, DEBAR_INDICATOR_KIND_BUILD_ID))
		return 0;
	ret = debar_identify_build_id(content, digest);
	if (!ret)
		look_for(policy, DEBAR_INDICATOR_KIND_BUILD_ID, digest, found);
	return none_is_fine(ret);
}

/**
 * debar_match() - find the indicators that a content matches
 * @policy: the policy
 * @inode: where the content is a file's, that of the open file, else NULL
 * @content: the content
 * @found: filled in
 *
 * Only the digests that the policy asks for are computed. All of them are, because the first
 * indicator's ban may be about another operation, or only monitor.
 *
 * Context: process, may sleep.
 * Return: 0, also when something matches and something else could not be looked for, or what
 * reading or hashing returns.
 */
int debar_match(const struct debar_policy *policy, struct inode *inode,
		const struct debar_content *content, struct debar_found *found)
{
	int ret;

	*found = (struct debar_found){};
	debar_matches_clear(&found->matches);
	ret = match_fsverity(policy, inode, content->size, found);
	ret = match_file(policy, content, found) ?: ret;
	ret = match_code(policy, content, found) ?: ret;
	ret = match_build_id(policy, content, found) ?: ret;
	found->incomplete = ret;
	return debar_matches_none(&found->matches) ? ret : 0;
}
