// SPDX-License-Identifier: GPL-2.0-or-later
/* SHA-256 by OpenSSL's EVP interface, which picks the fastest code for the machine. */
#include <errno.h>
#include <openssl/evp.h>

#include "digest.h"

/* Bytes read from a file at a time. */
#define READ_SIZE	(128 * 1024)

/* struct debar_hash - a stream being digested; a name for OpenSSL's own context */
struct debar_hash {
	EVP_MD_CTX *context;
};

int debar_sha256(const void *bytes, size_t length, uint8_t *digest)
{
	return EVP_Digest(bytes, length, digest, NULL, EVP_sha256(), NULL) ? 0 : -EIO;
}

int debar_sha256_fd(int fd, uint8_t *digest)
{
	_cleanup_hash_ struct debar_hash *hash = debar_hash_new();
	_cleanup_free_ char *piece = malloc(READ_SIZE);
	off_t offset = 0;
	ssize_t got;
	int err = hash && piece ? debar_hash_begin(hash) : -ENOMEM;

	while (!err) {
		got = pread(fd, piece, READ_SIZE, offset);
		if (!got)
			return debar_hash_end(hash, digest);
		if (got < 0 && errno != EINTR)
			err = -errno;
		else if (got > 0)
			err = debar_hash_add(hash, piece, got);
		offset += got > 0 ? got : 0;
	}
	return err;
}

struct debar_hash *debar_hash_new(void)
{
	struct debar_hash *hash = malloc(sizeof(*hash));

	if (!hash)
		return NULL;
	hash->context = EVP_MD_CTX_new();
	if (!hash->context) {
		free(hash);
		return NULL;
	}
	return hash;
}

int debar_hash_begin(struct debar_hash *hash)
{
	return EVP_DigestInit_ex(hash->context, EVP_sha256(), NULL) ? 0 : -EIO;
}

int debar_hash_add(struct debar_hash *hash, const void *bytes, size_t length)
{
	return EVP_DigestUpdate(hash->context, bytes, length) ? 0 : -EIO;
}

int debar_hash_end(struct debar_hash *hash, uint8_t *digest)
{
	return EVP_DigestFinal_ex(hash->context, digest, NULL) ? 0 : -EIO;
}

void debar_hash_free(struct debar_hash *hash)
{
	if (!hash)
		return;
	EVP_MD_CTX_free(hash->context);
	free(hash);
}
