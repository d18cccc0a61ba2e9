/* SPDX-License-Identifier: GPL-2.0-only */
/* Decides whether an operation on a file may go on. */
#ifndef DEBAR_JUDGE_H
#define DEBAR_JUDGE_H

#include <linux/fs.h>
#include <linux/types.h>
#include <uapi/linux/debar.h>

#include "match.h"
#include "verdict_cache.h"

struct debar_blob_indicator;
struct debar_blob_waiver;
struct debar_policy;

/**
 * struct debar_judgement - a verdict and what it rests on
 * @operation: what is attempted
 * @verdict: the answer
 * @reason: why
 * @error: when the file could not be identified, the error that reading or hashing it returned
 * @policy: with a reference, to be given back by debar_judgement_put(); NULL when nothing had to be
 *	looked up
 * @layer: which layer of @policy @indicator and @waiver are of
 * @indicator: the indicator that matched, or NULL
 * @kind: of @indicator
 * @stage: where the ban of @indicator stands
 * @waiver: because of which a refusal became a record, or NULL
 * @spared: it would be refused, but process 1 needs it
 * @size: of the file in bytes
 * @found: what was found out about the content
 * @seen: the file as it was when it was read
 */
struct debar_judgement {
	enum debar_operation operation;
	enum debar_verdict verdict;
	enum debar_reason reason;
	int error;
	struct debar_policy *policy;
	enum debar_layer layer;
	const struct debar_blob_indicator *indicator;
	enum debar_indicator_kind kind;
	enum debar_stage stage;
	const struct debar_blob_waiver *waiver;
	bool spared;
	u64 size;
	struct debar_found found;
	struct debar_identity seen;
};

bool debar_judge_clears(const struct file *file);
bool debar_judge_clears_opening(const struct file *file);
int debar_judge_file(struct file *file, enum debar_operation operation);
int debar_judge_opening(struct file *file);
int debar_judge_mapping(struct file *file);
bool debar_judge_is_content(const struct file *backing, const struct file *user);
int debar_judge_under_lock(struct file *file, enum debar_operation operation);
int debar_judge_buffer(struct file *file, const void *data, size_t size,
		       enum debar_operation operation);

void debar_judge_probe(struct file *file, enum debar_operation operation,
		       struct debar_judgement *judgement);
void debar_judge_digest(enum debar_indicator_kind kind, const u8 *digest,
			struct debar_judgement *judgement);
void debar_judgement_put(struct debar_judgement *judgement);

#endif /* DEBAR_JUDGE_H */
