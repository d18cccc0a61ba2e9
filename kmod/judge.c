// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decides whether an operation on a file may go on.
 *
 * The way of nearly every file ends in debar_judge_clears(), at the size filter, under RCU and
 * without a write to shared memory. Only a file whose size an indicator has goes on: to the verdict
 * cache, and if that has no answer to a task that reads the file, with a reference on the policy
 * and no lock but that of this one file.
 */
#include <linux/dcache.h>
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
#include "verdict_cache.h"

/* Set at load, by the module parameter. */
static bool fail_closed;

/**
 * debar_judge_fail_closed() - choose what becomes of a file that cannot be identified
 * @closed: true to refuse it, false to let it through and record it
 */
void debar_judge_fail_closed(bool closed)
{
	fail_closed = closed;
}

/**
 * debar_judge_fails_closed() - what becomes of a file that cannot be identified
 *
 * Return: true when it is refused.
 */
bool debar_judge_fails_closed(void)
{
	return fail_closed;
}

static enum debar_reason reason_of(int error)
{
	switch (error) {
	case -ENOMEM:
		return DEBAR_REASON_NO_MEMORY;
	case -EINTR:
	case -ERESTARTSYS:
		return DEBAR_REASON_INTERRUPTED;
	case -EBADE:
		return DEBAR_REASON_HASH_ERROR;
	case -ESTALE:
		return DEBAR_REASON_UNSTABLE;
	default:
		return DEBAR_REASON_IO_ERROR;
	}
}

/* A file that a size filter did not clear and that nobody could identify. */
static void settle_failure(struct debar_judgement *j, int error)
{
	j->error = error;
	j->reason = reason_of(error);
	j->verdict = fail_closed && debar_mode() == DEBAR_MODE_ENFORCE ? DEBAR_VERDICT_DENY :
									DEBAR_VERDICT_AUDIT;
}

static void settle_match(struct debar_judgement *j, u32 match)
{
	if (match == DEBAR_NO_MATCH)
		return;
	j->indicator = debar_policy_matched(j->policy, match, &j->kind);
	j->reason = DEBAR_REASON_INDICATOR;
	j->verdict = debar_policy_decide(j->policy, j->indicator, j->operation);
	if (j->kind != DEBAR_INDICATOR_KIND_FILE_SHA256)
		return;
	memcpy(j->found.sha256, j->indicator->digest, DEBAR_DIGEST_SIZE);
	j->found.has_sha256 = true;
}

/* Whether an answer is remembered, and is that nothing matches. */
static noinline bool is_remembered(const struct debar_policy *policy, struct inode *inode)
{
	struct debar_identity identity;
	u32 match;

	debar_identity_take(inode, &identity);
	if (!debar_identity_lasts(inode, &identity) ||
	    !debar_cache_find(&identity, policy->generation, &match) || match != DEBAR_NO_MATCH)
		return false;
	debar_count(DEBAR_COUNT_JUDGED);
	debar_count(DEBAR_COUNT_CACHE_HITS);
	return true;
}

/* What can be said without reading, under RCU. */
static bool clears(const struct debar_policy *policy, struct inode *inode, u64 size)
{
	if (debar_policy_concerns(policy, size))
		return is_remembered(policy, inode);
	debar_count(DEBAR_COUNT_JUDGED);
	debar_count(DEBAR_COUNT_CLEARED_BY_SIZE);
	return true;
}

/**
 * debar_judge_clears() - whether an operation on a file can go on without more ado
 * @file: the file
 *
 * Context: any; does not sleep, and takes no lock.
 * Return: false when it must be judged, or when finding that out could take longer.
 */
bool debar_judge_clears(const struct file *file)
{
	struct inode *inode = file_inode(file);
	const struct debar_policy *policy;
	bool cleared;

	/* An overlay may have to look up which file holds the content. */
	if (file->f_path.dentry->d_flags & DCACHE_OP_REAL)
		return false;
	/* The cheaper of RCU's read sections, a few instructions long. */
	rcu_read_lock_sched();
	policy = debar_policy_peek();
	cleared = !policy || !S_ISREG(inode->i_mode) || clears(policy, inode, i_size_read(inode));
	rcu_read_unlock_sched();
	return cleared;
}

/**
 * look_up_or_keep() - size filter and verdict cache
 * @inode: the inode that holds the file's data
 * @j: its policy is set, with a reference, when the file must be read or a match has to be reported
 *
 * Return: true when the verdict in @j stands.
 */
static bool look_up_or_keep(struct inode *inode, struct debar_judgement *j)
{
	struct debar_policy *policy;

	rcu_read_lock();
	policy = debar_policy_peek();
	if (!policy || clears(policy, inode, j->size)) {
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

/*
 * On an overlay the inode below it holds the content, and knows when it changes. What an overlay's
 * file is mapped from is a file below it with the overlay's path; that file's own inode is right.
 */
static struct inode *content_inode(const struct file *file)
{
	struct inode *inode = file_inode(file);

	return inode->i_sb == file->f_path.dentry->d_sb ? d_real_inode(file->f_path.dentry) : inode;
}

static int read_and_match(struct file *file, struct inode *inode, u64 size,
			  struct debar_judgement *j, u32 *match)
{
	struct debar_content content;
	int ret;

	j->size = size;
	ret = debar_content_open(&content, file, size);
	if (ret)
		return ret;
	ret = debar_match(j->policy, inode, &content, &j->found);
	debar_content_close(&content);
	*match = j->found.match;
	return ret;
}

/*
 * Reads the file until it stays the same from beginning to end, unless it is banned as it was read;
 * remembers the answer when nobody could change the file unseen meanwhile, nor can from now on.
 */
static int match_file(struct file *file, struct debar_judgement *j, u32 *match)
{
	u64 generation = j->policy->generation;
	struct debar_identity after;
	int attempt, ret;

	for (attempt = 0; attempt < DEBAR_HASH_ATTEMPTS; attempt++) {
		struct inode *inode = content_inode(file);
		bool lasts;

		debar_identity_take(inode, &j->seen);
		lasts = debar_identity_lasts(inode, &j->seen);
		if (lasts && debar_cache_find(&j->seen, generation, match)) {
			debar_count(DEBAR_COUNT_CACHE_HITS);
			return 0;
		}
		debar_count(DEBAR_COUNT_CACHE_MISSES);
		ret = read_and_match(file, inode, j->seen.size, j, match);
		if (ret && ret != -ESTALE)
			return ret;
		/* Copied up meanwhile, what was read is not what this inode holds. */
		if (!ret && content_inode(file) == inode) {
			debar_identity_take(inode, &after);
			if (debar_identity_equal(&j->seen, &after)) {
				if (lasts && debar_identity_lasts(inode, &after))
					debar_cache_add(&after, generation, *match);
				return 0;
			}
		}
		if (!ret && *match != DEBAR_NO_MATCH)
			return 0;
	}
	j->found.has_sha256 = false;
	return -ESTALE;
}

/*
 * Those who come while another reads the same file wait for its answer, unless that could not be
 * remembered anyway.
 */
static int find_out(struct file *file, struct debar_judgement *j, u32 *match)
{
	struct inode *inode = content_inode(file);
	struct debar_inflight *inflight = NULL;
	int ret;

	debar_identity_take(inode, &j->seen);
	if (debar_identity_lasts(inode, &j->seen)) {
		inflight = debar_inflight_enter(inode);
		if (IS_ERR(inflight))
			return PTR_ERR(inflight);
	}
	ret = match_file(file, j, match);
	debar_inflight_leave(inflight);
	return ret;
}

static void settle(struct debar_judgement *j, int error, u32 match)
{
	if (error)
		settle_failure(j, error);
	else
		settle_match(j, match);
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
	struct inode *inode;
	u32 match;
	int ret;

	might_sleep();
	*j = (struct debar_judgement){ .operation = operation };
	if (!S_ISREG(file_inode(file)->i_mode))
		return;
	inode = content_inode(file);
	j->size = i_size_read(inode);
	if (look_up_or_keep(inode, j))
		return;
	ret = find_out(file, j, &match);
	settle(j, ret, match);
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
	j->policy = debar_policy_get();
	if (j->policy)
		settle_match(j, debar_policy_match(j->policy, kind, digest));
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
	if (!debar_content_is_stored(content_inode(file)) || debar_scan_allowed())
		return 0;
	return debar_judge_file(file, DEBAR_OPERATION_OPEN);
}

/**
 * debar_judge_is_content() - whether a file holds what another one was judged by
 * @backing: a file below an overlay
 * @user: the overlay's file
 *
 * Return: false when the overlay's file was copied up after @backing was opened.
 */
bool debar_judge_is_content(const struct file *backing, const struct file *user)
{
	return content_inode(backing) == content_inode(user);
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

/* Where mmap_lock could not be held; see postpone.c. */
static void judge_postponed(struct file *file, struct debar_answer *answer)
{
	struct inode *inode = content_inode(file);
	struct debar_judgement j = { .size = i_size_read(inode) };

	*answer = (struct debar_answer){ .match = DEBAR_NO_MATCH };
	/* What can be answered without reading, the call that starts again finds out itself. */
	if (look_up_or_keep(inode, &j))
		return;
	answer->policy = j.policy->generation;
	answer->error = find_out(file, &j, &answer->match);
	answer->seen = j.seen;
	debar_judgement_put(&j);
}

static int settle_without_reading(struct file *file, struct inode *inode,
				  struct debar_judgement *j)
{
	struct debar_answer answer;
	int ret;

	if (debar_postponed_answer(inode, j->policy->generation, &answer)) {
		settle(j, answer.error, answer.match);
		return 0;
	}
	/* The kernel's own mapping of a new program cannot begin again. */
	ret = current->in_execve ? -ESTALE : debar_postpone(file, inode, judge_postponed);
	if (ret != -ERESTARTNOINTR) {
		settle_failure(j, ret);
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
	struct inode *inode = content_inode(file);
	struct debar_judgement j = { .operation = operation, .size = i_size_read(inode) };
	int ret;

	if (!S_ISREG(inode->i_mode) || look_up_or_keep(inode, &j))
		return 0;
	ret = settle_without_reading(file, inode, &j);
	if (ret) {
		debar_judgement_put(&j);
		return ret;
	}
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

	j.policy = debar_policy_get();
	if (!j.policy)
		return 0;
	debar_count(DEBAR_COUNT_JUDGED);
	if (!debar_policy_concerns(j.policy, size)) {
		debar_count(DEBAR_COUNT_CLEARED_BY_SIZE);
		return conclude(file, &j);
	}
	debar_content_in_memory(&content, data, size);
	ret = debar_match(j.policy, NULL, &content, &j.found);
	settle(&j, ret, j.found.match);
	return conclude(file, &j);
}
