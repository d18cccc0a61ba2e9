// SPDX-License-Identifier: GPL-2.0-or-later
/* Tells a blob from policy source, and makes either ready to be loaded. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "compile.h"
#include "digest.h"
#include "policy_file.h"
#include "source.h"

/*
 * Whether the file begins as a blob does. What cannot be opened is left to be reported by whoever
 * reads it.
 */
static bool is_blob(const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char magic[DEBAR_BLOB_MAGIC_SIZE];

	return fd >= 0 && pread(fd, magic, sizeof(magic), 0) == sizeof(magic) &&
	       !memcmp(magic, DEBAR_BLOB_MAGIC, sizeof(magic));
}

static int read_blob(const char *path, struct debar_policy *policy, struct debar_error *error)
{
	struct debar_blob_error wrong;
	int err = debar_file_read(path, DEBAR_POLICY_MAX, &policy->data);

	if (err == -EFBIG)
		return debar_error_set(error, err, path, "build a smaller policy",
				       "longer than %u bytes, the largest blob", DEBAR_POLICY_MAX);
	if (err)
		return debar_error_system(error, err, path, "cannot read it");
	if (debar_blob_parse(&policy->blob, policy->data.data, policy->data.length, &wrong))
		return debar_error_set(error, -EINVAL, path,
				       "build it anew with debarctl policy build",
				       "damaged policy blob, at byte %llu: %s",
				       (unsigned long long)wrong.offset, wrong.what);
	return 0;
}

static int compile_source(const char *const *paths, size_t count, struct debar_policy *policy,
			  struct debar_error *error)
{
	_cleanup_source_ struct debar_source *source = NULL;
	struct debar_blob_error wrong;
	int err = debar_source_load(paths, count, &source, error);

	if (!err)
		err = debar_compile(source, &policy->data, error);
	if (!err)
		err = debar_blob_parse(&policy->blob, policy->data.data, policy->data.length,
				       &wrong);
	return err;
}

static int open_either(const char *const *paths, size_t count, struct debar_policy *policy,
		       struct debar_error *error)
{
	size_t i;

	if (count == 1 && is_blob(paths[0]))
		return read_blob(paths[0], policy, error);
	for (i = 0; i < count; i++)
		if (is_blob(paths[i]))
			return debar_error_set(error, -EINVAL, paths[i],
					       "give one blob alone, or policy source only",
					       "a compiled policy cannot be merged with other files");
	return compile_source(paths, count, policy, error);
}

int debar_policy_open(const char *const *paths, size_t count, struct debar_policy *policy,
		      struct debar_error *error)
{
	int err = open_either(paths, count, policy, error);

	if (!err) {
		err = debar_sha256(policy->data.data, policy->data.length, policy->digest);
		if (err)
			debar_error_system(error, err, paths[0], "cannot compute its digest");
	}
	if (err)
		debar_policy_close(policy);
	return err;
}

void debar_policy_close(struct debar_policy *policy)
{
	debar_buffer_free(&policy->data);
	*policy = (struct debar_policy){};
}
