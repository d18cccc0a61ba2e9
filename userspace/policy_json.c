// SPDX-License-Identifier: GPL-2.0-or-later
/* What a policy holds, as JSON and in the words that people read. */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "dates.h"
#include "names.h"
#include "policy_decide.h"
#include "policy_json.h"

char *debar_set_text(char text[DEBAR_SET_SIZE], uint32_t set, const char *(*name)(uint32_t number))
{
	size_t length = 0;
	uint32_t i;

	text[0] = 0;
	for (i = 0; i < 32 && length < DEBAR_SET_SIZE; i++)
		if (set >> i & 1)
			length += snprintf(text + length, DEBAR_SET_SIZE - length, "%s%s",
					   length ? "," : "", name(i));
	return text;
}

static json_t *set_json(uint32_t set, const char *(*name)(uint32_t number))
{
	json_t *array = json_array();
	uint32_t i;

	for (i = 0; i < 32; i++)
		if (set >> i & 1)
			json_array_append_new(array, json_string(name(i)));
	return array;
}

json_t *debar_date_json(uint64_t seconds)
{
	char text[DEBAR_DATE_SIZE];

	return seconds == DEBAR_BLOB_NEVER ? json_null() :
					     json_string(debar_date_text(text, seconds));
}

json_t *debar_ban_json(const struct debar_ban_info *ban)
{
	return json_pack("{s:s,s:s,s:s?,s:s,s:s?,s:s,s:o,s:I,s:s,s:o,s:s?,s:o,s:o,s:o,s:s,s:o}",
			 "id", ban->id, "vendor", ban->vendor,
			 "product", debar_or_null(ban->product), "authority", ban->authority,
			 "citation", debar_or_null(ban->citation),
			 "mode", debar_mode_name(ban->mode),
			 "operations", set_json(ban->operations, debar_operation_name),
			 "indicators", (json_int_t)ban->indicators,
			 "status", debar_status_name(ban->status),
			 "prohibits", set_json(ban->prohibits, debar_prohibition_name),
			 "override", debar_or_null(ban->override),
			 "audit_from", debar_date_json(ban->audit_from),
			 "warn_from", debar_date_json(ban->warn_from),
			 "enforce_from", debar_date_json(ban->enforce_from),
			 "stage", debar_stage_name(ban->stage),
			 "next_date", debar_date_json(ban->next_date));
}

json_t *debar_waiver_json(const struct debar_waiver_info *waiver)
{
	char digest[DEBAR_HEX_SIZE] = "";

	if (waiver->digest)
		debar_digest_text(digest, waiver->kind, waiver->digest);
	return json_pack("{s:s,s:s,s:s?,s:s?,s:s?,s:s?,s:s,s:s,s:s?,s:o}", "id", waiver->id,
			 "ban", waiver->ban_id, "product", debar_or_null(waiver->product),
			 "kind", waiver->digest ? debar_kind_name(waiver->kind) : NULL,
			 "digest", debar_or_null(digest), "host", debar_or_null(waiver->host),
			 "owner", waiver->owner, "ticket", waiver->ticket,
			 "reason", debar_or_null(waiver->reason),
			 "expires", debar_date_json(waiver->expires));
}

json_t *debar_indicator_json(const struct debar_indicator_info *it)
{
	json_t *size = it->size == DEBAR_SIZE_UNKNOWN ? NULL : json_integer((json_int_t)it->size);
	char digest[DEBAR_HEX_SIZE];

	return json_pack("{s:s,s:s,s:o?,s:s,s:s?,s:s?,s:s?,s:b}", "kind", debar_kind_name(it->kind),
			 "digest", debar_digest_text(digest, it->kind, it->digest), "size", size,
			 "ban", it->ban_id, "product", debar_or_null(it->product),
			 "version", debar_or_null(it->version),
			 "source", debar_or_null(it->source), "local", it->local);
}

uint32_t debar_ban_stage_at(const struct debar_ban_info *ban, uint64_t date)
{
	/* Of the override only whether there is one counts. */
	const struct debar_blob_ban same = {
		.mode = htole32(ban->mode),
		.status = htole32(ban->status),
		.prohibits = htole32(ban->prohibits),
		.override = htole32(ban->override[0] ? 1 : 0),
		.audit_from = htole64(ban->audit_from),
		.warn_from = htole64(ban->warn_from),
		.enforce_from = htole64(ban->enforce_from),
	};

	return debar_blob_stage(&same, date);
}

/* Takes over the reference to the sentence. */
static int add_change(struct debar_next *next, uint64_t date, json_t *sentence)
{
	if (date < next->date) {
		json_decref(next->changes);
		next->changes = json_array();
		next->date = date;
	}
	return json_array_append_new(next->changes, sentence) ? -ENOMEM : 0;
}

int debar_next_ban(struct debar_next *next, const struct debar_ban_info *ban)
{
	uint64_t date = ban->next_date;

	if (date == DEBAR_BLOB_NEVER || date > next->date)
		return 0;
	return add_change(next, date,
			  json_sprintf("ban %s goes from the stage %s to %s", ban->id,
				       debar_stage_name(ban->stage),
				       debar_stage_name(debar_ban_stage_at(ban, date))));
}

int debar_next_waiver(struct debar_next *next, const struct debar_waiver_info *waiver, uint64_t now)
{
	if (waiver->expires <= now || waiver->expires > next->date)
		return 0;
	return add_change(next, waiver->expires,
			  json_sprintf("waiver %s of ban %s%s%s expires", waiver->id,
				       waiver->ban_id, waiver->host[0] ? " on host " : "",
				       waiver->host));
}
