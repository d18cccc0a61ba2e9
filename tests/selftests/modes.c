// SPDX-License-Identifier: GPL-2.0-only
/*
 * The modes, that of debar and that of a ban; what can be asked without running anything; what the
 * status counts.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "common.h"
#include "kselftest_harness.h"

FIXTURE(modes)
{
	struct world world;
	struct policy policy;
};

FIXTURE_SETUP(modes)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, make_program("banned", "b"));
	ASSERT_EQ(0, make_program("innocent", "i"));
	policy_init(&self->policy, "modes");
	ASSERT_EQ(0, policy_add(&self->policy, "banned"));
	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
}

FIXTURE_TEARDOWN(modes)
{
	policy_free(&self->policy);
	world_end(&self->world);
}

/* struct verdicts - what the denials since a number say */
struct verdicts {
	int audited;
	int denied;
	int other;
};

static int count_verdict(const struct debar_denial *denial, const struct debar_denial_state *state,
			 void *data)
{
	struct verdicts *verdicts = data;

	(void)state;
	if (!denial)
		return 0;
	if (denial->reason != DEBAR_REASON_INDICATOR)
		verdicts->other++;
	else if (denial->verdict == DEBAR_VERDICT_AUDIT)
		verdicts->audited++;
	else if (denial->verdict == DEBAR_VERDICT_DENY)
		verdicts->denied++;
	return 0;
}

#define EXPECT_VERDICTS(since, audited_, denied_)				\
	do {									\
		struct verdicts seen = {};					\
										\
		EXPECT_EQ(0, debar_client_denial_dump(self->world.client, since, \
						      count_verdict, &seen));	\
		EXPECT_EQ(audited_, seen.audited);				\
		EXPECT_EQ(denied_, seen.denied);				\
		EXPECT_EQ(0, seen.other);					\
	} while (0)

TEST_F(modes, monitor_and_back)
{
	struct debar_status before = world_status(&self->world), after;

	EXPECT_EQ(DEBAR_MODE_ENFORCE, before.mode);
	ASSERT_EQ(0, debar_client_mode_set(self->world.client, DEBAR_MODE_MONITOR));
	EXPECT_EQ(DEBAR_MODE_MONITOR, world_status(&self->world).mode);
	EXPECT_TRUE(world_status(&self->world).health & 1U << DEBAR_HEALTH_MONITOR_ONLY);
	EXPECT_EQ(0, run("banned"));
	EXPECT_EQ(0, map("banned", PROT_READ | PROT_EXEC));
	EXPECT_EQ(0, run("innocent"));
	after = world_status(&self->world);
	/* Running it maps it, too: both are recorded. */
	EXPECT_LE(before.audited + 2, after.audited);
	EXPECT_EQ(before.denied, after.denied);
	EXPECT_VERDICTS(before.denials_next, (int)(after.audited - before.audited), 0);

	ASSERT_EQ(0, debar_client_mode_set(self->world.client, DEBAR_MODE_ENFORCE));
	EXPECT_EQ(-EPERM, run("banned"));
	EXPECT_EQ(0, run("innocent"));
	EXPECT_VERDICTS(after.denials_next, 0, 1);
	EXPECT_FALSE(world_status(&self->world).health & 1U << DEBAR_HEALTH_MONITOR_ONLY);
	EXPECT_EQ(after.denied + 1, world_status(&self->world).denied);
}

TEST_F(modes, of_a_ban)
{
	struct debar_status before;

	self->policy.ban.mode = DEBAR_MODE_MONITOR;
	self->policy.source.serial++;
	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
	before = world_status(&self->world);
	EXPECT_EQ(DEBAR_MODE_ENFORCE, before.mode);
	EXPECT_EQ(0, run("banned"));
	EXPECT_EQ(0, map("banned", PROT_READ | PROT_EXEC));
	EXPECT_VERDICTS(before.denials_next,
			(int)(world_status(&self->world).audited - before.audited), 0);
	EXPECT_LE(before.audited + 2, world_status(&self->world).audited);

	self->policy.ban.mode = DEBAR_MODE_ENFORCE;
	self->policy.source.serial++;
	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
	EXPECT_EQ(-EPERM, run("banned"));
}

static int check_file(struct world *world, const char *path, struct debar_check *check)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : debar_client_check_fd(world->client, fd, check);
}

static int code_of(const char *path, struct debar_source_indicator *it)
{
	_cleanup_buffer_ struct debar_buffer bytes = {};
	struct debar_content content = { .fd = -1 };
	int ret = debar_file_read(path, SIZE_MAX, &bytes);

	if (ret)
		return ret;
	content.data = bytes.data;
	content.size = bytes.length;
	it->kind = DEBAR_INDICATOR_KIND_CODE_SHA256;
	return debar_code_sha256(&content, it->digest, &it->size);
}

/* The kind that is looked for first must not hide what another ban says, by another kind. */
TEST_F(modes, strictest_of_two_bans)
{
	struct debar_source_indicator code = {};
	struct debar_source_ban bans[2] = { self->policy.ban, self->policy.ban };
	struct debar_status before;
	int strict;

	ASSERT_EQ(0, code_of("banned", &code));
	bans[0].id = "TEST-0";
	bans[1].indicators = &code;
	bans[1].indicator_count = 1;
	self->policy.source.bans = bans;
	self->policy.source.ban_count = 2;
	for (strict = 0; strict < 2; strict++) {
		bans[strict].mode = DEBAR_MODE_ENFORCE;
		bans[!strict].mode = DEBAR_MODE_MONITOR;
		self->policy.source.serial++;
		ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
		before = world_status(&self->world);
		EXPECT_EQ(-EPERM, run("banned"));
		EXPECT_EQ(-EPERM, map("banned", PROT_READ | PROT_EXEC));
		EXPECT_VERDICTS(before.denials_next, 0, 2);
	}
	bans[0].operations = DEBAR_BLOB_OPERATION(DEBAR_OPERATION_LOAD);
	self->policy.source.serial++;
	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
	before = world_status(&self->world);
	EXPECT_EQ(-EPERM, run("banned"));
	EXPECT_VERDICTS(before.denials_next, 0, 1);
}

TEST_F(modes, check_by_descriptor)
{
	const struct debar_status before = world_status(&self->world);
	struct debar_check check;
	struct stat st;

	ASSERT_EQ(0, stat("banned", &st));
	ASSERT_EQ(0, check_file(&self->world, "banned", &check));
	EXPECT_EQ(DEBAR_VERDICT_DENY, check.verdict);
	EXPECT_EQ(DEBAR_REASON_INDICATOR, check.reason);
	EXPECT_STREQ("TEST-1", check.ban_id);
	EXPECT_STREQ("Example Vendor", check.vendor);
	EXPECT_STREQ("Example Suite", check.product);
	EXPECT_STREQ("Example order 1/2024", check.authority);
	EXPECT_EQ(DEBAR_INDICATOR_KIND_FILE_SHA256, check.kind);
	EXPECT_EQ(st.st_size, check.size);
	ASSERT_NE(NULL, check.digest);
	EXPECT_EQ(0, memcmp(self->policy.indicators[0].digest, check.digest, DEBAR_DIGEST_SIZE));

	ASSERT_EQ(0, check_file(&self->world, "innocent", &check));
	EXPECT_EQ(DEBAR_VERDICT_ALLOW, check.verdict);
	EXPECT_EQ(DEBAR_REASON_NONE, check.reason);
	EXPECT_STREQ("", check.ban_id);
	EXPECT_NE(NULL, check.digest);
	EXPECT_EQ(st.st_size, check.size);

	/* A file of another size is cleared without a digest, and a folder is nothing to judge. */
	ASSERT_EQ(0, check_file(&self->world, LAUNCHER, &check));
	EXPECT_EQ(DEBAR_VERDICT_ALLOW, check.verdict);
	EXPECT_EQ(NULL, check.digest);
	ASSERT_EQ(0, check_file(&self->world, ".", &check));
	EXPECT_EQ(DEBAR_VERDICT_ALLOW, check.verdict);
	ASSERT_EQ(0, check_file(&self->world, "/dev/null", &check));
	EXPECT_EQ(DEBAR_VERDICT_ALLOW, check.verdict);

	ASSERT_EQ(0, debar_client_mode_set(self->world.client, DEBAR_MODE_MONITOR));
	ASSERT_EQ(0, check_file(&self->world, "banned", &check));
	EXPECT_EQ(DEBAR_VERDICT_AUDIT, check.verdict);
	/* To ask is no attempt. */
	EXPECT_EQ(before.denials_next, world_status(&self->world).denials_next);
	EXPECT_EQ(before.denied, world_status(&self->world).denied);
	EXPECT_EQ(before.audited, world_status(&self->world).audited);
}

TEST_F(modes, check_by_digest)
{
	uint8_t digest[DEBAR_DIGEST_SIZE];
	struct debar_check check;

	memcpy(digest, self->policy.indicators[0].digest, sizeof(digest));
	ASSERT_EQ(0, debar_client_check_digest(self->world.client,
					       DEBAR_INDICATOR_KIND_FILE_SHA256, digest, &check));
	EXPECT_EQ(DEBAR_VERDICT_DENY, check.verdict);
	EXPECT_EQ(DEBAR_REASON_INDICATOR, check.reason);
	EXPECT_STREQ("TEST-1", check.ban_id);
	digest[31] ^= 1;
	ASSERT_EQ(0, debar_client_check_digest(self->world.client,
					       DEBAR_INDICATOR_KIND_FILE_SHA256, digest, &check));
	EXPECT_EQ(DEBAR_VERDICT_ALLOW, check.verdict);
	EXPECT_EQ(DEBAR_REASON_NONE, check.reason);

	ASSERT_EQ(0, debar_client_policy_unload(self->world.client));
	digest[31] ^= 1;
	ASSERT_EQ(0, debar_client_check_digest(self->world.client,
					       DEBAR_INDICATOR_KIND_FILE_SHA256, digest, &check));
	EXPECT_EQ(DEBAR_VERDICT_ALLOW, check.verdict);
}

/* A file of a size that no indicator has is let pass without a byte of it being read. */
TEST_F(modes, size_filter)
{
	struct debar_status before, after;

	ASSERT_EQ(0, copy_with_mark("innocent", "longer", "xx"));
	before = world_status(&self->world);
	EXPECT_EQ(0, run("longer"));
	after = world_status(&self->world);
	EXPECT_LT(before.judged, after.judged);
	EXPECT_EQ(after.judged - before.judged, after.cleared_by_size - before.cleared_by_size);
	EXPECT_EQ(before.hashed_files, after.hashed_files);
	EXPECT_EQ(before.hashed_bytes, after.hashed_bytes);

	before = after;
	EXPECT_EQ(0, run("innocent"));
	after = world_status(&self->world);
	EXPECT_EQ(before.cleared_by_size, after.cleared_by_size);
	EXPECT_LT(before.hashed_files, after.hashed_files);
}

TEST_F(modes, status)
{
	struct debar_status status = world_status(&self->world);
	uint8_t digest[DEBAR_DIGEST_SIZE];

	EXPECT_EQ(debar_module_built_in() ? DEBAR_FORM_BUILT_IN : DEBAR_FORM_LOADABLE,
		  status.form);
	EXPECT_FALSE(status.fail_closed);
	EXPECT_STREQ("modes", status.policy_name);
	EXPECT_EQ(self->policy.source.serial, status.policy_serial);
	ASSERT_NE(NULL, status.policy_digest);
	EXPECT_EQ(0, memcmp(self->policy.digest, status.policy_digest, sizeof(digest)));
	EXPECT_EQ(1, status.bans);
	EXPECT_EQ(1, status.indicators);
	EXPECT_EQ(4096, status.ring_size);
	EXPECT_NE(0, status.generation);
	EXPECT_EQ(0, status.health & ~(1U << DEBAR_HEALTH_DENIALS_LOST));

	ASSERT_EQ(0, debar_client_policy_unload(self->world.client));
	status = world_status(&self->world);
	EXPECT_STREQ("", status.policy_name);
	EXPECT_EQ(NULL, status.policy_digest);
	EXPECT_TRUE(status.health & 1U << DEBAR_HEALTH_NO_POLICY);
}

/* Without a policy nothing is judged. */
TEST_F(modes, nothing_is_counted_without_a_policy)
{
	struct debar_status before;

	ASSERT_EQ(0, debar_client_policy_unload(self->world.client));
	before = world_status(&self->world);
	EXPECT_EQ(0, run("banned"));
	EXPECT_EQ(before.judged, world_status(&self->world).judged);
}

/* With a new load of the module everything begins anew. */
TEST_F(modes, reload)
{
	struct debar_status before = world_status(&self->world), after;

	EXPECT_EQ(-EPERM, run("banned"));
	ASSERT_EQ(0, world_reload(&self->world, "fail_closed=1 ring_size=16"));
	after = world_status(&self->world);
	EXPECT_NE(before.generation, after.generation);
	EXPECT_EQ(1, after.denials_next);
	EXPECT_EQ(0, after.denied);
	EXPECT_EQ(16, after.ring_size);
	EXPECT_TRUE(after.fail_closed);
	EXPECT_STREQ("", after.policy_name);
	EXPECT_EQ(0, run("banned"));
	/* Neither too small a ring nor too large a one. */
	debar_client_close(self->world.client);
	self->world.client = NULL;
	ASSERT_EQ(0, debar_module_unload());
	EXPECT_EQ(-EINVAL, debar_module_load(NULL, "ring_size=15"));
	EXPECT_EQ(-EINVAL, debar_module_load(NULL, "ring_size=1048577"));
	ASSERT_EQ(0, debar_module_load(NULL, NULL));
	ASSERT_EQ(0, debar_client_open(&self->world.client));
}

DEBAR_TEST_MAIN
