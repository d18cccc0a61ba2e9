/* SPDX-License-Identifier: GPL-2.0-only */
/* The administrator's programs that may open what a ban keeps from being opened. */
#ifndef DEBAR_SCAN_H
#define DEBAR_SCAN_H

#include <linux/types.h>

int debar_scan_begin(u32 owner);
void debar_scan_end(u32 owner);
void debar_scan_exit(void);
bool debar_scan_allowed(void);
unsigned int debar_scan_count(void);

#endif /* DEBAR_SCAN_H */
