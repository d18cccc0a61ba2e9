/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What identifies a file: SHA-256 over memory, over a stream of pieces and over a file, by OpenSSL;
 * and the digests of the other kinds of indicator.
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

/**
 * struct debar_content - a file that may be an ELF file
 * @fd: open for reading, its position is not moved; or -1
 * @data: the content, where @fd is -1
 * @size: in bytes
 */
struct debar_content {
	int fd;
	const void *data;
	uint64_t size;
};

/**
 * debar_code_sha256 - digest of an ELF file's code, as kmod/elf_code.c finds it
 * @content: the file
 * @digest: room for DEBAR_DIGEST_SIZE
 * @size: set to the number of bytes of code
 *
 * Return: additionally -ENODATA when there is no code, -EAGAIN when the file becomes shorter
 * meanwhile, or what pread() answers.
 */
int debar_code_sha256(const struct debar_content *content, uint8_t *digest, uint64_t *size);

/**
 * debar_build_id - the GNU build id of an ELF file, as kmod/elf_code.c finds it
 * @content: the file
 * @id: set to DEBAR_DIGEST_SIZE bytes, those behind the build id to NUL
 *
 * Return: 0, -ENODATA when there is none, -EAGAIN, or what pread() answers.
 */
int debar_build_id(const struct debar_content *content, uint8_t *id);

/**
 * debar_fsverity_measure - the fs-verity file digest that the filesystem vouches for
 * @fd: of an open file
 * @digest: room for DEBAR_DIGEST_SIZE
 *
 * Return: 0, -ENODATA when the file has none by SHA-256, or what the filesystem answers.
 */
int debar_fsverity_measure(int fd, uint8_t *digest);

/*
 * The fs-verity file digest that a file would get by `fsverity enable`: SHA-256, blocks of 4096
 * bytes, no salt. Format: the kernel's Documentation/filesystems/fsverity.rst.
 */
struct debar_fsverity;

/* debar_fsverity_new - begin; NULL when there is no memory */
struct debar_fsverity *debar_fsverity_new(void);

/* debar_fsverity_add - add the next piece of the file */
int debar_fsverity_add(struct debar_fsverity *verity, const void *bytes, size_t length);

/* debar_fsverity_end - the digest of all that was added, and begin anew */
int debar_fsverity_end(struct debar_fsverity *verity, uint8_t *digest);

/* debar_fsverity_free - NULL is allowed */
void debar_fsverity_free(struct debar_fsverity *verity);

DEBAR_DEFINE_CLEANUP(struct debar_fsverity *, debar_fsverity_free);
#define _cleanup_fsverity_ _cleanup_(debar_cleanup_debar_fsverity_free)

#endif /* DEBAR_DIGEST_H */
