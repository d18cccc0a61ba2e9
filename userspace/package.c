// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads packages through libarchive, within limits; what becomes of their files is in
 * package_take.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "package_reader.h"

/* Bytes handed to libarchive at a time. */
#define BLOCK_SIZE	(128 * 1024)

#define GIVE_WHOLE	"give a whole deb, rpm, tar, cpio, zip, 7z or iso file, a program or a folder"

int debar_package_no_memory(struct debar_package_reader *reader)
{
	return debar_error_system(reader->error, -ENOMEM, reader->path, "cannot read it");
}

int debar_package_damaged(struct debar_package_reader *reader, struct archive *archive)
{
	const char *message = archive_error_string(archive);

	if (archive_errno(archive) == ENOMEM)
		return debar_package_no_memory(reader);
	return debar_error_set(reader->error, -EINVAL, reader->path, GIVE_WHOLE,
			       "no package, or damaged: %s", message ? message : "no reason given");
}

/* An archive bomb, or more than anybody wants to ban. */
static int refuse(struct debar_package_reader *reader, const char *what, uint64_t limit,
		  const char *unit)
{
	return debar_error_set(reader->error, -EFBIG, reader->path,
			       "unpack it where you trust it, and import its parts",
			       "%s %llu %s", what, (unsigned long long)limit, unit);
}

int debar_package_count(struct debar_package_reader *reader, uint64_t bytes)
{
	const struct debar_package_limits *limits = reader->limits;

	if (bytes > limits->bytes - reader->bytes)
		return refuse(reader, "unpacks to more than", limits->bytes, "bytes");
	reader->bytes += bytes;
	if (reader->bytes > limits->ratio_bytes && reader->bytes / limits->ratio > reader->input)
		return refuse(reader, "unpacks to more than", limits->ratio, "times its size");
	return 0;
}

int debar_package_count_entry(struct debar_package_reader *reader)
{
	if (reader->entries == reader->limits->entries)
		return refuse(reader, "holds more than", reader->limits->entries, "files");
	reader->entries++;
	return 0;
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
	return debar_package_count_entry(reader) ?: 1;
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
	return debar_package_count(reader, length) ?: (ssize_t)length;
}

int debar_package_part(struct debar_package_reader *reader)
{
	struct debar_package *package = reader->package;
	struct debar_package_part *parts;

	parts = reallocarray(package->parts, package->part_count + 1, sizeof(*parts));
	if (!parts)
		return debar_package_no_memory(reader);
	package->parts = parts;
	parts[package->part_count] = (struct debar_package_part){ .parent = reader->part };
	reader->part = package->part_count++;
	return 0;
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
	archive_read_support_format_7zip(archive);
	archive_read_support_format_ar(archive);
	archive_read_support_format_cpio(archive);
	archive_read_support_format_iso9660(archive);
	archive_read_support_format_raw(archive);
	archive_read_support_format_tar(archive);
	archive_read_support_format_zip(archive);
	archive_read_open_fd(archive, fd, BLOCK_SIZE);
	return archive;
}

/* Within another package, what is none after all, or empty, needs no mention. */
static int none(struct debar_package_reader *reader, const char *what)
{
	if (reader->depth)
		return 0;
	return debar_error_set(reader->error, -EINVAL, reader->path, GIVE_WHOLE, "%s", what);
}

int debar_package_read_archive(struct debar_package_reader *reader, int fd)
{
	_cleanup_archive_ struct archive *archive = NULL;
	struct archive_entry *entry;
	int format, more = debar_package_read_rpm(reader, fd);

	if (more)
		return more;
	lseek(fd, 0, SEEK_SET);
	archive = open_archive(fd);
	if (!archive)
		return debar_package_no_memory(reader);
	more = debar_package_next(reader, archive, &entry);
	if (more < 0)
		return more;
	if (!more)
		return none(reader, "an empty archive");
	format = archive_format(archive) & ARCHIVE_FORMAT_BASE_MASK;
	if (format == ARCHIVE_FORMAT_AR)
		return debar_package_read_deb(reader, archive, entry);
	if (format == ARCHIVE_FORMAT_RAW && archive_filter_code(archive, 0) == ARCHIVE_FILTER_NONE)
		return none(reader, "no package, program or script");
	return debar_package_take_all(reader, archive, entry);
}

/* The file itself may be what can be run. */
static int read_file(struct debar_package_reader *reader, int fd)
{
	ssize_t length = pread(fd, reader->buffer, 4, 0);
	int err;

	if (length < 0)
		return debar_error_system(reader->error, -errno, reader->path, "cannot read it");
	err = debar_sha256_fd(fd, reader->package->digest);
	if (err)
		return debar_error_system(reader->error, err, reader->path, "cannot read it");
	reader->package->has_digest = true;
	if (debar_package_is_module(reader->path) || debar_package_is_code(reader->buffer, length))
		return debar_package_take_fd(reader, fd, strdup(""));
	return debar_package_read_archive(reader, fd);
}

static int read_package(struct debar_package_reader *reader, const void *data)
{
	_cleanup_close_ int fd = open(reader->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;

	(void)data;
	if (fd < 0 || fstat(fd, &st))
		return debar_error_system(reader->error, -errno, reader->path, "cannot open it");
	if (debar_package_part(reader))
		return -ENOMEM;
	if (S_ISDIR(st.st_mode))
		return debar_package_read_folder(reader);
	if (!S_ISREG(st.st_mode))
		return debar_error_set(reader->error, -EINVAL, reader->path, GIVE_WHOLE,
				       "neither a file nor a folder");
	reader->input = st.st_size;
	return read_file(reader, fd);
}

int debar_package_run(const char *path, const struct debar_package_limits *limits, uint32_t kinds,
		      struct debar_package *package, struct debar_error *error,
		      int (*read)(struct debar_package_reader *reader, const void *data),
		      const void *data)
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
	reader->limits = limits;
	reader->inside = "";
	reader->kinds = kinds;
	reader->hash = hash;
	reader->verity = verity;
	err = read(reader, data);
	debar_intern_free(&reader->seen);
	debar_buffer_free(&reader->elf);
	if (err)
		debar_package_free(package);
	return err;
}

int debar_package_read(const char *path, const struct debar_package_limits *limits, uint32_t kinds,
		       struct debar_package *package, struct debar_error *error)
{
	return debar_package_run(path, limits, kinds, package, error, read_package, NULL);
}

/* The innermost package around a part that tells what it is. */
static const struct debar_package_part *telling(const struct debar_package *package, size_t part)
{
	while (!package->parts[part].name && !package->parts[part].version &&
	       package->parts[part].parent != part)
		part = package->parts[part].parent;
	return &package->parts[part];
}

const char *debar_package_name(const struct debar_package *package, size_t part)
{
	return telling(package, part)->name;
}

const char *debar_package_version(const struct debar_package *package, size_t part)
{
	return telling(package, part)->version;
}

void debar_package_free(struct debar_package *package)
{
	while (package->file_count)
		free(package->files[--package->file_count].path);
	while (package->part_count) {
		package->part_count--;
		free(package->parts[package->part_count].name);
		free(package->parts[package->part_count].version);
	}
	free(package->files);
	free(package->parts);
	free(package->skipped);
	*package = (struct debar_package){};
}
