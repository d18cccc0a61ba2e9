/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files of YAML that keep to a schema: policy source and configuration. Errors have line and
 * column.
 */
#ifndef DEBAR_YAML_FORM_H
#define DEBAR_YAML_FORM_H

#include "pool.h"
#include "source.h"

struct cyaml_schema_value;

/**
 * struct debar_yaml_form - what a file looks like
 * @schema: libcyaml's
 * @manual: manual page that tells of its keys, named in remedies
 */
struct debar_yaml_form {
	const struct cyaml_schema_value *schema;
	const char *manual;
};

/**
 * debar_yaml_form_load - parse a file
 * @form: its form
 * @path: named in errors
 * @text: its content
 * @memory: empty; @data and its strings lie there, nothing on an error
 * @data: set on success to what the schema describes; NULL when the file holds nothing
 * @error: on an error, where, what and the remedy
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int debar_yaml_form_load(const struct debar_yaml_form *form, const char *path,
			 const struct debar_buffer *text, struct debar_pool *memory, void **data,
			 struct debar_error *error);

/*
 * debar_yaml_form_save - the reverse; appends to @text; 0, -EINVAL when a string is not UTF-8, or
 * -ENOMEM
 */
int debar_yaml_form_save(const struct debar_yaml_form *form, const void *data,
			 struct debar_buffer *text);

/**
 * debar_yaml_place - where in a file of YAML something stands
 * @path: of the file
 * @text: its content
 * @ref: what is looked for, bans counted from the beginning of this file; NULL for where it
 *	ceases to be YAML
 * @where: filled with `path:line:column`, or as much of it as could be found out
 * @size: of @where
 */
void debar_yaml_place(const char *path, const struct debar_buffer *text,
		      const struct debar_source_ref *ref, char *where, size_t size);

#endif /* DEBAR_YAML_FORM_H */
