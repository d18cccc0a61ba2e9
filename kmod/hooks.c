// SPDX-License-Identifier: GPL-2.0-only
/*
 * What debar does at each of the kernel's security hooks: which file, which operation; nothing is
 * decided here.
 *
 * All of them are called in process context. Reading a file is safe in each but file_mprotect and
 * mmap_backing_file, which are called under mmap_lock.
 *
 * Whoever calls them asks clears.h first.
 */
#include <linux/fs.h>

#include "clears.h"
#include "compat/compat.h"
#include "hooks.h"
#include "judge.h"
#include "verdict_cache.h"

/**
 * debar_hook_bprm_check() - a program, or the interpreter of one, is about to be executed
 * @bprm: the file is the one of this round
 *
 * Return: 0 or -EPERM.
 */
int debar_hook_bprm_check(struct linux_binprm *bprm)
{
	return debar_judge_file(bprm->file, DEBAR_OPERATION_EXECUTE);
}

#ifdef DEBAR_COMPAT_EXECVE_CHECK
/**
 * debar_hook_bprm_creds_for_exec() - a program begins to be executed
 * @bprm: the file is the one that was named
 *
 * A program that only asks whether it could execute a file, an interpreter of a script mostly, gets
 * its answer here; debar_hook_bprm_check() is not called for it.
 *
 * Return: 0 or -EPERM.
 */
int debar_hook_bprm_creds_for_exec(struct linux_binprm *bprm)
{
	return bprm->is_check ? debar_judge_file(bprm->file, DEBAR_OPERATION_EXECUTE) : 0;
}
#endif

/**
 * debar_hook_mmap_file() - a file is about to be mapped
 * @file: the file, NULL for anonymous memory
 * @prot: the protection asked for
 *
 * Return: 0 or -EPERM.
 */
int debar_hook_mmap_file(struct file *file, unsigned long prot)
{
	if (!file || !debar_maps_code(file, prot))
		return 0;
	return debar_judge_mapping(file);
}

/**
 * debar_hook_mmap_backing_file() - a file is about to be mapped in the place of another
 * @vma: the mapping
 * @backing: the file that is really mapped
 * @user: an overlay's file, or that of a server which hands its own out; judged by
 *	debar_hook_mmap_file()
 *
 * Context: mmap_lock is held for writing.
 * Return: 0, -EPERM, or -ERESTARTNOINTR when the file must be read first.
 */
int debar_hook_mmap_backing_file(const struct vm_area_struct *vma, struct file *backing,
				 const struct file *user)
{
	if (!(vma->vm_flags & VM_EXEC) || debar_judge_is_content(backing, user))
		return 0;
	return debar_judge_under_lock(backing, DEBAR_OPERATION_MAP);
}

/**
 * debar_hook_file_mprotect() - the protection of mapped memory is about to change
 * @vma: the memory
 * @prot: the protection that it will have
 *
 * Context: mmap_lock is held for writing.
 * Return: 0, -EPERM, or -ERESTARTNOINTR when the file must be read first.
 */
int debar_hook_file_mprotect(const struct vm_area_struct *vma, unsigned long prot)
{
	if (!debar_becomes_code(vma, prot))
		return 0;
	return debar_judge_under_lock(vma->vm_file, DEBAR_OPERATION_PROTECT);
}

/**
 * debar_hook_file_post_open() - a file has been opened; nobody has its descriptor yet
 * @file: the file
 * @mask: what it was opened for
 *
 * What the kernel opens by its name comes here, too, firmware say; what it opens otherwise, for an
 * overlay or for debar to read, does not.
 *
 * Return: 0 or -EPERM.
 */
int debar_hook_file_post_open(struct file *file, int mask)
{
	return debar_opens_to_read(file, mask) ? debar_judge_opening(file) : 0;
}

/**
 * debar_hook_kernel_read_file() - the kernel is about to read a file
 * @file: the file
 * @id: what for
 * @contents: it is read whole, and will be shown to debar_hook_kernel_post_read_file()
 *
 * Return: 0 or -EPERM.
 */
int debar_hook_kernel_read_file(struct file *file, enum kernel_read_file_id id, bool contents)
{
	if (contents || !file || !debar_reads_code(id))
		return 0;
	return debar_judge_file(file, DEBAR_OPERATION_LOAD);
}

/**
 * debar_hook_kernel_post_read_file() - the kernel has read a file
 * @file: the file
 * @buf: its content, which cannot change any more
 * @size: of @buf in bytes
 * @id: what for
 *
 * Return: 0 or -EPERM.
 */
int debar_hook_kernel_post_read_file(struct file *file, const char *buf, loff_t size,
				     enum kernel_read_file_id id)
{
	if (!debar_reads_code(id))
		return 0;
	return debar_judge_buffer(file, buf, size, DEBAR_OPERATION_LOAD);
}

/**
 * debar_hook_kernel_post_load_data() - the kernel has taken code from memory
 * @buf: the code
 * @size: of @buf in bytes
 * @id: what for
 *
 * Return: 0 or -EPERM.
 */
int debar_hook_kernel_post_load_data(const char *buf, loff_t size, enum kernel_load_data_id id)
{
	if (id != LOADING_FIRMWARE && id != LOADING_MODULE && id != LOADING_KEXEC_IMAGE)
		return 0;
	return debar_judge_buffer(NULL, buf, size, DEBAR_OPERATION_LOAD);
}

/**
 * debar_hook_sb_delete() - a filesystem goes away
 * @sb: the filesystem
 */
void debar_hook_sb_delete(const struct super_block *sb)
{
	debar_cache_forget_device(sb->s_dev);
}
