// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of policy.h: what a policy says, and which one may follow which. */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/slab.h>

#include "policy.h"
#include "test_blob.h"

/* Digests that begin like this. */
static const u8 d1[] = { 0, 1 }, d2[] = { 0, 2, 0, 3 }, d3[] = { 0xff };

static const struct debar_test_policy two_bans = {
	.bans = 2,
	.monitors = { false, true },
	.indicators = {
		{ DEBAR_INDICATOR_KIND_FILE_SHA256, 100, 0, d1, sizeof(d1) },
		{ DEBAR_INDICATOR_KIND_FILE_SHA256, 5000, 1, d2, sizeof(d2) },
	},
};

static void create_and_check(struct kunit *test, const struct debar_test_policy *source,
			     void (*check)(struct kunit *test, const struct debar_policy *policy))
{
	struct debar_policy *policy = debar_test_create(test, source);

	check(test, policy);
	debar_policy_put(policy);
}

static void digest_of(u8 *digest, const void *begin, size_t length)
{
	memset(digest, 0, DEBAR_DIGEST_SIZE);
	memcpy(digest, begin, length);
}

static u32 match_in(const struct debar_policy *policy, enum debar_layer layer, const void *begin,
		    size_t length)
{
	const enum debar_indicator_kind kind = DEBAR_INDICATOR_KIND_FILE_SHA256;
	u8 digest[DEBAR_DIGEST_SIZE];
	struct debar_matches matches;

	digest_of(digest, begin, length);
	debar_matches_clear(&matches);
	debar_policy_match(policy, kind, digest, &matches);
	return matches.index[layer][kind];
}

static u32 match(const struct debar_policy *policy, const void *begin, size_t length)
{
	return match_in(policy, DEBAR_LAYER_POLICY, begin, length);
}

static void check_what_it_says(struct kunit *test, const struct debar_policy *policy)
{
	const enum debar_indicator_kind kind = DEBAR_INDICATOR_KIND_FILE_SHA256;

	KUNIT_EXPECT_STREQ(test, debar_policy_name(policy), "kunit");
	KUNIT_EXPECT_EQ(test, debar_policy_serial(policy), 1);
	KUNIT_EXPECT_EQ(test, policy->generation, 0);
	KUNIT_EXPECT_EQ(test, policy->operations, DEBAR_BLOB_OPERATIONS_DEFAULT);
	KUNIT_EXPECT_EQ(test, policy->ban_indicators[0], 1);
	KUNIT_EXPECT_EQ(test, policy->ban_indicators[1], 1);
	KUNIT_EXPECT_TRUE(test, debar_policy_has(policy, kind));
	KUNIT_EXPECT_FALSE(test, debar_policy_has(policy, DEBAR_INDICATOR_KIND_BUILD_ID));
	KUNIT_EXPECT_TRUE(test, debar_policy_has_size(policy, kind, 100));
	KUNIT_EXPECT_FALSE(test, debar_policy_has_size(policy, kind, 101));
	KUNIT_EXPECT_EQ(test, match(policy, d1, sizeof(d1)), 0);
	KUNIT_EXPECT_EQ(test, match(policy, d2, sizeof(d2)), 1);
	KUNIT_EXPECT_EQ(test, match(policy, d3, sizeof(d3)), DEBAR_NO_MATCH);
	KUNIT_EXPECT_EQ(test, match(policy, d2, 2), DEBAR_NO_MATCH);
}

static void says_what_is_in_it(struct kunit *test)
{
	create_and_check(test, &two_bans, check_what_it_says);
}

/* Of all sizes up to some, only those of the indicators concern it. */
static void check_sizes(struct kunit *test, const struct debar_policy *policy)
{
	u64 size, concerned = 0;

	for (size = 0; size < 100000; size++)
		concerned += debar_policy_concerns(policy, DEBAR_OPERATION_EXECUTE, size);
	KUNIT_EXPECT_EQ(test, concerned, 2);
	KUNIT_EXPECT_TRUE(test, debar_policy_concerns(policy, DEBAR_OPERATION_EXECUTE, 100));
	KUNIT_EXPECT_TRUE(test, debar_policy_concerns(policy, DEBAR_OPERATION_LOAD, 5000));
	KUNIT_EXPECT_FALSE(test, debar_policy_concerns(policy, DEBAR_OPERATION_OPEN, 100));
}

static void is_about_some_sizes(struct kunit *test)
{
	create_and_check(test, &two_bans, check_sizes);
}

/* What makes a policy one about files of every size, and bans on opening about some. */
static const struct debar_test_policy every_size[] = {
	{ .bans = 1, .indicators = { { DEBAR_INDICATOR_KIND_FILE_SHA256, 0, 0, d1, 2 } } },
	{ .bans = 1, .indicators = { { DEBAR_INDICATOR_KIND_FSVERITY_SHA256, 0, 0, d1, 2 } } },
	{ .bans = 1, .indicators = { { DEBAR_INDICATOR_KIND_CODE_SHA256, 10, 0, d1, 2 } } },
	{ .bans = 1, .indicators = { { DEBAR_INDICATOR_KIND_BUILD_ID, 0, 0, d1, 2 } } },
};

static void is_about_every_size(struct kunit *test)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(every_size); i++) {
		struct debar_test_policy opening = every_size[i];
		struct debar_policy *policy = debar_test_create(test, &every_size[i]);
		u64 size;

		for (size = 0; size < 1000; size++)
			KUNIT_EXPECT_TRUE(test, debar_policy_concerns(policy,
								      DEBAR_OPERATION_MAP, size));
		KUNIT_EXPECT_FALSE(test, debar_policy_concerns(policy, DEBAR_OPERATION_OPEN, 10));
		debar_policy_put(policy);
		opening.operations[0] = DEBAR_BLOB_OPERATION(DEBAR_OPERATION_OPEN);
		policy = debar_test_create(test, &opening);
		KUNIT_EXPECT_TRUE(test, debar_policy_concerns(policy, DEBAR_OPERATION_OPEN, 10));
		debar_policy_put(policy);
	}
}

static void opens_are_of_one_ban(struct kunit *test)
{
	struct debar_test_policy source = two_bans;
	struct debar_policy *policy;

	source.operations[1] = DEBAR_BLOB_OPERATIONS_ALL;
	policy = debar_test_create(test, &source);
	KUNIT_EXPECT_EQ(test, policy->operations, DEBAR_BLOB_OPERATIONS_ALL);
	KUNIT_EXPECT_FALSE(test, debar_policy_concerns(policy, DEBAR_OPERATION_OPEN, 100));
	KUNIT_EXPECT_TRUE(test, debar_policy_concerns(policy, DEBAR_OPERATION_OPEN, 5000));
	debar_policy_put(policy);
}

static void refuses_a_malformed_blob(struct kunit *test)
{
	struct netlink_ext_ack extack = {};
	u8 digest[DEBAR_DIGEST_SIZE] = {};
	size_t length;
	u8 *blob = debar_test_blob(test, &two_bans, &length);

	KUNIT_EXPECT_EQ(test, PTR_ERR(debar_policy_create(blob, length - 8, digest, &extack)),
			-EINVAL);
	KUNIT_EXPECT_STREQ(test, extack._msg, "the length is not that of the blob");
	KUNIT_EXPECT_EQ(test, PTR_ERR(debar_policy_create(blob, length - 8, digest, NULL)),
			-EINVAL);
	kvfree(blob);
}

/**
 * struct succession - a policy that is in force, and one that shall follow it
 * @name: of the case
 * @old_serial: of the one in force
 * @new_serial: of the one to follow
 * @other_name: it has another name
 * @other_content: it has another content
 * @error: of the attempt, or 0
 */
struct succession {
	const char *name;
	u64 old_serial;
	u64 new_serial;
	bool other_name;
	bool other_content;
	int error;
};

static const struct succession successions[] = {
	{ "the same again", 3, 3, false, false, 0 },
	{ "a later serial", 3, 4, false, true, 0 },
	{ "a much later serial", 3, U64_MAX, false, true, 0 },
	{ "an older serial", 3, 2, false, true, -ESTALE },
	{ "this serial, another content", 3, 3, false, true, -EEXIST },
	{ "another name, a later serial", 3, 4, true, false, 0 },
	{ "another name, an older serial", 3, 1, true, false, -ESTALE },
};

static void follows_or_not(struct kunit *test)
{
	const struct succession *it = test->param_value;
	struct debar_test_policy source = two_bans;
	struct netlink_ext_ack extack = {};
	struct debar_policy *old, *new, *now;
	u64 before;

	source.serial = it->old_serial;
	debar_test_publish(test, &source);
	old = debar_policy_get();
	before = old->generation;
	source.serial = it->new_serial;
	source.other = it->other_name;
	if (it->other_content)
		source.monitors[0] = true;
	new = debar_test_create(test, &source);
	KUNIT_EXPECT_EQ(test, debar_policy_publish(new, &extack), it->error);
	KUNIT_EXPECT_EQ(test, !extack._msg, !it->error);
	now = debar_policy_get();
	KUNIT_EXPECT_PTR_EQ(test, now, it->error ? old : new);
	KUNIT_EXPECT_EQ(test, now->generation, it->error ? before : before + 1);
	if (it->error)
		debar_policy_put(new);
	debar_policy_put(now);
	debar_policy_put(old);
}

static void keeps_its_signer(struct kunit *test)
{
	struct debar_policy *policy = debar_test_create(test, &two_bans);
	struct netlink_ext_ack extack = {};

	policy->signer = kstrdup("somebody", GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, policy->signer);
	KUNIT_ASSERT_EQ(test, debar_policy_publish(policy, &extack), 0);
	debar_test_publish(test, &two_bans);
	policy = debar_policy_get();
	KUNIT_ASSERT_NOT_NULL(test, policy->signer);
	KUNIT_EXPECT_STREQ(test, policy->signer, "somebody");
	debar_policy_put(policy);
}

static const struct debar_test_policy addition = {
	.bans = 1,
	.operations = { DEBAR_BLOB_OPERATIONS_ALL },
	.indicators = {
		{ DEBAR_INDICATOR_KIND_FILE_SHA256, 100, 0, d2, sizeof(d2) },
		{ DEBAR_INDICATOR_KIND_FILE_SHA256, 7000, 0, d3, sizeof(d3) },
	},
};

/* It says what both say, and names what is from which. */
static void check_joined(struct kunit *test, const struct debar_policy *joined)
{
	const enum debar_indicator_kind kind = DEBAR_INDICATOR_KIND_FILE_SHA256;

	KUNIT_EXPECT_STREQ(test, debar_policy_name(joined), "kunit");
	KUNIT_EXPECT_EQ(test, joined->operations, DEBAR_BLOB_OPERATIONS_ALL);
	KUNIT_EXPECT_TRUE(test, debar_policy_has_size(joined, kind, 5000));
	KUNIT_EXPECT_TRUE(test, debar_policy_has_size(joined, kind, 7000));
	KUNIT_EXPECT_FALSE(test, debar_policy_has_size(joined, kind, 7001));
	KUNIT_EXPECT_TRUE(test, debar_policy_concerns(joined, DEBAR_OPERATION_MAP, 5000));
	KUNIT_EXPECT_TRUE(test, debar_policy_concerns(joined, DEBAR_OPERATION_OPEN, 7000));
	KUNIT_EXPECT_FALSE(test, debar_policy_concerns(joined, DEBAR_OPERATION_OPEN, 5000));
	KUNIT_EXPECT_EQ(test, match(joined, d1, sizeof(d1)), 0);
	KUNIT_EXPECT_EQ(test, match(joined, d2, sizeof(d2)), 1);
	KUNIT_EXPECT_EQ(test, match(joined, d3, sizeof(d3)), DEBAR_NO_MATCH);
	KUNIT_EXPECT_EQ(test, match_in(joined, DEBAR_LAYER_LOCAL, d1, sizeof(d1)), DEBAR_NO_MATCH);
	KUNIT_EXPECT_EQ(test, match_in(joined, DEBAR_LAYER_LOCAL, d2, sizeof(d2)), 0);
	KUNIT_EXPECT_EQ(test, match_in(joined, DEBAR_LAYER_LOCAL, d3, sizeof(d3)), 1);
}

static void is_joined(struct kunit *test)
{
	struct debar_policy *policy = debar_test_create(test, &two_bans);
	struct debar_policy *local = debar_test_create(test, &addition);
	struct debar_policy *joined = debar_policy_join(policy, local), *again;

	KUNIT_ASSERT_NOT_NULL(test, joined);
	debar_policy_put(policy);
	debar_policy_put(local);
	check_joined(test, joined);
	/* Without the layer, and nothing of it is left. */
	again = debar_policy_join(joined, NULL);
	debar_policy_put(joined);
	KUNIT_ASSERT_NOT_NULL(test, again);
	KUNIT_EXPECT_NULL(test, again->local);
	KUNIT_EXPECT_EQ(test, again->operations, DEBAR_BLOB_OPERATIONS_DEFAULT);
	check_what_it_says(test, again);
	check_sizes(test, again);
	debar_policy_put(again);
}

/* There is none without a policy; with one, it stays when that is replaced, and goes with it. */
static void local_layer_stays(struct kunit *test)
{
	struct debar_test_policy later = two_bans;
	struct debar_policy *policy, *local = debar_test_create(test, &addition);
	struct netlink_ext_ack extack = {};

	KUNIT_EXPECT_EQ(test, debar_policy_set_local(local, &extack), -ENODATA);
	debar_test_publish(test, &two_bans);
	KUNIT_EXPECT_EQ(test, debar_policy_set_local(NULL, &extack), -ENODATA);
	KUNIT_ASSERT_EQ(test, debar_policy_set_local(local, &extack), 0);
	later.serial = 2;
	debar_test_publish(test, &later);
	policy = debar_policy_get();
	KUNIT_ASSERT_NOT_NULL(test, policy);
	KUNIT_EXPECT_EQ(test, debar_policy_serial(policy), 2);
	KUNIT_EXPECT_PTR_EQ(test, policy->local, local);
	check_joined(test, policy);
	KUNIT_EXPECT_EQ(test, debar_policy_set_local(NULL, &extack), 0);
	/* Whoever has it keeps it. */
	check_joined(test, policy);
	debar_policy_put(policy);
	policy = debar_policy_get();
	KUNIT_ASSERT_NOT_NULL(test, policy);
	KUNIT_EXPECT_NULL(test, policy->local);
	KUNIT_EXPECT_EQ(test, debar_policy_serial(policy), 2);
	debar_policy_put(policy);
}

static void withdraws(struct kunit *test)
{
	struct debar_policy *kept;

	KUNIT_EXPECT_EQ(test, debar_policy_withdraw(NULL), -ENODATA);
	KUNIT_EXPECT_NULL(test, debar_policy_get());
	debar_test_publish(test, &two_bans);
	kept = debar_policy_get();
	KUNIT_ASSERT_NOT_NULL(test, kept);
	KUNIT_EXPECT_TRUE(test, debar_policy_tryget(kept));
	debar_policy_put(kept);
	KUNIT_EXPECT_EQ(test, debar_policy_withdraw(NULL), 0);
	KUNIT_EXPECT_NULL(test, debar_policy_get());
	/* Whoever has it keeps it. */
	KUNIT_EXPECT_STREQ(test, debar_policy_name(kept), "kunit");
	debar_policy_put(kept);
	debar_policy_put(NULL);
	KUNIT_EXPECT_EQ(test, debar_policy_withdraw(NULL), -ENODATA);
}

static void describe(const struct succession *it, char *text)
{
	strscpy(text, it->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(succession, successions, describe);

static struct kunit_case cases[] = {
	KUNIT_CASE(says_what_is_in_it),
	KUNIT_CASE(is_about_some_sizes),
	KUNIT_CASE(is_about_every_size),
	KUNIT_CASE(opens_are_of_one_ban),
	KUNIT_CASE(refuses_a_malformed_blob),
	KUNIT_CASE_PARAM(follows_or_not, succession_gen_params),
	KUNIT_CASE(keeps_its_signer),
	KUNIT_CASE(is_joined),
	KUNIT_CASE(local_layer_stays),
	KUNIT_CASE(withdraws),
	{}
};

static struct kunit_suite suite = {
	.name = "debar-policy",
	.init = debar_test_no_policy,
	.exit = debar_test_withdraw,
	.test_cases = cases,
};

kunit_test_suite(suite);
