// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Converts the words of a policy source, file by file: digests, numbers, dates, and words of which
 * there is a fixed choice. What needs a look at the whole policy is left to the compiler.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "dates.h"
#include "names.h"
#include "policy_blob.h"
#include "source_convert.h"

void debar_source_place(const struct debar_source_file *file, const struct debar_source_ref *ref,
			char *where, size_t size)
{
	_cleanup_buffer_ struct debar_buffer text = {};

	if (file->text.data)
		debar_yaml_place(file->path, &file->text, ref, where, size);
	else if (!debar_file_read(file->path, DEBAR_SOURCE_MAX, &text))
		debar_yaml_place(file->path, &text, ref, where, size);
	else
		snprintf(where, size, "%s", file->path);
}

int debar_source_refuse(const struct debar_source_file *file, const struct debar_source_ref *ref,
			struct debar_error *error, const char *remedy, const char *format, ...)
{
	char where[sizeof(error->where)], what[sizeof(error->what)];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	debar_source_place(file, ref, where, sizeof(where));
	return debar_error_set(error, -EINVAL, where, remedy, "%s", what);
}

uint64_t debar_source_number(const char *text, uint64_t max)
{
	uint64_t number = 0;

	for (; *text; text++) {
		unsigned int digit = *text - '0';

		if (digit > 9 || number > (max - digit) / 10)
			return 0;
		number = 10 * number + digit;
	}
	return number;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A build id may be shorter than the other digests, and is filled up. */
static int parse_digest(const char *text, enum debar_indicator_kind kind, uint8_t *digest)
{
	size_t length = strlen(text), i;

	if (kind == DEBAR_INDICATOR_KIND_BUILD_ID ?
	    !length || length % 2 || length > 2 * DEBAR_DIGEST_SIZE :
	    length != 2 * DEBAR_DIGEST_SIZE)
		return -EINVAL;
	for (i = 0; i < length / 2; i++) {
		int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return -EINVAL;
		digest[i] = high << 4 | low;
	}
	return 0;
}

/* Finds the one digest that there is; @text stays NULL when there is none. */
static int find_digest(const struct debar_source_file *file, struct debar_source_ref *ref,
		       char *const *digests, enum debar_indicator_kind *kind,
		       const char **text, struct debar_error *error)
{
	uint32_t i;

	*text = NULL;
	for (i = 0; i <= DEBAR_INDICATOR_KIND_MAX; i++) {
		if (!digests[i])
			continue;
		ref->key = debar_kind_key(i);
		if (*text)
			return debar_source_refuse(file, ref, error, ref->is_waiver ?
				"make a waiver of each" : "make an indicator of each",
				"'%s' stands beside '%s'", ref->key, debar_kind_key(*kind));
		*text = digests[i];
		*kind = i;
	}
	return 0;
}

static int convert_digest(const struct debar_source_file *file, struct debar_source_ref *ref,
			  const char *text, enum debar_indicator_kind kind, uint8_t *digest,
			  struct debar_error *error)
{
	if (!parse_digest(text, kind, digest))
		return 0;
	ref->key = debar_kind_key(kind);
	if (kind == DEBAR_INDICATOR_KIND_BUILD_ID)
		return debar_source_refuse(file, ref, error,
					   "write it as 2 to 64 hexadecimal digits",
					   "'%s' is no build id", text);
	return debar_source_refuse(file, ref, error, "write its 64 hexadecimal digits",
				   "'%s' is no SHA-256 digest", text);
}

/* A moment; NULL is none. */
static int convert_date(const struct debar_source_file *file, struct debar_source_ref *ref,
			const char *key, const char *text, uint64_t *seconds,
			struct debar_error *error)
{
	int err = text ? debar_date_parse(text, seconds) : 0;

	ref->key = key;
	if (err == -ENODATA)
		return debar_source_refuse(file, ref, error,
					   "end it with Z, or with the offset of the zone, such as -04:00",
					   "the date '%s' has no time zone", text);
	if (err)
		return debar_source_refuse(file, ref, error,
					   "write it as 2024-09-29T00:00:00-04:00",
					   "'%s' is no date", text);
	return 0;
}

static int check_day(const struct debar_source_file *file, struct debar_source_ref *ref,
		     const char *key, const char *text, struct debar_error *error)
{
	ref->key = key;
	if (!text || debar_day_is(text))
		return 0;
	return debar_source_refuse(file, ref, error, "write it as 2024-09-29", "'%s' is no day",
				   text);
}

/* One word out of a choice, or none. */
static int check_word(const struct debar_source_file *file, struct debar_source_ref *ref,
		      const char *key, const char *text, const char *const *choice, size_t count,
		      const char *remedy, struct debar_error *error)
{
	size_t i;

	if (!text)
		return 0;
	for (i = 0; i < count; i++)
		if (!strcmp(text, choice[i]))
			return 0;
	ref->key = key;
	return debar_source_refuse(file, ref, error, remedy, "no such %s: '%s'", key, text);
}

static int convert_indicator(const struct debar_source_file *file, size_t ban, size_t i,
			     struct debar_source_indicator *it, struct debar_error *error)
{
	static const char *const confidences[] = { "low", "medium", "high" };
	const struct debar_yaml_indicator *yaml = &file->yaml->bans[ban].indicators[i];
	struct debar_source_ref ref = { ban, i, NULL, false };
	const char *text;

	it->product = yaml->product;
	it->version = yaml->version;
	it->source = yaml->source;
	if (find_digest(file, &ref, yaml->digests, &it->kind, &text, error))
		return -EINVAL;
	if (!text)
		return debar_source_refuse(file, &ref, error,
			"add one of sha256, code_sha256, fsverity_sha256 and build_id",
			"an indicator without a digest");
	if (convert_digest(file, &ref, text, it->kind, it->digest, error) ||
	    check_day(file, &ref, "retrieved", yaml->retrieved, error) ||
	    check_word(file, &ref, "confidence", yaml->confidence, confidences,
		       ARRAY_SIZE(confidences), "write low, medium or high", error))
		return -EINVAL;
	if (!yaml->size)
		return 0;
	ref.key = "size";
	it->size = debar_source_number(yaml->size, INT64_MAX);
	if (!it->size)
		return debar_source_refuse(file, &ref, error,
			"write a number of bytes in decimal digits, or leave size out",
			"'%s' is no size", yaml->size);
	return 0;
}

/**
 * struct words - a list of words that stand for the bits of a set
 * @key: of the list
 * @one: what one of them is called
 * @remedy: names the choice
 * @parse: the bit of a word, or -EINVAL
 */
struct words {
	const char *key;
	const char *one;
	const char *remedy;
	int (*parse)(const char *word);
};

static int convert_words(const struct debar_source_file *file, size_t ban,
			 const struct words *words, char *const *list, uint32_t count,
			 uint32_t *set, struct debar_error *error)
{
	const struct debar_source_ref ref = { ban, DEBAR_SOURCE_NONE, words->key, false };
	uint32_t i;

	for (i = 0; i < count; i++) {
		int bit = words->parse(list[i]);

		if (bit < 0)
			return debar_source_refuse(file, &ref, error, words->remedy,
						   "no such %s: '%s'", words->one, list[i]);
		if (*set & (1U << bit))
			return debar_source_refuse(file, &ref, error, "write it once",
						   "the %s '%s' stands twice", words->one,
						   list[i]);
		*set |= 1U << bit;
	}
	return 0;
}

static int convert_sets(const struct debar_source_file *file, size_t i,
			struct debar_source_ban *ban, struct debar_error *error)
{
	static const struct words operations = {
		"operations", "operation", "choose out of execute, map, protect, load and open",
		debar_operation_parse,
	};
	static const struct words prohibits = {
		"prohibits", "prohibition",
		"choose out of supply, update, integrate, resale, procure and use",
		debar_prohibition_parse,
	};
	const struct debar_yaml_ban *yaml = &file->yaml->bans[i];

	return convert_words(file, i, &operations, yaml->operations, yaml->operations_count,
			     &ban->operations, error) ?:
	       convert_words(file, i, &prohibits, yaml->prohibits, yaml->prohibits_count,
			     &ban->prohibits, error);
}

static int convert_dates(const struct debar_source_file *file, size_t i,
			 struct debar_source_ban *ban, struct debar_error *error)
{
	const struct debar_yaml_ban *yaml = &file->yaml->bans[i];
	struct debar_source_ref ref = { i, DEBAR_SOURCE_NONE, NULL, false };

	return convert_date(file, &ref, "audit_from", yaml->audit_from, &ban->audit_from, error) ?:
	       convert_date(file, &ref, "warn_from", yaml->warn_from, &ban->warn_from, error) ?:
	       convert_date(file, &ref, "enforce_from", yaml->enforce_from, &ban->enforce_from,
			    error) ?:
	       check_day(file, &ref, "issued", yaml->issued, error) ?:
	       check_day(file, &ref, "published", yaml->published, error) ?:
	       check_day(file, &ref, "next_review", yaml->next_review, error);
}

/* What an authority's papers say, and debar only keeps in order. */
static int check_papers(const struct debar_source_file *file, size_t i, struct debar_error *error)
{
	static const char *const yes_no[] = { "true", "false" };
	const struct debar_yaml_ban *yaml = &file->yaml->bans[i];
	struct debar_source_ref ref = { i, DEBAR_SOURCE_NONE, "citations", false };

	if (yaml->citation && yaml->citations)
		return debar_source_refuse(file, &ref, error, "put it into the list",
					   "'citations' stands beside 'citation'");
	return check_word(file, &ref, "legal_use_ban", yaml->legal_use_ban, yes_no, 2,
			  "write true or false", error) ?:
	       check_word(file, &ref, "scope_embedded", yaml->scope_embedded, yes_no, 2,
			  "write true or false", error);
}

/* The one that denials name: the last that nothing has taken the place of. */
static const char *citation_of(const struct debar_yaml_ban *yaml)
{
	const char *citation = yaml->citation;
	uint32_t i;

	for (i = 0; i < yaml->citations_count; i++)
		if (!yaml->citations[i].superseded_by)
			citation = yaml->citations[i].text;
	return citation;
}

static int convert_law(const struct debar_source_file *file, size_t i,
		       struct debar_source_ban *ban, struct debar_error *error)
{
	const struct debar_yaml_ban *yaml = &file->yaml->bans[i];
	struct debar_source_ref ref = { i, DEBAR_SOURCE_NONE, "mode", false };
	int mode = yaml->mode ? debar_mode_parse(yaml->mode) : DEBAR_MODE_ENFORCE;
	int status = yaml->status ? debar_status_parse(yaml->status) : DEBAR_BAN_STATUS_FINAL;

	if (mode < 0)
		return debar_source_refuse(file, &ref, error, "write monitor or enforce",
					   "no such mode: '%s'", yaml->mode);
	ref.key = "status";
	if (status < 0)
		return debar_source_refuse(file, &ref, error,
					   "write rumoured, proposed, final or amended",
					   "no such status: '%s'", yaml->status);
	ban->mode = mode;
	ban->status = status;
	ban->citation = citation_of(yaml);
	return convert_sets(file, i, ban, error) ?: convert_dates(file, i, ban, error) ?:
	       check_papers(file, i, error);
}

int debar_source_convert_ban(const struct debar_source_file *file, size_t i,
			     struct debar_source_ban *ban, struct debar_error *error)
{
	const struct debar_yaml_ban *yaml = &file->yaml->bans[i];
	struct debar_source_indicator *indicators;
	size_t j;

	ban->id = yaml->id;
	ban->vendor = yaml->vendor;
	ban->product = yaml->product;
	ban->authority = yaml->authority;
	ban->override = yaml->override;
	ban->profiles = (const char *const *)yaml->applies_to;
	ban->profile_count = yaml->applies_to_count;
	ban->exemptions = (const char *const *)yaml->exemptions;
	ban->exemption_count = yaml->exemptions_count;
	if (convert_law(file, i, ban, error))
		return -EINVAL;
	indicators = calloc(yaml->indicators_count + 1, sizeof(*indicators));
	if (!indicators)
		return debar_error_system(error, -ENOMEM, file->path, "cannot load it");
	ban->indicators = indicators;
	ban->indicator_count = yaml->indicators_count;
	for (j = 0; j < ban->indicator_count; j++)
		if (convert_indicator(file, i, j, &indicators[j], error))
			return -EINVAL;
	return 0;
}

int debar_source_convert_waiver(const struct debar_source_file *file, size_t i,
				struct debar_source_waiver *waiver, struct debar_error *error)
{
	const struct debar_yaml_waiver *yaml = &file->yaml->waivers[i];
	struct debar_source_ref ref = { i, DEBAR_SOURCE_NONE, NULL, true };
	const char *text;

	*waiver = (struct debar_source_waiver){
		.id = yaml->id,
		.ban = yaml->ban,
		.product = yaml->product,
		.hosts = (const char *const *)yaml->hosts,
		.host_count = yaml->hosts_count,
		.owner = yaml->owner,
		.ticket = yaml->ticket,
		.reason = yaml->reason,
	};
	if (find_digest(file, &ref, yaml->digests, &waiver->kind, &text, error))
		return -EINVAL;
	waiver->has_digest = text;
	if (text && convert_digest(file, &ref, text, waiver->kind, waiver->digest, error))
		return -EINVAL;
	return convert_date(file, &ref, "expires", yaml->expires, &waiver->expires, error);
}
