/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether one of debar's hooks can be left out: what nearly every call of it is asked, in a few
 * instructions and without sleeping. Inline, because it is asked at each mmap() of the machine.
 */
#ifndef DEBAR_CLEARS_H
#define DEBAR_CLEARS_H

#include <linux/binfmts.h>
#include <linux/fs.h>
#include <linux/kernel_read_file.h>
#include <linux/mman.h>
#include <linux/mm_types.h>
#include <linux/mount.h>
#include <linux/personality.h>
#include <linux/sched.h>

#include "compat/compat.h"
#include "judge.h"

/**
 * debar_may_hold_code() - whether memory can become executable, for a look at no more than this
 * @prot: the protection asked for
 *
 * Return: true too often: debar_maps_code() tells old programs apart that do not get more than
 * they ask for.
 */
static __always_inline bool debar_may_hold_code(unsigned long prot)
{
	return (prot & PROT_EXEC) || (current->personality & READ_IMPLIES_EXEC);
}

/* Old programs ask for memory to read and get it executable too, unless the mount forbids it. */
static inline bool debar_read_implies_exec(const struct file *file)
{
	return (current->personality & READ_IMPLIES_EXEC) &&
	       !(file->f_path.mnt->mnt_flags & MNT_NOEXEC) &&
	       !(file_inode(file)->i_sb->s_iflags & SB_I_NOEXEC);
}

/**
 * debar_maps_code() - whether a mapping will be executable
 * @file: what is mapped
 * @prot: the protection asked for
 *
 * Return: whether it will.
 */
static inline bool debar_maps_code(const struct file *file, unsigned long prot)
{
	return (prot & PROT_EXEC) || ((prot & PROT_READ) && debar_read_implies_exec(file));
}

/**
 * debar_becomes_code() - whether a mapping becomes executable
 * @vma: the memory
 * @prot: the protection that it will have
 *
 * Return: false when it was executable, and for memory without a file.
 */
static inline bool debar_becomes_code(const struct vm_area_struct *vma, unsigned long prot)
{
	return vma->vm_file && (prot & PROT_EXEC) && !(vma->vm_flags & VM_EXEC);
}

/**
 * debar_opens_to_read() - whether a file was opened to be read
 * @file: the file
 * @mask: what it was opened for
 *
 * Return: false for what is opened to be executed, which is judged when it is.
 */
static inline bool debar_opens_to_read(const struct file *file, int mask)
{
	return (file->f_mode & FMODE_READ) && !(mask & MAY_EXEC);
}

/**
 * debar_reads_code() - whether the kernel reads a file in order to run what is in it
 * @id: what it is read for
 *
 * Return: true for modules, firmware and kexec images.
 */
static inline bool debar_reads_code(enum kernel_read_file_id id)
{
	return id == READING_FIRMWARE || id == READING_MODULE || id == READING_KEXEC_IMAGE ||
	       debar_compat_is_compressed_module(id);
}

/* Each of these is true when the hook of the same name would allow what it is asked. */

static inline bool debar_hook_bprm_check_clears(const struct linux_binprm *bprm)
{
	return debar_judge_clears(bprm->file);
}

#ifdef DEBAR_COMPAT_EXECVE_CHECK
static __always_inline bool debar_hook_bprm_creds_for_exec_clears(const struct linux_binprm *bprm)
{
	return !bprm->is_check;
}
#endif

static inline bool debar_hook_mmap_file_clears(const struct file *file, unsigned long prot)
{
	return !file || !debar_maps_code(file, prot) || debar_judge_clears(file);
}

static inline bool debar_hook_file_mprotect_clears(const struct vm_area_struct *vma,
						   unsigned long prot)
{
	return !debar_becomes_code(vma, prot) || debar_judge_clears(vma->vm_file);
}

static inline bool debar_hook_file_post_open_clears(const struct file *file, int mask)
{
	return !debar_opens_to_read(file, mask) || debar_judge_clears_opening(file);
}

#endif /* DEBAR_CLEARS_H */
