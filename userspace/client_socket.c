// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A generic netlink socket: requests, their answers with the kernel's extended errors, and
 * resolving the family.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/debar.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "client_socket.h"
#include "util.h"

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

/*
 * A socket without these options still works, with poorer errors and looser checks by the kernel.
 */
static void set_options(struct mnl_socket *mnl)
{
	static const int options[] = {
		NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK,
	};
	int on = 1;

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		(void)mnl_socket_setsockopt(mnl, options[i], &on, sizeof(on));
}

int debar_socket_open(struct debar_socket **sock, int flags)
{
	struct debar_socket *new;
	int error;

	*sock = NULL;
	new = calloc(1, sizeof(*new));
	if (!new)
		return -ENOMEM;
	new->mnl = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC | flags);
	if (!new->mnl || mnl_socket_bind(new->mnl, 0, MNL_SOCKET_AUTOPID) < 0) {
		error = -errno;
		debar_socket_close(new);
		return error;
	}
	set_options(new->mnl);
	*sock = new;
	return 0;
}

void debar_socket_close(struct debar_socket *sock)
{
	if (!sock)
		return;
	if (sock->mnl)
		mnl_socket_close(sock->mnl);
	free(sock);
}

struct nlmsghdr *debar_socket_request(struct debar_socket *sock, uint16_t family, uint8_t command,
				      uint16_t flags)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(sock->buffer);
	struct genlmsghdr *genl = mnl_nlmsg_put_extra_header(request, sizeof(*genl));

	request->nlmsg_type = family;
	request->nlmsg_flags = NLM_F_REQUEST | flags;
	request->nlmsg_seq = ++sock->sequence;
	genl->cmd = command;
	genl->version = DEBAR_FAMILY_VERSION;
	return request;
}

/* Keep the kernel's words; @offset is where the attributes begin in an error or a done message. */
static void keep_message(struct debar_socket *sock, const struct nlmsghdr *reply, size_t offset)
{
	const struct nlattr *attr;

	if (!(reply->nlmsg_flags & NLM_F_ACK_TLVS) || mnl_nlmsg_get_payload_len(reply) < offset)
		return;
	mnl_attr_for_each(attr, reply, offset) {
		if (mnl_attr_get_type(attr) != NLMSGERR_ATTR_MSG ||
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) < 0)
			continue;
		strncpy(sock->message, mnl_attr_get_str(attr), sizeof(sock->message) - 1);
	}
}

/* Return: what an NLMSG_ERROR says, 0 when it is an acknowledgment. */
static int read_error(struct debar_socket *sock, const struct nlmsghdr *reply)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(reply);
	size_t offset = sizeof(*error);

	if (mnl_nlmsg_get_payload_len(reply) < sizeof(*error))
		return -EBADMSG;
	if (!(reply->nlmsg_flags & NLM_F_CAPPED))
		offset += MNL_ALIGN(error->msg.nlmsg_len) - sizeof(error->msg);
	keep_message(sock, reply, offset);
	return error->error;
}

/* Return: what an NLMSG_DONE says, 0 when the dump is complete. */
static int read_done(struct debar_socket *sock, const struct nlmsghdr *reply)
{
	int error;

	if (mnl_nlmsg_get_payload_len(reply) < sizeof(error))
		return -EBADMSG;
	memcpy(&error, mnl_nlmsg_get_payload(reply), sizeof(error));
	keep_message(sock, reply, sizeof(error));
	return error;
}

/**
 * struct exchange - how far an answer has been taken
 * @sock: the socket
 * @cb: the caller's
 * @data: the caller's
 * @acknowledged: the answer is nothing but an acknowledgment
 * @result: first error of the callback or of the kernel
 */
struct exchange {
	struct debar_socket *sock;
	debar_reply_cb cb;
	void *data;
	bool acknowledged;
	int result;
};

/* Return: true when @reply is the last message of the answer. */
static bool take_reply(struct exchange *exchange, const struct nlmsghdr *reply)
{
	int error = 0;
	bool last = true;

	if (reply->nlmsg_flags & NLM_F_DUMP_INTR)
		exchange->sock->interrupted = true;
	switch (reply->nlmsg_type) {
	case NLMSG_ERROR:
		error = read_error(exchange->sock, reply);
		break;
	case NLMSG_DONE:
		error = read_done(exchange->sock, reply);
		break;
	default:
		if (reply->nlmsg_type < NLMSG_MIN_TYPE)
			return false;
		if (exchange->cb && !exchange->result)
			error = exchange->cb(reply, exchange->data);
		last = !(reply->nlmsg_flags & NLM_F_MULTI) && !exchange->acknowledged;
		break;
	}
	if (!exchange->result)
		exchange->result = error;
	return last;
}

static ssize_t receive(struct debar_socket *sock)
{
	ssize_t length;

	do {
		length = mnl_socket_recvfrom(sock->mnl, sock->buffer, sizeof(sock->buffer));
	} while (length < 0 && errno == EINTR);
	return length < 0 ? -errno : length;
}

bool debar_message_ok(const struct nlmsghdr *message, int left)
{
	return mnl_nlmsg_ok(message, left) && message->nlmsg_len <= (unsigned int)left;
}

int debar_socket_exchange(struct debar_socket *sock, struct nlmsghdr *request, debar_reply_cb cb,
			  void *data)
{
	struct exchange exchange = {
		.sock = sock,
		.cb = cb,
		.data = data,
		.acknowledged = (request->nlmsg_flags & NLM_F_ACK) &&
				!(request->nlmsg_flags & NLM_F_DUMP),
	};
	const struct nlmsghdr *reply;
	ssize_t received;
	int left;

	sock->interrupted = false;
	sock->message[0] = '\0';
	if (mnl_socket_sendto(sock->mnl, request, request->nlmsg_len) < 0)
		return -errno;
	for (;;) {
		received = receive(sock);
		if (received <= 0)
			return received ? (int)received : -EPROTO;
		left = (int)received;
		reply = (const struct nlmsghdr *)sock->buffer;
		for (; debar_message_ok(reply, left); reply = mnl_nlmsg_next(reply, &left)) {
			if (reply->nlmsg_seq == sock->sequence && take_reply(&exchange, reply))
				return exchange.result;
		}
	}
}

/* Return: the number of the multicast group in @nest when it is called @name, or 0. */
static uint32_t group_called(const struct nlattr *nest, const char *name)
{
	const struct nlattr *attr;
	bool found = false;
	uint32_t id = 0;

	mnl_attr_for_each_nested(attr, nest) {
		switch (mnl_attr_get_type(attr)) {
		case CTRL_ATTR_MCAST_GRP_ID:
			if (mnl_attr_validate(attr, MNL_TYPE_U32) == 0)
				id = mnl_attr_get_u32(attr);
			break;
		case CTRL_ATTR_MCAST_GRP_NAME:
			if (mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) == 0)
				found = !strcmp(mnl_attr_get_str(attr), name);
			break;
		default:
			break;
		}
	}
	return found ? id : 0;
}

static void read_groups(const struct nlattr *groups, struct debar_family *family)
{
	const struct nlattr *group;
	uint32_t id;

	mnl_attr_for_each_nested(group, groups) {
		id = group_called(group, DEBAR_MCGRP_DENIALS);
		if (id)
			family->denials = id;
		id = group_called(group, DEBAR_MCGRP_POLICY);
		if (id)
			family->policy = id;
	}
}

static int read_family(const struct nlmsghdr *reply, void *data)
{
	struct debar_family *family = data;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, reply, sizeof(struct genlmsghdr)) {
		switch (mnl_attr_get_type(attr)) {
		case CTRL_ATTR_FAMILY_ID:
			if (mnl_attr_validate(attr, MNL_TYPE_U16) == 0)
				family->id = mnl_attr_get_u16(attr);
			break;
		case CTRL_ATTR_MCAST_GROUPS:
			if (mnl_attr_validate(attr, MNL_TYPE_NESTED) == 0)
				read_groups(attr, family);
			break;
		default:
			break;
		}
	}
	return family->id && family->denials && family->policy ? 0 : -EBADMSG;
}

int debar_socket_family(struct debar_socket *sock, struct debar_family *family)
{
	struct nlmsghdr *request = debar_socket_request(sock, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0);

	memset(family, 0, sizeof(*family));
	mnl_attr_put_strz(request, CTRL_ATTR_FAMILY_NAME, DEBAR_FAMILY_NAME);
	return debar_socket_exchange(sock, request, read_family, family);
}
