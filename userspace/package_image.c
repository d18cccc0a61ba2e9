// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Takes name and version from a container image; its layers are packages within it like others.
 *
 * An archive of `docker save` has manifest.json, a list of images with their RepoTags (Docker image
 * specification v1.2); an OCI image layout has index.json, a list of manifests with annotations
 * (OCI image specification, image-layout.md and annotations.md).
 */
#include <jansson.h>
#include <string.h>

#include "package_reader.h"

DEBAR_DEFINE_CLEANUP(json_t *, json_decref);
#define _cleanup_json_ _cleanup_(debar_cleanup_json_decref)

bool debar_package_is_image(const struct debar_package_reader *reader, const char *path)
{
	path += strlen(reader->inside);
	return !strcmp(path, "manifest.json") || !strcmp(path, "index.json");
}

static const char *string_of(const json_t *list, size_t i)
{
	return json_string_value(json_array_get(list, i));
}

/* Of a file that holds several images, nothing tells which one a layer is of. */
static const char *reference_of(const json_t *file, bool *tag_only)
{
	const json_t *image = json_array_get(file, 0), *manifest, *annotations;
	const char *name;

	*tag_only = false;
	if (json_array_size(file) == 1)
		return string_of(json_object_get(image, "RepoTags"), 0);
	if (json_array_size(json_object_get(file, "manifests")) != 1)
		return NULL;
	manifest = json_array_get(json_object_get(file, "manifests"), 0);
	annotations = json_object_get(manifest, "annotations");
	name = json_string_value(json_object_get(annotations, "io.containerd.image.name"));
	if (name)
		return name;
	name = json_string_value(json_object_get(annotations, "org.opencontainers.image.ref.name"));
	*tag_only = name && !strpbrk(name, ":/");
	return name;
}

/* NAME:TAG; a colon before the last slash belongs to the registry's port. */
static void take_reference(struct debar_package_part *part, const char *reference, bool tag_only)
{
	const char *slash = strrchr(reference, '/');
	const char *colon = strrchr(slash ? slash : reference, ':');
	size_t length = colon ? (size_t)(colon - reference) : strlen(reference);

	free(part->name);
	free(part->version);
	*part = (struct debar_package_part){ .parent = part->parent };
	if (!tag_only)
		part->name = debar_escape(reference, length);
	if (tag_only || colon)
		part->version = debar_escape(tag_only ? reference : colon + 1,
					     strlen(tag_only ? reference : colon + 1));
}

void debar_package_read_image(struct debar_package_reader *reader, const char *json, size_t length)
{
	_cleanup_json_ json_t *file = json_loadb(json, length, 0, NULL);
	struct debar_package_part *part = &reader->package->parts[reader->part];
	bool tag_only;
	const char *reference = reference_of(file, &tag_only);

	if (reference && reference[0])
		take_reference(part, reference, tag_only);
}
