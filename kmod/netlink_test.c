// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of the netlink commands: requests as they should be and as they should not, the order
 * of a policy's transaction, and who may ask.
 */
#include <crypto/sha2.h>
#include <kunit/test.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/net.h>
#include <net/netlink.h>

#include "identify.h"
#include "limits.h"
#include "netlink_gen.h"
#include "policy.h"
#include "scan.h"
#include "test_blob.h"
#include "test_client.h"

static const u32 u32_0, u32_1 = 1, u32_2 = 2, u32_4 = 4, no_fd = 0x7fffffff;
static const u64 u64_0, u64_1 = 1, u64_max = U64_MAX, too_long = DEBAR_POLICY_MAX + 1;
static const u8 digest[DEBAR_DIGEST_SIZE + 1];
static const u8 chunk[DEBAR_CHUNK_MAX + 1];

/**
 * struct request - a request, and what shall be answered while there is no policy
 * @name: what is right or wrong with it
 * @command: of it
 * @attributes: of it
 * @error: 0 or negative
 * @says: the words of a refusal, NULL for those of the kernel
 */
struct request {
	const char *name;
	u8 command;
	struct debar_test_attribute attributes[DEBAR_TEST_ATTRIBUTES];
	int error;
	const char *says;
};

#define A(type, size, value)	{ DEBAR_A_##type, size, value }

static const struct request requests[] = {
	{ "status", DEBAR_CMD_STATUS_GET, {}, 0 },
	{ "status with an attribute", DEBAR_CMD_STATUS_GET, { A(STATUS_VERSION, 4, &u32_0) },
	  -EINVAL },
	{ "begin nothing", DEBAR_CMD_POLICY_BEGIN, {}, -EINVAL, "length and digest must be given" },
	{ "begin, no digest", DEBAR_CMD_POLICY_BEGIN, { A(TRANSFER_LENGTH, 8, &u64_1) }, -EINVAL,
	  "length and digest must be given" },
	{ "begin, no length", DEBAR_CMD_POLICY_BEGIN, { A(TRANSFER_DIGEST, 32, digest) }, -EINVAL,
	  "length and digest must be given" },
	{ "begin, length 0", DEBAR_CMD_POLICY_BEGIN,
	  { A(TRANSFER_LENGTH, 8, &u64_0), A(TRANSFER_DIGEST, 32, digest) }, -EFBIG,
	  "the length must be between 1 byte and 256 MiB" },
	{ "begin, a byte too long", DEBAR_CMD_POLICY_BEGIN,
	  { A(TRANSFER_LENGTH, 8, &too_long), A(TRANSFER_DIGEST, 32, digest) }, -EFBIG,
	  "the length must be between 1 byte and 256 MiB" },
	{ "begin, as long as can be", DEBAR_CMD_POLICY_BEGIN,
	  { A(TRANSFER_LENGTH, 8, &u64_max), A(TRANSFER_DIGEST, 32, digest) }, -EFBIG,
	  "the length must be between 1 byte and 256 MiB" },
	{ "begin, length of 4 bytes", DEBAR_CMD_POLICY_BEGIN,
	  { A(TRANSFER_LENGTH, 4, &u32_1), A(TRANSFER_DIGEST, 32, digest) }, -EINVAL },
	{ "begin, digest of 31 bytes", DEBAR_CMD_POLICY_BEGIN,
	  { A(TRANSFER_LENGTH, 8, &u64_1), A(TRANSFER_DIGEST, 31, digest) }, -ERANGE },
	{ "begin, digest of 33 bytes", DEBAR_CMD_POLICY_BEGIN,
	  { A(TRANSFER_LENGTH, 8, &u64_1), A(TRANSFER_DIGEST, 33, digest) }, -ERANGE },
	{ "begin with data", DEBAR_CMD_POLICY_BEGIN, { A(TRANSFER_DATA, 1, chunk) }, -EINVAL },
	{ "chunk, nothing", DEBAR_CMD_POLICY_CHUNK, {}, -EINVAL, "offset and data must be given" },
	{ "chunk, no data", DEBAR_CMD_POLICY_CHUNK, { A(TRANSFER_OFFSET, 8, &u64_0) }, -EINVAL,
	  "offset and data must be given" },
	{ "chunk, no offset", DEBAR_CMD_POLICY_CHUNK, { A(TRANSFER_DATA, 1, chunk) }, -EINVAL,
	  "offset and data must be given" },
	{ "chunk of 0 bytes", DEBAR_CMD_POLICY_CHUNK,
	  { A(TRANSFER_OFFSET, 8, &u64_0), A(TRANSFER_DATA, 0, chunk) }, -EMSGSIZE,
	  "a chunk has between 1 and 61440 bytes" },
	{ "chunk of 61441 bytes", DEBAR_CMD_POLICY_CHUNK,
	  { A(TRANSFER_OFFSET, 8, &u64_0), A(TRANSFER_DATA, DEBAR_CHUNK_MAX + 1, chunk) },
	  -EMSGSIZE, "a chunk has between 1 and 61440 bytes" },
	{ "chunk of nothing begun", DEBAR_CMD_POLICY_CHUNK,
	  { A(TRANSFER_OFFSET, 8, &u64_0), A(TRANSFER_DATA, 1, chunk) }, -ENOENT,
	  "no policy transaction is open on this socket: begin one" },
	{ "commit nothing", DEBAR_CMD_POLICY_COMMIT, {}, -ENOENT,
	  "no policy transaction is open on this socket: begin one" },
	{ "abort nothing", DEBAR_CMD_POLICY_ABORT, {}, -ENOENT,
	  "no policy transaction is open on this socket: begin one" },
	{ "unload nothing", DEBAR_CMD_POLICY_UNLOAD, {}, -ENODATA, "no policy is loaded" },
	{ "get no policy", DEBAR_CMD_POLICY_GET, {}, -ENODATA, "no policy is loaded" },
	{ "bans of no policy", DEBAR_CMD_BAN_DUMP, {}, -ENODATA, "no policy is loaded" },
	{ "indicators of no policy", DEBAR_CMD_INDICATOR_DUMP, {}, -ENODATA,
	  "no policy is loaded" },
	{ "check nothing", DEBAR_CMD_CHECK, {}, -EINVAL, "either fd or digest must be given" },
	{ "check two", DEBAR_CMD_CHECK, { A(CHECK_FD, 4, &u32_0), A(CHECK_DIGEST, 32, digest) },
	  -EINVAL, "either fd or digest must be given" },
	{ "check a file of a kind", DEBAR_CMD_CHECK,
	  { A(CHECK_FD, 4, &u32_0), A(CHECK_KIND, 4, &u32_1) }, -EINVAL,
	  "kind goes with digest only" },
	{ "check no file", DEBAR_CMD_CHECK, { A(CHECK_FD, 4, &no_fd) }, -EBADF,
	  "the descriptor is not open for reading" },
	{ "check a digest", DEBAR_CMD_CHECK, { A(CHECK_DIGEST, 32, digest) }, 0 },
	{ "check one of a kind", DEBAR_CMD_CHECK,
	  { A(CHECK_DIGEST, 32, digest), A(CHECK_KIND, 4, &u32_1) }, 0 },
	{ "check one of no kind", DEBAR_CMD_CHECK,
	  { A(CHECK_DIGEST, 32, digest), A(CHECK_KIND, 4, &u32_4) }, -ERANGE },
	{ "check half a digest", DEBAR_CMD_CHECK, { A(CHECK_DIGEST, 16, digest) }, -ERANGE },
	{ "set no mode", DEBAR_CMD_MODE_SET, {}, -EINVAL, "the attribute mode is missing" },
	{ "set a mode that is not", DEBAR_CMD_MODE_SET, { A(STATUS_MODE, 4, &u32_2) }, -ERANGE },
	{ "set half a mode", DEBAR_CMD_MODE_SET, { A(STATUS_MODE, 2, &u32_0) }, -EINVAL },
	{ "flush", DEBAR_CMD_CACHE_FLUSH, {}, 0 },
	{ "denials", DEBAR_CMD_DENIAL_DUMP, {}, 0 },
	{ "denials since the end", DEBAR_CMD_DENIAL_DUMP, { A(DENIAL_SINCE, 8, &u64_max) }, 0 },
	{ "denials since half", DEBAR_CMD_DENIAL_DUMP, { A(DENIAL_SINCE, 4, &u32_0) }, -EINVAL },
	{ "no such command", 200, {}, -EOPNOTSUPP },
};

static void answers(struct kunit *test)
{
	const struct request *it = test->param_value;
	struct debar_test_client *client = debar_test_client(test);

	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, it->command, it->attributes), it->error);
	if (it->says)
		KUNIT_EXPECT_STREQ(test, client->says, it->says);
}

static int begin(struct kunit *test, struct debar_test_client *client, u64 length, const u8 *sum)
{
	const struct debar_test_attribute attributes[DEBAR_TEST_ATTRIBUTES] = {
		A(TRANSFER_LENGTH, 8, &length), A(TRANSFER_DIGEST, DEBAR_DIGEST_SIZE, sum),
	};

	return debar_test_ask(test, client, DEBAR_CMD_POLICY_BEGIN, attributes);
}

static int send(struct kunit *test, struct debar_test_client *client, u64 offset, const void *data,
		u16 length)
{
	const struct debar_test_attribute attributes[DEBAR_TEST_ATTRIBUTES] = {
		A(TRANSFER_OFFSET, 8, &offset), A(TRANSFER_DATA, length, data),
	};

	return debar_test_ask(test, client, DEBAR_CMD_POLICY_CHUNK, attributes);
}

static void keeps_the_order_of_a_transaction(struct kunit *test)
{
	struct debar_test_client *client = debar_test_client(test);

	KUNIT_EXPECT_EQ(test, begin(test, client, 10, digest), 0);
	KUNIT_EXPECT_EQ(test, begin(test, client, 10, digest), -EBUSY);
	KUNIT_EXPECT_EQ(test, send(test, client, 1, chunk, 1), -EINVAL);
	KUNIT_EXPECT_STREQ(test, client->says, "the offset is not where the last chunk ended");
	KUNIT_EXPECT_EQ(test, send(test, client, 0, chunk, 11), -EMSGSIZE);
	KUNIT_EXPECT_STREQ(test, client->says, "the chunk goes beyond the length announced");
	KUNIT_EXPECT_EQ(test, send(test, client, 0, chunk, 4), 0);
	KUNIT_EXPECT_EQ(test, send(test, client, 0, chunk, 4), -EINVAL);
	KUNIT_EXPECT_EQ(test, send(test, client, 4, chunk, 7), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_POLICY_COMMIT, NULL),
			-EINPROGRESS);
	KUNIT_EXPECT_EQ(test, send(test, client, 4, chunk, 6), 0);
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_POLICY_COMMIT, NULL),
			-EBADMSG);
	KUNIT_EXPECT_STREQ(test, client->says, "the digest is not that of the data: send it again");
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_POLICY_COMMIT, NULL), -ENOENT);
}

static void refuses_what_is_no_policy(struct kunit *test)
{
	struct debar_test_client *client = debar_test_client(test);
	u8 sum[DEBAR_DIGEST_SIZE];

	KUNIT_ASSERT_EQ(test, debar_identify_buffer(chunk, 10, sum), 0);
	KUNIT_EXPECT_EQ(test, begin(test, client, 10, sum), 0);
	KUNIT_EXPECT_EQ(test, send(test, client, 0, chunk, 10), 0);
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_POLICY_COMMIT, NULL), -EINVAL);
	KUNIT_EXPECT_STREQ(test, client->says, "shorter than the header");
	KUNIT_EXPECT_NULL(test, debar_policy_get());
}

static void aborts(struct kunit *test)
{
	struct debar_test_client *client = debar_test_client(test);

	KUNIT_EXPECT_EQ(test, begin(test, client, 4 * 1024 * 1024, digest), 0);
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_POLICY_ABORT, NULL), 0);
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_POLICY_ABORT, NULL), -ENOENT);
	KUNIT_EXPECT_EQ(test, begin(test, client, 10, digest), 0);
}

/* The place of one whose socket closes is free again. */
static void lets_so_many_begin(struct kunit *test)
{
	struct debar_test_client *clients[DEBAR_TRANSFERS_MAX], *late = debar_test_client(test);
	int i;

	for (i = 0; i < DEBAR_TRANSFERS_MAX; i++) {
		clients[i] = debar_test_client(test);
		KUNIT_EXPECT_EQ(test, begin(test, clients[i], 10, digest), 0);
	}
	KUNIT_EXPECT_EQ(test, begin(test, late, 10, digest), -EUSERS);
	debar_test_client_close(test, clients[0]);
	KUNIT_EXPECT_EQ(test, begin(test, late, 10, digest), 0);
}

static void lets_a_socket_scan(struct kunit *test)
{
	struct debar_test_client *client = debar_test_client(test);
	struct debar_test_client *others[DEBAR_SCANNERS_MAX];
	int i;

	KUNIT_EXPECT_FALSE(test, debar_scan_allowed());
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_SCAN_BEGIN, NULL), 0);
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_SCAN_BEGIN, NULL), 0);
	KUNIT_EXPECT_TRUE(test, debar_scan_allowed());
	KUNIT_EXPECT_EQ(test, debar_scan_count(), 1);
	for (i = 1; i < DEBAR_SCANNERS_MAX; i++) {
		others[i] = debar_test_client(test);
		KUNIT_EXPECT_EQ(test, debar_test_ask(test, others[i], DEBAR_CMD_SCAN_BEGIN, NULL),
				0);
	}
	others[0] = debar_test_client(test);
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, others[0], DEBAR_CMD_SCAN_BEGIN, NULL), -EUSERS);
	for (i = 0; i < DEBAR_SCANNERS_MAX; i++)
		debar_test_client_close(test, others[i]);
	KUNIT_EXPECT_TRUE(test, debar_scan_allowed());
	debar_test_client_close(test, client);
	KUNIT_EXPECT_FALSE(test, debar_scan_allowed());
	KUNIT_EXPECT_EQ(test, debar_scan_count(), 0);
}

static int scan_too(void *owner)
{
	return debar_scan_begin((unsigned long)owner);
}

/* A socket that was handed over is not the scanner's any more. */
static void keeps_a_socket_to_a_process(struct kunit *test)
{
	struct debar_test_client *client = debar_test_client(test);
	struct task_struct *other;
	struct sockaddr_nl name;

	KUNIT_ASSERT_GT(test, kernel_getsockname(client->socket, (struct sockaddr *)&name), 0);
	other = kthread_run(scan_too, (void *)(unsigned long)name.nl_pid, "debar-scanner");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, other);
	while (!debar_scan_count())
		msleep(20);
	KUNIT_EXPECT_EQ(test, debar_test_ask(test, client, DEBAR_CMD_SCAN_BEGIN, NULL), -EBUSY);
	KUNIT_EXPECT_STREQ(test, client->says,
			   "another process scans by this socket: open another");
	KUNIT_EXPECT_FALSE(test, debar_scan_allowed());
}

static void changes_the_mode(struct kunit *test)
{
	static const struct debar_test_attribute modes[][DEBAR_TEST_ATTRIBUTES] = {
		{ A(STATUS_MODE, 4, &u32_0) }, { A(STATUS_MODE, 4, &u32_0) },
		{ A(STATUS_MODE, 4, &u32_1) },
	};
	struct debar_test_client *client = debar_test_client(test);
	int i;

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		debar_test_ask(test, client, DEBAR_CMD_MODE_SET, modes[i]);
		KUNIT_EXPECT_EQ(test, client->error, 0);
		KUNIT_EXPECT_EQ(test, debar_mode(), *(const u32 *)modes[i][0].data);
	}
}

/* Every command, asked by a task and by a socket that lack the capability. */
static void asks_for_a_capability(struct kunit *test)
{
	struct debar_test_client *privileged = debar_test_client(test), *client;
	struct cred *cred = prepare_creds();
	const struct cred *old;
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, cred);
	cap_lower(cred->cap_effective, CAP_MAC_ADMIN);
	old = override_creds(cred);
	client = debar_test_client(test);
	for (i = 0; i < ARRAY_SIZE(debar_nl_ops); i++) {
		debar_test_ask(test, privileged, debar_nl_ops[i].cmd, NULL);
		KUNIT_EXPECT_EQ_MSG(test, privileged->error, -EPERM, "command %u by the task",
				    debar_nl_ops[i].cmd);
	}
	revert_creds(old);
	put_cred(cred);
	for (i = 0; i < ARRAY_SIZE(debar_nl_ops); i++) {
		debar_test_ask(test, client, debar_nl_ops[i].cmd, NULL);
		KUNIT_EXPECT_EQ_MSG(test, client->error, -EPERM, "command %u by the socket",
				    debar_nl_ops[i].cmd);
		KUNIT_EXPECT_STREQ(test, client->says,
				   "CAP_MAC_ADMIN in the initial user namespace is needed");
	}
}

static void describe(const struct request *it, char *text)
{
	strscpy(text, it->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(request, requests, describe);

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(answers, request_gen_params),
	KUNIT_CASE(keeps_the_order_of_a_transaction),
	KUNIT_CASE(refuses_what_is_no_policy),
	KUNIT_CASE(aborts),
	KUNIT_CASE(lets_so_many_begin),
	KUNIT_CASE(lets_a_socket_scan),
	KUNIT_CASE(keeps_a_socket_to_a_process),
	KUNIT_CASE(changes_the_mode),
	KUNIT_CASE(asks_for_a_capability),
	{}
};

static struct kunit_suite suite = {
	.name = "debar-netlink",
	.init = debar_test_no_policy,
	.exit = debar_test_withdraw,
	.test_cases = cases,
};

kunit_test_suite(suite);
