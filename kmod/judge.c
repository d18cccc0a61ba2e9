// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decides whether an operation on a file may go on.
 *
 * The way of nearly every file ends in debar_judge_clears(), at the size filter, under RCU and
 * without a write to shared memory. Only a file whose size an indicator has goes on: to the verdict
 * cache, and if that has no answer to a task that reads the file, with a reference on the policy
 * and no lock but that of this one file.
 */
#include <linux/err.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "compat/compat.h"
#include "content.h"
#include "counters.h"
#include "denials.h"
#include "inflight.h"
#include "judge.h"
#include "limits.h"
#include "match.h"
#include "policy.h"
#include "postpone.h"
#include "scan.h"
#include "settle.h"
#include "spare.h"
#include "verdict_cache.h"

/* Whether an answer is remembered, and is that nothing matches. */
static noinline bool is_remembered(const struct debar_policy *policy, struct inode *inode)
{
	struct debar_identity identity;
	struct debar_matches matches;

	debar_identity_take(inode, &identity);
	if (!debar_identity_lasts(inode, &identity) ||
	    !debar_cache_find(&identity, policy->generation, &matches) ||
	    !debar_matches_none(&matches))
		return false;
	debar_count(DEBAR_COUNT_JUDGED);
	debar_count(DEBAR_COUNT_CACHE_HITS);
	return true;
}

/* What can be said without reading, under RCU, of a file whose size is known. */
static __always_inline bool clears(const struct debar_policy *policy,
				   enum debar_operation operation, struct inode *inode)
{
	if (debar_policy_concerns(policy, operation, i_size_read(inode)))
		return is_remembered(policy, inode);
	debar_count(DEBAR_COUNT_JUDGED);
	debar_count(DEBAR_COUNT_CLEARED_BY_SIZE);
	return true;
}

/* With @operation known to the compiler; never sleeps, takes no lock. */
static __always_inline bool clears_file(const struct file *file, enum debar_operation operation)
{
	struct inode *inode = file_inode(file);
	const struct debar_policy *policy;
	bool cleared;

	/* The cheaper of RCU's read sections, a few instructions long. */
	rcu_read_lock_sched();
	policy = debar_policy_peek();
	cleared = !policy || !S_ISREG(inode->i_mode) ||
		  (debar_content_size_is_exact(inode->i_sb) && clears(policy, operation, inode));
	rcu_read_unlock_sched();
	return cleared;
}

/**
 * debar_judge_clears() - whether an operation on a file can go on without more ado
 * @file: the file, which is not being opened
 *
 * An overlay's files are not cleared: which file holds their content may have to be looked up.
 *
 * Context: any; does not sleep, and takes no lock.
 * Return: false when it must be judged, or when finding that out could take longer.
 */
notrace bool debar_judge_clears(const struct file *file)
{
	return clears_file(file, DEBAR_OPERATION_EXECUTE);
}

/**
 * debar_judge_clears_opening() - whether a file can be opened without more ado
 * @file: the file
 *
 * Context: any; does not sleep, and takes no lock.
 * Return: like debar_judge_clears().
 */
notrace bool debar_judge_clears_opening(const struct file *file)
{
	return clears_file(file, DEBAR_OPERATION_OPEN);
}

/**
 * clear_or_keep() - size filter and verdict cache
 * @inode: the inode that holds the file's data, of known size
 * @j: its policy is set, with a reference, when the file must be read or a match has to be reported
 *
 * Return: true when the verdict in @j stands.
 */
static bool clear_or_keep(struct inode *inode, struct debar_judgement *j)
{
	struct debar_policy *policy;

	j->size = i_size_read(inode);
	rcu_read_lock();
	policy = debar_policy_peek();
	if (!policy || clears(policy, j->operation, inode)) {
		rcu_read_unlock();
		return true;
	}
	debar_count(DEBAR_COUNT_JUDGED);
	/*
	 * When it is being freed another one is in force, or none: either way the caller asks
	 * again.
	 */
	if (debar_policy_tryget(policy))
		j->policy = policy;
	rcu_read_unlock();
	if (!j->policy)
		j->policy = debar_policy_get();
	return !j->policy;
}

static int read_and_match(struct file *file, struct inode *inode, u64 size,
			  struct debar_judgement *j)
{
	struct debar_content content;
	int ret;

	j->size = size;
	ret = debar_content_open(&content, file, size);
	if (ret)
		return ret;
	ret = debar_match(j->policy, inode, &content, &j->found);
	debar_content_close(&content);
	return ret;
}

/*
 * Reads the file until it stays the same from beginning to end, unless it is banned as it was read;
 * remembers the answer when nobody could change the file unseen meanwhile, nor can from now on.
 * tests/model/verdict_cache.pml checks the order.
 */
static int match_file(struct file *file, struct debar_judgement *j)
{
	u64 generation = j->policy->generation;
	struct debar_identity after;
	int attempt, ret;

	for (attempt = 0; attempt < DEBAR_HASH_ATTEMPTS; attempt++) {
		struct inode *inode = debar_content_inode(file);
		bool lasts;

		debar_identity_take(inode, &j->seen);
		lasts = debar_identity_lasts(inode, &j->seen);
		if (lasts && debar_cache_find(&j->seen, generation, &j->found.matches)) {
			debar_count(DEBAR_COUNT_CACHE_HITS);
			return 0;
		}
		debar_count(DEBAR_COUNT_CACHE_MISSES);
		ret = read_and_match(file, inode, j->seen.size, j);
		if (ret && ret != -ESTALE)
			return ret;
		/* Copied up meanwhile, what was read is not what this inode holds. */
		if (!ret && debar_content_inode(file) == inode) {
			debar_identity_take(inode, &after);
			if (debar_identity_equal(&j->seen, &after)) {
				if (lasts && !j->found.incomplete &&
				    debar_identity_lasts(inode, &after))
					debar_cache_add(&after, generation, &j->found.matches);
				return 0;
			}
		}
		if (!ret && !debar_matches_none(&j->found.matches))
			return 0;
	}
	j->found.has_sha256 = false;
	return -ESTALE;
}

/*
 * Those who come while another reads the same file wait for its answer, unless that could not be
 * remembered anyway.
 */
static int find_out(struct file *file, struct debar_judgement *j)
{
	struct inode *inode = debar_content_inode(file);
	struct debar_inflight *inflight = NULL;
	int ret;

	debar_identity_take(inode, &j->seen);
	if (debar_identity_lasts(inode, &j->seen)) {
		inflight = debar_inflight_enter(inode);
		if (IS_ERR(inflight))
			return PTR_ERR(inflight);
	}
	ret = match_file(file, j);
	debar_inflight_leave(inflight);
	return ret;
}

/* Without a policy nothing is at stake, and nothing fails. */
static bool keep_policy(struct debar_judgement *j)
{
	j->policy = debar_policy_get();
	return j->policy;
}

/**
 * debar_judge_probe() - judge a file without recording the verdict
 * @file: the file
 * @operation: what would be attempted
 * @j: filled in; to be given back by debar_judgement_put()
 *
 * Context: process, may sleep.
 */
void debar_judge_probe(struct file *file, enum debar_operation operation,
		       struct debar_judgement *j)
{
	struct inode *inode = debar_content_inode(file);
	int ret = 0;

	might_sleep();
	*j = (struct debar_judgement){ .operation = operation };
	if (!S_ISREG(inode->i_mode) || !debar_content_is_stored(inode))
		return;
	if (!debar_content_size_is_exact(inode->i_sb))
		ret = debar_content_refresh(file);
	if (ret) {
		if (keep_policy(j))
			debar_settle(j, ret, NULL);
	} else {
		if (clear_or_keep(inode, j))
			return;
		ret = find_out(file, j);
		debar_settle(j, ret, &j->found.matches);
	}
	debar_spare(j, inode);
}

/**
 * debar_judge_digest() - judge the execution of a file with a digest
 * @kind: of the digest
 * @digest: DEBAR_DIGEST_SIZE bytes
 * @j: filled in; to be given back by debar_judgement_put()
 */
void debar_judge_digest(enum debar_indicator_kind kind, const u8 *digest,
			struct debar_judgement *j)
{
	*j = (struct debar_judgement){ .operation = DEBAR_OPERATION_EXECUTE };
	debar_matches_clear(&j->found.matches);
	if (!keep_policy(j))
		return;
	debar_policy_match(j->policy, kind, digest, &j->found.matches);
	debar_settle(j, 0, &j->found.matches);
}

/**
 * debar_judgement_put() - give back what a judgement holds
 * @j: a judgement
 */
void debar_judgement_put(struct debar_judgement *j)
{
	debar_policy_put(j->policy);
	j->policy = NULL;
}

/* Counts and records what is not simply allowed, and makes an error number of it. */
static int conclude(struct file *file, struct debar_judgement *j)
{
	enum debar_verdict verdict = j->verdict;

	if (verdict != DEBAR_VERDICT_ALLOW) {
		if (j->reason != DEBAR_REASON_INDICATOR)
			debar_count(DEBAR_COUNT_FAILURES + j->reason);
		debar_count(verdict == DEBAR_VERDICT_DENY ? DEBAR_COUNT_DENIED :
							    DEBAR_COUNT_AUDITED);
		debar_denials_record(file, j);
	}
	debar_judgement_put(j);
	return verdict == DEBAR_VERDICT_DENY ? -EPERM : 0;
}

/**
 * debar_judge_file() - judge an operation on a file
 * @file: the file
 * @operation: what is attempted
 *
 * Context: process, may sleep; the caller holds no lock that reading the file could need.
 * Return: 0, or -EPERM when the policy refuses it.
 */
int debar_judge_file(struct file *file, enum debar_operation operation)
{
	struct debar_judgement j;

	debar_judge_probe(file, operation, &j);
	return conclude(file, &j);
}

/**
 * debar_judge_opening() - judge the opening of a file, to read it
 * @file: the file, open
 *
 * Context: process, may sleep.
 * Return: 0, or -EPERM when the policy refuses it.
 */
int debar_judge_opening(struct file *file)
{
	return debar_scan_allowed() ? 0 : debar_judge_file(file, DEBAR_OPERATION_OPEN);
}

/**
 * debar_judge_is_content() - whether a file holds what another one was judged by
 * @backing: the file that is mapped
 * @user: the file that was judged
 *
 * Return: false when an overlay's file was copied up after @backing was opened, or when a server
 * handed out a file of its own.
 */
bool debar_judge_is_content(const struct file *backing, const struct file *user)
{
	return debar_content_inode(backing) == debar_content_inode(user);
}

/**
 * debar_judge_mapping() - judge the mapping of a file
 * @file: the file
 *
 * Context: process, may sleep; mmap_lock is not held.
 * Return: 0, or -EPERM when the policy refuses it.
 */
int debar_judge_mapping(struct file *file)
{
	struct file *backing = debar_compat_overlay_backing(file);
	int ret = debar_judge_file(file, DEBAR_OPERATION_MAP);

	if (ret || !backing || debar_judge_is_content(backing, file))
		return ret;
	return debar_judge_file(backing, DEBAR_OPERATION_MAP);
}

static int find_out_for_later(struct file *file, struct inode *inode, struct debar_judgement *j)
{
	int ret;

	if (!debar_content_size_is_exact(inode->i_sb)) {
		ret = debar_content_refresh(file);
		if (ret)
			return ret;
	}
	if (debar_policy_concerns(j->policy, j->operation, i_size_read(inode)))
		return find_out(file, j);
	debar_identity_take(inode, &j->seen);
	return 0;
}

/* Where mmap_lock could not be held; see postpone.c. */
static void judge_postponed(struct file *file, struct debar_answer *answer)
{
	struct inode *inode = debar_content_inode(file);
	struct debar_judgement j = {};

	*answer = (struct debar_answer){};
	debar_identity_take(inode, &answer->seen);
	/* The call that starts again finds none, either. */
	if (!keep_policy(&j))
		return;
	debar_matches_clear(&j.found.matches);
	j.seen = answer->seen;
	answer->error = find_out_for_later(file, inode, &j);
	answer->policy = j.policy->generation;
	answer->seen = j.seen;
	answer->matches = j.found.matches;
	debar_judgement_put(&j);
}

static int settle_without_reading(struct file *file, struct inode *inode,
				  struct debar_judgement *j)
{
	struct debar_answer answer;
	int ret;

	if (debar_postponed_answer(inode, j->policy->generation, &answer)) {
		debar_settle(j, answer.error, &answer.matches);
		return 0;
	}
	/* The kernel's own mapping of a new program cannot begin again. */
	ret = current->in_execve ? -ESTALE : debar_postpone(file, inode, judge_postponed);
	if (ret != -ERESTARTNOINTR) {
		debar_settle(j, ret, NULL);
		return 0;
	}
	return ret;
}

/**
 * debar_judge_under_lock() - judge an operation on a file that must not be read at this moment
 * @file: the file, as the kernel maps it
 * @operation: what is attempted
 *
 * Context: process; mmap_lock may be held.
 * Return: 0, -EPERM when the policy refuses it, or -ERESTARTNOINTR when the system call must begin
 * again, after the file was read.
 */
int debar_judge_under_lock(struct file *file, enum debar_operation operation)
{
	struct inode *inode = debar_content_inode(file);
	struct debar_judgement j = { .operation = operation, .size = i_size_read(inode) };
	int ret;

	if (!S_ISREG(inode->i_mode) || !debar_content_is_stored(inode))
		return 0;
	if (debar_content_size_is_exact(inode->i_sb) ? clear_or_keep(inode, &j) : !keep_policy(&j))
		return 0;
	ret = settle_without_reading(file, inode, &j);
	if (ret) {
		debar_judgement_put(&j);
		return ret;
	}
	debar_spare_under_lock(&j, inode);
	return conclude(file, &j);
}

/**
 * debar_judge_buffer() - judge an operation on content that the kernel has in memory
 * @file: where the content was read from, or NULL
 * @data: the content
 * @size: of @data in bytes
 * @operation: what is attempted
 *
 * Context: process, may sleep.
 * Return: 0, or -EPERM when the policy refuses it.
 */
int debar_judge_buffer(struct file *file, const void *data, size_t size,
		       enum debar_operation operation)
{
	struct debar_judgement j = { .operation = operation, .size = size };
	struct debar_content content;
	int ret;

	if (!keep_policy(&j))
		return 0;
	debar_count(DEBAR_COUNT_JUDGED);
	if (!debar_policy_concerns(j.policy, operation, size)) {
		debar_count(DEBAR_COUNT_CLEARED_BY_SIZE);
		return conclude(file, &j);
	}
	debar_content_in_memory(&content, data, size);
	ret = debar_match(j.policy, NULL, &content, &j.found);
	debar_settle(&j, ret, &j.found.matches);
	return conclude(file, &j);
}
