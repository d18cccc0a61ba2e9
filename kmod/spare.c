// SPDX-License-Identifier: GPL-2.0-only
/*
 * Turns the refusal of the program that the machine's process 1 runs, or of its loader, into a
 * record: without them the machine cannot be repaired. They are told by their inode; a copy of
 * theirs is refused as any other file.
 *
 * Asked only when something is about to be refused. Takes mmap_lock of process 1, but where that of
 * the caller may be held.
 */
#include <linux/auxvec.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>

#include "compat/compat.h"
#include "content.h"
#include "judge.h"
#include "spare.h"

static bool is_program_of(struct task_struct *init, const struct inode *content)
{
	struct file *exe;
	bool is;

	task_lock(init);
	exe = init->mm ? debar_compat_exe_of(init->mm) : NULL;
	task_unlock(init);
	is = exe && debar_content_inode(exe) == content;
	if (exe)
		fput(exe);
	return is;
}

/* Where the kernel put the loader; 0 for a program without one. */
static unsigned long loader_base(const struct mm_struct *mm)
{
	size_t i;

	for (i = 0; i + 1 < ARRAY_SIZE(mm->saved_auxv); i += 2)
		if (mm->saved_auxv[i] == AT_BASE)
			return mm->saved_auxv[i + 1];
	return 0;
}

static bool is_loader_in(struct mm_struct *mm, const struct inode *content)
{
	unsigned long base = loader_base(mm);
	struct vm_area_struct *vma;
	bool is;

	if (!base || mmap_read_lock_killable(mm))
		return false;
	vma = vma_lookup(mm, base);
	is = vma && vma->vm_file && debar_content_inode(vma->vm_file) == content;
	mmap_read_unlock(mm);
	return is;
}

static bool is_loader_of(struct task_struct *init, const struct inode *content)
{
	struct mm_struct *mm = get_task_mm(init);
	bool is = mm && is_loader_in(mm, content);

	if (mm)
		mmput(mm);
	return is;
}

/* What process 1 is executing it is about to run; the kernel maps nothing else meanwhile. */
static bool belongs_to_init(const struct inode *content, bool locked)
{
	struct task_struct *init;
	bool belongs;

	if (is_global_init(current) && current->in_execve)
		return true;
	rcu_read_lock();
	init = pid_task(find_pid_ns(1, &init_pid_ns), PIDTYPE_PID);
	if (init)
		get_task_struct(init);
	rcu_read_unlock();
	if (!init)
		return false;
	belongs = is_program_of(init, content) || (!locked && is_loader_of(init, content));
	put_task_struct(init);
	return belongs;
}

static void spare(struct debar_judgement *j, const struct inode *content, bool locked)
{
	if (j->verdict != DEBAR_VERDICT_DENY || !belongs_to_init(content, locked))
		return;
	j->verdict = DEBAR_VERDICT_AUDIT;
	j->spared = true;
}

/**
 * debar_spare() - do not refuse what process 1 needs
 * @j: settled; a refusal of such a file becomes a record
 * @content: the inode that holds the file's data
 *
 * Context: process, may sleep; mmap_lock is not held.
 */
void debar_spare(struct debar_judgement *j, const struct inode *content)
{
	might_sleep();
	spare(j, content, false);
}

/**
 * debar_spare_under_lock() - the same, where mmap_lock may be held
 * @j: settled
 * @content: the inode that holds the file's data
 *
 * The loader is not told here: nobody makes it executable later, and what process 1 itself executes
 * is told by that.
 *
 * Context: process, may sleep.
 */
void debar_spare_under_lock(struct debar_judgement *j, const struct inode *content)
{
	spare(j, content, true);
}
