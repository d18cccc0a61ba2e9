/* SPDX-License-Identifier: GPL-2.0-only */
/* The policy that a kernel with debar built in puts in force before init starts. */
#ifndef DEBAR_BOOT_POLICY_H
#define DEBAR_BOOT_POLICY_H

#include <linux/compiler.h>
#include <linux/pid.h>
#include <linux/sched.h>

/* Whether the kernel has yet to execute init; written while only the kernel itself runs. */
extern bool debar_before_init;

void debar_boot_policy_init(int error);
void debar_boot_policy_read(void);

/**
 * debar_boot_policy_settle() - called when a program is about to be executed
 *
 * Context: process, may sleep. Puts the policy in force that is read from the file system, when the
 * program is init.
 */
static inline void debar_boot_policy_settle(void)
{
	if (unlikely(READ_ONCE(debar_before_init)) && is_global_init(current))
		debar_boot_policy_read();
}

#endif /* DEBAR_BOOT_POLICY_H */
