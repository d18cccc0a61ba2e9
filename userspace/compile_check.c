// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checks a policy source and sorts it, as the compiler's first half: what is wrong is refused here.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "compile_check.h"
#include "names.h"

void debar_compile_place(const struct debar_compiler *c, const struct debar_source_ref *ref,
			 char *text, size_t size)
{
	if (c->source->place)
		c->source->place(c->source, ref, text, size);
	else if (ref->ban == DEBAR_SOURCE_NONE)
		snprintf(text, size, "policy");
	else if (ref->indicator == DEBAR_SOURCE_NONE)
		snprintf(text, size, "%s %zu", ref->is_waiver ? "waiver" : "ban", ref->ban + 1);
	else
		snprintf(text, size, "ban %zu, indicator %zu", ref->ban + 1, ref->indicator + 1);
}

int debar_compile_refuse(struct debar_compiler *c, const struct debar_source_ref *ref,
			 const char *remedy, const char *format, ...)
{
	char where[sizeof(c->error->where)], what[sizeof(c->error->what)];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	debar_compile_place(c, ref, where, sizeof(where));
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

int debar_compile_string(struct debar_compiler *c, const struct debar_source_ref *ref,
			 const char *text)
{
	size_t i;

	if (!text)
		return 0;
	if (!text[0])
		return debar_compile_refuse(c, ref,
					    "fill it in, or leave the key out if it is optional",
					    "'%s' is empty", ref->key);
	for (i = 0; text[i]; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return debar_compile_refuse(c, ref, "write it on one line, without tabs",
						    "'%s' has the control character 0x%02x",
						    ref->key, (unsigned char)text[i]);
	if (i > DEBAR_BLOB_STRING_MAX)
		return debar_compile_refuse(c, ref, "shorten it",
					    "'%s' is %zu bytes long, at most %d are allowed",
					    ref->key, i, DEBAR_BLOB_STRING_MAX);
	return 0;
}

static int check_string(struct debar_compiler *c, size_t ban, size_t indicator, const char *key,
			const char *text)
{
	const struct debar_source_ref ref = { ban, indicator, key, false };

	return debar_compile_string(c, &ref, text);
}

static int check_required(struct debar_compiler *c, size_t ban, const char *key, const char *text)
{
	const struct debar_source_ref ref = { ban, DEBAR_SOURCE_NONE, NULL, false };

	if (!text)
		return debar_compile_refuse(c, &ref, "add it", "'%s' is missing", key);
	return check_string(c, ban, DEBAR_SOURCE_NONE, key, text);
}

static int check_indicator(struct debar_compiler *c, size_t ban, size_t i)
{
	const struct debar_source_indicator *it = &c->source->bans[ban].indicators[i];
	struct debar_source_ref ref = { ban, i, NULL, false };

	if (it->kind > DEBAR_INDICATOR_KIND_MAX)
		return debar_compile_refuse(c, &ref, "use a kind that this version knows",
					    "no such kind of indicator: %u", it->kind);
	ref.key = "size";
	if (it->size && it->kind == DEBAR_INDICATOR_KIND_BUILD_ID)
		return debar_compile_refuse(c, &ref, "leave it out",
					    "a build id goes with files of any size");
	if (it->size > INT64_MAX)
		return debar_compile_refuse(c, &ref, "give the right number of bytes",
					    "no file has %llu bytes",
					    (unsigned long long)it->size);
	if (check_string(c, ban, i, "product", it->product) ||
	    check_string(c, ban, i, "version", it->version) ||
	    check_string(c, ban, i, "source", it->source))
		return -EINVAL;
	return 0;
}

static int check_ban(struct debar_compiler *c, size_t i)
{
	const struct debar_source_ban *ban = &c->source->bans[i];
	const size_t none = DEBAR_SOURCE_NONE;
	size_t j;

	if (check_required(c, i, "id", ban->id) || check_required(c, i, "vendor", ban->vendor) ||
	    check_string(c, i, none, "product", ban->product) ||
	    check_required(c, i, "authority", ban->authority) ||
	    check_string(c, i, none, "citation", ban->citation) ||
	    check_string(c, i, none, "override", ban->override))
		return -EINVAL;
	if (debar_compile_check_profiles(c, i))
		return -EINVAL;
	for (j = 0; j < ban->exemption_count; j++)
		if (check_string(c, i, none, "exemptions", ban->exemptions[j]))
			return -EINVAL;
	for (j = 0; j < ban->indicator_count; j++)
		if (check_indicator(c, i, j))
			return -EINVAL;
	return 0;
}

static int check_source(struct debar_compiler *c)
{
	struct debar_source_ref ref = DEBAR_SOURCE_REF_NONE;
	size_t i;

	if (check_required(c, DEBAR_SOURCE_NONE, "name", c->source->name))
		return -EINVAL;
	ref.key = "serial";
	if (!c->source->serial)
		return debar_compile_refuse(c, &ref, "begin with 1 and count up with every change",
					    "the serial is 0");
	for (i = 0; i < c->source->ban_count; i++)
		if (check_ban(c, i))
			return -EINVAL;
	return 0;
}

static int compare_bans(const void *left, const void *right, void *data)
{
	const struct debar_source_ban *bans = data;
	size_t a = *(const size_t *)left, b = *(const size_t *)right;
	int order = strcmp(bans[a].id, bans[b].id);

	return order ? order : (a > b) - (a < b);
}

/* Takes over what a part says; false when another part has said something else. */
static bool merge_text(const char **merged, const char *part)
{
	if (!*merged)
		*merged = part;
	return !part || !strcmp(*merged, part);
}

static bool merge_set(uint32_t *merged, uint32_t part)
{
	if (!*merged)
		*merged = part;
	return !part || *merged == part;
}

static bool merge_date(uint64_t *merged, uint64_t part)
{
	if (!*merged)
		*merged = part;
	return !part || *merged == part;
}

/* Name of the first key about which a part contradicts what was said before, or NULL. */
static const char *merge(struct debar_source_ban *merged, const struct debar_source_ban *part)
{
	merged->exemption_count += part->exemption_count;
	if (strcmp(merged->vendor, part->vendor))
		return "vendor";
	if (!merge_text(&merged->product, part->product))
		return "product";
	if (strcmp(merged->authority, part->authority))
		return "authority";
	if (!merge_text(&merged->citation, part->citation))
		return "citation";
	if (!merge_text(&merged->override, part->override))
		return "override";
	if (merged->mode != part->mode)
		return "mode";
	if (merged->status != part->status)
		return "status";
	if (!merge_set(&merged->operations, part->operations))
		return "operations";
	if (!merge_set(&merged->prohibits, part->prohibits))
		return "prohibits";
	if (!merge_date(&merged->audit_from, part->audit_from))
		return "audit_from";
	if (!merge_date(&merged->warn_from, part->warn_from))
		return "warn_from";
	if (!merge_date(&merged->enforce_from, part->enforce_from))
		return "enforce_from";
	return debar_compile_merge_profiles(merged, part) ? NULL : "applies_to";
}

static int merge_ban(struct debar_compiler *c, size_t before, size_t now)
{
	const struct debar_source_ban *bans = c->source->bans;
	struct debar_source_ref ref = { before, DEBAR_SOURCE_NONE, "id", false };
	char other[256];

	if (before == now || strcmp(bans[before].id, bans[now].id)) {
		c->merged[c->ban_count++] = bans[now];
	} else {
		ref.key = merge(&c->merged[c->ban_count - 1], &bans[now]);
		if (ref.key) {
			const struct debar_source_ref place = { before, DEBAR_SOURCE_NONE, "id",
								false };

			ref.ban = now;
			debar_compile_place(c, &place, other, sizeof(other));
			return debar_compile_refuse(c, &ref,
				"give both parts the same, or another id",
				"ban '%s' has another '%s' than at %s", bans[now].id, ref.key,
				other);
		}
	}
	c->number[now] = c->ban_count - 1;
	return 0;
}

/* The dates of a ban come in the order of its stages, as far as it has them. */
static int check_stages(struct debar_compiler *c, size_t part)
{
	const struct debar_source_ban *ban = &c->merged[c->number[part]];
	const struct {
		const char *key;
		uint64_t date;
	} stages[] = {
		{ "audit_from", ban->audit_from },
		{ "warn_from", ban->warn_from },
		{ "enforce_from", ban->enforce_from },
	};
	struct debar_source_ref ref = { part, DEBAR_SOURCE_NONE, NULL, false };
	const char *before = NULL;
	uint64_t last = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(stages); i++) {
		if (!stages[i].date)
			continue;
		ref.key = stages[i].key;
		if (stages[i].date < last)
			return debar_compile_refuse(c, &ref,
				"order the dates: audit_from, warn_from, enforce_from",
				"'%s' is before '%s'", ref.key, before);
		last = stages[i].date;
		before = stages[i].key;
	}
	return 0;
}

static int sort_bans(struct debar_compiler *c)
{
	const struct debar_source_ban *bans = c->source->bans;
	size_t i, count = c->source->ban_count;

	c->order = calloc(count + 1, sizeof(*c->order));
	c->number = calloc(count + 1, sizeof(*c->number));
	c->merged = calloc(count + 1, sizeof(*c->merged));
	if (!c->order || !c->number || !c->merged)
		return debar_compile_no_memory(c);
	for (i = 0; i < count; i++)
		c->order[i] = i;
	qsort_r(c->order, count, sizeof(*c->order), compare_bans, (void *)bans);
	for (i = 0; i < count; i++)
		if (merge_ban(c, c->order[i ? i - 1 : 0], c->order[i]))
			return -EINVAL;
	for (i = 0; i < count; i++)
		if (check_stages(c, i))
			return -EINVAL;
	return 0;
}

const char *debar_compile_product(const struct debar_compiler *c,
				  const struct debar_compile_entry *entry)
{
	const char *product = entry->it->product;

	if (!product)
		product = c->merged[c->number[entry->part]].product;
	return product ? product : "";
}

/* Whether a part of the entry's ban exempts its product. */
static bool is_exempt(const struct debar_compiler *c, const struct debar_compile_entry *entry)
{
	const char *product = debar_compile_product(c, entry);
	size_t i, j;

	if (!c->merged[c->number[entry->part]].exemption_count)
		return false;
	for (i = 0; i < c->source->ban_count; i++) {
		const struct debar_source_ban *part = &c->source->bans[i];

		if (c->number[i] != c->number[entry->part])
			continue;
		for (j = 0; j < part->exemption_count; j++)
			if (!strcmp(part->exemptions[j], product))
				return true;
	}
	return false;
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

static void add_entry(struct debar_compiler *c, size_t ban, size_t indicator)
{
	const struct debar_compile_entry entry = {
		.it = &c->source->bans[ban].indicators[indicator],
		.part = ban,
		.index = indicator,
	};

	if (c->number[ban] != DEBAR_COMPILE_LEFT_OUT && !is_exempt(c, &entry))
		c->entries[c->entry_count++] = entry;
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
			add_entry(c, i, j);
	qsort(c->entries, c->entry_count, sizeof(*c->entries), compare_entries);
	return 0;
}

static int refuse_repeated(struct debar_compiler *c, const struct debar_compile_entry *first,
			   const struct debar_compile_entry *second)
{
	char other[256], digest[DEBAR_HEX_SIZE];
	struct debar_source_ref ref = { first->part, first->index,
					debar_kind_key(second->it->kind), false };

	debar_digest_text(digest, second->it->kind, second->it->digest);
	debar_compile_place(c, &ref, other, sizeof(other));
	ref.ban = second->part;
	ref.indicator = second->index;
	return debar_compile_refuse(c, &ref,
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
		err = debar_compile_select(c);
	if (!err)
		err = gather_entries(c);
	if (!err)
		err = drop_repeated(c);
	return err;
}
