/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SHA-256 over memory, over a stream of pieces and over a file, by OpenSSL.
 */
#ifndef DEBAR_DIGEST_H
#define DEBAR_DIGEST_H

#include <linux/debar.h>
#include "util.h"

/* Every function that returns int returns 0, -ENOMEM, or -EIO when OpenSSL fails. */

/* debar_sha256 - digest of @length bytes; @digest has room for DEBAR_DIGEST_SIZE */
int debar_sha256(const void *bytes, size_t length, uint8_t *digest);

/*
 * debar_sha256_fd - digest of a file from its beginning, which stays where it was; or what
 * pread() answers
 */
int debar_sha256_fd(int fd, uint8_t *digest);

struct debar_hash;

/* debar_hash_new - begin a digest of a stream; NULL when there is no memory */
struct debar_hash *debar_hash_new(void);

/* debar_hash_begin - forget what was added and begin anew */
int debar_hash_begin(struct debar_hash *hash);

/* debar_hash_add - add the next piece */
int debar_hash_add(struct debar_hash *hash, const void *bytes, size_t length);

/* debar_hash_end - the digest of all that was added; begin anew before more is added */
int debar_hash_end(struct debar_hash *hash, uint8_t *digest);

/* debar_hash_free - NULL is allowed */
void debar_hash_free(struct debar_hash *hash);

DEBAR_DEFINE_CLEANUP(struct debar_hash *, debar_hash_free);
#define _cleanup_hash_ _cleanup_(debar_cleanup_debar_hash_free)

#endif /* DEBAR_DIGEST_H */
