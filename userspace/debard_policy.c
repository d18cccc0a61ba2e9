// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Puts the policy of the folder in force, unless it is so already.
 */
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "config.h"
#include "debard.h"
#include "debard_floor.h"
#include "debard_folder.h"
#include "in_force.h"
#include "lockout.h"
#include "sign.h"

/* Nobody refused the policy: there was no room, or others were at it. */
static bool is_passing(int error)
{
	return error == -ENOMEM || error == -EBUSY || error == -EAGAIN || error == -EINTR;
}

static void say_kernel_error(const struct debar_client *client, const struct debar_policy *policy,
			     const char *folder, int error)
{
	const char *message = error == -EKEYREJECTED ?
			      debar_signature_fault(&policy->data, &policy->signature) :
			      debar_client_message(client);
	struct debar_error text;

	debar_error_set(&text, error, folder, "the policy in force stays",
			"the kernel refused the policy: %s%s%s", strerror(-error),
			*message ? ": " : "", message);
	debard_say_error(&text);
}

/* Return: 0, or an error that the kernel answered. */
static int load(struct debar_client *client, const struct debar_policy *policy)
{
	const struct debar_blob *blob = &policy->blob;
	uint64_t serial = le64toh(blob->header->serial);
	const char *name = debar_blob_string(blob, blob->header->name);
	int same = debar_in_force(client, policy);
	int error;

	if (same < 0)
		return same;
	if (same) {
		debard_say(LOG_INFO, "policy %s, serial %" PRIu64 ": in force already", name,
			   serial);
		return 0;
	}
	error = debar_client_policy_load_signed(client, policy->data.data, policy->data.length,
						policy->digest, &policy->signature);
	if (!error)
		debard_say(LOG_NOTICE, "policy %s, serial %" PRIu64 ": loaded", name, serial);
	return error;
}

/* Without a floor that can be read a policy is better than none. */
static void read_floor(const char *path, struct debard_floor *floor)
{
	int error = debard_floor_read(path, floor);

	if (error && error != -ENOENT)
		debard_say(LOG_ERR, "%s: cannot read it: %s: %s", path,
			   error == -EINVAL ? "it holds no serial" : strerror(-error),
			   "any serial is taken until a signed policy is loaded");
}

/* Only the kernel knows whether a signature holds. */
static void raise_floor(struct debar_client *client, const struct debar_policy *policy,
			const char *path, struct debard_floor *floor)
{
	struct debar_status status;
	int error;

	if (debar_client_status(client, &status) || !status.policy_digest ||
	    memcmp(status.policy_digest, policy->digest, DEBAR_DIGEST_SIZE) ||
	    !status.policy_signer[0])
		return;
	error = debard_floor_raise(floor, policy, path);
	if (error)
		debard_say(LOG_ERR, "%s: cannot write it: %s: %s", path, strerror(-error),
			   "an older policy could be loaded after the next start");
}

/* Compile the sources, or read the blob, and tell which bans are not for this host. */
static int open_policy(const struct debard_files *files, const struct debard_host *host,
		       struct debar_policy *policy, struct debar_error *text)
{
	_cleanup_config_ struct debar_config config = {0};
	struct debar_error told;
	size_t at = 0;
	int error = debar_config_load(host->config_path, &config, text);

	if (error)
		return error;
	if (host->count) {
		config.profiles.names = host->profiles;
		config.profiles.count = host->count;
	}
	policy->host = &config.profiles;
	error = debar_policy_open((const char *const *)files->paths, files->count, policy, text);
	while (!error && debar_profiles_told(&config.profiles, &at, &told))
		debard_say_notice(&told);
	policy->host = NULL;
	return error;
}

int debard_policy_load(const char *folder, const char *floor_path,
		       const struct debard_host *host, const struct debard_lockout *allowed,
		       struct debar_client *client, bool *again)
{
	struct debard_floor floor = {0};
	_cleanup_files_ struct debard_files files = {0};
	_cleanup_policy_ struct debar_policy policy = {0};
	struct debar_error text = {0};
	int error;

	*again = false;
	error = debard_folder_select(folder, &files, &text);
	if (!error && !files.count) {
		debard_say(LOG_WARNING, "%s: no policy there: what is in force stays", folder);
		return 0;
	}
	if (!error)
		error = open_policy(&files, host, &policy, &text);
	if (!error)
		error = debar_lockout_check(&policy, allowed->paths, allowed->count, &text);
	if (!error) {
		read_floor(floor_path, &floor);
		error = debard_floor_check(&floor, &policy, folder, &text);
	}
	if (error) {
		debard_say_error(&text);
		/* Files may be replaced while they are read; that rings again by itself. */
		*again = is_passing(error);
		return error == -ENOENT ? -EINVAL : error;
	}
	error = load(client, &policy);
	if (!error)
		raise_floor(client, &policy, floor_path, &floor);
	if (error && error != -ENOENT) {
		say_kernel_error(client, &policy, folder, error);
		*again = is_passing(error);
	}
	return error;
}
