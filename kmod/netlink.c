// SPDX-License-Identifier: GPL-2.0-only
/*
 * debar's generic netlink family: who may ask, the single questions, and the announcements.
 *
 * Commands run in the asking task and in parallel; each part of debar that they speak to does its
 * own locking. An announcement tells only that there is something to fetch, because any kernel's
 * check on who joins a group is weaker than that on who asks.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/module.h>
#include <linux/string.h>

#include "attach.h"
#include "compat/compat.h"
#include "counters.h"
#include "denials.h"
#include "judge.h"
#include "limits.h"
#include "netlink.h"
#include "netlink_gen.h"
#include "netlink_private.h"
#include "policy.h"
#include "scan.h"
#include "settle.h"
#include "verdict_cache.h"

/* Room for a reply without lists: every string at its longest and all numbers. */
#define REPLY_SIZE	4096

/* Joining a group needs CAP_SYS_ADMIN: the strongest that the kernel can ask for here. */
static const struct genl_multicast_group groups[] = {
	[DEBAR_NLGRP_DENIALS] = { DEBAR_MCGRP_DENIALS, GENL_MCAST_CAP_SYS_ADMIN },
	[DEBAR_NLGRP_POLICY] = { DEBAR_MCGRP_POLICY, GENL_MCAST_CAP_SYS_ADMIN },
};

struct genl_family debar_family __ro_after_init = {
	.name = DEBAR_FAMILY_NAME,
	.version = DEBAR_FAMILY_VERSION,
	.module = THIS_MODULE,
	.parallel_ops = true,
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/**
 * debar_netlink_may() - whether the one who asks is entitled to
 * @request: the message
 * @extack: told when not
 *
 * Return: 0 or -EPERM.
 */
int debar_netlink_may(struct sk_buff *request, struct netlink_ext_ack *extack)
{
	if (netlink_capable(request, CAP_MAC_ADMIN))
		return 0;
	NL_SET_ERR_MSG(extack, "CAP_MAC_ADMIN in the initial user namespace is needed");
	return -EPERM;
}

/* Of one layer. */
static u32 count_indicators(const struct debar_policy *policy)
{
	u32 sum = 0;
	int i;

	for (i = 0; i < DEBAR_BLOB_KINDS; i++)
		sum += policy->blob.kinds[i].indicator_count;
	return sum;
}

/**
 * debar_netlink_put_counts() - add how much a policy holds
 * @skb: message
 * @bans: attribute for the number of bans
 * @indicators: attribute for the number of indicators
 * @policy: the policy
 *
 * Return: 0 or -EMSGSIZE.
 */
int debar_netlink_put_counts(struct sk_buff *skb, int bans, int indicators,
			     const struct debar_policy *policy)
{
	if (nla_put_u32(skb, bans, le32_to_cpu(policy->blob.header->ban_count)))
		return -EMSGSIZE;
	return nla_put_u32(skb, indicators, count_indicators(policy));
}

static struct sk_buff *new_message(u32 portid, u32 sequence, int command, void **header)
{
	struct sk_buff *skb = genlmsg_new(REPLY_SIZE, GFP_KERNEL);

	if (!skb)
		return NULL;
	*header = genlmsg_put(skb, portid, sequence, &debar_family, 0, command);
	if (*header)
		return skb;
	nlmsg_free(skb);
	return NULL;
}

/**
 * debar_netlink_begin_reply() - make the answer to a command
 * @info: the command
 * @header: set to what debar_netlink_end_reply() wants
 *
 * Return: a message with room for an answer without lists, or NULL without memory.
 */
struct sk_buff *debar_netlink_begin_reply(const struct genl_info *info, void **header)
{
	return new_message(info->snd_portid, info->snd_seq, info->genlhdr->cmd, header);
}

/**
 * debar_netlink_end_reply() - send the answer to a command
 * @skb: from debar_netlink_begin_reply(); consumed
 * @header: from there
 * @info: the command
 * @error: what filling the message returned: if not 0, it is not sent
 *
 * Return: @error, or what sending returns.
 */
int debar_netlink_end_reply(struct sk_buff *skb, void *header, struct genl_info *info, int error)
{
	if (error) {
		nlmsg_free(skb);
		return error;
	}
	genlmsg_end(skb, header);
	return genlmsg_reply(skb, info);
}

static int put_u64(struct sk_buff *skb, int attribute, u64 value)
{
	return nla_put_u64_64bit(skb, attribute, value, DEBAR_A_STATUS_PAD);
}

/**
 * debar_netlink_put_date() - add a date, unless it never comes
 * @skb: message
 * @attribute: for the date
 * @date: in seconds since 1970, or DEBAR_BLOB_NEVER
 * @pad: the set's attribute for padding
 *
 * Return: 0 or -EMSGSIZE.
 */
int debar_netlink_put_date(struct sk_buff *skb, int attribute, u64 date, int pad)
{
	return date == DEBAR_BLOB_NEVER ? 0 : nla_put_u64_64bit(skb, attribute, date, pad);
}

static int put_local_status(struct sk_buff *skb, const struct debar_policy *local)
{
	if (!local)
		return 0;
	if (nla_put(skb, DEBAR_A_STATUS_LOCAL_DIGEST, DEBAR_DIGEST_SIZE, local->digest))
		return -EMSGSIZE;
	return nla_put_u32(skb, DEBAR_A_STATUS_LOCAL_INDICATORS, count_indicators(local));
}

static int put_policy_status(struct sk_buff *skb, const struct debar_policy *policy)
{
	const struct debar_blob *blob;
	u64 next;

	if (!policy)
		return 0;
	blob = &policy->blob;
	next = debar_blob_next_date(blob, debar_policy_now(policy));
	if (nla_put_string(skb, DEBAR_A_STATUS_POLICY_NAME, debar_policy_name(policy)) ||
	    put_u64(skb, DEBAR_A_STATUS_POLICY_SERIAL, debar_policy_serial(policy)) ||
	    nla_put(skb, DEBAR_A_STATUS_POLICY_DIGEST, DEBAR_DIGEST_SIZE, policy->digest) ||
	    nla_put_u32(skb, DEBAR_A_STATUS_WAIVERS, le32_to_cpu(blob->header->waiver_count)) ||
	    (policy->signer &&
	     nla_put_string(skb, DEBAR_A_STATUS_POLICY_SIGNER, policy->signer)) ||
	    debar_netlink_put_date(skb, DEBAR_A_STATUS_NEXT_DATE, next, DEBAR_A_STATUS_PAD) ||
	    put_local_status(skb, policy->local))
		return -EMSGSIZE;
	return debar_netlink_put_counts(skb, DEBAR_A_STATUS_BANS, DEBAR_A_STATUS_INDICATORS,
					policy);
}

static int put_work_status(struct sk_buff *skb)
{
	static const struct {
		int attribute;
		enum debar_counter counter;
	} numbers[] = {
		{ DEBAR_A_STATUS_JUDGED, DEBAR_COUNT_JUDGED },
		{ DEBAR_A_STATUS_CLEARED_BY_SIZE, DEBAR_COUNT_CLEARED_BY_SIZE },
		{ DEBAR_A_STATUS_CACHE_HITS, DEBAR_COUNT_CACHE_HITS },
		{ DEBAR_A_STATUS_CACHE_MISSES, DEBAR_COUNT_CACHE_MISSES },
		{ DEBAR_A_STATUS_HASHED_FILES, DEBAR_COUNT_HASHED_FILES },
		{ DEBAR_A_STATUS_HASHED_BYTES, DEBAR_COUNT_HASHED_BYTES },
		{ DEBAR_A_STATUS_DENIED, DEBAR_COUNT_DENIED },
		{ DEBAR_A_STATUS_AUDITED, DEBAR_COUNT_AUDITED },
		{ DEBAR_A_STATUS_REFUSED_EARLY, DEBAR_COUNT_REFUSED_EARLY },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (put_u64(skb, numbers[i].attribute, debar_counted(numbers[i].counter)))
			return -EMSGSIZE;
	if (nla_put_u32(skb, DEBAR_A_STATUS_CACHE_ENTRIES, debar_cache_entries()))
		return -EMSGSIZE;
	return nla_put_u32(skb, DEBAR_A_STATUS_CACHE_SIZE, debar_cache_size());
}

static int put_denial_status(struct sk_buff *skb, const struct debar_denials_state *state)
{
	if (put_u64(skb, DEBAR_A_STATUS_DENIALS_NEXT, state->next) ||
	    put_u64(skb, DEBAR_A_STATUS_DENIALS_LOST, state->lost) ||
	    nla_put_u32(skb, DEBAR_A_STATUS_RING_SIZE, debar_denials_size()))
		return -EMSGSIZE;
	return put_u64(skb, DEBAR_A_STATUS_GENERATION, debar_denials_generation());
}

static int put_failures(struct sk_buff *skb, u64 *sum)
{
	enum debar_reason reason;

	*sum = 0;
	for (reason = DEBAR_REASON_INDICATOR + 1; reason <= DEBAR_REASON_MAX; reason++) {
		u64 count = debar_counted(DEBAR_COUNT_FAILURES + reason);
		struct nlattr *nest = nla_nest_start(skb, DEBAR_A_STATUS_FAILURE);

		if (!nest || nla_put_u32(skb, DEBAR_A_FAILURE_REASON, reason) ||
		    nla_put_u64_64bit(skb, DEBAR_A_FAILURE_COUNT, count, DEBAR_A_FAILURE_PAD))
			return -EMSGSIZE;
		nla_nest_end(skb, nest);
		*sum += count;
	}
	return 0;
}

static int put_health(struct sk_buff *skb, const struct debar_policy *policy, u64 lost,
		      u64 failures)
{
	const struct {
		bool is;
		enum debar_health health;
	} states[] = {
		{ !policy, DEBAR_HEALTH_NO_POLICY },
		{ debar_mode() == DEBAR_MODE_MONITOR, DEBAR_HEALTH_MONITOR_ONLY },
		{ lost, DEBAR_HEALTH_DENIALS_LOST },
		{ failures, DEBAR_HEALTH_UNIDENTIFIED },
		{ !debar_attached(), DEBAR_HEALTH_HOOK_DETACHED },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(states); i++)
		if (states[i].is && nla_put_u32(skb, DEBAR_A_STATUS_HEALTH, states[i].health))
			return -EMSGSIZE;
	return 0;
}

static int put_status(struct sk_buff *skb, const struct debar_policy *policy)
{
	struct debar_denials_state state;
	u64 failures;

	debar_denials_state(&state);
	if (nla_put_string(skb, DEBAR_A_STATUS_VERSION, DEBAR_VERSION) ||
	    nla_put_u32(skb, DEBAR_A_STATUS_FORM, debar_form()) ||
	    nla_put_u32(skb, DEBAR_A_STATUS_MODE, debar_mode()) ||
	    nla_put_u32(skb, DEBAR_A_STATUS_FAIL_CLOSED, debar_settle_fails_closed()) ||
	    put_policy_status(skb, policy) || put_work_status(skb) ||
	    put_denial_status(skb, &state) || put_failures(skb, &failures) ||
	    nla_put_u32(skb, DEBAR_A_STATUS_SCANNERS, debar_scan_count()) ||
	    nla_put_u32(skb, DEBAR_A_STATUS_SEALED, debar_sealed()))
		return -EMSGSIZE;
	return put_health(skb, policy, state.lost, failures);
}

int debar_nl_status_get_doit(struct sk_buff *request, struct genl_info *info)
{
	struct debar_policy *policy;
	struct sk_buff *skb;
	void *header;
	int ret = debar_netlink_may(request, info->extack);

	if (ret)
		return ret;
	skb = debar_netlink_begin_reply(info, &header);
	if (!skb)
		return -ENOMEM;
	policy = debar_policy_get();
	ret = put_status(skb, policy);
	debar_policy_put(policy);
	return debar_netlink_end_reply(skb, header, info, ret);
}

static int put_policy(struct sk_buff *skb, const struct debar_policy *policy)
{
	if (nla_put_string(skb, DEBAR_A_POLICY_NAME, debar_policy_name(policy)) ||
	    nla_put_u64_64bit(skb, DEBAR_A_POLICY_SERIAL, debar_policy_serial(policy),
			      DEBAR_A_POLICY_PAD) ||
	    nla_put_u64_64bit(skb, DEBAR_A_POLICY_ISSUED,
			      le64_to_cpu(policy->blob.header->issued), DEBAR_A_POLICY_PAD) ||
	    nla_put(skb, DEBAR_A_POLICY_DIGEST, DEBAR_DIGEST_SIZE, policy->digest) ||
	    nla_put_u64_64bit(skb, DEBAR_A_POLICY_LENGTH, policy->length, DEBAR_A_POLICY_PAD))
		return -EMSGSIZE;
	return debar_netlink_put_counts(skb, DEBAR_A_POLICY_BANS, DEBAR_A_POLICY_INDICATORS,
					policy);
}

int debar_nl_policy_get_doit(struct sk_buff *request, struct genl_info *info)
{
	struct debar_policy *policy;
	struct sk_buff *skb;
	void *header;
	int ret = debar_netlink_may(request, info->extack);

	if (ret)
		return ret;
	policy = debar_policy_get();
	if (!policy) {
		NL_SET_ERR_MSG(info->extack, "no policy is loaded");
		return -ENODATA;
	}
	skb = debar_netlink_begin_reply(info, &header);
	ret = skb ? debar_netlink_end_reply(skb, header, info, put_policy(skb, policy)) : -ENOMEM;
	debar_policy_put(policy);
	return ret;
}

int debar_nl_mode_set_doit(struct sk_buff *request, struct genl_info *info)
{
	int ret = debar_netlink_may(request, info->extack);

	if (ret)
		return ret;
	if (!info->attrs[DEBAR_A_STATUS_MODE]) {
		NL_SET_ERR_MSG(info->extack, "the attribute mode is missing");
		return -EINVAL;
	}
	ret = debar_mode_set(nla_get_u32(info->attrs[DEBAR_A_STATUS_MODE]), info->extack);
	if (ret > 0)
		debar_netlink_announce_policy();
	return min(ret, 0);
}

int debar_nl_seal_doit(struct sk_buff *request, struct genl_info *info)
{
	int ret = debar_netlink_may(request, info->extack);

	return ret ?: debar_seal(info->extack);
}

int debar_nl_cache_flush_doit(struct sk_buff *request, struct genl_info *info)
{
	int ret = debar_netlink_may(request, info->extack);

	if (!ret)
		debar_cache_flush();
	return ret;
}

int debar_nl_scan_begin_doit(struct sk_buff *request, struct genl_info *info)
{
	int ret = debar_netlink_may(request, info->extack);

	if (ret)
		return ret;
	ret = debar_scan_begin(info->snd_portid);
	if (ret == -EBUSY)
		NL_SET_ERR_MSG(info->extack, "another process scans by this socket: open another");
	else if (ret)
		NL_SET_ERR_MSG(info->extack, "too many processes are scanning: try again later");
	return ret;
}

static void announce(struct sk_buff *skb, void *header, int group, int error)
{
	if (error) {
		nlmsg_free(skb);
		return;
	}
	genlmsg_end(skb, header);
	/* Without a listener this is -ESRCH, which is no error. */
	genlmsg_multicast(&debar_family, skb, 0, group, GFP_KERNEL);
}

static struct sk_buff *begin_announcement(int command, void **header)
{
	return new_message(0, 0, command, header);
}

/**
 * debar_netlink_announce_denials() - tell readers that there are denials to fetch
 *
 * Context: process. Without memory nobody is told; the next denial tells again.
 */
void debar_netlink_announce_denials(void)
{
	struct debar_denials_state state;
	struct sk_buff *skb;
	void *header;
	int error;

	skb = begin_announcement(DEBAR_CMD_DENIAL_NTF, &header);
	if (!skb)
		return;
	debar_denials_state(&state);
	error = nla_put_u64_64bit(skb, DEBAR_A_DENIAL_NEXT, state.next, DEBAR_A_DENIAL_PAD) ?:
		nla_put_u64_64bit(skb, DEBAR_A_DENIAL_LOST, state.lost, DEBAR_A_DENIAL_PAD);
	announce(skb, header, DEBAR_NLGRP_DENIALS, error);
}

/**
 * debar_netlink_announce_policy() - tell readers that the policy or the mode has changed
 *
 * Context: process.
 */
void debar_netlink_announce_policy(void)
{
	struct debar_policy *policy;
	struct sk_buff *skb;
	void *header;
	int error = 0;

	skb = begin_announcement(DEBAR_CMD_POLICY_NTF, &header);
	if (!skb)
		return;
	policy = debar_policy_get();
	if (policy)
		error = nla_put_string(skb, DEBAR_A_POLICY_NAME, debar_policy_name(policy)) ?:
			nla_put_u64_64bit(skb, DEBAR_A_POLICY_SERIAL, debar_policy_serial(policy),
					  DEBAR_A_POLICY_PAD) ?:
			nla_put(skb, DEBAR_A_POLICY_DIGEST, DEBAR_DIGEST_SIZE, policy->digest);
	debar_policy_put(policy);
	announce(skb, header, DEBAR_NLGRP_POLICY, error);
}

/**
 * debar_netlink_init() - register the family
 *
 * Return: 0, or what the kernel returns.
 */
int __init debar_netlink_init(void)
{
	int ret;

	debar_compat_set_ops(&debar_family, debar_nl_ops, ARRAY_SIZE(debar_nl_ops));
	debar_transfers_init();
	ret = genl_register_family(&debar_family);
	if (ret)
		debar_transfers_exit();
	return ret;
}

/**
 * debar_netlink_exit() - unregister the family; no command is running any more when it returns
 */
void debar_netlink_exit(void)
{
	genl_unregister_family(&debar_family);
	debar_transfers_exit();
}
