// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compares a policy with the one in force.
 */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "digest.h"
#include "in_force.h"

/* Digest of a blob as if it had been issued at another time. */
static int digest_as_issued(const struct debar_policy *policy, uint64_t issued, uint8_t *digest)
{
	_cleanup_hash_ struct debar_hash *hash = debar_hash_new();
	struct debar_blob_header header = *policy->blob.header;
	int error;

	if (!hash)
		return -ENOMEM;
	header.issued = htole64(issued);
	error = debar_hash_begin(hash);
	if (!error)
		error = debar_hash_add(hash, &header, sizeof(header));
	if (!error)
		error = debar_hash_add(hash, policy->data.data + sizeof(header),
				       policy->data.length - sizeof(header));
	return error ? error : debar_hash_end(hash, digest);
}

int debar_in_force(struct debar_client *client, const struct debar_policy *policy)
{
	struct debar_policy_info info;
	uint8_t digest[DEBAR_DIGEST_SIZE];
	int error = debar_client_policy_get(client, &info);

	if (error == -ENODATA)
		return 0;
	if (error)
		return error;
	if (info.length != policy->data.length)
		return 0;
	if (!memcmp(info.digest, policy->digest, sizeof(digest)))
		return 1;
	error = digest_as_issued(policy, info.issued, digest);
	if (error)
		return error;
	return !memcmp(info.digest, digest, sizeof(digest));
}
