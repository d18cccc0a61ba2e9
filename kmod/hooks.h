/* SPDX-License-Identifier: GPL-2.0-only */
/* What debar does at each of the kernel's security hooks. */
#ifndef DEBAR_HOOKS_H
#define DEBAR_HOOKS_H

#include <linux/binfmts.h>
#include <linux/fs.h>
#include <linux/kernel_read_file.h>
#include <linux/mm_types.h>

#include "compat/compat.h"

int debar_hook_bprm_check(struct linux_binprm *bprm);
#ifdef DEBAR_COMPAT_EXECVE_CHECK
int debar_hook_bprm_creds_for_exec(struct linux_binprm *bprm);
#endif
int debar_hook_mmap_file(struct file *file, unsigned long prot);
int debar_hook_mmap_backing_file(const struct vm_area_struct *vma, struct file *backing,
				 const struct file *user);
int debar_hook_file_mprotect(const struct vm_area_struct *vma, unsigned long prot);
int debar_hook_file_post_open(struct file *file, int mask);
int debar_hook_kernel_read_file(struct file *file, enum kernel_read_file_id id, bool contents);
int debar_hook_kernel_post_read_file(struct file *file, const char *buf, loff_t size,
				     enum kernel_read_file_id id);
int debar_hook_kernel_post_load_data(const char *buf, loff_t size, enum kernel_load_data_id id);
void debar_hook_sb_delete(const struct super_block *sb);

#endif /* DEBAR_HOOKS_H */
