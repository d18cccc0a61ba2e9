// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The commands of the generic netlink family `debar`, but for those on the policy as a whole
 * (client_policy.c), denial-dump (client_denial.c) and events (client_watch.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <linux/genetlink.h>

#include "client_internal.h"
#include "util.h"

/* How often a dump begins again before the policy is taken to change for ever. */
#define DUMP_TRIES 20

int debar_client_open(struct debar_client **client)
{
	struct debar_client *new;
	int error;

	*client = NULL;
	new = calloc(1, sizeof(*new));
	if (!new)
		return -ENOMEM;
	error = debar_socket_open(&new->sock, 0);
	if (!error)
		error = debar_socket_family(new->sock, &new->family);
	if (error) {
		debar_client_close(new);
		return error;
	}
	*client = new;
	return 0;
}

void debar_client_close(struct debar_client *client)
{
	if (!client)
		return;
	debar_socket_close(client->sock);
	free(client);
}

const char *debar_client_message(const struct debar_client *client)
{
	return client->sock->message;
}

struct nlmsghdr *debar_client_request(struct debar_client *client, uint8_t command, uint16_t flags)
{
	return debar_socket_request(client->sock, client->family.id, command, flags);
}

int debar_client_plain(struct debar_client *client, uint8_t command)
{
	struct nlmsghdr *request = debar_client_request(client, command, NLM_F_ACK);

	return debar_socket_exchange(client->sock, request, NULL, NULL);
}

#define STATUS(attr, type, required, member) \
	{DEBAR_A_STATUS_##attr, FIELD_##type, required, offsetof(struct debar_status, member)}

static const struct debar_field status_fields[] = {
	STATUS(VERSION, STRING, true, version),
	STATUS(FORM, U32, true, form),
	STATUS(MODE, U32, true, mode),
	STATUS(FAIL_CLOSED, FLAG, true, fail_closed),
	STATUS(POLICY_NAME, STRING, false, policy_name),
	STATUS(POLICY_SERIAL, U64, false, policy_serial),
	STATUS(POLICY_DIGEST, DIGEST, false, policy_digest),
	STATUS(POLICY_SIGNER, STRING, false, policy_signer),
	STATUS(LOCAL_DIGEST, DIGEST, false, local_digest),
	STATUS(LOCAL_INDICATORS, U32, false, local_indicators),
	STATUS(BANS, U32, false, bans),
	STATUS(INDICATORS, U32, false, indicators),
	STATUS(JUDGED, U64, true, judged),
	STATUS(CLEARED_BY_SIZE, U64, true, cleared_by_size),
	STATUS(CACHE_HITS, U64, true, cache_hits),
	STATUS(CACHE_MISSES, U64, true, cache_misses),
	STATUS(CACHE_ENTRIES, U32, true, cache_entries),
	STATUS(CACHE_SIZE, U32, true, cache_size),
	STATUS(HASHED_FILES, U64, true, hashed_files),
	STATUS(HASHED_BYTES, U64, true, hashed_bytes),
	STATUS(DENIED, U64, true, denied),
	STATUS(AUDITED, U64, true, audited),
	STATUS(DENIALS_NEXT, U64, true, denials_next),
	STATUS(DENIALS_LOST, U64, true, denials_lost),
	STATUS(RING_SIZE, U32, true, ring_size),
	STATUS(GENERATION, U64, true, generation),
	STATUS(SCANNERS, U32, false, scanners),
	STATUS(WAIVERS, U32, false, waivers),
	STATUS(SEALED, FLAG, false, sealed),
	STATUS(NEXT_DATE, U64, false, next_date),
	STATUS(REFUSED_EARLY, U64, false, refused_early),
};

static int read_failure(const struct nlattr *nest, struct debar_status *status)
{
	const struct nlattr *attr;
	uint32_t reason = UINT32_MAX;
	uint64_t count = 0;

	if (mnl_attr_validate(nest, MNL_TYPE_NESTED) < 0)
		return -EBADMSG;
	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == DEBAR_A_FAILURE_REASON) {
			if (mnl_attr_validate(attr, MNL_TYPE_U32) < 0)
				return -EBADMSG;
			reason = mnl_attr_get_u32(attr);
		} else if (mnl_attr_get_type(attr) == DEBAR_A_FAILURE_COUNT) {
			if (mnl_attr_validate(attr, MNL_TYPE_U64) < 0)
				return -EBADMSG;
			count = mnl_attr_get_u64(attr);
		}
	}
	if (reason < ARRAY_SIZE(status->failures))
		status->failures[reason] = count;
	return 0;
}

/* The attributes that come once for each of something. */
static int read_status_lists(const struct nlmsghdr *reply, struct debar_status *status)
{
	const struct nlattr *attr;
	uint32_t health;

	mnl_attr_for_each(attr, reply, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == DEBAR_A_STATUS_FAILURE) {
			if (read_failure(attr, status))
				return -EBADMSG;
		} else if (mnl_attr_get_type(attr) == DEBAR_A_STATUS_HEALTH) {
			if (mnl_attr_validate(attr, MNL_TYPE_U32) < 0)
				return -EBADMSG;
			health = mnl_attr_get_u32(attr);
			if (health < 32)
				status->health |= UINT32_C(1) << health;
		}
	}
	return 0;
}

int debar_client_read_status(const struct nlmsghdr *reply, void *data)
{
	struct debar_status *status = data;
	int error;

	memset(status, 0, sizeof(*status));
	status->next_date = DEBAR_BLOB_NEVER;
	error = debar_fields_read(reply, status_fields, ARRAY_SIZE(status_fields), status);
	return error ? error : read_status_lists(reply, status);
}

int debar_client_status(struct debar_client *client, struct debar_status *status)
{
	struct nlmsghdr *request = debar_client_request(client, DEBAR_CMD_STATUS_GET, 0);

	return debar_socket_exchange(client->sock, request, debar_client_read_status, status);
}

int debar_client_mode_set(struct debar_client *client, uint32_t mode)
{
	struct nlmsghdr *request = debar_client_request(client, DEBAR_CMD_MODE_SET, NLM_F_ACK);

	mnl_attr_put_u32(request, DEBAR_A_STATUS_MODE, mode);
	return debar_socket_exchange(client->sock, request, NULL, NULL);
}

int debar_client_seal(struct debar_client *client)
{
	return debar_client_plain(client, DEBAR_CMD_SEAL);
}

int debar_client_cache_flush(struct debar_client *client)
{
	return debar_client_plain(client, DEBAR_CMD_CACHE_FLUSH);
}

int debar_client_scan_begin(struct debar_client *client)
{
	return debar_client_plain(client, DEBAR_CMD_SCAN_BEGIN);
}

#define BAN(attr, type, required, member) \
	{DEBAR_A_BAN_##attr, FIELD_##type, required, offsetof(struct debar_ban_info, member)}

static const struct debar_field ban_fields[] = {
	BAN(ID, STRING, true, id),
	BAN(VENDOR, STRING, true, vendor),
	BAN(PRODUCT, STRING, false, product),
	BAN(AUTHORITY, STRING, true, authority),
	BAN(CITATION, STRING, false, citation),
	BAN(MODE, U32, true, mode),
	BAN(OPERATIONS, U32, true, operations),
	BAN(INDICATORS, U32, true, indicators),
	BAN(STATUS, U32, true, status),
	BAN(PROHIBITS, U32, true, prohibits),
	BAN(OVERRIDE, STRING, false, override),
	BAN(AUDIT_FROM, U64, false, audit_from),
	BAN(WARN_FROM, U64, false, warn_from),
	BAN(ENFORCE_FROM, U64, false, enforce_from),
	BAN(STAGE, U32, true, stage),
	BAN(NEXT_DATE, U64, false, next_date),
};

/**
 * struct dump - a dump of what belongs to a policy
 * @ban_cb: the caller's, or NULL
 * @waiver_cb: the caller's, or NULL
 * @indicator_cb: the caller's, or NULL
 * @data: the caller's
 */
struct dump {
	debar_ban_cb ban_cb;
	debar_waiver_cb waiver_cb;
	debar_indicator_cb indicator_cb;
	void *data;
};

static int read_ban(const struct nlmsghdr *reply, void *data)
{
	const struct dump *dump = data;
	struct debar_ban_info ban = {
		.audit_from = DEBAR_BLOB_NEVER,
		.warn_from = DEBAR_BLOB_NEVER,
		.enforce_from = DEBAR_BLOB_NEVER,
		.next_date = DEBAR_BLOB_NEVER,
	};
	int error = debar_fields_read(reply, ban_fields, ARRAY_SIZE(ban_fields), &ban);

	return error ? error : dump->ban_cb(&ban, dump->data);
}

#define WAIVER(attr, type, required, member) \
	{DEBAR_A_WAIVER_##attr, FIELD_##type, required, \
	 offsetof(struct debar_waiver_info, member)}

static const struct debar_field waiver_fields[] = {
	WAIVER(ID, STRING, true, id),
	WAIVER(BAN_ID, STRING, true, ban_id),
	WAIVER(PRODUCT, STRING, false, product),
	WAIVER(HOST, STRING, false, host),
	WAIVER(OWNER, STRING, true, owner),
	WAIVER(TICKET, STRING, true, ticket),
	WAIVER(REASON, STRING, false, reason),
	WAIVER(KIND, U32, false, kind),
	WAIVER(DIGEST, DIGEST, false, digest),
	WAIVER(EXPIRES, U64, true, expires),
};

static int read_waiver(const struct nlmsghdr *reply, void *data)
{
	const struct dump *dump = data;
	struct debar_waiver_info waiver = {0};
	int error = debar_fields_read(reply, waiver_fields, ARRAY_SIZE(waiver_fields), &waiver);

	return error ? error : dump->waiver_cb(&waiver, dump->data);
}

#define INDICATOR(attr, type, required, member) \
	{DEBAR_A_INDICATOR_##attr, FIELD_##type, required, \
	 offsetof(struct debar_indicator_info, member)}

static const struct debar_field indicator_fields[] = {
	INDICATOR(KIND, U32, true, kind),
	INDICATOR(DIGEST, DIGEST, true, digest),
	INDICATOR(SIZE, U64, false, size),
	INDICATOR(BAN_ID, STRING, true, ban_id),
	INDICATOR(PRODUCT, STRING, false, product),
	INDICATOR(VERSION, STRING, false, version),
	INDICATOR(SOURCE, STRING, false, source),
	INDICATOR(LOCAL, FLAG, false, local),
};

static int read_indicator(const struct nlmsghdr *reply, void *data)
{
	const struct dump *dump = data;
	struct debar_indicator_info indicator = {.size = DEBAR_SIZE_UNKNOWN};
	int error;

	error = debar_fields_read(reply, indicator_fields, ARRAY_SIZE(indicator_fields),
				  &indicator);
	return error ? error : dump->indicator_cb(&indicator, dump->data);
}

/* Tell the caller that the dump begins. */
static int begin_dump(const struct dump *dump)
{
	if (dump->ban_cb)
		return dump->ban_cb(NULL, dump->data);
	if (dump->waiver_cb)
		return dump->waiver_cb(NULL, dump->data);
	return dump->indicator_cb(NULL, dump->data);
}

/* Dump until the policy stayed the same from beginning to end. */
static int dump_policy(struct debar_client *client, uint8_t command, debar_reply_cb read,
		       struct dump *dump)
{
	struct nlmsghdr *request;
	int error;

	for (int i = 0; i < DUMP_TRIES; i++) {
		error = begin_dump(dump);
		if (error)
			return error;
		request = debar_client_request(client, command, NLM_F_DUMP);
		error = debar_socket_exchange(client->sock, request, read, dump);
		if (error || !client->sock->interrupted)
			return error;
	}
	return -EAGAIN;
}

int debar_client_ban_dump(struct debar_client *client, debar_ban_cb cb, void *data)
{
	struct dump dump = {.ban_cb = cb, .data = data};

	return dump_policy(client, DEBAR_CMD_BAN_DUMP, read_ban, &dump);
}

int debar_client_waiver_dump(struct debar_client *client, debar_waiver_cb cb, void *data)
{
	struct dump dump = {.waiver_cb = cb, .data = data};

	return dump_policy(client, DEBAR_CMD_WAIVER_DUMP, read_waiver, &dump);
}

int debar_client_indicator_dump(struct debar_client *client, debar_indicator_cb cb, void *data)
{
	struct dump dump = {.indicator_cb = cb, .data = data};

	return dump_policy(client, DEBAR_CMD_INDICATOR_DUMP, read_indicator, &dump);
}

#define CHECK(attr, type, required, member) \
	{DEBAR_A_CHECK_##attr, FIELD_##type, required, offsetof(struct debar_check, member)}

static const struct debar_field check_fields[] = {
	CHECK(VERDICT, U32, true, verdict),
	CHECK(REASON, U32, true, reason),
	CHECK(BAN_ID, STRING, false, ban_id),
	CHECK(VENDOR, STRING, false, vendor),
	CHECK(PRODUCT, STRING, false, product),
	CHECK(AUTHORITY, STRING, false, authority),
	CHECK(KIND, U32, false, kind),
	CHECK(DIGEST, DIGEST, false, digest),
	CHECK(SIZE, U64, false, size),
	CHECK(CITATION, STRING, false, law.citation),
	CHECK(OVERRIDE, STRING, false, law.override),
	CHECK(STAGE, U32, false, law.stage),
	CHECK(WAIVER_ID, STRING, false, law.waiver_id),
	CHECK(WAIVER_OWNER, STRING, false, law.waiver_owner),
	CHECK(WAIVER_TICKET, STRING, false, law.waiver_ticket),
	CHECK(WAIVER_EXPIRES, U64, false, law.waiver_expires),
	CHECK(SPARED, FLAG, false, law.spared),
	CHECK(DERIVED, STRING, false, law.derived),
};

static int read_check(const struct nlmsghdr *reply, void *data)
{
	return debar_fields_read(reply, check_fields, ARRAY_SIZE(check_fields), data);
}

static int check(struct debar_client *client, struct nlmsghdr *request, struct debar_check *check)
{
	memset(check, 0, sizeof(*check));
	check->size = DEBAR_SIZE_UNKNOWN;
	return debar_socket_exchange(client->sock, request, read_check, check);
}

int debar_client_check_fd(struct debar_client *client, int fd, struct debar_check *answer)
{
	struct nlmsghdr *request = debar_client_request(client, DEBAR_CMD_CHECK, 0);

	mnl_attr_put_u32(request, DEBAR_A_CHECK_FD, (uint32_t)fd);
	return check(client, request, answer);
}

int debar_client_check_digest(struct debar_client *client, uint32_t kind, const uint8_t *digest,
			      struct debar_check *answer)
{
	struct nlmsghdr *request = debar_client_request(client, DEBAR_CMD_CHECK, 0);

	mnl_attr_put(request, DEBAR_A_CHECK_DIGEST, DEBAR_DIGEST_SIZE, digest);
	mnl_attr_put_u32(request, DEBAR_A_CHECK_KIND, kind);
	return check(client, request, answer);
}
