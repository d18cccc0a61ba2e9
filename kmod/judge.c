// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decides whether an operation on a file may go on.
 *
 * The way of nearly every file ends at the size filter, under RCU and without a write to shared
 * memory. Only a file whose size an indicator has goes on: to the verdict cache, and if that has no
 * answer to a task that reads the file, with a reference on the policy and no lock but that of this
 * one file.
 */
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "counters.h"
#include "denials.h"
#include "identify.h"
#include "inflight.h"
#include "judge.h"
#include "limits.h"
#include "policy.h"
#include "postpone.h"
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

static const struct debar_blob_kind *file_kind(const struct debar_policy *policy)
{
	return &policy->blob.kinds[DEBAR_INDICATOR_KIND_FILE_SHA256];
}

static enum debar_reason reason_of(int error)
{
	switch (error) {
	case -ENOMEM:
		return DEBAR_REASON_NO_MEMORY;
	case -EINTR:
		return DEBAR_REASON_INTERRUPTED;
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
	if (match == DEBAR_CACHE_NO_MATCH)
		return;
	j->indicator = &file_kind(j->policy)->indicators[match];
	j->reason = DEBAR_REASON_INDICATOR;
	j->verdict = debar_policy_decide(j->policy, j->indicator);
	memcpy(j->sha256, j->indicator->digest, DEBAR_DIGEST_SIZE);
	j->has_sha256 = true;
}

static u32 match_digest(const struct debar_policy *policy, const u8 *digest)
{
	const struct debar_blob_kind *kind = file_kind(policy);
	const struct debar_blob_indicator *found = debar_blob_find(kind, digest);

	return found ? found - kind->indicators : DEBAR_CACHE_NO_MATCH;
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
	struct debar_identity identity;
	struct debar_policy *policy;
	u32 match;

	rcu_read_lock();
	policy = debar_policy_peek();
	if (!policy)
		goto allow;
	debar_count(DEBAR_COUNT_JUDGED);
	if (!debar_policy_wants_size(policy, j->size)) {
		debar_count(DEBAR_COUNT_CLEARED_BY_SIZE);
		goto allow;
	}
	debar_identity_take(inode, &identity);
	if (debar_identity_lasts(inode, &identity) &&
	    debar_cache_find(&identity, policy->generation, &match) &&
	    match == DEBAR_CACHE_NO_MATCH) {
		debar_count(DEBAR_COUNT_CACHE_HITS);
		goto allow;
	}
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

allow:
	rcu_read_unlock();
	return true;
}

/*
 * Reads the file until it stays the same from beginning to end; remembers the answer when a change
 * would be seen.
 */
static int match_file(struct file *file, struct inode *inode, struct debar_judgement *j, u32 *match)
{
	u64 generation = j->policy->generation;
	struct debar_identity before, after;
	int attempt, ret;

	for (attempt = 0; attempt < DEBAR_HASH_ATTEMPTS; attempt++) {
		debar_identity_take(inode, &before);
		if (debar_identity_lasts(inode, &before) &&
		    debar_cache_find(&before, generation, match)) {
			debar_count(DEBAR_COUNT_CACHE_HITS);
			return 0;
		}
		debar_count(DEBAR_COUNT_CACHE_MISSES);
		ret = debar_identify_file(file, before.size, j->sha256);
		if (ret && ret != -ESTALE)
			return ret;
		debar_identity_take(inode, &after);
		if (ret || !debar_identity_equal(&before, &after))
			continue;
		j->size = before.size;
		j->has_sha256 = true;
		*match = match_digest(j->policy, j->sha256);
		if (debar_identity_lasts(inode, &after))
			debar_cache_add(&after, generation, *match);
		return 0;
	}
	return -ESTALE;
}

/*
 * Those who come while another reads the same file wait for its answer, unless that could not be
 * remembered anyway.
 */
static void judge_content(struct file *file, struct inode *inode, struct debar_judgement *j)
{
	struct debar_inflight *inflight = NULL;
	struct debar_identity identity;
	u32 match;
	int ret;

	debar_identity_take(inode, &identity);
	if (debar_identity_lasts(inode, &identity)) {
		inflight = debar_inflight_enter(inode);
		if (IS_ERR(inflight)) {
			settle_failure(j, PTR_ERR(inflight));
			return;
		}
	}
	ret = match_file(file, inode, j, &match);
	debar_inflight_leave(inflight);
	if (ret)
		settle_failure(j, ret);
	else
		settle_match(j, match);
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

/**
 * debar_judge_probe() - judge a file without recording the verdict
 * @file: the file
 * @j: filled in; to be given back by debar_judgement_put()
 *
 * Context: process, may sleep.
 */
void debar_judge_probe(struct file *file, struct debar_judgement *j)
{
	struct inode *inode;

	might_sleep();
	memset(j, 0, sizeof(*j));
	if (!S_ISREG(file_inode(file)->i_mode))
		return;
	inode = content_inode(file);
	j->size = i_size_read(inode);
	if (!look_up_or_keep(inode, j))
		judge_content(file, inode, j);
}

/**
 * debar_judge_digest() - judge a digest
 * @digest: SHA-256 of a file
 * @j: filled in; to be given back by debar_judgement_put()
 */
void debar_judge_digest(const u8 *digest, struct debar_judgement *j)
{
	memset(j, 0, sizeof(*j));
	j->policy = debar_policy_get();
	if (j->policy)
		settle_match(j, match_digest(j->policy, digest));
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
static int conclude(struct file *file, enum debar_operation operation, struct debar_judgement *j)
{
	enum debar_verdict verdict = j->verdict;

	if (verdict != DEBAR_VERDICT_ALLOW) {
		if (j->reason != DEBAR_REASON_INDICATOR)
			debar_count(DEBAR_COUNT_FAILURES + j->reason);
		debar_count(verdict == DEBAR_VERDICT_DENY ? DEBAR_COUNT_DENIED :
							    DEBAR_COUNT_AUDITED);
		debar_denials_record(file, operation, j);
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

	debar_judge_probe(file, &j);
	return conclude(file, operation, &j);
}

/* Where mmap_lock could not be held; see postpone.c. */
static void judge_postponed(struct file *file, struct debar_answer *answer)
{
	struct debar_judgement j;

	debar_judge_probe(file, &j);
	*answer = (struct debar_answer){
		.policy = j.policy ? j.policy->generation : 0,
		.error = j.error,
		.match = j.indicator ? j.indicator - file_kind(j.policy)->indicators :
				       DEBAR_CACHE_NO_MATCH,
	};
	debar_judgement_put(&j);
}

static int settle_without_reading(struct file *file, const struct inode *inode,
				  struct debar_judgement *j)
{
	struct debar_answer answer;
	int ret;

	if (debar_postponed_answer(inode, j->policy->generation, &answer)) {
		if (answer.error)
			settle_failure(j, answer.error);
		else
			settle_match(j, answer.match);
		return 0;
	}
	ret = debar_postpone(file, inode, judge_postponed);
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
	struct inode *inode = file_inode(file);
	struct debar_judgement j = { .size = i_size_read(inode) };
	int ret;

	if (!S_ISREG(inode->i_mode) || look_up_or_keep(inode, &j))
		return 0;
	ret = settle_without_reading(file, inode, &j);
	if (ret) {
		debar_judgement_put(&j);
		return ret;
	}
	return conclude(file, operation, &j);
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
	struct debar_judgement j = { .size = size };
	int ret;

	j.policy = debar_policy_get();
	if (!j.policy)
		return 0;
	debar_count(DEBAR_COUNT_JUDGED);
	if (!debar_policy_wants_size(j.policy, size)) {
		debar_count(DEBAR_COUNT_CLEARED_BY_SIZE);
		return conclude(file, operation, &j);
	}
	ret = debar_identify_buffer(data, size, j.sha256);
	j.has_sha256 = !ret;
	if (ret)
		settle_failure(&j, ret);
	else
		settle_match(&j, match_digest(j.policy, j.sha256));
	return conclude(file, operation, &j);
}
