// SPDX-License-Identifier: GPL-2.0-or-later
/* Judges files by a compiled policy, as the kernel would, without asking it. */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "judge.h"

const uint32_t debar_kinds_in_order[DEBAR_BLOB_KINDS] = {
	DEBAR_INDICATOR_KIND_FSVERITY_SHA256,
	DEBAR_INDICATOR_KIND_FILE_SHA256,
	DEBAR_INDICATOR_KIND_CODE_SHA256,
	DEBAR_INDICATOR_KIND_BUILD_ID,
};

static const struct debar_law no_law = {
	.citation = "", .override = "", .waiver_id = "", .waiver_owner = "", .waiver_ticket = "",
};

int debar_subject_hash(struct debar_subject *subject)
{
	int err = subject->hashed ? 0 : debar_sha256_fd(subject->content.fd, subject->sha256);

	subject->hashed = !err;
	return err;
}

int debar_subject_digest(struct debar_subject *subject, uint32_t kind, uint8_t *digest,
			 uint64_t *size)
{
	int err;

	*size = subject->content.size;
	switch (kind) {
	case DEBAR_INDICATOR_KIND_FSVERITY_SHA256:
		return debar_fsverity_measure(subject->content.fd, digest);
	case DEBAR_INDICATOR_KIND_CODE_SHA256:
		return debar_code_sha256(&subject->content, digest, size);
	case DEBAR_INDICATOR_KIND_BUILD_ID:
		return debar_build_id(&subject->content, digest);
	default:
		err = debar_subject_hash(subject);
		memcpy(digest, subject->sha256, DEBAR_DIGEST_SIZE);
		return err;
	}
}

static struct debar_law law_of(const struct debar_blob *blob, const struct debar_blob_ban *ban,
			       const struct debar_decision *decision)
{
	const struct debar_blob_waiver *waiver = decision->waiver;
	struct debar_law law = no_law;

	law.citation = debar_blob_string(blob, ban->citation);
	law.override = debar_blob_string(blob, ban->override);
	law.stage = decision->stage;
	if (!waiver)
		return law;
	law.waiver_id = debar_blob_string(blob, waiver->id);
	law.waiver_owner = debar_blob_string(blob, waiver->owner);
	law.waiver_ticket = debar_blob_string(blob, waiver->ticket);
	law.waiver_expires = le64toh(waiver->expires);
	return law;
}

static void take_indicator(const struct debar_blob *blob, uint32_t kind,
			   const struct debar_blob_indicator *it,
			   const struct debar_circumstances *in, struct debar_check *check)
{
	const struct debar_blob_ban *ban = debar_blob_ban(blob, it);
	struct debar_decision decision = debar_blob_decide(blob, kind, it, in);

	if (check->reason == DEBAR_REASON_INDICATOR && decision.verdict <= check->verdict)
		return;
	check->kind = kind;
	check->reason = DEBAR_REASON_INDICATOR;
	check->verdict = decision.verdict;
	check->ban_id = debar_blob_string(blob, ban->id);
	check->vendor = debar_blob_string(blob, ban->vendor);
	check->product = debar_blob_product(blob, it);
	check->authority = debar_blob_string(blob, ban->authority);
	check->law = law_of(blob, ban, &decision);
}

/* Those of whole files need not be computed for a size that no indicator has. */
static bool can_match(const struct debar_blob *blob, uint32_t kind, uint64_t size)
{
	const struct debar_blob_kind *sections = &blob->kinds[kind];

	return sections->indicator_count &&
	       (sections->sizeless || kind == DEBAR_INDICATOR_KIND_CODE_SHA256 ||
		debar_blob_has_size(sections, size));
}

static int find_kind(const struct debar_policy *policy, struct debar_subject *subject,
		     uint32_t kind, struct debar_lookup *lookup)
{
	const struct debar_blob_kind *sections = &policy->blob.kinds[kind];
	int err;

	if (!can_match(&policy->blob, kind, subject->content.size))
		return 0;
	err = debar_subject_digest(subject, kind, lookup->digest, &lookup->size);
	if (err == -ENODATA)
		lookup->result = DEBAR_LOOKUP_NO_DIGEST;
	if (err)
		return err == -ENODATA ? 0 : err;
	lookup->result = DEBAR_LOOKUP_UNKNOWN;
	lookup->indicator = debar_blob_find(sections, lookup->digest);
	if (!lookup->indicator ||
	    !(sections->sizeless || debar_blob_has_size(sections, lookup->size)))
		lookup->indicator = NULL;
	else
		lookup->result = DEBAR_LOOKUP_BANNED;
	return 0;
}

int debar_find(const struct debar_policy *policy, struct debar_subject *subject,
	       struct debar_found *found)
{
	uint32_t kind;
	int err = 0;

	*found = (struct debar_found){};
	for (kind = 0; kind < DEBAR_BLOB_KINDS && !err; kind++) {
		err = find_kind(policy, subject, kind, &found->by_kind[kind]);
		found->any |= found->by_kind[kind].result == DEBAR_LOOKUP_BANNED;
	}
	return err;
}

void debar_decide(const struct debar_policy *policy, const struct debar_found *found,
		  const struct debar_circumstances *in, struct debar_check *check)
{
	size_t i;

	*check = (struct debar_check){ .verdict = DEBAR_VERDICT_ALLOW, .reason = DEBAR_REASON_NONE,
				       .ban_id = "", .vendor = "", .product = "", .authority = "",
				       .law = no_law };
	for (i = 0; i < DEBAR_BLOB_KINDS; i++) {
		uint32_t kind = debar_kinds_in_order[i];

		if (found->by_kind[kind].indicator)
			take_indicator(&policy->blob, kind, found->by_kind[kind].indicator, in,
				       check);
	}
}

int debar_judge(const struct debar_policy *policy, struct debar_subject *subject,
		const struct debar_circumstances *in, struct debar_check *check)
{
	struct debar_found found;
	int err = debar_find(policy, subject, &found);

	if (!err)
		debar_decide(policy, &found, in, check);
	return err;
}
