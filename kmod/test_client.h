/* SPDX-License-Identifier: GPL-2.0-only */
/* A client of debar's netlink family within the kernel, for KUnit tests. */
#ifndef DEBAR_TEST_CLIENT_H
#define DEBAR_TEST_CLIENT_H

#include <kunit/test.h>
#include <linux/net.h>
#include <linux/types.h>

/* Attributes of a request, at most. */
#define DEBAR_TEST_ATTRIBUTES	3

/**
 * struct debar_test_attribute - an attribute of a request, which may be malformed
 * @type: of it; 0 for none
 * @length: of @data in bytes
 * @data: its content
 */
struct debar_test_attribute {
	u16 type;
	u16 length;
	const void *data;
};

/**
 * struct debar_test_client - a socket, and what came by it last
 * @socket: of the client
 * @error: of the last request, 0 or negative
 * @says: the words that came with it, or empty
 * @replies: how many messages answered it
 * @last: the last of them, its attributes
 * @last_length: of @last in bytes
 * @buffer: for what is sent and received
 */
struct debar_test_client {
	struct socket *socket;
	int error;
	char says[128];
	unsigned int replies;
	u8 last[1024];
	size_t last_length;
	u8 *buffer;
};

struct debar_test_client *debar_test_client(struct kunit *test);
void debar_test_client_close(struct kunit *test, struct debar_test_client *client);
int debar_test_ask(struct kunit *test, struct debar_test_client *client, u8 command,
		   const struct debar_test_attribute attributes[DEBAR_TEST_ATTRIBUTES]);

#endif /* DEBAR_TEST_CLIENT_H */
