/* SPDX-License-Identifier: GPL-2.0-only */
/* What debar does at each of the kernel's security hooks. */
#ifndef DEBAR_HOOKS_H
#define DEBAR_HOOKS_H

#include <linux/binfmts.h>
#include <linux/fs.h>
#include <linux/kernel_read_file.h>
#include <linux/mman.h>
#include <linux/mm_types.h>
#include <linux/personality.h>
#include <linux/sched.h>
#include <linux/security.h>

#include "compat/compat.h"

/*
 * Whether memory asked for with @prot can become executable. True too often: old programs that get
 * what they do not ask for are told apart later.
 */
static __always_inline bool debar_hook_may_map_code(unsigned long prot)
{
	return (prot & PROT_EXEC) || (current->personality & READ_IMPLIES_EXEC);
}

bool debar_hook_bprm_check_clears(const struct linux_binprm *bprm);
int debar_hook_bprm_check(struct linux_binprm *bprm);
#ifdef DEBAR_COMPAT_EXECVE_CHECK
bool debar_hook_bprm_creds_for_exec_clears(const struct linux_binprm *bprm);
int debar_hook_bprm_creds_for_exec(struct linux_binprm *bprm);
#endif
bool debar_hook_mmap_file_clears(const struct file *file, unsigned long prot);
int debar_hook_mmap_file(struct file *file, unsigned long prot);
int debar_hook_mmap_backing_file(const struct vm_area_struct *vma, struct file *backing,
				 const struct file *user);
bool debar_hook_file_mprotect_clears(const struct vm_area_struct *vma, unsigned long prot);
int debar_hook_file_mprotect(const struct vm_area_struct *vma, unsigned long prot);
bool debar_hook_file_post_open_clears(const struct file *file, int mask);
int debar_hook_file_post_open(struct file *file, int mask);
int debar_hook_kernel_read_file(struct file *file, enum kernel_read_file_id id, bool contents);
int debar_hook_kernel_post_read_file(struct file *file, const char *buf, loff_t size,
				     enum kernel_read_file_id id);
int debar_hook_kernel_post_load_data(const char *buf, loff_t size, enum kernel_load_data_id id);
void debar_hook_sb_delete(const struct super_block *sb);

#endif /* DEBAR_HOOKS_H */
