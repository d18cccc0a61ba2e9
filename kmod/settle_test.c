// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of settle.h: which verdict comes of which finding. */
#include <kunit/test.h>

#include "judge.h"
#include "policy.h"
#include "settle.h"
#include "test_blob.h"

/* What keeps debar from identifying a file, and the reason that is given. */
static const struct {
	int error;
	enum debar_reason reason;
} failures[] = {
	{ -ENOMEM, DEBAR_REASON_NO_MEMORY },
	{ -EINTR, DEBAR_REASON_INTERRUPTED },
	{ -ERESTARTSYS, DEBAR_REASON_INTERRUPTED },
	{ -EBADE, DEBAR_REASON_HASH_ERROR },
	{ -ESTALE, DEBAR_REASON_UNSTABLE },
	{ -EIO, DEBAR_REASON_IO_ERROR },
	{ -EINVAL, DEBAR_REASON_IO_ERROR },
};

static void settle_each(struct kunit *test, bool closed, enum debar_mode mode,
			enum debar_verdict verdict)
{
	size_t i;

	debar_settle_fail_closed(closed);
	KUNIT_EXPECT_EQ(test, debar_settle_fails_closed(), closed);
	debar_mode_set(mode, NULL);
	for (i = 0; i < ARRAY_SIZE(failures); i++) {
		struct debar_judgement j = { .operation = DEBAR_OPERATION_EXECUTE };

		debar_settle(&j, failures[i].error, NULL);
		KUNIT_EXPECT_EQ(test, j.reason, failures[i].reason);
		KUNIT_EXPECT_EQ(test, j.error, failures[i].error);
		KUNIT_EXPECT_EQ(test, j.verdict, verdict);
	}
	debar_settle_fail_closed(false);
}

static void lets_through_or_refuses_what_it_cannot_identify(struct kunit *test)
{
	settle_each(test, false, DEBAR_MODE_ENFORCE, DEBAR_VERDICT_AUDIT);
	settle_each(test, false, DEBAR_MODE_MONITOR, DEBAR_VERDICT_AUDIT);
	settle_each(test, true, DEBAR_MODE_MONITOR, DEBAR_VERDICT_AUDIT);
	settle_each(test, true, DEBAR_MODE_ENFORCE, DEBAR_VERDICT_DENY);
}

static const u8 digest[] = { 1, 2, 3 };

/* The first ban knows files, the second one code; of each kind there is one indicator. */
static const struct debar_test_policy two_kinds = {
	.bans = 2,
	.operations = { DEBAR_BLOB_OPERATIONS_DEFAULT,
			DEBAR_BLOB_OPERATION(DEBAR_OPERATION_LOAD) },
	.indicators = {
		{ DEBAR_INDICATOR_KIND_FILE_SHA256, 10, 0, digest, sizeof(digest) },
		{ DEBAR_INDICATOR_KIND_CODE_SHA256, 10, 1, digest, sizeof(digest) },
	},
};

/**
 * struct finding - what matches, under which bans, and what comes of it
 * @name: of the case
 * @monitors: which of the two bans only monitors
 * @file: the indicator of files matches
 * @code: that of code does
 * @operation: what is attempted
 * @verdict: of that
 * @kind: of the indicator that counts
 */
struct finding {
	const char *name;
	bool monitors[2];
	bool file;
	bool code;
	enum debar_operation operation;
	enum debar_verdict verdict;
	enum debar_indicator_kind kind;
};

#define FILE	DEBAR_INDICATOR_KIND_FILE_SHA256
#define CODE	DEBAR_INDICATOR_KIND_CODE_SHA256

static const struct finding findings[] = {
	{ "nothing", {}, false, false, DEBAR_OPERATION_LOAD, DEBAR_VERDICT_ALLOW, 0 },
	{ "the file", {}, true, false, DEBAR_OPERATION_LOAD, DEBAR_VERDICT_DENY, FILE },
	{ "the code", {}, false, true, DEBAR_OPERATION_LOAD, DEBAR_VERDICT_DENY, CODE },
	{ "both", {}, true, true, DEBAR_OPERATION_LOAD, DEBAR_VERDICT_DENY, FILE },
	{ "code, not of this operation", {}, false, true, DEBAR_OPERATION_MAP,
	  DEBAR_VERDICT_ALLOW, CODE },
	{ "both, one not of it", {}, true, true, DEBAR_OPERATION_MAP, DEBAR_VERDICT_DENY, FILE },
	{ "both, the file monitored", { true, false }, true, true, DEBAR_OPERATION_LOAD,
	  DEBAR_VERDICT_DENY, CODE },
	{ "both, the code monitored", { false, true }, true, true, DEBAR_OPERATION_LOAD,
	  DEBAR_VERDICT_DENY, FILE },
	{ "both monitored", { true, true }, true, true, DEBAR_OPERATION_LOAD,
	  DEBAR_VERDICT_AUDIT, FILE },
};

static void takes_the_strictest(struct kunit *test)
{
	const struct finding *it = test->param_value;
	struct debar_test_policy source = two_kinds;
	struct debar_judgement j = { .operation = it->operation };
	struct debar_matches matches;

	memcpy(source.monitors, it->monitors, sizeof(source.monitors));
	j.policy = debar_test_create(test, &source);
	debar_matches_clear(&matches);
	if (it->file)
		matches.index[DEBAR_LAYER_POLICY][FILE] = 0;
	if (it->code)
		matches.index[DEBAR_LAYER_POLICY][CODE] = 0;
	debar_settle(&j, 0, &matches);
	KUNIT_EXPECT_EQ(test, j.verdict, it->verdict);
	KUNIT_EXPECT_EQ(test, !j.indicator, !it->file && !it->code);
	KUNIT_EXPECT_EQ(test, j.kind, it->kind);
	/* Where a remembered file matches, its digest is that of the indicator. */
	KUNIT_EXPECT_EQ(test, j.found.has_sha256, it->file);
	if (it->file)
		KUNIT_EXPECT_MEMEQ(test, j.found.sha256, digest, sizeof(digest));
	debar_judgement_put(&j);
}

/**
 * struct layering - what a policy and its local layer say of one file
 * @name: of the case
 * @monitors: whether the ban of each layer only monitors
 * @verdict: what comes of it
 * @layer: whose indicator is named
 */
struct layering {
	const char *name;
	bool monitors[DEBAR_LAYERS];
	enum debar_verdict verdict;
	enum debar_layer layer;
};

static const struct layering layerings[] = {
	{ "both refuse", { false, false }, DEBAR_VERDICT_DENY, DEBAR_LAYER_POLICY },
	{ "the policy refuses", { false, true }, DEBAR_VERDICT_DENY, DEBAR_LAYER_POLICY },
	{ "the local layer refuses", { true, false }, DEBAR_VERDICT_DENY, DEBAR_LAYER_LOCAL },
	{ "neither refuses", { true, true }, DEBAR_VERDICT_AUDIT, DEBAR_LAYER_POLICY },
};

static struct debar_policy *monitor_or_not(struct kunit *test, bool monitors)
{
	struct debar_test_policy source = two_kinds;

	source.monitors[0] = monitors;
	return debar_test_create(test, &source);
}

static void takes_the_stricter_layer(struct kunit *test)
{
	const struct layering *it = test->param_value;
	struct debar_judgement j = { .operation = DEBAR_OPERATION_LOAD };
	struct debar_policy *policy = monitor_or_not(test, it->monitors[DEBAR_LAYER_POLICY]);
	struct debar_policy *local = monitor_or_not(test, it->monitors[DEBAR_LAYER_LOCAL]);
	struct debar_matches matches;
	const char *derived;

	j.policy = debar_policy_join(policy, local);
	debar_policy_put(policy);
	debar_policy_put(local);
	KUNIT_ASSERT_NOT_NULL(test, j.policy);
	debar_matches_clear(&matches);
	matches.index[DEBAR_LAYER_POLICY][FILE] = 0;
	matches.index[DEBAR_LAYER_LOCAL][FILE] = 0;
	debar_settle(&j, 0, &matches);
	KUNIT_EXPECT_EQ(test, j.verdict, it->verdict);
	KUNIT_EXPECT_EQ(test, j.layer, it->layer);
	derived = debar_policy_derived(j.policy, j.layer, j.indicator);
	KUNIT_EXPECT_EQ(test, !*derived, it->layer == DEBAR_LAYER_POLICY);
	debar_judgement_put(&j);
}

static void describe_layering(const struct layering *it, char *text)
{
	strscpy(text, it->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(layering, layerings, describe_layering);

static void describe(const struct finding *it, char *text)
{
	strscpy(text, it->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(finding, findings, describe);

static struct kunit_case cases[] = {
	KUNIT_CASE(lets_through_or_refuses_what_it_cannot_identify),
	KUNIT_CASE_PARAM(takes_the_strictest, finding_gen_params),
	KUNIT_CASE_PARAM(takes_the_stricter_layer, layering_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "debar-settle",
	.init = debar_test_no_policy,
	.exit = debar_test_withdraw,
	.test_cases = cases,
};

kunit_test_suite(suite);
