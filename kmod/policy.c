// SPDX-License-Identifier: GPL-2.0-only
/*
 * A policy: made of a blob, and asked what it says. No locks; a policy that is published never
 * changes.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/utsname.h>

#include "policy.h"

static u32 count_operations(const struct debar_blob *blob)
{
	u32 operations = 0, i;

	for (i = 0; i < le32_to_cpu(blob->header->ban_count); i++)
		operations |= le32_to_cpu(blob->bans[i].operations);
	return operations;
}

/**
 * debar_policy_has() - whether there are indicators of a kind
 * @policy: a policy
 * @kind: the kind
 *
 * Return: true when there are, in either layer.
 */
bool debar_policy_has(const struct debar_policy *policy, enum debar_indicator_kind kind)
{
	return policy->blob.kinds[kind].indicator_count ||
	       (policy->local && policy->local->blob.kinds[kind].indicator_count);
}

static bool has_sizeless(const struct debar_policy *policy, enum debar_indicator_kind kind)
{
	return policy->blob.kinds[kind].sizeless ||
	       (policy->local && policy->local->blob.kinds[kind].sizeless);
}

/* What identifies code tells nothing about the file's size. */
static bool concerns_every_size(const struct debar_policy *policy)
{
	return has_sizeless(policy, DEBAR_INDICATOR_KIND_FILE_SHA256) ||
	       has_sizeless(policy, DEBAR_INDICATOR_KIND_FSVERITY_SHA256) ||
	       debar_policy_has(policy, DEBAR_INDICATOR_KIND_CODE_SHA256) ||
	       debar_policy_has(policy, DEBAR_INDICATOR_KIND_BUILD_ID);
}

static void filter_sizes(struct debar_policy *policy, enum debar_indicator_kind kind)
{
	const struct debar_blob_kind *sections = &policy->blob.kinds[kind];
	u32 i;

	for (i = 0; i < sections->size_count; i++) {
		__set_bit(debar_policy_size_bit(le64_to_cpu(sections->sizes[i])),
			  policy->size_filter);
		cond_resched();
	}
}

/* An indicator of a ban on opening. */
static void filter_opening(struct debar_policy *policy, enum debar_indicator_kind kind,
			   const struct debar_blob_indicator *it)
{
	u64 size;

	if ((kind == DEBAR_INDICATOR_KIND_FILE_SHA256 ||
	     kind == DEBAR_INDICATOR_KIND_FSVERITY_SHA256) &&
	    debar_blob_size_of(&policy->blob.kinds[kind], it, &size))
		__set_bit(debar_policy_size_bit(size), policy->open_filter);
	else
		bitmap_fill(policy->open_filter, BIT(DEBAR_SIZE_FILTER_BITS));
}

static int take_indicators(struct debar_policy *policy)
{
	const struct debar_blob *blob = &policy->blob;
	u32 kind, i;

	policy->ban_indicators = kvcalloc(le32_to_cpu(blob->header->ban_count),
					  sizeof(*policy->ban_indicators), GFP_KERNEL);
	if (!policy->ban_indicators)
		return -ENOMEM;
	for (kind = 0; kind < DEBAR_BLOB_KINDS; kind++) {
		for (i = 0; i < blob->kinds[kind].indicator_count; i++) {
			const struct debar_blob_indicator *it = &blob->kinds[kind].indicators[i];
			const struct debar_blob_ban *ban = debar_blob_ban(blob, it);

			policy->ban_indicators[ban - blob->bans]++;
			if (le32_to_cpu(ban->operations) &
			    DEBAR_BLOB_OPERATION(DEBAR_OPERATION_OPEN))
				filter_opening(policy, kind, it);
			cond_resched();
		}
	}
	return 0;
}

static void make_size_filters(struct debar_policy *policy)
{
	filter_sizes(policy, DEBAR_INDICATOR_KIND_FILE_SHA256);
	filter_sizes(policy, DEBAR_INDICATOR_KIND_FSVERITY_SHA256);
	if (concerns_every_size(policy))
		bitmap_fill(policy->size_filter, BIT(DEBAR_SIZE_FILTER_BITS));
}

/**
 * debar_policy_create() - make a policy of a blob
 * @data: the blob, allocated with kvmalloc(); the policy owns it on success only
 * @length: of @data in bytes
 * @digest: SHA-256 of @data
 * @extack: told what is wrong with the blob
 *
 * Context: process, may sleep.
 * Return: a policy with one reference, or -EINVAL (malformed), -ENOMEM.
 */
struct debar_policy *debar_policy_create(void *data, size_t length, const u8 *digest,
					 struct netlink_ext_ack *extack)
{
	struct debar_blob_error error;
	struct debar_policy *policy;
	int ret;

	might_sleep();
	policy = kzalloc(sizeof(*policy), GFP_KERNEL);
	if (!policy)
		return ERR_PTR(-ENOMEM);
	ret = debar_blob_parse(&policy->blob, data, length, &error);
	if (ret) {
		pr_warn("policy refused: %s (at byte %llu)\n", error.what, error.offset);
		if (extack)
			extack->_msg = error.what;
		goto free_policy;
	}
	ret = take_indicators(policy);
	if (ret)
		goto free_policy;
	make_size_filters(policy);
	kref_init(&policy->ref);
	policy->operations = count_operations(&policy->blob);
	policy->data = data;
	policy->length = length;
	memcpy(policy->digest, digest, DEBAR_DIGEST_SIZE);
	return policy;

free_policy:
	kfree(policy);
	return ERR_PTR(ret);
}

/**
 * debar_policy_join() - a policy with a local layer
 * @policy: the policy; its own layer, if it has one, is left out
 * @local: the layer, or NULL
 *
 * Context: process, may sleep.
 * Return: a policy with one reference, which holds references to both, or NULL without memory.
 */
struct debar_policy *debar_policy_join(struct debar_policy *policy, struct debar_policy *local)
{
	struct debar_policy *owner = policy->owner ?: policy;
	struct debar_policy *joined = kmemdup(owner, sizeof(*owner), GFP_KERNEL);

	if (!joined)
		return NULL;
	kref_init(&joined->ref);
	kref_get(&owner->ref);
	joined->owner = owner;
	if (!local)
		return joined;
	kref_get(&local->ref);
	joined->local = local;
	joined->operations |= local->operations;
	bitmap_or(joined->size_filter, owner->size_filter, local->size_filter,
		  BIT(DEBAR_SIZE_FILTER_BITS));
	bitmap_or(joined->open_filter, owner->open_filter, local->open_filter,
		  BIT(DEBAR_SIZE_FILTER_BITS));
	return joined;
}

static void policy_release(struct kref *ref)
{
	struct debar_policy *policy = container_of(ref, struct debar_policy, ref);

	debar_policy_put(policy->local);
	if (policy->owner) {
		debar_policy_put(policy->owner);
	} else {
		kfree(policy->signer);
		kvfree(policy->ban_indicators);
		kvfree(policy->data);
	}
	kfree(policy);
}

/**
 * debar_policy_put() - give back a reference
 * @policy: or NULL
 */
void debar_policy_put(struct debar_policy *policy)
{
	if (policy)
		kref_put(&policy->ref, policy_release);
}

/**
 * debar_policy_tryget() - keep a policy that was peeked at
 * @policy: from debar_policy_peek(), in the same RCU read section
 *
 * Return: false when the policy is being freed.
 */
bool debar_policy_tryget(struct debar_policy *policy)
{
	return kref_get_unless_zero(&policy->ref);
}

/**
 * debar_policy_has_size() - whether something of this size can match an indicator of a kind
 * @policy: a policy
 * @kind: the kind
 * @size: in bytes: of the code for DEBAR_INDICATOR_KIND_CODE_SHA256, else of the file
 *
 * Return: true when it can.
 */
bool debar_policy_has_size(const struct debar_policy *policy, enum debar_indicator_kind kind,
			   u64 size)
{
	const struct debar_blob_kind *sections = &policy->blob.kinds[kind];

	return sections->sizeless || debar_blob_has_size(sections, size) ||
	       (policy->local && debar_policy_has_size(policy->local, kind, size));
}

/**
 * debar_policy_lists() - whether a file of a size can be banned, behind the size filter
 * @policy: a policy
 * @size: of a file in bytes
 *
 * Return: true when it can.
 */
bool debar_policy_lists(const struct debar_policy *policy, u64 size)
{
	return concerns_every_size(policy) ||
	       debar_policy_has_size(policy, DEBAR_INDICATOR_KIND_FILE_SHA256, size) ||
	       debar_policy_has_size(policy, DEBAR_INDICATOR_KIND_FSVERITY_SHA256, size);
}

static u32 match(const struct debar_policy *policy, enum debar_indicator_kind kind,
		 const u8 *digest)
{
	const struct debar_blob_kind *sections = &policy->blob.kinds[kind];
	const struct debar_blob_indicator *found = debar_blob_find(sections, digest);

	return found ? (u32)(found - sections->indicators) : DEBAR_NO_MATCH;
}

/**
 * debar_policy_match() - find the indicators with a digest
 * @policy: a policy
 * @kind: of the digest
 * @digest: DEBAR_DIGEST_SIZE bytes
 * @matches: those of this kind are set
 */
void debar_policy_match(const struct debar_policy *policy, enum debar_indicator_kind kind,
			const u8 *digest, struct debar_matches *matches)
{
	matches->index[DEBAR_LAYER_POLICY][kind] = match(policy, kind, digest);
	if (policy->local)
		matches->index[DEBAR_LAYER_LOCAL][kind] = match(policy->local, kind, digest);
}

/**
 * debar_policy_matched() - the indicator with an index
 * @policy: the layer of the policy that gave the index
 * @kind: of the indicator
 * @index: from debar_policy_match(), not DEBAR_NO_MATCH
 *
 * Return: the indicator; lives as long as the policy.
 */
const struct debar_blob_indicator *debar_policy_matched(const struct debar_policy *policy,
							enum debar_indicator_kind kind, u32 index)
{
	return &policy->blob.kinds[kind].indicators[index];
}

/**
 * debar_policy_now() - the date that a policy is judged by
 * @policy: a policy
 *
 * Right after the start of a machine without a battery its clock may stand at 1970. No date is
 * before that on which the policy was issued: so a ban does not fall asleep again by that, nor is
 * a waiver born again.
 *
 * Return: seconds since 1970.
 */
u64 debar_policy_now(const struct debar_policy *policy)
{
	return max_t(u64, max_t(time64_t, ktime_get_real_seconds(), 0),
		     le64_to_cpu(policy->blob.header->issued));
}

/**
 * debar_policy_decide() - from indicator to verdict
 * @policy: a policy
 * @kind: of @indicator
 * @indicator: one of its indicators, which the file matches
 * @operation: what is attempted
 *
 * Decided anew for each operation, by the clock on the wall: a date takes effect when it comes,
 * and whenever the clock is set past it.
 *
 * Return: what debar_blob_decide() returns, but no refusal in the mode monitor.
 */
struct debar_decision debar_policy_decide(const struct debar_policy *policy,
					  enum debar_indicator_kind kind,
					  const struct debar_blob_indicator *indicator,
					  enum debar_operation operation)
{
	const struct debar_circumstances in = {
		.operation = operation,
		.host = init_uts_ns.name.nodename,
		.now = debar_policy_now(policy),
	};
	struct debar_decision decision = debar_blob_decide(&policy->blob, kind, indicator, &in);

	if (decision.verdict == DEBAR_VERDICT_DENY && debar_mode() == DEBAR_MODE_MONITOR)
		decision.verdict = DEBAR_VERDICT_AUDIT;
	return decision;
}

/**
 * debar_policy_derived() - where an indicator of the local layer is from
 * @policy: a policy
 * @layer: of the policy
 * @indicator: of that layer
 *
 * Return: what is known of it; empty for an indicator of the policy itself; lives as long as the
 * policy.
 */
const char *debar_policy_derived(const struct debar_policy *policy, enum debar_layer layer,
				 const struct debar_blob_indicator *indicator)
{
	const struct debar_blob *blob;
	const char *source;

	if (layer != DEBAR_LAYER_LOCAL)
		return "";
	blob = &policy->local->blob;
	source = debar_blob_string(blob, debar_blob_detail(blob, indicator)->source);
	return *source ? source : "this machine";
}

/**
 * debar_policy_name() - a policy's name
 * @policy: a policy
 *
 * Return: the name; lives as long as the policy.
 */
const char *debar_policy_name(const struct debar_policy *policy)
{
	return debar_blob_string(&policy->blob, policy->blob.header->name);
}

/**
 * debar_policy_serial() - a policy's serial
 * @policy: a policy
 *
 * Return: the serial, at least 1.
 */
u64 debar_policy_serial(const struct debar_policy *policy)
{
	return le64_to_cpu(policy->blob.header->serial);
}
