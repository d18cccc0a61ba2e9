// SPDX-License-Identifier: GPL-2.0-only
/*
 * Large policies go in, are in force, and come out as they went in: bans and indicators, also while
 * they are replaced.
 */
#include <stdlib.h>
#include <string.h>

#include "common.h"
#include "kselftest_harness.h"

#define BANS	3

/**
 * struct large - a policy with many indicators, in several bans
 * @source: points at @bans
 * @bans: point into @indicators
 * @indicators: as many as asked for
 * @count: of them
 * @blob: what was compiled
 * @digest: SHA-256 of the blob
 */
struct large {
	struct debar_source source;
	struct debar_source_ban bans[BANS];
	struct debar_source_indicator *indicators;
	size_t count;
	struct debar_buffer blob;
	uint8_t digest[DEBAR_DIGEST_SIZE];
};

/* Numbers without an order, each once: a multiplication by an odd number is a permutation. */
static uint64_t scatter(uint64_t i)
{
	return (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

static void large_indicator(struct debar_source_indicator *it, uint64_t i)
{
	uint64_t word = scatter(i);

	it->kind = DEBAR_INDICATOR_KIND_FILE_SHA256;
	memcpy(it->digest, &word, sizeof(word));
	memcpy(it->digest + 24, &i, sizeof(i));
	it->size = i % 5 ? 1 + i : 0;
	it->product = i % 2 ? "Odd Product" : NULL;
	it->version = i % 3 ? "3.1" : NULL;
	it->source = "a test";
}

static int large_fill(struct large *large, const char *name, uint64_t serial, size_t count)
{
	static const char *const ids[BANS] = { "TEST-1", "TEST-2", "TEST-3" };
	size_t i;

	memset(large, 0, sizeof(*large));
	large->indicators = calloc(count, sizeof(*large->indicators));
	if (!large->indicators)
		return -ENOMEM;
	large->count = count;
	for (i = 0; i < count; i++)
		large_indicator(&large->indicators[i], i);
	for (i = 0; i < BANS; i++) {
		large->bans[i] = (struct debar_source_ban){
			.id = ids[i],
			.vendor = "Example Vendor",
			.product = i ? "Example Suite" : NULL,
			.authority = "Example order 1/2024",
			.citation = i == 1 ? "1 EX 23" : NULL,
			.mode = i == 2 ? DEBAR_MODE_MONITOR : DEBAR_MODE_ENFORCE,
			.indicators = large->indicators + count * i / BANS,
			.indicator_count = count * (i + 1) / BANS - count * i / BANS,
		};
	}
	large->source = (struct debar_source){
		.name = name,
		.serial = serial,
		.bans = large->bans,
		.ban_count = BANS,
	};
	return 0;
}

static int large_compile(struct large *large)
{
	struct debar_error error = {};
	int ret = debar_compile(&large->source, &large->blob, &error);

	return ret ? ret : debar_sha256(large->blob.data, large->blob.length, large->digest);
}

static int large_make(struct large *large, const char *name, uint64_t serial, size_t count)
{
	int ret = large_fill(large, name, serial, count);

	return ret ? ret : large_compile(large);
}

static int large_load(const struct large *large, struct debar_client *client)
{
	return debar_client_policy_load(client, large->blob.data, large->blob.length,
					large->digest);
}

static void large_free(struct large *large)
{
	free(large->indicators);
	debar_buffer_free(&large->blob);
}

FIXTURE(large)
{
	struct world world;
	struct large large;
};

FIXTURE_SETUP(large)
{
	ASSERT_EQ(0, world_begin(&self->world));
}

FIXTURE_TEARDOWN(large)
{
	large_free(&self->large);
	world_end(&self->world);
}

/**
 * struct seen - what a dump has shown so far
 * @large: what it should show
 * @marks: one for each indicator that was shown
 * @count: indicators or bans shown
 * @wrong: of them, not as they went in
 * @last: digest of the last one
 */
struct seen {
	const struct large *large;
	bool *marks;
	size_t count;
	size_t wrong;
	uint8_t last[DEBAR_DIGEST_SIZE];
};

static bool same(const char *in, const char *out)
{
	return !strcmp(in ? in : "", out);
}

static bool as_it_went_in(const struct seen *seen, const struct debar_indicator_info *info,
			  uint64_t i)
{
	const struct debar_source_indicator *it = &seen->large->indicators[i];
	char id[] = "TEST-?";

	id[5] = '1' + (i >= seen->large->count / BANS) + (i >= seen->large->count * 2 / BANS);
	return !memcmp(it->digest, info->digest, DEBAR_DIGEST_SIZE) && info->kind == it->kind &&
	       info->size == (it->size ? it->size : DEBAR_SIZE_UNKNOWN) &&
	       same(id, info->ban_id) && same(it->product, info->product) &&
	       same(it->version, info->version) && same(it->source, info->source);
}

static int take_indicator(const struct debar_indicator_info *info, void *data)
{
	struct seen *seen = data;
	uint64_t i;

	if (!info) {
		seen->count = 0;
		seen->wrong = 0;
		memset(seen->marks, 0, seen->large->count);
		return 0;
	}
	memcpy(&i, info->digest + 24, sizeof(i));
	if (i >= seen->large->count || seen->marks[i] || !as_it_went_in(seen, info, i) ||
	    (seen->count && memcmp(seen->last, info->digest, DEBAR_DIGEST_SIZE) >= 0))
		seen->wrong++;
	else
		seen->marks[i] = true;
	memcpy(seen->last, info->digest, DEBAR_DIGEST_SIZE);
	seen->count++;
	return 0;
}

static int take_ban(const struct debar_ban_info *info, void *data)
{
	struct seen *seen = data;
	const struct debar_source_ban *it;

	if (!info) {
		seen->count = 0;
		seen->wrong = 0;
		return 0;
	}
	if (seen->count >= BANS)
		return -E2BIG;
	it = &seen->large->bans[seen->count++];
	if (!same(it->id, info->id) || !same(it->vendor, info->vendor) ||
	    !same(it->product, info->product) || !same(it->authority, info->authority) ||
	    !same(it->citation, info->citation) || it->mode != info->mode ||
	    it->indicator_count != info->indicators)
		seen->wrong++;
	return 0;
}

TEST_F_TIMEOUT(large, dumps_equal_what_went_in, 120)
{
	const size_t count = 100000;
	struct debar_policy_info policy;
	struct seen seen = { .large = &self->large };

	ASSERT_EQ(0, large_make(&self->large, "large", 1, count));
	ASSERT_EQ(0, large_load(&self->large, self->world.client));
	ASSERT_EQ(0, debar_client_policy_get(self->world.client, &policy));
	EXPECT_STREQ("large", policy.name);
	EXPECT_EQ(1, policy.serial);
	EXPECT_EQ(self->large.blob.length, policy.length);
	EXPECT_EQ(0, memcmp(self->large.digest, policy.digest, DEBAR_DIGEST_SIZE));
	EXPECT_EQ(BANS, policy.bans);
	EXPECT_EQ(count, policy.indicators);

	seen.marks = calloc(count, sizeof(bool));
	ASSERT_NE(NULL, seen.marks);
	EXPECT_EQ(0, debar_client_indicator_dump(self->world.client, take_indicator, &seen));
	EXPECT_EQ(count, seen.count);
	EXPECT_EQ(0, seen.wrong);
	EXPECT_EQ(0, debar_client_ban_dump(self->world.client, take_ban, &seen));
	EXPECT_EQ(BANS, seen.count);
	EXPECT_EQ(0, seen.wrong);
	free(seen.marks);
}

/* struct replacing - a dump during which another policy is put in force */
struct replacing {
	struct seen seen;
	struct world *world;
	const struct large *next;
	int result;
};

static int replace_half_way(const struct debar_indicator_info *info, void *data)
{
	struct replacing *replacing = data;
	struct debar_client *other;

	if (info && replacing->seen.count == replacing->seen.large->count / 2) {
		replacing->result = debar_client_open(&other);
		if (!replacing->result)
			replacing->result = large_load(replacing->next, other);
		debar_client_close(other);
	}
	return take_indicator(info, &replacing->seen);
}

/* A dump shows one policy whole, though it is replaced meanwhile. */
TEST_F_TIMEOUT(large, replaced_while_dumped, 120)
{
	const size_t count = 20000;
	struct replacing replacing = { .seen.large = &self->large, .world = &self->world };
	uint8_t digest[DEBAR_DIGEST_SIZE];
	struct large next;

	ASSERT_EQ(0, large_make(&self->large, "large", 1, count));
	ASSERT_EQ(0, large_make(&next, "large", 2, 10));
	ASSERT_EQ(0, large_load(&self->large, self->world.client));
	replacing.next = &next;
	replacing.result = -1;
	replacing.seen.marks = calloc(count, sizeof(bool));
	ASSERT_NE(NULL, replacing.seen.marks);
	EXPECT_EQ(0, debar_client_indicator_dump(self->world.client, replace_half_way, &replacing));
	EXPECT_EQ(0, replacing.result);
	EXPECT_EQ(count, replacing.seen.count);
	EXPECT_EQ(0, replacing.seen.wrong);
	EXPECT_EQ(0, policy_in_force(self->world.client, digest));
	EXPECT_EQ(0, memcmp(digest, next.digest, sizeof(digest)));
	free(replacing.seen.marks);
	large_free(&next);
}

TEST_F_TIMEOUT(large, twenty_mebibytes, 240)
{
	const size_t count = 480000;

	ASSERT_EQ(0, make_program("banned", "b"));
	ASSERT_EQ(0, make_program("innocent", "i"));
	ASSERT_EQ(0, large_fill(&self->large, "large", 1, count));
	ASSERT_EQ(0, digest_of("banned", self->large.indicators[7].digest,
			       &self->large.indicators[7].size));
	ASSERT_EQ(0, large_compile(&self->large));
	EXPECT_LT(20 * 1024 * 1024, self->large.blob.length);
	ASSERT_EQ(0, large_load(&self->large, self->world.client));
	EXPECT_EQ(count, world_status(&self->world).indicators);
	EXPECT_EQ(-EPERM, run("banned"));
	EXPECT_EQ(0, run("innocent"));
}

DEBAR_TEST_MAIN
