// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists in JSON: bundles of STIX 2.1 (OASIS), of whose patterns those that name files by their
 * SHA-256, and the rules of Santa, as its documentation describes them.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dates.h"
#include "json.h"
#include "list_reader.h"

/* More digests than that in one pattern are no pattern of a person's. */
#define DIGESTS_MAX	4096

static int parse(struct debar_list_reader *reader, const char *text, json_t **root)
{
	json_error_t wrong;
	char where[sizeof(reader->error->where)];

	*root = json_loads(text, JSON_REJECT_DUPLICATES, &wrong);
	if (*root)
		return 0;
	if (json_error_code(&wrong) == json_error_out_of_memory)
		return -ENOMEM;
	snprintf(where, sizeof(where), "%s:%d:%d", reader->path, wrong.line, wrong.column);
	return debar_error_set(reader->error, -EINVAL, where, "give the list as it was published",
			       "no JSON: %s", wrong.text);
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key)) ?: "";
}

/**
 * struct pattern - a STIX pattern while it is read
 * @rest: what is left
 * @digests: SHA-256 of the files that it names, in place
 * @count: of @digests
 * @size: of the file, when there is one file, or 0
 * @named: it says something of a file's name
 */
struct pattern {
	char *rest;
	char *digests[DIGESTS_MAX];
	size_t count;
	uint64_t size;
	bool named;
};

static bool takes(struct pattern *p, const char *word)
{
	size_t length = strlen(word);

	p->rest += strspn(p->rest, " \t\r\n");
	if (strncmp(p->rest, word, length) ||
	    (isalpha((unsigned char)word[0]) && isalnum((unsigned char)p->rest[length])))
		return false;
	p->rest += length;
	return true;
}

/* A string in single quotes, in place; NULL when there is none. */
static char *take_string(struct pattern *p)
{
	char *begin, *end;

	if (!takes(p, "'"))
		return NULL;
	begin = p->rest;
	end = begin + strcspn(begin, "'\\");
	if (*end != '\'')
		return NULL;
	*end = 0;
	p->rest = end + 1;
	return begin;
}

static bool take_digest(struct pattern *p)
{
	char *digest = take_string(p);

	if (!digest || p->count == DIGESTS_MAX || !debar_list_is_sha256(digest))
		return false;
	p->digests[p->count++] = digest;
	return true;
}

static bool take_digests(struct pattern *p)
{
	if (takes(p, "="))
		return take_digest(p);
	if (!takes(p, "IN") || !takes(p, "("))
		return false;
	do {
		if (!take_digest(p))
			return false;
	} while (takes(p, ","));
	return takes(p, ")");
}

static bool take_comparison(struct pattern *p)
{
	char *end;

	if (takes(p, "file:hashes.'SHA-256'") || takes(p, "file:hashes.\"SHA-256\""))
		return take_digests(p);
	if (takes(p, "file:name")) {
		p->named = true;
		return takes(p, "=") && take_string(p);
	}
	if (!takes(p, "file:size") || !takes(p, "=") || p->size)
		return false;
	p->rest += strspn(p->rest, " \t");
	p->size = isdigit((unsigned char)*p->rest) ? strtoull(p->rest, &end, 10) : 0;
	if (!p->size || p->size > INT64_MAX)
		return false;
	p->rest = end;
	return true;
}

/*
 * All of it names one file, where what is said of its name narrows nothing down that its digest
 * leaves open; or any of it names a file, each by its digest alone.
 */
static bool take_observation(struct pattern *p)
{
	size_t before = p->count;
	bool all = false, any = false;

	if (!takes(p, "[") || !take_comparison(p))
		return false;
	for (;;) {
		if (takes(p, "AND"))
			all = true;
		else if (takes(p, "OR"))
			any = true;
		else
			break;
		if (!take_comparison(p))
			return false;
	}
	if (!takes(p, "]") || (all && any) || p->count == before)
		return false;
	return any ? !p->size && !p->named : !all || p->count == before + 1;
}

/* Whether a pattern is understood as a whole: files, each by its SHA-256, and any of them. */
static bool take_pattern(struct pattern *p)
{
	do {
		if (!take_observation(p))
			return false;
	} while (takes(p, "OR"));
	p->rest += strspn(p->rest, " \t\r\n");
	return !*p->rest && (!p->size || p->count == 1);
}

static bool is_over(const json_t *indicator)
{
	uint64_t until;

	return !debar_date_parse(text_of(indicator, "valid_until"), &until) &&
	       until <= (uint64_t)time(NULL);
}

static int add_pattern(struct debar_list_reader *reader, size_t number, const json_t *indicator)
{
	_cleanup_free_ struct pattern *p = calloc(1, sizeof(*p));
	_cleanup_free_ char *text = strdup(text_of(indicator, "pattern"));
	struct debar_list_entry *entry;
	size_t i;
	int err = 0;

	if (!p || !text)
		return -ENOMEM;
	p->rest = text;
	if (!take_pattern(p))
		return debar_list_skip(reader, number,
				       "a pattern that is not only about files with a SHA-256: %s",
				       text_of(indicator, "pattern"));
	for (i = 0; i < p->count && !err; i++) {
		err = debar_list_add(reader, number, p->digests[i],
				     text_of(indicator, "name")[0] ? text_of(indicator, "name") :
								     text_of(indicator, "id"),
				     &entry);
		if (!err)
			entry->size = p->size;
	}
	return err;
}

int debar_list_read_stix(struct debar_list_reader *reader, char *text)
{
	_cleanup_json_ json_t *root = NULL;
	json_t *objects, *object;
	size_t i;
	int err = parse(reader, text, &root);

	if (err)
		return err;
	objects = json_object_get(root, "objects");
	if (strcmp(text_of(root, "type"), "bundle") || !json_is_array(objects))
		return debar_error_set(reader->error, -EINVAL, reader->path,
				       "give a bundle of STIX 2.1",
				       "no bundle with a list of objects");
	json_array_foreach(objects, i, object) {
		if (strcmp(text_of(object, "type"), "indicator"))
			continue;
		if (json_is_true(json_object_get(object, "revoked")))
			err = debar_list_skip(reader, i + 1, "an indicator that is revoked");
		else if (is_over(object))
			err = debar_list_skip(reader, i + 1, "an indicator that was valid until %s",
					      text_of(object, "valid_until"));
		else if (strcmp(text_of(object, "pattern_type"), "stix"))
			err = debar_list_skip(reader, i + 1, "a pattern of the type %s",
					      text_of(object, "pattern_type"));
		else
			err = add_pattern(reader, i + 1, object);
		if (err)
			return err;
	}
	return 0;
}

static int add_rule(struct debar_list_reader *reader, size_t number, const json_t *rule)
{
	const char *type = text_of(rule, "rule_type"), *policy = text_of(rule, "policy");
	const char *digest = text_of(rule, "identifier");
	int err;

	if (!digest[0])
		digest = text_of(rule, "sha256");
	if (strcasecmp(policy, "BLOCKLIST") && strcasecmp(policy, "SILENT_BLOCKLIST"))
		return debar_list_skip(reader, number, "the policy %s, which blocks nothing",
				       policy);
	if (strcasecmp(type, "BINARY"))
		return debar_list_skip(reader, number, "a rule of the type %s", type);
	err = debar_list_add(reader, number, digest, text_of(rule, "custom_msg"), NULL);
	if (err != -EINVAL)
		return err;
	return debar_list_refuse(reader, number, "correct it, or leave it out",
				 "the identifier '%s' is no SHA-256", digest);
}

int debar_list_read_santa(struct debar_list_reader *reader, char *text)
{
	_cleanup_json_ json_t *root = NULL;
	json_t *rules, *rule;
	size_t i;
	int err = parse(reader, text, &root);

	if (err)
		return err;
	rules = json_object_get(root, "rules");
	if (!json_is_array(rules))
		return debar_error_set(reader->error, -EINVAL, reader->path,
				       "give what santactl rule --export writes",
				       "no list of rules");
	json_array_foreach(rules, i, rule) {
		err = add_rule(reader, i + 1, rule);
		if (err)
			return err;
	}
	return 0;
}
