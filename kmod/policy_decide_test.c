// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of policy_decide.h: what a ban says on which date, and which waiver stands. */
#include <kunit/test.h>
#include <linux/string.h>

#include "policy_decide.h"

#define NEVER	DEBAR_BLOB_NEVER
#define LE32(n)	cpu_to_le32(n)
#define LE64(n)	cpu_to_le64(n)

/* Strings of the blobs below, by their offset. */
#define STRINGS		"\0host\0product\0why"
#define HOST		1
#define PRODUCT		6
#define WHY		14

#define ONLY(prohibition)	DEBAR_BLOB_PROHIBITION(DEBAR_PROHIBITION_##prohibition)

/**
 * struct stage - a ban, a date, and where the ban stands then
 * @name: of the case
 * @mode: of the ban
 * @status: of the ban
 * @prohibits: what its authority does
 * @override: offset of a string
 * @dates: from which on it records, warns, refuses
 * @now: the date
 * @stage: that has begun
 * @next: date of the next one
 */
struct stage {
	const char *name;
	enum debar_mode mode;
	enum debar_ban_status status;
	u32 prohibits;
	u32 override;
	u64 dates[3];
	u64 now;
	enum debar_stage stage;
	u64 next;
};

#define ENFORCE	DEBAR_MODE_ENFORCE
#define FINAL	DEBAR_BAN_STATUS_FINAL

static const struct stage stages[] = {
	{ "since ever", ENFORCE, FINAL, ONLY(USE), 0, { 0, 0, 0 }, 0, DEBAR_STAGE_ENFORCE, NEVER },
	{ "never", ENFORCE, FINAL, ONLY(USE), 0, { NEVER, NEVER, NEVER }, NEVER - 1,
	  DEBAR_STAGE_DORMANT, NEVER },
	{ "before all", ENFORCE, FINAL, ONLY(USE), 0, { 10, 20, 30 }, 9, DEBAR_STAGE_DORMANT, 10 },
	{ "records", ENFORCE, FINAL, ONLY(USE), 0, { 10, 20, 30 }, 10, DEBAR_STAGE_AUDIT, 20 },
	{ "records on", ENFORCE, FINAL, ONLY(USE), 0, { 10, 20, 30 }, 19, DEBAR_STAGE_AUDIT, 20 },
	{ "warns", ENFORCE, FINAL, ONLY(USE), 0, { 10, 20, 30 }, 20, DEBAR_STAGE_WARN, 30 },
	{ "refuses", ENFORCE, FINAL, ONLY(USE), 0, { 10, 20, 30 }, 30, DEBAR_STAGE_ENFORCE, NEVER },
	{ "without a warning", ENFORCE, FINAL, ONLY(USE), 0, { 10, NEVER, 30 }, 29,
	  DEBAR_STAGE_AUDIT, 30 },
	{ "amended", ENFORCE, DEBAR_BAN_STATUS_AMENDED, ONLY(USE), 0, { 0, 0, 0 }, 1,
	  DEBAR_STAGE_ENFORCE, NEVER },
	{ "proposed", ENFORCE, DEBAR_BAN_STATUS_PROPOSED, ONLY(USE), 0, { 10, 20, 30 }, 40,
	  DEBAR_STAGE_AUDIT, NEVER },
	{ "proposed, to begin", ENFORCE, DEBAR_BAN_STATUS_PROPOSED, ONLY(USE), 0, { 10, 20, 30 }, 5,
	  DEBAR_STAGE_DORMANT, 10 },
	{ "proposed, overridden", ENFORCE, DEBAR_BAN_STATUS_PROPOSED, ONLY(USE), WHY, { 0, 0, 0 },
	  1, DEBAR_STAGE_AUDIT, NEVER },
	{ "rumoured", ENFORCE, DEBAR_BAN_STATUS_RUMOURED, ONLY(USE), 0, { 0, 0, 0 }, 1,
	  DEBAR_STAGE_AUDIT, NEVER },
	{ "monitors", DEBAR_MODE_MONITOR, FINAL, ONLY(USE), 0, { 10, 20, 30 }, 40,
	  DEBAR_STAGE_AUDIT, NEVER },
	{ "of updates", ENFORCE, FINAL, ONLY(UPDATE), 0, { 0, 0, 0 }, 1,
	  DEBAR_STAGE_ENFORCE, NEVER },
	{ "of purchase", ENFORCE, FINAL, ONLY(PROCURE), 0, { 0, 0, 0 }, 1,
	  DEBAR_STAGE_AUDIT, NEVER },
	{ "of all", ENFORCE, FINAL, DEBAR_BLOB_PROHIBITS_ALL, 0, { 0, 0, 0 }, 1,
	  DEBAR_STAGE_ENFORCE, NEVER },
	{ "of purchase, overridden", ENFORCE, FINAL, ONLY(PROCURE), WHY, { 0, 0, 0 }, 1,
	  DEBAR_STAGE_ENFORCE, NEVER },
};

static void stands_at_a_stage(struct kunit *test)
{
	const struct stage *it = test->param_value;
	const struct debar_blob_ban ban = {
		.mode = LE32(it->mode),
		.status = LE32(it->status),
		.prohibits = LE32(it->prohibits),
		.override = LE32(it->override),
		.audit_from = LE64(it->dates[0]),
		.warn_from = LE64(it->dates[1]),
		.enforce_from = LE64(it->dates[2]),
	};

	KUNIT_EXPECT_EQ(test, debar_blob_stage(&ban, it->now), it->stage);
	KUNIT_EXPECT_EQ(test, debar_blob_next_stage(&ban, it->now), it->next);
}

/* Two bans that refuse from 10 and from 20 on, and waivers that each test chooses. */
struct law {
	struct debar_blob blob;
	struct debar_blob_header header;
	struct debar_blob_ban bans[2];
	struct debar_blob_waiver waivers[2];
	struct debar_blob_detail details[2];
	struct debar_blob_indicator indicators[2];
};

static struct law *new_law(struct kunit *test, u32 waivers)
{
	struct law *law = kunit_kzalloc(test, sizeof(*law), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, law);
	law->blob.header = &law->header;
	law->blob.bans = law->bans;
	law->blob.waivers = law->waivers;
	law->blob.details = law->details;
	law->blob.strings = STRINGS;
	law->header.ban_count = LE32(2);
	law->header.waiver_count = LE32(waivers);
	for (i = 0; i < 2; i++) {
		law->bans[i].mode = LE32(DEBAR_MODE_ENFORCE);
		law->bans[i].operations = LE32(DEBAR_BLOB_OPERATION(DEBAR_OPERATION_MAP));
		law->bans[i].prohibits = LE32(ONLY(USE));
		law->bans[i].enforce_from = LE64(10 * (i + 1));
		law->bans[i].warn_from = LE64(NEVER);
		law->details[i].ban = LE32(i);
		law->indicators[i].detail = LE32(i);
		law->waivers[i].kind = LE32(DEBAR_BLOB_NO_KIND);
		law->waivers[i].expires = LE64(100 + 100 * i);
	}
	return law;
}

static struct debar_decision decide(const struct law *law, int indicator,
				    enum debar_operation operation, u64 now)
{
	const struct debar_circumstances in = { operation, "host", now };

	return debar_blob_decide(&law->blob, DEBAR_INDICATOR_KIND_FILE_SHA256,
				 &law->indicators[indicator], &in);
}

static void decides_by_operation_and_date(struct kunit *test)
{
	struct law *law = new_law(test, 0);
	struct debar_decision d;

	d = decide(law, 0, DEBAR_OPERATION_MAP, 10);
	KUNIT_EXPECT_EQ(test, d.verdict, DEBAR_VERDICT_DENY);
	KUNIT_EXPECT_EQ(test, d.stage, DEBAR_STAGE_ENFORCE);
	KUNIT_EXPECT_NULL(test, d.waiver);
	d = decide(law, 1, DEBAR_OPERATION_MAP, 10);
	KUNIT_EXPECT_EQ(test, d.verdict, DEBAR_VERDICT_AUDIT);
	KUNIT_EXPECT_EQ(test, d.stage, DEBAR_STAGE_AUDIT);
	d = decide(law, 0, DEBAR_OPERATION_LOAD, 10);
	KUNIT_EXPECT_EQ(test, d.verdict, DEBAR_VERDICT_ALLOW);
	law->bans[0].audit_from = LE64(5);
	d = decide(law, 0, DEBAR_OPERATION_MAP, 4);
	KUNIT_EXPECT_EQ(test, d.verdict, DEBAR_VERDICT_ALLOW);
	KUNIT_EXPECT_EQ(test, d.stage, DEBAR_STAGE_DORMANT);
}

/**
 * struct waiving - a waiver, and whether it stands against the first ban
 * @name: of the case
 * @waiver: what of it is not as in new_law()
 * @stands: it does
 */
struct waiving {
	const char *name;
	struct debar_blob_waiver waiver;
	bool stands;
};

#define NO_KIND		.kind = LE32(DEBAR_BLOB_NO_KIND), .expires = LE64(100)
#define OF_KIND(n)	.kind = LE32(DEBAR_INDICATOR_KIND_##n), .expires = LE64(100)

static const struct waiving waivings[] = {
	{ "of the ban", { NO_KIND }, true },
	{ "of the other ban", { NO_KIND, .ban = LE32(1) }, false },
	{ "expired", { .kind = LE32(DEBAR_BLOB_NO_KIND), .expires = LE64(50) }, false },
	{ "about to expire", { .kind = LE32(DEBAR_BLOB_NO_KIND), .expires = LE64(51) }, true },
	{ "of the product", { NO_KIND, .product = LE32(PRODUCT) }, true },
	{ "of another product", { NO_KIND, .product = LE32(WHY) }, false },
	{ "on the host", { NO_KIND, .host = LE32(HOST) }, true },
	{ "on another host", { NO_KIND, .host = LE32(WHY) }, false },
	{ "of the digest", { OF_KIND(FILE_SHA256), .digest = { 1, 2 } }, true },
	{ "of another digest", { OF_KIND(FILE_SHA256), .digest = { 1, 3 } }, false },
	{ "of the digest, another kind", { OF_KIND(CODE_SHA256), .digest = { 1, 2 } }, false },
};

static void is_waived(struct kunit *test)
{
	const struct waiving *it = test->param_value;
	struct law *law = new_law(test, 1);
	struct debar_decision d;

	law->waivers[0] = it->waiver;
	law->bans[0].product = LE32(PRODUCT);
	law->indicators[0].digest[0] = 1;
	law->indicators[0].digest[1] = 2;
	d = decide(law, 0, DEBAR_OPERATION_MAP, 50);
	KUNIT_EXPECT_EQ(test, d.verdict, it->stands ? DEBAR_VERDICT_AUDIT : DEBAR_VERDICT_DENY);
	KUNIT_EXPECT_PTR_EQ(test, d.waiver, it->stands ? &law->waivers[0] : NULL);
	KUNIT_EXPECT_EQ(test, d.stage, DEBAR_STAGE_ENFORCE);
}

static void is_waived_for_the_longest(struct kunit *test)
{
	struct law *law = new_law(test, 2);

	KUNIT_EXPECT_PTR_EQ(test, decide(law, 0, DEBAR_OPERATION_MAP, 50).waiver,
			    &law->waivers[1]);
	law->waivers[0].expires = LE64(300);
	KUNIT_EXPECT_PTR_EQ(test, decide(law, 0, DEBAR_OPERATION_MAP, 50).waiver,
			    &law->waivers[0]);
	/* What only records needs no waiver. */
	KUNIT_EXPECT_NULL(test, decide(law, 0, DEBAR_OPERATION_MAP, 9).waiver);
}

static void knows_the_next_date(struct kunit *test)
{
	struct law *law = new_law(test, 2);

	KUNIT_EXPECT_EQ(test, debar_blob_next_date(&law->blob, 0), 10);
	KUNIT_EXPECT_EQ(test, debar_blob_next_date(&law->blob, 10), 20);
	KUNIT_EXPECT_EQ(test, debar_blob_next_date(&law->blob, 20), 100);
	KUNIT_EXPECT_EQ(test, debar_blob_next_date(&law->blob, 100), 200);
	KUNIT_EXPECT_EQ(test, debar_blob_next_date(&law->blob, 200), NEVER);
}

static void describe_stage(const struct stage *it, char *text)
{
	strscpy(text, it->name, KUNIT_PARAM_DESC_SIZE);
}

static void describe_waiving(const struct waiving *it, char *text)
{
	strscpy(text, it->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(stage, stages, describe_stage);
KUNIT_ARRAY_PARAM(waiving, waivings, describe_waiving);

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(stands_at_a_stage, stage_gen_params),
	KUNIT_CASE(decides_by_operation_and_date),
	KUNIT_CASE_PARAM(is_waived, waiving_gen_params),
	KUNIT_CASE(is_waived_for_the_longest),
	KUNIT_CASE(knows_the_next_date),
	{}
};

static struct kunit_suite suite = {
	.name = "debar-policy-decide",
	.test_cases = cases,
};

kunit_test_suite(suite);
