// SPDX-License-Identifier: GPL-2.0-only
/*
 * Brings the kernel's security hooks to a loadable module: ftrace redirects the callers of each security_*() function
 * to a replacement, which calls the original and then, if the rest of the kernel would allow the operation, debar.
 *
 * A call from a replacement is let through to the original, by its return address; therefore no replacement may end in
 * a call of the original that the compiler could turn into a jump. The original is called through a static call, a
 * direct branch, because it may carry no landing pad for indirect ones.
 *
 * A task may sleep inside a replacement, where ftrace does not know of it. Each counts itself in and out on the CPU
 * where it is; before the module's text can go away, debar_detach() waits until nobody is on the way in, then until
 * the sum is zero, then until the last ones have returned.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/static_call.h>

#include "attach.h"
#include "compat/compat.h"
#include "hooks.h"

/* How often a drain looks again, and after how long it says that it still waits. */
#define DRAIN_POLL_MS	10
#define DRAIN_REPORT_MS	(10 * MSEC_PER_SEC)

/* Tasks inside replacements: entered here minus left here; only the sum over all CPUs means something. */
static DEFINE_PER_CPU(long, inside);

DEFINE_STATIC_CALL_NULL(orig_bprm_check, security_bprm_check);
DEFINE_STATIC_CALL_NULL(orig_mmap_file, security_mmap_file);
DEFINE_STATIC_CALL_NULL(orig_kernel_read_file, security_kernel_read_file);
DEFINE_STATIC_CALL_NULL(orig_kernel_post_read_file, security_kernel_post_read_file);
DEFINE_STATIC_CALL_NULL(orig_kernel_post_load_data, security_kernel_post_load_data);
DEFINE_STATIC_CALL_NULL(orig_sb_delete, security_sb_delete);

static void enter(void)
{
	this_cpu_inc(inside);
}

/* The barrier keeps this behind the call of the original, which so cannot become a jump. */
static void leave(void)
{
	barrier();
	this_cpu_dec(inside);
}

static int replaced_bprm_check(struct linux_binprm *bprm)
{
	int ret;

	enter();
	ret = static_call(orig_bprm_check)(bprm);
	if (!ret)
		ret = debar_hook_bprm_check(bprm);
	leave();
	return ret;
}

static int replaced_mmap_file(struct file *file, unsigned long prot, unsigned long flags)
{
	int ret;

	enter();
	ret = static_call(orig_mmap_file)(file, prot, flags);
	if (!ret)
		ret = debar_hook_mmap_file(file, prot);
	leave();
	return ret;
}

static int replaced_kernel_read_file(struct file *file, enum kernel_read_file_id id, bool contents)
{
	int ret;

	enter();
	ret = static_call(orig_kernel_read_file)(file, id, contents);
	if (!ret)
		ret = debar_hook_kernel_read_file(file, id, contents);
	leave();
	return ret;
}

static int replaced_kernel_post_read_file(struct file *file, char *buf, loff_t size,
					  enum kernel_read_file_id id)
{
	int ret;

	enter();
	ret = static_call(orig_kernel_post_read_file)(file, buf, size, id);
	if (!ret)
		ret = debar_hook_kernel_post_read_file(file, buf, size, id);
	leave();
	return ret;
}

static int replaced_kernel_post_load_data(char *buf, loff_t size, enum kernel_load_data_id id,
					  char *description)
{
	int ret;

	enter();
	ret = static_call(orig_kernel_post_load_data)(buf, size, id, description);
	if (!ret)
		ret = debar_hook_kernel_post_load_data(buf, size, id);
	leave();
	return ret;
}

static void replaced_sb_delete(struct super_block *sb)
{
	enter();
	static_call(orig_sb_delete)(sb);
	debar_hook_sb_delete(sb);
	leave();
}

/**
 * struct attachment - one function of the kernel and its replacement; written by debar_attach() and debar_detach() only
 * @symbol: name of the function
 * @replacement: address of what its callers get instead
 * @set_original: makes the static call of the original go to an address
 * @address: of the function, 0 when it is not attached
 * @ops: ftrace's handle
 */
struct attachment {
	const char *symbol;
	void *replacement;
	void (*set_original)(void *address);
	unsigned long address;
	struct ftrace_ops ops;
};

static void notrace redirect(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			     struct ftrace_regs *fregs)
{
	const struct attachment *attachment = container_of(ops, struct attachment, ops);

	if (!within_module(parent_ip, THIS_MODULE))
		debar_compat_set_ip(fregs, (unsigned long)attachment->replacement);
}

#define DEFINE_SET_ORIGINAL(name)						\
	static void set_original_##name(void *address)				\
	{									\
		static_call_update(orig_##name, (typeof(&security_##name))address);	\
	}

DEFINE_SET_ORIGINAL(bprm_check)
DEFINE_SET_ORIGINAL(mmap_file)
DEFINE_SET_ORIGINAL(kernel_read_file)
DEFINE_SET_ORIGINAL(kernel_post_read_file)
DEFINE_SET_ORIGINAL(kernel_post_load_data)
DEFINE_SET_ORIGINAL(sb_delete)

#define ATTACHMENT(name) {							\
	.symbol = "security_" #name,						\
	.replacement = replaced_##name,						\
	.set_original = set_original_##name,					\
	.ops = {								\
		.func = redirect,						\
		.flags = FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_PERMANENT |	\
			 DEBAR_COMPAT_FTRACE_FLAGS,				\
	},									\
}

/* The cache must learn of a filesystem's end before it can be filled: sb_delete comes first. */
static struct attachment attachments[] = {
	ATTACHMENT(sb_delete),
	ATTACHMENT(kernel_read_file),
	ATTACHMENT(kernel_post_read_file),
	ATTACHMENT(kernel_post_load_data),
	ATTACHMENT(mmap_file),
	ATTACHMENT(bprm_check),
};

/* The kernel tells a module where a function is only through a probe on it. */
static unsigned long find_symbol(const char *name)
{
	struct kprobe probe = { .symbol_name = name };
	unsigned long address;

	if (register_kprobe(&probe))
		return 0;
	address = (unsigned long)probe.addr;
	unregister_kprobe(&probe);
	return address;
}

static int attach_one(struct attachment *a)
{
	unsigned long address = find_symbol(a->symbol);
	int ret;

	if (!address) {
		pr_err("%s cannot be found: are kprobes switched off?\n", a->symbol);
		return -ENOENT;
	}
	a->set_original((void *)address);
	ret = ftrace_set_filter_ip(&a->ops, address, 0, 0);
	if (ret) {
		pr_err("%s cannot be traced: error %d\n", a->symbol, ret);
		return ret;
	}
	ret = register_ftrace_function(&a->ops);
	if (ret) {
		pr_err("%s cannot be attached: error %d: is it live-patched, or ftrace switched off?\n",
		       a->symbol, ret);
		goto remove_filter;
	}
	a->address = address;
	return 0;

remove_filter:
	ftrace_set_filter_ip(&a->ops, address, 1, 0);
	return ret;
}

static void detach_one(struct attachment *a)
{
	if (!a->address)
		return;
	WARN_ON(unregister_ftrace_function(&a->ops));
	ftrace_set_filter_ip(&a->ops, a->address, 1, 0);
	a->address = 0;
}

static long count_inside(void)
{
	long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu(inside, cpu));
	return sum;
}

/* Nobody new comes; those who are inside leave in their own time, killed or when their reading is done. */
static void drain(void)
{
	unsigned int waited = 0;
	long tasks;

	/* Those between the redirection and enter(), running or preempted, get inside. */
	synchronize_rcu_tasks();
	while ((tasks = count_inside()) != 0) {
		msleep(DRAIN_POLL_MS);
		waited += DRAIN_POLL_MS;
		if (waited % DRAIN_REPORT_MS == 0)
			pr_warn("unload waits for %ld tasks whose files are being read\n", tasks);
	}
	/* Those between leave() and their return get out. */
	synchronize_rcu_tasks();
}

/**
 * debar_detach() - take debar out of the kernel's hooks
 *
 * Context: process, sleeps until no task is inside debar's text on behalf of a hook.
 */
void debar_detach(void)
{
	int i;

	for (i = ARRAY_SIZE(attachments) - 1; i >= 0; i--)
		detach_one(&attachments[i]);
	drain();
}

/**
 * debar_attach() - bring the kernel's hooks to debar
 *
 * Context: process; everything that a hook needs is there.
 * Return: 0, or an error after which nothing is attached.
 */
int debar_attach(void)
{
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(attachments); i++) {
		ret = attach_one(&attachments[i]);
		if (ret) {
			debar_detach();
			return ret;
		}
	}
	return 0;
}

/**
 * debar_attached() - whether every hook is still attached
 *
 * Return: false when something has switched one off.
 */
bool debar_attached(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(attachments); i++)
		if (!(READ_ONCE(attachments[i].ops.flags) & FTRACE_OPS_FL_ENABLED))
			return false;
	return true;
}
