/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads a software package, or a folder, and identifies what can be run or loaded in it, in
 * packages within packages, too.
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
 * @path: inside of the package, made safe by debar_escape(); behind a `!` inside of a package
 *	within it; empty for the package itself
 * @part: index in the package's @parts: what it belongs to
 * @digests: by enum debar_indicator_kind; that of the whole file is always known
 * @too_large: it is an ELF file larger than the limits' @elf_bytes, so its code and its build id
 *	were not looked at, though asked for
 */
struct debar_package_file {
	char *path;
	size_t part;
	struct debar_package_digest digests[DEBAR_INDICATOR_KIND_MAX + 1];
	bool too_large;
};

/**
 * struct debar_package_part - a package: the one that is read, or one within it
 * @parent: index of the one that it lies in; its own for the first
 * @name: as the package tells, or NULL
 * @version: as the package tells, or NULL
 */
struct debar_package_part {
	size_t parent;
	char *name;
	char *version;
};

/**
 * struct debar_package - what is in a package
 * @parts: the package itself comes first
 * @part_count: of @parts
 * @has_digest: it is a file, and no folder
 * @installed: it is what a machine has installed, each package a part of it
 * @digest: SHA-256 of the package itself
 * @files: in the package's order, those with equal content once
 * @file_count: of @files
 * @skipped_count: files that look like packages, and cannot be read
 * @skipped: what is wrong with the first of these, and where
 */
struct debar_package {
	struct debar_package_part *parts;
	size_t part_count;
	bool has_digest;
	bool installed;
	uint8_t digest[DEBAR_DIGEST_SIZE];
	struct debar_package_file *files;
	size_t file_count;
	size_t skipped_count;
	char *skipped;
};

/* debar_package_name - name of a part, or else of the one that it lies in; NULL when none has it */
const char *debar_package_name(const struct debar_package *package, size_t part);

/* debar_package_version - the version that goes with that name */
const char *debar_package_version(const struct debar_package *package, size_t part);

/**
 * struct debar_package_limits - what a package may make us do before it is refused
 * @bytes: unpacked, in all
 * @entries: files, directories and links, in all
 * @elf_bytes: of an ELF file that is held in memory to look into it; a larger one is no error
 * @depth: packages within packages; a compressed file is one, too
 * @ratio: unpacked bytes for each byte of the package
 * @ratio_bytes: unpacked bytes for which nobody asks about the ratio
 */
struct debar_package_limits {
	uint64_t bytes;
	uint64_t entries;
	uint64_t elf_bytes;
	unsigned int depth;
	uint64_t ratio;
	uint64_t ratio_bytes;
};

/* Ample for any software; an archive bomb ends here. */
static const struct debar_package_limits debar_package_limits = {
	.bytes = 64ULL << 30,
	.entries = 4000000,
	.elf_bytes = 256ULL << 20,
	.depth = 8,
	.ratio = 1000,
	.ratio_bytes = 256ULL << 20,
};

/**
 * debar_package_read - read a package
 * @path: a Debian package, an RPM package, a tar, cpio, zip, 7z or ISO 9660 archive, compressed or
 *	not; a container image as `docker save` writes it, or an OCI image layout; a single program,
 *	script or kernel module; or a folder of any of these
 * @limits: see above
 * @kinds: bit (1 << enum debar_indicator_kind) for each kind of digest wanted besides that of the
 *	whole file
 * @package: all zero; to be freed on success
 * @error: on an error, where, what and the remedy
 *
 * Formats: deb(5); the RPM file format, version 3 and 4, as in rpm's own manual; the others as
 * libarchive-formats(5); the OCI image layout specification, and Docker's image specification v1.2.
 * A Debian package's maintainer scripts are left out: many packages of any vendor have the same.
 *
 * Return: 0, -EINVAL when it is no package or damaged, -EFBIG beyond @limits, -ENOMEM, or what
 * reading the file gives.
 */
int debar_package_read(const char *path, const struct debar_package_limits *limits,
		       uint32_t kinds, struct debar_package *package, struct debar_error *error);

/**
 * struct debar_installed - which packages that are installed are meant
 * @root: folder of the machine's files, "/" for this one
 * @names: patterns as in fnmatch(3), of which a package's name matches one
 * @name_count: of @names; 0 for any name
 * @maintainer: pattern that a package's maintainer matches, in either case, or NULL
 */
struct debar_installed {
	const char *root;
	const char *const *names;
	size_t name_count;
	const char *maintainer;
};

/**
 * debar_package_read_installed - read the packages that dpkg has installed, by its database
 * @wanted: which of them
 * @limits: as of debar_package_read(); of all packages together
 * @kinds: as of debar_package_read()
 * @package: all zero; to be freed on success
 * @error: on an error, where, what and the remedy
 *
 * Files are read as they are on disk; those that are not there any more are left out.
 *
 * Return: 0, -EINVAL when no package is meant, -EFBIG beyond @limits, -ENOMEM, or what reading the
 * database or a file gives.
 */
int debar_package_read_installed(const struct debar_installed *wanted,
				 const struct debar_package_limits *limits, uint32_t kinds,
				 struct debar_package *package, struct debar_error *error);

/* debar_package_free - free what is in it; all zero afterwards */
void debar_package_free(struct debar_package *package);

#endif /* DEBAR_PACKAGE_H */
