// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy in force and the mode: who may replace them, and by what.
 *
 * Readers find the policy under RCU and take a reference when they need it longer; publish_lock
 * serialises those who replace it, who set the mode, and who seal.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "policy.h"
#include "signature.h"

static DEFINE_MUTEX(publish_lock);
/* Written under publish_lock. */
struct debar_policy __rcu *debar_policy_in_force;
/* Generation of the last policy published; under publish_lock. */
static u64 generations;
/*
 * Written under publish_lock, and read as a whole; a verdict is made under the mode of that moment.
 */
static enum debar_mode current_mode = DEBAR_MODE_ENFORCE;
/* Until the machine starts anew; set once, under publish_lock. */
static bool sealed;
/* Attaches what the operations of a policy need; set once at load. */
static int (*attach_for)(u32 operations);

/**
 * debar_policy_init() - get ready for the first policy
 * @attach: brings debar the operations in a set of BIT() of each, lets go of the others, and
 *	returns 0 or an error; called under publish_lock, and may sleep
 */
void debar_policy_init(int (*attach)(u32 operations))
{
	attach_for = attach;
}

/**
 * debar_policy_get() - the policy in force, to keep
 *
 * Return: the policy with a reference, or NULL when none is loaded.
 */
struct debar_policy *debar_policy_get(void)
{
	struct debar_policy *policy;

	rcu_read_lock();
	/* A policy whose last reference is gone has a successor, or was withdrawn. */
	do {
		policy = debar_policy_peek();
	} while (policy && !debar_policy_tryget(policy));
	rcu_read_unlock();
	return policy;
}

/* The serial only grows, whatever the name; the same edition twice is no error. */
static int check_succession(const struct debar_policy *old, const struct debar_policy *new,
			    struct netlink_ext_ack *extack)
{
	if (!old)
		return 0;
	if (debar_policy_serial(new) > debar_policy_serial(old))
		return 0;
	if (!memcmp(old->digest, new->digest, DEBAR_DIGEST_SIZE))
		return 0;
	if (debar_policy_serial(new) == debar_policy_serial(old)) {
		NL_SET_ERR_MSG(extack,
			       "another policy of this serial is in force: raise the serial");
		return -EEXIST;
	}
	if (sealed)
		NL_SET_ERR_MSG(extack,
			       "debar is sealed, and a later serial is in force: raise the serial");
	else
		NL_SET_ERR_MSG(extack,
			       "a later serial is in force: raise the serial, or unload it first");
	return -ESTALE;
}

/* A sealed debar takes a policy from those alone whom it trusts. */
static int check_signer(const struct debar_policy *policy, struct netlink_ext_ack *extack)
{
	if (policy->signer || (!sealed && !debar_signature_required()))
		return 0;
	NL_SET_ERR_MSG(extack, "the policy is not signed, and this machine takes no other");
	return -ENOKEY;
}

/* The same edition again, without its signature, is still what was signed. */
static int keep_signer(const struct debar_policy *old, struct debar_policy *policy)
{
	if (policy->signer || !old || !old->signer ||
	    memcmp(old->digest, policy->digest, DEBAR_DIGEST_SIZE))
		return 0;
	policy->signer = kstrdup(old->signer, GFP_KERNEL);
	return policy->signer ? 0 : -ENOMEM;
}

static void replace(struct debar_policy *old, struct debar_policy *new)
{
	lockdep_assert_held(&publish_lock);
	rcu_assign_pointer(debar_policy_in_force, new);
	/*
	 * From here on nobody can find the old one; whoever found it before has a reference, or is
	 * gone.
	 */
	if (old) {
		synchronize_rcu();
		debar_policy_put(old);
	}
}

/* What a policy needs is attached before it is in force. */
static int attach_for_both(const struct debar_policy *old, const struct debar_policy *new,
			   struct netlink_ext_ack *extack)
{
	int ret = attach_for(new->operations | (old ? old->operations : 0));

	if (ret == -EOPNOTSUPP)
		NL_SET_ERR_MSG(extack,
			       "a ban has the operation open, which debar cannot guard on this kernel");
	else if (ret)
		NL_SET_ERR_MSG(extack,
			       "a ban has the operation open, whose hook cannot be attached: see the kernel log");
	return ret;
}

/* The reference to @new is handed over on success only. */
static int exchange(struct debar_policy *old, struct debar_policy *new,
		    struct netlink_ext_ack *extack)
{
	int ret = attach_for_both(old, new, extack);

	if (ret)
		return ret;
	/* tests/model/policy.pml checks this order. */
	new->generation = ++generations;
	replace(old, new);
	attach_for(new->operations);
	return 0;
}

/* A policy with what this machine has added to the old one, and a reference of its own. */
static struct debar_policy *keep_local(const struct debar_policy *old, struct debar_policy *policy)
{
	if (old && old->local)
		return debar_policy_join(policy, old->local);
	kref_get(&policy->ref);
	return policy;
}

/**
 * debar_policy_publish() - put a policy in force; the local layer stays
 * @policy: its reference is handed over on success only
 * @extack: told why the policy may not succeed the one in force
 *
 * Context: process, sleeps until no one can find the old policy any more.
 * Return: 0, -ENOKEY (it must be signed, and is not), -ESTALE (a later serial is in force), -EEXIST
 * (this serial is, with another content), -EOPNOTSUPP (an operation cannot be guarded on this
 * kernel), -ENOMEM, or what attaching its hook returns.
 */
int debar_policy_publish(struct debar_policy *policy, struct netlink_ext_ack *extack)
{
	struct debar_policy *old, *new;
	int ret;

	mutex_lock(&publish_lock);
	old = rcu_dereference_protected(debar_policy_in_force, lockdep_is_held(&publish_lock));
	ret = check_succession(old, policy, extack);
	if (!ret)
		ret = keep_signer(old, policy);
	if (!ret)
		ret = check_signer(policy, extack);
	if (ret)
		goto unlock;
	new = keep_local(old, policy);
	ret = new ? exchange(old, new, extack) : -ENOMEM;
	if (ret) {
		debar_policy_put(new);
		goto unlock;
	}
	pr_info("policy %s, serial %llu, signed by %s, is in force\n", debar_policy_name(policy),
		debar_policy_serial(policy), policy->signer ?: "nobody");
	debar_policy_put(policy);
unlock:
	mutex_unlock(&publish_lock);
	return ret;
}

/**
 * debar_policy_set_local() - put a local layer in force, or none
 * @local: made by debar_policy_create(); its reference is handed over on success only; or NULL
 * @extack: told why not
 *
 * Without a signature, and sealed or not, since less than the policy itself is never in force.
 *
 * Context: process, sleeps until no one can find the old layer any more.
 * Return: 0, -ENODATA (no policy is in force, or no layer where none is wanted), -EOPNOTSUPP (an
 * operation cannot be guarded on this kernel), -ENOMEM, or what attaching its hook returns.
 */
int debar_policy_set_local(struct debar_policy *local, struct netlink_ext_ack *extack)
{
	struct debar_policy *old, *new;
	int ret;

	mutex_lock(&publish_lock);
	old = rcu_dereference_protected(debar_policy_in_force, lockdep_is_held(&publish_lock));
	if (!old) {
		NL_SET_ERR_MSG(extack, "no policy is loaded: load one first");
		ret = -ENODATA;
		goto unlock;
	}
	if (!local && !old->local) {
		NL_SET_ERR_MSG(extack, "there is no local layer");
		ret = -ENODATA;
		goto unlock;
	}
	new = debar_policy_join(old, local);
	ret = new ? exchange(old, new, extack) : -ENOMEM;
	if (ret) {
		debar_policy_put(new);
		goto unlock;
	}
	pr_info("the local layer is %s\n", local ? "in force" : "gone");
	debar_policy_put(local);
unlock:
	mutex_unlock(&publish_lock);
	return ret;
}

/* What would weaken a debar that is sealed. */
static int refuse_if_sealed(struct netlink_ext_ack *extack)
{
	lockdep_assert_held(&publish_lock);
	if (!sealed)
		return 0;
	NL_SET_ERR_MSG(extack, "debar is sealed until the machine starts anew");
	return -EBUSY;
}

/**
 * debar_policy_withdraw() - put no policy in force
 * @extack: told why not
 *
 * Context: process, sleeps until no one can find the old policy any more.
 * Return: 0, -ENODATA when none was, or -EBUSY when debar is sealed.
 */
int debar_policy_withdraw(struct netlink_ext_ack *extack)
{
	struct debar_policy *old;
	int ret;

	mutex_lock(&publish_lock);
	ret = refuse_if_sealed(extack);
	if (ret)
		goto unlock;
	old = rcu_dereference_protected(debar_policy_in_force, lockdep_is_held(&publish_lock));
	replace(old, NULL);
	attach_for(0);
	if (old) {
		pr_info("no policy is in force any more\n");
	} else {
		NL_SET_ERR_MSG(extack, "no policy is loaded");
		ret = -ENODATA;
	}
unlock:
	mutex_unlock(&publish_lock);
	return ret;
}

/**
 * debar_seal() - until the machine starts anew, let nobody unload debar or weaken it
 * @extack: told why not
 *
 * There is a policy from then on, in the mode enforce, whose serial only grows and which is signed.
 *
 * Return: 0, -ENODATA without a policy, or -EINVAL in the mode monitor.
 */
int debar_seal(struct netlink_ext_ack *extack)
{
	int ret = 0;

	mutex_lock(&publish_lock);
	if (!rcu_access_pointer(debar_policy_in_force)) {
		NL_SET_ERR_MSG(extack, "no policy is loaded: load one first");
		ret = -ENODATA;
	} else if (current_mode == DEBAR_MODE_MONITOR) {
		NL_SET_ERR_MSG(extack, "the mode is monitor: set it to enforce first");
		ret = -EINVAL;
	} else if (!sealed) {
		/* Never given back: who holds the module cannot unload it. */
		__module_get(THIS_MODULE);
		WRITE_ONCE(sealed, true);
		pr_notice("sealed until the machine starts anew\n");
	}
	mutex_unlock(&publish_lock);
	return ret;
}

/**
 * debar_sealed() - whether debar is sealed
 *
 * Return: true when it is; it stays so.
 */
bool debar_sealed(void)
{
	return READ_ONCE(sealed);
}

/**
 * debar_mode() - the mode in force
 *
 * Return: the mode.
 */
enum debar_mode debar_mode(void)
{
	return READ_ONCE(current_mode);
}

/**
 * debar_mode_set() - put a mode in force
 * @mode: for all operations judged from now on
 * @extack: told why not
 *
 * Return: 1 when it was another one, 0 when it was this one, or -EBUSY when debar is sealed.
 */
int debar_mode_set(enum debar_mode mode, struct netlink_ext_ack *extack)
{
	int ret = 0;

	mutex_lock(&publish_lock);
	if (mode == current_mode)
		goto unlock;
	ret = refuse_if_sealed(extack);
	if (ret)
		goto unlock;
	WRITE_ONCE(current_mode, mode);
	pr_info("the mode is %s now\n", mode == DEBAR_MODE_MONITOR ? "monitor" : "enforce");
	ret = 1;
unlock:
	mutex_unlock(&publish_lock);
	return ret;
}
