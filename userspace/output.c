// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints errors, tables and JSON for the commands. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <wchar.h>

#include "output.h"

/**
 * struct debar_table - rows not printed yet
 * @columns: number of columns
 * @headings: of the columns; NULL once they are printed
 * @widths: widest cell of each column so far, in columns of the terminal
 * @cells: @columns for each row; owned
 * @count: number of @cells
 * @capacity: room in @cells
 */
struct debar_table {
	size_t columns;
	const char *const *headings;
	size_t *widths;
	char **cells;
	size_t count;
	size_t capacity;
};

/* Text as debar_escape() makes it, but for backslashes, which people read better single. */
static char *visible(const char *text)
{
	char *safe = debar_escape(text, strlen(text)), *from = safe, *to = safe;

	while (safe && *from) {
		if (from[0] == '\\' && from[1] == '\\')
			from++;
		*to++ = *from++;
	}
	if (safe)
		*to = 0;
	return safe;
}

/* Places that a string takes on a terminal: characters, as far as wide ones do not matter. */
static size_t width_of(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

void debar_print_error(const struct debar_error *error)
{
	_cleanup_free_ char *where = visible(error->where), *what = visible(error->what);

	fprintf(stderr, "debarctl: %s: %s%s%s\n", where ? where : "", what ? what : "",
		error->remedy[0] ? ": " : "", error->remedy);
}

void debar_print_problem(const char *where, const char *remedy, const char *format, ...)
{
	struct debar_error error;
	char what[sizeof(error.what)];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	debar_error_set(&error, 0, where, remedy ? remedy : "", "%s", what);
	debar_print_error(&error);
}

int debar_print_line(const char *format, ...)
{
	_cleanup_free_ char *text = NULL, *safe = NULL;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0) {
		text = NULL;
		return -ENOMEM;
	}
	safe = visible(text);
	if (!safe)
		return -ENOMEM;
	puts(safe);
	return 0;
}

int debar_print_json(json_t *value)
{
	int err = json_dumpf(value, stdout, JSON_COMPACT | JSON_ENCODE_ANY);

	json_decref(value);
	return err || putchar('\n') == EOF ? -EIO : 0;
}

struct debar_table *debar_table_new(size_t columns, const char *const *headings)
{
	struct debar_table *table = calloc(1, sizeof(*table));
	size_t i;

	if (!table)
		return NULL;
	table->widths = calloc(columns, sizeof(*table->widths));
	if (!table->widths) {
		free(table);
		return NULL;
	}
	table->columns = columns;
	table->headings = headings;
	for (i = 0; i < columns; i++)
		table->widths[i] = strlen(headings[i]);
	return table;
}

int debar_table_add(struct debar_table *table, const char *const *cells)
{
	size_t i;

	if (table->count + table->columns > table->capacity) {
		size_t capacity = 2 * table->capacity + table->columns;
		char **grown = reallocarray(table->cells, capacity, sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		table->cells = grown;
		table->capacity = capacity;
	}
	for (i = 0; i < table->columns; i++) {
		char *cell = visible(cells[i] && cells[i][0] ? cells[i] : "-");

		if (!cell) {
			while (i--)
				free(table->cells[table->count + i]);
			return -ENOMEM;
		}
		if (width_of(cell) > table->widths[i])
			table->widths[i] = width_of(cell);
		table->cells[table->count + i] = cell;
	}
	table->count += table->columns;
	return 0;
}

static void print_row(const struct debar_table *table, const char *const *cells)
{
	size_t i;

	for (i = 0; i + 1 < table->columns; i++)
		printf("%s%*s  ", cells[i], (int)(table->widths[i] - width_of(cells[i])), "");
	printf("%s\n", cells[i]);
}

static void drop_rows(struct debar_table *table)
{
	while (table->count)
		free(table->cells[--table->count]);
}

void debar_table_print(struct debar_table *table)
{
	size_t i;

	if (table->headings)
		print_row(table, table->headings);
	table->headings = NULL;
	for (i = 0; i < table->count; i += table->columns)
		print_row(table, (const char *const *)table->cells + i);
	drop_rows(table);
}

void debar_table_free(struct debar_table *table)
{
	if (!table)
		return;
	drop_rows(table);
	free(table->cells);
	free(table->widths);
	free(table);
}
