// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads and writes YAML by a schema of libcyaml, whose complaints it puts in debar's words. */
#include <cyaml/cyaml.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "yaml_form.h"

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

/* A format for the name of the manual page, which not every remedy names. */
static const char *remedy_for(cyaml_err_t err)
{
	switch (err) {
	case CYAML_ERR_INVALID_KEY:
		return "remove the key, or correct its name; %s lists all";
	case CYAML_ERR_MAPPING_FIELD_MISSING:
		return "add the key; %s tells what belongs in it";
	case CYAML_ERR_ALIAS:
	case CYAML_ERR_INVALID_ALIAS:
		return "write the value out; anchors and aliases are not accepted";
	case CYAML_ERR_LIBYAML_PARSER:
		return "make it valid YAML";
	default:
		return "see %s for the form that is wanted here";
	}
}

static int say_complaint(const struct debar_yaml_form *form, const char *path,
			 const struct debar_buffer *text, cyaml_err_t err, struct complaint *c,
			 struct debar_error *error)
{
	char where[sizeof(error->where)], remedy[sizeof(error->remedy)];

	if (err == CYAML_ERR_OOM)
		return debar_error_system(error, -ENOMEM, path, "cannot parse it");
	/* The key in the backtrace is then merely the one read last. */
	if ((err != CYAML_ERR_MAPPING_FIELD_MISSING || c->in_list) && c->key[0])
		c->ref.key = c->key;
	debar_yaml_place(path, text, err == CYAML_ERR_LIBYAML_PARSER ? NULL : &c->ref, where,
			 sizeof(where));
	snprintf(remedy, sizeof(remedy), remedy_for(err), form->manual);
	return debar_error_set(error, -EINVAL, where, remedy, "%s",
			       c->what[0] ? c->what : cyaml_strerror(err));
}

static int load(const struct debar_yaml_form *form, const char *path,
		const struct debar_buffer *text, struct debar_pool *memory, void **data,
		struct debar_error *error)
{
	struct complaint complaint = { .ref = DEBAR_SOURCE_REF_NONE };
	cyaml_config_t config = make_config(&complaint, memory);
	cyaml_err_t err = cyaml_load_data((const uint8_t *)text->data, text->length, &config,
					  form->schema, data, NULL);

	if (err)
		return say_complaint(form, path, text, err, &complaint, error);
	if (complaint.more_documents)
		return debar_error_set(error, -EINVAL, path,
				       "put each document in a file of its own",
				       "more than one YAML document");
	return 0;
}

int debar_yaml_form_load(const struct debar_yaml_form *form, const char *path,
			 const struct debar_buffer *text, struct debar_pool *memory, void **data,
			 struct debar_error *error)
{
	int err;

	*data = NULL;
	err = load(form, path, text, memory, data, error);
	if (err)
		debar_pool_free(memory);
	return err;
}

int debar_yaml_form_save(const struct debar_yaml_form *form, const void *data,
			 struct debar_buffer *text)
{
	struct complaint complaint = {};
	struct debar_pool memory = {};
	cyaml_config_t config = make_config(&complaint, &memory);
	char *yaml = NULL;
	size_t length;
	cyaml_err_t err = cyaml_save_data(&yaml, &length, &config, form->schema, data, 0);
	int result;

	if (err)
		result = err == CYAML_ERR_OOM ? -ENOMEM : -EINVAL;
	else
		result = debar_buffer_add(text, yaml, length);
	debar_pool_free(&memory);
	return result;
}
