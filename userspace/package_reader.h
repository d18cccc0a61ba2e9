/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the readers of the several package formats share. For package*.c alone.
 */
#ifndef DEBAR_PACKAGE_READER_H
#define DEBAR_PACKAGE_READER_H

#include <archive.h>
#include <archive_entry.h>
#include <stdbool.h>
#include "digest.h"
#include "intern.h"
#include "package.h"

/**
 * struct debar_package_reader - one run of debar_package_read()
 * @path: of the package
 * @package: filled in
 * @error: where to say what is wrong
 * @left: what is left of the limits
 * @kinds: as debar_package_read() got it
 * @hash: used for one file after the other
 * @verity: the same, or NULL when it is not asked for
 * @elf: the file, when it has to be looked into
 * @seen: digests of @package->files
 * @capacity: room in @package->files
 * @buffer: a piece of a file
 */
struct debar_package_reader {
	const char *path;
	struct debar_package *package;
	struct debar_error *error;
	struct debar_package_limits left;
	uint32_t kinds;
	struct debar_hash *hash;
	struct debar_fsverity *verity;
	struct debar_buffer elf;
	struct debar_intern seen;
	size_t capacity;
	char buffer[128 * 1024];
};

/*
 * debar_package_damaged - fill in the error from what libarchive said; returns -EINVAL or -ENOMEM
 */
int debar_package_damaged(struct debar_package_reader *reader, struct archive *archive);

/**
 * debar_package_next - go to the next entry of an archive
 * @reader: counts it against the limits
 * @archive: libarchive's
 * @entry: set to the entry
 *
 * Return: 1, 0 at the end of the archive, or -errno with the error filled in.
 */
int debar_package_next(struct debar_package_reader *reader, struct archive *archive,
		       struct archive_entry **entry);

/*
 * debar_package_take_all - identify the files of an archive; @entry is its first, NULL when none
 * was read yet
 */
int debar_package_take_all(struct debar_package_reader *reader, struct archive *archive,
			   struct archive_entry *entry);

/* debar_package_read_deb - read the members of a Debian package; @entry is the first of them */
int debar_package_read_deb(struct debar_package_reader *reader, struct archive *archive,
			   struct archive_entry *entry);

/*
 * debar_package_read_rpm - if @fd is an RPM package, take name and version from its header; 0 or
 * -errno
 */
int debar_package_read_rpm(struct debar_package_reader *reader, int fd);

/**
 * debar_package_fill - read the next bytes of a file into the buffer
 * @reader: counts them against the limits
 * @archive: libarchive's, at the file
 * @wanted: at most the size of the buffer
 *
 * Return: how many bytes, less than @wanted only at the end of the file, or -errno with the error
 * filled in.
 */
ssize_t debar_package_fill(struct debar_package_reader *reader, struct archive *archive,
			   size_t wanted);

/**
 * debar_package_identify - compute the digests of a file
 * @reader: the file's first bytes are in its buffer
 * @archive: libarchive's, behind them
 * @length: of the bytes in the buffer
 * @file: its digests are filled in
 *
 * Return: 0 or -errno with the error filled in.
 */
int debar_package_identify(struct debar_package_reader *reader, struct archive *archive,
			   size_t length, struct debar_package_file *file);

DEBAR_DEFINE_CLEANUP(struct archive *, archive_read_free);
#define _cleanup_archive_ _cleanup_(debar_cleanup_archive_read_free)

#endif /* DEBAR_PACKAGE_READER_H */
