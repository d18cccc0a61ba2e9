// SPDX-License-Identifier: GPL-2.0-only
/*
 * The administrator's programs that may open what a ban keeps from being opened, to look for it.
 *
 * A process is entered by the socket through which it asked, and stays until that socket closes;
 * what it starts is not. scanners_lock guards the table, and is taken only for files that a policy
 * is about.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>

#include "limits.h"
#include "scan.h"

/**
 * struct scanner - a process that may
 * @process: with a reference; NULL when the place is free
 * @owner: address of the socket
 */
struct scanner {
	struct pid *process;
	u32 owner;
};

static DEFINE_SPINLOCK(scanners_lock);
/* Under scanners_lock. */
static struct scanner scanners[DEBAR_SCANNERS_MAX];

/**
 * debar_scan_begin() - let the current process open what is banned from being opened
 * @owner: address of the socket that asks
 *
 * Return: 0, also when it may already; -EBUSY when another process may by this socket, or -EUSERS
 * when too many may.
 */
int debar_scan_begin(u32 owner)
{
	struct scanner *free = NULL;
	int i, ret = -EUSERS;

	spin_lock(&scanners_lock);
	for (i = 0; i < DEBAR_SCANNERS_MAX; i++) {
		if (!scanners[i].process) {
			free = &scanners[i];
		} else if (scanners[i].owner == owner) {
			ret = scanners[i].process == task_tgid(current) ? 0 : -EBUSY;
			goto unlock;
		}
	}
	if (free) {
		free->process = get_pid(task_tgid(current));
		free->owner = owner;
		ret = 0;
	}
unlock:
	spin_unlock(&scanners_lock);
	return ret;
}

/**
 * debar_scan_end() - end what debar_scan_begin() began
 * @owner: address of the socket that closes; one that never asked is fine
 */
void debar_scan_end(u32 owner)
{
	struct pid *process = NULL;
	int i;

	spin_lock(&scanners_lock);
	for (i = 0; i < DEBAR_SCANNERS_MAX; i++) {
		if (scanners[i].process && scanners[i].owner == owner) {
			process = scanners[i].process;
			scanners[i].process = NULL;
		}
	}
	spin_unlock(&scanners_lock);
	put_pid(process);
}

/**
 * debar_scan_exit() - end what is still begun; nobody begins or is judged any more
 */
void debar_scan_exit(void)
{
	int i;

	for (i = 0; i < DEBAR_SCANNERS_MAX; i++)
		put_pid(scanners[i].process);
}

/**
 * debar_scan_allowed() - whether the current process may open what is banned from being opened
 *
 * Return: true when it may.
 */
bool debar_scan_allowed(void)
{
	bool found = false;
	int i;

	spin_lock(&scanners_lock);
	for (i = 0; i < DEBAR_SCANNERS_MAX && !found; i++)
		found = scanners[i].process && scanners[i].process == task_tgid(current);
	spin_unlock(&scanners_lock);
	return found;
}

/**
 * debar_scan_count() - how many processes may
 *
 * Return: their number.
 */
unsigned int debar_scan_count(void)
{
	unsigned int count = 0;
	int i;

	spin_lock(&scanners_lock);
	for (i = 0; i < DEBAR_SCANNERS_MAX; i++)
		count += !!scanners[i].process;
	spin_unlock(&scanners_lock);
	return count;
}
