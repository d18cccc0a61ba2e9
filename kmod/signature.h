/* SPDX-License-Identifier: GPL-2.0-only */
/* Tells whether a policy is signed by somebody whom this machine trusts, and by whom. */
#ifndef DEBAR_SIGNATURE_H
#define DEBAR_SIGNATURE_H

#include <linux/types.h>

struct netlink_ext_ack;

/* What was compiled in, in certs.S. */
extern const u8 debar_certs[], debar_certs_end[];

int debar_signature_init(const u8 *certs, size_t length, bool require);
void debar_signature_exit(void);
bool debar_signature_required(void);
char *debar_signature_verify(const void *data, size_t length, const void *signature, size_t size,
			     struct netlink_ext_ack *extack);

#endif /* DEBAR_SIGNATURE_H */
