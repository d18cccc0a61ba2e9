// SPDX-License-Identifier: GPL-2.0-only
/*
 * Remembers which indicators an unchanged file matched under a policy.
 *
 * Places hold immutable entries: looked up under RCU without a lock, replaced under cache_lock. An
 * entry counts only for the identity and the policy that it was made for, so neither a changed file
 * nor a new policy needs a flush. No reference on an inode or a filesystem is held; when a
 * filesystem goes away its entries are forgotten, because another one may come back under its
 * device number.
 */
#include <linux/backing-dev.h>
#include <linux/hash.h>
#include <linux/iversion.h>
#include <linux/magic.h>
#include <linux/mm.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>

#include "limits.h"
#include "verdict_cache.h"

#define SETS		BIT(DEBAR_CACHE_SET_BITS)
#define PLACES		(SETS * DEBAR_CACHE_WAYS)

/*
 * A change within this time of another may leave the ctime as it is: the clock behind it ticks with
 * the scheduler.
 */
#define CTIME_SETTLES_NS	(20 * NSEC_PER_MSEC)

/**
 * struct entry - one remembered answer; immutable while it can be found
 * @identity: the file
 * @policy: generation of the policy
 * @matches: the indicators
 * @rcu: to free it
 */
struct entry {
	struct debar_identity identity;
	u64 policy;
	struct debar_matches matches;
	struct rcu_head rcu;
};

/* PLACES places; written under cache_lock. */
static struct entry __rcu **places;
static DEFINE_SPINLOCK(cache_lock);
/* Under cache_lock. */
static u32 entries;
/* Which place of a full set goes next; under cache_lock. */
static unsigned int victim;

/**
 * debar_cache_init() - make an empty cache
 *
 * Return: 0 or -ENOMEM.
 */
int debar_cache_init(void)
{
	places = kvcalloc(PLACES, sizeof(*places), GFP_KERNEL);
	return places ? 0 : -ENOMEM;
}

/**
 * debar_cache_exit() - free the cache; nobody uses it any more
 */
void debar_cache_exit(void)
{
	debar_cache_flush();
	kvfree(places);
}

/**
 * debar_identity_take() - a file as it is now
 * @inode: the inode that holds the data, pinned by the caller
 * @identity: filled in
 */
void debar_identity_take(struct inode *inode, struct debar_identity *identity)
{
	*identity = (struct debar_identity){
		.inode = inode,
		.device = inode->i_sb->s_dev,
		.number = inode->i_ino,
		.generation = inode->i_generation,
		.size = i_size_read(inode),
		/* Asking makes the filesystem count the next change. */
		.version = IS_I_VERSION(inode) ? inode_query_iversion(inode) : 0,
		.ctime = inode_get_ctime(inode),
	};
}

/**
 * debar_identity_same_file() - whether two identities are of one file, changed or not
 * @a: an identity
 * @b: another
 *
 * Return: true when they are.
 */
bool debar_identity_same_file(const struct debar_identity *a, const struct debar_identity *b)
{
	return a->inode == b->inode && a->device == b->device && a->number == b->number &&
	       a->generation == b->generation;
}

/**
 * debar_identity_equal() - whether a file is the same and unchanged
 * @a: an identity
 * @b: another
 *
 * Return: true when it is.
 */
bool debar_identity_equal(const struct debar_identity *a, const struct debar_identity *b)
{
	return debar_identity_same_file(a, b) && a->size == b->size && a->version == b->version &&
	       timespec64_equal(&a->ctime, &b->ctime);
}

/*
 * Whether every change of a file moves its ctime or change counter, and nothing else does. Only of
 * filesystems that are known to: others are served by another machine or a program, keep no exact
 * ctime, or let a program set it.
 */
static bool sees_every_change(const struct super_block *sb)
{
	if (sb->s_iflags & SB_I_UNTRUSTED_MOUNTER)
		return false;
	switch (sb->s_magic) {
	case EXT4_SUPER_MAGIC:
	case XFS_SUPER_MAGIC:
	case BTRFS_SUPER_MAGIC:
		/*
		 * Without writeback a store through a mapping needs no fault, and so leaves no
		 * trace in the ctime.
		 */
		return sb->s_bdi->capabilities & BDI_CAP_WRITEBACK;
	case SQUASHFS_MAGIC:
	case EROFS_SUPER_MAGIC_V1:
	case ISOFS_SUPER_MAGIC:
		return sb->s_bdev;
	default:
		return false;
	}
}

/**
 * debar_identity_lasts() - whether a later change of this file would change its identity
 * @inode: the inode
 * @identity: taken from it
 *
 * Return: true when an answer about it may be remembered, and one that is remembered be used.
 */
bool debar_identity_lasts(struct inode *inode, const struct debar_identity *identity)
{
	struct timespec64 now, age;

	/*
	 * The clock comes before the writers: one who opens the file after it was asked about them
	 * writes with a later time. tests/model/verdict_cache.pml checks this order.
	 */
	ktime_get_coarse_real_ts64(&now);
	if (!sees_every_change(inode->i_sb) || inode_is_open_for_write(inode) ||
	    mapping_writably_mapped(inode->i_mapping))
		return false;
	age = timespec64_sub(now, identity->ctime);
	return timespec64_to_ns(&age) > max_t(s64, CTIME_SETTLES_NS, inode->i_sb->s_time_gran);
}

static struct entry __rcu **set_of(const struct debar_identity *identity)
{
	u64 key = identity->number ^ ((u64)identity->device << 40);

	return places + (size_t)hash_64(key, DEBAR_CACHE_SET_BITS) * DEBAR_CACHE_WAYS;
}

/**
 * debar_cache_find() - look up an answer
 * @identity: the file as it is now
 * @policy: generation of the policy
 * @matches: set to the indicators
 *
 * Return: whether there is one.
 */
bool debar_cache_find(const struct debar_identity *identity, u64 policy,
		      struct debar_matches *matches)
{
	struct entry __rcu **set = set_of(identity);
	bool found = false;
	int i;

	rcu_read_lock();
	for (i = 0; i < DEBAR_CACHE_WAYS && !found; i++) {
		const struct entry *entry = rcu_dereference(set[i]);

		if (entry && entry->policy == policy &&
		    debar_identity_equal(&entry->identity, identity)) {
			*matches = entry->matches;
			found = true;
		}
	}
	rcu_read_unlock();
	return found;
}

static void put_in_place(struct entry __rcu **place, struct entry *new)
{
	struct entry *old = rcu_replace_pointer(*place, new, lockdep_is_held(&cache_lock));

	entries += !!new - !!old;
	if (old)
		kfree_rcu(old, rcu);
}

/* A free place, one whose entry is of no use any more, or else each in turn. */
static struct entry __rcu **choose_place(const struct debar_identity *identity, u64 policy)
{
	struct entry __rcu **set = set_of(identity);
	int i;

	for (i = 0; i < DEBAR_CACHE_WAYS; i++) {
		const struct entry *entry =
			rcu_dereference_protected(set[i], lockdep_is_held(&cache_lock));

		if (!entry || entry->policy < policy || entry->identity.inode == identity->inode)
			return &set[i];
	}
	return &set[victim++ % DEBAR_CACHE_WAYS];
}

/**
 * debar_cache_add() - remember an answer; without memory it is not remembered
 * @identity: the file, of which debar_identity_lasts() is true
 * @policy: generation of the policy
 * @matches: the indicators
 */
void debar_cache_add(const struct debar_identity *identity, u64 policy,
		     const struct debar_matches *matches)
{
	struct entry *entry = kmalloc(sizeof(*entry), GFP_KERNEL | __GFP_NOWARN);

	if (!entry)
		return;
	entry->identity = *identity;
	entry->policy = policy;
	entry->matches = *matches;
	spin_lock(&cache_lock);
	put_in_place(choose_place(identity, policy), entry);
	spin_unlock(&cache_lock);
}

static void forget(bool all, dev_t device)
{
	size_t i;

	for (i = 0; i < PLACES; i++) {
		const struct entry *entry;

		if (!rcu_access_pointer(places[i]))
			continue;
		spin_lock(&cache_lock);
		entry = rcu_dereference_protected(places[i], lockdep_is_held(&cache_lock));
		if (entry && (all || entry->identity.device == device))
			put_in_place(&places[i], NULL);
		spin_unlock(&cache_lock);
	}
}

/**
 * debar_cache_flush() - forget every answer
 */
void debar_cache_flush(void)
{
	forget(true, 0);
}

/**
 * debar_cache_forget_device() - forget the answers about a filesystem's files
 * @device: of the filesystem that goes away
 */
void debar_cache_forget_device(dev_t device)
{
	forget(false, device);
}

/**
 * debar_cache_entries() - how many answers are remembered
 *
 * Return: their number, also of those that are of no use any more.
 */
u32 debar_cache_entries(void)
{
	return READ_ONCE(entries);
}

/**
 * debar_cache_size() - how many answers can be remembered
 *
 * Return: the number of places.
 */
u32 debar_cache_size(void)
{
	return PLACES;
}
