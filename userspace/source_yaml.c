// SPDX-License-Identifier: GPL-2.0-or-later
/* The schema of the policy source for libcyaml. */
#include <cyaml/cyaml.h>
#include <errno.h>

#include "source_yaml.h"
#include "yaml_form.h"

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

static const struct debar_yaml_form form = { &policy_schema, "debar-policy(5)" };

int debar_yaml_load(const char *path, const struct debar_buffer *text, struct debar_pool *memory,
		    struct debar_yaml_policy **policy, struct debar_error *error)
{
	void *loaded;
	int err = debar_yaml_form_load(&form, path, text, memory, &loaded, error);

	if (!err && !loaded)
		return debar_error_set(error, -EINVAL, path,
				       "begin with the keys name, serial and bans",
				       "holds no policy");
	*policy = loaded;
	return err;
}

int debar_yaml_save(const struct debar_yaml_policy *policy, struct debar_buffer *text)
{
	return debar_yaml_form_save(&form, policy, text);
}
