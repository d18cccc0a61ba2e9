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
 * @limits: see package.h
 * @input: bytes on disk that were given to be read
 * @bytes: unpacked so far
 * @entries: seen so far
 * @depth: packages around what is being read
 * @part: the package that is being read, an index in @package->parts
 * @inside: what the paths of its files begin with
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
	const struct debar_package_limits *limits;
	uint64_t input;
	uint64_t bytes;
	uint64_t entries;
	unsigned int depth;
	size_t part;
	const char *inside;
	uint32_t kinds;
	struct debar_hash *hash;
	struct debar_fsverity *verity;
	struct debar_buffer elf;
	struct debar_intern seen;
	size_t capacity;
	char buffer[128 * 1024];
};

/**
 * debar_package_run - read something with a reader made for it
 * @path: see struct debar_package_reader, like the next three
 * @limits: see there
 * @kinds: see there
 * @package: see there; freed on an error
 * @error: see there
 * @read: does it; 0 or -errno with the error filled in
 * @data: handed to @read
 *
 * Return: what @read returns, or -ENOMEM.
 */
int debar_package_run(const char *path, const struct debar_package_limits *limits, uint32_t kinds,
		      struct debar_package *package, struct debar_error *error,
		      int (*read)(struct debar_package_reader *reader, const void *data),
		      const void *data);

/* debar_package_no_memory - fill in the error; returns -ENOMEM */
int debar_package_no_memory(struct debar_package_reader *reader);

/*
 * debar_package_damaged - fill in the error from what libarchive said; returns -EINVAL or -ENOMEM
 */
int debar_package_damaged(struct debar_package_reader *reader, struct archive *archive);

/* debar_package_count - count unpacked bytes; 0, or -EFBIG with the error filled in */
int debar_package_count(struct debar_package_reader *reader, uint64_t bytes);

/* debar_package_count_entry - count an entry; 0, or -EFBIG with the error filled in */
int debar_package_count_entry(struct debar_package_reader *reader);

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
 * debar_package_part - begin a part of the package, within the one being read; @reader->part is it
 * then; 0 or -ENOMEM
 */
int debar_package_part(struct debar_package_reader *reader);

/* debar_package_read_archive - read the package in a file; 0 or -errno with the error filled in */
int debar_package_read_archive(struct debar_package_reader *reader, int fd);

/*
 * debar_package_take_all - identify the files of an archive; @entry is its first, NULL when none
 * was read yet
 */
int debar_package_take_all(struct debar_package_reader *reader, struct archive *archive,
			   struct archive_entry *entry);

/**
 * debar_package_take_fd - identify a file, and look into it when it is a package
 * @reader: what is found is added to its package
 * @fd: of the file, which is read from its beginning
 * @path: as in struct debar_package_file; freed
 *
 * Return: 0 or -errno with the error filled in.
 */
int debar_package_take_fd(struct debar_package_reader *reader, int fd, char *path);

/* debar_package_is_module - whether a path is that of a kernel module, compressed or not */
bool debar_package_is_module(const char *path);

/* debar_package_is_code - whether a file that begins so is a program, a library or a script */
bool debar_package_is_code(const char *magic, size_t length);

/* debar_package_read_folder - read all files below @reader->path */
int debar_package_read_folder(struct debar_package_reader *reader);

/* debar_package_read_deb - read the members of a Debian package; @entry is the first of them */
int debar_package_read_deb(struct debar_package_reader *reader, struct archive *archive,
			   struct archive_entry *entry);

/*
 * debar_package_field - the value of a field of deb-control(5), safe to show, to be freed, or NULL
 */
char *debar_package_field(const char *control, const char *name);

/*
 * debar_package_read_rpm - if @fd is an RPM package, take name and version from its header; 0 or
 * -errno
 */
int debar_package_read_rpm(struct debar_package_reader *reader, int fd);

/* debar_package_is_image - whether a path is that of a file that tells a container image's name */
bool debar_package_is_image(const struct debar_package_reader *reader, const char *path);

/**
 * debar_package_read_image - take name and version of a container image, if the file tells
 * @reader: gets them for the part being read
 * @json: the file, which may be anything
 * @length: of @json
 */
void debar_package_read_image(struct debar_package_reader *reader, const char *json, size_t length);

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
