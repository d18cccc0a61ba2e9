/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judges files by a compiled policy, as the kernel would, without asking it. */
#ifndef DEBAR_JUDGE_H
#define DEBAR_JUDGE_H

#include "client.h"
#include "digest.h"
#include "policy_decide.h"
#include "policy_file.h"

/* The kernel looks for digests in this order; of those that are banned the strictest counts. */
extern const uint32_t debar_kinds_in_order[DEBAR_BLOB_KINDS];

/**
 * struct debar_subject - a file that is judged
 * @content: the open file
 * @hashed: @sha256 was computed
 * @sha256: digest of all of it
 */
struct debar_subject {
	struct debar_content content;
	bool hashed;
	uint8_t sha256[DEBAR_DIGEST_SIZE];
};

/* debar_subject_hash - compute @sha256, once; 0 or what reading the file gives */
int debar_subject_hash(struct debar_subject *subject);

/**
 * debar_subject_digest - a digest of a file, and the size that an indicator has with it
 * @subject: the file
 * @kind: enum debar_indicator_kind
 * @digest: room for DEBAR_DIGEST_SIZE
 * @size: set to a number of bytes
 *
 * Return: 0, -ENODATA when the file has none of this kind (fs-verity's is that of the filesystem,
 * which alone counts for the kernel), or what reading the file gives.
 */
int debar_subject_digest(struct debar_subject *subject, uint32_t kind, uint8_t *digest,
			 uint64_t *size);

/**
 * enum debar_lookup_result - what came of looking for an indicator of one kind
 * @DEBAR_LOOKUP_UNNEEDED: no indicator of this kind is for a file of this size; nothing was read
 * @DEBAR_LOOKUP_NO_DIGEST: the file has none of this kind
 * @DEBAR_LOOKUP_UNKNOWN: no indicator has its digest
 * @DEBAR_LOOKUP_BANNED: an indicator has it
 */
enum debar_lookup_result {
	DEBAR_LOOKUP_UNNEEDED,
	DEBAR_LOOKUP_NO_DIGEST,
	DEBAR_LOOKUP_UNKNOWN,
	DEBAR_LOOKUP_BANNED,
};

/**
 * struct debar_lookup - one look for an indicator
 * @result: what came of it
 * @digest: of the file, but with DEBAR_LOOKUP_UNNEEDED and DEBAR_LOOKUP_NO_DIGEST
 * @size: what an indicator has as its size beside @digest
 * @indicator: of the policy, or NULL
 */
struct debar_lookup {
	enum debar_lookup_result result;
	uint8_t digest[DEBAR_DIGEST_SIZE];
	uint64_t size;
	const struct debar_blob_indicator *indicator;
};

/**
 * struct debar_found - the indicators of a policy that a file matches
 * @any: some indicator has a digest of it
 * @by_kind: indexed by enum debar_indicator_kind
 */
struct debar_found {
	bool any;
	struct debar_lookup by_kind[DEBAR_BLOB_KINDS];
};

/* debar_find - look for a file's indicators; 0, or what reading the file gives */
int debar_find(const struct debar_policy *policy, struct debar_subject *subject,
	       struct debar_found *found);

/**
 * debar_decide - the verdict about a file that was looked for, in the mode enforce
 * @policy: the policy
 * @found: from debar_find() with it
 * @in: operation, host and date
 * @check: filled in; lives as long as @policy
 */
void debar_decide(const struct debar_policy *policy, const struct debar_found *found,
		  const struct debar_circumstances *in, struct debar_check *check);

/**
 * debar_judge - the verdict of a policy about a file, in the mode enforce
 * @policy: the policy
 * @subject: the file
 * @in: operation, host and date
 * @check: filled in; lives as long as @policy
 *
 * Return: 0, or what reading the file gives.
 */
int debar_judge(const struct debar_policy *policy, struct debar_subject *subject,
		const struct debar_circumstances *in, struct debar_check *check);

#endif /* DEBAR_JUDGE_H */
