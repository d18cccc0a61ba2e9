// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes a policy source as YAML: plain structs back into the form that source_yaml.c knows. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "names.h"
#include "policy_blob.h"
#include "source_yaml.h"

/* struct numbers - the text of an indicator's digest and size */
struct numbers {
	char digest[DEBAR_HEX_SIZE];
	char size[24];
};

static char **digest_of(struct debar_yaml_indicator *yaml, enum debar_indicator_kind kind)
{
	switch (kind) {
	case DEBAR_INDICATOR_KIND_CODE_SHA256:
		return &yaml->code_sha256;
	case DEBAR_INDICATOR_KIND_FSVERITY_SHA256:
		return &yaml->fsverity_sha256;
	case DEBAR_INDICATOR_KIND_BUILD_ID:
		return &yaml->build_id;
	default:
		return &yaml->sha256;
	}
}

static int convert_operations(uint32_t operations, struct debar_yaml_ban *yaml)
{
	uint32_t i, count = 0;

	if (!operations)
		return 0;
	yaml->operations = calloc(DEBAR_OPERATION_MAX + 1, sizeof(*yaml->operations));
	if (!yaml->operations)
		return -ENOMEM;
	for (i = 0; i <= DEBAR_OPERATION_MAX; i++)
		if (operations & DEBAR_BLOB_OPERATION(i))
			yaml->operations[count++] = (char *)debar_operation_name(i);
	yaml->operations_count = count;
	return 0;
}

static int convert_ban(const struct debar_source_ban *ban, struct debar_yaml_ban *yaml,
		       struct numbers *numbers)
{
	size_t i;

	*yaml = (struct debar_yaml_ban){
		.id = (char *)ban->id,
		.vendor = (char *)ban->vendor,
		.product = (char *)ban->product,
		.authority = (char *)ban->authority,
		.citation = (char *)ban->citation,
		.mode = (char *)debar_mode_name(ban->mode),
		.indicators_count = ban->indicator_count,
		.indicators = calloc(ban->indicator_count + 1, sizeof(*yaml->indicators)),
	};
	if (!yaml->indicators || convert_operations(ban->operations, yaml))
		return -ENOMEM;
	for (i = 0; i < ban->indicator_count; i++) {
		const struct debar_source_indicator *it = &ban->indicators[i];

		snprintf(numbers[i].size, sizeof(numbers[i].size), "%" PRIu64, it->size);
		yaml->indicators[i] = (struct debar_yaml_indicator){
			.size = it->size ? numbers[i].size : NULL,
			.product = (char *)it->product,
			.version = (char *)it->version,
			.source = (char *)it->source,
		};
		debar_digest_text(numbers[i].digest, it->kind, it->digest);
		*digest_of(&yaml->indicators[i], it->kind) = numbers[i].digest;
	}
	return 0;
}

static int convert_bans(const struct debar_source *source, struct debar_yaml_policy *yaml,
			struct numbers *numbers)
{
	for (; yaml->bans_count < source->ban_count; yaml->bans_count++) {
		const struct debar_source_ban *ban = &source->bans[yaml->bans_count];

		if (convert_ban(ban, &yaml->bans[yaml->bans_count], numbers))
			return -ENOMEM;
		numbers += ban->indicator_count;
	}
	return 0;
}

static int write_source(const struct debar_source *source, struct debar_buffer *out)
{
	char serial[24];
	size_t i, count = 1;
	int err = -ENOMEM;

	for (i = 0; i < source->ban_count; i++)
		count += source->bans[i].indicator_count;
	_cleanup_free_ struct numbers *numbers = calloc(count, sizeof(*numbers));
	struct debar_yaml_policy yaml = {
		.name = (char *)source->name,
		.serial = serial,
		.bans = calloc(source->ban_count + 1, sizeof(*yaml.bans)),
	};

	snprintf(serial, sizeof(serial), "%" PRIu64, source->serial);
	if (numbers && yaml.bans && !convert_bans(source, &yaml, numbers))
		err = debar_yaml_save(&yaml, out);
	for (i = 0; yaml.bans && i < source->ban_count; i++) {
		free(yaml.bans[i].indicators);
		free(yaml.bans[i].operations);
	}
	free(yaml.bans);
	return err;
}

int debar_source_write(const struct debar_source *source, struct debar_buffer *out,
		       struct debar_error *error)
{
	int err = write_source(source, out);

	if (err == -EINVAL)
		return debar_error_set(error, err, source->name, "write names in UTF-8",
				       "a string that is not UTF-8");
	return err ? debar_error_system(error, err, source->name, "cannot write the source") : 0;
}
