/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Do not edit directly, auto-generated from: */
/*	kmod/netlink/debar.yaml */
/* YNL-GEN kernel header */

#ifndef _LINUX_DEBAR_GEN_H
#define _LINUX_DEBAR_GEN_H

#include <net/netlink.h>
#include <net/genetlink.h>

#include <uapi/linux/debar.h>

/* Ops table for debar */
extern const struct genl_split_ops debar_nl_ops[16];

int debar_nl_policy_dump_start(struct netlink_callback *cb);
int debar_nl_denial_dump_start(struct netlink_callback *cb);
int debar_nl_policy_dump_done(struct netlink_callback *cb);

int debar_nl_status_get_doit(struct sk_buff *skb, struct genl_info *info);
int debar_nl_policy_begin_doit(struct sk_buff *skb, struct genl_info *info);
int debar_nl_policy_chunk_doit(struct sk_buff *skb, struct genl_info *info);
int debar_nl_policy_commit_doit(struct sk_buff *skb, struct genl_info *info);
int debar_nl_policy_abort_doit(struct sk_buff *skb, struct genl_info *info);
int debar_nl_policy_unload_doit(struct sk_buff *skb, struct genl_info *info);
int debar_nl_policy_get_doit(struct sk_buff *skb, struct genl_info *info);
int debar_nl_ban_dump_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int debar_nl_indicator_dump_dumpit(struct sk_buff *skb,
				   struct netlink_callback *cb);
int debar_nl_check_doit(struct sk_buff *skb, struct genl_info *info);
int debar_nl_mode_set_doit(struct sk_buff *skb, struct genl_info *info);
int debar_nl_cache_flush_doit(struct sk_buff *skb, struct genl_info *info);
int debar_nl_denial_dump_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int debar_nl_scan_begin_doit(struct sk_buff *skb, struct genl_info *info);
int debar_nl_waiver_dump_dumpit(struct sk_buff *skb,
				struct netlink_callback *cb);
int debar_nl_seal_doit(struct sk_buff *skb, struct genl_info *info);

enum {
	DEBAR_NLGRP_DENIALS,
	DEBAR_NLGRP_POLICY,
};

#endif /* _LINUX_DEBAR_GEN_H */
