// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads packages through libarchive and identifies ELF files, scripts and kernel modules in them.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "package_reader.h"

/* Bytes handed to libarchive at a time. */
#define BLOCK_SIZE	(128 * 1024)
/* As many bytes tell an ELF file (System V ABI, chapter 4) and a script (execve(2)). */
#define MAGIC_SIZE	4

static int no_memory(struct debar_package_reader *reader)
{
	return debar_error_system(reader->error, -ENOMEM, reader->path, "cannot read it");
}

int debar_package_damaged(struct debar_package_reader *reader, struct archive *archive)
{
	const char *message = archive_error_string(archive);

	if (archive_errno(archive) == ENOMEM)
		return no_memory(reader);
	return debar_error_set(reader->error, -EINVAL, reader->path,
			       "give a whole deb, rpm, tar, cpio or zip file",
			       "no package, or damaged: %s", message ? message : "no reason given");
}

static int too_large(struct debar_package_reader *reader)
{
	return debar_error_set(reader->error, -EFBIG, reader->path,
			       "unpack it where you trust it, and import its parts",
			       "unpacks to more than is accepted");
}

int debar_package_next(struct debar_package_reader *reader, struct archive *archive,
		       struct archive_entry **entry)
{
	int result = archive_read_next_header(archive, entry);

	if (result == ARCHIVE_EOF)
		return 0;
	/* A warning means that the name or an attribute was not understood: the content is. */
	if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
		return debar_package_damaged(reader, archive);
	if (!reader->left.entries--)
		return too_large(reader);
	return 1;
}

static char *path_of(struct archive_entry *entry)
{
	const char *path = archive_entry_pathname_utf8(entry);

	if (!path)
		path = archive_entry_pathname(entry);
	if (!path)
		path = "";
	if (path[0] == '.' && path[1] == '/')
		path += 2;
	return debar_escape(path, strlen(path));
}

static bool is_module(const char *path)
{
	static const char *const endings[] = { ".ko", ".ko.gz", ".ko.xz", ".ko.zst" };
	size_t length = strlen(path), i;

	for (i = 0; i < ARRAY_SIZE(endings); i++) {
		size_t ending = strlen(endings[i]);

		if (length > ending && !strcmp(path + length - ending, endings[i]))
			return true;
	}
	return false;
}

static bool is_code(const char *magic, size_t length)
{
	return (length >= 4 && !memcmp(magic, "\177ELF", 4)) ||
	       (length >= 2 && !memcmp(magic, "#!", 2));
}

/* Takes over the path when the content is a new one. */
static int add_file(struct debar_package_reader *reader, struct debar_package_file *file)
{
	struct debar_package *package = reader->package;
	size_t before = reader->seen.count, capacity;
	const uint8_t *digest = file->digests[DEBAR_INDICATOR_KIND_FILE_SHA256].bytes;
	struct debar_package_file *files;
	uint32_t offset;

	if (debar_intern_add(&reader->seen, digest, DEBAR_DIGEST_SIZE, &offset))
		return no_memory(reader);
	if (reader->seen.count == before)
		return 0;
	if (package->file_count == reader->capacity) {
		capacity = 2 * reader->capacity + 16;
		files = reallocarray(package->files, capacity, sizeof(*files));
		if (!files)
			return no_memory(reader);
		package->files = files;
		reader->capacity = capacity;
	}
	package->files[package->file_count++] = *file;
	file->path = NULL;
	return 0;
}

ssize_t debar_package_fill(struct debar_package_reader *reader, struct archive *archive,
			   size_t wanted)
{
	size_t length = 0;
	ssize_t got;

	do {
		got = archive_read_data(archive, reader->buffer + length, wanted - length);
		if (got < 0)
			return debar_package_damaged(reader, archive);
		length += got;
	} while (got && length < wanted);
	if (length > reader->left.bytes)
		return too_large(reader);
	reader->left.bytes -= length;
	return length;
}

/* What is not looked at is still unpacked, so it counts. */
static int skip_rest(struct debar_package_reader *reader, struct archive *archive,
		     struct archive_entry *entry)
{
	int64_t size = archive_entry_size(entry);

	if (size > 0 && (uint64_t)size > reader->left.bytes)
		return too_large(reader);
	reader->left.bytes -= size > 0 ? size : 0;
	return archive_read_data_skip(archive) < ARCHIVE_WARN ?
	       debar_package_damaged(reader, archive) : 0;
}

/* Identifies the file of an entry and adds it, unless it is no code or known already. */
static int take_file(struct debar_package_reader *reader, struct archive *archive,
		     struct archive_entry *entry, struct debar_package_file *file)
{
	ssize_t length = debar_package_fill(reader, archive, MAGIC_SIZE);
	int err;

	if (length < 0)
		return length;
	if (!length || !(is_module(file->path) || is_code(reader->buffer, length)))
		return skip_rest(reader, archive, entry);
	err = debar_package_identify(reader, archive, length, file);
	return err ? err : add_file(reader, file);
}

static int take(struct debar_package_reader *reader, struct archive *archive,
		struct archive_entry *entry)
{
	struct debar_package_file file = { .path = path_of(entry) };
	int err;

	if (!file.path)
		return no_memory(reader);
	err = take_file(reader, archive, entry, &file);
	free(file.path);
	return err;
}

int debar_package_take_all(struct debar_package_reader *reader, struct archive *archive,
			   struct archive_entry *entry)
{
	int more = entry ? 1 : debar_package_next(reader, archive, &entry);

	while (more > 0) {
		int err = 0;

		if (archive_entry_is_encrypted(entry))
			return debar_error_set(reader->error, -EINVAL, reader->path,
					       "decrypt it first", "is encrypted");
		if (archive_entry_filetype(entry) == AE_IFREG)
			err = take(reader, archive, entry);
		if (err)
			return err;
		more = debar_package_next(reader, archive, &entry);
	}
	return more;
}

static struct archive *open_archive(int fd)
{
	struct archive *archive = archive_read_new();

	if (!archive)
		return NULL;
	archive_read_support_filter_bzip2(archive);
	archive_read_support_filter_gzip(archive);
	archive_read_support_filter_lzma(archive);
	archive_read_support_filter_rpm(archive);
	archive_read_support_filter_xz(archive);
	archive_read_support_filter_zstd(archive);
	archive_read_support_format_ar(archive);
	archive_read_support_format_cpio(archive);
	archive_read_support_format_tar(archive);
	archive_read_support_format_zip(archive);
	archive_read_open_fd(archive, fd, BLOCK_SIZE);
	return archive;
}

static int read_archive(struct debar_package_reader *reader, int fd)
{
	_cleanup_archive_ struct archive *archive = open_archive(fd);
	struct archive_entry *entry;
	int more;

	if (!archive)
		return no_memory(reader);
	more = debar_package_next(reader, archive, &entry);
	if (more < 0)
		return more;
	if (!more)
		return debar_error_set(reader->error, -EINVAL, reader->path,
				       "give a whole deb, rpm, tar, cpio or zip file",
				       "an empty archive");
	if ((archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_AR)
		return debar_package_read_deb(reader, archive, entry);
	return debar_package_take_all(reader, archive, entry);
}

static int read_package(struct debar_package_reader *reader)
{
	_cleanup_close_ int fd = open(reader->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int err;

	if (fd < 0)
		return debar_error_system(reader->error, -errno, reader->path, "cannot open it");
	err = debar_sha256_fd(fd, reader->package->digest);
	if (err)
		return debar_error_system(reader->error, err, reader->path, "cannot read it");
	err = debar_package_read_rpm(reader, fd);
	return err ? err : read_archive(reader, fd);
}

int debar_package_read(const char *path, const struct debar_package_limits *limits, uint32_t kinds,
		       struct debar_package *package, struct debar_error *error)
{
	bool with_verity = kinds & (1U << DEBAR_INDICATOR_KIND_FSVERITY_SHA256);
	_cleanup_fsverity_ struct debar_fsverity *verity =
		with_verity ? debar_fsverity_new() : NULL;
	_cleanup_hash_ struct debar_hash *hash = debar_hash_new();
	_cleanup_free_ struct debar_package_reader *reader = calloc(1, sizeof(*reader));
	int err;

	if (!hash || !reader || (with_verity && !verity))
		return debar_error_system(error, -ENOMEM, path, "cannot read it");
	reader->path = path;
	reader->package = package;
	reader->error = error;
	reader->left = *limits;
	reader->kinds = kinds;
	reader->hash = hash;
	reader->verity = verity;
	err = read_package(reader);
	debar_intern_free(&reader->seen);
	debar_buffer_free(&reader->elf);
	if (err)
		debar_package_free(package);
	return err;
}

void debar_package_free(struct debar_package *package)
{
	while (package->file_count)
		free(package->files[--package->file_count].path);
	free(package->files);
	free(package->name);
	free(package->version);
	*package = (struct debar_package){};
}
