/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files that answer debar's netlink commands share. */
#ifndef DEBAR_NETLINK_PRIVATE_H
#define DEBAR_NETLINK_PRIVATE_H

#include <net/genetlink.h>
#include <uapi/linux/debar.h>

struct debar_policy;

extern struct genl_family debar_family;

int debar_netlink_may(struct sk_buff *request, struct netlink_ext_ack *extack);
int debar_netlink_put_counts(struct sk_buff *skb, int bans, int indicators,
			     const struct debar_policy *policy);
int debar_netlink_put_date(struct sk_buff *skb, int attribute, u64 date, int pad);
struct sk_buff *debar_netlink_begin_reply(const struct genl_info *info, void **header);
int debar_netlink_end_reply(struct sk_buff *skb, void *header, struct genl_info *info, int error);
void debar_netlink_announce_policy(void);

void debar_transfers_init(void);
void debar_transfers_exit(void);

#endif /* DEBAR_NETLINK_PRIVATE_H */
