// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decides by the law of a ban: its status, what it prohibits, its dates, and its waivers. Shared by
 * kernel and userspace. Pure: no lock, no clock, no allocation.
 */
#include "policy_decide.h"

#ifdef __KERNEL__
#include <asm/byteorder.h>
#include <linux/string.h>
#else
#include <endian.h>
#include <string.h>
#define le32_to_cpu	le32toh
#define le64_to_cpu	le64toh
#endif

/*
 * Only what an authority has decided, and what keeps software from being used or kept up to date,
 * is refused; unless it is no authority but the operator who wants that, and says why.
 */
static bool may_refuse(const struct debar_blob_ban *ban)
{
	const __u32 refusing = DEBAR_BLOB_PROHIBITION(DEBAR_PROHIBITION_USE) |
			       DEBAR_BLOB_PROHIBITION(DEBAR_PROHIBITION_UPDATE);
	__u32 status = le32_to_cpu(ban->status);

	if (le32_to_cpu(ban->mode) == DEBAR_MODE_MONITOR)
		return false;
	if (status != DEBAR_BAN_STATUS_FINAL && status != DEBAR_BAN_STATUS_AMENDED)
		return false;
	return (le32_to_cpu(ban->prohibits) & refusing) || ban->override;
}

/**
 * debar_blob_stage() - where a ban stands
 * @ban: of a parsed blob
 * @now: the date, in seconds since 1970
 *
 * Return: the last stage that has begun; that of a ban which may not refuse is
 * DEBAR_STAGE_AUDIT at most.
 */
enum debar_stage debar_blob_stage(const struct debar_blob_ban *ban, __u64 now)
{
	enum debar_stage stage = DEBAR_STAGE_DORMANT;

	if (now >= le64_to_cpu(ban->audit_from))
		stage = DEBAR_STAGE_AUDIT;
	if (now >= le64_to_cpu(ban->warn_from))
		stage = DEBAR_STAGE_WARN;
	if (now >= le64_to_cpu(ban->enforce_from))
		stage = DEBAR_STAGE_ENFORCE;
	return stage > DEBAR_STAGE_AUDIT && !may_refuse(ban) ? DEBAR_STAGE_AUDIT : stage;
}

static __u64 earlier(__u64 next, __le64 date, __u64 now)
{
	__u64 value = le64_to_cpu(date);

	return value > now && value < next ? value : next;
}

/**
 * debar_blob_next_stage() - when a ban's stage changes
 * @ban: of a parsed blob
 * @now: the date, in seconds since 1970
 *
 * Return: the date, or DEBAR_BLOB_NEVER.
 */
__u64 debar_blob_next_stage(const struct debar_blob_ban *ban, __u64 now)
{
	const __le64 dates[] = { ban->audit_from, ban->warn_from, ban->enforce_from };
	enum debar_stage stage = debar_blob_stage(ban, now);
	__u64 next = DEBAR_BLOB_NEVER;
	int i;

	for (i = 0; i < 3; i++)
		if (debar_blob_stage(ban, le64_to_cpu(dates[i])) != stage)
			next = earlier(next, dates[i], now);
	return next;
}

/**
 * debar_blob_next_date() - when a policy will say something else by itself
 * @blob: a parsed blob
 * @now: the date, in seconds since 1970
 *
 * Return: the first date on which a ban's stage changes or a waiver expires, or DEBAR_BLOB_NEVER.
 */
__u64 debar_blob_next_date(const struct debar_blob *blob, __u64 now)
{
	__u64 next = DEBAR_BLOB_NEVER, date;
	__u32 i;

	for (i = 0; i < le32_to_cpu(blob->header->ban_count); i++) {
		date = debar_blob_next_stage(&blob->bans[i], now);
		if (date < next)
			next = date;
	}
	for (i = 0; i < le32_to_cpu(blob->header->waiver_count); i++)
		next = earlier(next, blob->waivers[i].expires, now);
	return next;
}

static bool waives(const struct debar_blob *blob, const struct debar_blob_waiver *waiver,
		   enum debar_indicator_kind kind, const struct debar_blob_indicator *indicator,
		   const struct debar_circumstances *in)
{
	if (&blob->bans[le32_to_cpu(waiver->ban)] != debar_blob_ban(blob, indicator) ||
	    in->now >= le64_to_cpu(waiver->expires))
		return false;
	if (waiver->product && strcmp(debar_blob_string(blob, waiver->product),
				      debar_blob_product(blob, indicator)))
		return false;
	if (waiver->host && strcmp(debar_blob_string(blob, waiver->host), in->host))
		return false;
	return le32_to_cpu(waiver->kind) == DEBAR_BLOB_NO_KIND ||
	       (le32_to_cpu(waiver->kind) == kind &&
		!memcmp(waiver->digest, indicator->digest, DEBAR_DIGEST_SIZE));
}

/* Of several, the one that lasts longest. */
static const struct debar_blob_waiver *find_waiver(const struct debar_blob *blob,
						   enum debar_indicator_kind kind,
						   const struct debar_blob_indicator *indicator,
						   const struct debar_circumstances *in)
{
	const struct debar_blob_waiver *found = NULL, *waiver = blob->waivers;
	__u32 i;

	for (i = 0; i < le32_to_cpu(blob->header->waiver_count); i++, waiver++)
		if (waives(blob, waiver, kind, indicator, in) &&
		    (!found || le64_to_cpu(found->expires) < le64_to_cpu(waiver->expires)))
			found = waiver;
	return found;
}

/**
 * debar_blob_decide() - from indicator to verdict
 * @blob: a parsed blob
 * @kind: of @indicator
 * @indicator: one of its indicators, which the file matches
 * @in: operation, host and date
 *
 * Return: DEBAR_VERDICT_ALLOW when the ban is not about the operation, or has not begun;
 * DEBAR_VERDICT_DENY when it refuses and no waiver stands against that; else DEBAR_VERDICT_AUDIT.
 */
struct debar_decision debar_blob_decide(const struct debar_blob *blob,
					enum debar_indicator_kind kind,
					const struct debar_blob_indicator *indicator,
					const struct debar_circumstances *in)
{
	const struct debar_blob_ban *ban = debar_blob_ban(blob, indicator);
	struct debar_decision decision = { .stage = debar_blob_stage(ban, in->now) };

	if (!(le32_to_cpu(ban->operations) & DEBAR_BLOB_OPERATION(in->operation)) ||
	    decision.stage == DEBAR_STAGE_DORMANT)
		return decision;
	decision.verdict = DEBAR_VERDICT_AUDIT;
	if (decision.stage != DEBAR_STAGE_ENFORCE)
		return decision;
	decision.waiver = find_waiver(blob, kind, indicator, in);
	if (!decision.waiver)
		decision.verdict = DEBAR_VERDICT_DENY;
	return decision;
}
