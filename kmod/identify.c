// SPDX-License-Identifier: GPL-2.0-only
/*
 * Computes the digests by which a file is identified. No locks; may sleep for as long as the
 * filesystem takes to read.
 */
#include <crypto/hash.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat/fsverity.h"
#include "content.h"
#include "counters.h"
#include "elf_code.h"
#include "identify.h"
#include "limits.h"

/* Set once at load; shared by everyone, since a hash in progress lives on the stack. */
static struct crypto_shash *hash_driver;

/**
 * debar_identify_init() - get the fastest hash driver of this machine
 *
 * Return: 0, or what the crypto layer returns when it has no SHA-256.
 */
int debar_identify_init(void)
{
	hash_driver = crypto_alloc_shash("sha256", 0, 0);
	if (IS_ERR(hash_driver))
		return PTR_ERR(hash_driver);
	debar_compat_fsverity_init();
	return 0;
}

/**
 * debar_identify_exit() - give it back; nobody identifies any more
 */
void debar_identify_exit(void)
{
	crypto_free_shash(hash_driver);
}

/**
 * struct hashing - a hash over pieces of a content
 * @content: where the pieces are
 * @desc: the hash so far
 * @buffer: of @buffer_size bytes
 * @buffer_size: in bytes
 */
struct hashing {
	const struct debar_content *content;
	struct shash_desc *desc;
	void *buffer;
	size_t buffer_size;
};

static int hash_bytes(struct shash_desc *desc, const u8 *bytes, size_t size)
{
	while (size) {
		size_t part = min_t(size_t, size, DEBAR_HASH_SIZE);

		if (crypto_shash_update(desc, bytes, part))
			return -EBADE;
		bytes += part;
		size -= part;
	}
	return 0;
}

static int hash_piece(void *context, u64 offset, u64 length)
{
	struct hashing *h = context;

	while (length) {
		size_t size = min_t(u64, length, h->buffer_size);
		int ret = debar_content_read(h->content, offset, h->buffer, size);

		if (!ret)
			ret = hash_bytes(h->desc, h->buffer, size);
		if (ret)
			return ret;
		debar_count_many(DEBAR_COUNT_HASHED_BYTES, size);
		offset += size;
		length -= size;
	}
	return 0;
}

/* Hashes what @pieces gives to hash_piece(). */
static int hash(const struct debar_content *content, u8 *digest,
		int (*pieces)(const struct debar_content *content, struct hashing *h))
{
	SHASH_DESC_ON_STACK(desc, hash_driver);
	struct hashing h = {
		.content = content,
		.desc = desc,
		.buffer_size = clamp_t(u64, content->size, 1, DEBAR_READ_SIZE),
	};
	int ret;

	h.buffer = kvmalloc(h.buffer_size, GFP_KERNEL | __GFP_NOWARN);
	if (!h.buffer)
		return -ENOMEM;
	desc->tfm = hash_driver;
	ret = crypto_shash_init(desc) ? -EBADE : pieces(content, &h);
	if (!ret && crypto_shash_final(desc, digest))
		ret = -EBADE;
	if (!ret)
		debar_count(DEBAR_COUNT_HASHED_FILES);
	shash_desc_zero(desc);
	kvfree(h.buffer);
	return ret;
}

static int whole_file(const struct debar_content *content, struct hashing *h)
{
	return hash_piece(h, 0, content->size);
}

/**
 * debar_identify_file_sha256() - the SHA-256 of a whole content
 * @content: the content
 * @digest: set to DEBAR_DIGEST_SIZE bytes
 *
 * Context: process, may sleep.
 * Return: 0, -ENOMEM, -EBADE (the hash driver failed), or what debar_content_read() returns.
 */
int debar_identify_file_sha256(const struct debar_content *content, u8 *digest)
{
	return hash(content, digest, whole_file);
}

/**
 * debar_identify_buffer() - the SHA-256 of memory
 * @data: the memory
 * @size: of @data in bytes
 * @digest: set to DEBAR_DIGEST_SIZE bytes
 *
 * Context: process, may sleep.
 * Return: like debar_identify_file_sha256().
 */
int debar_identify_buffer(const void *data, size_t size, u8 *digest)
{
	struct debar_content content;

	debar_content_in_memory(&content, data, size);
	return debar_identify_file_sha256(&content, digest);
}

/**
 * debar_identify_fsverity() - the SHA-256 file digest that fs-verity keeps
 * @inode: of an open file
 * @digest: set to DEBAR_DIGEST_SIZE bytes
 *
 * Nothing is read: the filesystem checks every byte against this digest when it is used.
 *
 * Return: 0, or -ENODATA when there is none.
 */
int debar_identify_fsverity(struct inode *inode, u8 *digest)
{
	return debar_compat_fsverity_sha256(inode, digest);
}

static int elf_read(void *context, u64 offset, void *buffer, size_t size)
{
	return debar_content_read(context, offset, buffer, size);
}

/* What is no ELF file, or not one that could be executed, has no code. */
static int open_elf(const struct debar_content *content, struct debar_elf *elf)
{
	int ret;

	*elf = (struct debar_elf){
		.read = elf_read,
		.context = (void *)content,
		.size = content->size,
	};
	ret = debar_elf_open(elf);
	return ret == -ENOEXEC ? -ENODATA : ret;
}

/**
 * debar_identify_code_size() - how many bytes of code an ELF file has
 * @content: the content
 * @size: set to their number
 *
 * Context: process, may sleep.
 * Return: 0, -ENODATA when there is no code, or what debar_content_read() returns.
 */
int debar_identify_code_size(const struct debar_content *content, u64 *size)
{
	struct debar_elf elf;
	int ret = open_elf(content, &elf);

	return ret ?: debar_elf_code(&elf, NULL, NULL, size);
}

static int code_of_file(const struct debar_content *content, struct hashing *h)
{
	struct debar_elf elf;
	u64 size;
	int ret = open_elf(content, &elf);

	return ret ?: debar_elf_code(&elf, hash_piece, h, &size);
}

/**
 * debar_identify_code_sha256() - the SHA-256 of an ELF file's code
 * @content: the content
 * @digest: set to DEBAR_DIGEST_SIZE bytes
 *
 * Context: process, may sleep.
 * Return: 0, -ENODATA when there is no code, or like debar_identify_file_sha256().
 */
int debar_identify_code_sha256(const struct debar_content *content, u8 *digest)
{
	return hash(content, digest, code_of_file);
}

/**
 * debar_identify_build_id() - the build id of an ELF file
 * @content: the content
 * @digest: set to DEBAR_DIGEST_SIZE bytes, filled up with NULs
 *
 * Context: process, may sleep.
 * Return: 0, -ENODATA when there is none, or what debar_content_read() returns.
 */
int debar_identify_build_id(const struct debar_content *content, u8 *digest)
{
	struct debar_elf elf;
	int ret = open_elf(content, &elf);

	if (!ret)
		ret = debar_elf_build_id(&elf, digest);
	return ret < 0 ? ret : 0;
}
