// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads a Debian package (deb(5)): archives inside of an ar archive, one with the description,
 * one with the files.
 */
#include <errno.h>
#include <string.h>

#include "package_reader.h"

/* Longest control file accepted; deb-control(5) sets no limit, real ones are below 16 KiB. */
#define CONTROL_MAX	(64 * 1024)

/* libarchive's read callback for a member: the next piece of the archive around it. */
static la_ssize_t read_member(struct archive *inner, void *data, const void **piece)
{
	struct archive *outer = data;
	size_t length;
	la_int64_t offset;
	int result = archive_read_data_block(outer, piece, &length, &offset);

	if (result == ARCHIVE_EOF)
		return 0;
	if (result < ARCHIVE_WARN) {
		archive_set_error(inner, archive_errno(outer), "%s", archive_error_string(outer));
		return -1;
	}
	return length;
}

static struct archive *open_member(struct archive *outer)
{
	struct archive *inner = archive_read_new();

	if (!inner)
		return NULL;
	archive_read_support_filter_bzip2(inner);
	archive_read_support_filter_gzip(inner);
	archive_read_support_filter_lzma(inner);
	archive_read_support_filter_xz(inner);
	archive_read_support_filter_zstd(inner);
	archive_read_support_format_tar(inner);
	archive_read_open(inner, outer, NULL, read_member, NULL);
	return inner;
}

char *debar_package_field(const char *control, const char *name)
{
	size_t length = strlen(name);
	const char *line = control;

	while (line) {
		if (!strncasecmp(line, name, length) && line[length] == ':') {
			line += length + 1;
			line += strspn(line, " \t");
			return debar_escape(line, strcspn(line, "\r\n"));
		}
		line = strchr(line, '\n');
		if (line)
			line++;
	}
	return NULL;
}

static int read_fields(struct debar_package_reader *reader, struct archive *archive)
{
	_cleanup_free_ char *control = calloc(1, CONTROL_MAX + 1);
	struct debar_package_part *part;
	ssize_t got, length = 0;

	if (!control)
		return debar_error_system(reader->error, -ENOMEM, reader->path, "cannot read it");
	do {
		got = archive_read_data(archive, control + length, CONTROL_MAX - length);
		if (got < 0)
			return debar_package_damaged(reader, archive);
		length += got;
	} while (got && length < CONTROL_MAX);
	part = &reader->package->parts[reader->part];
	free(part->name);
	free(part->version);
	part->name = debar_package_field(control, "Package");
	part->version = debar_package_field(control, "Version");
	return 0;
}

static int read_control(struct debar_package_reader *reader, struct archive *outer)
{
	_cleanup_archive_ struct archive *inner = open_member(outer);
	struct archive_entry *entry;
	int more;

	if (!inner)
		return debar_error_system(reader->error, -ENOMEM, reader->path, "cannot read it");
	while ((more = debar_package_next(reader, inner, &entry)) > 0) {
		const char *path = archive_entry_pathname(entry);

		if (path && (!strcmp(path, "./control") || !strcmp(path, "control")))
			return read_fields(reader, inner);
	}
	return more;
}

static int read_data(struct debar_package_reader *reader, struct archive *outer)
{
	_cleanup_archive_ struct archive *inner = open_member(outer);

	if (!inner)
		return debar_error_system(reader->error, -ENOMEM, reader->path, "cannot read it");
	return debar_package_take_all(reader, inner, NULL);
}

int debar_package_read_deb(struct debar_package_reader *reader, struct archive *archive,
			   struct archive_entry *entry)
{
	bool data = false;
	int more = 1, err = 0;

	while (more > 0 && !err) {
		const char *member = archive_entry_pathname(entry);

		if (member && !strncmp(member, "control.tar", 11)) {
			err = read_control(reader, archive);
		} else if (member && !strncmp(member, "data.tar", 8)) {
			data = true;
			err = read_data(reader, archive);
		}
		if (!err)
			more = debar_package_next(reader, archive, &entry);
	}
	if (err || more < 0)
		return err ? err : more;
	if (!data)
		return debar_error_set(reader->error, -EINVAL, reader->path,
				       "give a whole Debian package",
				       "an ar archive without data.tar: no Debian package, or cut off");
	return 0;
}
