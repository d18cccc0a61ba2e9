// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compiles a policy source: checks it, sorts it, writes the sections of the blob one after the
 * other.
 */
#include <endian.h>
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "compile.h"
#include "intern.h"

/**
 * struct entry - an indicator on its way into the blob
 * @it: in the source
 * @part: index of its ban in the source
 * @index: its index there
 */
struct entry {
	const struct debar_source_indicator *it;
	size_t part;
	size_t index;
};

/**
 * struct compiler - one run of debar_compile()
 * @source: what is compiled
 * @error: where to say what is wrong
 * @order: indexes of the source's bans, ascending by id, in the source's order where ids are equal
 * @number: for each of the source's bans its number in the blob
 * @ban_count: bans in the blob
 * @entries: ascending by kind and digest, each once
 * @entry_count: of @entries
 * @header: counts are filled in as sections are written
 * @bans: section of bans
 * @details: section of details
 * @strings: section of strings
 * @out: the blob
 */
struct compiler {
	const struct debar_source *source;
	struct debar_error *error;
	size_t *order;
	uint32_t *number;
	uint32_t ban_count;
	struct entry *entries;
	size_t entry_count;
	struct debar_blob_header header;
	struct debar_buffer bans;
	struct debar_intern details;
	struct debar_intern strings;
	struct debar_buffer *out;
};

static void say_place(const struct compiler *c, size_t ban, size_t indicator, const char *key,
		      char *text, size_t size)
{
	const struct debar_source_ref ref = { .ban = ban, .indicator = indicator, .key = key };

	if (c->source->place)
		c->source->place(c->source, &ref, text, size);
	else if (ban == DEBAR_SOURCE_NONE)
		snprintf(text, size, "policy");
	else if (indicator == DEBAR_SOURCE_NONE)
		snprintf(text, size, "ban %zu", ban + 1);
	else
		snprintf(text, size, "ban %zu, indicator %zu", ban + 1, indicator + 1);
}

_printf_(6, 7)
static int refuse(struct compiler *c, size_t ban, size_t indicator, const char *key,
		  const char *remedy, const char *format, ...)
{
	char where[sizeof(c->error->where)], what[sizeof(c->error->what)];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	say_place(c, ban, indicator, key, where, sizeof(where));
	return debar_error_set(c->error, -EINVAL, where, remedy, "%s", what);
}

static int too_large(struct compiler *c)
{
	return debar_error_set(c->error, -EFBIG, c->source->name,
			       "leave out versions or products that are nowhere in use",
			       "the policy exceeds the largest blob of %u bytes", DEBAR_POLICY_MAX);
}

static int no_memory(struct compiler *c)
{
	return debar_error_system(c->error, -ENOMEM, c->source->name, "cannot compile the policy");
}

static int check_string(struct compiler *c, size_t ban, size_t indicator, const char *key,
			const char *text)
{
	size_t i;

	if (!text)
		return 0;
	if (!text[0])
		return refuse(c, ban, indicator, key,
			      "fill it in, or leave the key out if it is optional",
			      "'%s' is empty", key);
	for (i = 0; text[i]; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return refuse(c, ban, indicator, key, "write it on one line, without tabs",
				      "'%s' has the control character 0x%02x", key,
				      (unsigned char)text[i]);
	if (i > DEBAR_BLOB_STRING_MAX)
		return refuse(c, ban, indicator, key, "shorten it",
			      "'%s' is %zu bytes long, at most %d are allowed", key, i,
			      DEBAR_BLOB_STRING_MAX);
	return 0;
}

static int check_required(struct compiler *c, size_t ban, const char *key, const char *text)
{
	if (!text)
		return refuse(c, ban, DEBAR_SOURCE_NONE, NULL, "add it", "'%s' is missing", key);
	return check_string(c, ban, DEBAR_SOURCE_NONE, key, text);
}

static int check_indicator(struct compiler *c, size_t ban, size_t i)
{
	const struct debar_source_indicator *it = &c->source->bans[ban].indicators[i];

	if (it->kind > DEBAR_INDICATOR_KIND_MAX)
		return refuse(c, ban, i, NULL, "use a kind that this version knows",
			      "no such kind of indicator: %u", it->kind);
	if (it->size > INT64_MAX)
		return refuse(c, ban, i, "size", "give the file's length in bytes",
			      "no file has %llu bytes", (unsigned long long)it->size);
	if (check_string(c, ban, i, "product", it->product) ||
	    check_string(c, ban, i, "version", it->version) ||
	    check_string(c, ban, i, "source", it->source))
		return -EINVAL;
	return 0;
}

static int check_source(struct compiler *c)
{
	const struct debar_source *s = c->source;
	const size_t none = DEBAR_SOURCE_NONE;
	size_t i, j;

	if (check_required(c, none, "name", s->name))
		return -EINVAL;
	if (!s->serial)
		return refuse(c, none, none, "serial",
			      "begin with 1 and count up with every change", "the serial is 0");
	for (i = 0; i < s->ban_count; i++) {
		const struct debar_source_ban *ban = &s->bans[i];

		if (check_required(c, i, "id", ban->id) ||
		    check_required(c, i, "vendor", ban->vendor) ||
		    check_string(c, i, none, "product", ban->product) ||
		    check_required(c, i, "authority", ban->authority) ||
		    check_string(c, i, none, "citation", ban->citation))
			return -EINVAL;
		for (j = 0; j < ban->indicator_count; j++)
			if (check_indicator(c, i, j))
				return -EINVAL;
	}
	return 0;
}

static int compare_bans(const void *left, const void *right, void *data)
{
	const struct debar_source_ban *bans = data;
	size_t a = *(const size_t *)left, b = *(const size_t *)right;
	int order = strcmp(bans[a].id, bans[b].id);

	return order ? order : (a > b) - (a < b);
}

/* Name of the first key in which two parts of a ban differ, or NULL. */
static const char *difference(const struct debar_source_ban *a, const struct debar_source_ban *b)
{
	if (strcmp(a->vendor, b->vendor))
		return "vendor";
	if (strcmp(a->product ? a->product : "", b->product ? b->product : ""))
		return "product";
	if (strcmp(a->authority, b->authority))
		return "authority";
	if (strcmp(a->citation ? a->citation : "", b->citation ? b->citation : ""))
		return "citation";
	return a->mode != b->mode ? "mode" : NULL;
}

static int sort_bans(struct compiler *c)
{
	const struct debar_source_ban *bans = c->source->bans;
	size_t i, count = c->source->ban_count;
	char other[256];

	c->order = calloc(count + 1, sizeof(*c->order));
	c->number = calloc(count + 1, sizeof(*c->number));
	if (!c->order || !c->number)
		return no_memory(c);
	for (i = 0; i < count; i++)
		c->order[i] = i;
	qsort_r(c->order, count, sizeof(*c->order), compare_bans, (void *)bans);
	for (i = 0; i < count; i++) {
		size_t now = c->order[i], before = i ? c->order[i - 1] : now;
		const char *key;

		if (!i || strcmp(bans[before].id, bans[now].id)) {
			c->ban_count++;
		} else {
			key = difference(&bans[before], &bans[now]);
			if (key) {
				say_place(c, before, DEBAR_SOURCE_NONE, "id", other, sizeof(other));
				return refuse(c, now, DEBAR_SOURCE_NONE, key,
					      "give both parts the same, or another id",
					      "ban '%s' has another '%s' than at %s",
					      bans[now].id, key, other);
			}
		}
		c->number[now] = c->ban_count - 1;
	}
	return 0;
}

static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = (int)a->it->kind - (int)b->it->kind;

	if (!order)
		order = memcmp(a->it->digest, b->it->digest, DEBAR_DIGEST_SIZE);
	if (!order)
		order = (a->part > b->part) - (a->part < b->part);
	return order ? order : (a->index > b->index) - (a->index < b->index);
}

static int gather_entries(struct compiler *c)
{
	const struct debar_source *s = c->source;
	size_t i, j, count = 0;

	for (i = 0; i < s->ban_count; i++)
		count += s->bans[i].indicator_count;
	if (count > DEBAR_POLICY_MAX / sizeof(struct debar_blob_indicator))
		return too_large(c);
	c->entries = calloc(count + 1, sizeof(*c->entries));
	if (!c->entries)
		return no_memory(c);
	for (i = 0; i < s->ban_count; i++)
		for (j = 0; j < s->bans[i].indicator_count; j++)
			c->entries[c->entry_count++] = (struct entry){
				.it = &s->bans[i].indicators[j], .part = i, .index = j };
	qsort(c->entries, count, sizeof(*c->entries), compare_entries);
	return 0;
}

static int refuse_repeated(struct compiler *c, const struct entry *first,
			   const struct entry *second)
{
	char other[256], digest[DEBAR_HEX_SIZE];
	const char *key = second->it->kind ? NULL : "sha256";

	debar_hex(digest, second->it->digest, DEBAR_DIGEST_SIZE);
	say_place(c, first->part, first->index, key, other, sizeof(other));
	return refuse(c, second->part, second->index, key,
		      "keep one of the two, with its right size and in the right ban",
		      "digest %s is the same as at %s", digest, other);
}

static int drop_repeated(struct compiler *c)
{
	size_t i, kept = 0;

	for (i = 0; i < c->entry_count; i++) {
		struct entry *now = &c->entries[i], *last = kept ? &c->entries[kept - 1] : NULL;

		if (!last || last->it->kind != now->it->kind ||
		    memcmp(last->it->digest, now->it->digest, DEBAR_DIGEST_SIZE))
			c->entries[kept++] = *now;
		else if (last->part == now->part || last->it->size != now->it->size ||
			 c->number[last->part] != c->number[now->part])
			return refuse_repeated(c, last, now);
	}
	c->entry_count = kept;
	return 0;
}

static int add_string(struct compiler *c, const char *text, __le32 *field)
{
	uint32_t offset = 0;
	int err = text ? debar_intern_add(&c->strings, text, strlen(text) + 1, &offset) : 0;

	*field = htole32(offset);
	return err;
}

static int write_bans(struct compiler *c)
{
	uint32_t done = 0;
	size_t i;

	for (i = 0; i < c->source->ban_count; i++) {
		const struct debar_source_ban *it = &c->source->bans[c->order[i]];
		struct debar_blob_ban ban = {
			.mode = htole32(it->mode),
			.operations = htole32(DEBAR_BLOB_OPERATIONS_DEFAULT),
		};

		if (c->number[c->order[i]] < done)
			continue;
		done++;
		if (add_string(c, it->id, &ban.id) || add_string(c, it->vendor, &ban.vendor) ||
		    add_string(c, it->product, &ban.product) ||
		    add_string(c, it->authority, &ban.authority) ||
		    add_string(c, it->citation, &ban.citation) ||
		    debar_buffer_add(&c->bans, &ban, sizeof(ban)))
			return no_memory(c);
	}
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
static uint32_t sort_sizes(const struct entry *entries, size_t count, uint64_t *sizes)
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

static int write_indicator(struct compiler *c, const struct entry *entry, const uint64_t *sizes,
			   uint32_t size_count)
{
	struct debar_blob_detail detail = { .ban = htole32(c->number[entry->part]) };
	struct debar_blob_indicator it = { .size = htole32(DEBAR_BLOB_NO_SIZE) };
	const uint64_t *size;
	uint32_t offset;

	if (entry->it->size) {
		size = bsearch(&entry->it->size, sizes, size_count, sizeof(*sizes), compare_sizes);
		it.size = htole32(size - sizes);
	}
	if (add_string(c, entry->it->product, &detail.product) ||
	    add_string(c, entry->it->version, &detail.version) ||
	    add_string(c, entry->it->source, &detail.source) ||
	    debar_intern_add(&c->details, &detail, sizeof(detail), &offset))
		return no_memory(c);
	it.detail = htole32(offset / sizeof(detail));
	memcpy(it.digest, entry->it->digest, sizeof(it.digest));
	return debar_buffer_add(c->out, &it, sizeof(it)) ? no_memory(c) : 0;
}

/* Writes the sizes and indicators of one kind; returns how many entries there were, or -errno. */
static ssize_t write_kind(struct compiler *c, unsigned int kind, size_t first)
{
	_cleanup_free_ uint64_t *sizes = NULL;
	size_t i, count = 0;
	uint32_t size_count;

	while (first + count < c->entry_count && c->entries[first + count].it->kind == kind)
		count++;
	sizes = calloc(count + 1, sizeof(*sizes));
	if (!sizes)
		return no_memory(c);
	size_count = sort_sizes(c->entries + first, count, sizes);
	c->header.kinds[kind].size_count = htole32(size_count);
	c->header.kinds[kind].indicator_count = htole32(count);
	for (i = 0; i < size_count; i++) {
		__le64 size = htole64(sizes[i]);

		if (debar_buffer_add(c->out, &size, sizeof(size)))
			return no_memory(c);
	}
	for (i = 0; i < count; i++)
		if (write_indicator(c, &c->entries[first + i], sizes, size_count))
			return -ENOMEM;
	return count;
}

static int write_header(struct compiler *c)
{
	struct debar_blob_header *h = &c->header;

	memcpy(h->magic, DEBAR_BLOB_MAGIC, sizeof(h->magic));
	h->format = htole32(DEBAR_BLOB_FORMAT);
	h->header_size = htole32(sizeof(*h));
	h->length = htole64(c->out->length);
	h->serial = htole64(c->source->serial);
	h->issued = htole64(c->source->issued);
	h->ban_count = htole32(c->ban_count);
	h->detail_count = htole32(c->details.data.length / sizeof(struct debar_blob_detail));
	h->string_size = htole32(c->strings.data.length);
	memcpy(c->out->data, h, sizeof(*h));
	return 0;
}

static int write_blob(struct compiler *c)
{
	ssize_t first = 0, count;
	unsigned int kind;

	if (debar_buffer_add(&c->strings.data, "", 1) ||
	    add_string(c, c->source->name, &c->header.name) ||
	    debar_buffer_add(c->out, NULL, sizeof(c->header)))
		return no_memory(c);
	if (write_bans(c))
		return -ENOMEM;
	for (kind = 0; kind < DEBAR_BLOB_KINDS; kind++) {
		count = write_kind(c, kind, first);
		if (count < 0)
			return count;
		first += count;
	}
	if (debar_buffer_add(&c->strings.data, NULL, -c->strings.data.length % 8) ||
	    debar_buffer_add(c->out, c->bans.data, c->bans.length) ||
	    debar_buffer_add(c->out, c->details.data.data, c->details.data.length) ||
	    debar_buffer_add(c->out, c->strings.data.data, c->strings.data.length))
		return no_memory(c);
	if (c->out->length > DEBAR_POLICY_MAX)
		return too_large(c);
	return write_header(c);
}

/* The parser has the last word: what it refuses must never leave the compiler. */
static int check_blob(struct compiler *c)
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
	struct compiler c = { .source = source, .error = error, .out = out };
	int err = check_source(&c);

	if (!err)
		err = sort_bans(&c);
	if (!err)
		err = gather_entries(&c);
	if (!err)
		err = drop_repeated(&c);
	if (!err)
		err = write_blob(&c);
	if (!err)
		err = check_blob(&c);
	if (err)
		debar_buffer_free(out);
	free(c.order);
	free(c.number);
	free(c.entries);
	debar_buffer_free(&c.bans);
	debar_intern_free(&c.details);
	debar_intern_free(&c.strings);
	return err;
}
