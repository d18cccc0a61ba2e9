// SPDX-License-Identifier: GPL-2.0-or-later
/* The schema of the policy source for libcyaml, and libcyaml's complaints in debar's words. */
#include <cyaml/cyaml.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "source_yaml.h"

#define REQUIRED	CYAML_FLAG_POINTER
#define OPTIONAL	(CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)

/*
 * Values are strings of any length here, so that source.c and compile.c can say better what is
 * wrong with them.
 */
#define STRING(flags, type, member) \
	CYAML_FIELD_STRING_PTR(#member, flags, struct type, member, 0, CYAML_UNLIMITED)
#define DIGEST(type, key, kind) \
	CYAML_FIELD_STRING_PTR(key, OPTIONAL, struct type, \
			       digests[DEBAR_INDICATOR_KIND_##kind], 0, CYAML_UNLIMITED)
#define WORDS(type, member) \
	CYAML_FIELD_SEQUENCE(#member, OPTIONAL, struct type, member, &word_schema, 1, \
			     CYAML_UNLIMITED)

static const cyaml_schema_value_t word_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED),
};

static const cyaml_schema_field_t indicator_fields[] = {
	DIGEST(debar_yaml_indicator, "sha256", FILE_SHA256),
	DIGEST(debar_yaml_indicator, "code_sha256", CODE_SHA256),
	DIGEST(debar_yaml_indicator, "fsverity_sha256", FSVERITY_SHA256),
	DIGEST(debar_yaml_indicator, "build_id", BUILD_ID),
	STRING(OPTIONAL, debar_yaml_indicator, size),
	STRING(OPTIONAL, debar_yaml_indicator, product),
	STRING(OPTIONAL, debar_yaml_indicator, version),
	STRING(REQUIRED, debar_yaml_indicator, source),
	STRING(OPTIONAL, debar_yaml_indicator, retrieved),
	STRING(OPTIONAL, debar_yaml_indicator, confidence),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t indicator_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct debar_yaml_indicator, indicator_fields),
};

static const cyaml_schema_field_t citation_fields[] = {
	STRING(REQUIRED, debar_yaml_citation, text),
	STRING(OPTIONAL, debar_yaml_citation, superseded_by),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t citation_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct debar_yaml_citation, citation_fields),
};

static const cyaml_schema_field_t ban_fields[] = {
	STRING(REQUIRED, debar_yaml_ban, id),
	STRING(REQUIRED, debar_yaml_ban, vendor),
	STRING(OPTIONAL, debar_yaml_ban, product),
	WORDS(debar_yaml_ban, entities),
	WORDS(debar_yaml_ban, aliases),
	STRING(REQUIRED, debar_yaml_ban, authority),
	STRING(OPTIONAL, debar_yaml_ban, instrument),
	STRING(OPTIONAL, debar_yaml_ban, citation),
	CYAML_FIELD_SEQUENCE("citations", OPTIONAL, struct debar_yaml_ban, citations,
			     &citation_schema, 1, CYAML_UNLIMITED),
	STRING(OPTIONAL, debar_yaml_ban, issued),
	STRING(OPTIONAL, debar_yaml_ban, published),
	STRING(OPTIONAL, debar_yaml_ban, status),
	WORDS(debar_yaml_ban, applies_to),
	WORDS(debar_yaml_ban, prohibits),
	STRING(OPTIONAL, debar_yaml_ban, legal_use_ban),
	STRING(OPTIONAL, debar_yaml_ban, scope_embedded),
	STRING(OPTIONAL, debar_yaml_ban, override),
	STRING(OPTIONAL, debar_yaml_ban, mode),
	WORDS(debar_yaml_ban, operations),
	STRING(OPTIONAL, debar_yaml_ban, audit_from),
	STRING(OPTIONAL, debar_yaml_ban, warn_from),
	STRING(OPTIONAL, debar_yaml_ban, enforce_from),
	WORDS(debar_yaml_ban, exemptions),
	STRING(OPTIONAL, debar_yaml_ban, reviewed_by),
	STRING(OPTIONAL, debar_yaml_ban, review_ticket),
	STRING(OPTIONAL, debar_yaml_ban, next_review),
	CYAML_FIELD_SEQUENCE("indicators", REQUIRED, struct debar_yaml_ban, indicators,
			     &indicator_schema, 0, CYAML_UNLIMITED),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t ban_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct debar_yaml_ban, ban_fields),
};

static const cyaml_schema_field_t waiver_fields[] = {
	STRING(REQUIRED, debar_yaml_waiver, id),
	STRING(REQUIRED, debar_yaml_waiver, ban),
	STRING(OPTIONAL, debar_yaml_waiver, product),
	DIGEST(debar_yaml_waiver, "sha256", FILE_SHA256),
	DIGEST(debar_yaml_waiver, "code_sha256", CODE_SHA256),
	DIGEST(debar_yaml_waiver, "fsverity_sha256", FSVERITY_SHA256),
	DIGEST(debar_yaml_waiver, "build_id", BUILD_ID),
	WORDS(debar_yaml_waiver, hosts),
	STRING(REQUIRED, debar_yaml_waiver, owner),
	STRING(REQUIRED, debar_yaml_waiver, ticket),
	STRING(OPTIONAL, debar_yaml_waiver, reason),
	STRING(REQUIRED, debar_yaml_waiver, expires),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t waiver_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct debar_yaml_waiver, waiver_fields),
};

static const cyaml_schema_field_t policy_fields[] = {
	STRING(OPTIONAL, debar_yaml_policy, name),
	STRING(OPTIONAL, debar_yaml_policy, serial),
	CYAML_FIELD_SEQUENCE("bans", REQUIRED, struct debar_yaml_policy, bans,
			     &ban_schema, 0, CYAML_UNLIMITED),
	CYAML_FIELD_SEQUENCE("waivers", OPTIONAL, struct debar_yaml_policy, waivers,
			     &waiver_schema, 0, CYAML_UNLIMITED),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t policy_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct debar_yaml_policy, policy_fields),
};

/**
 * struct complaint - what libcyaml logged
 * @what: the first error, without libcyaml's prefix
 * @ref: the place, as its backtrace tells; innermost first, so what was found first is the deepest
 * @key: storage of @ref.key
 * @in_list: @key is that of a list whose entries have no place of their own
 * @in_entry: the backtrace's last line was a sequence entry, number @entry
 * @entry: see @in_entry
 * @more_documents: it warned that it left out what follows the first document
 */
struct complaint {
	char what[256];
	struct debar_source_ref ref;
	char key[64];
	bool in_list;
	bool in_entry;
	size_t entry;
	bool more_documents;
};

/* The lists of which each entry has a place of its own; a word stands for the whole list of it. */
static void take_field(struct complaint *c, const char *key)
{
	if (c->in_entry && !strcmp(key, "indicators")) {
		c->ref.indicator = c->entry;
	} else if (c->in_entry && (!strcmp(key, "bans") || !strcmp(key, "waivers"))) {
		c->ref.ban = c->entry;
		c->ref.is_waiver = !strcmp(key, "waivers");
	} else if (c->in_entry || !c->key[0]) {
		strcpy(c->key, key);
		c->in_list = c->in_entry;
	}
	c->in_entry = false;
}

static void take_entry(struct complaint *c, size_t number)
{
	c->in_entry = true;
	c->entry = number ? number - 1 : DEBAR_SOURCE_NONE;
}

/*
 * Depends on the wording of libcyaml 1.3 for precision only: other words still end up in a
 * message.
 */
static void take_message(cyaml_log_t level, void *data, const char *format, va_list args)
{
	struct complaint *c = data;
	char message[sizeof(c->what)], key[sizeof(c->key)];
	const char *text = message;
	size_t number;

	vsnprintf(message, sizeof(message), format, args);
	message[strcspn(message, "\n")] = 0;
	if (level < CYAML_LOG_ERROR) {
		c->more_documents |= !!strstr(message, "documents after first");
		return;
	}
	if (sscanf(text, " in mapping field '%63[^']'", key) == 1) {
		take_field(c, key);
	} else if (sscanf(text, " in sequence entry '%zu'", &number) == 1) {
		take_entry(c, number);
	} else if (!c->what[0] && !strstr(text, "Backtrace")) {
		if (!strncmp(text, "Load: ", 6))
			text += 6;
		snprintf(c->what, sizeof(c->what), "%s", text);
		if (sscanf(text, "Unexpected key: %63[^\n]", key) == 1)
			strcpy(c->key, key);
	}
}

static cyaml_config_t make_config(struct complaint *complaint, struct debar_pool *memory)
{
	return (cyaml_config_t){
		.log_fn = take_message,
		.log_ctx = complaint,
		.log_level = CYAML_LOG_WARNING,
		.mem_fn = debar_pool_realloc,
		.mem_ctx = memory,
		.flags = CYAML_CFG_NO_ALIAS | CYAML_CFG_STYLE_BLOCK,
	};
}

static const char *remedy_for(cyaml_err_t err)
{
	switch (err) {
	case CYAML_ERR_INVALID_KEY:
		return "remove the key, or correct its name; debar-policy(5) lists all";
	case CYAML_ERR_MAPPING_FIELD_MISSING:
		return "add the key; debar-policy(5) tells what belongs in it";
	case CYAML_ERR_ALIAS:
	case CYAML_ERR_INVALID_ALIAS:
		return "write the value out; anchors and aliases are not accepted";
	case CYAML_ERR_LIBYAML_PARSER:
		return "make it valid YAML";
	default:
		return "see debar-policy(5) for the form that is wanted here";
	}
}

static int say_complaint(const char *path, const struct debar_buffer *text, cyaml_err_t err,
			 struct complaint *c, struct debar_error *error)
{
	char where[sizeof(error->where)];

	if (err == CYAML_ERR_OOM)
		return debar_error_system(error, -ENOMEM, path, "cannot parse it");
	/* The key in the backtrace is then merely the one read last. */
	if ((err != CYAML_ERR_MAPPING_FIELD_MISSING || c->in_list) && c->key[0])
		c->ref.key = c->key;
	debar_yaml_place(path, text, err == CYAML_ERR_LIBYAML_PARSER ? NULL : &c->ref, where,
			 sizeof(where));
	return debar_error_set(error, -EINVAL, where, remedy_for(err), "%s",
			       c->what[0] ? c->what : cyaml_strerror(err));
}

static int load(const char *path, const struct debar_buffer *text, struct debar_pool *memory,
		struct debar_yaml_policy **policy, struct debar_error *error)
{
	struct complaint complaint = { .ref = DEBAR_SOURCE_REF_NONE };
	cyaml_config_t config = make_config(&complaint, memory);
	struct debar_yaml_policy *loaded = NULL;
	cyaml_err_t err = cyaml_load_data((const uint8_t *)text->data, text->length, &config,
					  &policy_schema, (cyaml_data_t **)&loaded, NULL);

	if (err)
		return say_complaint(path, text, err, &complaint, error);
	if (complaint.more_documents)
		return debar_error_set(error, -EINVAL, path,
				       "put each document in a file of its own",
				       "more than one YAML document");
	/* libcyaml takes an empty file for a policy of nothing. */
	if (!loaded)
		return debar_error_set(error, -EINVAL, path,
				       "begin with the keys name, serial and bans",
				       "holds no policy");
	*policy = loaded;
	return 0;
}

int debar_yaml_load(const char *path, const struct debar_buffer *text, struct debar_pool *memory,
		    struct debar_yaml_policy **policy, struct debar_error *error)
{
	int err = load(path, text, memory, policy, error);

	if (err)
		debar_pool_free(memory);
	return err;
}

int debar_yaml_save(const struct debar_yaml_policy *policy, struct debar_buffer *text)
{
	struct complaint complaint = {};
	struct debar_pool memory = {};
	cyaml_config_t config = make_config(&complaint, &memory);
	char *yaml = NULL;
	size_t length;
	cyaml_err_t err = cyaml_save_data(&yaml, &length, &config, &policy_schema, policy, 0);
	int result;

	if (err)
		result = err == CYAML_ERR_OOM ? -ENOMEM : -EINVAL;
	else
		result = debar_buffer_add(text, yaml, length);
	debar_pool_free(&memory);
	return result;
}
