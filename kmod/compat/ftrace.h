/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The differences between kernel versions that matter to redirecting functions through ftrace;
 * includes nothing of debar.
 */
#ifndef DEBAR_COMPAT_FTRACE_H
#define DEBAR_COMPAT_FTRACE_H

#include <linux/ftrace.h>
#include <linux/ima.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/security.h>
#include <linux/version.h>

#ifdef CONFIG_HAVE_DYNAMIC_FTRACE_WITH_ARGS
#define DEBAR_COMPAT_FTRACE_FLAGS	0
#else
#define DEBAR_COMPAT_FTRACE_FLAGS	FTRACE_OPS_FL_SAVE_REGS
#endif

/* Called with a file that was opened by its name, before anybody has its descriptor. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
#define debar_compat_file_post_open	ima_file_check
#else
#define debar_compat_file_post_open	security_file_post_open
#endif

/* Where a module's own functions lie. */
static inline void debar_compat_text(const struct module *module, unsigned long *start,
				     unsigned long *size)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
	*start = (unsigned long)module->core_layout.base;
	*size = module->core_layout.text_size;
#else
	*start = (unsigned long)module->mem[MOD_TEXT].base;
	*size = module->mem[MOD_TEXT].size;
#endif
}

static __always_inline void debar_compat_set_ip(struct ftrace_regs *fregs, unsigned long ip)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0) && defined(CONFIG_HAVE_DYNAMIC_FTRACE_WITH_ARGS)
	ftrace_instruction_pointer_set(fregs, ip);
#elif LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
	/* The other one does nothing here. */
	instruction_pointer_set(&fregs->regs, ip);
#else
	ftrace_regs_set_instruction_pointer(fregs, ip);
#endif
}

/* An argument of the function that ftrace shows, from 0 on. */
static __always_inline unsigned long debar_compat_argument(struct ftrace_regs *fregs,
							   unsigned int number)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
	return regs_get_kernel_argument(&fregs->regs, number);
#else
	return ftrace_regs_get_argument(fregs, number);
#endif
}

/* Whether the processor demands that jumps through a pointer end at a landing pad. */
static __always_inline bool debar_compat_needs_landing_pad(void)
{
#ifdef CONFIG_X86_KERNEL_IBT
	return cpu_feature_enabled(X86_FEATURE_IBT);
#else
	return false;
#endif
}

#endif /* DEBAR_COMPAT_FTRACE_H */
