// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers what the policy says of a file or a digest, without running anything. No locks of its
 * own.
 */
#include <linux/file.h>
#include <linux/fs.h>

#include "judge.h"
#include "limits.h"
#include "netlink_gen.h"
#include "netlink_private.h"
#include "policy.h"

static int put_judged_ban(struct sk_buff *skb, const struct debar_judgement *j)
{
	const struct debar_blob *blob = &debar_policy_layer(j->policy, j->layer)->blob;
	const struct debar_blob_ban *ban = debar_blob_ban(blob, j->indicator);
	const char *derived = debar_policy_derived(j->policy, j->layer, j->indicator);

	if (nla_put_string(skb, DEBAR_A_CHECK_BAN_ID, debar_blob_string(blob, ban->id)) ||
	    nla_put_string(skb, DEBAR_A_CHECK_VENDOR, debar_blob_string(blob, ban->vendor)) ||
	    nla_put_string(skb, DEBAR_A_CHECK_PRODUCT, debar_blob_product(blob, j->indicator)) ||
	    nla_put_string(skb, DEBAR_A_CHECK_AUTHORITY, debar_blob_string(blob, ban->authority)) ||
	    nla_put_string(skb, DEBAR_A_CHECK_CITATION, debar_blob_string(blob, ban->citation)) ||
	    nla_put_u32(skb, DEBAR_A_CHECK_STAGE, j->stage) ||
	    nla_put_u32(skb, DEBAR_A_CHECK_KIND, j->kind))
		return -EMSGSIZE;
	if (*derived && nla_put_string(skb, DEBAR_A_CHECK_DERIVED, derived))
		return -EMSGSIZE;
	return ban->override ? nla_put_string(skb, DEBAR_A_CHECK_OVERRIDE,
					      debar_blob_string(blob, ban->override)) : 0;
}

static int put_waiver(struct sk_buff *skb, const struct debar_blob *blob,
		      const struct debar_blob_waiver *waiver)
{
	if (nla_put_string(skb, DEBAR_A_CHECK_WAIVER_ID, debar_blob_string(blob, waiver->id)) ||
	    nla_put_string(skb, DEBAR_A_CHECK_WAIVER_OWNER,
			   debar_blob_string(blob, waiver->owner)) ||
	    nla_put_string(skb, DEBAR_A_CHECK_WAIVER_TICKET,
			   debar_blob_string(blob, waiver->ticket)))
		return -EMSGSIZE;
	return nla_put_u64_64bit(skb, DEBAR_A_CHECK_WAIVER_EXPIRES, le64_to_cpu(waiver->expires),
				 DEBAR_A_CHECK_PAD);
}

static int put_judgement(struct sk_buff *skb, const struct debar_judgement *j)
{
	if (nla_put_u32(skb, DEBAR_A_CHECK_VERDICT, j->verdict) ||
	    nla_put_u32(skb, DEBAR_A_CHECK_REASON, j->reason) ||
	    nla_put_u64_64bit(skb, DEBAR_A_CHECK_SIZE, j->size, DEBAR_A_CHECK_PAD))
		return -EMSGSIZE;
	if (j->spared && nla_put_u32(skb, DEBAR_A_CHECK_SPARED, 1))
		return -EMSGSIZE;
	if (j->found.has_sha256 &&
	    nla_put(skb, DEBAR_A_CHECK_DIGEST, DEBAR_DIGEST_SIZE, j->found.sha256))
		return -EMSGSIZE;
	if (j->indicator && put_judged_ban(skb, j))
		return -EMSGSIZE;
	if (j->waiver && put_waiver(skb, &debar_policy_layer(j->policy, j->layer)->blob, j->waiver))
		return -EMSGSIZE;
	return 0;
}

static int judge_descriptor(u32 fd, struct debar_judgement *j, struct netlink_ext_ack *extack)
{
	struct file *file = fget(fd);
	int ret = 0;

	if (!file || !(file->f_mode & FMODE_READ)) {
		NL_SET_ERR_MSG(extack, "the descriptor is not open for reading");
		ret = -EBADF;
	} else if (i_size_read(file_inode(file)) > DEBAR_CHECK_MAX) {
		NL_SET_ERR_MSG(extack, "the file is larger than 64 MiB: send its digest");
		ret = -EFBIG;
	} else {
		debar_judge_probe(file, DEBAR_OPERATION_EXECUTE, j);
	}
	if (file)
		fput(file);
	return ret;
}

/* Judges what the request names: a descriptor or a digest. */
static int judge_request(struct genl_info *info, struct debar_judgement *j)
{
	struct nlattr *fd = info->attrs[DEBAR_A_CHECK_FD];
	struct nlattr *digest = info->attrs[DEBAR_A_CHECK_DIGEST];
	struct nlattr *kind = info->attrs[DEBAR_A_CHECK_KIND];

	if (!fd == !digest) {
		NL_SET_ERR_MSG(info->extack, "either fd or digest must be given");
		return -EINVAL;
	}
	if (fd && kind) {
		NL_SET_ERR_MSG(info->extack, "kind goes with digest only");
		return -EINVAL;
	}
	if (fd)
		return judge_descriptor(nla_get_u32(fd), j, info->extack);
	debar_judge_digest(kind ? nla_get_u32(kind) : DEBAR_INDICATOR_KIND_FILE_SHA256,
			   nla_data(digest), j);
	return 0;
}

int debar_nl_check_doit(struct sk_buff *request, struct genl_info *info)
{
	struct debar_judgement j;
	struct sk_buff *skb;
	void *header;
	int ret = debar_netlink_may(request, info->extack);

	if (!ret)
		ret = judge_request(info, &j);
	if (ret)
		return ret;
	skb = debar_netlink_begin_reply(info, &header);
	ret = skb ? debar_netlink_end_reply(skb, header, info, put_judgement(skb, &j)) : -ENOMEM;
	debar_judgement_put(&j);
	return ret;
}
