// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads /etc/debar/debar.conf. */
#include <cyaml/cyaml.h>
#include <errno.h>
#include <string.h>

#include "config.h"
#include "yaml_form.h"

/* Largest file, in bytes. */
#define LARGEST		(1024 * 1024)

/* Keys are the names of the members. */
struct yaml_config {
	char **profiles;
	uint32_t profiles_count;
};

static const cyaml_schema_value_t word_schema = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED),
};

static const cyaml_schema_field_t fields[] = {
	CYAML_FIELD_SEQUENCE("profiles", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
			     struct yaml_config, profiles, &word_schema, 0, CYAML_UNLIMITED),
	CYAML_FIELD_END
};

static const cyaml_schema_value_t schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct yaml_config, fields),
};

static const struct debar_yaml_form form = { &schema, "debar.conf(5)" };

static int take_profiles(const char *path, const struct debar_buffer *text,
			 const struct yaml_config *yaml, struct debar_config *config,
			 struct debar_error *error)
{
	struct debar_source_ref ref = DEBAR_SOURCE_REF_NONE;
	char where[sizeof(error->where)];
	uint32_t i;

	config->profiles.names = (const char *const *)yaml->profiles;
	for (i = 0; i < yaml->profiles_count; i++)
		if (!debar_profile_is_name(yaml->profiles[i]))
			break;
	config->profiles.count = i;
	if (i == yaml->profiles_count)
		return 0;
	ref.key = "profiles";
	debar_yaml_place(path, text, &ref, where, sizeof(where));
	return debar_error_set(error, -EINVAL, where, DEBAR_PROFILE_FORM,
			       "'%s' is no name of a profile", yaml->profiles[i]);
}

int debar_config_load(const char *path, struct debar_config *config, struct debar_error *error)
{
	_cleanup_buffer_ struct debar_buffer text = {};
	const char *file = path ? path : DEBAR_CONFIG_PATH;
	void *yaml;
	int err = debar_file_read(file, LARGEST, &text);

	if (err == -ENOENT && !path)
		return 0;
	if (err)
		return debar_error_system(error, err, file, "cannot read it");
	err = debar_yaml_form_load(&form, file, &text, &config->memory, &yaml, error);
	if (!err && yaml)
		err = take_profiles(file, &text, yaml, config, error);
	if (err)
		debar_config_free(config);
	return err;
}

void debar_config_free(struct debar_config *config)
{
	debar_buffer_free(&config->profiles.left_out);
	debar_pool_free(&config->memory);
	*config = (struct debar_config){};
}
