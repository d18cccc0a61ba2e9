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

static const cyaml_schema_field_t indicator_fields[] = {
	STRING(OPTIONAL, debar_yaml_indicator, sha256),
	STRING(OPTIONAL, debar_yaml_indicator, code_sha256),
	STRING(OPTIONAL, debar_yaml_indicator, fsverity_sha256),
	STRING(OPTIONAL, debar_yaml_indicator, build_id),
	STRING(OPTIONAL, debar_yaml_indicator, size),
	STRING(OPTIONAL, debar_yaml_indicator, product),
	STRING(OPTIONAL, debar_yaml_indicator, version),
	STRING(REQUIRED, debar_yaml_indicator, source),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t indicator_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct debar_yaml_indicator, indicator_fields),
};

static const cyaml_schema_value_t operation_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED),
};

static const cyaml_schema_field_t ban_fields[] = {
	STRING(REQUIRED, debar_yaml_ban, id),
	STRING(REQUIRED, debar_yaml_ban, vendor),
	STRING(OPTIONAL, debar_yaml_ban, product),
	STRING(REQUIRED, debar_yaml_ban, authority),
	STRING(OPTIONAL, debar_yaml_ban, citation),
	STRING(OPTIONAL, debar_yaml_ban, mode),
	CYAML_FIELD_SEQUENCE("operations", OPTIONAL, struct debar_yaml_ban, operations,
			     &operation_schema, 1, CYAML_UNLIMITED),
	CYAML_FIELD_SEQUENCE("indicators", REQUIRED, struct debar_yaml_ban, indicators,
			     &indicator_schema, 0, CYAML_UNLIMITED),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t ban_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct debar_yaml_ban, ban_fields),
};

static const cyaml_schema_field_t policy_fields[] = {
	STRING(OPTIONAL, debar_yaml_policy, name),
	STRING(OPTIONAL, debar_yaml_policy, serial),
	CYAML_FIELD_SEQUENCE("bans", REQUIRED, struct debar_yaml_policy, bans,
			     &ban_schema, 0, CYAML_UNLIMITED),
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
 * @entries: sequence entries seen in the backtrace
 * @more_documents: it warned that it left out what follows the first document
 */
struct complaint {
	char what[256];
	struct debar_source_ref ref;
	char key[64];
	int entries;
	bool more_documents;
};

static void take_field(struct complaint *c, const char *key)
{
	/* An operation has no place of its own: it stands for the whole list. */
	if (!strcmp(key, "operations"))
		c->entries = 0;
	if (!c->entries && (!c->key[0] || !strcmp(key, "operations")))
		strcpy(c->key, key);
}

static void take_entry(struct complaint *c, size_t number)
{
	size_t index = number ? number - 1 : DEBAR_SOURCE_NONE;

	if (c->entries++)
		c->ref.indicator = c->ref.ban;
	c->ref.ban = index;
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

static cyaml_config_t make_config(struct complaint *complaint)
{
	return (cyaml_config_t){
		.log_fn = take_message,
		.log_ctx = complaint,
		.log_level = CYAML_LOG_WARNING,
		.mem_fn = cyaml_mem,
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
	if (err != CYAML_ERR_MAPPING_FIELD_MISSING && c->key[0])
		c->ref.key = c->key;
	debar_yaml_place(path, text, err == CYAML_ERR_LIBYAML_PARSER ? NULL : &c->ref, where,
			 sizeof(where));
	return debar_error_set(error, -EINVAL, where, remedy_for(err), "%s",
			       c->what[0] ? c->what : cyaml_strerror(err));
}

int debar_yaml_load(const char *path, const struct debar_buffer *text,
		    struct debar_yaml_policy **policy, struct debar_error *error)
{
	struct complaint complaint = { .ref = { DEBAR_SOURCE_NONE, DEBAR_SOURCE_NONE, NULL } };
	cyaml_config_t config = make_config(&complaint);
	struct debar_yaml_policy *loaded = NULL;
	cyaml_err_t err = cyaml_load_data((const uint8_t *)text->data, text->length, &config,
					  &policy_schema, (cyaml_data_t **)&loaded, NULL);

	if (err)
		return say_complaint(path, text, err, &complaint, error);
	if (complaint.more_documents) {
		debar_yaml_free(loaded);
		return debar_error_set(error, -EINVAL, path,
				       "put each document in a file of its own",
				       "more than one YAML document");
	}
	/* libcyaml takes an empty file for a policy of nothing. */
	if (!loaded)
		return debar_error_set(error, -EINVAL, path,
				       "begin with the keys name, serial and bans",
				       "holds no policy");
	*policy = loaded;
	return 0;
}

int debar_yaml_save(const struct debar_yaml_policy *policy, struct debar_buffer *text)
{
	struct complaint complaint = {};
	cyaml_config_t config = make_config(&complaint);
	char *yaml = NULL;
	size_t length;
	cyaml_err_t err = cyaml_save_data(&yaml, &length, &config, &policy_schema, policy, 0);
	int result;

	if (err)
		return err == CYAML_ERR_OOM ? -ENOMEM : -EINVAL;
	result = debar_buffer_add(text, yaml, length);
	cyaml_mem(NULL, yaml, 0);
	return result;
}

void debar_yaml_free(struct debar_yaml_policy *policy)
{
	struct complaint complaint = {};
	cyaml_config_t config = make_config(&complaint);

	cyaml_free(&config, &policy_schema, policy, 0);
}
