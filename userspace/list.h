/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads lists of digests that others publish: what each says of a banned file. */
#ifndef DEBAR_LIST_H
#define DEBAR_LIST_H

#include <linux/debar.h>
#include "error.h"

/**
 * struct debar_list_entry - a file that a list names
 * @digest: its SHA-256
 * @size: in bytes, 0 when the list does not say
 * @product: or NULL
 * @version: or NULL
 * @note: what else the list says of it, its name mostly, made safe by debar_escape(); or NULL
 * @line: where it stands, from 1 on; in JSON its number among the objects
 */
struct debar_list_entry {
	uint8_t digest[DEBAR_DIGEST_SIZE];
	uint64_t size;
	char *product;
	char *version;
	char *note;
	size_t line;
};

/**
 * struct debar_list - a list
 * @entries: in its order
 * @count: of @entries
 * @capacity: room in @entries
 * @digest: SHA-256 of the list itself
 * @skipped_count: what it has that names no file by its SHA-256, or does not ban it
 * @skipped: the first of these, and why
 */
struct debar_list {
	struct debar_list_entry *entries;
	size_t count;
	size_t capacity;
	uint8_t digest[DEBAR_DIGEST_SIZE];
	size_t skipped_count;
	char *skipped;
};

/* The forms of lists. */
enum debar_list_format {
	DEBAR_LIST_SHA256SUM,	/* sha256sum(1), also with --tag */
	DEBAR_LIST_CSV,		/* RFC 4180, the first line names the columns */
	DEBAR_LIST_MISP_CSV,	/* what MISP exports as CSV */
	DEBAR_LIST_STIX,	/* a bundle of STIX 2.1, OASIS */
	DEBAR_LIST_SANTA,	/* rules that `santactl rule --export` writes */
	DEBAR_LIST_FAPOLICYD,	/* fapolicyd.rules(5) */
	DEBAR_LIST_FORMATS
};

/* debar_list_format_parse - the format with a name, as on the command line, or -EINVAL */
int debar_list_format_parse(const char *name);

/**
 * debar_list_read - read a list
 * @path: of the file
 * @format: what is in it
 * @list: all zero; to be freed on success
 * @error: on an error, where, what and the remedy
 *
 * Return: 0, -EINVAL when it is not of that format, -EFBIG, -ENOMEM, or what reading the file
 * gives.
 */
int debar_list_read(const char *path, enum debar_list_format format, struct debar_list *list,
		    struct debar_error *error);

/* debar_list_free - free what is in it; all zero afterwards */
void debar_list_free(struct debar_list *list);

#endif /* DEBAR_LIST_H */
