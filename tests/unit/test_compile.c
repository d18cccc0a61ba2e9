// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Unit tests of compile.h: every field of a source is found in the blob again, and what is wrong
 * is refused with its place.
 */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>

#include "compile.h"
#include "tap.h"

#define DIGEST(byte) { [0] = (byte), [31] = 0xee }

static const struct debar_source_indicator alpha_indicators[] = {
	{ .digest = DIGEST(9), .size = 700,
	  .product = "Agent", .version = "2.0", .source = "here" },
	{ .digest = DIGEST(1), .size = 12 },
	{ .digest = DIGEST(200), .size = 700,
	  .product = "Agent", .version = "2.0", .source = "here" },
	{ .digest = DIGEST(5) },
	{ .kind = DEBAR_INDICATOR_KIND_CODE_SHA256, .digest = DIGEST(9), .size = 3 },
	{ .kind = DEBAR_INDICATOR_KIND_BUILD_ID, .digest = { 9 } },
	{ .kind = DEBAR_INDICATOR_KIND_FSVERITY_SHA256, .digest = DIGEST(9), .size = 3 },
};

static const struct debar_source_indicator beta_indicators[] = {
	{ .digest = DIGEST(7), .size = INT64_MAX, .source = "there" },
};

static const struct debar_source_ban two_bans[] = {
	{
		.id = "beta", .vendor = "Beta Ltd", .product = "Suite", .authority = "an order",
		.citation = "1 FR 2", .mode = DEBAR_MODE_ENFORCE,
		.indicators = beta_indicators, .indicator_count = ARRAY_SIZE(beta_indicators),
	},
	{
		.id = "alpha", .vendor = "Alpha Inc", .authority = "an order",
		.mode = DEBAR_MODE_MONITOR,
		.operations = DEBAR_BLOB_OPERATION(DEBAR_OPERATION_OPEN),
		.indicators = alpha_indicators, .indicator_count = ARRAY_SIZE(alpha_indicators),
	},
};

static const struct debar_source two = {
	.name = "two", .serial = 77, .issued = 1234567890,
	.bans = two_bans, .ban_count = ARRAY_SIZE(two_bans),
};

static int compile(const struct debar_source *source, struct debar_buffer *out,
		   struct debar_blob *blob)
{
	struct debar_blob_error wrong;
	struct debar_error error;

	if (debar_compile(source, out, &error)) {
		printf("# %s: %s: %s\n", error.where, error.what, error.remedy);
		return -1;
	}
	return debar_blob_parse(blob, out->data, out->length, &wrong);
}

static void test_header(const struct debar_blob *blob)
{
	const struct debar_blob_ban *ban = blob->bans;

	same_text(debar_blob_string(blob, blob->header->name), "two", "name");
	ok(le64toh(blob->header->serial) == 77, "serial");
	ok(le64toh(blob->header->issued) == 1234567890, "time of issue");
	ok(le32toh(blob->header->ban_count) == 2, "bans");
	same_text(debar_blob_string(blob, ban[0].id), "alpha", "bans are sorted by id");
	same_text(debar_blob_string(blob, ban[0].product), "", "a product that is absent");
	same_text(debar_blob_string(blob, ban[1].vendor), "Beta Ltd", "vendor");
	same_text(debar_blob_string(blob, ban[1].product), "Suite", "product");
	same_text(debar_blob_string(blob, ban[1].authority), "an order", "authority");
	same_text(debar_blob_string(blob, ban[1].citation), "1 FR 2", "citation");
	ok(le32toh(ban[0].mode) == DEBAR_MODE_MONITOR, "mode monitor");
	ok(le32toh(ban[1].mode) == DEBAR_MODE_ENFORCE, "mode enforce");
	ok(le32toh(ban[0].operations) == 1 << DEBAR_OPERATION_OPEN, "operations, named");
	ok(le32toh(ban[1].operations) == DEBAR_BLOB_OPERATIONS_DEFAULT, "operations, not named");
	ok(ban[0].authority == ban[1].authority, "equal strings are kept once");
}

static void test_indicators(const struct debar_blob *blob)
{
	const struct debar_blob_kind *files = &blob->kinds[DEBAR_INDICATOR_KIND_FILE_SHA256];
	const struct debar_blob_kind *code = &blob->kinds[DEBAR_INDICATOR_KIND_CODE_SHA256];
	const struct debar_blob_indicator *it, *other;
	const struct debar_blob_detail *detail;
	__u64 size = 0;

	ok(files->indicator_count == 5 && code->indicator_count == 1 &&
	   blob->kinds[DEBAR_INDICATOR_KIND_FSVERITY_SHA256].indicator_count == 1 &&
	   blob->kinds[DEBAR_INDICATOR_KIND_BUILD_ID].indicator_count == 1, "indicators by kind");
	ok(files->size_count == 3 && code->size_count == 1, "sizes, each once");
	ok(files->sizeless && !code->sizeless, "one has no size");
	ok(debar_blob_has_size(files, 12) && debar_blob_has_size(files, 700) &&
	   debar_blob_has_size(files, INT64_MAX), "all sizes are found");
	ok(!debar_blob_has_size(files, 3) && debar_blob_has_size(code, 3), "sizes of another kind");
	it = debar_blob_find(files, alpha_indicators[2].digest);
	other = debar_blob_find(files, alpha_indicators[0].digest);
	if (!ok(it && other, "digests are found"))
		return;
	ok(debar_blob_size_of(files, it, &size) && size == 700, "size of an indicator");
	same_text(debar_blob_string(blob, debar_blob_ban(blob, it)->id), "alpha", "its ban");
	detail = debar_blob_detail(blob, it);
	same_text(debar_blob_string(blob, detail->product), "Agent", "its product");
	same_text(debar_blob_string(blob, detail->version), "2.0", "its version");
	same_text(debar_blob_string(blob, detail->source), "here", "its source");
	ok(it->detail == other->detail, "equal details are kept once");
	it = debar_blob_find(files, alpha_indicators[3].digest);
	ok(it && !debar_blob_size_of(files, it, &size), "an indicator without a size");
	ok(!debar_blob_find(files, (const __u8[DEBAR_DIGEST_SIZE])DIGEST(2)), "another digest");
}

static void test_round_trip(void)
{
	_cleanup_buffer_ struct debar_buffer out = {}, again = {};
	struct debar_blob blob;

	if (!ok(!compile(&two, &out, &blob), "two bans are compiled"))
		return;
	test_header(&blob);
	test_indicators(&blob);
	ok(!compile(&two, &again, &blob) && again.length == out.length &&
	   !memcmp(again.data, out.data, out.length), "the same source gives the same bytes");
}

static void test_parts(void)
{
	const struct debar_source_indicator more[] = {
		{ .digest = DIGEST(9), .size = 700, .source = "elsewhere" },
		{ .digest = DIGEST(10), .size = 1 },
	};
	const struct debar_source_ban parts[] = {
		two_bans[1], two_bans[0],
		{ .id = "alpha", .vendor = "Alpha Inc", .authority = "an order",
		  .operations = DEBAR_BLOB_OPERATION(DEBAR_OPERATION_OPEN),
		  .mode = DEBAR_MODE_MONITOR, .indicators = more, .indicator_count = 2 },
	};
	const struct debar_source source = { .name = "parts", .serial = 1, .bans = parts,
					     .ban_count = 3 };
	const struct debar_source none = { .name = "none", .serial = UINT64_MAX };
	_cleanup_buffer_ struct debar_buffer out = {}, empty = {};
	const struct debar_blob_indicator *it;
	struct debar_blob blob;

	if (ok(!compile(&source, &out, &blob), "parts of a ban are compiled")) {
		ok(le32toh(blob.header->ban_count) == 2, "and become one");
		ok(blob.kinds[0].indicator_count == 6, "the digest that both have is taken once");
		it = debar_blob_find(&blob.kinds[0], alpha_indicators[0].digest);
		same_text(debar_blob_string(&blob, debar_blob_detail(&blob, it)->source), "here",
			  "the first one counts");
	}
	ok(!compile(&none, &empty, &blob) && !le32toh(blob.header->ban_count),
	   "a policy of no ban");
}

static const char *place_of(struct debar_source *source, struct debar_source_ban *ban,
			    struct debar_error *error)
{
	struct debar_buffer out = {};

	if (ban)
		source->bans = ban;
	if (debar_compile(source, &out, error) != -EINVAL || out.data)
		snprintf(error->where, sizeof(error->where), "not refused");
	debar_buffer_free(&out);
	return error->where;
}

static char long_string[DEBAR_BLOB_STRING_MAX + 2];

static void test_strings(void)
{
	struct debar_source source = { .name = "s", .serial = 1, .ban_count = 1 };
	struct debar_source_ban ban = { .id = "b", .vendor = "v", .authority = "a" };
	struct debar_source_indicator it = { .digest = DIGEST(1), .version = "" };
	_cleanup_buffer_ struct debar_buffer out = {};
	struct debar_error error;
	struct debar_blob blob;

	memset(long_string, 'x', sizeof(long_string) - 1);
	ban.vendor = long_string;
	same_text(place_of(&source, &ban, &error), "ban 1", "a string of 256 bytes");
	same_text(error.what, "'vendor' is 256 bytes long, at most 255 are allowed",
		  "what is wrong");
	ban.vendor = long_string + 1;
	ok(!compile(&source, &out, &blob), "a string of 255 bytes");
	ban.vendor = "tab\there";
	same_text(place_of(&source, &ban, &error), "ban 1", "a control character");
	same_text(error.what, "'vendor' has the control character 0x09", "which one");
	ban.vendor = NULL;
	place_of(&source, &ban, &error);
	same_text(error.what, "'vendor' is missing", "a vendor that is missing");
	ban.vendor = "v";
	ban.indicators = &it;
	ban.indicator_count = 1;
	same_text(place_of(&source, &ban, &error), "ban 1, indicator 1", "an empty version");
	it.version = NULL;
	it.size = (uint64_t)INT64_MAX + 1;
	same_text(place_of(&source, &ban, &error), "ban 1, indicator 1", "a size that no file has");
	it.size = 0;
	it.kind = DEBAR_INDICATOR_KIND_MAX + 1;
	same_text(place_of(&source, &ban, &error), "ban 1, indicator 1", "an unknown kind");
	it.kind = DEBAR_INDICATOR_KIND_BUILD_ID;
	it.size = 1;
	same_text(place_of(&source, &ban, &error), "ban 1, indicator 1", "a build id with a size");
	it.kind = 0;
	source.serial = 0;
	same_text(place_of(&source, &ban, &error), "policy", "serial 0");
	source.serial = 1;
	source.name = "";
	same_text(place_of(&source, &ban, &error), "policy", "an empty name");
}

static void test_repeated(void)
{
	struct debar_source_indicator twice[] = {
		{ .digest = DIGEST(1), .size = 5 }, { .digest = DIGEST(2), .size = 5 },
		{ .digest = DIGEST(1), .size = 5 },
	};
	struct debar_source_ban bans[] = {
		{ .id = "b", .vendor = "v", .authority = "a", .indicators = twice,
		  .indicator_count = 3 },
		{ .id = "b", .vendor = "v", .authority = "a", .indicators = twice,
		  .indicator_count = 1 },
	};
	struct debar_source source = { .name = "s", .serial = 1, .bans = bans, .ban_count = 1 };
	struct debar_error error;

	same_text(place_of(&source, NULL, &error), "ban 1, indicator 3", "a digest stands twice");
	ok(strstr(error.what, "the same as at ban 1, indicator 1"), "both places are named");
	bans[0].indicators = twice + 1;
	bans[0].indicator_count = 2;
	source.ban_count = 2;
	twice[2].size = 6;
	same_text(place_of(&source, NULL, &error), "ban 2, indicator 1", "with another size");
	twice[2].size = 5;
	bans[1].id = "c";
	same_text(place_of(&source, NULL, &error), "ban 2, indicator 1", "in another ban");
	bans[1].id = "b";
	bans[1].authority = "another";
	same_text(place_of(&source, NULL, &error), "ban 2", "parts of a ban disagree");
	same_text(error.what, "ban 'b' has another 'authority' than at ban 1", "in what they do");
}

static void test_profiles(void)
{
	static const char *const desk[] = { "desk", "kiosk" }, *const rack[] = { "rack" };
	const struct debar_source_ban bans[] = {
		{ .id = "z", .vendor = "v", .authority = "a" },
		{ .id = "d", .vendor = "v", .authority = "a", .profiles = desk, .profile_count = 2,
		  .indicators = beta_indicators, .indicator_count = 1 },
		{ .id = "r", .vendor = "v", .authority = "a", .profiles = rack, .profile_count = 1,
		  .indicators = beta_indicators, .indicator_count = 1 },
	};
	_cleanup_buffer_ struct debar_buffer out = {};
	struct debar_profiles host = { .names = rack, .count = 1 };
	struct debar_source source = { .name = "s", .serial = 1, .bans = bans, .ban_count = 3,
				       .host = &host };
	const struct debar_blob_indicator *it;
	struct debar_error told;
	struct debar_blob blob;
	size_t at = 0;

	if (ok(!compile(&source, &out, &blob), "one digest in bans of two profiles")) {
		ok(le32toh(blob.header->ban_count) == 2, "the ban of another profile is left out");
		it = debar_blob_find(&blob.kinds[0], beta_indicators[0].digest);
		if (ok(it, "the digest is there"))
			same_text(debar_blob_string(&blob, debar_blob_ban(&blob, it)->id), "r",
				  "and belongs to the ban that applies");
	}
	ok(debar_profiles_told(&host, &at, &told), "which one was left out");
	same_text(told.where, "ban d", "is told");
	same_text(told.what, "left out, it applies to desk, kiosk", "with its profiles");
	ok(!debar_profiles_told(&host, &at, &told), "it was the only one");
	source.host = NULL;
	same_text(place_of(&source, NULL, &told), "ban 3, indicator 1",
		  "without a host all count");
	debar_buffer_free(&host.left_out);
}

/*
 * As many as a large vendor's products have: time must grow with the number, not with its square.
 */
static void test_many(void)
{
	const size_t count = 300000;
	_cleanup_free_ struct debar_source_indicator *its = calloc(count, sizeof(*its));
	struct debar_source_ban ban = { .id = "b", .vendor = "v", .authority = "a",
					.indicators = its, .indicator_count = count };
	struct debar_source source = { .name = "many", .serial = 1, .bans = &ban, .ban_count = 1 };
	_cleanup_buffer_ struct debar_buffer out = {};
	_cleanup_free_ char *versions = calloc(count, 8);
	struct debar_blob blob;
	size_t i;

	for (i = 0; its && versions && i < count; i++) {
		memcpy(its[i].digest, &(uint32_t){ i * 2654435761U }, 4);
		its[i].size = 1 + i % 1000;
		its[i].version = versions + 8 * i;
		snprintf(versions + 8 * i, 8, "%zu", i);
	}
	ok(!compile(&source, &out, &blob) && blob.kinds[0].indicator_count == count &&
	   blob.kinds[0].size_count == 1000, "300,000 indicators");
}

int main(void)
{
	test_round_trip();
	test_parts();
	test_strings();
	test_repeated();
	test_profiles();
	test_many();
	return tap_done();
}
