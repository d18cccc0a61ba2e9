// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists in CSV, as RFC 4180 has it, with a first line that names the columns: of one's own, and
 * attributes of events as MISP exports them.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "list_reader.h"

/* More columns than any list has; those beyond are not looked at. */
#define COLUMNS_MAX	64

/**
 * struct record - a line; in quotes it can have ends of lines in it
 * @fields: in place in the text
 * @count: of @fields
 * @line: where it begins
 */
struct record {
	char *fields[COLUMNS_MAX];
	size_t count;
	size_t line;
};

/**
 * struct csv - a text while it is read
 * @rest: what is left
 * @line: where @rest stands
 */
struct csv {
	char *rest;
	size_t line;
};

/* Takes a field in quotes, and what is behind them; its end, or NULL when the quotes do not end. */
static char *take_quoted(struct csv *csv)
{
	char *to = csv->rest, *from = csv->rest;

	for (;; from++) {
		if (!*from)
			return NULL;
		csv->line += *from == '\n';
		if (*from == '"' && *++from != '"')
			break;
		*to++ = *from;
	}
	*to = 0;
	return from;
}

/* Takes a field, and the comma behind it; 1, 0 behind the last field of a record, or -EINVAL. */
static int take_field(struct csv *csv, char **field)
{
	bool quoted = *csv->rest == '"';
	char *end, ended;

	csv->rest += quoted;
	*field = csv->rest;
	end = quoted ? take_quoted(csv) : csv->rest + strcspn(csv->rest, ",\r\n");
	if (!end)
		return -EINVAL;
	ended = *end;
	if (*end)
		*end++ = 0;
	if (ended == '\r' && *end == '\n')
		ended = *end++;
	csv->rest = end;
	csv->line += ended == '\n';
	if (ended == ',')
		return 1;
	return ended && ended != '\n' ? -EINVAL : 0;
}

/* The next record that is not empty; 1, 0 at the end, or -EINVAL with @record's line set. */
static int next_record(struct csv *csv, struct record *record)
{
	do {
		int more = 1;

		*record = (struct record){ .line = csv->line };
		if (!*csv->rest)
			return 0;
		while (more > 0) {
			char *field;

			more = take_field(csv, &field);
			if (record->count < COLUMNS_MAX)
				record->fields[record->count++] = field;
		}
		if (more)
			return more;
	} while (record->count == 1 && !record->fields[0][0]);
	return 1;
}

/* The field of a column; "" when the record or the list has none. */
static const char *field_of(const struct record *record, int column)
{
	return column >= 0 && (size_t)column < record->count ? record->fields[column] : "";
}

static int find_column(const struct record *head, const char *name)
{
	size_t i;

	for (i = 0; i < head->count; i++)
		if (!strcasecmp(head->fields[i], name))
			return i;
	return -1;
}

static int refuse_form(struct debar_list_reader *reader, size_t line)
{
	return debar_list_refuse(reader, line,
				 "close its quotes, with a comma or the end of the line behind them",
				 "a field that is no CSV");
}

static int copy_field(char **copy, const char *field)
{
	if (!field[0])
		return 0;
	*copy = strdup(field);
	return *copy ? 0 : -ENOMEM;
}

/**
 * struct form - what is made of the records of a list
 * @find: find the columns that are needed; 0 or -EINVAL
 * @add: take a record; 0, -EINVAL or -ENOMEM
 */
struct form {
	int (*find)(struct debar_list_reader *reader, const struct record *head);
	int (*add)(struct debar_list_reader *reader, const struct record *head,
		   struct record *record);
};

static int read_records(struct debar_list_reader *reader, char *text, const struct form *form)
{
	struct csv csv = { .rest = text, .line = 1 };
	struct record head, record;
	int more = next_record(&csv, &head), err;

	if (more < 0)
		return refuse_form(reader, head.line);
	err = form->find(reader, &head);
	while (!err && (more = next_record(&csv, &record)) > 0)
		err = form->add(reader, &head, &record);
	if (err)
		return err;
	return more ? refuse_form(reader, record.line) : 0;
}

static int find_columns(struct debar_list_reader *reader, const struct record *head)
{
	if (find_column(head, "sha256") >= 0)
		return 0;
	return debar_list_refuse(reader, 1,
				 "name the columns in the first line: sha256, and size, product, version, source as far as there are",
				 "no column sha256");
}

static int add_record(struct debar_list_reader *reader, const struct record *head,
		      struct record *record)
{
	const char *digest = field_of(record, find_column(head, "sha256"));
	const char *size = field_of(record, find_column(head, "size"));
	struct debar_list_entry *entry;
	int err = debar_list_add(reader, record->line, digest,
				 field_of(record, find_column(head, "source")), &entry);

	if (err == -EINVAL)
		return debar_list_refuse(reader, record->line, "give 64 hexadecimal digits",
					 "'%s' is no SHA-256", digest);
	if (err)
		return err;
	entry->size = debar_list_size(size);
	if (size[0] && !entry->size)
		return debar_list_refuse(reader, record->line,
					 "give the size in bytes, or leave it empty",
					 "'%s' is no size", size);
	return copy_field(&entry->product, field_of(record, find_column(head, "product"))) ?:
	       copy_field(&entry->version, field_of(record, find_column(head, "version")));
}

int debar_list_read_csv(struct debar_list_reader *reader, char *text)
{
	static const struct form form = { find_columns, add_record };

	return read_records(reader, text, &form);
}

static int find_attributes(struct debar_list_reader *reader, const struct record *head)
{
	if (find_column(head, "type") >= 0 && find_column(head, "value") >= 0)
		return 0;
	return debar_list_refuse(reader, 1,
				 "give what MISP exports as CSV, with its headings",
				 "no columns type and value");
}

static int add_attribute(struct debar_list_reader *reader, const struct record *head,
			 struct record *record)
{
	int value = find_column(head, "value");
	const char *type = field_of(record, find_column(head, "type"));
	const char *note = field_of(record, find_column(head, "comment"));
	const char *digest = field_of(record, value), *bar = strrchr(digest, '|');
	int err;

	if (!strcmp(field_of(record, find_column(head, "to_ids")), "0"))
		return debar_list_skip(reader, record->line, "not meant for detection (to_ids)");
	if (!strcmp(type, "filename|sha256") && bar) {
		record->fields[value][bar - digest] = 0;
		note = digest;
		digest = bar + 1;
	} else if (strcmp(type, "sha256")) {
		return debar_list_skip(reader, record->line, "the type %s", type);
	}
	err = debar_list_add(reader, record->line, digest, note, NULL);
	if (err != -EINVAL)
		return err;
	return debar_list_refuse(reader, record->line, "correct it, or leave it out",
				 "'%s' is no SHA-256", digest);
}

int debar_list_read_misp_csv(struct debar_list_reader *reader, char *text)
{
	static const struct form form = { find_attributes, add_attribute };

	return read_records(reader, text, &form);
}
