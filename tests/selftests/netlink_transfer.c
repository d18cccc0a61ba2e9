// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policy transactions: whole, in pieces, abandoned, repeated, too many at a time; and which policy
 * may follow which.
 */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "client_socket.h"
#include "common.h"
#include "kselftest_harness.h"

/* As many transactions as the kernel allows to be open; see kmod/limits.h. */
#define TRANSFERS_MAX	4

FIXTURE(transfer)
{
	struct world world;
	struct debar_socket *sock;
	struct debar_family family;
	struct policy policy;
	uint8_t before[DEBAR_DIGEST_SIZE];
};

FIXTURE_SETUP(transfer)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, ban_one(&self->world, LAUNCHER));
	ASSERT_EQ(0, policy_in_force(self->world.client, self->before));
	ASSERT_EQ(0, debar_socket_open(&self->sock, 0));
	ASSERT_EQ(0, debar_socket_family(self->sock, &self->family));
	policy_init(&self->policy, "transfer");
	ASSERT_EQ(0, policy_add(&self->policy, PAYLOAD));
	ASSERT_EQ(0, policy_compile(&self->policy));
}

FIXTURE_TEARDOWN(transfer)
{
	policy_free(&self->policy);
	debar_socket_close(self->sock);
	world_end(&self->world);
}

static int begin(struct debar_socket *sock, uint16_t family, uint64_t length, const uint8_t *digest)
{
	struct nlmsghdr *request =
		debar_socket_request(sock, family, DEBAR_CMD_POLICY_BEGIN, NLM_F_ACK);

	mnl_attr_put_u64(request, DEBAR_A_TRANSFER_LENGTH, length);
	mnl_attr_put(request, DEBAR_A_TRANSFER_DIGEST, DEBAR_DIGEST_SIZE, digest);
	return debar_socket_exchange(sock, request, NULL, NULL);
}

static int chunk(struct debar_socket *sock, uint16_t family, uint64_t offset, const void *data,
		 size_t length)
{
	struct nlmsghdr *request =
		debar_socket_request(sock, family, DEBAR_CMD_POLICY_CHUNK, NLM_F_ACK);

	mnl_attr_put_u64(request, DEBAR_A_TRANSFER_OFFSET, offset);
	mnl_attr_put(request, DEBAR_A_TRANSFER_DATA, length, data);
	return debar_socket_exchange(sock, request, NULL, NULL);
}

static int plain(struct debar_socket *sock, uint16_t family, uint8_t command)
{
	return debar_socket_exchange(sock, debar_socket_request(sock, family, command, NLM_F_ACK),
				     NULL, NULL);
}

/* Whether this policy is in force. */
#define EXPECT_IN_FORCE(wanted)							\
	do {									\
		uint8_t digest[DEBAR_DIGEST_SIZE] = {};				\
										\
		EXPECT_EQ(0, policy_in_force(self->world.client, digest));	\
		EXPECT_EQ(0, memcmp(digest, wanted, sizeof(digest)));		\
	} while (0)

TEST_F(transfer, byte_by_byte)
{
	const struct debar_buffer *blob = &self->policy.blob;
	size_t i;

	ASSERT_EQ(0, begin(self->sock, self->family.id, blob->length, self->policy.digest));
	for (i = 0; i < blob->length; i++) {
		EXPECT_EQ(-EINPROGRESS,
			  plain(self->sock, self->family.id, DEBAR_CMD_POLICY_COMMIT));
		ASSERT_EQ(0, chunk(self->sock, self->family.id, i, blob->data + i, 1));
	}
	EXPECT_IN_FORCE(self->before);
	EXPECT_EQ(0, run(PAYLOAD));
	ASSERT_EQ(0, plain(self->sock, self->family.id, DEBAR_CMD_POLICY_COMMIT));
	EXPECT_IN_FORCE(self->policy.digest);
	EXPECT_EQ(-EPERM, run(PAYLOAD));
	EXPECT_EQ(-ENOENT, plain(self->sock, self->family.id, DEBAR_CMD_POLICY_COMMIT));
}

TEST_F(transfer, another_digest)
{
	const struct debar_buffer *blob = &self->policy.blob;

	self->policy.digest[31] ^= 1;
	EXPECT_EQ(-EBADMSG, debar_client_policy_load(self->world.client, blob->data, blob->length,
						     self->policy.digest));
	EXPECT_STREQ("the digest is not that of the data: send it again",
		     debar_client_message(self->world.client));
	EXPECT_IN_FORCE(self->before);
	/* The transaction has ended with its commit. */
	self->policy.digest[31] ^= 1;
	EXPECT_EQ(0, debar_client_policy_load(self->world.client, blob->data, blob->length,
					      self->policy.digest));
	EXPECT_IN_FORCE(self->policy.digest);
}

TEST_F(transfer, another_content)
{
	const struct debar_buffer *blob = &self->policy.blob;

	blob->data[blob->length / 2] ^= 1;
	EXPECT_EQ(-EBADMSG, debar_client_policy_load(self->world.client, blob->data, blob->length,
						     self->policy.digest));
	EXPECT_IN_FORCE(self->before);
}

TEST_F(transfer, aborted)
{
	const struct debar_buffer *blob = &self->policy.blob;

	ASSERT_EQ(0, begin(self->sock, self->family.id, blob->length, self->policy.digest));
	ASSERT_EQ(0, chunk(self->sock, self->family.id, 0, blob->data, blob->length));
	ASSERT_EQ(0, plain(self->sock, self->family.id, DEBAR_CMD_POLICY_ABORT));
	EXPECT_EQ(-ENOENT, plain(self->sock, self->family.id, DEBAR_CMD_POLICY_COMMIT));
	EXPECT_EQ(-ENOENT, plain(self->sock, self->family.id, DEBAR_CMD_POLICY_ABORT));
	EXPECT_IN_FORCE(self->before);
}

/* A transaction belongs to the socket that began it. */
TEST_F(transfer, another_socket)
{
	const struct debar_buffer *blob = &self->policy.blob;
	struct debar_socket *other;

	ASSERT_EQ(0, debar_socket_open(&other, 0));
	ASSERT_EQ(0, begin(self->sock, self->family.id, blob->length, self->policy.digest));
	EXPECT_EQ(-ENOENT, chunk(other, self->family.id, 0, blob->data, blob->length));
	EXPECT_EQ(-ENOENT, plain(other, self->family.id, DEBAR_CMD_POLICY_ABORT));
	debar_socket_close(other);
	EXPECT_EQ(0, chunk(self->sock, self->family.id, 0, blob->data, blob->length));
	EXPECT_EQ(0, plain(self->sock, self->family.id, DEBAR_CMD_POLICY_COMMIT));
	EXPECT_IN_FORCE(self->policy.digest);
}

/* As everywhere in netlink the last one of an attribute that is repeated counts. */
TEST_F(transfer, repeated_attribute)
{
	struct nlmsghdr *request = debar_socket_request(self->sock, self->family.id,
							DEBAR_CMD_POLICY_BEGIN, NLM_F_ACK);
	const struct debar_buffer *blob = &self->policy.blob;
	const uint8_t zero[DEBAR_DIGEST_SIZE] = {};

	mnl_attr_put_u64(request, DEBAR_A_TRANSFER_LENGTH, UINT64_MAX);
	mnl_attr_put(request, DEBAR_A_TRANSFER_DIGEST, sizeof(zero), zero);
	mnl_attr_put_u64(request, DEBAR_A_TRANSFER_LENGTH, blob->length);
	mnl_attr_put(request, DEBAR_A_TRANSFER_DIGEST, sizeof(zero), self->policy.digest);
	ASSERT_EQ(0, debar_socket_exchange(self->sock, request, NULL, NULL));

	request = debar_socket_request(self->sock, self->family.id, DEBAR_CMD_POLICY_CHUNK,
				       NLM_F_ACK);
	mnl_attr_put_u64(request, DEBAR_A_TRANSFER_OFFSET, 77);
	mnl_attr_put(request, DEBAR_A_TRANSFER_DATA, sizeof(zero), zero);
	mnl_attr_put_u64(request, DEBAR_A_TRANSFER_OFFSET, 0);
	mnl_attr_put(request, DEBAR_A_TRANSFER_DATA, blob->length, blob->data);
	ASSERT_EQ(0, debar_socket_exchange(self->sock, request, NULL, NULL));
	EXPECT_EQ(0, plain(self->sock, self->family.id, DEBAR_CMD_POLICY_COMMIT));
	EXPECT_IN_FORCE(self->policy.digest);
}

TEST_F(transfer, too_many)
{
	const struct debar_buffer *blob = &self->policy.blob;
	struct debar_socket *socks[TRANSFERS_MAX];
	int i;

	for (i = 0; i < TRANSFERS_MAX; i++) {
		ASSERT_EQ(0, debar_socket_open(&socks[i], 0));
		ASSERT_EQ(0, begin(socks[i], self->family.id, blob->length, self->policy.digest));
	}
	EXPECT_EQ(-EUSERS, begin(self->sock, self->family.id, blob->length, self->policy.digest));
	EXPECT_STREQ("too many policy transactions are open: try again later",
		     self->sock->message);
	debar_socket_close(socks[0]);
	EXPECT_EQ(0, begin(self->sock, self->family.id, blob->length, self->policy.digest));
	for (i = 1; i < TRANSFERS_MAX; i++)
		debar_socket_close(socks[i]);
}

/* A socket that closes half way takes its transaction with it, whoever closes it. */
TEST_F(transfer, closed_half_way)
{
	const struct debar_buffer *blob = &self->policy.blob;
	struct debar_socket *sock;
	int i;

	for (i = 0; i < 100; i++) {
		ASSERT_EQ(0, debar_socket_open(&sock, 0));
		ASSERT_EQ(0, begin(sock, self->family.id, blob->length, self->policy.digest))
			TH_LOG("attempt %d: %s", i, sock->message);
		ASSERT_EQ(0, chunk(sock, self->family.id, 0, blob->data, blob->length - 1));
		debar_socket_close(sock);
	}
	EXPECT_EQ(0, begin(self->sock, self->family.id, blob->length, self->policy.digest));
	EXPECT_IN_FORCE(self->before);
}

TEST_F(transfer, killed_half_way)
{
	const struct debar_buffer *blob = &self->policy.blob;
	struct debar_socket *sock;
	int i, status;

	for (i = 0; i < 20; i++) {
		pid_t child = fork();

		ASSERT_LE(0, child);
		if (!child) {
			if (!debar_socket_open(&sock, 0) &&
			    !begin(sock, self->family.id, blob->length, self->policy.digest) &&
			    !chunk(sock, self->family.id, 0, blob->data, 10))
				raise(SIGKILL);
			_exit(1);
		}
		ASSERT_EQ(child, waitpid(child, &status, 0));
		ASSERT_TRUE(WIFSIGNALED(status));
	}
	EXPECT_EQ(0, begin(self->sock, self->family.id, blob->length, self->policy.digest));
}

TEST_F(transfer, largest_length)
{
	EXPECT_EQ(0, begin(self->sock, self->family.id, DEBAR_POLICY_MAX, self->policy.digest));
	EXPECT_EQ(0, plain(self->sock, self->family.id, DEBAR_CMD_POLICY_ABORT));
}

TEST_F(transfer, succession)
{
	const uint64_t serial = self->policy.source.serial;
	uint8_t digest[DEBAR_DIGEST_SIZE];

	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
	memcpy(digest, self->policy.digest, sizeof(digest));
	EXPECT_EQ(0, policy_load(&self->policy, self->world.client));

	self->policy.ban.vendor = "Another Vendor";
	EXPECT_EQ(-EEXIST, policy_load(&self->policy, self->world.client));
	EXPECT_STREQ("another policy of this serial is in force: raise the serial",
		     debar_client_message(self->world.client));
	EXPECT_IN_FORCE(digest);

	self->policy.source.serial = serial - 1;
	EXPECT_EQ(-ESTALE, policy_load(&self->policy, self->world.client));
	EXPECT_STREQ("a later serial is in force: raise the serial, or unload it first",
		     debar_client_message(self->world.client));
	EXPECT_IN_FORCE(digest);

	self->policy.source.serial = serial + 1;
	EXPECT_EQ(0, policy_load(&self->policy, self->world.client));
	memcpy(digest, self->policy.digest, sizeof(digest));
	self->policy.source.name = "another name";
	self->policy.source.serial = serial;
	EXPECT_EQ(-ESTALE, policy_load(&self->policy, self->world.client));
	EXPECT_IN_FORCE(digest);
	ASSERT_EQ(0, debar_client_policy_unload(self->world.client));
	EXPECT_EQ(0, policy_load(&self->policy, self->world.client));
	EXPECT_IN_FORCE(self->policy.digest);
}

DEBAR_TEST_MAIN
