/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens a policy from files in either form, blob or policy source, ready to be loaded.
 */
#ifndef DEBAR_POLICY_FILE_H
#define DEBAR_POLICY_FILE_H

#include "error.h"
#include "policy_blob.h"
#include "profiles.h"

/**
 * struct debar_policy - a policy ready to be loaded
 * @blob: its sections, pointing into @data
 * @digest: SHA-256 of @data
 * @data: the bytes
 * @signature: detached, in DER; empty when it is not signed
 * @host: whose profiles choose among the bans of a source, or NULL for all bans; not owned
 */
struct debar_policy {
	struct debar_blob blob;
	uint8_t digest[DEBAR_DIGEST_SIZE];
	struct debar_buffer data;
	struct debar_buffer signature;
	struct debar_profiles *host;
};

/**
 * debar_policy_open - read one blob, or compile files of policy source
 * @paths: one file that begins with DEBAR_BLOB_MAGIC, whose signature may stand beside it in a file
 *   with DEBAR_SIGNATURE_SUFFIX; a signature with the policy in it; or YAML files
 * @count: of @paths
 * @policy: all zero but for @host
 * @error: on an error, where, what and the remedy
 *
 * A source compiled here counts as issued when its youngest file was last changed, so unchanged
 * files give an unchanged
 * digest.
 *
 * Return: 0, -EINVAL when the content is wrong, -EFBIG, -ENOMEM, or what reading the file gives.
 */
int debar_policy_open(const char *const *paths, size_t count, struct debar_policy *policy,
		      struct debar_error *error);

/* debar_policy_close - free what debar_policy_open() made; all zero afterwards */
void debar_policy_close(struct debar_policy *policy);

#define _cleanup_policy_ _cleanup_(debar_policy_close)

#endif /* DEBAR_POLICY_FILE_H */
