// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * denial-dump: the state of the kernel's ring, then its denials.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <linux/netlink.h>

#include "client_internal.h"
#include "util.h"

#define STATE(attr, type, member) \
	{DEBAR_A_DENIAL_##attr, FIELD_##type, true, offsetof(struct debar_denial_state, member)}

static const struct debar_field state_fields[] = {
	STATE(OLDEST, U64, oldest),
	STATE(NEXT, U64, next),
	STATE(LOST, U64, lost),
	STATE(GENERATION, U64, generation),
};

#define REQUIRED(attr, type, member) \
	{DEBAR_A_DENIAL_##attr, FIELD_##type, true, offsetof(struct debar_denial, member)}
#define OPTIONAL(attr, type, member) \
	{DEBAR_A_DENIAL_##attr, FIELD_##type, false, offsetof(struct debar_denial, member)}

static const struct debar_field denial_fields[] = {
	REQUIRED(SEQUENCE, U64, sequence),
	REQUIRED(WALL_TIME, U64, wall_time),
	REQUIRED(BOOT_TIME, U64, boot_time),
	REQUIRED(OPERATION, U32, operation),
	REQUIRED(VERDICT, U32, verdict),
	REQUIRED(REASON, U32, reason),
	OPTIONAL(BAN_ID, STRING, ban_id),
	OPTIONAL(VENDOR, STRING, vendor),
	OPTIONAL(PRODUCT, STRING, product),
	OPTIONAL(AUTHORITY, STRING, authority),
	OPTIONAL(KIND, U32, kind),
	OPTIONAL(DIGEST, DIGEST, digest),
	OPTIONAL(FILE_SHA256, DIGEST, file_sha256),
	OPTIONAL(SIZE, U64, size),
	OPTIONAL(PATH, BYTES, path),
	OPTIONAL(DEVICE, U32, device),
	OPTIONAL(INODE, U64, inode),
	OPTIONAL(FILESYSTEM, STRING, filesystem),
	OPTIONAL(PID, U32, pid),
	OPTIONAL(TGID, U32, tgid),
	OPTIONAL(PPID, U32, ppid),
	OPTIONAL(UID, U32, uid),
	OPTIONAL(EUID, U32, euid),
	OPTIONAL(LOGINUID, U32, loginuid),
	OPTIONAL(SESSION, U32, session),
	OPTIONAL(COMM, BYTES, comm),
	OPTIONAL(SUBJECT_EXE, BYTES, subject_exe),
	OPTIONAL(CGROUP, U64, cgroup),
	OPTIONAL(PID_NS, U32, pid_ns),
	OPTIONAL(MNT_NS, U32, mnt_ns),
	OPTIONAL(POLICY_NAME, STRING, policy_name),
	OPTIONAL(POLICY_SERIAL, U64, policy_serial),
	OPTIONAL(POLICY_DIGEST, DIGEST, policy_digest),
	OPTIONAL(POLICY_SIGNER, STRING, policy_signer),
	OPTIONAL(CITATION, STRING, law.citation),
	OPTIONAL(OVERRIDE, STRING, law.override),
	OPTIONAL(STAGE, U32, law.stage),
	OPTIONAL(WAIVER_ID, STRING, law.waiver_id),
	OPTIONAL(WAIVER_OWNER, STRING, law.waiver_owner),
	OPTIONAL(WAIVER_TICKET, STRING, law.waiver_ticket),
	OPTIONAL(WAIVER_EXPIRES, U64, law.waiver_expires),
	OPTIONAL(SPARED, FLAG, law.spared),
	OPTIONAL(DERIVED, STRING, law.derived),
};

/**
 * struct denial_dump - a dump under way
 * @cb: the caller's
 * @data: the caller's
 * @state: from the first message
 * @begun: the first message was there
 */
struct denial_dump {
	debar_denial_cb cb;
	void *data;
	struct debar_denial_state state;
	bool begun;
};

static int read_state(const struct nlmsghdr *reply, struct denial_dump *dump)
{
	struct debar_denial_state *state = &dump->state;
	int error = debar_fields_read(reply, state_fields, ARRAY_SIZE(state_fields), state);

	if (error)
		return error;
	if (state->oldest > state->next)
		return -EBADMSG;
	dump->begun = true;
	return dump->cb(NULL, state, dump->data);
}

int debar_client_read_denial(const struct nlmsghdr *reply, struct debar_denial *denial)
{
	memset(denial, 0, sizeof(*denial));
	denial->size = DEBAR_SIZE_UNKNOWN;
	denial->loginuid = DEBAR_ID_NONE;
	denial->session = DEBAR_ID_NONE;
	return debar_fields_read(reply, denial_fields, ARRAY_SIZE(denial_fields), denial);
}

static int read_message(const struct nlmsghdr *reply, void *data)
{
	struct denial_dump *dump = data;
	struct debar_denial denial;
	int error;

	if (!dump->begun)
		return read_state(reply, dump);
	error = debar_client_read_denial(reply, &denial);
	return error ? error : dump->cb(&denial, &dump->state, dump->data);
}

int debar_client_denial_dump(struct debar_client *client, uint64_t since, debar_denial_cb cb,
			     void *data)
{
	struct denial_dump dump = {.cb = cb, .data = data};
	struct nlmsghdr *request =
		debar_client_request(client, DEBAR_CMD_DENIAL_DUMP, NLM_F_DUMP);
	int error;

	mnl_attr_put_u64(request, DEBAR_A_DENIAL_SINCE, since);
	error = debar_socket_exchange(client->sock, request, read_message, &dump);
	if (error)
		return error;
	return dump.begun ? 0 : -EPROTO;
}
