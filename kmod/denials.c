// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeps the last denials, numbered without a gap, until readers have fetched them.
 *
 * ring_lock guards the ring and its numbers; it is held for a few instructions, and only when
 * something was denied or is read. Records are immutable in the ring and counted by reference, so a
 * reader formats them without the lock.
 */
#include <linux/kref.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "denial_fill.h"
#include "denials.h"
#include "judge.h"

static DEFINE_SPINLOCK(ring_lock);
/*
 * ring[sequence % ring_size]; a place is empty when there was no memory for its record. Under
 * ring_lock.
 */
static struct debar_denial **ring;
static unsigned int ring_size;
/* Sequence number of the next denial; under ring_lock. */
static u64 next_sequence = 1;
/* Highest sequence number that a reader has fetched; under ring_lock. */
static u64 fetched;
/* Denials that went before anyone had fetched them; under ring_lock. */
static u64 lost;
/* Random number of this load of the module; set once. */
static u64 generation;
/* Tells readers that there is something to fetch; set once. */
static void (*announce)(void);

static void announce_work(struct work_struct *work)
{
	announce();
}

/* A storm of denials makes one announcement after the other, not one for each. */
static DECLARE_WORK(announcement, announce_work);

/**
 * debar_denials_init() - make an empty ring
 * @size: denials to keep
 * @tell: called in process context when there is something to fetch
 *
 * Return: 0 or -ENOMEM.
 */
int debar_denials_init(unsigned int size, void (*tell)(void))
{
	ring = kvcalloc(size, sizeof(*ring), GFP_KERNEL);
	if (!ring)
		return -ENOMEM;
	ring_size = size;
	generation = get_random_u64();
	announce = tell;
	return 0;
}

static void release(struct kref *ref)
{
	kfree(container_of(ref, struct debar_denial, ref));
}

/**
 * debar_denial_put() - give back a reference
 * @denial: or NULL
 */
void debar_denial_put(struct debar_denial *denial)
{
	if (denial)
		kref_put(&denial->ref, release);
}

/**
 * debar_denials_quiet() - announce nothing any more; nobody records any more
 */
void debar_denials_quiet(void)
{
	cancel_work_sync(&announcement);
}

/**
 * debar_denials_exit() - free the ring; nobody reads any more, and debar_denials_quiet() was called
 */
void debar_denials_exit(void)
{
	unsigned int i;

	for (i = 0; i < ring_size; i++)
		debar_denial_put(ring[i]);
	kvfree(ring);
}

static u64 oldest_kept(void)
{
	lockdep_assert_held(&ring_lock);
	return next_sequence > ring_size ? next_sequence - ring_size : 1;
}

/**
 * debar_denials_record() - record a denial of the current task
 * @file: what the operation was attempted with, or NULL
 * @judgement: the verdict, audit or deny
 *
 * Context: process, may sleep. Without memory the number is given all the same, and counts as lost.
 */
void debar_denials_record(struct file *file, const struct debar_judgement *judgement)
{
	struct debar_denial *denial = debar_denial_fill(file, judgement);
	struct debar_denial **place, *old;

	spin_lock(&ring_lock);
	place = &ring[next_sequence % ring_size];
	old = *place;
	if (old && old->sequence > fetched)
		lost++;
	if (denial)
		denial->sequence = next_sequence;
	else
		lost++;
	*place = denial;
	next_sequence++;
	spin_unlock(&ring_lock);
	debar_denial_put(old);
	schedule_work(&announcement);
}

/**
 * debar_denials_state() - where the ring stands
 * @state: filled in
 */
void debar_denials_state(struct debar_denials_state *state)
{
	spin_lock(&ring_lock);
	state->oldest = oldest_kept();
	state->next = next_sequence;
	state->lost = lost;
	spin_unlock(&ring_lock);
}

/**
 * debar_denials_get() - the next denial from a sequence number on
 * @from: lowest sequence number wanted
 * @before: first sequence number not wanted
 *
 * Return: the denial with a reference, or NULL when there is none that is kept.
 */
struct debar_denial *debar_denials_get(u64 from, u64 before)
{
	struct debar_denial *denial = NULL;

	spin_lock(&ring_lock);
	from = max(from, oldest_kept());
	before = min(before, next_sequence);
	for (; from < before && !denial; from++)
		denial = ring[from % ring_size];
	if (denial)
		kref_get(&denial->ref);
	spin_unlock(&ring_lock);
	return denial;
}

/*
 * Places without a record, and those overwritten, are nobody's to fetch: they count as lost
 * already.
 */
static u64 next_to_fetch(void)
{
	u64 sequence = max(fetched + 1, oldest_kept());

	while (sequence < next_sequence && !ring[sequence % ring_size])
		sequence++;
	return sequence;
}

/**
 * debar_denials_fetched() - take note that a reader has got this denial
 * @sequence: of the denial; it counts when those before it were fetched, too
 */
void debar_denials_fetched(u64 sequence)
{
	spin_lock(&ring_lock);
	if (sequence == next_to_fetch())
		fetched = sequence;
	spin_unlock(&ring_lock);
}

/**
 * debar_denials_generation() - the random number of this load of the module
 *
 * Return: the number; sequence numbers start at 1 with it.
 */
u64 debar_denials_generation(void)
{
	return generation;
}

/**
 * debar_denials_size() - how many denials are kept
 *
 * Return: places in the ring.
 */
unsigned int debar_denials_size(void)
{
	return ring_size;
}
