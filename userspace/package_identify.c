// SPDX-License-Identifier: GPL-2.0-or-later
/* Computes all digests of a file in a package, in one go, since it streams by only once. */
#include <errno.h>
#include <string.h>

#include "package_reader.h"

#define BIT(kind)	(1U << (kind))
#define ELF_KINDS	(BIT(DEBAR_INDICATOR_KIND_CODE_SHA256) | BIT(DEBAR_INDICATOR_KIND_BUILD_ID))

/* Whether the file, whose first bytes are in the buffer, has to be looked into. */
static bool wants_elf(const struct debar_package_reader *reader, size_t length)
{
	return (reader->kinds & ELF_KINDS) && length >= 4 && !memcmp(reader->buffer, "\177ELF", 4);
}

/* Keeps the next bytes of an ELF file, or gives up on one that is too large. */
static int keep(struct debar_package_reader *reader, size_t length, struct debar_package_file *file)
{
	if (file->too_large)
		return 0;
	if (length > reader->limits->elf_bytes - reader->elf.length) {
		file->too_large = true;
		debar_buffer_free(&reader->elf);
		return 0;
	}
	return debar_buffer_add(&reader->elf, reader->buffer, length);
}

static int add(struct debar_package_reader *reader, size_t length, bool elf,
	       struct debar_package_file *file)
{
	int err = debar_hash_add(reader->hash, reader->buffer, length);

	file->digests[DEBAR_INDICATOR_KIND_FILE_SHA256].size += length;
	if (!err && reader->verity)
		err = debar_fsverity_add(reader->verity, reader->buffer, length);
	if (!err && elf)
		err = keep(reader, length, file);
	return err;
}

static int end_elf(struct debar_package_reader *reader, struct debar_package_digest *digests)
{
	const struct debar_content content = { -1, reader->elf.data, reader->elf.length };
	struct debar_package_digest *code = &digests[DEBAR_INDICATOR_KIND_CODE_SHA256];
	struct debar_package_digest *id = &digests[DEBAR_INDICATOR_KIND_BUILD_ID];
	int err = -ENODATA;

	if (reader->kinds & BIT(DEBAR_INDICATOR_KIND_CODE_SHA256))
		err = debar_code_sha256(&content, code->bytes, &code->size);
	code->known = !err;
	if (err && err != -ENODATA)
		return err;
	err = -ENODATA;
	if (reader->kinds & BIT(DEBAR_INDICATOR_KIND_BUILD_ID))
		err = debar_build_id(&content, id->bytes);
	id->known = !err;
	return err == -ENODATA ? 0 : err;
}

static int end(struct debar_package_reader *reader, bool elf, struct debar_package_file *file)
{
	struct debar_package_digest *whole = &file->digests[DEBAR_INDICATOR_KIND_FILE_SHA256];
	struct debar_package_digest *verity = &file->digests[DEBAR_INDICATOR_KIND_FSVERITY_SHA256];
	int err = debar_hash_end(reader->hash, whole->bytes);

	whole->known = true;
	if (!err && reader->verity) {
		verity->known = true;
		verity->size = whole->size;
		err = debar_fsverity_end(reader->verity, verity->bytes);
	}
	if (!err && elf && !file->too_large)
		err = end_elf(reader, file->digests);
	return err;
}

int debar_package_identify(struct debar_package_reader *reader, struct archive *archive,
			   size_t length, struct debar_package_file *file)
{
	bool elf = wants_elf(reader, length);
	int err = debar_hash_begin(reader->hash);
	ssize_t got = length;

	reader->elf.length = 0;
	while (!err && got > 0) {
		err = add(reader, got, elf, file);
		if (!err)
			got = debar_package_fill(reader, archive, sizeof(reader->buffer));
	}
	if (got < 0)
		return got;
	if (!err)
		err = end(reader, elf, file);
	return err ? debar_error_system(reader->error, err, reader->path, "cannot hash it") : 0;
}
