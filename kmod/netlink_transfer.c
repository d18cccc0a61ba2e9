// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policy transactions: begin, chunks, commit or abort; one for each socket, dropped when its socket
 * closes, as is the right to scan.
 *
 * transfers_lock guards the list and what is in it. A commit takes its transaction off the list
 * first, so validation and publication run without the lock and on data that nobody else can reach.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/notifier.h>
#include <linux/pgtable.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <net/net_namespace.h>

#include "identify.h"
#include "limits.h"
#include "netlink_gen.h"
#include "netlink_private.h"
#include "policy.h"
#include "scan.h"
#include "signature.h"

/**
 * struct transfer - a blob on its way in
 * @node: in the list
 * @portid: netlink address of the socket
 * @received: bytes that have come so far
 * @length: of the whole blob in bytes
 * @local: it is the local layer
 * @digest: SHA-256 that the blob will have
 * @data: the blob, owned
 */
struct transfer {
	struct list_head node;
	u32 portid;
	u64 received;
	u64 length;
	bool local;
	u8 digest[DEBAR_DIGEST_SIZE];
	void *data;
};

static DEFINE_MUTEX(transfers_lock);
/* Under transfers_lock, like the number of its entries. */
static LIST_HEAD(transfers);
static unsigned int transfer_count;

static bool is_local(const struct genl_info *info)
{
	const struct nlattr *local = info->attrs[DEBAR_A_TRANSFER_LOCAL];

	return local && nla_get_u32(local);
}

static void free_transfer(struct transfer *t)
{
	kvfree(t->data);
	kfree(t);
}

static struct transfer *find_transfer(u32 portid)
{
	struct transfer *t;

	lockdep_assert_held(&transfers_lock);
	list_for_each_entry(t, &transfers, node)
		if (t->portid == portid)
			return t;
	return NULL;
}

static void unlist(struct transfer *t)
{
	lockdep_assert_held(&transfers_lock);
	list_del(&t->node);
	transfer_count--;
}

static int no_transfer(struct genl_info *info)
{
	NL_SET_ERR_MSG(info->extack, "no policy transaction is open on this socket: begin one");
	return -ENOENT;
}

/* kvmalloc() takes huge pages for a large blob, and so up to one more than it needs. */
static void *allocate_blob(u64 length)
{
	if (length < PMD_SIZE)
		return kvmalloc(length, GFP_KERNEL | __GFP_NOWARN);
	return __vmalloc(length, GFP_KERNEL | __GFP_NOWARN);
}

static struct transfer *new_transfer(struct genl_info *info, u64 length)
{
	struct transfer *t = kzalloc(sizeof(*t), GFP_KERNEL);

	if (!t)
		return NULL;
	t->data = allocate_blob(length);
	if (!t->data) {
		kfree(t);
		return NULL;
	}
	t->portid = info->snd_portid;
	t->length = length;
	t->local = is_local(info);
	nla_memcpy(t->digest, info->attrs[DEBAR_A_TRANSFER_DIGEST], DEBAR_DIGEST_SIZE);
	return t;
}

static int list_transfer(struct transfer *t, struct netlink_ext_ack *extack)
{
	int ret = 0;

	mutex_lock(&transfers_lock);
	if (find_transfer(t->portid)) {
		NL_SET_ERR_MSG(extack,
			       "a policy transaction is open on this socket: commit or abort it first");
		ret = -EBUSY;
	} else if (transfer_count >= DEBAR_TRANSFERS_MAX) {
		NL_SET_ERR_MSG(extack, "too many policy transactions are open: try again later");
		ret = -EUSERS;
	} else {
		list_add(&t->node, &transfers);
		transfer_count++;
	}
	mutex_unlock(&transfers_lock);
	return ret;
}

int debar_nl_policy_begin_doit(struct sk_buff *request, struct genl_info *info)
{
	struct nlattr *length = info->attrs[DEBAR_A_TRANSFER_LENGTH];
	struct transfer *t;
	int ret = debar_netlink_may(request, info->extack);

	if (ret)
		return ret;
	if (!length || !info->attrs[DEBAR_A_TRANSFER_DIGEST]) {
		NL_SET_ERR_MSG(info->extack, "length and digest must be given");
		return -EINVAL;
	}
	if (!nla_get_u64(length) || nla_get_u64(length) > DEBAR_POLICY_MAX) {
		NL_SET_ERR_MSG(info->extack, "the length must be between 1 byte and 256 MiB");
		return -EFBIG;
	}
	t = new_transfer(info, nla_get_u64(length));
	if (!t) {
		NL_SET_ERR_MSG(info->extack, "no memory for a policy of this length");
		return -ENOMEM;
	}
	ret = list_transfer(t, info->extack);
	if (ret)
		free_transfer(t);
	return ret;
}

static int add_chunk(struct transfer *t, u64 offset, const struct nlattr *data,
		     struct netlink_ext_ack *extack)
{
	u32 length = nla_len(data);

	if (offset != t->received) {
		NL_SET_ERR_MSG(extack, "the offset is not where the last chunk ended");
		return -EINVAL;
	}
	if (length > t->length - t->received) {
		NL_SET_ERR_MSG(extack, "the chunk goes beyond the length announced");
		return -EMSGSIZE;
	}
	memcpy(t->data + t->received, nla_data(data), length);
	t->received += length;
	return 0;
}

int debar_nl_policy_chunk_doit(struct sk_buff *request, struct genl_info *info)
{
	struct nlattr *offset = info->attrs[DEBAR_A_TRANSFER_OFFSET];
	struct nlattr *data = info->attrs[DEBAR_A_TRANSFER_DATA];
	struct transfer *t;
	int ret = debar_netlink_may(request, info->extack);

	if (ret)
		return ret;
	if (!offset || !data) {
		NL_SET_ERR_MSG(info->extack, "offset and data must be given");
		return -EINVAL;
	}
	if (!nla_len(data) || nla_len(data) > DEBAR_CHUNK_MAX) {
		NL_SET_ERR_MSG(info->extack, "a chunk has between 1 and 61440 bytes");
		return -EMSGSIZE;
	}
	mutex_lock(&transfers_lock);
	t = find_transfer(info->snd_portid);
	ret = t ? add_chunk(t, nla_get_u64(offset), data, info->extack) : no_transfer(info);
	mutex_unlock(&transfers_lock);
	return ret;
}

/* Takes the transaction off the list when nothing is missing in it. */
static struct transfer *take_complete(struct genl_info *info)
{
	struct transfer *t;
	int ret = 0;

	mutex_lock(&transfers_lock);
	t = find_transfer(info->snd_portid);
	if (!t) {
		ret = no_transfer(info);
	} else if (t->received != t->length) {
		NL_SET_ERR_MSG(info->extack, "chunks are missing: send them, or abort");
		ret = -EINPROGRESS;
	} else {
		unlist(t);
	}
	mutex_unlock(&transfers_lock);
	return ret ? ERR_PTR(ret) : t;
}

/* Only now the policy is looked at: a signature that is wrong is no better than none. */
static char *verify(const struct transfer *t, const struct nlattr *signature,
		    struct netlink_ext_ack *extack)
{
	if (!signature)
		return NULL;
	return debar_signature_verify(t->data, t->length, nla_data(signature), nla_len(signature),
				      extack);
}

static int publish(struct transfer *t, const struct nlattr *signature,
		   struct netlink_ext_ack *extack)
{
	u8 digest[DEBAR_DIGEST_SIZE];
	struct debar_policy *policy;
	char *signer;
	int ret;

	ret = debar_identify_buffer(t->data, t->length, digest);
	if (ret)
		return ret;
	if (memcmp(digest, t->digest, DEBAR_DIGEST_SIZE)) {
		NL_SET_ERR_MSG(extack, "the digest is not that of the data: send it again");
		return -EBADMSG;
	}
	signer = verify(t, signature, extack);
	if (IS_ERR(signer))
		return PTR_ERR(signer);
	policy = debar_policy_create(t->data, t->length, digest, extack);
	if (IS_ERR(policy)) {
		kfree(signer);
		return PTR_ERR(policy);
	}
	policy->signer = signer;
	t->data = NULL;
	ret = t->local ? debar_policy_set_local(policy, extack) :
			 debar_policy_publish(policy, extack);
	if (ret)
		debar_policy_put(policy);
	return ret;
}

int debar_nl_policy_commit_doit(struct sk_buff *request, struct genl_info *info)
{
	struct transfer *t;
	int ret = debar_netlink_may(request, info->extack);

	if (ret)
		return ret;
	t = take_complete(info);
	if (IS_ERR(t))
		return PTR_ERR(t);
	ret = publish(t, info->attrs[DEBAR_A_TRANSFER_SIGNATURE], info->extack);
	free_transfer(t);
	if (!ret)
		debar_netlink_announce_policy();
	return ret;
}

int debar_nl_policy_abort_doit(struct sk_buff *request, struct genl_info *info)
{
	struct transfer *t;
	int ret = debar_netlink_may(request, info->extack);

	if (ret)
		return ret;
	mutex_lock(&transfers_lock);
	t = find_transfer(info->snd_portid);
	if (t)
		unlist(t);
	mutex_unlock(&transfers_lock);
	if (!t)
		return no_transfer(info);
	free_transfer(t);
	return 0;
}

int debar_nl_policy_unload_doit(struct sk_buff *request, struct genl_info *info)
{
	int ret = debar_netlink_may(request, info->extack);

	if (ret)
		return ret;
	ret = is_local(info) ? debar_policy_set_local(NULL, info->extack) :
			       debar_policy_withdraw(info->extack);
	if (!ret)
		debar_netlink_announce_policy();
	return ret;
}

/* A socket that closes takes with it what it has begun. */
static int socket_event(struct notifier_block *block, unsigned long event, void *data)
{
	const struct netlink_notify *notify = data;
	struct transfer *t;

	if (event != NETLINK_URELEASE || notify->protocol != NETLINK_GENERIC ||
	    !net_eq(notify->net, &init_net))
		return NOTIFY_DONE;
	mutex_lock(&transfers_lock);
	t = find_transfer(notify->portid);
	if (t)
		unlist(t);
	mutex_unlock(&transfers_lock);
	if (t)
		free_transfer(t);
	debar_scan_end(notify->portid);
	return NOTIFY_DONE;
}

static struct notifier_block socket_notifier = { .notifier_call = socket_event };

/**
 * debar_transfers_init() - begin to watch sockets close
 */
void __init debar_transfers_init(void)
{
	netlink_register_notifier(&socket_notifier);
}

/**
 * debar_transfers_exit() - drop what was never committed; no command runs any more
 */
void debar_transfers_exit(void)
{
	struct transfer *t, *next;

	netlink_unregister_notifier(&socket_notifier);
	list_for_each_entry_safe(t, next, &transfers, node)
		free_transfer(t);
	debar_scan_exit();
}
