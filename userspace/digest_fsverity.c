// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The fs-verity file digest: the one that the filesystem keeps, and one computed while a file
 * streams by, so that its Merkle tree is never in memory as a whole. Format: the kernel's
 * Documentation/filesystems/fsverity.rst.
 */
#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>
#include <linux/fsverity.h>

#include "digest.h"

#define BLOCK_SIZE	4096
#define LOG_BLOCK_SIZE	12
#define DIGESTS		(BLOCK_SIZE / DEBAR_DIGEST_SIZE)
/* Each level has 1/128 of the blocks of the one below; this is enough for 2^63 bytes. */
#define LEVELS		9

/**
 * struct block - a block of the tree that is not full yet
 * @bytes: digests of blocks of the level below
 * @count: of digests
 */
struct block {
	uint8_t bytes[BLOCK_SIZE];
	size_t count;
};

/**
 * struct debar_fsverity - a tree that grows from its leaves
 * @hash: used for one block after the other
 * @size: bytes of the file so far
 * @data: the block of the file that is not full yet; @size tells how much of it is there
 * @levels: for each level of the tree its last block; the lowest one first
 */
struct debar_fsverity {
	struct debar_hash *hash;
	uint64_t size;
	uint8_t data[BLOCK_SIZE];
	struct block levels[LEVELS];
};

int debar_fsverity_measure(int fd, uint8_t *digest)
{
	union {
		struct fsverity_digest head;
		uint8_t room[sizeof(struct fsverity_digest) + 64];
	} answer = { .head.digest_size = 64 };

	if (ioctl(fd, FS_IOC_MEASURE_VERITY, &answer))
		return errno == ENOTTY || errno == EOPNOTSUPP ? -ENODATA : -errno;
	if (answer.head.digest_algorithm != FS_VERITY_HASH_ALG_SHA256 ||
	    answer.head.digest_size != DEBAR_DIGEST_SIZE)
		return -ENODATA;
	memcpy(digest, answer.room + sizeof(answer.head), DEBAR_DIGEST_SIZE);
	return 0;
}

struct debar_fsverity *debar_fsverity_new(void)
{
	struct debar_fsverity *verity = calloc(1, sizeof(*verity));

	if (!verity)
		return NULL;
	verity->hash = debar_hash_new();
	if (!verity->hash) {
		free(verity);
		return NULL;
	}
	return verity;
}

static int hash_block(struct debar_fsverity *verity, const uint8_t *block, uint8_t *digest)
{
	int err = debar_hash_begin(verity->hash);

	if (!err)
		err = debar_hash_add(verity->hash, block, BLOCK_SIZE);
	return err ? err : debar_hash_end(verity->hash, digest);
}

/* Empties a block of a level, filled up with NULs, into a digest. */
static int close_block(struct debar_fsverity *verity, struct block *block, uint8_t *digest)
{
	int err;

	memset(block->bytes + block->count * DEBAR_DIGEST_SIZE, 0,
	       BLOCK_SIZE - block->count * DEBAR_DIGEST_SIZE);
	err = hash_block(verity, block->bytes, digest);
	block->count = 0;
	return err;
}

/* Adds a digest to a level; a block that is full already goes up as a digest first. */
static int add_digest(struct debar_fsverity *verity, struct block *level, const uint8_t *digest)
{
	uint8_t carried[2][DEBAR_DIGEST_SIZE];
	int which = 0, err = 0;

	memcpy(carried[which], digest, DEBAR_DIGEST_SIZE);
	for (;; level++) {
		bool full = level->count == DIGESTS;

		if (full)
			err = close_block(verity, level, carried[!which]);
		if (err)
			return err;
		memcpy(level->bytes + level->count++ * DEBAR_DIGEST_SIZE, carried[which],
		       DEBAR_DIGEST_SIZE);
		if (!full)
			return 0;
		which = !which;
	}
}

static int close_data(struct debar_fsverity *verity)
{
	uint8_t digest[DEBAR_DIGEST_SIZE];
	int err = hash_block(verity, verity->data, digest);

	return err ? err : add_digest(verity, verity->levels, digest);
}

int debar_fsverity_add(struct debar_fsverity *verity, const void *bytes, size_t length)
{
	const uint8_t *from = bytes;

	while (length) {
		size_t used = verity->size % BLOCK_SIZE, part = BLOCK_SIZE - used;
		int err = 0;

		if (part > length)
			part = length;
		memcpy(verity->data + used, from, part);
		verity->size += part;
		from += part;
		length -= part;
		if (used + part == BLOCK_SIZE)
			err = close_data(verity);
		if (err)
			return err;
	}
	return 0;
}

static size_t top_of(const struct debar_fsverity *verity)
{
	size_t level = LEVELS - 1;

	while (level && !verity->levels[level].count)
		level--;
	return level;
}

/*
 * Goes up until a single digest is left, which is the root; an empty file's is all NUL. Below the
 * top, no level is ever without a digest.
 */
static int find_root(struct debar_fsverity *verity, uint8_t *root)
{
	uint8_t digest[DEBAR_DIGEST_SIZE];
	size_t level;
	int err = 0;

	for (level = 0; level < top_of(verity) || verity->levels[level].count > 1; level++) {
		err = close_block(verity, &verity->levels[level], digest);
		if (!err)
			err = add_digest(verity, &verity->levels[level + 1], digest);
		if (err)
			return err;
	}
	memcpy(root, verity->levels[level].bytes, DEBAR_DIGEST_SIZE);
	return 0;
}

int debar_fsverity_end(struct debar_fsverity *verity, uint8_t *digest)
{
	struct fsverity_descriptor descriptor = {
		.version = 1,
		.hash_algorithm = FS_VERITY_HASH_ALG_SHA256,
		.log_blocksize = LOG_BLOCK_SIZE,
		.data_size = htole64(verity->size),
	};
	struct debar_hash *hash = verity->hash;
	size_t used = verity->size % BLOCK_SIZE;
	int err = 0;

	if (used) {
		memset(verity->data + used, 0, BLOCK_SIZE - used);
		err = close_data(verity);
	}
	if (!err)
		err = find_root(verity, descriptor.root_hash);
	*verity = (struct debar_fsverity){ .hash = hash };
	return err ? err : debar_sha256(&descriptor, sizeof(descriptor), digest);
}

void debar_fsverity_free(struct debar_fsverity *verity)
{
	if (!verity)
		return;
	debar_hash_free(verity->hash);
	free(verity);
}
