/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a software package and identifies what can be run or loaded in it. Nothing is unpacked to
 * disk.
 */
#ifndef DEBAR_PACKAGE_H
#define DEBAR_PACKAGE_H

#include <stdbool.h>
#include <linux/debar.h>
#include "error.h"

/**
 * struct debar_package_digest - a digest of a file
 * @known: the file has one of this kind, and it was asked for
 * @bytes: the digest, a shorter one filled up with NULs
 * @size: what an indicator's size is with it; see struct debar_source_indicator
 */
struct debar_package_digest {
	bool known;
	uint8_t bytes[DEBAR_DIGEST_SIZE];
	uint64_t size;
};

/**
 * struct debar_package_file - an ELF file, script or kernel module in a package
 * @path: inside of the package, made safe by debar_escape()
 * @digests: by enum debar_indicator_kind; that of the whole file is always known
 * @too_large: it is an ELF file larger than the limits' @elf_bytes, so its code and its build id
 *	were not looked at, though asked for
 */
struct debar_package_file {
	char *path;
	struct debar_package_digest digests[DEBAR_INDICATOR_KIND_MAX + 1];
	bool too_large;
};

/**
 * struct debar_package - what is in a package
 * @name: as the package tells, or NULL
 * @version: as the package tells, or NULL
 * @digest: SHA-256 of the package itself
 * @files: in the package's order, those with equal content once
 * @file_count: of @files
 */
struct debar_package {
	char *name;
	char *version;
	uint8_t digest[DEBAR_DIGEST_SIZE];
	struct debar_package_file *files;
	size_t file_count;
};

/**
 * struct debar_package_limits - what a package may make us do before it is refused
 * @bytes: unpacked, in all
 * @entries: files, directories and links, in all
 * @elf_bytes: of an ELF file that is held in memory to look into it; a larger one is no error
 */
struct debar_package_limits {
	uint64_t bytes;
	uint64_t entries;
	uint64_t elf_bytes;
};

/* Ample for any software; an archive bomb ends here. */
static const struct debar_package_limits debar_package_limits = {
	.bytes = 64ULL << 30,
	.entries = 4000000,
	.elf_bytes = 256ULL << 20,
};

/**
 * debar_package_read - read a package
 * @path: a Debian package, an RPM package, or a tar, cpio or zip archive, compressed or not
 * @limits: see above
 * @kinds: bit (1 << enum debar_indicator_kind) for each kind of digest wanted besides that of the
 *	whole file
 * @package: all zero; to be freed on success
 * @error: on an error, where, what and the remedy
 *
 * Formats: deb(5); the RPM file format, version 3 and 4, as in rpm's own manual; the others as
 * libarchive-formats(5).
 * A Debian package's maintainer scripts are left out: many packages of any vendor have the same.
 *
 * Return: 0, -EINVAL when it is no package or damaged, -EFBIG beyond @limits, -ENOMEM, or what
 * reading the file gives.
 */
int debar_package_read(const char *path, const struct debar_package_limits *limits,
		       uint32_t kinds, struct debar_package *package, struct debar_error *error);

/* debar_package_free - free what is in it; all zero afterwards */
void debar_package_free(struct debar_package *package);

#endif /* DEBAR_PACKAGE_H */
