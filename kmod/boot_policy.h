/* SPDX-License-Identifier: GPL-2.0-only */
/* The policy that a kernel with debar built in puts in force before init starts. */
#ifndef DEBAR_BOOT_POLICY_H
#define DEBAR_BOOT_POLICY_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <uapi/linux/debar.h>

struct file;

/* Whether the kernel has yet to execute init; written by its own first task, which becomes init. */
extern bool debar_before_init;

void debar_boot_policy_unguarded(void);
void debar_boot_policy_init(int error);
bool debar_boot_policy_refuses_early(struct file *file, enum debar_operation operation);

/**
 * debar_boot_policy_refuses() - whether an operation must not be because a policy is required first
 * @file: a program that is about to be executed, or code that the kernel is about to read
 * @operation: which of both
 *
 * Context: process, may sleep. Puts the policy in force that is read from the file system, when the
 * program is init.
 * Return: true when it is refused; counted, and written to the kernel log.
 */
static inline bool debar_boot_policy_refuses(struct file *file, enum debar_operation operation)
{
	return unlikely(READ_ONCE(debar_before_init)) &&
	       debar_boot_policy_refuses_early(file, operation);
}

#endif /* DEBAR_BOOT_POLICY_H */
