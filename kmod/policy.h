/* SPDX-License-Identifier: GPL-2.0-only */
/* The policy in force: publish and replace it, and what it says about a size and a digest. */
#ifndef DEBAR_POLICY_H
#define DEBAR_POLICY_H

#include <linux/bitops.h>
#include <linux/hash.h>
#include <linux/kref.h>
#include <linux/rcupdate.h>
#include <linux/types.h>
#include <uapi/linux/debar.h>

#include "limits.h"
#include "matches.h"
#include "policy_blob.h"
#include "policy_decide.h"

struct netlink_ext_ack;

/**
 * struct debar_policy - all that is loaded at one time; immutable once published
 *
 * What this machine adds to a policy, its local layer, is a policy of its own, which is never
 * published: it is joined with the policy into a third one, which is. So it can only add refusals,
 * and stays when the policy is replaced.
 *
 * @ref: the publication holds one reference, everyone who keeps a policy beyond an RCU read section
 *	another
 * @generation: number of this publication, never used again; verdicts are cached under it; 0 before
 *	it is published
 * @blob: parsed view of @data
 * @data: the blob itself, owned
 * @length: of @data in bytes
 * @digest: SHA-256 of @data
 * @owner: the policy that owns what this one shares with it, @data, @signer and @ban_indicators,
 *	with a reference; NULL when it is this one
 * @local: the local layer, with a reference, or NULL
 * @signer: who signed it, owned; NULL when nobody did
 * @operations: BIT() of each operation that some ban is about, in either layer
 * @ban_indicators: how many indicators each ban has
 * @size_filter: has the bit of each size that concerns the policy or its local layer; of sizes that
 *	do not, most have none
 * @open_filter: the same of bans on opening
 */
struct debar_policy {
	struct kref ref;
	u64 generation;
	struct debar_blob blob;
	void *data;
	size_t length;
	u8 digest[DEBAR_DIGEST_SIZE];
	struct debar_policy *owner;
	struct debar_policy *local;
	char *signer;
	u32 operations;
	u32 *ban_indicators;
	DECLARE_BITMAP(size_filter, BIT(DEBAR_SIZE_FILTER_BITS));
	DECLARE_BITMAP(open_filter, BIT(DEBAR_SIZE_FILTER_BITS));
};

/* The policy in force, for debar_policy_peek() alone. */
extern struct debar_policy __rcu *debar_policy_in_force;

void debar_policy_init(int (*attach)(u32 operations));
struct debar_policy *debar_policy_create(void *data, size_t length, const u8 *digest,
					 struct netlink_ext_ack *extack);
struct debar_policy *debar_policy_join(struct debar_policy *policy, struct debar_policy *local);
int debar_policy_publish(struct debar_policy *policy, struct netlink_ext_ack *extack);
int debar_policy_set_local(struct debar_policy *local, struct netlink_ext_ack *extack);
int debar_policy_withdraw(struct netlink_ext_ack *extack);
struct debar_policy *debar_policy_get(void);
bool debar_policy_tryget(struct debar_policy *policy);
void debar_policy_put(struct debar_policy *policy);

bool debar_policy_has(const struct debar_policy *policy, enum debar_indicator_kind kind);
bool debar_policy_has_size(const struct debar_policy *policy, enum debar_indicator_kind kind,
			   u64 size);
void debar_policy_match(const struct debar_policy *policy, enum debar_indicator_kind kind,
			const u8 *digest, struct debar_matches *matches);
const struct debar_blob_indicator *debar_policy_matched(const struct debar_policy *policy,
							enum debar_indicator_kind kind,
							u32 index);
struct debar_decision debar_policy_decide(const struct debar_policy *policy,
					  enum debar_indicator_kind kind,
					  const struct debar_blob_indicator *indicator,
					  enum debar_operation operation);
const char *debar_policy_derived(const struct debar_policy *policy, enum debar_layer layer,
				 const struct debar_blob_indicator *indicator);
const char *debar_policy_name(const struct debar_policy *policy);
u64 debar_policy_serial(const struct debar_policy *policy);
u64 debar_policy_now(const struct debar_policy *policy);

enum debar_mode debar_mode(void);
int debar_mode_set(enum debar_mode mode, struct netlink_ext_ack *extack);
int debar_seal(struct netlink_ext_ack *extack);
bool debar_sealed(void);

/**
 * debar_policy_layer() - one layer of a policy
 * @policy: a policy
 * @layer: which one
 *
 * Return: the policy that the layer is, or NULL; lives as long as @policy.
 */
static inline const struct debar_policy *debar_policy_layer(const struct debar_policy *policy,
							    enum debar_layer layer)
{
	return layer == DEBAR_LAYER_LOCAL ? policy->local : policy;
}

/**
 * debar_policy_peek() - the policy in force
 *
 * Context: within rcu_read_lock() or rcu_read_lock_sched(); the policy lives until the end of that
 * section.
 * Return: the policy, or NULL when none is loaded.
 */
static inline struct debar_policy *debar_policy_peek(void)
{
	return rcu_dereference_check(debar_policy_in_force, rcu_read_lock_any_held());
}

static inline u32 debar_policy_size_bit(u64 size)
{
	return hash_64(size, DEBAR_SIZE_FILTER_BITS);
}

bool debar_policy_lists(const struct debar_policy *policy, u64 size);

/**
 * debar_policy_concerns() - the size filter
 * @policy: a policy
 * @operation: what is attempted
 * @size: of a file in bytes
 *
 * Return: whether a file of this size can be banned at all.
 */
static inline bool debar_policy_concerns(const struct debar_policy *policy,
					 enum debar_operation operation, u64 size)
{
	const unsigned long *filter = operation == DEBAR_OPERATION_OPEN ? policy->open_filter :
									  policy->size_filter;

	return test_bit(debar_policy_size_bit(size), filter) && debar_policy_lists(policy, size);
}

#endif /* DEBAR_POLICY_H */
