// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lets a system call that holds a lock wait for a judgement that needs to read.
 *
 * mprotect() asks under mmap_lock, where reading a file could deadlock: a writer of the file holds
 * the filesystem's lock and waits for mmap_lock to fault its buffer in. So the call is broken off
 * with -ERESTARTNOINTR; on its way to user space the task, which holds no lock there, judges the
 * file, leaves the answer here, and the kernel starts the call again, unseen by the program.
 * Nothing becomes executable unjudged, and nothing that is not banned is refused.
 *
 * An answer is for one task and one file as it was, and is used once. answers_lock guards the
 * table, in which a newer answer may take the place of an older one: its task then only asks again.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/file.h>
#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/task_work.h>
#include <linux/time64.h>

#include "postpone.h"

#define ANSWER_BITS	6

/*
 * A file that could not be identified may look different each time; what was found out about it is
 * true for the call that starts again at once, and not for a later one.
 */
#define FAILURE_LASTS	HZ

/* How often a drain looks again, and after how long it says that it still waits. */
#define DRAIN_POLL_MS	10
#define DRAIN_REPORT_MS	(10 * MSEC_PER_SEC)

/**
 * struct slot - an answer that waits for its task
 * @pid: the task, with the next; 0 when the slot is empty
 * @started: when the task was started, so that its number may be used again
 * @inode: the file, never followed
 * @left_at: when the answer was left here, in jiffies
 * @answer: what was found out
 */
struct slot {
	pid_t pid;
	u64 started;
	const struct inode *inode;
	unsigned long left_at;
	struct debar_answer answer;
};

static DEFINE_SPINLOCK(answers_lock);
static struct slot slots[BIT(ANSWER_BITS)];
/* Judgements that tasks will make, or are making. */
static atomic_t outstanding = ATOMIC_INIT(0);

/**
 * struct postponed - a judgement that the current task will make; owned by its task work
 * @work: in the task's list
 * @file: with a reference
 * @inode: the file's, whose answer is wanted
 * @judge: makes the judgement
 */
struct postponed {
	struct callback_head work;
	struct file *file;
	const struct inode *inode;
	void (*judge)(struct file *file, struct debar_answer *answer);
};

static struct slot *slot_of(const struct inode *inode)
{
	return &slots[hash_64((unsigned long)inode ^ task_pid_nr(current), ANSWER_BITS)];
}

static void leave_answer(const struct inode *inode, const struct debar_answer *answer)
{
	struct slot *slot = slot_of(inode);

	spin_lock(&answers_lock);
	slot->pid = task_pid_nr(current);
	slot->started = current->start_boottime;
	slot->inode = inode;
	slot->left_at = jiffies;
	slot->answer = *answer;
	spin_unlock(&answers_lock);
}

static void judge_now(struct callback_head *work)
{
	struct postponed *p = container_of(work, struct postponed, work);
	struct debar_answer answer;

	p->judge(p->file, &answer);
	leave_answer(p->inode, &answer);
	fput(p->file);
	kfree(p);
	atomic_dec(&outstanding);
}

/**
 * debar_postpone() - break off the current system call until a file has been judged
 * @file: the file
 * @inode: names the answer
 * @judge: called by the current task in process context, without a lock
 *
 * Context: process, may hold mmap_lock.
 * Return: -ERESTARTNOINTR, to be returned by the system call; or -ENOMEM, or -ESRCH from a task
 * that is on its way out.
 */
int debar_postpone(struct file *file, const struct inode *inode,
		   void (*judge)(struct file *file, struct debar_answer *answer))
{
	struct postponed *p = kmalloc(sizeof(*p), GFP_KERNEL);
	int ret;

	if (!p)
		return -ENOMEM;
	init_task_work(&p->work, judge_now);
	p->file = get_file(file);
	p->inode = inode;
	p->judge = judge;
	atomic_inc(&outstanding);
	ret = task_work_add(current, &p->work, TWA_SIGNAL);
	if (!ret)
		return -ERESTARTNOINTR;
	atomic_dec(&outstanding);
	fput(p->file);
	kfree(p);
	return ret;
}

/**
 * debar_postponed_answer() - the answer that the current task has found before its call was
 * restarted
 * @inode: the file
 * @policy: generation of the policy in force
 * @answer: filled in; the answer is used up
 *
 * Return: whether there is one under this policy, about the file as it is.
 */
bool debar_postponed_answer(struct inode *inode, u64 policy, struct debar_answer *answer)
{
	struct slot *slot = slot_of(inode);
	struct debar_identity now;
	bool found;

	debar_identity_take(inode, &now);
	spin_lock(&answers_lock);
	found = slot->pid == task_pid_nr(current) && slot->started == current->start_boottime &&
		slot->inode == inode && slot->answer.policy == policy;
	if (found) {
		*answer = slot->answer;
		slot->pid = 0;
		found = answer->error ? debar_identity_same_file(&answer->seen, &now) &&
					time_before(jiffies, slot->left_at + FAILURE_LASTS) :
					debar_identity_equal(&answer->seen, &now);
	}
	spin_unlock(&answers_lock);
	return found;
}

/**
 * debar_postponed_drain() - wait until no task will judge any more, nor is judging
 *
 * Context: process; nobody can postpone any more.
 */
void debar_postponed_drain(void)
{
	unsigned int waited = 0;

	while (atomic_read(&outstanding)) {
		msleep(DRAIN_POLL_MS);
		waited += DRAIN_POLL_MS;
		if (waited % DRAIN_REPORT_MS == 0)
			pr_warn("unload waits for %d tasks in mprotect(): are they being traced?\n",
				atomic_read(&outstanding));
	}
}
