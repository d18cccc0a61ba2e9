// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lets one task read a file while the others that need the same answer wait for it.
 *
 * table_lock guards the table and the users of each entry; an entry's own mutex is held by its
 * reader. The lock is for one file and never shared with another, so a filesystem in userspace that
 * starts programs while it answers a read cannot wait for itself.
 */
#include <linux/err.h>
#include <linux/hashtable.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "inflight.h"

#define TABLE_BITS	6

/**
 * struct debar_inflight - a file that is being read; lives as long as it has users
 * @node: in the table
 * @inode: the file; pinned by each user
 * @users: tasks that read or wait; under table_lock
 * @reading: makes the others wait
 */
struct debar_inflight {
	struct hlist_node node;
	const struct inode *inode;
	unsigned int users;
	struct mutex reading; /* held by the one that reads */
};

static DEFINE_HASHTABLE(table, TABLE_BITS);
static DEFINE_SPINLOCK(table_lock);

static struct debar_inflight *find_or_add(const struct inode *inode, struct debar_inflight *new)
{
	struct debar_inflight *it;

	lockdep_assert_held(&table_lock);
	hash_for_each_possible(table, it, node, (unsigned long)inode) {
		if (it->inode == inode) {
			it->users++;
			return it;
		}
	}
	new->inode = inode;
	new->users = 1;
	hash_add(table, &new->node, (unsigned long)inode);
	return new;
}

static void forget(struct debar_inflight *inflight)
{
	bool last;

	spin_lock(&table_lock);
	last = !--inflight->users;
	if (last)
		hash_del(&inflight->node);
	spin_unlock(&table_lock);
	if (last)
		kfree(inflight);
}

/**
 * debar_inflight_enter() - wait until nobody else reads this file
 * @inode: the file, pinned by the caller until it leaves
 *
 * Context: process, may sleep.
 * Return: what to leave with; NULL without memory, then the caller reads unguarded; or -EINTR when
 * the task is killed.
 */
struct debar_inflight *debar_inflight_enter(const struct inode *inode)
{
	struct debar_inflight *new = kmalloc(sizeof(*new), GFP_KERNEL | __GFP_NOWARN), *it;

	if (!new)
		return NULL;
	mutex_init(&new->reading);
	spin_lock(&table_lock);
	it = find_or_add(inode, new);
	spin_unlock(&table_lock);
	if (it != new)
		kfree(new);
	if (mutex_lock_killable(&it->reading)) {
		forget(it);
		return ERR_PTR(-EINTR);
	}
	return it;
}

/**
 * debar_inflight_leave() - let the next one read
 * @inflight: from debar_inflight_enter(), or NULL
 */
void debar_inflight_leave(struct debar_inflight *inflight)
{
	if (!inflight)
		return;
	mutex_unlock(&inflight->reading);
	forget(inflight);
}
