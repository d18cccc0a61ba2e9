// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers in many messages: bans, waivers, indicators and denials.
 *
 * A dump runs in the reader's task, one part at a time; what it holds between two parts lies in the
 * callback's context.
 */
#include <linux/build_bug.h>
#include <linux/string.h>

#include "compat/compat.h"
#include "denials.h"
#include "limits.h"
#include "netlink_gen.h"
#include "netlink_private.h"
#include "policy.h"

/**
 * struct policy_dump - a walk through the bans, waivers or indicators of one policy
 * @policy: with a reference, from start to done: a policy that is replaced meanwhile is still shown
 *	whole
 * @layer: of the next indicator
 * @kind: of the next indicator
 * @index: of the next ban, waiver or indicator
 */
struct policy_dump {
	struct debar_policy *policy;
	u32 layer;
	u32 kind;
	u32 index;
};

/**
 * struct denial_dump - a walk through the ring
 * @next: lowest sequence number that was not shown yet
 * @before: first sequence number that came after the walk began
 * @state_shown: the first message is out
 */
struct denial_dump {
	u64 next;
	u64 before;
	bool state_shown;
};

static void *begin_part(struct sk_buff *skb, struct netlink_callback *cb, int command)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, &debar_family,
			   NLM_F_MULTI, command);
}

/* Returns whether the part went into the message whole; otherwise it is not in it at all. */
static bool end_part(struct sk_buff *skb, void *header, int error)
{
	if (error) {
		genlmsg_cancel(skb, header);
		return false;
	}
	genlmsg_end(skb, header);
	return true;
}

/*
 * What a dump returns when the next part does not fit: it goes into a message of its own, unless
 * this is one.
 */
static int full(const struct sk_buff *skb)
{
	return skb->len ? skb->len : -EMSGSIZE;
}

int debar_nl_policy_dump_start(struct netlink_callback *cb)
{
	struct policy_dump *dump = (void *)cb->ctx;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));
	memset(dump, 0, sizeof(*dump));
	dump->policy = debar_policy_get();
	return 0;
}

/* Not when the dump starts: there, some kernels do not hand on the words that go with a refusal. */
static int may_dump_policy(const struct policy_dump *dump, struct netlink_callback *cb)
{
	int ret = debar_netlink_may(cb->skb, cb->extack);

	if (ret || dump->policy)
		return ret;
	NL_SET_ERR_MSG(cb->extack, "no policy is loaded");
	return -ENODATA;
}

int debar_nl_policy_dump_done(struct netlink_callback *cb)
{
	struct policy_dump *dump = (void *)cb->ctx;

	debar_policy_put(dump->policy);
	return 0;
}

static int put_dates(struct sk_buff *skb, const struct debar_policy *policy,
		     const struct debar_blob_ban *ban)
{
	u64 now = debar_policy_now(policy);
	const struct {
		int attribute;
		u64 date;
	} dates[] = {
		{ DEBAR_A_BAN_AUDIT_FROM, le64_to_cpu(ban->audit_from) },
		{ DEBAR_A_BAN_WARN_FROM, le64_to_cpu(ban->warn_from) },
		{ DEBAR_A_BAN_ENFORCE_FROM, le64_to_cpu(ban->enforce_from) },
		{ DEBAR_A_BAN_NEXT_DATE, debar_blob_next_stage(ban, now) },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(dates); i++)
		if (debar_netlink_put_date(skb, dates[i].attribute, dates[i].date, DEBAR_A_BAN_PAD))
			return -EMSGSIZE;
	return nla_put_u32(skb, DEBAR_A_BAN_STAGE, debar_blob_stage(ban, now));
}

static int put_ban(struct sk_buff *skb, const struct debar_policy *policy, u32 index)
{
	const struct debar_blob *blob = &policy->blob;
	const struct debar_blob_ban *ban = &blob->bans[index];

	if (nla_put_string(skb, DEBAR_A_BAN_ID, debar_blob_string(blob, ban->id)) ||
	    nla_put_string(skb, DEBAR_A_BAN_VENDOR, debar_blob_string(blob, ban->vendor)) ||
	    nla_put_string(skb, DEBAR_A_BAN_PRODUCT, debar_blob_string(blob, ban->product)) ||
	    nla_put_string(skb, DEBAR_A_BAN_AUTHORITY, debar_blob_string(blob, ban->authority)) ||
	    nla_put_string(skb, DEBAR_A_BAN_CITATION, debar_blob_string(blob, ban->citation)) ||
	    nla_put_string(skb, DEBAR_A_BAN_OVERRIDE, debar_blob_string(blob, ban->override)) ||
	    nla_put_u32(skb, DEBAR_A_BAN_MODE, le32_to_cpu(ban->mode)) ||
	    nla_put_u32(skb, DEBAR_A_BAN_OPERATIONS, le32_to_cpu(ban->operations)) ||
	    nla_put_u32(skb, DEBAR_A_BAN_STATUS, le32_to_cpu(ban->status)) ||
	    nla_put_u32(skb, DEBAR_A_BAN_PROHIBITS, le32_to_cpu(ban->prohibits)) ||
	    nla_put_u32(skb, DEBAR_A_BAN_INDICATORS, policy->ban_indicators[index]))
		return -EMSGSIZE;
	return put_dates(skb, policy, ban);
}

static int put_waiver(struct sk_buff *skb, const struct debar_policy *policy, u32 index)
{
	const struct debar_blob *blob = &policy->blob;
	const struct debar_blob_waiver *waiver = &blob->waivers[index];
	const struct debar_blob_ban *ban = &blob->bans[le32_to_cpu(waiver->ban)];

	if (nla_put_string(skb, DEBAR_A_WAIVER_ID, debar_blob_string(blob, waiver->id)) ||
	    nla_put_string(skb, DEBAR_A_WAIVER_BAN_ID, debar_blob_string(blob, ban->id)) ||
	    nla_put_string(skb, DEBAR_A_WAIVER_PRODUCT, debar_blob_string(blob, waiver->product)) ||
	    nla_put_string(skb, DEBAR_A_WAIVER_HOST, debar_blob_string(blob, waiver->host)) ||
	    nla_put_string(skb, DEBAR_A_WAIVER_OWNER, debar_blob_string(blob, waiver->owner)) ||
	    nla_put_string(skb, DEBAR_A_WAIVER_TICKET, debar_blob_string(blob, waiver->ticket)) ||
	    nla_put_string(skb, DEBAR_A_WAIVER_REASON, debar_blob_string(blob, waiver->reason)) ||
	    nla_put_u64_64bit(skb, DEBAR_A_WAIVER_EXPIRES, le64_to_cpu(waiver->expires),
			      DEBAR_A_WAIVER_PAD))
		return -EMSGSIZE;
	if (le32_to_cpu(waiver->kind) == DEBAR_BLOB_NO_KIND)
		return 0;
	if (nla_put_u32(skb, DEBAR_A_WAIVER_KIND, le32_to_cpu(waiver->kind)))
		return -EMSGSIZE;
	return nla_put(skb, DEBAR_A_WAIVER_DIGEST, DEBAR_DIGEST_SIZE, waiver->digest);
}

/* Of each record of a section, of bans or of waivers, a part. */
static int dump_section(struct sk_buff *skb, struct netlink_callback *cb, int command,
			int (*put)(struct sk_buff *skb, const struct debar_policy *policy,
				   u32 index))
{
	struct policy_dump *dump = (void *)cb->ctx;
	const struct debar_blob_header *h;
	int ret = may_dump_policy(dump, cb);
	u32 count;

	if (ret)
		return ret;
	h = dump->policy->blob.header;
	count = le32_to_cpu(command == DEBAR_CMD_BAN_DUMP ? h->ban_count : h->waiver_count);
	for (; dump->index < count; dump->index++) {
		void *header = begin_part(skb, cb, command);

		if (!header || !end_part(skb, header, put(skb, dump->policy, dump->index)))
			return full(skb);
	}
	return skb->len;
}

int debar_nl_ban_dump_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_section(skb, cb, DEBAR_CMD_BAN_DUMP, put_ban);
}

int debar_nl_waiver_dump_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	return dump_section(skb, cb, DEBAR_CMD_WAIVER_DUMP, put_waiver);
}

static int put_indicator(struct sk_buff *skb, const struct debar_policy *policy,
			 enum debar_layer layer, u32 kind_number, u32 index)
{
	const struct debar_blob *blob = &policy->blob;
	const struct debar_blob_kind *kind = &blob->kinds[kind_number];
	const struct debar_blob_indicator *indicator = &kind->indicators[index];
	const struct debar_blob_detail *detail = debar_blob_detail(blob, indicator);
	const struct debar_blob_ban *ban = debar_blob_ban(blob, indicator);
	u64 size;

	if (nla_put_u32(skb, DEBAR_A_INDICATOR_KIND, kind_number) ||
	    nla_put(skb, DEBAR_A_INDICATOR_DIGEST, DEBAR_DIGEST_SIZE, indicator->digest) ||
	    nla_put_string(skb, DEBAR_A_INDICATOR_BAN_ID, debar_blob_string(blob, ban->id)) ||
	    nla_put_string(skb, DEBAR_A_INDICATOR_PRODUCT,
			   debar_blob_string(blob, detail->product)) ||
	    nla_put_string(skb, DEBAR_A_INDICATOR_VERSION,
			   debar_blob_string(blob, detail->version)) ||
	    nla_put_string(skb, DEBAR_A_INDICATOR_SOURCE, debar_blob_string(blob, detail->source)))
		return -EMSGSIZE;
	if (layer == DEBAR_LAYER_LOCAL && nla_put_u32(skb, DEBAR_A_INDICATOR_LOCAL, 1))
		return -EMSGSIZE;
	if (!debar_blob_size_of(kind, indicator, &size))
		return 0;
	return nla_put_u64_64bit(skb, DEBAR_A_INDICATOR_SIZE, size, DEBAR_A_INDICATOR_PAD);
}

/* A part for each indicator of the layer that the dump has come to; false when one does not fit. */
static bool dump_layer(struct sk_buff *skb, struct netlink_callback *cb, struct policy_dump *dump)
{
	const struct debar_policy *policy = debar_policy_layer(dump->policy, dump->layer);

	for (; policy && dump->kind < DEBAR_BLOB_KINDS; dump->kind++, dump->index = 0) {
		u32 count = policy->blob.kinds[dump->kind].indicator_count;

		for (; dump->index < count; dump->index++) {
			void *header = begin_part(skb, cb, DEBAR_CMD_INDICATOR_DUMP);

			if (!header || !end_part(skb, header,
						 put_indicator(skb, policy, dump->layer,
							       dump->kind, dump->index)))
				return false;
		}
	}
	return true;
}

int debar_nl_indicator_dump_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct policy_dump *dump = (void *)cb->ctx;
	int ret = may_dump_policy(dump, cb);

	if (ret)
		return ret;
	for (; dump->layer < DEBAR_LAYERS; dump->layer++, dump->kind = 0)
		if (!dump_layer(skb, cb, dump))
			return full(skb);
	return skb->len;
}

int debar_nl_denial_dump_start(struct netlink_callback *cb)
{
	struct nlattr **attributes = debar_compat_dump_attrs(cb);
	struct denial_dump *dump = (void *)cb->ctx;
	struct debar_denials_state state;

	BUILD_BUG_ON(sizeof(*dump) > sizeof(cb->ctx));
	memset(dump, 0, sizeof(*dump));
	debar_denials_state(&state);
	dump->before = state.next;
	if (attributes && attributes[DEBAR_A_DENIAL_SINCE])
		dump->next = nla_get_u64(attributes[DEBAR_A_DENIAL_SINCE]);
	cb->min_dump_alloc = DEBAR_DENIAL_ROOM;
	return 0;
}

static int put_u64(struct sk_buff *skb, int attribute, u64 value)
{
	return nla_put_u64_64bit(skb, attribute, value, DEBAR_A_DENIAL_PAD);
}

static int put_state(struct sk_buff *skb)
{
	struct debar_denials_state state;

	debar_denials_state(&state);
	if (put_u64(skb, DEBAR_A_DENIAL_OLDEST, state.oldest) ||
	    put_u64(skb, DEBAR_A_DENIAL_NEXT, state.next) ||
	    put_u64(skb, DEBAR_A_DENIAL_LOST, state.lost))
		return -EMSGSIZE;
	return put_u64(skb, DEBAR_A_DENIAL_GENERATION, debar_denials_generation());
}

static int put_event(struct sk_buff *skb, const struct debar_denial *d)
{
	if (put_u64(skb, DEBAR_A_DENIAL_SEQUENCE, d->sequence) ||
	    put_u64(skb, DEBAR_A_DENIAL_WALL_TIME, d->wall_time) ||
	    put_u64(skb, DEBAR_A_DENIAL_BOOT_TIME, d->boot_time) ||
	    nla_put_u32(skb, DEBAR_A_DENIAL_OPERATION, d->operation) ||
	    nla_put_u32(skb, DEBAR_A_DENIAL_VERDICT, d->verdict))
		return -EMSGSIZE;
	return nla_put_u32(skb, DEBAR_A_DENIAL_REASON, d->reason);
}

static int put_waived(struct sk_buff *skb, const struct debar_denial *d)
{
	if (!*d->waiver)
		return 0;
	if (nla_put_string(skb, DEBAR_A_DENIAL_WAIVER_ID, d->waiver) ||
	    nla_put_string(skb, DEBAR_A_DENIAL_WAIVER_OWNER, d->waiver_owner) ||
	    nla_put_string(skb, DEBAR_A_DENIAL_WAIVER_TICKET, d->waiver_ticket))
		return -EMSGSIZE;
	return put_u64(skb, DEBAR_A_DENIAL_WAIVER_EXPIRES, d->waiver_expires);
}

static int put_match(struct sk_buff *skb, const struct debar_denial *d)
{
	if (d->reason != DEBAR_REASON_INDICATOR)
		return 0;
	if (nla_put_string(skb, DEBAR_A_DENIAL_BAN_ID, d->ban_id) ||
	    nla_put_string(skb, DEBAR_A_DENIAL_VENDOR, d->vendor) ||
	    nla_put_string(skb, DEBAR_A_DENIAL_PRODUCT, d->product) ||
	    nla_put_string(skb, DEBAR_A_DENIAL_AUTHORITY, d->authority) ||
	    nla_put_string(skb, DEBAR_A_DENIAL_CITATION, d->citation) ||
	    nla_put_u32(skb, DEBAR_A_DENIAL_STAGE, d->stage) ||
	    nla_put_u32(skb, DEBAR_A_DENIAL_KIND, d->kind) ||
	    nla_put(skb, DEBAR_A_DENIAL_DIGEST, DEBAR_DIGEST_SIZE, d->digest))
		return -EMSGSIZE;
	if (*d->override && nla_put_string(skb, DEBAR_A_DENIAL_OVERRIDE, d->override))
		return -EMSGSIZE;
	if (*d->derived && nla_put_string(skb, DEBAR_A_DENIAL_DERIVED, d->derived))
		return -EMSGSIZE;
	return put_waived(skb, d);
}

static int put_file(struct sk_buff *skb, const struct debar_denial *d)
{
	if (d->has_sha256 &&
	    nla_put(skb, DEBAR_A_DENIAL_FILE_SHA256, DEBAR_DIGEST_SIZE, d->sha256))
		return -EMSGSIZE;
	if (put_u64(skb, DEBAR_A_DENIAL_SIZE, d->size) ||
	    nla_put(skb, DEBAR_A_DENIAL_PATH, strlen(d->path), d->path) ||
	    nla_put_u32(skb, DEBAR_A_DENIAL_DEVICE, d->device) ||
	    put_u64(skb, DEBAR_A_DENIAL_INODE, d->inode))
		return -EMSGSIZE;
	return nla_put_string(skb, DEBAR_A_DENIAL_FILESYSTEM, d->filesystem);
}

static int put_subject(struct sk_buff *skb, const struct debar_denial *d)
{
	if (nla_put_u32(skb, DEBAR_A_DENIAL_PID, d->pid) ||
	    nla_put_u32(skb, DEBAR_A_DENIAL_TGID, d->tgid) ||
	    nla_put_u32(skb, DEBAR_A_DENIAL_PPID, d->ppid) ||
	    nla_put_u32(skb, DEBAR_A_DENIAL_UID, d->uid) ||
	    nla_put_u32(skb, DEBAR_A_DENIAL_EUID, d->euid) ||
	    nla_put_u32(skb, DEBAR_A_DENIAL_LOGINUID, d->loginuid) ||
	    nla_put_u32(skb, DEBAR_A_DENIAL_SESSION, d->session) ||
	    nla_put(skb, DEBAR_A_DENIAL_COMM, strnlen(d->comm, sizeof(d->comm)), d->comm) ||
	    nla_put(skb, DEBAR_A_DENIAL_SUBJECT_EXE, strlen(d->subject_exe), d->subject_exe) ||
	    put_u64(skb, DEBAR_A_DENIAL_CGROUP, d->cgroup) ||
	    nla_put_u32(skb, DEBAR_A_DENIAL_PID_NS, d->pid_ns))
		return -EMSGSIZE;
	return nla_put_u32(skb, DEBAR_A_DENIAL_MNT_NS, d->mnt_ns);
}

static int put_denial(struct sk_buff *skb, const struct debar_denial *d)
{
	if (d->spared && nla_put_u32(skb, DEBAR_A_DENIAL_SPARED, 1))
		return -EMSGSIZE;
	if (put_event(skb, d) || put_match(skb, d) || put_file(skb, d) || put_subject(skb, d))
		return -EMSGSIZE;
	if (!d->policy_serial)
		return 0;
	if (*d->policy_signer &&
	    nla_put_string(skb, DEBAR_A_DENIAL_POLICY_SIGNER, d->policy_signer))
		return -EMSGSIZE;
	if (nla_put_string(skb, DEBAR_A_DENIAL_POLICY_NAME, d->policy_name) ||
	    put_u64(skb, DEBAR_A_DENIAL_POLICY_SERIAL, d->policy_serial))
		return -EMSGSIZE;
	return nla_put(skb, DEBAR_A_DENIAL_POLICY_DIGEST, DEBAR_DIGEST_SIZE, d->policy_digest);
}

int debar_nl_denial_dump_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct denial_dump *dump = (void *)cb->ctx;
	struct debar_denial *denial;
	void *header;
	int ret = debar_netlink_may(cb->skb, cb->extack);

	if (ret)
		return ret;
	if (!dump->state_shown) {
		header = begin_part(skb, cb, DEBAR_CMD_DENIAL_DUMP);
		if (!header || !end_part(skb, header, put_state(skb)))
			return full(skb);
		dump->state_shown = true;
	}
	while ((denial = debar_denials_get(dump->next, dump->before))) {
		bool whole;

		header = begin_part(skb, cb, DEBAR_CMD_DENIAL_DUMP);
		whole = header && end_part(skb, header, put_denial(skb, denial));
		if (whole) {
			dump->next = denial->sequence + 1;
			debar_denials_fetched(denial->sequence);
		}
		debar_denial_put(denial);
		if (!whole)
			return full(skb);
	}
	return skb->len;
}
