// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads lists of digests: what all forms share; list_*.c have the forms. */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "digest.h"
#include "list_reader.h"

#define LIST_MAX	(1024UL * 1024 * 1024)

static const struct {
	const char *name;
	int (*read)(struct debar_list_reader *reader, char *text);
} formats[DEBAR_LIST_FORMATS] = {
	[DEBAR_LIST_SHA256SUM] = { "sha256sum", debar_list_read_sha256sum },
	[DEBAR_LIST_CSV] = { "csv", debar_list_read_csv },
	[DEBAR_LIST_MISP_CSV] = { "misp-csv", debar_list_read_misp_csv },
	[DEBAR_LIST_STIX] = { "stix", debar_list_read_stix },
	[DEBAR_LIST_SANTA] = { "santa", debar_list_read_santa },
	[DEBAR_LIST_FAPOLICYD] = { "fapolicyd", debar_list_read_fapolicyd },
};

int debar_list_format_parse(const char *name)
{
	int i;

	for (i = 0; i < DEBAR_LIST_FORMATS; i++)
		if (!strcmp(name, formats[i].name))
			return i;
	return -EINVAL;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c >= 'A' && c <= 'F' ? c | 0x20 : c) : NULL;

	return found ? found - digits : -1;
}

bool debar_list_is_sha256(const char *text)
{
	size_t i;

	for (i = 0; i < 2 * DEBAR_DIGEST_SIZE; i++)
		if (hex_digit(text[i]) < 0)
			return false;
	return !text[i];
}

uint64_t debar_list_size(const char *text)
{
	char *end;
	uint64_t size;

	if (text[0] < '0' || text[0] > '9')
		return 0;
	errno = 0;
	size = strtoull(text, &end, 10);
	return errno || *end || size > INT64_MAX ? 0 : size;
}

int debar_list_add(struct debar_list_reader *reader, size_t line, const char *digest,
		   const char *note, struct debar_list_entry **entry)
{
	struct debar_list *list = reader->list;
	struct debar_list_entry *it;
	size_t i;

	if (!debar_list_is_sha256(digest))
		return -EINVAL;
	if (list->count == list->capacity) {
		size_t capacity = 2 * list->capacity + 16;

		it = reallocarray(list->entries, capacity, sizeof(*it));
		if (!it)
			return -ENOMEM;
		list->entries = it;
		list->capacity = capacity;
	}
	it = &list->entries[list->count];
	*it = (struct debar_list_entry){ .line = line };
	for (i = 0; i < DEBAR_DIGEST_SIZE; i++)
		it->digest[i] = hex_digit(digest[2 * i]) << 4 | hex_digit(digest[2 * i + 1]);
	if (note && note[0]) {
		it->note = debar_escape(note, strlen(note));
		if (!it->note)
			return -ENOMEM;
	}
	list->count++;
	if (entry)
		*entry = it;
	return 0;
}

int debar_list_skip(struct debar_list_reader *reader, size_t line, const char *format, ...)
{
	struct debar_list *list = reader->list;
	_cleanup_free_ char *text = NULL;
	va_list args;
	int length;

	if (list->skipped_count++)
		return 0;
	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0) {
		text = NULL;
		return -ENOMEM;
	}
	return asprintf(&list->skipped, "%zu: %.200s", line, text) < 0 ?
	       (list->skipped = NULL, -ENOMEM) : 0;
}

int debar_list_refuse(struct debar_list_reader *reader, size_t line, const char *remedy,
		      const char *format, ...)
{
	char where[sizeof(reader->error->where)], what[sizeof(reader->error->what)];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	snprintf(where, sizeof(where), "%s:%zu", reader->path, line);
	return debar_error_set(reader->error, -EINVAL, where, remedy, "%s", what);
}

static int read_text(struct debar_list_reader *reader, enum debar_list_format format,
		     struct debar_buffer *text)
{
	int err = debar_file_read(reader->path, LIST_MAX, text);

	if (err == -EFBIG)
		return debar_error_set(reader->error, err, reader->path,
				       "split it into several files", "larger than %lu MiB",
				       LIST_MAX >> 20);
	if (!err)
		err = debar_sha256(text->data, text->length, reader->list->digest);
	if (!err)
		err = debar_buffer_add(text, "", 1);
	if (err)
		return debar_error_system(reader->error, err, reader->path, "cannot read it");
	if (strlen(text->data) + 1 != text->length)
		return debar_error_set(reader->error, -EINVAL, reader->path,
				       "give the list as it was published",
				       "no text: it holds a NUL");
	err = formats[format].read(reader, text->data);
	return err == -ENOMEM ?
	       debar_error_system(reader->error, err, reader->path, "cannot import it") : err;
}

int debar_list_read(const char *path, enum debar_list_format format, struct debar_list *list,
		    struct debar_error *error)
{
	struct debar_list_reader reader = { .path = path, .list = list, .error = error };
	_cleanup_buffer_ struct debar_buffer text = {};
	int err = read_text(&reader, format, &text);

	if (err)
		debar_list_free(list);
	return err;
}

void debar_list_free(struct debar_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		free(list->entries[i].product);
		free(list->entries[i].version);
		free(list->entries[i].note);
	}
	free(list->entries);
	free(list->skipped);
	*list = (struct debar_list){};
}
