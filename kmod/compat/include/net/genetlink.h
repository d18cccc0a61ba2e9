/* SPDX-License-Identifier: GPL-2.0-only */
/* Gives kernels before 6.2 the structure that the generated netlink tables are made of. */
#ifndef DEBAR_COMPAT_NET_GENETLINK_H
#define DEBAR_COMPAT_NET_GENETLINK_H

#include_next <net/genetlink.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
/**
 * struct genl_split_ops - one form, do or dump, of a command
 * @cmd: the command
 * @flags: GENL_CMD_CAP_DO or GENL_CMD_CAP_DUMP, and what genl_ops has
 * @policy: of the request's attributes, NULL when it has none
 * @maxattr: highest attribute in @policy
 * @doit: answers a request
 * @start: begins a dump
 * @dumpit: goes on with a dump
 * @done: ends a dump
 */
struct genl_split_ops {
	u8 cmd;
	u8 flags;
	const struct nla_policy *policy;
	unsigned int maxattr;
	int (*doit)(struct sk_buff *skb, struct genl_info *info);
	int (*start)(struct netlink_callback *cb);
	int (*dumpit)(struct sk_buff *skb, struct netlink_callback *cb);
	int (*done)(struct netlink_callback *cb);
};
#endif

#endif /* DEBAR_COMPAT_NET_GENETLINK_H */
