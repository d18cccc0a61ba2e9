/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the commands speak: errors on stderr, tables for people and JSON for machines on stdout.
 */
#ifndef DEBAR_OUTPUT_H
#define DEBAR_OUTPUT_H

#include <stdbool.h>
#include "error.h"
#include "json.h"

/*
 * debar_print_error - `debarctl: <where>: <what>: <remedy>` on stderr, control characters made
 * visible
 */
void debar_print_error(const struct debar_error *error);

/* debar_print_problem - the same without a struct; @remedy may be NULL */
_printf_(3, 4) void debar_print_problem(const char *where, const char *remedy,
					const char *format, ...);

/* debar_print_line - a line for people on stdout, control characters made visible; 0 or -ENOMEM */
_printf_(1, 2) int debar_print_line(const char *format, ...);

/*
 * debar_print_json - one JSON value and a newline on stdout, keys in their order; takes over the
 * reference; 0 or -EIO
 */
int debar_print_json(json_t *value);

/* debar_plural - the ending of a noun behind a number */
static inline const char *debar_plural(uint64_t number)
{
	return number == 1 ? "" : "s";
}

struct debar_table;

/**
 * debar_table_new - a table for people, columns as wide as their content
 * @columns: number of columns
 * @headings: of the columns, static
 *
 * Return: the table, or NULL when there is no memory.
 */
struct debar_table *debar_table_new(size_t columns, const char *const *headings);

/**
 * debar_table_add - append a row
 * @table: to append to
 * @cells: one string for each column, NULL is shown as "-"; copied, control characters made visible
 *
 * Return: 0 or -ENOMEM.
 */
int debar_table_add(struct debar_table *table, const char *const *cells);

/*
 * debar_table_print - print the headings and all rows added since the last time; the widths are
 * kept
 */
void debar_table_print(struct debar_table *table);

/* debar_table_free - NULL is allowed */
void debar_table_free(struct debar_table *table);

DEBAR_DEFINE_CLEANUP(struct debar_table *, debar_table_free);

#define _cleanup_table_ _cleanup_(debar_cleanup_debar_table_free)

#endif /* DEBAR_OUTPUT_H */
