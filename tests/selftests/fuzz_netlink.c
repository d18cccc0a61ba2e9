// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sends debar what no client would: any command with any attributes, and policies with a few wrong
 * bytes. Afterwards it must work as before; whatever checks the kernel must have nothing to say.
 */
#include <fcntl.h>
#include <linux/genetlink.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client_socket.h"
#include "common.h"
#include "kselftest_harness.h"
#include "random.h"

#define SOCKETS		4
#define ATTRIBUTES	6
/* Past the last one. */
#define COMMANDS	(DEBAR_CMD_MAX + 3)
#define TYPES		64

FIXTURE(fuzz)
{
	struct world world;
	struct debar_family family;
	struct debar_socket *sockets[SOCKETS];
	struct policy policy;
	int fds[4];
	unsigned long sent, done, refused;
};

/* What a request to check a file may name. */
static void open_descriptors(int *fds)
{
	fds[0] = open("banned", O_RDONLY | O_CLOEXEC);
	fds[1] = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fds[2] = open("banned", O_WRONLY | O_CLOEXEC);
	fds[3] = memfd_create("fuzz", MFD_CLOEXEC);
}

FIXTURE_SETUP(fuzz)
{
	size_t i;

	random_begin();
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, make_program("banned", "b"));
	for (i = 0; i < SOCKETS; i++)
		ASSERT_EQ(0, debar_socket_open(&self->sockets[i], 0));
	ASSERT_EQ(0, debar_socket_family(self->sockets[0], &self->family));
	policy_init(&self->policy, "fuzzed");
	ASSERT_EQ(0, policy_add(&self->policy, "banned"));
	ASSERT_EQ(0, policy_compile(&self->policy));
	open_descriptors(self->fds);
}

FIXTURE_TEARDOWN(fuzz)
{
	size_t i;

	for (i = 0; i < SOCKETS; i++)
		debar_socket_close(self->sockets[i]);
	policy_free(&self->policy);
	world_end(&self->world);
}

/* Takes what has come, and counts it. */
static void drain(FIXTURE_DATA(fuzz) *self, struct debar_socket *sock)
{
	static char buffer[SOCKET_BUFFER_SIZE];
	const struct nlmsghdr *reply = (const struct nlmsghdr *)buffer;
	int fd = mnl_socket_get_fd(sock->mnl);

	for (;;) {
		int left = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT);

		if (left < (int)sizeof(*reply))
			return;
		if (reply->nlmsg_type != NLMSG_ERROR)
			continue;
		if (((const struct nlmsgerr *)mnl_nlmsg_get_payload(reply))->error)
			self->refused++;
		else
			self->done++;
	}
}

static void send_request(FIXTURE_DATA(fuzz) *self, struct debar_socket *sock,
			 const struct nlmsghdr *request)
{
	self->sent++;
	(void)send(mnl_socket_get_fd(sock->mnl), request, request->nlmsg_len, MSG_DONTWAIT);
	drain(self, sock);
}

static void add_attribute(FIXTURE_DATA(fuzz) *self, struct nlmsghdr *request)
{
	static const uint16_t lengths[] = { 0, 1, 4, 4, 4, 8, 8, DEBAR_DIGEST_SIZE, 4096 };
	uint16_t type = random_below(random_below(4) ? 8 : TYPES);
	uint16_t length = lengths[random_below(ARRAY_SIZE(lengths))];
	struct nlattr *attribute = mnl_nlmsg_get_payload_tail(request);
	uint8_t bytes[4096];
	uint64_t odd = random_odd();
	uint32_t fd = self->fds[random_below(ARRAY_SIZE(self->fds))];

	random_bytes(bytes, length);
	if (length == sizeof(odd))
		memcpy(bytes, &odd, length);
	else if (length == sizeof(fd))
		memcpy(bytes, random_below(2) ? (void *)&fd : (void *)&odd, length);
	mnl_attr_put(request, type, length, bytes);
	if (!random_below(16))
		attribute->nla_type |= NLA_F_NESTED;
	if (!random_below(16))
		attribute->nla_len = random_odd();
}

static void send_any(FIXTURE_DATA(fuzz) *self, struct debar_socket *sock)
{
	uint8_t command = random_below(COMMANDS);
	uint16_t flags = random_below(4) ? NLM_F_ACK : random_odd();
	size_t attributes = random_below(ATTRIBUTES);
	struct nlmsghdr *request;

	/* There is no way back from it. */
	if (command == DEBAR_CMD_SEAL)
		return;
	request = debar_socket_request(sock, self->family.id, command, flags);
	while (attributes--)
		add_attribute(self, request);
	if (!random_below(32))
		request->nlmsg_len -= random_below(request->nlmsg_len - NLMSG_HDRLEN);
	send_request(self, sock, request);
}

static void send_chunk(FIXTURE_DATA(fuzz) *self, struct debar_socket *sock, const uint8_t *bytes,
		       uint64_t offset, size_t length)
{
	struct nlmsghdr *request =
		debar_socket_request(sock, self->family.id, DEBAR_CMD_POLICY_CHUNK, NLM_F_ACK);

	mnl_attr_put_u64(request, DEBAR_A_TRANSFER_OFFSET, offset);
	mnl_attr_put(request, DEBAR_A_TRANSFER_DATA, length, bytes + offset);
	send_request(self, sock, request);
}

/* A whole policy that is not what it was, by its own digest: the kernel has to read it. */
static void send_policy(FIXTURE_DATA(fuzz) *self, struct debar_socket *sock)
{
	static uint8_t bytes[65536];
	size_t length = self->policy.blob.length, first = random_below(length);
	uint8_t digest[DEBAR_DIGEST_SIZE];
	struct nlmsghdr *request;

	memcpy(bytes, self->policy.blob.data, length);
	random_damage(bytes, length);
	if (!random_below(8))
		length = 1 + first;
	debar_sha256(bytes, length, digest);
	request = debar_socket_request(sock, self->family.id, DEBAR_CMD_POLICY_BEGIN, NLM_F_ACK);
	mnl_attr_put_u64(request, DEBAR_A_TRANSFER_LENGTH, length);
	mnl_attr_put(request, DEBAR_A_TRANSFER_DIGEST, sizeof(digest), digest);
	send_request(self, sock, request);
	if (first)
		send_chunk(self, sock, bytes, 0, first);
	send_chunk(self, sock, bytes, first, length - first);
	request = debar_socket_request(sock, self->family.id, DEBAR_CMD_POLICY_COMMIT, NLM_F_ACK);
	send_request(self, sock, request);
}

TEST_F_TIMEOUT(fuzz, messages, 3600)
{
	struct debar_client *client = self->world.client;
	size_t i;

	while (random_goes_on()) {
		i = random_below(SOCKETS);
		if (!random_below(64)) {
			debar_socket_close(self->sockets[i]);
			ASSERT_EQ(0, debar_socket_open(&self->sockets[i], 0));
		}
		if (random_below(8))
			send_any(self, self->sockets[i]);
		else
			send_policy(self, self->sockets[i]);
	}
	printf("# %lu messages: %lu done, %lu refused\n", self->sent, self->done, self->refused);
	/* What is open for writing is not executed. */
	for (i = 0; i < ARRAY_SIZE(self->fds); i++)
		close(self->fds[i]);
	EXPECT_LT(0, self->done);
	EXPECT_LT(0, self->refused);
	ASSERT_EQ(0, debar_client_mode_set(client, DEBAR_MODE_ENFORCE));
	(void)debar_client_policy_unload(client);
	EXPECT_EQ(0, run("banned"));
	ASSERT_EQ(0, ban_one(&self->world, "banned"));
	EXPECT_EQ(-EPERM, run("banned"));
}

DEBAR_TEST_MAIN
