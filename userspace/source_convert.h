/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the words of a file of policy source to numbers. For source*.c alone. */
#ifndef DEBAR_SOURCE_CONVERT_H
#define DEBAR_SOURCE_CONVERT_H

#include "source_yaml.h"

/**
 * struct debar_source_file - one file of a policy source
 * @path: the caller's
 * @text: its content, to find places in; of a file that can be read again, empty once it is parsed
 * @memory: keeps @yaml and the strings of bans and waivers
 * @yaml: its parsed content
 * @first_ban: index of its first ban in the merged source
 * @first_waiver: index of its first waiver in the merged source
 */
struct debar_source_file {
	const char *path;
	struct debar_buffer text;
	struct debar_pool memory;
	struct debar_yaml_policy *yaml;
	size_t first_ban;
	size_t first_waiver;
};

/*
 * debar_source_place - where in a file something stands, as debar_yaml_place() says it; of a file
 * that cannot be read any more, the file alone
 */
void debar_source_place(const struct debar_source_file *file, const struct debar_source_ref *ref,
			char *where, size_t size);

/* debar_source_refuse - say what is wrong with something in a file; returns -EINVAL */
_printf_(5, 6)
int debar_source_refuse(const struct debar_source_file *file, const struct debar_source_ref *ref,
			struct debar_error *error, const char *remedy, const char *format, ...);

/*
 * debar_source_number - decimal digits and nothing else; 0 when they make no number from 1 to
 * @max
 */
uint64_t debar_source_number(const char *text, uint64_t max);

/**
 * debar_source_convert_ban - take over a ban
 * @file: where it stands
 * @i: its number there
 * @ban: all zero; its strings are the file's, its indicators are to be freed even on an error
 * @error: on an error, where, what and the remedy
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int debar_source_convert_ban(const struct debar_source_file *file, size_t i,
			     struct debar_source_ban *ban, struct debar_error *error);

/* debar_source_convert_waiver - the same of a waiver, of which nothing is to be freed */
int debar_source_convert_waiver(const struct debar_source_file *file, size_t i,
				struct debar_source_waiver *waiver, struct debar_error *error);

#endif /* DEBAR_SOURCE_CONVERT_H */
