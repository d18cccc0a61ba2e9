/* SPDX-License-Identifier: GPL-2.0-only */
/* debar's generic netlink family, to the rest of debar. */
#ifndef DEBAR_NETLINK_H
#define DEBAR_NETLINK_H

int debar_netlink_init(void);
void debar_netlink_exit(void);
void debar_netlink_announce_denials(void);

#endif /* DEBAR_NETLINK_H */
