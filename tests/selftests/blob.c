// SPDX-License-Identifier: GPL-2.0-only
/*
 * Malformed policy blobs, handed to the kernel: each is refused with the right words, and changes
 * nothing in force.
 */
#include <string.h>

#include "blob_cases.h"
#include "common.h"
#include "kselftest_harness.h"

/* More than this many would only repeat one another; fewer, and some are gone. */
#define CASES_AT_LEAST	900

FIXTURE(blob)
{
	struct world world;
	uint8_t before[DEBAR_DIGEST_SIZE];
};

FIXTURE_SETUP(blob)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, ban_one(&self->world, PAYLOAD));
	ASSERT_EQ(0, policy_in_force(self->world.client, self->before));
}

FIXTURE_TEARDOWN(blob)
{
	world_end(&self->world);
}

static int load(struct debar_client *client, const void *blob, size_t length)
{
	uint8_t digest[DEBAR_DIGEST_SIZE];
	int ret = debar_sha256(blob, length, digest);

	return ret ? ret : debar_client_policy_load(client, blob, length, digest);
}

TEST_F(blob, good_one_is_accepted)
{
	struct debar_policy_info policy;
	size_t length;
	const void *blob = blob_good(&length);

	/* Its serial is lower than that of the policy in force. */
	ASSERT_EQ(0, debar_client_policy_unload(self->world.client));
	ASSERT_EQ(0, load(self->world.client, blob, length));
	ASSERT_EQ(0, debar_client_policy_get(self->world.client, &policy));
	EXPECT_STREQ("name", policy.name);
	EXPECT_EQ(7, policy.serial);
	EXPECT_EQ(1700000000, policy.issued);
	EXPECT_EQ(2, policy.bans);
	EXPECT_EQ(4, policy.indicators);
}

/*
 * struct asked - what is handed to each case; @wrong are those that were not refused as they should
 * be
 */
struct asked {
	struct debar_client *client;
	const uint8_t *before;
	size_t wrong;
};

static void ask(const char *name, const void *blob, size_t length, const char *what, void *data)
{
	struct asked *asked = data;
	uint8_t digest[DEBAR_DIGEST_SIZE];
	int ret = load(asked->client, blob, length);
	const char *message = debar_client_message(asked->client);
	bool right;

	if (length)
		right = ret == -EINVAL && (what ? !strcmp(what, message) : *message);
	else
		right = ret == -EFBIG; /* nothing at all does not come as far as the parser */
	if (!right)
		printf("# %s: %s: \"%s\" instead of \"%s\"\n", name, strerror(-ret), message,
		       what ? what : "something");
	if (policy_in_force(asked->client, digest) ||
	    memcmp(digest, asked->before, sizeof(digest))) {
		printf("# %s: another policy is in force\n", name);
		right = false;
	}
	asked->wrong += !right;
}

TEST_F_TIMEOUT(blob, malformed_ones_are_refused, 120)
{
	struct asked asked = { .client = self->world.client, .before = self->before };

	EXPECT_LT(CASES_AT_LEAST, blob_cases(ask, &asked));
	EXPECT_EQ(0, asked.wrong);
	EXPECT_EQ(-EPERM, run(PAYLOAD));
}

DEBAR_TEST_MAIN
