// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checks a policy source and sorts it, as the compiler's first half: what is wrong is refused here.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "compile_check.h"
#include "names.h"

static void say_place(const struct debar_compiler *c, size_t ban, size_t indicator, const char *key,
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
static int refuse(struct debar_compiler *c, size_t ban, size_t indicator, const char *key,
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

int debar_compile_too_large(struct debar_compiler *c)
{
	return debar_error_set(c->error, -EFBIG, c->source->name,
			       "leave out versions or products that are nowhere in use",
			       "the policy exceeds the largest blob of %u bytes", DEBAR_POLICY_MAX);
}

int debar_compile_no_memory(struct debar_compiler *c)
{
	return debar_error_system(c->error, -ENOMEM, c->source->name, "cannot compile the policy");
}

static int check_string(struct debar_compiler *c, size_t ban, size_t indicator, const char *key,
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

static int check_required(struct debar_compiler *c, size_t ban, const char *key, const char *text)
{
	if (!text)
		return refuse(c, ban, DEBAR_SOURCE_NONE, NULL, "add it", "'%s' is missing", key);
	return check_string(c, ban, DEBAR_SOURCE_NONE, key, text);
}

static int check_indicator(struct debar_compiler *c, size_t ban, size_t i)
{
	const struct debar_source_indicator *it = &c->source->bans[ban].indicators[i];

	if (it->kind > DEBAR_INDICATOR_KIND_MAX)
		return refuse(c, ban, i, NULL, "use a kind that this version knows",
			      "no such kind of indicator: %u", it->kind);
	if (it->size && it->kind == DEBAR_INDICATOR_KIND_BUILD_ID)
		return refuse(c, ban, i, "size", "leave it out",
			      "a build id goes with files of any size");
	if (it->size > INT64_MAX)
		return refuse(c, ban, i, "size", "give the right number of bytes",
			      "no file has %llu bytes", (unsigned long long)it->size);
	if (check_string(c, ban, i, "product", it->product) ||
	    check_string(c, ban, i, "version", it->version) ||
	    check_string(c, ban, i, "source", it->source))
		return -EINVAL;
	return 0;
}

static int check_source(struct debar_compiler *c)
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

uint32_t debar_compile_operations(const struct debar_source_ban *ban)
{
	return ban->operations ? ban->operations : DEBAR_BLOB_OPERATIONS_DEFAULT;
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
	if (a->mode != b->mode)
		return "mode";
	return debar_compile_operations(a) != debar_compile_operations(b) ? "operations" : NULL;
}

static int sort_bans(struct debar_compiler *c)
{
	const struct debar_source_ban *bans = c->source->bans;
	size_t i, count = c->source->ban_count;
	char other[256];

	c->order = calloc(count + 1, sizeof(*c->order));
	c->number = calloc(count + 1, sizeof(*c->number));
	if (!c->order || !c->number)
		return debar_compile_no_memory(c);
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
	const struct debar_compile_entry *a = left, *b = right;
	int order = (int)a->it->kind - (int)b->it->kind;

	if (!order)
		order = memcmp(a->it->digest, b->it->digest, DEBAR_DIGEST_SIZE);
	if (!order)
		order = (a->part > b->part) - (a->part < b->part);
	return order ? order : (a->index > b->index) - (a->index < b->index);
}

static int gather_entries(struct debar_compiler *c)
{
	const struct debar_source *s = c->source;
	size_t i, j, count = 0;

	for (i = 0; i < s->ban_count; i++)
		count += s->bans[i].indicator_count;
	if (count > DEBAR_POLICY_MAX / sizeof(struct debar_blob_indicator))
		return debar_compile_too_large(c);
	c->entries = calloc(count + 1, sizeof(*c->entries));
	if (!c->entries)
		return debar_compile_no_memory(c);
	for (i = 0; i < s->ban_count; i++)
		for (j = 0; j < s->bans[i].indicator_count; j++)
			c->entries[c->entry_count++] = (struct debar_compile_entry){
				.it = &s->bans[i].indicators[j], .part = i, .index = j };
	qsort(c->entries, count, sizeof(*c->entries), compare_entries);
	return 0;
}

static int refuse_repeated(struct debar_compiler *c, const struct debar_compile_entry *first,
			   const struct debar_compile_entry *second)
{
	char other[256], digest[DEBAR_HEX_SIZE];
	const char *key = debar_kind_key(second->it->kind);

	debar_digest_text(digest, second->it->kind, second->it->digest);
	say_place(c, first->part, first->index, key, other, sizeof(other));
	return refuse(c, second->part, second->index, key,
		      "keep one of the two, with its right size and in the right ban",
		      "digest %s is the same as at %s", digest, other);
}

static int drop_repeated(struct debar_compiler *c)
{
	size_t i, kept = 0;

	for (i = 0; i < c->entry_count; i++) {
		struct debar_compile_entry *now = &c->entries[i];
		struct debar_compile_entry *last = kept ? &c->entries[kept - 1] : NULL;

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

int debar_compile_check(struct debar_compiler *c)
{
	int err = check_source(c);

	if (!err)
		err = sort_bans(c);
	if (!err)
		err = gather_entries(c);
	if (!err)
		err = drop_repeated(c);
	return err;
}
