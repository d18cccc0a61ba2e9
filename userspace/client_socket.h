/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the netlink client is built on: a generic netlink socket, one exchange with the kernel,
 * reading attributes.
 */
#ifndef DEBAR_CLIENT_SOCKET_H
#define DEBAR_CLIENT_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <libmnl/libmnl.h>

/*
 * Holds any request (a chunk of a policy) and any reply; the kernel fills up to half of it in one
 * go in a dump.
 */
#define SOCKET_BUFFER_SIZE	65536

/**
 * struct debar_family - what the kernel calls debar at the moment
 * @id: message type
 * @denials: multicast group
 * @policy: multicast group
 */
struct debar_family {
	uint16_t id;
	uint32_t denials;
	uint32_t policy;
};

/**
 * struct debar_socket - a netlink socket and its one buffer
 * @mnl: libmnl's socket
 * @sequence: of the last request
 * @interrupted: what was dumped last changed meanwhile
 * @message: the kernel's words about the last error
 * @buffer: for the request, then for the replies
 */
struct debar_socket {
	struct mnl_socket *mnl;
	uint32_t sequence;
	bool interrupted;
	char message[256];
	char buffer[SOCKET_BUFFER_SIZE] __attribute__((aligned(NLMSG_ALIGNTO)));
};

typedef int (*debar_reply_cb)(const struct nlmsghdr *reply, void *data);

int debar_socket_open(struct debar_socket **sock, int flags);
void debar_socket_close(struct debar_socket *sock);

/**
 * debar_socket_request - begin a request in the socket's buffer
 * @sock: the socket
 * @family: message type
 * @command: of that family
 * @flags: NLM_F_DUMP for a dump, NLM_F_ACK when no reply is expected, 0 when exactly one is
 */
struct nlmsghdr *debar_socket_request(struct debar_socket *sock, uint16_t family, uint8_t command,
				      uint16_t flags);

/*
 * debar_message_ok - @left bytes hold the message that begins there; mnl_nlmsg_ok() alone takes a
 * length of 2 GiB for a negative one
 */
bool debar_message_ok(const struct nlmsghdr *message, int left);

/**
 * debar_socket_exchange - send the request and take all of its answer
 * @sock: the socket; @interrupted and @message are set anew
 * @request: from debar_socket_request()
 * @cb: called with each reply until it returns an error; NULL when none is expected
 * @data: handed to @cb
 *
 * Return: 0, the kernel's error, the callback's, or that of the socket; the answer is always
 * taken to its end
 */
int debar_socket_exchange(struct debar_socket *sock, struct nlmsghdr *request, debar_reply_cb cb,
			  void *data);

/* debar_socket_family - ask the kernel for the family `debar`; -ENOENT when there is none */
int debar_socket_family(struct debar_socket *sock, struct debar_family *family);

enum debar_field_type {
	FIELD_U32,		/* uint32_t */
	FIELD_U64,		/* uint64_t */
	FIELD_FLAG,		/* bool, a u32 on the wire */
	FIELD_STRING,		/* const char *, with its NUL on the wire */
	FIELD_DIGEST,		/* const uint8_t *, DEBAR_DIGEST_SIZE bytes */
	FIELD_BYTES,		/* struct debar_bytes */
};

/**
 * struct debar_field - where an attribute goes
 * @attribute: its number
 * @type: its form on the wire and in the struct
 * @required: its absence makes the message unusable
 * @offset: in the struct
 */
struct debar_field {
	uint16_t attribute;
	uint8_t type;
	bool required;
	size_t offset;
};

/**
 * debar_fields_read - fill a struct from a message of a generic netlink family
 * @message: complete message
 * @fields: what is expected; unknown attributes are ignored
 * @count: number of @fields, at most 64
 * @out: the struct; strings are set to "" first, everything else stays when the attribute is absent
 *
 * Return: 0, or -EBADMSG when a required attribute is missing or one has the wrong form
 */
int debar_fields_read(const struct nlmsghdr *message, const struct debar_field *fields,
		      size_t count, void *out);

#endif /* DEBAR_CLIENT_SOCKET_H */
