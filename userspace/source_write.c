// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes a policy source as YAML: plain structs back into the form that source_yaml.c knows. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "dates.h"
#include "names.h"
#include "policy_blob.h"
#include "source_yaml.h"

/* struct numbers - the text of an indicator's digest and size */
struct numbers {
	char digest[DEBAR_HEX_SIZE];
	char size[24];
};

/* struct dates - the text of a ban's dates, or of a waiver's date and digest */
struct dates {
	char audit_from[DEBAR_DATE_SIZE];
	char warn_from[DEBAR_DATE_SIZE];
	char enforce_from[DEBAR_DATE_SIZE];
	char digest[DEBAR_HEX_SIZE];
};

static char *date_of(char text[DEBAR_DATE_SIZE], uint64_t seconds)
{
	return seconds ? debar_date_text(text, seconds) : NULL;
}

/* The words of a set; an empty set has no list. */
static int convert_set(uint32_t set, const char *(*name)(uint32_t bit), char ***words,
		       uint32_t *count)
{
	uint32_t i;

	if (!set)
		return 0;
	*words = calloc(32, sizeof(**words));
	if (!*words)
		return -ENOMEM;
	for (i = 0; i < 32; i++)
		if (set >> i & 1)
			(*words)[(*count)++] = (char *)name(i);
	return 0;
}

static int convert_indicators(const struct debar_source_ban *ban, struct debar_yaml_ban *yaml,
			      struct numbers *numbers)
{
	size_t i;

	yaml->indicators_count = ban->indicator_count;
	yaml->indicators = calloc(ban->indicator_count + 1, sizeof(*yaml->indicators));
	if (!yaml->indicators)
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
		yaml->indicators[i].digests[it->kind] =
			debar_digest_text(numbers[i].digest, it->kind, it->digest);
	}
	return 0;
}

static int convert_ban(const struct debar_source_ban *ban, struct debar_yaml_ban *yaml,
		       struct numbers *numbers, struct dates *dates)
{
	*yaml = (struct debar_yaml_ban){
		.id = (char *)ban->id,
		.vendor = (char *)ban->vendor,
		.product = (char *)ban->product,
		.authority = (char *)ban->authority,
		.citation = (char *)ban->citation,
		.override = (char *)ban->override,
		.mode = (char *)debar_mode_name(ban->mode),
		.status = (char *)debar_status_name(ban->status),
		.audit_from = date_of(dates->audit_from, ban->audit_from),
		.warn_from = date_of(dates->warn_from, ban->warn_from),
		.enforce_from = date_of(dates->enforce_from, ban->enforce_from),
		.applies_to = (char **)ban->profiles,
		.applies_to_count = ban->profile_count,
		.exemptions = (char **)ban->exemptions,
		.exemptions_count = ban->exemption_count,
	};
	return convert_set(ban->operations, debar_operation_name, &yaml->operations,
			   &yaml->operations_count) ?:
	       convert_set(ban->prohibits, debar_prohibition_name, &yaml->prohibits,
			   &yaml->prohibits_count) ?:
	       convert_indicators(ban, yaml, numbers);
}

static void convert_waiver(const struct debar_source_waiver *waiver,
			   struct debar_yaml_waiver *yaml, struct dates *dates)
{
	*yaml = (struct debar_yaml_waiver){
		.id = (char *)waiver->id,
		.ban = (char *)waiver->ban,
		.product = (char *)waiver->product,
		.hosts = (char **)waiver->hosts,
		.hosts_count = waiver->host_count,
		.owner = (char *)waiver->owner,
		.ticket = (char *)waiver->ticket,
		.reason = (char *)waiver->reason,
		.expires = date_of(dates->enforce_from, waiver->expires),
	};
	if (waiver->has_digest)
		yaml->digests[waiver->kind] =
			debar_digest_text(dates->digest, waiver->kind, waiver->digest);
}

static int convert(const struct debar_source *source, struct debar_yaml_policy *yaml,
		   struct numbers *numbers, struct dates *dates)
{
	for (; yaml->bans_count < source->ban_count; yaml->bans_count++) {
		const struct debar_source_ban *ban = &source->bans[yaml->bans_count];

		if (convert_ban(ban, &yaml->bans[yaml->bans_count], numbers, dates++))
			return -ENOMEM;
		numbers += ban->indicator_count;
	}
	for (; yaml->waivers_count < source->waiver_count; yaml->waivers_count++)
		convert_waiver(&source->waivers[yaml->waivers_count],
			       &yaml->waivers[yaml->waivers_count], dates++);
	return 0;
}

static int write_source(const struct debar_source *source, struct debar_buffer *out)
{
	size_t i, count = 1, records = source->ban_count + source->waiver_count;
	char serial[24];
	int err = -ENOMEM;

	for (i = 0; i < source->ban_count; i++)
		count += source->bans[i].indicator_count;
	_cleanup_free_ struct numbers *numbers = calloc(count, sizeof(*numbers));
	_cleanup_free_ struct dates *dates = calloc(records + 1, sizeof(*dates));
	_cleanup_free_ struct debar_yaml_ban *bans = calloc(source->ban_count + 1, sizeof(*bans));
	_cleanup_free_ struct debar_yaml_waiver *waivers =
		source->waiver_count ? calloc(source->waiver_count, sizeof(*waivers)) : NULL;
	struct debar_yaml_policy yaml = {
		.name = (char *)source->name,
		.serial = serial,
		.bans = bans,
		.waivers = waivers,
	};

	snprintf(serial, sizeof(serial), "%" PRIu64, source->serial);
	if (numbers && dates && bans && (waivers || !source->waiver_count) &&
	    !convert(source, &yaml, numbers, dates))
		err = debar_yaml_save(&yaml, out);
	for (i = 0; bans && i < source->ban_count; i++) {
		free(bans[i].indicators);
		free(bans[i].operations);
		free(bans[i].prohibits);
	}
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
