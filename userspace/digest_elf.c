// SPDX-License-Identifier: GPL-2.0-or-later
/* Digests of what kmod/elf_code.c finds in an ELF file: its code and its build id. */
#include <errno.h>
#include <string.h>

#include "digest.h"
#include "elf_code.h"

/* Bytes read from a file at a time. */
#define READ_SIZE	(128 * 1024)

static int read_fd(int fd, uint64_t offset, void *buffer, size_t size)
{
	while (size) {
		ssize_t got = pread(fd, buffer, size, (off_t)offset);

		if (!got)
			return -EAGAIN;
		if (got < 0 && errno != EINTR)
			return -errno;
		if (got > 0) {
			buffer = (char *)buffer + got;
			offset += got;
			size -= got;
		}
	}
	return 0;
}

static int read_content(void *context, __u64 offset, void *buffer, size_t size)
{
	const struct debar_content *content = context;

	if (content->fd >= 0)
		return read_fd(content->fd, offset, buffer, size);
	memcpy(buffer, (const char *)content->data + offset, size);
	return 0;
}

/* What is no ELF file, or not one that could be executed, has none of this, as in the kernel. */
static int open_elf(const struct debar_content *content, struct debar_elf *elf)
{
	int err;

	*elf = (struct debar_elf){
		.read = read_content,
		.context = (void *)content,
		.size = content->size,
	};
	err = debar_elf_open(elf);
	return err == -ENOEXEC ? -ENODATA : err;
}

/**
 * struct hashing - a hash over pieces of a content
 * @content: where the pieces are
 * @hash: the hash so far
 * @buffer: of READ_SIZE bytes
 */
struct hashing {
	const struct debar_content *content;
	struct debar_hash *hash;
	char *buffer;
};

static int hash_piece(void *context, __u64 offset, __u64 length)
{
	struct hashing *h = context;
	int err = 0;

	while (length && !err) {
		size_t size = length < READ_SIZE ? length : READ_SIZE;

		err = read_content((void *)h->content, offset, h->buffer, size);
		if (!err)
			err = debar_hash_add(h->hash, h->buffer, size);
		offset += size;
		length -= size;
	}
	return err;
}

int debar_code_sha256(const struct debar_content *content, uint8_t *digest, uint64_t *size)
{
	_cleanup_hash_ struct debar_hash *hash = debar_hash_new();
	_cleanup_free_ char *buffer = malloc(READ_SIZE);
	struct hashing h = { content, hash, buffer };
	struct debar_elf elf;
	__u64 length;
	int err = hash && buffer ? open_elf(content, &elf) : -ENOMEM;

	if (!err)
		err = debar_hash_begin(hash);
	if (!err)
		err = debar_elf_code(&elf, hash_piece, &h, &length);
	if (err)
		return err;
	*size = length;
	return debar_hash_end(hash, digest);
}

int debar_build_id(const struct debar_content *content, uint8_t *id)
{
	struct debar_elf elf;
	int result = open_elf(content, &elf);

	if (!result)
		result = debar_elf_build_id(&elf, id);
	return result < 0 ? result : 0;
}
