// SPDX-License-Identifier: GPL-2.0-or-later
/* Tells blob, signed blob and policy source apart, and makes each ready to be loaded. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "compile.h"
#include "digest.h"
#include "policy_file.h"
#include "sign.h"
#include "source.h"

enum form { SOURCE, BLOB, ATTACHED };

/* By how the file begins. What cannot be opened is left to be reported by whoever reads it. */
static enum form form_of(const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	unsigned char magic[DEBAR_BLOB_MAGIC_SIZE];

	if (fd < 0 || pread(fd, magic, sizeof(magic), 0) != sizeof(magic))
		return SOURCE;
	if (!memcmp(magic, DEBAR_BLOB_MAGIC, sizeof(magic)))
		return BLOB;
	/* A SEQUENCE of ASN.1 with its length in bytes behind; no text begins so. */
	return magic[0] == 0x30 && magic[1] >= 0x80 && magic[1] <= 0x84 ? ATTACHED : SOURCE;
}

static int parse_blob(const char *path, struct debar_policy *policy, struct debar_error *error)
{
	struct debar_blob_error wrong;

	if (debar_blob_parse(&policy->blob, policy->data.data, policy->data.length, &wrong))
		return debar_error_set(error, -EINVAL, path,
				       "build it anew with debarctl policy build",
				       "damaged policy blob, at byte %llu: %s",
				       (unsigned long long)wrong.offset, wrong.what);
	return 0;
}

static int read_whole(const char *path, struct debar_buffer *out, struct debar_error *error)
{
	int err = debar_file_read(path, DEBAR_POLICY_MAX + DEBAR_SIGNATURE_MAX, out);

	if (err == -EFBIG)
		return debar_error_set(error, err, path, "build a smaller policy",
				       "longer than %u bytes, the largest blob", DEBAR_POLICY_MAX);
	return err ? debar_error_system(error, err, path, "cannot read it") : 0;
}

/* The signature beside the blob, if there is one. */
static int read_signature(const char *path, struct debar_policy *policy, struct debar_error *error)
{
	_cleanup_free_ char *beside = NULL;
	int err;

	if (asprintf(&beside, "%s" DEBAR_SIGNATURE_SUFFIX, path) < 0) {
		beside = NULL;
		return debar_error_system(error, -ENOMEM, path, "cannot read it");
	}
	err = debar_file_read(beside, DEBAR_SIGNATURE_MAX, &policy->signature);
	if (err == -ENOENT)
		return 0;
	return err ? debar_error_system(error, err, beside, "cannot read the signature") : 0;
}

static int read_blob(const char *path, struct debar_policy *policy, struct debar_error *error)
{
	int err = read_whole(path, &policy->data, error);

	if (!err)
		err = parse_blob(path, policy, error);
	return err ? err : read_signature(path, policy, error);
}

static int read_attached(const char *path, struct debar_policy *policy, struct debar_error *error)
{
	_cleanup_buffer_ struct debar_buffer attached = {};
	int err = read_whole(path, &attached, error);

	if (!err)
		err = debar_signature_detach(path, &attached, &policy->data, &policy->signature,
					     error);
	return err ? err : parse_blob(path, policy, error);
}

static int compile_source(const char *const *paths, size_t count, struct debar_policy *policy,
			  struct debar_error *error)
{
	_cleanup_source_ struct debar_source *source = NULL;
	struct debar_blob_error wrong;
	int err = debar_source_load(paths, count, &source, error);

	if (!err) {
		source->host = policy->host;
		err = debar_compile(source, &policy->data, error);
	}
	if (!err)
		err = debar_blob_parse(&policy->blob, policy->data.data, policy->data.length,
				       &wrong);
	return err;
}

static int open_either(const char *const *paths, size_t count, struct debar_policy *policy,
		       struct debar_error *error)
{
	size_t i;

	if (count == 1 && form_of(paths[0]) == BLOB)
		return read_blob(paths[0], policy, error);
	if (count == 1 && form_of(paths[0]) == ATTACHED)
		return read_attached(paths[0], policy, error);
	for (i = 0; i < count; i++)
		if (form_of(paths[i]) != SOURCE)
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
	debar_buffer_free(&policy->signature);
	*policy = (struct debar_policy){};
}
