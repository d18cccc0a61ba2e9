// SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause)
/* Do not edit directly, auto-generated from: */
/*	kmod/netlink/debar.yaml */
/* YNL-GEN kernel source */

#include <net/netlink.h>
#include <net/genetlink.h>

#include "netlink_gen.h"

#include <uapi/linux/debar.h>

/* DEBAR_CMD_POLICY_BEGIN - do */
static const struct nla_policy debar_policy_begin_nl_policy[DEBAR_A_TRANSFER_LOCAL + 1] = {
	[DEBAR_A_TRANSFER_LENGTH] = { .type = NLA_U64, },
	[DEBAR_A_TRANSFER_DIGEST] = NLA_POLICY_EXACT_LEN(DEBAR_DIGEST_SIZE),
	[DEBAR_A_TRANSFER_LOCAL] = NLA_POLICY_MAX(NLA_U32, 1),
};

/* DEBAR_CMD_POLICY_CHUNK - do */
static const struct nla_policy debar_policy_chunk_nl_policy[DEBAR_A_TRANSFER_DATA + 1] = {
	[DEBAR_A_TRANSFER_OFFSET] = { .type = NLA_U64, },
	[DEBAR_A_TRANSFER_DATA] = { .type = NLA_BINARY, },
};

/* DEBAR_CMD_POLICY_COMMIT - do */
static const struct nla_policy debar_policy_commit_nl_policy[DEBAR_A_TRANSFER_SIGNATURE + 1] = {
	[DEBAR_A_TRANSFER_SIGNATURE] = { .type = NLA_BINARY, },
};

/* DEBAR_CMD_POLICY_UNLOAD - do */
static const struct nla_policy debar_policy_unload_nl_policy[DEBAR_A_TRANSFER_LOCAL + 1] = {
	[DEBAR_A_TRANSFER_LOCAL] = NLA_POLICY_MAX(NLA_U32, 1),
};

/* DEBAR_CMD_CHECK - do */
static const struct nla_policy debar_check_nl_policy[DEBAR_A_CHECK_KIND + 1] = {
	[DEBAR_A_CHECK_FD] = { .type = NLA_U32, },
	[DEBAR_A_CHECK_DIGEST] = NLA_POLICY_EXACT_LEN(DEBAR_DIGEST_SIZE),
	[DEBAR_A_CHECK_KIND] = NLA_POLICY_MAX(NLA_U32, 3),
};

/* DEBAR_CMD_MODE_SET - do */
static const struct nla_policy debar_mode_set_nl_policy[DEBAR_A_STATUS_MODE + 1] = {
	[DEBAR_A_STATUS_MODE] = NLA_POLICY_MAX(NLA_U32, 1),
};

/* DEBAR_CMD_DENIAL_DUMP - dump */
static const struct nla_policy debar_denial_dump_nl_policy[DEBAR_A_DENIAL_SINCE + 1] = {
	[DEBAR_A_DENIAL_SINCE] = { .type = NLA_U64, },
};

/* Ops table for debar */
const struct genl_split_ops debar_nl_ops[16] = {
	{
		.cmd	= DEBAR_CMD_STATUS_GET,
		.doit	= debar_nl_status_get_doit,
		.flags	= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= DEBAR_CMD_POLICY_BEGIN,
		.doit		= debar_nl_policy_begin_doit,
		.policy		= debar_policy_begin_nl_policy,
		.maxattr	= DEBAR_A_TRANSFER_LOCAL,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= DEBAR_CMD_POLICY_CHUNK,
		.doit		= debar_nl_policy_chunk_doit,
		.policy		= debar_policy_chunk_nl_policy,
		.maxattr	= DEBAR_A_TRANSFER_DATA,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= DEBAR_CMD_POLICY_COMMIT,
		.doit		= debar_nl_policy_commit_doit,
		.policy		= debar_policy_commit_nl_policy,
		.maxattr	= DEBAR_A_TRANSFER_SIGNATURE,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd	= DEBAR_CMD_POLICY_ABORT,
		.doit	= debar_nl_policy_abort_doit,
		.flags	= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= DEBAR_CMD_POLICY_UNLOAD,
		.doit		= debar_nl_policy_unload_doit,
		.policy		= debar_policy_unload_nl_policy,
		.maxattr	= DEBAR_A_TRANSFER_LOCAL,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd	= DEBAR_CMD_POLICY_GET,
		.doit	= debar_nl_policy_get_doit,
		.flags	= GENL_CMD_CAP_DO,
	},
	{
		.cmd	= DEBAR_CMD_BAN_DUMP,
		.start	= debar_nl_policy_dump_start,
		.dumpit	= debar_nl_ban_dump_dumpit,
		.done	= debar_nl_policy_dump_done,
		.flags	= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd	= DEBAR_CMD_INDICATOR_DUMP,
		.start	= debar_nl_policy_dump_start,
		.dumpit	= debar_nl_indicator_dump_dumpit,
		.done	= debar_nl_policy_dump_done,
		.flags	= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd		= DEBAR_CMD_CHECK,
		.doit		= debar_nl_check_doit,
		.policy		= debar_check_nl_policy,
		.maxattr	= DEBAR_A_CHECK_KIND,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= DEBAR_CMD_MODE_SET,
		.doit		= debar_nl_mode_set_doit,
		.policy		= debar_mode_set_nl_policy,
		.maxattr	= DEBAR_A_STATUS_MODE,
		.flags		= GENL_CMD_CAP_DO,
	},
	{
		.cmd	= DEBAR_CMD_CACHE_FLUSH,
		.doit	= debar_nl_cache_flush_doit,
		.flags	= GENL_CMD_CAP_DO,
	},
	{
		.cmd		= DEBAR_CMD_DENIAL_DUMP,
		.start		= debar_nl_denial_dump_start,
		.dumpit		= debar_nl_denial_dump_dumpit,
		.policy		= debar_denial_dump_nl_policy,
		.maxattr	= DEBAR_A_DENIAL_SINCE,
		.flags		= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd	= DEBAR_CMD_SCAN_BEGIN,
		.doit	= debar_nl_scan_begin_doit,
		.flags	= GENL_CMD_CAP_DO,
	},
	{
		.cmd	= DEBAR_CMD_WAIVER_DUMP,
		.start	= debar_nl_policy_dump_start,
		.dumpit	= debar_nl_waiver_dump_dumpit,
		.done	= debar_nl_policy_dump_done,
		.flags	= GENL_CMD_CAP_DUMP,
	},
	{
		.cmd	= DEBAR_CMD_SEAL,
		.doit	= debar_nl_seal_doit,
		.flags	= GENL_CMD_CAP_DO,
	},
};

static const struct genl_multicast_group debar_nl_mcgrps[] = {
	[DEBAR_NLGRP_DENIALS] = { "denials", },
	[DEBAR_NLGRP_POLICY] = { "policy", },
};
