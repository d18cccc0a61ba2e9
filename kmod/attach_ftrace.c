// SPDX-License-Identifier: GPL-2.0-only
/*
 * Brings the kernel's security hooks to a loadable module: ftrace redirects the callers of each
 * security_*() function to a replacement, which calls the original and then, if the rest of the
 * kernel would allow the operation, debar.
 *
 * A call from a replacement is let through to the original, by its return address; therefore no
 * replacement may end in a call of the original that the compiler could turn into a jump. The
 * original is called through a static call, a direct branch, because it may carry no landing pad
 * for indirect ones.
 *
 * A task may sleep inside a replacement; each counts itself in and out, and debar_detach() waits
 * for them before the module's text can go away.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/static_call.h>

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

#define DEFINE_SET_ORIGINAL(name)						\
	static void set_original_##name(void *address)				\
	{									\
		static_call_update(orig_##name, (typeof(security_##name) *)address);	\
	}

DEFINE_SET_ORIGINAL(bprm_check)
#ifdef DEBAR_COMPAT_EXECVE_CHECK
DEFINE_SET_ORIGINAL(bprm_creds_for_exec)
#endif
DEFINE_SET_ORIGINAL(mmap_file)
#ifdef DEBAR_COMPAT_MMAP_BACKING_FILE
DEFINE_SET_ORIGINAL(mmap_backing_file)
#endif
DEFINE_SET_ORIGINAL(file_mprotect)
DEFINE_SET_ORIGINAL(kernel_read_file)
DEFINE_SET_ORIGINAL(kernel_post_read_file)
DEFINE_SET_ORIGINAL(kernel_post_load_data)
DEFINE_SET_ORIGINAL(sb_delete)

#define ATTACHMENT(name) {							\
	.symbol = "security_" #name,						\
	.replacement = replaced_##name,						\
	.set_original = set_original_##name,					\
}

/* The most frequent first: the redirection looks for its function from the beginning. */
static struct attachment attachments[] = {
	ATTACHMENT(mmap_file),
	ATTACHMENT(file_mprotect),
#ifdef DEBAR_COMPAT_MMAP_BACKING_FILE
	ATTACHMENT(mmap_backing_file),
#endif
	ATTACHMENT(bprm_check),
#ifdef DEBAR_COMPAT_EXECVE_CHECK
	ATTACHMENT(bprm_creds_for_exec),
#endif
	ATTACHMENT(kernel_read_file),
	ATTACHMENT(kernel_post_read_file),
	ATTACHMENT(kernel_post_load_data),
	ATTACHMENT(sb_delete),
};

/* Where debar's own functions lie; set before the hooks are attached. */
static unsigned long text_start, text_size;

static void notrace redirect(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			     struct ftrace_regs *fregs)
{
	size_t i;

	if (parent_ip - text_start < text_size)
		return;
	for (i = 0; i < ARRAY_SIZE(attachments); i++) {
		if (ip - attachments[i].address < ENTRY_SIZE) {
			debar_compat_set_ip(fregs, (unsigned long)attachments[i].replacement);
			return;
		}
	}
}

/* One for all functions: what is slow about ftrace is waiting for each that goes. */
static struct ftrace_ops redirection = {
	.func = redirect,
	.flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT | DEBAR_COMPAT_FTRACE_FLAGS,
};

/*
 * The kernel tells a module where a function is only through a probe on it, which need not be
 * armed.
 */
static int find_functions(void)
{
	static struct kprobe probes[ARRAY_SIZE(attachments)];
	struct kprobe *registered[ARRAY_SIZE(attachments)];
	int n, ret = 0;

	for (n = 0; n < ARRAY_SIZE(attachments); n++) {
		struct attachment *a = &attachments[n];

		probes[n].symbol_name = a->symbol;
		probes[n].flags = KPROBE_FLAG_DISABLED;
		ret = register_kprobe(&probes[n]);
		if (ret) {
			pr_err("%s cannot be found: error %d\n", a->symbol, ret);
			break;
		}
		registered[n] = &probes[n];
		a->address = (unsigned long)probes[n].addr;
	}
	unregister_kprobes(registered, n);
	return ret;
}

static int add_functions(void)
{
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(attachments); i++) {
		attachments[i].set_original((void *)attachments[i].address);
		ret = ftrace_set_filter_ip(&redirection, attachments[i].address, 0, 0);
		if (ret) {
			pr_err("%s cannot be traced: error %d\n", attachments[i].symbol, ret);
			return ret;
		}
	}
	return 0;
}

/**
 * debar_detach() - take debar out of the kernel's hooks
 *
 * Context: process, sleeps until no task is inside debar's text on behalf of a hook.
 */
void debar_detach(void)
{
	/*
	 * The function that refuses this would leave hooks without a module: better to stay than to
	 * go on.
	 */
	while (WARN_ON_ONCE(unregister_ftrace_function(&redirection)))
		msleep(DETACH_RETRY_MS);
	debar_drain();
	ftrace_free_filter(&redirection);
}

/**
 * debar_attach() - bring the kernel's hooks to debar
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
	ret = add_functions();
	if (ret)
		goto free_filter;
	ret = register_ftrace_function(&redirection);
	if (ret) {
		pr_err("the hooks cannot be attached: error %d: is one live-patched, or ftrace switched off?\n",
		       ret);
		/* For a moment other tracers may have seen it. */
		synchronize_rcu();
		goto free_filter;
	}
	return 0;

free_filter:
	ftrace_free_filter(&redirection);
	return ret;
}

/**
 * debar_attached() - whether the hooks are still attached
 *
 * Return: false when something has switched them off.
 */
bool debar_attached(void)
{
	return READ_ONCE(redirection.flags) & FTRACE_OPS_FL_ENABLED;
}
