// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzes kmod/policy_blob.c: in a blob that is accepted, whatever can be asked for is in order. */
#include <endian.h>
#include <string.h>

#include "fuzz.h"
#include "policy_decide.h"

static void use_string(const struct debar_blob *blob, __le32 offset)
{
	must(strlen(debar_blob_string(blob, offset)) <= DEBAR_BLOB_STRING_MAX);
}

static void use_ban(const struct debar_blob *blob, const struct debar_blob_ban *ban)
{
	use_string(blob, ban->id);
	use_string(blob, ban->vendor);
	use_string(blob, ban->product);
	use_string(blob, ban->authority);
	use_string(blob, ban->citation);
	use_string(blob, ban->override);
	must(le32toh(ban->mode) <= DEBAR_MODE_MAX);
	must(!(le32toh(ban->operations) & ~DEBAR_BLOB_OPERATIONS_ALL));
}

static void use_waiver(const struct debar_blob *blob, const struct debar_blob_waiver *waiver)
{
	use_string(blob, waiver->id);
	use_string(blob, waiver->product);
	use_string(blob, waiver->host);
	use_string(blob, waiver->owner);
	use_string(blob, waiver->ticket);
	use_string(blob, waiver->reason);
	must(le32toh(waiver->ban) < le32toh(blob->header->ban_count));
}

/* A verdict on each day on which something changes; no refusal comes without its stage. */
static void use_dates(const struct debar_blob *blob, uint32_t kind,
		      const struct debar_blob_indicator *it)
{
	struct debar_circumstances in = { DEBAR_OPERATION_EXECUTE, "host", 0 };
	struct debar_decision decision;
	int i;

	for (i = 0; i < 8 && in.now != DEBAR_BLOB_NEVER; i++) {
		decision = debar_blob_decide(blob, kind, it, &in);
		must(decision.verdict != DEBAR_VERDICT_DENY ||
		     (decision.stage == DEBAR_STAGE_ENFORCE && !decision.waiver));
		must(debar_blob_next_date(blob, in.now) > in.now);
		in.now = debar_blob_next_date(blob, in.now);
	}
}

static void use_kind(const struct debar_blob *blob, const struct debar_blob_kind *kind)
{
	__u64 size;
	uint32_t i;

	for (i = 0; i < kind->indicator_count; i++) {
		const struct debar_blob_indicator *it = &kind->indicators[i];
		const struct debar_blob_detail *detail = debar_blob_detail(blob, it);

		must(debar_blob_find(kind, it->digest) == it);
		must(debar_blob_size_of(kind, it, &size) ? debar_blob_has_size(kind, size) :
							   kind->sizeless);
		use_ban(blob, debar_blob_ban(blob, it));
		use_string(blob, detail->product);
		use_string(blob, detail->version);
		use_string(blob, detail->source);
		if (i < 16)
			use_dates(blob, kind - blob->kinds, it);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *bytes = fuzz_copy(data, size);
	struct debar_blob_error error = {};
	struct debar_blob blob;
	uint32_t i;

	if (!debar_blob_parse(&blob, bytes, size, &error)) {
		use_string(&blob, blob.header->name);
		for (i = 0; i < DEBAR_BLOB_KINDS; i++)
			use_kind(&blob, &blob.kinds[i]);
		for (i = 0; i < le32toh(blob.header->ban_count); i++)
			use_ban(&blob, &blob.bans[i]);
		for (i = 0; i < le32toh(blob.header->waiver_count); i++)
			use_waiver(&blob, &blob.waivers[i]);
	} else {
		must(error.what && error.offset <= size);
	}
	free(bytes);
	return 0;
}
