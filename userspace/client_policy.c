// SPDX-License-Identifier: GPL-2.0-or-later
/* The commands of the generic netlink family `debar` that put a policy in force or take it out. */
#include <errno.h>
#include <string.h>
#include <linux/genetlink.h>

#include "client_internal.h"

static int policy_begin(struct debar_client *client, size_t length, const uint8_t *digest,
			bool local)
{
	struct nlmsghdr *request = debar_client_request(client, DEBAR_CMD_POLICY_BEGIN, NLM_F_ACK);

	mnl_attr_put_u64(request, DEBAR_A_TRANSFER_LENGTH, length);
	mnl_attr_put(request, DEBAR_A_TRANSFER_DIGEST, DEBAR_DIGEST_SIZE, digest);
	if (local)
		mnl_attr_put_u32(request, DEBAR_A_TRANSFER_LOCAL, 1);
	return debar_socket_exchange(client->sock, request, NULL, NULL);
}

static int policy_chunk(struct debar_client *client, const void *data, size_t length,
			uint64_t offset)
{
	struct nlmsghdr *request = debar_client_request(client, DEBAR_CMD_POLICY_CHUNK, NLM_F_ACK);

	mnl_attr_put_u64(request, DEBAR_A_TRANSFER_OFFSET, offset);
	mnl_attr_put(request, DEBAR_A_TRANSFER_DATA, length, data);
	return debar_socket_exchange(client->sock, request, NULL, NULL);
}

static int policy_send(struct debar_client *client, const void *blob, size_t length)
{
	size_t offset, part;
	int error;

	for (offset = 0; offset < length; offset += part) {
		part = length - offset < DEBAR_CHUNK_MAX ? length - offset : DEBAR_CHUNK_MAX;
		error = policy_chunk(client, (const char *)blob + offset, part, offset);
		if (error)
			return error;
	}
	return 0;
}

static int policy_commit(struct debar_client *client, const struct debar_buffer *signature)
{
	struct nlmsghdr *request = debar_client_request(client, DEBAR_CMD_POLICY_COMMIT, NLM_F_ACK);

	if (signature->length > DEBAR_CHUNK_MAX)
		return -EFBIG;
	if (signature->length)
		mnl_attr_put(request, DEBAR_A_TRANSFER_SIGNATURE, signature->length,
			     signature->data);
	return debar_socket_exchange(client->sock, request, NULL, NULL);
}

/* Drop the transaction, but keep the kernel's words about what went wrong before. */
static void policy_abort(struct debar_client *client)
{
	char message[sizeof(client->sock->message)];

	memcpy(message, client->sock->message, sizeof(message));
	(void)debar_client_plain(client, DEBAR_CMD_POLICY_ABORT);
	memcpy(client->sock->message, message, sizeof(message));
}

static int policy_transfer(struct debar_client *client, const void *blob, size_t length,
			   const uint8_t *digest, const struct debar_buffer *signature, bool local)
{
	int error = policy_begin(client, length, digest, local);

	if (!error)
		error = policy_send(client, blob, length) ?: policy_commit(client, signature);
	else if (error != -ENOBUFS) /* without memory only the answer may be lost: it may be open */
		return error;
	if (error)
		policy_abort(client);
	return error;
}

int debar_client_policy_load_signed(struct debar_client *client, const void *blob, size_t length,
				    const uint8_t *digest, const struct debar_buffer *signature)
{
	return policy_transfer(client, blob, length, digest, signature, false);
}

int debar_client_local_load(struct debar_client *client, const void *blob, size_t length,
			    const uint8_t *digest)
{
	return policy_transfer(client, blob, length, digest, &(struct debar_buffer){}, true);
}

int debar_client_local_unload(struct debar_client *client)
{
	struct nlmsghdr *request = debar_client_request(client, DEBAR_CMD_POLICY_UNLOAD, NLM_F_ACK);

	mnl_attr_put_u32(request, DEBAR_A_TRANSFER_LOCAL, 1);
	return debar_socket_exchange(client->sock, request, NULL, NULL);
}

int debar_client_policy_load(struct debar_client *client, const void *blob, size_t length,
			     const uint8_t *digest)
{
	return debar_client_policy_load_signed(client, blob, length, digest,
					       &(struct debar_buffer){});
}

int debar_client_policy_unload(struct debar_client *client)
{
	return debar_client_plain(client, DEBAR_CMD_POLICY_UNLOAD);
}

#define POLICY(attr, type, member) \
	{DEBAR_A_POLICY_##attr, FIELD_##type, true, offsetof(struct debar_policy_info, member)}

static const struct debar_field policy_fields[] = {
	POLICY(NAME, STRING, name),
	POLICY(SERIAL, U64, serial),
	POLICY(ISSUED, U64, issued),
	POLICY(DIGEST, DIGEST, digest),
	POLICY(LENGTH, U64, length),
	POLICY(BANS, U32, bans),
	POLICY(INDICATORS, U32, indicators),
};

static int read_policy(const struct nlmsghdr *reply, void *data)
{
	return debar_fields_read(reply, policy_fields, ARRAY_SIZE(policy_fields), data);
}

int debar_client_policy_get(struct debar_client *client, struct debar_policy_info *policy)
{
	struct nlmsghdr *request = debar_client_request(client, DEBAR_CMD_POLICY_GET, 0);

	memset(policy, 0, sizeof(*policy));
	return debar_socket_exchange(client->sock, request, read_policy, policy);
}
