// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Takes the files of a package one by one: identifies ELF files, scripts and kernel modules, and
 * looks into packages within it.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#include "package_reader.h"

/* struct magic - bytes by which a package is known */
struct magic {
	size_t offset;
	const char *bytes;
	size_t length;
};

#define MAGIC(offset, bytes)	{ offset, bytes, sizeof(bytes) - 1 }

/* deb(5), the RPM file format, the others as libarchive-formats(5) and their own specifications. */
static const struct magic packages[] = {
	MAGIC(0, "!<arch>\ndebian-binary"), MAGIC(0, "\xed\xab\xee\xdb"), MAGIC(257, "ustar"),
	MAGIC(0, "070701"), MAGIC(0, "070702"), MAGIC(0, "070707"), MAGIC(0, "PK\3\4"),
	MAGIC(0, "7z\xbc\xaf\x27\x1c"), MAGIC(0x8001, "CD001"), MAGIC(0, "\x1f\x8b\x08"),
	MAGIC(0, "BZh"), MAGIC(0, "\xfd\x37zXZ"), MAGIC(0, "\x28\xb5\x2f\xfd"),
	MAGIC(0, "\x5d\0\0"),
};

static bool is_package(const char *bytes, size_t length)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(packages); i++) {
		const struct magic *it = &packages[i];

		if (length >= it->offset + it->length &&
		    !memcmp(bytes + it->offset, it->bytes, it->length))
			return true;
	}
	return false;
}

bool debar_package_is_module(const char *path)
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

/* System V ABI, chapter 4; execve(2) */
bool debar_package_is_code(const char *magic, size_t length)
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
		return debar_package_no_memory(reader);
	if (reader->seen.count == before)
		return 0;
	if (package->file_count == reader->capacity) {
		capacity = 2 * reader->capacity + 16;
		files = reallocarray(package->files, capacity, sizeof(*files));
		if (!files)
			return debar_package_no_memory(reader);
		package->files = files;
		reader->capacity = capacity;
	}
	file->part = reader->part;
	package->files[package->file_count++] = *file;
	file->path = NULL;
	return 0;
}

/* What is not looked at is still unpacked, so it counts. */
static int skip_rest(struct debar_package_reader *reader, struct archive *archive,
		     struct archive_entry *entry, size_t length)
{
	int64_t left = archive_entry_size(entry) - (int64_t)length;
	ssize_t got;
	int err;

	if (archive_entry_size_is_set(entry)) {
		err = debar_package_count(reader, left > 0 ? left : 0);
		if (err)
			return err;
		return archive_read_data_skip(archive) < ARCHIVE_WARN ?
		       debar_package_damaged(reader, archive) : 0;
	}
	do {
		got = debar_package_fill(reader, archive, sizeof(reader->buffer));
	} while (got > 0);
	return got;
}

/* Whether a file, whose first bytes are in the buffer, can be run or loaded. */
static bool is_wanted(const struct debar_package_reader *reader, const char *path, size_t length)
{
	return length && (debar_package_is_module(path[0] ? path : reader->path) ||
			  debar_package_is_code(reader->buffer, length));
}

/* Identifies the file, whose first bytes are in the buffer. */
static int identify(struct debar_package_reader *reader, struct archive *archive, size_t length,
		    char **path)
{
	struct debar_package_file file = { .path = *path };
	int err = debar_package_identify(reader, archive, length, &file);

	if (!err)
		err = add_file(reader, &file);
	*path = file.path;
	return err;
}

/* One that is damaged does not keep the others from being read, but is told. */
static int note_skipped(struct debar_package_reader *reader, const char *path)
{
	struct debar_package *package = reader->package;

	if (!package->skipped_count++ &&
	    asprintf(&package->skipped, "%s: %s", path, reader->error->what) < 0) {
		package->skipped = NULL;
		return debar_package_no_memory(reader);
	}
	return 0;
}

/* Reads a package within the one being read. */
static int read_within(struct debar_package_reader *reader, int fd, const char *path)
{
	const char *inside = reader->inside;
	size_t part = reader->part;
	char *prefix;
	int err;

	if (reader->depth == reader->limits->depth)
		return debar_error_set(reader->error, -EFBIG, reader->path,
				       "unpack it where you trust it, and import its parts",
				       "packages within packages, more than %u deep",
				       reader->limits->depth);
	if (asprintf(&prefix, "%s!", path) < 0)
		return debar_package_no_memory(reader);
	reader->inside = prefix;
	reader->depth++;
	err = debar_package_part(reader) ?: debar_package_read_archive(reader, fd);
	reader->depth--;
	reader->part = part;
	reader->inside = inside;
	free(prefix);
	return err == -EINVAL ? note_skipped(reader, path) : err;
}

/* libarchive's view of a file as it is: one entry with all its bytes. */
static int open_plain(struct debar_package_reader *reader, int fd, struct archive **archive,
		      struct archive_entry **entry)
{
	lseek(fd, 0, SEEK_SET);
	*archive = archive_read_new();
	if (!*archive)
		return debar_package_no_memory(reader);
	archive_read_support_format_raw(*archive);
	if (archive_read_open_fd(*archive, fd, sizeof(reader->buffer)) ||
	    archive_read_next_header(*archive, entry))
		return debar_package_damaged(reader, *archive);
	return 0;
}

static int take_plain(struct debar_package_reader *reader, int fd, char **path, bool *package)
{
	_cleanup_archive_ struct archive *archive = NULL;
	struct archive_entry *entry;
	int err = open_plain(reader, fd, &archive, &entry);
	ssize_t length;

	if (err)
		return err;
	length = debar_package_fill(reader, archive, sizeof(reader->buffer));
	if (length < 0)
		return length;
	*package = is_package(reader->buffer, length);
	if (debar_package_is_image(reader, *path))
		debar_package_read_image(reader, reader->buffer, length);
	return is_wanted(reader, *path, length) ? identify(reader, archive, length, path) : 0;
}

int debar_package_take_fd(struct debar_package_reader *reader, int fd, char *path)
{
	_cleanup_free_ char *within = path ? strdup(path) : NULL;
	bool package = false;
	int err;

	err = within ? take_plain(reader, fd, &path, &package) : debar_package_no_memory(reader);
	if (!err && package)
		err = read_within(reader, fd, within);
	free(path);
	return err;
}

/* A file without a name: in memory when it is a small one, such as a manual page. */
static int open_copy(const struct debar_package_reader *reader, size_t length)
{
	_cleanup_free_ char *path = NULL;
	const char *folder = getenv("TMPDIR");
	int fd;

	if (length < sizeof(reader->buffer))
		return memfd_create("debar", MFD_CLOEXEC);
	if (asprintf(&path, "%s/debar-XXXXXX", folder ? folder : "/var/tmp") < 0) {
		path = NULL;
		return -1;
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	return fd;
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t put = write(fd, bytes, length);

		if (put < 0 && errno != EINTR)
			return -errno;
		if (put > 0) {
			bytes += put;
			length -= put;
		}
	}
	return 0;
}

/* Copies an entry, whose first bytes are in the buffer; a file descriptor or -errno. */
static int copy(struct debar_package_reader *reader, struct archive *archive, size_t length)
{
	int fd = open_copy(reader, length), err;
	ssize_t got = length;

	if (fd < 0)
		return debar_error_system(reader->error, -errno, reader->path,
					  "cannot make a temporary file");
	do {
		err = write_all(fd, reader->buffer, got);
		if (err)
			debar_error_system(reader->error, err, reader->path,
					   "cannot write a temporary file");
		else
			got = debar_package_fill(reader, archive, sizeof(reader->buffer));
	} while (!err && got > 0);
	if (!err && !got)
		return fd;
	close(fd);
	return err ? err : got;
}

/* What a compressed file holds has no name of its own. */
static char *path_of(const struct debar_package_reader *reader, struct archive *archive,
		     struct archive_entry *entry)
{
	const char *path = archive_entry_pathname_utf8(entry);
	_cleanup_free_ char *escaped = NULL;
	char *all;

	if (!path)
		path = archive_entry_pathname(entry);
	if (!path || archive_format(archive) == ARCHIVE_FORMAT_RAW)
		path = "";
	if (path[0] == '.' && path[1] == '/')
		path += 2;
	escaped = debar_escape(path, strlen(path));
	if (!escaped || asprintf(&all, "%s%s", reader->inside, escaped) < 0)
		return NULL;
	return all;
}

/* Most formats need to seek, so a package within another one is copied first. */
static int take_package(struct debar_package_reader *reader, struct archive *archive,
			size_t length, char *path)
{
	_cleanup_close_ int fd = copy(reader, archive, length);

	if (fd >= 0)
		return debar_package_take_fd(reader, fd, path);
	free(path);
	return fd;
}

static int take(struct debar_package_reader *reader, struct archive *archive,
		struct archive_entry *entry)
{
	ssize_t length = debar_package_fill(reader, archive, sizeof(reader->buffer));
	char *path;
	int err;

	if (length < 0)
		return length;
	path = path_of(reader, archive, entry);
	if (!path)
		return debar_package_no_memory(reader);
	if (is_package(reader->buffer, length))
		return take_package(reader, archive, length, path);
	if (debar_package_is_image(reader, path))
		debar_package_read_image(reader, reader->buffer, length);
	err = is_wanted(reader, path, length) ? identify(reader, archive, length, &path) :
						skip_rest(reader, archive, entry, length);
	free(path);
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
