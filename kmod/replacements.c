// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the callers of the kernel's security hooks get instead of them: the function itself and
 * then, if the rest of the kernel would allow the operation, debar.
 *
 * The original is called through a static call, a direct branch, because it may carry no landing
 * pad for indirect ones. No replacement may end in a call of the original that the compiler could
 * turn into a jump: where such a call passes through ftrace again, it is told by its return
 * address.
 *
 * A task may sleep inside a replacement; each counts itself in and out, so that unloading can wait.
 */
#include <linux/static_call.h>
#include <linux/stringify.h>

#include "compat/ftrace.h"
#include "hooks.h"
#include "inside.h"
#include "replacements.h"

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

/*
 * A BPF program that runs around a function which debar watches, too, goes on to where ftrace says
 * through a pointer: where the processor demands a landing pad for that, the function's body has
 * none, but these have.
 */
static notrace int passed_mmap_file(struct file *file, unsigned long prot, unsigned long flags)
{
	return static_call(orig_mmap_file)(file, prot, flags);
}

static notrace int passed_file_mprotect(struct vm_area_struct *vma, unsigned long reqprot,
					unsigned long prot)
{
	return static_call(orig_file_mprotect)(vma, reqprot, prot);
}

static notrace int passed_bprm_check(struct linux_binprm *bprm)
{
	return static_call(orig_bprm_check)(bprm);
}

#ifdef DEBAR_COMPAT_EXECVE_CHECK
static notrace int passed_bprm_creds_for_exec(struct linux_binprm *bprm)
{
	return static_call(orig_bprm_creds_for_exec)(bprm);
}
#endif

static notrace int passed_file_post_open(struct file *file, int mask)
{
	return static_call(orig_file_post_open)(file, mask);
}

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

/* Every call of such a function is replaced ... */
#define REPLACEMENT(name, function)						\
	.symbol = __stringify(function),					\
	.replaced = replaced_##name,						\
	.set_original = set_original_##name

/* ... and of such a one only a few. */
#define REPLACEMENT_OR_PASS(name, function)					\
	REPLACEMENT(name, function),						\
	.passed = passed_##name

const struct debar_replacement debar_replacements[DEBAR_REPLACEMENTS] = {
	[DEBAR_REPLACE_MMAP_FILE] = {
		REPLACEMENT_OR_PASS(mmap_file, security_mmap_file),
	},
	[DEBAR_REPLACE_FILE_MPROTECT] = {
		REPLACEMENT_OR_PASS(file_mprotect, security_file_mprotect),
	},
	[DEBAR_REPLACE_BPRM_CHECK] = {
		REPLACEMENT_OR_PASS(bprm_check, security_bprm_check),
	},
#ifdef DEBAR_COMPAT_EXECVE_CHECK
	[DEBAR_REPLACE_BPRM_CREDS_FOR_EXEC] = {
		REPLACEMENT_OR_PASS(bprm_creds_for_exec, security_bprm_creds_for_exec),
	},
#endif
#ifdef DEBAR_COMPAT_MMAP_BACKING_FILE
	[DEBAR_REPLACE_MMAP_BACKING_FILE] = {
		REPLACEMENT(mmap_backing_file, security_mmap_backing_file),
	},
#endif
	[DEBAR_REPLACE_KERNEL_READ_FILE] = {
		REPLACEMENT(kernel_read_file, security_kernel_read_file),
	},
	[DEBAR_REPLACE_KERNEL_POST_READ_FILE] = {
		REPLACEMENT(kernel_post_read_file, security_kernel_post_read_file),
	},
	[DEBAR_REPLACE_KERNEL_POST_LOAD_DATA] = {
		REPLACEMENT(kernel_post_load_data, security_kernel_post_load_data),
	},
	[DEBAR_REPLACE_SB_DELETE] = {
		REPLACEMENT(sb_delete, security_sb_delete),
	},
	[DEBAR_REPLACE_FILE_POST_OPEN] = {
		REPLACEMENT_OR_PASS(file_post_open, debar_compat_file_post_open),
	},
};
