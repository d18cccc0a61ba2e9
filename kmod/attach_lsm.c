// SPDX-License-Identifier: GPL-2.0-only
/*
 * Brings the kernel's security hooks to debar where it is built in, as a security module of the
 * kernel's own.
 *
 * The hooks are registered long before debar is ready, and stay: without a policy, which only
 * comes when all is ready, nothing is judged; where one is required, what would have to be is
 * refused until then. They cannot be changed after boot.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cache.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/jump_label.h>
#include <uapi/linux/debar.h>

#include "attach.h"
#include "boot_policy.h"
#include "clears.h"
#include "compat/compat.h"
#include "compat/lsm.h"
#include "hooks.h"

/* The hooks are registered: debar is in the kernel's list of security modules. */
static bool registered __ro_after_init;
/* All that a hook needs is there. */
static bool ready __ro_after_init;

static int lsm_bprm_check(struct linux_binprm *bprm)
{
	if (debar_boot_policy_refuses(bprm->file, DEBAR_OPERATION_EXECUTE))
		return -EPERM;
	return debar_hook_bprm_check_clears(bprm) ? 0 : debar_hook_bprm_check(bprm);
}

#ifdef DEBAR_COMPAT_EXECVE_CHECK
static int lsm_bprm_creds_for_exec(struct linux_binprm *bprm)
{
	return debar_hook_bprm_creds_for_exec_clears(bprm) ? 0 :
		debar_hook_bprm_creds_for_exec(bprm);
}
#endif

static int lsm_mmap_file(struct file *file, unsigned long reqprot, unsigned long prot,
			 unsigned long flags)
{
	return debar_hook_mmap_file_clears(file, prot) ? 0 : debar_hook_mmap_file(file, prot);
}

#ifdef DEBAR_COMPAT_MMAP_BACKING_FILE
static int lsm_mmap_backing_file(struct vm_area_struct *vma, struct file *backing_file,
				 struct file *user_file)
{
	return debar_hook_mmap_backing_file(vma, backing_file, user_file);
}
#endif

static int lsm_file_mprotect(struct vm_area_struct *vma, unsigned long reqprot, unsigned long prot)
{
	return debar_hook_file_mprotect_clears(vma, prot) ? 0 :
		debar_hook_file_mprotect(vma, prot);
}

static int lsm_kernel_read_file(struct file *file, enum kernel_read_file_id id, bool contents)
{
	if (debar_reads_code(id) && debar_boot_policy_refuses(file, DEBAR_OPERATION_LOAD))
		return -EPERM;
	return debar_hook_kernel_read_file(file, id, contents);
}

static int lsm_kernel_post_read_file(struct file *file, char *buf, loff_t size,
				     enum kernel_read_file_id id)
{
	return debar_hook_kernel_post_read_file(file, buf, size, id);
}

static int lsm_kernel_post_load_data(char *buf, loff_t size, enum kernel_load_data_id id,
				     char *description)
{
	return debar_hook_kernel_post_load_data(buf, size, id);
}

static void lsm_sb_delete(struct super_block *sb)
{
	if (ready)
		debar_hook_sb_delete(sb);
}

/* Opening a file is far more frequent than what else is judged, and hardly any policy needs it. */
static DEFINE_STATIC_KEY_FALSE(open_attached);

static int lsm_file_post_open(struct file *file, int mask)
{
	if (!static_branch_unlikely(&open_attached) ||
	    debar_hook_file_post_open_clears(file, mask))
		return 0;
	return debar_hook_file_post_open(file, mask);
}

#ifndef DEBAR_COMPAT_LSM_POST_OPEN
/**
 * debar_file_post_open() - a file has been opened; nobody has its descriptor yet
 * @file: the file
 * @mask: what it was opened for
 *
 * Return: 0 or -EPERM.
 */
int debar_file_post_open(struct file *file, int mask)
{
	return lsm_file_post_open(file, mask);
}
EXPORT_SYMBOL_GPL(debar_file_post_open);
#endif

static struct security_hook_list hooks[] __ro_after_init = {
	LSM_HOOK_INIT(bprm_check_security, lsm_bprm_check),
#ifdef DEBAR_COMPAT_EXECVE_CHECK
	LSM_HOOK_INIT(bprm_creds_for_exec, lsm_bprm_creds_for_exec),
#endif
	LSM_HOOK_INIT(mmap_file, lsm_mmap_file),
#ifdef DEBAR_COMPAT_MMAP_BACKING_FILE
	LSM_HOOK_INIT(mmap_backing_file, lsm_mmap_backing_file),
#endif
	LSM_HOOK_INIT(file_mprotect, lsm_file_mprotect),
#ifdef DEBAR_COMPAT_LSM_POST_OPEN
	LSM_HOOK_INIT(file_post_open, lsm_file_post_open),
#endif
	LSM_HOOK_INIT(kernel_read_file, lsm_kernel_read_file),
	LSM_HOOK_INIT(kernel_post_read_file, lsm_kernel_post_read_file),
	LSM_HOOK_INIT(kernel_post_load_data, lsm_kernel_post_load_data),
	LSM_HOOK_INIT(sb_delete, lsm_sb_delete),
};

static int __init register_hooks(void)
{
	security_add_hooks(hooks, ARRAY_SIZE(hooks), DEBAR_COMPAT_LSM_ID);
	registered = true;
	return 0;
}

DEFINE_LSM(debar) = {
	DEBAR_COMPAT_LSM_NAME,
	.init = register_hooks,
};

/* Nothing is executed before this; later it would be too late to find that nobody judges. */
static int __init check_registered(void)
{
	if (!registered)
		debar_boot_policy_unguarded();
	return 0;
}
early_initcall(check_registered);

/**
 * debar_attach() - let the hooks judge
 *
 * Context: process, while the kernel starts; everything that a hook needs is there.
 * Return: 0, or -ENODEV when the kernel was told not to have debar among its security modules.
 */
int __init debar_attach(void)
{
	if (!registered) {
		pr_err("not among the security modules: add debar to lsm= on the kernel's command line\n");
		return -ENODEV;
	}
	ready = true;
	return 0;
}

/**
 * debar_detach() - take debar back out of the kernel's hooks, while it starts
 *
 * Context: process, while the kernel starts; there is no policy.
 */
void __init debar_detach(void)
{
	ready = false;
}

/**
 * debar_attach_for() - attach the hooks that a policy needs, and let go of those that it does not
 * @operations: BIT() of each operation that the policy bans something for
 *
 * Context: process, may sleep; one call at a time.
 * Return: 0.
 */
int debar_attach_for(u32 operations)
{
	if (operations & BIT(DEBAR_OPERATION_OPEN))
		static_branch_enable(&open_attached);
	else
		static_branch_disable(&open_attached);
	return 0;
}

/**
 * debar_form() - which of debar's two forms this is
 *
 * Return: the form.
 */
enum debar_form debar_form(void)
{
	return DEBAR_FORM_BUILT_IN;
}

/**
 * debar_attached() - whether the hooks are still attached
 *
 * Return: true; nothing can switch them off.
 */
bool debar_attached(void)
{
	return ready;
}
