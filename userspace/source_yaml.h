/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The YAML form of a policy source: its schema, one file at a time, values as they are written.
 * For source.c alone.
 */
#ifndef DEBAR_SOURCE_YAML_H
#define DEBAR_SOURCE_YAML_H

#include "pool.h"
#include "source.h"
#include "yaml_form.h"

/*
 * Keys of the YAML form are the names of the members, and those of debar_kind_key() for the digests
 * of each kind; what is left out is NULL. See debar-policy(5).
 */
struct debar_yaml_indicator {
	char *digests[DEBAR_INDICATOR_KIND_MAX + 1];
	char *size;
	char *product;
	char *version;
	char *source;
	char *retrieved;
	char *confidence;
};

/* A place where the authority's words stand. */
struct debar_yaml_citation {
	char *text;
	char *superseded_by;
};

struct debar_yaml_ban {
	char *id;
	char *vendor;
	char *product;
	char *authority;
	char *instrument;
	char *citation;
	struct debar_yaml_citation *citations;
	uint32_t citations_count;
	char *issued;
	char *published;
	char *status;
	char **entities;
	uint32_t entities_count;
	char **aliases;
	uint32_t aliases_count;
	char **applies_to;
	uint32_t applies_to_count;
	char **prohibits;
	uint32_t prohibits_count;
	char *legal_use_ban;
	char *scope_embedded;
	char *override;
	char *mode;
	char **operations;
	uint32_t operations_count;
	char *audit_from;
	char *warn_from;
	char *enforce_from;
	char **exemptions;
	uint32_t exemptions_count;
	char *reviewed_by;
	char *review_ticket;
	char *next_review;
	struct debar_yaml_indicator *indicators;
	uint32_t indicators_count;
};

struct debar_yaml_waiver {
	char *id;
	char *ban;
	char *product;
	char *digests[DEBAR_INDICATOR_KIND_MAX + 1];
	char **hosts;
	uint32_t hosts_count;
	char *owner;
	char *ticket;
	char *reason;
	char *expires;
};

struct debar_yaml_policy {
	char *name;
	char *serial;
	struct debar_yaml_ban *bans;
	uint32_t bans_count;
	struct debar_yaml_waiver *waivers;
	uint32_t waivers_count;
};

/**
 * debar_yaml_load - parse a file of policy source
 * @path: named in errors
 * @text: its content
 * @memory: empty; @policy and its strings lie there, nothing on an error
 * @policy: set on success
 * @error: on an error, where, what and the remedy
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int debar_yaml_load(const char *path, const struct debar_buffer *text, struct debar_pool *memory,
		    struct debar_yaml_policy **policy, struct debar_error *error);

/*
 * debar_yaml_save - the reverse; appends to @text; 0, -EINVAL when a string is not UTF-8, or
 * -ENOMEM
 */
int debar_yaml_save(const struct debar_yaml_policy *policy, struct debar_buffer *text);

#endif /* DEBAR_SOURCE_YAML_H */
