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

/* struct columns - where each stands, or -1 */
struct columns {
	int sha256, size, product, version, source;
};

static int add_record(struct debar_list_reader *reader, const struct record *record,
		      const struct columns *at)
{
	const char *size = field_of(record, at->size);
	struct debar_list_entry *entry;
	int err = debar_list_add(reader, record->line, field_of(record, at->sha256),
				 field_of(record, at->source), &entry);

	if (err == -EINVAL)
		return debar_list_refuse(reader, record->line, "give 64 hexadecimal digits",
					 "'%s' is no SHA-256", field_of(record, at->sha256));
	if (err)
		return err;
	entry->size = debar_list_size(size);
	if (size[0] && !entry->size)
		return debar_list_refuse(reader, record->line,
					 "give the size in bytes, or leave it empty",
					 "'%s' is no size", size);
	return copy_field(&entry->product, field_of(record, at->product)) ?:
	       copy_field(&entry->version, field_of(record, at->version));
}

int debar_list_read_csv(struct debar_list_reader *reader, char *text)
{
	struct csv csv = { .rest = text, .line = 1 };
	struct record record;
	struct columns at;
	int more = next_record(&csv, &record);

	if (more < 0)
		return refuse_form(reader, record.line);
	at = (struct columns){
		.sha256 = find_column(&record, "sha256"),
		.size = find_column(&record, "size"),
		.product = find_column(&record, "product"),
		.version = find_column(&record, "version"),
		.source = find_column(&record, "source"),
	};
	if (at.sha256 < 0)
		return debar_list_refuse(reader, 1,
					 "name the columns in the first line: sha256, and size, product, version, source as far as there are",
					 "no column sha256");
	while ((more = next_record(&csv, &record)) > 0) {
		int err = add_record(reader, &record, &at);

		if (err)
			return err;
	}
	return more ? refuse_form(reader, record.line) : 0;
}

/* struct misp - the columns of an attribute */
struct misp {
	int type, value, comment, to_ids;
};

static int add_attribute(struct debar_list_reader *reader, struct record *record,
			 const struct misp *at)
{
	const char *type = field_of(record, at->type), *note = field_of(record, at->comment);
	const char *digest = field_of(record, at->value), *bar = strrchr(digest, '|');
	char *name = NULL;
	int err;

	if (!strcmp(field_of(record, at->to_ids), "0"))
		return debar_list_skip(reader, record->line, "not meant for detection (to_ids)");
	if (!strcmp(type, "filename|sha256") && bar) {
		name = record->fields[at->value];
		name[bar - digest] = 0;
		digest = bar + 1;
	} else if (strcmp(type, "sha256")) {
		return debar_list_skip(reader, record->line, "the type %s", type);
	}
	err = debar_list_add(reader, record->line, digest, name ?: note, NULL);
	if (err != -EINVAL)
		return err;
	return debar_list_refuse(reader, record->line, "correct it, or leave it out",
				 "'%s' is no SHA-256", digest);
}

int debar_list_read_misp_csv(struct debar_list_reader *reader, char *text)
{
	struct csv csv = { .rest = text, .line = 1 };
	struct record record;
	struct misp at;
	int more = next_record(&csv, &record);

	if (more < 0)
		return refuse_form(reader, record.line);
	at = (struct misp){
		.type = find_column(&record, "type"),
		.value = find_column(&record, "value"),
		.comment = find_column(&record, "comment"),
		.to_ids = find_column(&record, "to_ids"),
	};
	if (at.type < 0 || at.value < 0)
		return debar_list_refuse(reader, 1,
					 "give what MISP exports as CSV, with its headings",
					 "no columns type and value");
	while ((more = next_record(&csv, &record)) > 0) {
		int err = add_attribute(reader, &record, &at);

		if (err)
			return err;
	}
	return more ? refuse_form(reader, record.line) : 0;
}
