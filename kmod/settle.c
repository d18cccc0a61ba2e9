// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes a verdict of what was found out about a file, or of the error that kept debar from it. No
 * locks.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "judge.h"
#include "policy.h"
#include "settle.h"

/* Set at load, by the module parameter. */
static bool fail_closed;

/**
 * debar_settle_fail_closed() - choose what becomes of a file that cannot be identified
 * @closed: true to refuse it, false to let it through and record it
 */
void debar_settle_fail_closed(bool closed)
{
	fail_closed = closed;
}

/**
 * debar_settle_fails_closed() - what becomes of a file that cannot be identified
 *
 * Return: true when it is refused.
 */
bool debar_settle_fails_closed(void)
{
	return fail_closed;
}

static enum debar_reason reason_of(int error)
{
	switch (error) {
	case -ENOMEM:
		return DEBAR_REASON_NO_MEMORY;
	case -EINTR:
	case -ERESTARTSYS:
		return DEBAR_REASON_INTERRUPTED;
	case -EBADE:
		return DEBAR_REASON_HASH_ERROR;
	case -ESTALE:
		return DEBAR_REASON_UNSTABLE;
	default:
		return DEBAR_REASON_IO_ERROR;
	}
}

/* A file that a size filter did not clear and that nobody could identify. */
static void settle_failure(struct debar_judgement *j, int error)
{
	j->error = error;
	j->reason = reason_of(error);
	j->verdict = fail_closed && debar_mode() == DEBAR_MODE_ENFORCE ? DEBAR_VERDICT_DENY :
									DEBAR_VERDICT_AUDIT;
}

/* Of two indicators of which the one refuses and the other does not, that one counts. */
static void settle_indicator(struct debar_judgement *j, enum debar_layer layer,
			     enum debar_indicator_kind kind, u32 index)
{
	const struct debar_policy *policy = debar_policy_layer(j->policy, layer);
	const struct debar_blob_indicator *it = debar_policy_matched(policy, kind, index);
	struct debar_decision decision = debar_policy_decide(policy, kind, it, j->operation);

	if (j->indicator && decision.verdict <= j->verdict)
		return;
	j->layer = layer;
	j->indicator = it;
	j->kind = kind;
	j->verdict = decision.verdict;
	j->stage = decision.stage;
	j->waiver = decision.waiver;
}

/* Where the verdict was remembered, nothing was hashed. */
static void take_sha256(struct debar_judgement *j, enum debar_layer layer, u32 index)
{
	const enum debar_indicator_kind kind = DEBAR_INDICATOR_KIND_FILE_SHA256;
	const struct debar_policy *policy = debar_policy_layer(j->policy, layer);

	if (index == DEBAR_NO_MATCH)
		return;
	memcpy(j->found.sha256, debar_policy_matched(policy, kind, index)->digest,
	       DEBAR_DIGEST_SIZE);
	j->found.has_sha256 = true;
}

static void settle_matches(struct debar_judgement *j, const struct debar_matches *matches)
{
	static const enum debar_indicator_kind kinds[] = {
		DEBAR_INDICATOR_KIND_FSVERITY_SHA256, DEBAR_INDICATOR_KIND_FILE_SHA256,
		DEBAR_INDICATOR_KIND_CODE_SHA256, DEBAR_INDICATOR_KIND_BUILD_ID,
	};
	enum debar_layer layer;
	size_t i;

	if (debar_matches_none(matches))
		return;
	j->reason = DEBAR_REASON_INDICATOR;
	for (layer = 0; layer < DEBAR_LAYERS; layer++) {
		for (i = 0; i < ARRAY_SIZE(kinds); i++) {
			u32 index = matches->index[layer][kinds[i]];

			if (index != DEBAR_NO_MATCH)
				settle_indicator(j, layer, kinds[i], index);
		}
		take_sha256(j, layer, matches->index[layer][DEBAR_INDICATOR_KIND_FILE_SHA256]);
	}
}

/**
 * debar_settle() - make a verdict
 * @j: its policy and operation are set; verdict, reason and what they rest on are filled in
 * @error: what kept the file from being identified, or 0
 * @matches: the indicators that match, where there was no error
 */
void debar_settle(struct debar_judgement *j, int error, const struct debar_matches *matches)
{
	if (error)
		settle_failure(j, error);
	else
		settle_matches(j, matches);
}
