// SPDX-License-Identifier: GPL-2.0-only
/*
 * Brings the kernel's security hooks to a loadable module: ftrace shows redirect() each call of a
 * security_*() function. What needs no judgement goes on as if debar were not there; the other
 * callers get a replacement, which calls the original and then, if the rest of the kernel would
 * allow the operation, debar.
 *
 * A replacement enters the original behind ftrace's own call, so that no tracer sees one call
 * twice. Where that place is not known it enters at the beginning, and is told by its return
 * address; therefore no replacement may end in a call of the original that the compiler could turn
 * into a jump. The original is called through a static call, a direct branch, because it may carry
 * no landing pad for indirect ones.
 *
 * A task may sleep inside a replacement; each counts itself in and out, and debar_detach() waits
 * for them before the module's text can go away. redirect() does not sleep: ftrace itself waits for
 * it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/static_call.h>
#include <linux/stringify.h>
#include <uapi/linux/debar.h>

#include "attach.h"
#include "compat/compat.h"
#include "hooks.h"
#include "inside.h"

/*
 * Bytes at the beginning of a function within which ftrace places its call: behind landing pads, at
 * most.
 */
#define ENTRY_SIZE	16

/* Between two attempts to detach what ftrace will not let go. */
#define DETACH_RETRY_MS	(10 * MSEC_PER_SEC)

DEFINE_STATIC_CALL_NULL(orig_bprm_check, security_bprm_check);
DEFINE_STATIC_CALL_NULL(orig_mmap_file, security_mmap_file);
DEFINE_STATIC_CALL_NULL(orig_file_mprotect, security_file_mprotect);
DEFINE_STATIC_CALL_NULL(orig_file_post_open, debar_compat_file_post_open);
DEFINE_STATIC_CALL_NULL(orig_kernel_read_file, security_kernel_read_file);
DEFINE_STATIC_CALL_NULL(orig_kernel_post_read_file, security_kernel_post_read_file);
DEFINE_STATIC_CALL_NULL(orig_kernel_post_load_data, security_kernel_post_load_data);
DEFINE_STATIC_CALL_NULL(orig_sb_delete, security_sb_delete);

static int replaced_bprm_check(struct linux_binprm *bprm)
{
	int ret;

	debar_enter();
	ret = static_call(orig_bprm_check)(bprm);
	if (!ret)
		ret = debar_hook_bprm_check(bprm);
	debar_leave();
	return ret;
}

#ifdef DEBAR_COMPAT_EXECVE_CHECK
DEFINE_STATIC_CALL_NULL(orig_bprm_creds_for_exec, security_bprm_creds_for_exec);

static int replaced_bprm_creds_for_exec(struct linux_binprm *bprm)
{
	int ret;

	debar_enter();
	ret = static_call(orig_bprm_creds_for_exec)(bprm);
	if (!ret)
		ret = debar_hook_bprm_creds_for_exec(bprm);
	debar_leave();
	return ret;
}
#endif

static int replaced_mmap_file(struct file *file, unsigned long prot, unsigned long flags)
{
	int ret;

	debar_enter();
	ret = static_call(orig_mmap_file)(file, prot, flags);
	if (!ret)
		ret = debar_hook_mmap_file(file, prot);
	debar_leave();
	return ret;
}

#ifdef DEBAR_COMPAT_MMAP_BACKING_FILE
DEFINE_STATIC_CALL_NULL(orig_mmap_backing_file, security_mmap_backing_file);

static int replaced_mmap_backing_file(struct vm_area_struct *vma, struct file *backing_file,
				      struct file *user_file)
{
	int ret;

	debar_enter();
	ret = static_call(orig_mmap_backing_file)(vma, backing_file, user_file);
	if (!ret)
		ret = debar_hook_mmap_backing_file(vma, backing_file, user_file);
	debar_leave();
	return ret;
}
#endif

static int replaced_file_mprotect(struct vm_area_struct *vma, unsigned long reqprot,
				  unsigned long prot)
{
	int ret;

	debar_enter();
	ret = static_call(orig_file_mprotect)(vma, reqprot, prot);
	if (!ret)
		ret = debar_hook_file_mprotect(vma, prot);
	debar_leave();
	return ret;
}

static int replaced_file_post_open(struct file *file, int mask)
{
	int ret;

	debar_enter();
	ret = static_call(orig_file_post_open)(file, mask);
	if (!ret)
		ret = debar_hook_file_post_open(file, mask);
	debar_leave();
	return ret;
}

static int replaced_kernel_read_file(struct file *file, enum kernel_read_file_id id, bool contents)
{
	int ret;

	debar_enter();
	ret = static_call(orig_kernel_read_file)(file, id, contents);
	if (!ret)
		ret = debar_hook_kernel_read_file(file, id, contents);
	debar_leave();
	return ret;
}

static int replaced_kernel_post_read_file(struct file *file, char *buf, loff_t size,
					  enum kernel_read_file_id id)
{
	int ret;

	debar_enter();
	ret = static_call(orig_kernel_post_read_file)(file, buf, size, id);
	if (!ret)
		ret = debar_hook_kernel_post_read_file(file, buf, size, id);
	debar_leave();
	return ret;
}

static int replaced_kernel_post_load_data(char *buf, loff_t size, enum kernel_load_data_id id,
					  char *description)
{
	int ret;

	debar_enter();
	ret = static_call(orig_kernel_post_load_data)(buf, size, id, description);
	if (!ret)
		ret = debar_hook_kernel_post_load_data(buf, size, id);
	debar_leave();
	return ret;
}

static void replaced_sb_delete(struct super_block *sb)
{
	debar_enter();
	static_call(orig_sb_delete)(sb);
	debar_hook_sb_delete(sb);
	debar_leave();
}

/* Index in attachments; the most frequent first, because redirect() looks from the beginning. */
enum {
	MMAP_FILE,
	FILE_MPROTECT,
	BPRM_CHECK,
#ifdef DEBAR_COMPAT_EXECVE_CHECK
	BPRM_CREDS_FOR_EXEC,
#endif
#ifdef DEBAR_COMPAT_MMAP_BACKING_FILE
	MMAP_BACKING_FILE,
#endif
	KERNEL_READ_FILE,
	KERNEL_POST_READ_FILE,
	KERNEL_POST_LOAD_DATA,
	SB_DELETE,
	ALWAYS_ATTACHED,
	/* Attached only while the policy in force needs it. */
	FILE_POST_OPEN = ALWAYS_ATTACHED,
	ATTACHMENTS
};

/**
 * struct attachment - one function of the kernel and its replacement; written before the hooks are
 * attached
 * @symbol: name of the function
 * @replacement: address of what its callers get instead
 * @set_original: makes the static call of the original go to an address
 * @address: of the function; ftrace's own call in it lies less than ENTRY_SIZE behind
 */
struct attachment {
	const char *symbol;
	void *replacement;
	void (*set_original)(void *address);
	unsigned long address;
};

#define DEFINE_SET_ORIGINAL(name, function)					\
	static void set_original_##name(void *address)				\
	{									\
		static_call_update(orig_##name, (typeof(function) *)address);	\
	}

DEFINE_SET_ORIGINAL(mmap_file, security_mmap_file)
DEFINE_SET_ORIGINAL(file_mprotect, security_file_mprotect)
DEFINE_SET_ORIGINAL(bprm_check, security_bprm_check)
#ifdef DEBAR_COMPAT_EXECVE_CHECK
DEFINE_SET_ORIGINAL(bprm_creds_for_exec, security_bprm_creds_for_exec)
#endif
#ifdef DEBAR_COMPAT_MMAP_BACKING_FILE
DEFINE_SET_ORIGINAL(mmap_backing_file, security_mmap_backing_file)
#endif
DEFINE_SET_ORIGINAL(kernel_read_file, security_kernel_read_file)
DEFINE_SET_ORIGINAL(kernel_post_read_file, security_kernel_post_read_file)
DEFINE_SET_ORIGINAL(kernel_post_load_data, security_kernel_post_load_data)
DEFINE_SET_ORIGINAL(sb_delete, security_sb_delete)
DEFINE_SET_ORIGINAL(file_post_open, debar_compat_file_post_open)

#define ATTACHMENT(name, function) {						\
	.symbol = __stringify(function),					\
	.replacement = replaced_##name,						\
	.set_original = set_original_##name,					\
}

static struct attachment attachments[ATTACHMENTS] = {
	[MMAP_FILE] = ATTACHMENT(mmap_file, security_mmap_file),
	[FILE_MPROTECT] = ATTACHMENT(file_mprotect, security_file_mprotect),
	[BPRM_CHECK] = ATTACHMENT(bprm_check, security_bprm_check),
#ifdef DEBAR_COMPAT_EXECVE_CHECK
	[BPRM_CREDS_FOR_EXEC] = ATTACHMENT(bprm_creds_for_exec, security_bprm_creds_for_exec),
#endif
#ifdef DEBAR_COMPAT_MMAP_BACKING_FILE
	[MMAP_BACKING_FILE] = ATTACHMENT(mmap_backing_file, security_mmap_backing_file),
#endif
	[KERNEL_READ_FILE] = ATTACHMENT(kernel_read_file, security_kernel_read_file),
	[KERNEL_POST_READ_FILE] =
		ATTACHMENT(kernel_post_read_file, security_kernel_post_read_file),
	[KERNEL_POST_LOAD_DATA] =
		ATTACHMENT(kernel_post_load_data, security_kernel_post_load_data),
	[SB_DELETE] = ATTACHMENT(sb_delete, security_sb_delete),
	[FILE_POST_OPEN] = ATTACHMENT(file_post_open, debar_compat_file_post_open),
};

/* Where debar's own functions lie; set before the hooks are attached. */
static unsigned long text_start, text_size;

/* Whether the call that ftrace shows can go on without debar: nearly all of them can. */
static __always_inline bool is_cleared(size_t which, struct ftrace_regs *fregs)
{
	switch (which) {
	case MMAP_FILE:
		return debar_hook_mmap_file_clears((void *)debar_compat_argument(fregs, 0),
						   debar_compat_argument(fregs, 1));
	case FILE_MPROTECT:
		return debar_hook_file_mprotect_clears((void *)debar_compat_argument(fregs, 0),
						       debar_compat_argument(fregs, 2));
	case BPRM_CHECK:
		return debar_hook_bprm_check_clears((void *)debar_compat_argument(fregs, 0));
#ifdef DEBAR_COMPAT_EXECVE_CHECK
	case BPRM_CREDS_FOR_EXEC:
		return debar_hook_bprm_creds_for_exec_clears((void *)
							     debar_compat_argument(fregs, 0));
#endif
	case FILE_POST_OPEN:
		return debar_hook_file_post_open_clears((void *)debar_compat_argument(fregs, 0),
							debar_compat_argument(fregs, 1));
	default:
		return false;
	}
}

static __always_inline void redirect_from(size_t first, unsigned long ip, unsigned long parent_ip,
					  struct ftrace_regs *fregs)
{
	size_t i;

	if (parent_ip - text_start < text_size)
		return;
	for (i = first; i < ATTACHMENTS; i++) {
		if (ip - attachments[i].address < ENTRY_SIZE) {
			if (!is_cleared(i, fregs))
				debar_compat_set_ip(fregs,
						    (unsigned long)attachments[i].replacement);
			return;
		}
	}
}

static void notrace redirect(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			     struct ftrace_regs *fregs)
{
	redirect_from(0, ip, parent_ip, fregs);
}

static void notrace redirect_open(unsigned long ip, unsigned long parent_ip,
				  struct ftrace_ops *ops, struct ftrace_regs *fregs)
{
	redirect_from(FILE_POST_OPEN, ip, parent_ip, fregs);
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
	static struct kprobe probes[ATTACHMENTS];
	struct kprobe *registered[ATTACHMENTS];
	int i, n = 0, ret = 0;

	for (i = 0; i < ATTACHMENTS; i++) {
		struct attachment *a = &attachments[i];
		struct kprobe *probe = &probes[i];

		*probe = (struct kprobe){
			.symbol_name = a->symbol,
			.flags = KPROBE_FLAG_DISABLED,
		};
		ret = register_kprobe(probe);
		if (ret == -ENOENT && i == FILE_POST_OPEN) {
			ret = 0; /* A policy that needs it is refused. */
			continue;
		}
		if (ret) {
			pr_err("%s cannot be found: error %d\n", a->symbol, ret);
			break;
		}
		registered[n++] = probe;
		a->address = (unsigned long)probe->addr;
		a->set_original(probe->addr + (kprobe_ftrace(probe) ? MCOUNT_INSN_SIZE : 0));
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
		ret = attachments[i].address ?
			ftrace_set_filter_ip(ops, attachments[i].address, 0, 0) : 0;
		if (ret) {
			pr_err("%s cannot be traced: error %d\n", attachments[i].symbol, ret);
			return ret;
		}
	}
	return 0;
}

static int attach(struct ftrace_ops *ops)
{
	int ret;

	lockdep_assert_held(&attach_lock);
	ret = register_ftrace_function(ops);
	if (ret) {
		pr_err("the hooks cannot be attached: error %d: is one live-patched, or ftrace switched off?\n",
		       ret);
		/* For a moment other tracers may have seen it. */
		synchronize_rcu();
	}
	return ret;
}

static void detach(struct ftrace_ops *ops)
{
	lockdep_assert_held(&attach_lock);
	/*
	 * The function that refuses this would leave hooks without a module: better to stay than to
	 * go on.
	 */
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
	detach(&redirection);
	if (open_attached)
		detach(&open_redirection);
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
	ret = filter_functions(&redirection, 0, ALWAYS_ATTACHED);
	if (!ret)
		ret = filter_functions(&open_redirection, FILE_POST_OPEN, ATTACHMENTS);
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
	if (!attachments[FILE_POST_OPEN].address)
		return -EOPNOTSUPP;
	ret = attach(&open_redirection);
	open_attached = !ret;
	return ret;
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
	if (!(operations & BIT(DEBAR_OPERATION_OPEN))) {
		if (open_attached)
			detach(&open_redirection);
		open_attached = false;
	} else {
		ret = attached ? attach_open() : -ESHUTDOWN;
	}
	mutex_unlock(&attach_lock);
	return ret;
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
