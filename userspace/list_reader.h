/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the readers of lists share. For list*.c alone. */
#ifndef DEBAR_LIST_READER_H
#define DEBAR_LIST_READER_H

#include "list.h"

/**
 * struct debar_list_reader - a list while it is read
 * @path: of the file, named in errors
 * @list: what is made
 * @error: on an error, where, what and the remedy
 */
struct debar_list_reader {
	const char *path;
	struct debar_list *list;
	struct debar_error *error;
};

/* Each reads a text, which ends in a NUL and may be changed; 0, -EINVAL or -ENOMEM. */
int debar_list_read_sha256sum(struct debar_list_reader *reader, char *text);
int debar_list_read_fapolicyd(struct debar_list_reader *reader, char *text);
int debar_list_read_csv(struct debar_list_reader *reader, char *text);
int debar_list_read_misp_csv(struct debar_list_reader *reader, char *text);
int debar_list_read_stix(struct debar_list_reader *reader, char *text);
int debar_list_read_santa(struct debar_list_reader *reader, char *text);

/**
 * debar_list_add - add an entry
 * @reader: of the list
 * @line: where it stands
 * @digest: as hexadecimal digits
 * @note: what else is said of it, or NULL; copied
 * @entry: set to the new entry, whose other members can be filled in; or NULL
 *
 * Return: 0, -EINVAL when @digest is no SHA-256, or -ENOMEM.
 */
int debar_list_add(struct debar_list_reader *reader, size_t line, const char *digest,
		   const char *note, struct debar_list_entry **entry);

/* debar_list_skip - count what is left out, and keep the first; 0 or -ENOMEM */
_printf_(3, 4) int debar_list_skip(struct debar_list_reader *reader, size_t line,
				   const char *format, ...);

/* debar_list_refuse - say what is wrong with a line; returns -EINVAL */
_printf_(4, 5) int debar_list_refuse(struct debar_list_reader *reader, size_t line,
				     const char *remedy, const char *format, ...);

/* debar_list_is_sha256 - whether a text is 64 hexadecimal digits */
bool debar_list_is_sha256(const char *text);

/* debar_list_size - a size in bytes, as digits; 0 for anything else */
uint64_t debar_list_size(const char *text);

#endif /* DEBAR_LIST_READER_H */
