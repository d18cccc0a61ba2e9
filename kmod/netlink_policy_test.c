// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of the netlink commands about a policy: from its way in to what is told of it. */
#include <kunit/test.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <net/netlink.h>

#include "denials.h"
#include "identify.h"
#include "judge.h"
#include "policy.h"
#include "test_blob.h"
#include "test_client.h"
#include "test_file.h"

static const struct debar_test_policy source = {
	.serial = 5,
	.bans = 2,
	.waivers = 2,
	.indicators = {
		{ DEBAR_INDICATOR_KIND_FILE_SHA256, 3, 0, debar_test_abc, DEBAR_DIGEST_SIZE },
		{ DEBAR_INDICATOR_KIND_CODE_SHA256, 4, 1, "x", 1 },
		{ DEBAR_INDICATOR_KIND_BUILD_ID, 0, 1, "y", 1 },
	},
};

/* An attribute of the last answer. */
static const struct nlattr *found(struct kunit *test, const struct debar_test_client *client,
				  int type)
{
	const struct nlattr *attribute = nla_find((const struct nlattr *)client->last,
						  client->last_length, type);

	KUNIT_ASSERT_NOT_NULL(test, attribute);
	return attribute;
}

static void send(struct kunit *test, struct debar_test_client *client, const void *blob,
		 u64 length)
{
	const u64 offset = 0;
	u8 digest[DEBAR_DIGEST_SIZE];
	const struct debar_test_attribute begin[DEBAR_TEST_ATTRIBUTES] = {
		{ DEBAR_A_TRANSFER_LENGTH, sizeof(length), &length },
		{ DEBAR_A_TRANSFER_DIGEST, sizeof(digest), digest },
	};
	const struct debar_test_attribute chunk[DEBAR_TEST_ATTRIBUTES] = {
		{ DEBAR_A_TRANSFER_OFFSET, sizeof(offset), &offset },
		{ DEBAR_A_TRANSFER_DATA, length, blob },
	};

	KUNIT_ASSERT_EQ(test, debar_identify_buffer(blob, length, digest), 0);
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_POLICY_BEGIN, begin), 0);
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_POLICY_CHUNK, chunk), 0);
}

static void puts_a_policy_in_force(struct kunit *test)
{
	struct debar_test_client *client = debar_test_client(test);
	struct debar_test_policy older = source;
	size_t length;
	void *blob = debar_test_blob(test, &source, &length);

	send(test, client, blob, length);
	kvfree(blob);
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_POLICY_COMMIT, NULL), 0);
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_POLICY_GET, NULL), 0);
	KUNIT_EXPECT_STREQ(test, nla_data(found(test, client, DEBAR_A_POLICY_NAME)), "kunit");
	KUNIT_EXPECT_EQ(test, nla_get_u64(found(test, client, DEBAR_A_POLICY_SERIAL)), 5);
	KUNIT_EXPECT_EQ(test, nla_get_u32(found(test, client, DEBAR_A_POLICY_BANS)), 2);
	KUNIT_EXPECT_EQ(test, nla_get_u32(found(test, client, DEBAR_A_POLICY_INDICATORS)), 3);
	KUNIT_EXPECT_EQ(test, nla_get_u64(found(test, client, DEBAR_A_POLICY_LENGTH)), length);

	older.serial = 4;
	blob = debar_test_blob(test, &older, &length);
	send(test, client, blob, length);
	kvfree(blob);
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_POLICY_COMMIT, NULL), -ESTALE);
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_POLICY_UNLOAD, NULL), 0);
	KUNIT_EXPECT_NULL(test, debar_policy_get());
}

static void tells_its_status(struct kunit *test)
{
	struct debar_test_client *client = debar_test_client(test);

	debar_test_publish(test, &source);
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_STATUS_GET, NULL), 0);
	KUNIT_EXPECT_EQ(test, client->replies, 1);
	KUNIT_EXPECT_EQ(test, nla_get_u32(found(test, client, DEBAR_A_STATUS_FORM)),
			DEBAR_FORM_BUILT_IN);
	KUNIT_EXPECT_STREQ(test, nla_data(found(test, client, DEBAR_A_STATUS_POLICY_NAME)),
			   "kunit");
	KUNIT_EXPECT_EQ(test, nla_get_u32(found(test, client, DEBAR_A_STATUS_WAIVERS)), 2);
}

static void tells_all_that_is_in_it(struct kunit *test)
{
	static const struct {
		u8 command;
		unsigned int parts;
	} dumps[] = {
		{ DEBAR_CMD_BAN_DUMP, 2 },
		{ DEBAR_CMD_WAIVER_DUMP, 2 },
		{ DEBAR_CMD_INDICATOR_DUMP, 3 },
	};
	struct debar_test_client *client = debar_test_client(test);
	size_t i;

	debar_test_publish(test, &source);
	for (i = 0; i < ARRAY_SIZE(dumps); i++) {
		KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, dumps[i].command, NULL), 0);
		KUNIT_EXPECT_EQ(test, client->replies, dumps[i].parts);
	}
	/* The last indicator: of the last kind there is one. */
	KUNIT_EXPECT_STREQ(test, nla_data(found(test, client, DEBAR_A_INDICATOR_BAN_ID)), "BAN-2");
}

static enum debar_verdict verdict_on_digest(struct kunit *test, struct debar_test_client *client,
					    const u8 *digest)
{
	const struct debar_test_attribute attributes[DEBAR_TEST_ATTRIBUTES] = {
		{ DEBAR_A_CHECK_DIGEST, DEBAR_DIGEST_SIZE, digest },
	};

	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_CHECK, attributes), 0);
	return nla_get_u32(found(test, client, DEBAR_A_CHECK_VERDICT));
}

static void checks_digests(struct kunit *test)
{
	static const u8 other[DEBAR_DIGEST_SIZE];
	struct debar_test_client *client = debar_test_client(test);

	debar_test_publish(test, &source);
	KUNIT_EXPECT_EQ(test, verdict_on_digest(test, client, other), DEBAR_VERDICT_ALLOW);
	KUNIT_EXPECT_EQ(test, verdict_on_digest(test, client, debar_test_abc), DEBAR_VERDICT_DENY);
	KUNIT_EXPECT_STREQ(test, nla_data(found(test, client, DEBAR_A_CHECK_BAN_ID)), "BAN-1");
	KUNIT_EXPECT_STREQ(test, nla_data(found(test, client, DEBAR_A_CHECK_PRODUCT)), "Product");
}

/* Attributes of a check of a file that gets a descriptor for it. */
static int check_file(struct kunit *test, struct debar_test_client *client, struct file *file)
{
	u32 fd = get_unused_fd_flags(0);
	const struct debar_test_attribute attributes[DEBAR_TEST_ATTRIBUTES] = {
		{ DEBAR_A_CHECK_FD, sizeof(fd), &fd },
	};
	int ret;

	KUNIT_ASSERT_GE(test, (int)fd, 0);
	fd_install(fd, get_file(file));
	ret = debar_test_ask(test, client, DEBAR_CMD_CHECK, attributes);
	close_fd(fd);
	return ret;
}

/* What the second ban refuses is waived. */
static void tells_of_a_waiver(struct kunit *test)
{
	const struct debar_test_indicator *it = &source.indicators[1];
	u8 digest[DEBAR_DIGEST_SIZE] = { *(const u8 *)it->digest };
	const struct debar_test_attribute attributes[DEBAR_TEST_ATTRIBUTES] = {
		{ DEBAR_A_CHECK_DIGEST, sizeof(digest), digest },
		{ DEBAR_A_CHECK_KIND, sizeof(u32), &(const u32){ it->kind } },
	};
	struct debar_test_client *client = debar_test_client(test);

	debar_test_publish(test, &source);
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_CHECK, attributes), 0);
	KUNIT_EXPECT_EQ(test, nla_get_u32(found(test, client, DEBAR_A_CHECK_VERDICT)),
			DEBAR_VERDICT_AUDIT);
	KUNIT_EXPECT_STREQ(test, nla_data(found(test, client, DEBAR_A_CHECK_OVERRIDE)), "other");
	KUNIT_EXPECT_STREQ(test, nla_data(found(test, client, DEBAR_A_CHECK_WAIVER_ID)), "Waiver");
	KUNIT_EXPECT_EQ(test, nla_get_u64(found(test, client, DEBAR_A_CHECK_WAIVER_EXPIRES)),
			DEBAR_BLOB_DATE_MAX);
}

static void checks_files(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *banned = debar_test_file(test, mount, "abc", "abc", 3);
	struct file *other = debar_test_file(test, mount, "abd", "abd", 3);
	struct file *writer = debar_test_open(test, mount, "abd", O_WRONLY);
	struct file *large = debar_test_file(test, mount, "large", "", 0);
	struct debar_test_client *client = debar_test_client(test);

	debar_test_publish(test, &source);
	KUNIT_EXPECT_EQ(test, check_file(test, client, banned), 0);
	KUNIT_EXPECT_EQ(test, nla_get_u32(found(test, client, DEBAR_A_CHECK_VERDICT)),
			DEBAR_VERDICT_DENY);
	KUNIT_EXPECT_EQ(test, nla_get_u64(found(test, client, DEBAR_A_CHECK_SIZE)), 3);
	KUNIT_EXPECT_EQ(test, check_file(test, client, other), 0);
	KUNIT_EXPECT_EQ(test, nla_get_u32(found(test, client, DEBAR_A_CHECK_VERDICT)),
			DEBAR_VERDICT_ALLOW);
	KUNIT_EXPECT_EQ(test, check_file(test, client, writer), -EBADF);
	i_size_write(file_inode(large), 64 * 1024 * 1024 + 1);
	KUNIT_EXPECT_EQ(test, check_file(test, client, large), -EFBIG);
	KUNIT_EXPECT_STREQ(test, client->says, "the file is larger than 64 MiB: send its digest");
}

/* The state comes first, then each denial since a number. */
static void tells_of_denials(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *banned = debar_test_file(test, mount, "abc", "abc", 3);
	struct debar_test_client *client = debar_test_client(test);
	struct debar_denials_state state;
	const struct debar_test_attribute since[DEBAR_TEST_ATTRIBUTES] = {
		{ DEBAR_A_DENIAL_SINCE, sizeof(state.next), &state.next },
	};

	debar_test_publish(test, &source);
	debar_denials_state(&state);
	KUNIT_EXPECT_EQ(test, debar_judge_file(banned, DEBAR_OPERATION_EXECUTE), -EPERM);
	KUNIT_EXPECT_EQ(test, debar_judge_file(banned, DEBAR_OPERATION_LOAD), -EPERM);
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_DENIAL_DUMP, since), 0);
	KUNIT_EXPECT_EQ(test, client->replies, 3);
	KUNIT_EXPECT_EQ(test, nla_get_u64(found(test, client, DEBAR_A_DENIAL_SEQUENCE)),
			state.next + 1);
	KUNIT_EXPECT_EQ(test, nla_get_u32(found(test, client, DEBAR_A_DENIAL_OPERATION)),
			DEBAR_OPERATION_LOAD);
	KUNIT_EXPECT_MEMEQ(test, nla_data(found(test, client, DEBAR_A_DENIAL_PATH)), "/abc", 4);
	KUNIT_EXPECT_MEMEQ(test, nla_data(found(test, client, DEBAR_A_DENIAL_FILE_SHA256)),
			   debar_test_abc, DEBAR_DIGEST_SIZE);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(puts_a_policy_in_force),
	KUNIT_CASE(tells_its_status),
	KUNIT_CASE(tells_all_that_is_in_it),
	KUNIT_CASE(checks_digests),
	KUNIT_CASE(tells_of_a_waiver),
	KUNIT_CASE(checks_files),
	KUNIT_CASE(tells_of_denials),
	{}
};

static struct kunit_suite suite = {
	.name = "debar-netlink-policy",
	.init = debar_test_no_policy,
	.exit = debar_test_withdraw,
	.test_cases = cases,
};

kunit_test_suite(suite);
