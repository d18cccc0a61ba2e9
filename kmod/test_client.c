// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client of debar's netlink family within the kernel, for KUnit tests. Its requests go through
 * the kernel's netlink as those of programs do.
 */
#include <kunit/resource.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/sockptr.h>
#include <linux/string.h>
#include <net/genetlink.h>
#include <net/net_namespace.h>
#include <net/sock.h>

#include "netlink_gen.h"
#include "netlink_private.h"
#include "test_client.h"

#define BUFFER_SIZE	(128 * 1024)

static void close_client(void *file)
{
	__fput_sync(file);
}

static void set_option(struct kunit *test, struct debar_test_client *client, int option)
{
	struct socket *socket = client->socket;
	int on = 1;

	KUNIT_ASSERT_EQ(test, socket->ops->setsockopt(socket, SOL_NETLINK, option,
						      KERNEL_SOCKPTR(&on), sizeof(on)), 0);
}

/**
 * debar_test_client() - open a socket; it is closed when the test ends
 * @test: the test
 *
 * Return: the client.
 */
struct debar_test_client *debar_test_client(struct kunit *test)
{
	struct debar_test_client *client = kunit_kzalloc(test, sizeof(*client), GFP_KERNEL);
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	struct file *file;

	KUNIT_ASSERT_NOT_NULL(test, client);
	client->buffer = kunit_kzalloc(test, BUFFER_SIZE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, client->buffer);
	KUNIT_ASSERT_EQ(test, sock_create_kern(&init_net, AF_NETLINK, SOCK_RAW, NETLINK_GENERIC,
					       &client->socket), 0);
	/* The file has the credentials of the one who opened the socket. */
	file = sock_alloc_file(client->socket, 0, NULL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, close_client, file), 0);
	KUNIT_ASSERT_EQ(test, kernel_bind(client->socket, (struct sockaddr *)&address,
					  sizeof(address)), 0);
	/* Refusals come with words, and without the request. */
	set_option(test, client, NETLINK_EXT_ACK);
	set_option(test, client, NETLINK_CAP_ACK);
	return client;
}

/**
 * debar_test_client_close() - close the socket before the test ends
 * @test: the test
 * @client: from debar_test_client()
 */
void debar_test_client_close(struct kunit *test, struct debar_test_client *client)
{
	kunit_release_action(test, close_client, client->socket->file);
}

static bool is_dump(u8 command)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(debar_nl_ops); i++)
		if (debar_nl_ops[i].cmd == command)
			return debar_nl_ops[i].flags & GENL_CMD_CAP_DUMP;
	return false;
}

static size_t put_request(struct debar_test_client *client, u8 command,
			  const struct debar_test_attribute *attributes)
{
	struct nlmsghdr *message = (void *)client->buffer;
	struct genlmsghdr *header = nlmsg_data(message);
	size_t length = NLMSG_HDRLEN + GENL_HDRLEN, i;

	memset(client->buffer, 0, BUFFER_SIZE);
	message->nlmsg_type = debar_family.id;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | (is_dump(command) ? NLM_F_DUMP : 0);
	header->cmd = command;
	header->version = DEBAR_FAMILY_VERSION;
	for (i = 0; i < DEBAR_TEST_ATTRIBUTES && attributes && attributes[i].type; i++) {
		struct nlattr *attribute = (void *)client->buffer + length;

		attribute->nla_type = attributes[i].type;
		attribute->nla_len = NLA_HDRLEN + attributes[i].length;
		memcpy(nla_data(attribute), attributes[i].data, attributes[i].length);
		length += NLA_ALIGN(attribute->nla_len);
	}
	message->nlmsg_len = length;
	return length;
}

static void take_words(struct debar_test_client *client, const struct nlmsghdr *message,
		       size_t fixed)
{
	const struct nlattr *words;

	if (!(message->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	words = nla_find(nlmsg_data(message) + fixed, nlmsg_len(message) - fixed,
			 NLMSGERR_ATTR_MSG);
	if (words)
		nla_strscpy(client->says, words, sizeof(client->says));
}

/* Returns whether it was the last message. */
static bool take_message(struct debar_test_client *client, const struct nlmsghdr *message)
{
	const struct nlmsgerr *end = nlmsg_data(message);

	if (message->nlmsg_type == NLMSG_ERROR || message->nlmsg_type == NLMSG_DONE) {
		client->error = end->error;
		take_words(client, message, message->nlmsg_type == NLMSG_DONE ?
			   sizeof(end->error) : sizeof(*end));
		return true;
	}
	client->replies++;
	client->last_length = min_t(size_t, nlmsg_len(message) - GENL_HDRLEN,
				    sizeof(client->last));
	memcpy(client->last, nlmsg_data(message) + GENL_HDRLEN, client->last_length);
	return false;
}

static void take_answer(struct kunit *test, struct debar_test_client *client)
{
	bool end = false;

	while (!end) {
		struct kvec vec = { .iov_base = client->buffer, .iov_len = BUFFER_SIZE };
		const struct nlmsghdr *message = (void *)client->buffer;
		struct msghdr head = {};
		int left = kernel_recvmsg(client->socket, &head, &vec, 1, BUFFER_SIZE,
					  MSG_DONTWAIT);

		/* The kernel answers before the sending ends. */
		KUNIT_ASSERT_GT(test, left, 0);
		for (; nlmsg_ok(message, left) && !end; message = nlmsg_next(message, &left))
			end = take_message(client, message);
	}
}

/**
 * debar_test_ask() - send a request and wait for the end of the answer
 * @test: the test
 * @client: the client
 * @command: of the request
 * @attributes: of the request, or NULL
 *
 * Return: 0, or the error that the kernel answers; the rest is in @client.
 */
int debar_test_ask(struct kunit *test, struct debar_test_client *client, u8 command,
		   const struct debar_test_attribute attributes[DEBAR_TEST_ATTRIBUTES])
{
	/* Without an address it goes to the kernel, and the rights of the socket count, too. */
	struct msghdr head = {};
	size_t length = put_request(client, command, attributes);
	struct kvec vec = { .iov_base = client->buffer, .iov_len = length };

	client->error = 0;
	client->says[0] = 0;
	client->replies = 0;
	client->last_length = 0;
	KUNIT_ASSERT_EQ(test, kernel_sendmsg(client->socket, &head, &vec, 1, length), length);
	take_answer(test, client);
	return client->error;
}
