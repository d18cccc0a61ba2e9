/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes policies for KUnit tests. */
#ifndef DEBAR_TEST_BLOB_H
#define DEBAR_TEST_BLOB_H

#include <kunit/test.h>
#include <linux/types.h>

#include "policy_blob.h"

/* How many there may be in a policy. */
#define DEBAR_TEST_BANS		2
#define DEBAR_TEST_INDICATORS	6

struct debar_policy;

/* The digest of "abc". */
extern const u8 debar_test_abc[DEBAR_DIGEST_SIZE];

/**
 * struct debar_test_indicator - an indicator of a policy
 * @kind: of it
 * @size: of the file, or of its code, in bytes; 0 when it is not known
 * @ban: index of its ban
 * @digest: the first bytes of its digest; the others are 0
 * @digest_length: of @digest in bytes; 0 when there is no more indicator
 */
struct debar_test_indicator {
	enum debar_indicator_kind kind;
	u64 size;
	u32 ban;
	const void *digest;
	size_t digest_length;
};

/**
 * struct debar_test_policy - a policy; the ids of its bans are BAN-1 and BAN-2
 * @other: its name is "other" instead of "kunit"
 * @serial: of it; 0 stands for 1
 * @bans: how many bans it has
 * @monitors: for each ban, whether it only monitors
 * @operations: of each ban; 0 stands for DEBAR_BLOB_OPERATIONS_DEFAULT
 * @waivers: how many waivers it has, all of the last ban, until the year 9999; the first waives
 *	all of it, the others the digest of "abc"
 * @indicators: ascending by kind; within a kind ascending by digest, and by size as well
 */
struct debar_test_policy {
	bool other;
	u64 serial;
	u32 bans;
	bool monitors[DEBAR_TEST_BANS];
	u32 operations[DEBAR_TEST_BANS];
	u32 waivers;
	struct debar_test_indicator indicators[DEBAR_TEST_INDICATORS];
};

void *debar_test_blob(struct kunit *test, const struct debar_test_policy *policy, size_t *length);
struct debar_policy *debar_test_create(struct kunit *test, const struct debar_test_policy *policy);
void debar_test_publish(struct kunit *test, const struct debar_test_policy *policy);
int debar_test_no_policy(struct kunit *test);
void debar_test_withdraw(struct kunit *test);

#endif /* DEBAR_TEST_BLOB_H */
