// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads out what a compiled policy holds, in the structs in which the kernel's answers come. */
#include <endian.h>
#include <errno.h>
#include <time.h>

#include "policy_decide.h"
#include "policy_dump.h"

static void count_indicators(const struct debar_blob *blob, uint32_t *counts)
{
	const struct debar_blob_kind *kind;
	uint32_t i;

	for (kind = blob->kinds; kind < blob->kinds + DEBAR_BLOB_KINDS; kind++)
		for (i = 0; i < kind->indicator_count; i++)
			counts[debar_blob_ban(blob, &kind->indicators[i]) - blob->bans]++;
}

static int dump_ban(const struct debar_blob *blob, const struct debar_blob_ban *ban, uint32_t count,
		    uint64_t now, debar_ban_cb cb, void *data)
{
	return cb(&(struct debar_ban_info){
		.id = debar_blob_string(blob, ban->id),
		.vendor = debar_blob_string(blob, ban->vendor),
		.product = debar_blob_string(blob, ban->product),
		.authority = debar_blob_string(blob, ban->authority),
		.citation = debar_blob_string(blob, ban->citation),
		.mode = le32toh(ban->mode),
		.operations = le32toh(ban->operations),
		.indicators = count,
		.status = le32toh(ban->status),
		.prohibits = le32toh(ban->prohibits),
		.override = debar_blob_string(blob, ban->override),
		.audit_from = le64toh(ban->audit_from),
		.warn_from = le64toh(ban->warn_from),
		.enforce_from = le64toh(ban->enforce_from),
		.stage = debar_blob_stage(ban, now),
		.next_date = debar_blob_next_stage(ban, now),
	}, data);
}

int debar_policy_dump_bans(const struct debar_policy *policy, uint64_t now, debar_ban_cb cb,
			   void *data)
{
	const struct debar_blob *blob = &policy->blob;
	uint32_t count = le32toh(blob->header->ban_count), i;
	_cleanup_free_ uint32_t *counts = calloc(count + 1, sizeof(*counts));
	int err = counts ? cb(NULL, data) : -ENOMEM;

	if (!err)
		count_indicators(blob, counts);
	for (i = 0; i < count && !err; i++)
		err = dump_ban(blob, &blob->bans[i], counts[i], now, cb, data);
	return err;
}

int debar_policy_dump_waivers(const struct debar_policy *policy, debar_waiver_cb cb, void *data)
{
	const struct debar_blob *blob = &policy->blob;
	uint32_t count = le32toh(blob->header->waiver_count), i;
	int err = cb(NULL, data);

	for (i = 0; i < count && !err; i++) {
		const struct debar_blob_waiver *waiver = &blob->waivers[i];
		uint32_t kind = le32toh(waiver->kind);

		err = cb(&(struct debar_waiver_info){
			.id = debar_blob_string(blob, waiver->id),
			.ban_id = debar_blob_string(blob, blob->bans[le32toh(waiver->ban)].id),
			.product = debar_blob_string(blob, waiver->product),
			.host = debar_blob_string(blob, waiver->host),
			.owner = debar_blob_string(blob, waiver->owner),
			.ticket = debar_blob_string(blob, waiver->ticket),
			.reason = debar_blob_string(blob, waiver->reason),
			.kind = kind,
			.digest = kind == DEBAR_BLOB_NO_KIND ? NULL : waiver->digest,
			.expires = le64toh(waiver->expires),
		}, data);
	}
	return err;
}

static int dump_indicator(const struct debar_blob *blob, uint32_t kind,
			  const struct debar_blob_indicator *it, debar_indicator_cb cb, void *data)
{
	const struct debar_blob_detail *detail = debar_blob_detail(blob, it);
	__u64 size = DEBAR_SIZE_UNKNOWN;

	debar_blob_size_of(&blob->kinds[kind], it, &size);
	return cb(&(struct debar_indicator_info){
		.kind = kind,
		.digest = it->digest,
		.size = size,
		.ban_id = debar_blob_string(blob, debar_blob_ban(blob, it)->id),
		.product = debar_blob_string(blob, detail->product),
		.version = debar_blob_string(blob, detail->version),
		.source = debar_blob_string(blob, detail->source),
	}, data);
}

int debar_policy_dump_indicators(const struct debar_policy *policy, debar_indicator_cb cb,
				 void *data)
{
	const struct debar_blob *blob = &policy->blob;
	uint32_t kind, i;
	int err = cb(NULL, data);

	for (kind = 0; kind < DEBAR_BLOB_KINDS; kind++)
		for (i = 0; i < blob->kinds[kind].indicator_count && !err; i++)
			err = dump_indicator(blob, kind, &blob->kinds[kind].indicators[i], cb,
					     data);
	return err;
}

struct debar_policy_info debar_policy_info(const struct debar_policy *policy)
{
	const struct debar_blob *blob = &policy->blob;
	struct debar_policy_info info = {
		.name = debar_blob_string(blob, blob->header->name),
		.serial = le64toh(blob->header->serial),
		.issued = le64toh(blob->header->issued),
		.digest = policy->digest,
		.length = policy->data.length,
		.bans = le32toh(blob->header->ban_count),
	};
	uint32_t kind;

	for (kind = 0; kind < DEBAR_BLOB_KINDS; kind++)
		info.indicators += blob->kinds[kind].indicator_count;
	return info;
}

uint64_t debar_now(uint64_t issued)
{
	uint64_t now = time(NULL);

	return now > issued ? now : issued;
}

uint64_t debar_policy_now(const struct debar_policy *policy)
{
	return debar_now(le64toh(policy->blob.header->issued));
}
