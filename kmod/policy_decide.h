/* SPDX-License-Identifier: GPL-2.0-only */
/* What a ban says on a given day, and which waiver stands against it; for kernel and userspace. */
#ifndef DEBAR_POLICY_DECIDE_H
#define DEBAR_POLICY_DECIDE_H

#include "policy_blob.h"

/**
 * struct debar_circumstances - what a decision depends on besides the policy
 * @operation: what is attempted
 * @host: name of the host
 * @now: the date, in seconds since 1970
 */
struct debar_circumstances {
	enum debar_operation operation;
	const char *host;
	__u64 now;
};

/**
 * struct debar_decision - what a policy says of a file
 * @verdict: the answer
 * @stage: where the ban stands
 * @waiver: because of which a refusal became a record, or NULL; lives as long as the blob
 */
struct debar_decision {
	enum debar_verdict verdict;
	enum debar_stage stage;
	const struct debar_blob_waiver *waiver;
};

enum debar_stage debar_blob_stage(const struct debar_blob_ban *ban, __u64 now);
__u64 debar_blob_next_stage(const struct debar_blob_ban *ban, __u64 now);
__u64 debar_blob_next_date(const struct debar_blob *blob, __u64 now);
struct debar_decision debar_blob_decide(const struct debar_blob *blob,
					enum debar_indicator_kind kind,
					const struct debar_blob_indicator *indicator,
					const struct debar_circumstances *in);

#endif /* DEBAR_POLICY_DECIDE_H */
