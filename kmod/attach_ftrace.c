// SPDX-License-Identifier: GPL-2.0-only
/*
 * Brings the kernel's security hooks to a loadable module: ftrace shows redirect() each call of a
 * security_*() function. What needs no judgement goes on as if debar were not there; the other
 * callers get a replacement, which calls the original and then, if the rest of the kernel would
 * allow the operation, debar.
 *
 * A replacement enters the original behind ftrace's own call, so that no tracer sees one call
 * twice. Where that place is not known it enters at the beginning, and is told by its return
 * address.
 *
 * debar_detach() waits for the tasks inside a replacement before the module's text can go away;
 * ftrace itself waits for those in redirect(), which does not sleep.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <uapi/linux/debar.h>

#include "attach.h"
#include "clears.h"
#include "compat/compat.h"
#include "compat/ftrace.h"
#include "hooks.h"
#include "inside.h"
#include "replacements.h"

/*
 * Bytes at the beginning of a function within which ftrace places its call: behind landing pads, at
 * most.
 */
#define ENTRY_SIZE	16

/* Between two attempts to detach what ftrace will not let go. */
#define DETACH_RETRY_MS	(10 * MSEC_PER_SEC)

/* Attempts to attach what a BPF trampoline is being changed on; each waits for a moment. */
#define ATTACH_ATTEMPTS	100

/* Where each function lies; ftrace's own call in it is less than ENTRY_SIZE behind. */
static unsigned long addresses[DEBAR_REPLACEMENTS];

/* Where debar's own functions lie; set before the hooks are attached. */
static unsigned long text_start, text_size;

static __always_inline bool is_at(unsigned long ip, size_t which)
{
	return ip - addresses[which] < ENTRY_SIZE;
}

/* The same in fewer instructions, true only where ftrace's call was found: nearly everywhere. */
static __always_inline bool is_entry(unsigned long ip, size_t which)
{
	return ip == addresses[which];
}

/* Whether the call that ftrace shows can go on without debar: nearly all others can. */
static __always_inline bool is_cleared(size_t which, struct ftrace_regs *fregs)
{
	switch (which) {
	case DEBAR_REPLACE_MMAP_FILE:
		return debar_hook_mmap_file_clears((void *)debar_compat_argument(fregs, 0),
						   debar_compat_argument(fregs, 1));
	case DEBAR_REPLACE_FILE_MPROTECT:
		return debar_hook_file_mprotect_clears((void *)debar_compat_argument(fregs, 0),
						       debar_compat_argument(fregs, 2));
	case DEBAR_REPLACE_BPRM_CHECK:
		return debar_hook_bprm_check_clears((void *)debar_compat_argument(fregs, 0));
#ifdef DEBAR_COMPAT_EXECVE_CHECK
	case DEBAR_REPLACE_BPRM_CREDS_FOR_EXEC:
		return debar_hook_bprm_creds_for_exec_clears((void *)
							     debar_compat_argument(fregs, 0));
#endif
	case DEBAR_REPLACE_FILE_POST_OPEN:
		return debar_hook_file_post_open_clears((void *)debar_compat_argument(fregs, 0),
							debar_compat_argument(fregs, 1));
	default:
		return false;
	}
}

/* With @which known to the compiler where it is called most. */
static __always_inline void redirect_one(size_t which, unsigned long parent_ip,
					 struct ftrace_regs *fregs)
{
	if (parent_ip - text_start < text_size)
		return;
	if (!is_cleared(which, fregs))
		debar_compat_set_ip(fregs, (unsigned long)debar_replacements[which].replaced);
	else if (debar_compat_needs_landing_pad())
		debar_compat_set_ip(fregs, (unsigned long)debar_replacements[which].passed);
}

/*
 * These are functions of their own, so that what is told at a glance saves no registers, and have
 * redirect()'s arguments, so that it moves none.
 */
static noinline __noclone notrace void
redirect_mmap_file(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
		   struct ftrace_regs *fregs)
{
	redirect_one(DEBAR_REPLACE_MMAP_FILE, parent_ip, fregs);
}

static noinline __noclone notrace void
redirect_bprm_check(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
		    struct ftrace_regs *fregs)
{
	redirect_one(DEBAR_REPLACE_BPRM_CHECK, parent_ip, fregs);
}

static noinline __noclone notrace void
redirect_any(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
	     struct ftrace_regs *fregs)
{
	size_t i;

	for (i = 0; i < DEBAR_REPLACEMENTS; i++) {
		if (is_at(ip, i)) {
			redirect_one(i, parent_ip, fregs);
			return;
		}
	}
}

/*
 * Nearly all calls are for memory that will hold no code, or begin an execution and do not only ask
 * about one; these are told at a glance, without a look at a file.
 */
static void notrace redirect(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			     struct ftrace_regs *fregs)
{
	if (debar_compat_needs_landing_pad()) {
		redirect_any(ip, parent_ip, ops, fregs);
	} else if (is_entry(ip, DEBAR_REPLACE_MMAP_FILE)) {
		if (debar_may_hold_code(debar_compat_argument(fregs, 1)))
			redirect_mmap_file(ip, parent_ip, ops, fregs);
	} else if (is_entry(ip, DEBAR_REPLACE_FILE_MPROTECT)) {
		if (debar_may_hold_code(debar_compat_argument(fregs, 2)))
			redirect_any(ip, parent_ip, ops, fregs);
	} else if (is_entry(ip, DEBAR_REPLACE_BPRM_CHECK)) {
		redirect_bprm_check(ip, parent_ip, ops, fregs);
#ifdef DEBAR_COMPAT_EXECVE_CHECK
	} else if (is_entry(ip, DEBAR_REPLACE_BPRM_CREDS_FOR_EXEC)) {
		if (!debar_hook_bprm_creds_for_exec_clears((void *)debar_compat_argument(fregs, 0)))
			redirect_any(ip, parent_ip, ops, fregs);
#endif
	} else {
		redirect_any(ip, parent_ip, ops, fregs);
	}
}

static void notrace redirect_open(unsigned long ip, unsigned long parent_ip,
				  struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	redirect_one(DEBAR_REPLACE_FILE_POST_OPEN, parent_ip, fregs);
}

#define REDIRECTION_FLAGS	\
	(FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT | DEBAR_COMPAT_FTRACE_FLAGS)

/* One for all functions: what is slow about ftrace is waiting for each that goes. */
static struct ftrace_ops redirection = {
	.func = redirect,
	.flags = REDIRECTION_FLAGS,
};

/* Opening a file is far more frequent than what else is judged, and hardly any policy needs it. */
static struct ftrace_ops open_redirection = {
	.func = redirect_open,
	.flags = REDIRECTION_FLAGS,
};

/* Guards what is attached; the two below are written under it. */
static DEFINE_MUTEX(attach_lock);
static bool attached, open_attached;

/*
 * The kernel tells a module where a function is only through a probe on it, which need not be
 * armed. It also knows whether the probe would lie on ftrace's own call; then the function's body
 * begins behind that.
 */
static int find_functions(void)
{
	static struct kprobe probes[DEBAR_REPLACEMENTS];
	struct kprobe *registered[DEBAR_REPLACEMENTS];
	int i, n = 0, ret = 0;

	for (i = 0; i < DEBAR_REPLACEMENTS; i++) {
		const struct debar_replacement *r = &debar_replacements[i];
		struct kprobe *probe = &probes[i];

		*probe = (struct kprobe){
			.symbol_name = r->symbol,
			.flags = KPROBE_FLAG_DISABLED,
		};
		ret = register_kprobe(probe);
		if (ret == -ENOENT && i == DEBAR_REPLACE_FILE_POST_OPEN) {
			ret = 0; /* A policy that needs it is refused. */
			continue;
		}
		if (ret) {
			pr_err("%s cannot be found: error %d\n", r->symbol, ret);
			break;
		}
		registered[n++] = probe;
		addresses[i] = (unsigned long)probe->addr;
		r->set_original(probe->addr + (kprobe_ftrace(probe) ? MCOUNT_INSN_SIZE : 0));
	}
	unregister_kprobes(registered, n);
	return ret;
}

static int filter_functions(struct ftrace_ops *ops, size_t from, size_t to)
{
	size_t i;
	int ret;

	for (i = from; i < to; i++) {
		/* One that this kernel lacks is never registered for. */
		ret = addresses[i] ?
			ftrace_set_filter_ip(ops, addresses[i], 0, 0) : 0;
		if (ret) {
			pr_err("%s cannot be traced: error %d\n", debar_replacements[i].symbol,
			       ret);
			return ret;
		}
	}
	return 0;
}

static int attach(struct ftrace_ops *ops)
{
	int attempt, ret;

	lockdep_assert_held(&attach_lock);
	for (attempt = 0; attempt < ATTACH_ATTEMPTS; attempt++) {
		ret = register_ftrace_function(ops);
		if (ret != -EAGAIN)
			break;
	}
	if (ret) {
		pr_err("the hooks cannot be attached: error %d: is one live-patched, or ftrace switched off?\n",
		       ret);
		/* For a moment other tracers may have seen it. */
		synchronize_rcu();
	}
	return ret;
}

/*
 * The function that refuses this would leave hooks without a module: better to stay than to go on.
 */
static void detach_for_good(struct ftrace_ops *ops)
{
	lockdep_assert_held(&attach_lock);
	while (WARN_ON_ONCE(unregister_ftrace_function(ops)))
		msleep(DETACH_RETRY_MS);
}

/* Only at the end: a handle whose filter was freed cannot be used again. */
static void free_filters(void)
{
	ftrace_free_filter(&redirection);
	ftrace_free_filter(&open_redirection);
}

/**
 * debar_detach() - take debar out of the kernel's hooks
 *
 * Context: process, sleeps until no task is inside debar's text on behalf of a hook.
 */
void debar_detach(void)
{
	mutex_lock(&attach_lock);
	detach_for_good(&redirection);
	if (open_attached)
		detach_for_good(&open_redirection);
	attached = false;
	open_attached = false;
	mutex_unlock(&attach_lock);
	debar_drain();
	free_filters();
}

/**
 * debar_attach() - bring the kernel's hooks to debar, but for those that only some policies need
 *
 * Context: process; everything that a hook needs is there.
 * Return: 0, or an error after which nothing is attached.
 */
int debar_attach(void)
{
	int ret;

	debar_compat_text(THIS_MODULE, &text_start, &text_size);
	ret = find_functions();
	if (ret)
		return ret;
	ret = filter_functions(&redirection, 0, DEBAR_ALWAYS_REPLACED);
	if (!ret)
		ret = filter_functions(&open_redirection, DEBAR_REPLACE_FILE_POST_OPEN,
				       DEBAR_REPLACEMENTS);
	if (ret)
		goto free_filters;
	mutex_lock(&attach_lock);
	ret = attach(&redirection);
	attached = !ret;
	mutex_unlock(&attach_lock);
	if (ret)
		goto free_filters;
	return 0;

free_filters:
	free_filters();
	return ret;
}

static int attach_open(void)
{
	int ret;

	if (open_attached)
		return 0;
	if (!addresses[DEBAR_REPLACE_FILE_POST_OPEN])
		return -EOPNOTSUPP;
	ret = attach(&open_redirection);
	open_attached = !ret;
	return ret;
}

/* A hook that stays when ftrace is out of order costs time, and nothing else. */
static void detach_open(void)
{
	int ret = unregister_ftrace_function(&open_redirection);

	if (ret)
		pr_warn("the hook for opening files cannot be detached: error %d\n", ret);
	else
		open_attached = false;
}

/**
 * debar_attach_for() - attach the hooks that a policy needs, and let go of those that it does not
 * @operations: BIT() of each operation that the policy bans something for
 *
 * Context: process, may sleep.
 * Return: 0; -EOPNOTSUPP when the kernel lacks such a hook, -ESHUTDOWN when debar is being
 * unloaded, or what ftrace returns. After an error the hooks are as they were.
 */
int debar_attach_for(u32 operations)
{
	int ret = 0;

	mutex_lock(&attach_lock);
	if (operations & BIT(DEBAR_OPERATION_OPEN))
		ret = attached ? attach_open() : -ESHUTDOWN;
	else if (open_attached)
		detach_open();
	mutex_unlock(&attach_lock);
	return ret;
}

/**
 * debar_form() - which of debar's two forms this is
 *
 * Return: the form.
 */
enum debar_form debar_form(void)
{
	return DEBAR_FORM_LOADABLE;
}

/**
 * debar_attached() - whether the hooks are still attached
 *
 * Return: false when something has switched them off.
 */
bool debar_attached(void)
{
	bool all;

	mutex_lock(&attach_lock);
	all = (redirection.flags & FTRACE_OPS_FL_ENABLED) &&
	      (!open_attached || (open_redirection.flags & FTRACE_OPS_FL_ENABLED));
	mutex_unlock(&attach_lock);
	return all;
}
