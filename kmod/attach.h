/* SPDX-License-Identifier: GPL-2.0-only */
/* Brings the kernel's security hooks to debar. */
#ifndef DEBAR_ATTACH_H
#define DEBAR_ATTACH_H

#include <linux/types.h>
#include <uapi/linux/debar.h>

int debar_attach(void);
void debar_detach(void);
int debar_attach_for(u32 operations);
enum debar_form debar_form(void);
bool debar_attached(void);

#endif /* DEBAR_ATTACH_H */
