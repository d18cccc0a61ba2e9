/* SPDX-License-Identifier: GPL-2.0-only */
/* Brings the kernel's security hooks to debar. */
#ifndef DEBAR_ATTACH_H
#define DEBAR_ATTACH_H

#include <linux/types.h>

int debar_attach(void);
void debar_detach(void);
int debar_attach_for(u32 operations);
bool debar_attached(void);

#endif /* DEBAR_ATTACH_H */
