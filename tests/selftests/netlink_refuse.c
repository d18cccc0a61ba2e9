// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every command with attributes that are missing, malformed, unknown, too large or in the wrong
 * order: each is refused with this error and these words, and leaves the policy and the mode in
 * force as they were.
 */
#include <fcntl.h>
#include <linux/genetlink.h>
#include <string.h>

#include "client_socket.h"
#include "common.h"
#include "kselftest_harness.h"

/* Length of the transaction that stands open, and how much of it has come. */
#define OPEN_LENGTH	100
#define OPEN_RECEIVED	40

/* Longest attribute sent. */
#define ATTRIBUTE_MAX	(DEBAR_CHUNK_MAX + 1)

/* struct attribute - its number, its length in bytes, and its first bytes; the rest is zero */
struct attribute {
	uint16_t type;
	uint16_t length;
	uint64_t value;
};

FIXTURE(refused)
{
	struct world world;
	struct debar_socket *sock;
	struct debar_family family;
	uint8_t digest[DEBAR_DIGEST_SIZE];
};

/*
 * @command, @flags, @attributes: the request
 * @reserved: what stands in the header's reserved field
 * @leftover: bytes behind the attributes that make none
 * @open: a transaction is open on the socket
 * @error, @message: the answer
 */
FIXTURE_VARIANT(refused)
{
	uint8_t command;
	uint16_t flags;
	uint16_t reserved;
	size_t leftover;
	bool open;
	struct attribute attributes[4];
	int error;
	const char *message;
};

static int send_begin(struct debar_socket *sock, uint16_t family)
{
	struct nlmsghdr *request =
		debar_socket_request(sock, family, DEBAR_CMD_POLICY_BEGIN, NLM_F_ACK);
	const uint8_t digest[DEBAR_DIGEST_SIZE] = {};

	mnl_attr_put_u64(request, DEBAR_A_TRANSFER_LENGTH, OPEN_LENGTH);
	mnl_attr_put(request, DEBAR_A_TRANSFER_DIGEST, sizeof(digest), digest);
	return debar_socket_exchange(sock, request, NULL, NULL);
}

static int send_part(struct debar_socket *sock, uint16_t family)
{
	struct nlmsghdr *request =
		debar_socket_request(sock, family, DEBAR_CMD_POLICY_CHUNK, NLM_F_ACK);
	const char data[OPEN_RECEIVED] = {};

	mnl_attr_put_u64(request, DEBAR_A_TRANSFER_OFFSET, 0);
	mnl_attr_put(request, DEBAR_A_TRANSFER_DATA, sizeof(data), data);
	return debar_socket_exchange(sock, request, NULL, NULL);
}

FIXTURE_SETUP(refused)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, ban_one(&self->world, PAYLOAD));
	ASSERT_EQ(0, policy_in_force(self->world.client, self->digest));
	ASSERT_EQ(0, debar_socket_open(&self->sock, 0));
	ASSERT_EQ(0, debar_socket_family(self->sock, &self->family));
	if (variant->open) {
		ASSERT_EQ(0, send_begin(self->sock, self->family.id));
		ASSERT_EQ(0, send_part(self->sock, self->family.id));
	}
}

FIXTURE_TEARDOWN(refused)
{
	debar_socket_close(self->sock);
	world_end(&self->world);
}

#define REFUSED(name_, command_, error_, message_, ...)			\
	FIXTURE_VARIANT_ADD(refused, name_)				\
	{								\
		.command = DEBAR_CMD_##command_,			\
		.error = -(error_),					\
		.message = message_,					\
		__VA_ARGS__						\
	}
#define WITH(...)	.attributes = { __VA_ARGS__ }
#define OPEN		.open = true
#define DUMP		.flags = NLM_F_DUMP

#define LENGTH(value)	{ DEBAR_A_TRANSFER_LENGTH, 8, value }
#define DIGEST		{ DEBAR_A_TRANSFER_DIGEST, DEBAR_DIGEST_SIZE, 0 }
#define OFFSET(value)	{ DEBAR_A_TRANSFER_OFFSET, 8, value }
#define DATA(length)	{ DEBAR_A_TRANSFER_DATA, length, 0 }
#define UNKNOWN		{ 99, 4, 0 }
/* The reply has it, the request may not. */
#define REPLY(type)	{ type, 4, 0 }

#define NOT_KNOWN	"Unknown attribute type"
#define NOT_TAKEN	"Unsupported attribute"
#define NOT_THAT_LONG	"invalid attribute length"
#define NOT_THAT_SIZE	"binary attribute size out of range"
#define NO_TRANSACTION	"no policy transaction is open on this socket: begin one"

/* No such command, or not in this way */
FIXTURE_VARIANT_ADD(refused, command_unknown)
{
	.command = 200,
	.error = -EOPNOTSUPP,
	.message = "",
};
FIXTURE_VARIANT_ADD(refused, command_zero)
{
	.command = 0,
	.error = -EOPNOTSUPP,
	.message = "",
};
REFUSED(event_as_command, DENIAL_NTF, EOPNOTSUPP, "");
REFUSED(status_as_dump, STATUS_GET, EOPNOTSUPP, "", DUMP);
REFUSED(mode_as_dump, MODE_SET, EOPNOTSUPP, "", DUMP);
REFUSED(bans_without_dump, BAN_DUMP, EOPNOTSUPP, "");
REFUSED(waivers_without_dump, WAIVER_DUMP, EOPNOTSUPP, "");
REFUSED(indicators_without_dump, INDICATOR_DUMP, EOPNOTSUPP, "");
REFUSED(denials_without_dump, DENIAL_DUMP, EOPNOTSUPP, "");
REFUSED(header_reserved, STATUS_GET, EINVAL, "genlmsghdr.reserved field is not 0",
	.reserved = 1);

/* Commands that take no attributes */
REFUSED(status_attribute, STATUS_GET, EINVAL, NOT_KNOWN, WITH(UNKNOWN));
REFUSED(commit_attribute, POLICY_COMMIT, EINVAL, NOT_KNOWN, WITH(UNKNOWN), OPEN);
REFUSED(abort_attribute, POLICY_ABORT, EINVAL, NOT_KNOWN, WITH(UNKNOWN), OPEN);
REFUSED(unload_attribute, POLICY_UNLOAD, EINVAL, NOT_KNOWN, WITH(UNKNOWN));
REFUSED(unload_local_beyond, POLICY_UNLOAD, ERANGE, "integer out of range",
	WITH({ DEBAR_A_TRANSFER_LOCAL, 4, 2 }));
REFUSED(unload_no_local, POLICY_UNLOAD, ENODATA, "there is no local layer",
	WITH({ DEBAR_A_TRANSFER_LOCAL, 4, 1 }));
REFUSED(get_attribute, POLICY_GET, EINVAL, NOT_KNOWN, WITH(UNKNOWN));
REFUSED(flush_attribute, CACHE_FLUSH, EINVAL, NOT_KNOWN, WITH(UNKNOWN));
REFUSED(scan_attribute, SCAN_BEGIN, EINVAL, NOT_KNOWN, WITH(UNKNOWN));
REFUSED(bans_attribute, BAN_DUMP, EINVAL, NOT_KNOWN, WITH(UNKNOWN), DUMP);
REFUSED(waivers_attribute, WAIVER_DUMP, EINVAL, NOT_KNOWN, WITH(UNKNOWN), DUMP);
REFUSED(indicators_attribute, INDICATOR_DUMP, EINVAL, NOT_KNOWN, WITH(UNKNOWN), DUMP);

/* policy-begin */
REFUSED(begin_empty, POLICY_BEGIN, EINVAL, "length and digest must be given");
REFUSED(begin_no_length, POLICY_BEGIN, EINVAL, "length and digest must be given", WITH(DIGEST));
REFUSED(begin_no_digest, POLICY_BEGIN, EINVAL, "length and digest must be given",
	WITH(LENGTH(100)));
REFUSED(begin_length_zero, POLICY_BEGIN, EFBIG, "the length must be between 1 byte and 256 MiB",
	WITH(LENGTH(0), DIGEST));
REFUSED(begin_length_over, POLICY_BEGIN, EFBIG, "the length must be between 1 byte and 256 MiB",
	WITH(LENGTH(DEBAR_POLICY_MAX + UINT64_C(1)), DIGEST));
REFUSED(begin_length_huge, POLICY_BEGIN, EFBIG, "the length must be between 1 byte and 256 MiB",
	WITH(LENGTH(UINT64_MAX), DIGEST));
REFUSED(begin_length_sign, POLICY_BEGIN, EFBIG, "the length must be between 1 byte and 256 MiB",
	WITH(LENGTH(UINT64_C(1) << 63), DIGEST));
REFUSED(begin_length_short, POLICY_BEGIN, EINVAL, NOT_THAT_LONG,
	WITH({ DEBAR_A_TRANSFER_LENGTH, 4, 100 }, DIGEST));
REFUSED(begin_length_long, POLICY_BEGIN, EINVAL, NOT_THAT_LONG,
	WITH({ DEBAR_A_TRANSFER_LENGTH, 16, 100 }, DIGEST));
REFUSED(begin_length_empty, POLICY_BEGIN, EINVAL, NOT_THAT_LONG,
	WITH({ DEBAR_A_TRANSFER_LENGTH, 0, 0 }, DIGEST));
REFUSED(begin_digest_short, POLICY_BEGIN, ERANGE, NOT_THAT_SIZE,
	WITH(LENGTH(100), { DEBAR_A_TRANSFER_DIGEST, 31, 0 }));
REFUSED(begin_digest_long, POLICY_BEGIN, ERANGE, NOT_THAT_SIZE,
	WITH(LENGTH(100), { DEBAR_A_TRANSFER_DIGEST, 33, 0 }));
REFUSED(begin_digest_empty, POLICY_BEGIN, ERANGE, NOT_THAT_SIZE,
	WITH(LENGTH(100), { DEBAR_A_TRANSFER_DIGEST, 0, 0 }));
REFUSED(begin_pad, POLICY_BEGIN, EINVAL, NOT_TAKEN,
	WITH(LENGTH(100), DIGEST, REPLY(DEBAR_A_TRANSFER_PAD)));
REFUSED(begin_offset, POLICY_BEGIN, EINVAL, NOT_TAKEN, WITH(LENGTH(100), DIGEST, OFFSET(0)));
REFUSED(begin_local_beyond, POLICY_BEGIN, ERANGE, "integer out of range",
	WITH(LENGTH(100), DIGEST, { DEBAR_A_TRANSFER_LOCAL, 4, 2 }));
REFUSED(begin_local_long, POLICY_BEGIN, EINVAL, NOT_THAT_LONG,
	WITH(LENGTH(100), DIGEST, { DEBAR_A_TRANSFER_LOCAL, 8, 1 }));
REFUSED(begin_unknown, POLICY_BEGIN, EINVAL, NOT_KNOWN, WITH(LENGTH(100), DIGEST, UNKNOWN));
REFUSED(begin_leftover, POLICY_BEGIN, EINVAL, "bytes leftover after parsing attributes",
	WITH(LENGTH(100), DIGEST), .leftover = 3);
REFUSED(begin_twice, POLICY_BEGIN, EBUSY,
	"a policy transaction is open on this socket: commit or abort it first",
	WITH(LENGTH(100), DIGEST), OPEN);

/* policy-chunk */
REFUSED(chunk_empty, POLICY_CHUNK, EINVAL, "offset and data must be given", OPEN);
REFUSED(chunk_no_offset, POLICY_CHUNK, EINVAL, "offset and data must be given", WITH(DATA(8)),
	OPEN);
REFUSED(chunk_no_data, POLICY_CHUNK, EINVAL, "offset and data must be given",
	WITH(OFFSET(OPEN_RECEIVED)), OPEN);
REFUSED(chunk_data_empty, POLICY_CHUNK, EMSGSIZE, "a chunk has between 1 and 61440 bytes",
	WITH(OFFSET(OPEN_RECEIVED), DATA(0)), OPEN);
REFUSED(chunk_data_over, POLICY_CHUNK, EMSGSIZE, "a chunk has between 1 and 61440 bytes",
	WITH(OFFSET(OPEN_RECEIVED), DATA(DEBAR_CHUNK_MAX + 1)), OPEN);
REFUSED(chunk_offset_short, POLICY_CHUNK, EINVAL, NOT_THAT_LONG,
	WITH({ DEBAR_A_TRANSFER_OFFSET, 4, OPEN_RECEIVED }, DATA(8)), OPEN);
REFUSED(chunk_offset_back, POLICY_CHUNK, EINVAL,
	"the offset is not where the last chunk ended", WITH(OFFSET(0), DATA(8)), OPEN);
REFUSED(chunk_offset_gap, POLICY_CHUNK, EINVAL,
	"the offset is not where the last chunk ended", WITH(OFFSET(OPEN_RECEIVED + 1), DATA(8)),
	OPEN);
REFUSED(chunk_offset_huge, POLICY_CHUNK, EINVAL,
	"the offset is not where the last chunk ended", WITH(OFFSET(UINT64_MAX), DATA(8)), OPEN);
REFUSED(chunk_beyond, POLICY_CHUNK, EMSGSIZE, "the chunk goes beyond the length announced",
	WITH(OFFSET(OPEN_RECEIVED), DATA(OPEN_LENGTH - OPEN_RECEIVED + 1)), OPEN);
REFUSED(chunk_largest_beyond, POLICY_CHUNK, EMSGSIZE,
	"the chunk goes beyond the length announced",
	WITH(OFFSET(OPEN_RECEIVED), DATA(DEBAR_CHUNK_MAX)), OPEN);
REFUSED(chunk_length, POLICY_CHUNK, EINVAL, NOT_TAKEN,
	WITH(OFFSET(OPEN_RECEIVED), DATA(8), LENGTH(8)), OPEN);
REFUSED(chunk_unknown, POLICY_CHUNK, EINVAL, NOT_KNOWN,
	WITH(OFFSET(OPEN_RECEIVED), DATA(8), UNKNOWN), OPEN);
REFUSED(chunk_without_begin, POLICY_CHUNK, ENOENT, NO_TRANSACTION, WITH(OFFSET(0), DATA(8)));

/* policy-commit, policy-abort */
REFUSED(commit_without_begin, POLICY_COMMIT, ENOENT, NO_TRANSACTION);
REFUSED(commit_incomplete, POLICY_COMMIT, EINPROGRESS,
	"chunks are missing: send them, or abort", OPEN);
REFUSED(abort_without_begin, POLICY_ABORT, ENOENT, NO_TRANSACTION);

/* check */
#define CHECK_DIGEST	{ DEBAR_A_CHECK_DIGEST, DEBAR_DIGEST_SIZE, 0 }
#define CHECK_FD(value)	{ DEBAR_A_CHECK_FD, 4, value }
#define CHECK_KIND(value) { DEBAR_A_CHECK_KIND, 4, value }

REFUSED(check_empty, CHECK, EINVAL, "either fd or digest must be given");
REFUSED(check_kind_only, CHECK, EINVAL, "either fd or digest must be given",
	WITH(CHECK_KIND(0)));
REFUSED(check_both, CHECK, EINVAL, "either fd or digest must be given",
	WITH(CHECK_FD(0), CHECK_DIGEST));
REFUSED(check_fd_and_kind, CHECK, EINVAL, "kind goes with digest only",
	WITH(CHECK_FD(0), CHECK_KIND(0)));
REFUSED(check_fd_closed, CHECK, EBADF, "the descriptor is not open for reading",
	WITH(CHECK_FD(900)));
REFUSED(check_fd_negative, CHECK, EBADF, "the descriptor is not open for reading",
	WITH(CHECK_FD(UINT32_MAX)));
REFUSED(check_fd_long, CHECK, EINVAL, NOT_THAT_LONG, WITH({ DEBAR_A_CHECK_FD, 8, 0 }));
REFUSED(check_digest_short, CHECK, ERANGE, NOT_THAT_SIZE,
	WITH({ DEBAR_A_CHECK_DIGEST, 20, 0 }));
REFUSED(check_digest_long, CHECK, ERANGE, NOT_THAT_SIZE,
	WITH({ DEBAR_A_CHECK_DIGEST, 64, 0 }));
REFUSED(check_kind_unknown, CHECK, ERANGE, "integer out of range",
	WITH(CHECK_DIGEST, CHECK_KIND(DEBAR_INDICATOR_KIND_MAX + 1)));
REFUSED(check_kind_long, CHECK, EINVAL, NOT_THAT_LONG,
	WITH(CHECK_DIGEST, { DEBAR_A_CHECK_KIND, 8, 0 }));
REFUSED(check_verdict, CHECK, EINVAL, NOT_KNOWN, WITH(CHECK_DIGEST,
						      REPLY(DEBAR_A_CHECK_VERDICT)));
REFUSED(check_pad, CHECK, EINVAL, NOT_TAKEN, WITH(CHECK_DIGEST, REPLY(DEBAR_A_CHECK_PAD)));

/* mode-set, denial-dump */
REFUSED(mode_empty, MODE_SET, EINVAL, "the attribute mode is missing");
REFUSED(mode_beyond, MODE_SET, ERANGE, "integer out of range",
	WITH({ DEBAR_A_STATUS_MODE, 4, DEBAR_MODE_MAX + 1 }));
REFUSED(mode_huge, MODE_SET, ERANGE, "integer out of range",
	WITH({ DEBAR_A_STATUS_MODE, 4, UINT32_MAX }));
REFUSED(mode_repeated, MODE_SET, ERANGE, "integer out of range",
	WITH({ DEBAR_A_STATUS_MODE, 4, DEBAR_MODE_MAX + 1 },
	     { DEBAR_A_STATUS_MODE, 4, DEBAR_MODE_MONITOR }));
REFUSED(mode_short, MODE_SET, EINVAL, NOT_THAT_LONG, WITH({ DEBAR_A_STATUS_MODE, 1, 0 }));
REFUSED(mode_version, MODE_SET, EINVAL, NOT_TAKEN,
	WITH({ DEBAR_A_STATUS_MODE, 4, 0 }, REPLY(DEBAR_A_STATUS_VERSION)));
REFUSED(mode_unknown, MODE_SET, EINVAL, NOT_KNOWN,
	WITH({ DEBAR_A_STATUS_MODE, 4, 0 }, UNKNOWN));
REFUSED(denials_since_short, DENIAL_DUMP, EINVAL, NOT_THAT_LONG,
	WITH({ DEBAR_A_DENIAL_SINCE, 4, 0 }), DUMP);
REFUSED(denials_unknown, DENIAL_DUMP, EINVAL, NOT_KNOWN, WITH(UNKNOWN), DUMP);

static struct nlmsghdr *make_request(struct debar_socket *sock, uint16_t family,
				     const FIXTURE_VARIANT(refused) *variant)
{
	static char bytes[ATTRIBUTE_MAX];
	struct nlmsghdr *request = debar_socket_request(
		sock, family, variant->command, variant->flags ? variant->flags : NLM_F_ACK);
	struct genlmsghdr *header = mnl_nlmsg_get_payload(request);
	const struct attribute *it = variant->attributes;

	header->reserved = variant->reserved;
	for (; it->type; it++) {
		memset(bytes, 0, sizeof(bytes));
		memcpy(bytes, &it->value, sizeof(it->value));
		mnl_attr_put(request, it->type, it->length, bytes);
	}
	request->nlmsg_len += variant->leftover;
	return request;
}

TEST_F(refused, leaves_all_in_force)
{
	struct nlmsghdr *request = make_request(self->sock, self->family.id, variant);
	uint8_t digest[DEBAR_DIGEST_SIZE] = {};

	EXPECT_EQ(variant->error, debar_socket_exchange(self->sock, request, NULL, NULL));
	EXPECT_STREQ(variant->message, self->sock->message);
	ASSERT_EQ(0, policy_in_force(self->world.client, digest));
	EXPECT_EQ(0, memcmp(digest, self->digest, sizeof(digest)));
	EXPECT_EQ(DEBAR_MODE_ENFORCE, world_status(&self->world).mode);
	EXPECT_EQ(-EPERM, run(PAYLOAD));
}

FIXTURE(descriptor)
{
	struct world world;
};

FIXTURE_SETUP(descriptor)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, ban_one(&self->world, PAYLOAD));
}

FIXTURE_TEARDOWN(descriptor)
{
	world_end(&self->world);
}

TEST_F(descriptor, must_be_readable)
{
	struct debar_check check;
	int fd;

	ASSERT_EQ(0, make_program("program", "p"));
	fd = open("program", O_WRONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	EXPECT_EQ(-EBADF, debar_client_check_fd(self->world.client, fd, &check));
	EXPECT_STREQ("the descriptor is not open for reading",
		     debar_client_message(self->world.client));
	close(fd);
}

static int no_ban(const struct debar_ban_info *ban, void *data)
{
	(void)data;
	return ban ? -EIO : 0;
}

static int no_indicator(const struct debar_indicator_info *indicator, void *data)
{
	(void)data;
	return indicator ? -EIO : 0;
}

/* Nothing is in force: there is nothing to show or to unload. */
TEST_F(descriptor, nothing_in_force)
{
	struct debar_policy_info policy;

	ASSERT_EQ(0, debar_client_policy_unload(self->world.client));
	EXPECT_EQ(-ENODATA, debar_client_policy_unload(self->world.client));
	EXPECT_STREQ("no policy is loaded", debar_client_message(self->world.client));
	EXPECT_EQ(-ENODATA, debar_client_policy_get(self->world.client, &policy));
	EXPECT_STREQ("no policy is loaded", debar_client_message(self->world.client));
	EXPECT_EQ(-ENODATA, debar_client_ban_dump(self->world.client, no_ban, NULL));
	EXPECT_EQ(-ENODATA, debar_client_indicator_dump(self->world.client, no_indicator, NULL));
}

DEBAR_TEST_MAIN
