// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compiles a policy source: once it is checked and sorted, writes the sections of the blob one
 * after the other.
 */
#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "compile_check.h"

int debar_compile_add_string(struct debar_compiler *c, const char *text, __le32 *field)
{
	uint32_t offset = 0;
	int err = text ? debar_intern_add(&c->strings, text, strlen(text) + 1, &offset) : 0;

	*field = htole32(offset);
	return err;
}

/* A stage without a date never begins; a ban without any date is at its last one since ever. */
static void write_dates(const struct debar_source_ban *it, struct debar_blob_ban *ban)
{
	bool dated = it->audit_from || it->warn_from || it->enforce_from;

	ban->audit_from = htole64(it->audit_from ? it->audit_from : DEBAR_BLOB_NEVER);
	ban->warn_from = htole64(it->warn_from ? it->warn_from : DEBAR_BLOB_NEVER);
	ban->enforce_from = htole64(it->enforce_from || !dated ? it->enforce_from :
								  DEBAR_BLOB_NEVER);
}

static int write_ban(struct debar_compiler *c, const struct debar_source_ban *it)
{
	struct debar_blob_ban ban = {
		.mode = htole32(it->mode),
		.operations = htole32(it->operations ? it->operations :
						       DEBAR_BLOB_OPERATIONS_DEFAULT),
		.status = htole32(it->status),
		.prohibits = htole32(it->prohibits ? it->prohibits : DEBAR_BLOB_PROHIBITS_DEFAULT),
	};

	write_dates(it, &ban);
	if (debar_compile_add_string(c, it->id, &ban.id) ||
	    debar_compile_add_string(c, it->vendor, &ban.vendor) ||
	    debar_compile_add_string(c, it->product, &ban.product) ||
	    debar_compile_add_string(c, it->authority, &ban.authority) ||
	    debar_compile_add_string(c, it->citation, &ban.citation) ||
	    debar_compile_add_string(c, it->override, &ban.override) ||
	    debar_buffer_add(&c->bans, &ban, sizeof(ban)))
		return debar_compile_no_memory(c);
	return 0;
}

static int write_bans(struct debar_compiler *c)
{
	uint32_t i;

	for (i = 0; i < c->ban_count; i++)
		if (write_ban(c, &c->merged[i]))
			return -ENOMEM;
	return 0;
}

static int compare_sizes(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

/*
 * Makes the ascending sizes of some entries, each once; returns how many, and them in host order.
 */
static uint32_t sort_sizes(const struct debar_compile_entry *entries, size_t count, uint64_t *sizes)
{
	size_t i, all = 0, kept = 0;

	for (i = 0; i < count; i++)
		if (entries[i].it->size)
			sizes[all++] = entries[i].it->size;
	qsort(sizes, all, sizeof(*sizes), compare_sizes);
	for (i = 0; i < all; i++)
		if (!i || sizes[i] != sizes[i - 1])
			sizes[kept++] = sizes[i];
	return kept;
}

static int write_indicator(struct debar_compiler *c, const struct debar_compile_entry *entry,
			   const uint64_t *sizes, uint32_t size_count)
{
	struct debar_blob_detail detail = { .ban = htole32(c->number[entry->part]) };
	struct debar_blob_indicator it = { .size = htole32(DEBAR_BLOB_NO_SIZE) };
	const uint64_t *size;
	uint32_t offset;

	if (entry->it->size) {
		size = bsearch(&entry->it->size, sizes, size_count, sizeof(*sizes), compare_sizes);
		it.size = htole32(size - sizes);
	}
	if (debar_compile_add_string(c, entry->it->product, &detail.product) ||
	    debar_compile_add_string(c, entry->it->version, &detail.version) ||
	    debar_compile_add_string(c, entry->it->source, &detail.source) ||
	    debar_intern_add(&c->details, &detail, sizeof(detail), &offset))
		return debar_compile_no_memory(c);
	it.detail = htole32(offset / sizeof(detail));
	memcpy(it.digest, entry->it->digest, sizeof(it.digest));
	return debar_buffer_add(c->out, &it, sizeof(it)) ? debar_compile_no_memory(c) : 0;
}

/* Writes the sizes and indicators of one kind; returns how many entries there were, or -errno. */
static ssize_t write_kind(struct debar_compiler *c, unsigned int kind, size_t first)
{
	_cleanup_free_ uint64_t *sizes = NULL;
	size_t i, count = 0;
	uint32_t size_count;

	while (first + count < c->entry_count && c->entries[first + count].it->kind == kind)
		count++;
	sizes = calloc(count + 1, sizeof(*sizes));
	if (!sizes)
		return debar_compile_no_memory(c);
	size_count = sort_sizes(c->entries + first, count, sizes);
	c->header.kinds[kind].size_count = htole32(size_count);
	c->header.kinds[kind].indicator_count = htole32(count);
	for (i = 0; i < size_count; i++) {
		__le64 size = htole64(sizes[i]);

		if (debar_buffer_add(c->out, &size, sizeof(size)))
			return debar_compile_no_memory(c);
	}
	for (i = 0; i < count; i++)
		if (write_indicator(c, &c->entries[first + i], sizes, size_count))
			return -ENOMEM;
	return count;
}

static int write_header(struct debar_compiler *c)
{
	struct debar_blob_header *h = &c->header;

	memcpy(h->magic, DEBAR_BLOB_MAGIC, sizeof(h->magic));
	h->format = htole32(DEBAR_BLOB_FORMAT);
	h->header_size = htole32(sizeof(*h));
	h->length = htole64(c->out->length);
	h->serial = htole64(c->source->serial);
	h->issued = htole64(c->source->issued);
	h->ban_count = htole32(c->ban_count);
	h->waiver_count = htole32(c->waivers.length / sizeof(struct debar_blob_waiver));
	h->detail_count = htole32(c->details.data.length / sizeof(struct debar_blob_detail));
	h->string_size = htole32(c->strings.data.length);
	memcpy(c->out->data, h, sizeof(*h));
	return 0;
}

static int write_blob(struct debar_compiler *c)
{
	ssize_t first = 0, count;
	unsigned int kind;
	int err;

	if (debar_buffer_add(&c->strings.data, "", 1) ||
	    debar_compile_add_string(c, c->source->name, &c->header.name) ||
	    debar_buffer_add(c->out, NULL, sizeof(c->header)))
		return debar_compile_no_memory(c);
	if (write_bans(c))
		return -ENOMEM;
	err = debar_compile_waivers(c);
	if (err)
		return err;
	for (kind = 0; kind < DEBAR_BLOB_KINDS; kind++) {
		count = write_kind(c, kind, first);
		if (count < 0)
			return count;
		first += count;
	}
	if (debar_buffer_add(&c->strings.data, NULL, -c->strings.data.length % 8) ||
	    debar_buffer_add(c->out, c->bans.data, c->bans.length) ||
	    debar_buffer_add(c->out, c->waivers.data, c->waivers.length) ||
	    debar_buffer_add(c->out, c->details.data.data, c->details.data.length) ||
	    debar_buffer_add(c->out, c->strings.data.data, c->strings.data.length))
		return debar_compile_no_memory(c);
	if (c->out->length > DEBAR_POLICY_MAX)
		return debar_compile_too_large(c);
	return write_header(c);
}

/* The parser has the last word: what it refuses must never leave the compiler. */
static int check_blob(struct debar_compiler *c)
{
	struct debar_blob_error wrong;
	struct debar_blob blob;

	if (!debar_blob_parse(&blob, c->out->data, c->out->length, &wrong))
		return 0;
	return debar_error_set(c->error, -EINVAL, c->source->name,
			       "report this as a fault of debar",
			       "the compiled policy is not valid: at byte %llu: %s",
			       (unsigned long long)wrong.offset, wrong.what);
}

int debar_compile(const struct debar_source *source, struct debar_buffer *out,
		  struct debar_error *error)
{
	struct debar_compiler c = { .source = source, .error = error, .out = out };
	int err = debar_compile_check(&c);

	if (!err)
		err = write_blob(&c);
	if (!err)
		err = check_blob(&c);
	if (err)
		debar_buffer_free(out);
	free(c.order);
	free(c.number);
	free(c.merged);
	free(c.entries);
	debar_buffer_free(&c.bans);
	debar_buffer_free(&c.waivers);
	debar_intern_free(&c.details);
	debar_intern_free(&c.strings);
	return err;
}
