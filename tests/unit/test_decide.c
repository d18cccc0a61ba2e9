// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Unit tests of policy_decide.h and dates.h: what a ban says on each day, by its dates, its status,
 * what it prohibits, and its waivers.
 */
#include <errno.h>

#include "compile.h"
#include "dates.h"
#include "policy_decide.h"
#include "tap.h"

#define AUDIT	1700000000
#define WARN	1700000100
#define ENFORCE	1700000200
#define NEVER	DEBAR_BLOB_NEVER

static const uint8_t first[DEBAR_DIGEST_SIZE] = { 1 }, second[DEBAR_DIGEST_SIZE] = { 2 };

/**
 * struct day - what a ban says on a day
 * @name: of the case
 * @ban: the ban; its indicators are those below
 * @now: the day
 * @operation: what is attempted
 * @stage: where the ban stands
 * @verdict: the answer
 * @next: when the stage changes
 */
struct day {
	const char *name;
	struct debar_source_ban ban;
	uint64_t now;
	enum debar_operation operation;
	enum debar_stage stage;
	enum debar_verdict verdict;
	uint64_t next;
};

#define STAGED	.audit_from = AUDIT, .warn_from = WARN, .enforce_from = ENFORCE
#define ON	.mode = DEBAR_MODE_ENFORCE

static const struct day days[] = {
	{ "no date", { ON }, 1, DEBAR_OPERATION_EXECUTE, DEBAR_STAGE_ENFORCE,
	  DEBAR_VERDICT_DENY, NEVER },
	{ "another operation", { ON }, 1, DEBAR_OPERATION_OPEN, DEBAR_STAGE_ENFORCE,
	  DEBAR_VERDICT_ALLOW, NEVER },
	{ "before all", { ON, STAGED }, AUDIT - 1, DEBAR_OPERATION_EXECUTE, DEBAR_STAGE_DORMANT,
	  DEBAR_VERDICT_ALLOW, AUDIT },
	{ "at the first second of audit", { ON, STAGED }, AUDIT, DEBAR_OPERATION_EXECUTE,
	  DEBAR_STAGE_AUDIT, DEBAR_VERDICT_AUDIT, WARN },
	{ "at the last second of audit", { ON, STAGED }, WARN - 1, DEBAR_OPERATION_EXECUTE,
	  DEBAR_STAGE_AUDIT, DEBAR_VERDICT_AUDIT, WARN },
	{ "warned", { ON, STAGED }, WARN, DEBAR_OPERATION_EXECUTE, DEBAR_STAGE_WARN,
	  DEBAR_VERDICT_AUDIT, ENFORCE },
	{ "enforced", { ON, STAGED }, ENFORCE, DEBAR_OPERATION_EXECUTE, DEBAR_STAGE_ENFORCE,
	  DEBAR_VERDICT_DENY, NEVER },
	{ "in the year 9999", { ON, STAGED }, DEBAR_BLOB_DATE_MAX, DEBAR_OPERATION_EXECUTE,
	  DEBAR_STAGE_ENFORCE, DEBAR_VERDICT_DENY, NEVER },
	{ "only audit_from", { ON, .audit_from = AUDIT }, ENFORCE, DEBAR_OPERATION_EXECUTE,
	  DEBAR_STAGE_AUDIT, DEBAR_VERDICT_AUDIT, NEVER },
	{ "only enforce_from, before", { ON, .enforce_from = ENFORCE }, WARN,
	  DEBAR_OPERATION_EXECUTE, DEBAR_STAGE_DORMANT, DEBAR_VERDICT_ALLOW, ENFORCE },
	{ "all on one day", { ON, .audit_from = WARN, .warn_from = WARN, .enforce_from = WARN },
	  WARN, DEBAR_OPERATION_EXECUTE, DEBAR_STAGE_ENFORCE, DEBAR_VERDICT_DENY, NEVER },
	{ "proposed", { ON, STAGED, .status = DEBAR_BAN_STATUS_PROPOSED }, ENFORCE,
	  DEBAR_OPERATION_EXECUTE, DEBAR_STAGE_AUDIT, DEBAR_VERDICT_AUDIT, NEVER },
	{ "proposed, without a date", { ON, .status = DEBAR_BAN_STATUS_PROPOSED }, 1,
	  DEBAR_OPERATION_EXECUTE, DEBAR_STAGE_AUDIT, DEBAR_VERDICT_AUDIT, NEVER },
	{ "rumoured", { ON, .status = DEBAR_BAN_STATUS_RUMOURED }, 1, DEBAR_OPERATION_EXECUTE,
	  DEBAR_STAGE_AUDIT, DEBAR_VERDICT_AUDIT, NEVER },
	{ "proposed, before its dates", { ON, STAGED, .status = DEBAR_BAN_STATUS_PROPOSED }, 1,
	  DEBAR_OPERATION_EXECUTE, DEBAR_STAGE_DORMANT, DEBAR_VERDICT_ALLOW, AUDIT },
	{ "amended", { ON, .status = DEBAR_BAN_STATUS_AMENDED }, 1, DEBAR_OPERATION_EXECUTE,
	  DEBAR_STAGE_ENFORCE, DEBAR_VERDICT_DENY, NEVER },
	{ "an override does not make a proposal a decision",
	  { ON, .status = DEBAR_BAN_STATUS_PROPOSED, .override = "why" }, 1,
	  DEBAR_OPERATION_EXECUTE, DEBAR_STAGE_AUDIT, DEBAR_VERDICT_AUDIT, NEVER },
	{ "an entity list", { ON, .prohibits = 1 << DEBAR_PROHIBITION_SUPPLY }, 1,
	  DEBAR_OPERATION_EXECUTE, DEBAR_STAGE_AUDIT, DEBAR_VERDICT_AUDIT, NEVER },
	{ "all but use and update",
	  { ON, .prohibits = DEBAR_BLOB_PROHIBITS_ALL & ~(1U << DEBAR_PROHIBITION_USE) &
			     ~(1U << DEBAR_PROHIBITION_UPDATE) }, 1,
	  DEBAR_OPERATION_EXECUTE, DEBAR_STAGE_AUDIT, DEBAR_VERDICT_AUDIT, NEVER },
	{ "an entity list, overridden",
	  { ON, .prohibits = 1 << DEBAR_PROHIBITION_SUPPLY, .override = "why" }, 1,
	  DEBAR_OPERATION_EXECUTE, DEBAR_STAGE_ENFORCE, DEBAR_VERDICT_DENY, NEVER },
	{ "updates", { ON, .prohibits = 1 << DEBAR_PROHIBITION_UPDATE }, 1,
	  DEBAR_OPERATION_EXECUTE, DEBAR_STAGE_ENFORCE, DEBAR_VERDICT_DENY, NEVER },
	{ "the mode monitor", { .mode = DEBAR_MODE_MONITOR, STAGED }, ENFORCE,
	  DEBAR_OPERATION_EXECUTE, DEBAR_STAGE_AUDIT, DEBAR_VERDICT_AUDIT, NEVER },
};

/* Compiles a ban with two indicators, the second one of a product, and some waivers. */
static bool make_blob(const struct debar_source_ban *like,
		      const struct debar_source_waiver *waivers, size_t waiver_count,
		      struct debar_buffer *out, struct debar_blob *blob)
{
	struct debar_source_indicator indicators[2] = { { .size = 1 },
							{ .size = 2, .product = "P" } };
	struct debar_source_ban ban = *like;
	const struct debar_source source = {
		.name = "n", .serial = 1, .issued = 1, .bans = &ban, .ban_count = 1,
		.waivers = waivers, .waiver_count = waiver_count,
	};
	struct debar_blob_error wrong;
	struct debar_error error;

	memcpy(indicators[0].digest, first, sizeof(first));
	memcpy(indicators[1].digest, second, sizeof(second));
	ban.id = "b";
	ban.vendor = "v";
	ban.authority = "a";
	ban.indicators = indicators;
	ban.indicator_count = 2;
	if (debar_compile(&source, out, &error)) {
		printf("# %s: %s\n", error.where, error.what);
		return false;
	}
	return !debar_blob_parse(blob, out->data, out->length, &wrong);
}

static struct debar_decision decide(const struct debar_blob *blob, const uint8_t *digest,
				    enum debar_operation operation, const char *host, uint64_t now)
{
	const struct debar_circumstances in = { operation, host, now };

	return debar_blob_decide(blob, DEBAR_INDICATOR_KIND_FILE_SHA256,
				 debar_blob_find(blob->kinds, digest), &in);
}

static void test_days(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(days); i++) {
		_cleanup_buffer_ struct debar_buffer out = {};
		const struct day *day = &days[i];
		struct debar_decision decision;
		struct debar_blob blob;

		if (!ok(make_blob(&day->ban, NULL, 0, &out, &blob), "%s: compiled", day->name))
			continue;
		decision = decide(&blob, first, day->operation, "here", day->now);
		ok(decision.stage == day->stage && decision.verdict == day->verdict &&
		   !decision.waiver, "%s: stage %d, verdict %d", day->name, decision.stage,
		   decision.verdict);
		ok(debar_blob_next_stage(blob.bans, day->now) == day->next &&
		   debar_blob_next_date(&blob, day->now) == day->next, "%s: next", day->name);
	}
}

static const struct debar_source_ban on = { ON };

/**
 * struct waived - who is waived by a waiver
 * @name: of the case
 * @waiver: without what all have
 * @verdicts: about the first indicator here, the second here, the first there, the second there
 */
struct waived {
	const char *name;
	struct debar_source_waiver waiver;
	enum debar_verdict verdicts[4];
};

#define YES	DEBAR_VERDICT_AUDIT
#define NO	DEBAR_VERDICT_DENY

static const char *const here[] = { "here" };

static const struct waived waived[] = {
	{ "of all", {}, { YES, YES, YES, YES } },
	{ "of a product", { .product = "P" }, { NO, YES, NO, YES } },
	{ "of a digest", { .has_digest = true, .digest = { 1 } }, { YES, NO, YES, NO } },
	{ "here", { .hosts = here, .host_count = 1 }, { YES, YES, NO, NO } },
	{ "of a product here", { .product = "P", .hosts = here, .host_count = 1 },
	  { NO, YES, NO, NO } },
};

static void test_waivers(void)
{
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(waived); i++) {
		_cleanup_buffer_ struct debar_buffer out = {};
		struct debar_source_waiver waiver = waived[i].waiver;
		struct debar_blob blob;

		waiver.id = "W-1";
		waiver.ban = "b";
		waiver.owner = "o";
		waiver.ticket = "t";
		waiver.expires = ENFORCE;
		if (!ok(make_blob(&on, &waiver, 1, &out, &blob), "%s: compiled", waived[i].name))
			continue;
		for (j = 0; j < 4; j++) {
			const char *host = j < 2 ? "here" : "there";
			const uint8_t *digest = j % 2 ? second : first;
			struct debar_decision now, later;

			now = decide(&blob, digest, DEBAR_OPERATION_EXECUTE, host, ENFORCE - 1);
			ok(now.verdict == waived[i].verdicts[j] &&
			   !now.waiver == (now.verdict == NO), "%s: %zu", waived[i].name, j);
			later = decide(&blob, digest, DEBAR_OPERATION_EXECUTE, host, ENFORCE);
			ok(later.verdict == NO && !later.waiver, "%s: %zu, expired",
			   waived[i].name, j);
		}
		ok(debar_blob_next_date(&blob, 1) == ENFORCE &&
		   debar_blob_next_date(&blob, ENFORCE) == NEVER, "%s: next", waived[i].name);
	}
}

static void test_longest(void)
{
	const struct debar_source_waiver waivers[] = {
		{ .id = "short", .ban = "b", .owner = "o", .ticket = "t", .expires = AUDIT },
		{ .id = "long", .ban = "b", .owner = "o", .ticket = "t", .expires = ENFORCE },
	};
	_cleanup_buffer_ struct debar_buffer out = {};
	struct debar_decision decision;
	struct debar_blob blob;

	if (!ok(make_blob(&on, waivers, 2, &out, &blob), "two waivers"))
		return;
	decision = decide(&blob, first, DEBAR_OPERATION_EXECUTE, "here", 1);
	same_text(decision.waiver ? debar_blob_string(&blob, decision.waiver->id) : NULL, "long",
		  "the one that lasts longest counts");
}

/* What needs no waiver names none. */
static void test_unneeded(void)
{
	const struct debar_source_waiver waiver = { .id = "w", .ban = "b", .owner = "o",
						    .ticket = "t", .expires = ENFORCE };
	const struct debar_source_ban monitor = { .mode = DEBAR_MODE_MONITOR };
	_cleanup_buffer_ struct debar_buffer out = {};
	struct debar_decision decision;
	struct debar_blob blob;

	if (!ok(make_blob(&monitor, &waiver, 1, &out, &blob), "a ban that only records"))
		return;
	decision = decide(&blob, first, DEBAR_OPERATION_EXECUTE, "here", 1);
	ok(decision.verdict == DEBAR_VERDICT_AUDIT && !decision.waiver, "no waiver is named");
}

static void test_dates(void)
{
	static const struct {
		const char *text;
		int result;
		uint64_t seconds;
	} dates[] = {
		{ "2024-09-29T00:00:00-04:00", 0, 1727582400 },
		{ "2024-09-29T04:00:00Z", 0, 1727582400 },
		{ "2024-09-29t09:30:00+05:30", 0, 1727582400 },
		{ "2024-09-29 04:00:00z", 0, 1727582400 },
		{ "2024-02-29T00:00:00Z", 0, 1709164800 },
		{ "1970-01-01T00:00:01Z", 0, 1 },
		{ "9999-12-31T23:59:59Z", 0, DEBAR_BLOB_DATE_MAX },
		{ "2024-09-29T00:00:00", -ENODATA, 0 },
		{ "1970-01-01T00:00:00Z", -EINVAL, 0 },
		{ "9999-12-31T23:59:59-00:01", -EINVAL, 0 },
		{ "2023-02-29T00:00:00Z", -EINVAL, 0 },
		{ "2024-06-31T00:00:00Z", -EINVAL, 0 },
		{ "2024-13-01T00:00:00Z", -EINVAL, 0 },
		{ "2024-09-29T24:00:00Z", -EINVAL, 0 },
		{ "2024-09-29T00:60:00Z", -EINVAL, 0 },
		{ "2024-09-29T00:00:60Z", -EINVAL, 0 },
		{ "2024-09-29T00:00:00+24:00", -EINVAL, 0 },
		{ "2024-09-29T00:00:00-04:60", -EINVAL, 0 },
		{ "2024-09-29T00:00:00-0400", -EINVAL, 0 },
		{ "2024-09-29T00:00:00Zx", -EINVAL, 0 },
		{ "2024-09-29T00:00:00.5Z", -EINVAL, 0 },
		{ "2024-09-29", -EINVAL, 0 },
		{ "2024-9-29T00:00:00Z", -EINVAL, 0 },
		{ "tomorrow", -EINVAL, 0 },
		{ "", -EINVAL, 0 },
	};
	char text[DEBAR_DATE_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(dates); i++) {
		uint64_t seconds = 0;

		ok(debar_date_parse(dates[i].text, &seconds) == dates[i].result &&
		   seconds == dates[i].seconds, "the date '%s'", dates[i].text);
	}
	ok(debar_day_is("2024-02-29") && !debar_day_is("2023-02-29") &&
	   !debar_day_is("2024-02-2") && !debar_day_is("2024-02-29T00:00:00Z") &&
	   !debar_day_is(""), "days");
	same_text(debar_date_text(text, 1727582400), "2024-09-29T04:00:00Z", "a date as text");
	same_text(debar_date_text(text, NEVER), "never", "never");
	same_text(debar_date_text(text, 0), "always", "always");
}

int main(void)
{
	test_days();
	test_waivers();
	test_longest();
	test_unneeded();
	test_dates();
	return tap_done();
}
