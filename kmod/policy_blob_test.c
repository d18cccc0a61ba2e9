// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of policy_blob.h: a good blob and what is looked up in it, and one for each reason to
 * refuse it.
 */
#include <kunit/test.h>
#include <linux/mm.h>

#include "policy_blob.h"
#include "test_blob.h"

static const u8 d1[] = { 1 }, d2[] = { 1, 0, 1 }, d3[] = { 2 }, d4[] = { 0xff, 0 };

static const struct debar_test_policy source = {
	.bans = 2,
	.serial = 7,
	.waivers = 2,
	.indicators = {
		{ DEBAR_INDICATOR_KIND_FILE_SHA256, 10, 0, d1, sizeof(d1) },
		{ DEBAR_INDICATOR_KIND_FILE_SHA256, 200, 1, d2, sizeof(d2) },
		{ DEBAR_INDICATOR_KIND_FILE_SHA256, 1ULL << 40, 0, d3, sizeof(d3) },
		{ DEBAR_INDICATOR_KIND_FILE_SHA256, 0, 1, d4, sizeof(d4) },
	},
};

/* What lies where in the blob that is made of it; the strings follow. */
struct image {
	struct debar_blob_header header;
	__le64 sizes[3];
	struct debar_blob_indicator indicators[4];
	struct debar_blob_ban bans[2];
	struct debar_blob_waiver waivers[2];
	struct debar_blob_detail details[2];
	u8 strings[];
};

static void free_blob(void *blob)
{
	kvfree(blob);
}

static struct image *new_image(struct kunit *test, size_t *length)
{
	struct image *image = debar_test_blob(test, &source, length);

	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, free_blob, image), 0);
	KUNIT_ASSERT_EQ(test, *length,
			sizeof(*image) + le32_to_cpu(image->header.string_size));
	return image;
}

/* Why a blob is refused, NULL when it is not. */
static const char *refusal(const void *blob, size_t length, u64 *offset)
{
	struct debar_blob_error error = {};
	struct debar_blob parsed;
	int ret = debar_blob_parse(&parsed, blob, length, &error);

	*offset = error.offset;
	return ret ? error.what : NULL;
}

static void accepts_a_good_one(struct kunit *test)
{
	size_t length;
	struct image *image = new_image(test, &length);
	struct debar_blob_error error;
	struct debar_blob blob;
	const struct debar_blob_kind *kind = &blob.kinds[DEBAR_INDICATOR_KIND_FILE_SHA256];

	KUNIT_ASSERT_EQ(test, debar_blob_parse(&blob, image, length, &error), 0);
	KUNIT_EXPECT_PTR_EQ(test, blob.header, &image->header);
	KUNIT_EXPECT_PTR_EQ(test, blob.bans, &image->bans[0]);
	KUNIT_EXPECT_PTR_EQ(test, blob.details, &image->details[0]);
	KUNIT_EXPECT_PTR_EQ(test, kind->sizes, &image->sizes[0]);
	KUNIT_EXPECT_PTR_EQ(test, kind->indicators, &image->indicators[0]);
	KUNIT_EXPECT_EQ(test, kind->size_count, 3);
	KUNIT_EXPECT_EQ(test, kind->indicator_count, 4);
	KUNIT_EXPECT_TRUE(test, kind->sizeless);
	KUNIT_EXPECT_FALSE(test, blob.kinds[DEBAR_INDICATOR_KIND_BUILD_ID].sizeless);
}

static void finds_what_is_in_it(struct kunit *test)
{
	static const u64 absent[] = { 0, 9, 11, 199, 201, (1ULL << 40) + 1, U64_MAX };
	size_t length, i;
	struct image *image = new_image(test, &length);
	struct debar_blob_error error;
	struct debar_blob blob;
	const struct debar_blob_kind *kind = &blob.kinds[DEBAR_INDICATOR_KIND_FILE_SHA256];
	u8 digest[DEBAR_DIGEST_SIZE] = {};
	u64 size;

	KUNIT_ASSERT_EQ(test, debar_blob_parse(&blob, image, length, &error), 0);
	for (i = 0; i < ARRAY_SIZE(absent); i++)
		KUNIT_EXPECT_FALSE(test, debar_blob_has_size(kind, absent[i]));
	for (i = 0; i < 3; i++) {
		size = 0;
		KUNIT_EXPECT_TRUE(test, debar_blob_size_of(kind, &kind->indicators[i], &size));
		KUNIT_EXPECT_EQ(test, size, le64_to_cpu(image->sizes[i]));
		KUNIT_EXPECT_TRUE(test, debar_blob_has_size(kind, size));
	}
	KUNIT_EXPECT_FALSE(test, debar_blob_size_of(kind, &kind->indicators[3], &size));
	for (i = 0; i < 4; i++) {
		const struct debar_blob_indicator *it = &image->indicators[i];

		KUNIT_EXPECT_PTR_EQ(test, debar_blob_find(kind, it->digest), it);
		KUNIT_EXPECT_PTR_EQ(test, debar_blob_detail(&blob, it), &image->details[i % 2]);
		KUNIT_EXPECT_PTR_EQ(test, debar_blob_ban(&blob, it), &image->bans[i % 2]);
	}
	KUNIT_EXPECT_NULL(test, debar_blob_find(kind, digest));
	memset(digest, 0xff, sizeof(digest));
	KUNIT_EXPECT_NULL(test, debar_blob_find(kind, digest));
	KUNIT_EXPECT_STREQ(test, debar_blob_string(&blob, image->bans[1].id), "BAN-2");
	KUNIT_EXPECT_STREQ(test, debar_blob_string(&blob, image->bans[1].product), "");
}

/* Cut off at every byte, and with bytes behind the end: as it is, and with the header saying so. */
static void refuses_another_length(struct kunit *test)
{
	size_t good, length;
	struct image *image = new_image(test, &good);
	u64 offset;

	for (length = 0; length < good + 24; length++) {
		const char *what = refusal(image, length, &offset);

		if (length == good)
			continue;
		KUNIT_EXPECT_STREQ(test, what, length < sizeof(image->header) ?
				   "shorter than the header" :
				   "the length is not that of the blob");
		image->header.length = cpu_to_le64(length);
		what = refusal(image, length, &offset);
		KUNIT_EXPECT_STREQ(test, what, length < sizeof(image->header) ?
				   "shorter than the header" :
				   "the counts do not add up to the length");
		image->header.length = cpu_to_le64(good);
	}
	image->header.length = cpu_to_le64(DEBAR_POLICY_MAX + 1);
	KUNIT_EXPECT_STREQ(test, refusal(image, DEBAR_POLICY_MAX + 1, &offset),
			   "longer than the largest policy allowed");
}

static void refuses_what_it_cannot_read_in_place(struct kunit *test)
{
	size_t length, shift;
	struct image *image = new_image(test, &length);
	u64 offset;

	for (shift = 1; shift < 8; shift++) {
		memmove((u8 *)image + shift, (u8 *)image + shift - 1, length);
		KUNIT_EXPECT_STREQ(test, refusal((u8 *)image + shift, length, &offset),
				   "the buffer is not 8-byte aligned");
	}
}

/**
 * struct lie - a field that makes the good blob a malformed one
 * @offset: where it is
 * @width: 4 or 8 bytes
 * @value: what it says
 * @what: why the blob is refused
 * @elsewhere: the refusal points at another place
 */
struct lie {
	size_t offset;
	size_t width;
	u64 value;
	const char *what;
	bool elsewhere;
};

#define AT(field)	offsetof(struct image, field)
#define SUM		"the counts do not add up to the length"
#define STRINGS		"the section of strings is empty or no multiple of eight bytes"
#define OPERATIONS	"no operation, or no such operation"
#define PROHIBITS	"nothing prohibited, or no such prohibition"
#define SIZES		"sizes are not ascending, or one is repeated"
#define EMPTY		"a string that is required is empty"
#define NO_STRING	"points at no string"
#define FILES		kinds[DEBAR_INDICATOR_KIND_FILE_SHA256]
#define LAST		kinds[DEBAR_INDICATOR_KIND_MAX]

static const struct lie lies[] = {
	{ AT(header.magic), 8, 0, "not a policy blob: wrong magic" },
	{ AT(header.format), 4, 0, "format not supported" },
	{ AT(header.format), 4, DEBAR_BLOB_FORMAT + 1, "format not supported" },
	{ AT(header.header_size), 4, 0, "wrong header size" },
	{ AT(header.header_size), 4, sizeof(struct debar_blob_header) + 8, "wrong header size" },
	{ AT(header.length), 8, U64_MAX, "the length is not that of the blob" },
	{ AT(header.serial), 8, 0, "the serial is zero" },
	{ AT(header.string_size), 4, 0, STRINGS },
	{ AT(header.string_size), 4, 7, STRINGS },
	{ AT(header.string_size), 4, 0xfffffff8, SUM, true },
	{ AT(header.ban_count), 4, 3, SUM, true },
	{ AT(header.ban_count), 4, U32_MAX, SUM, true },
	{ AT(header.detail_count), 4, 1, SUM, true },
	{ AT(header.FILES.size_count), 4, 3 + (1U << 29), SUM, true },
	{ AT(header.FILES.indicator_count), 4, 4 + (1U << 29), SUM, true },
	{ AT(header.LAST.size_count), 4, 1, SUM, true },
	{ AT(header.LAST.indicator_count), 4, U32_MAX, SUM, true },
	{ AT(header.name), 4, 0, EMPTY },
	{ AT(header.name), 4, 2, NO_STRING },
	{ AT(header.name), 4, U32_MAX, NO_STRING },
	{ AT(sizes[0]), 8, 1ULL << 63, "no file is that large" },
	{ AT(sizes[2]), 8, U64_MAX, "no file is that large" },
	{ AT(sizes[1]), 8, 10, SIZES },
	{ AT(sizes[1]), 8, 9, SIZES },
	{ AT(indicators[0].size), 4, 3, "points at no size" },
	{ AT(indicators[3].size), 4, U32_MAX - 1, "points at no size" },
	{ AT(indicators[0].detail), 4, 2, "points at no detail" },
	{ AT(indicators[3].detail), 4, U32_MAX, "points at no detail" },
	{ AT(bans[0].id), 4, 0, EMPTY },
	{ AT(bans[0].vendor), 4, 0, EMPTY },
	{ AT(bans[1].authority), 4, 0, EMPTY },
	{ AT(bans[0].product), 4, 2, NO_STRING },
	{ AT(bans[1].citation), 4, 3, NO_STRING },
	{ AT(bans[0].mode), 4, DEBAR_MODE_MAX + 1, "no such mode" },
	{ AT(bans[1].mode), 4, U32_MAX, "no such mode" },
	{ AT(bans[0].operations), 4, 0, OPERATIONS },
	{ AT(bans[1].operations), 4, DEBAR_BLOB_OPERATIONS_ALL + 1, OPERATIONS },
	{ AT(header.waiver_count), 4, 4097, "more than 4096 waivers" },
	{ AT(header.waiver_count), 4, 4096, SUM, true },
	{ AT(header.reserved), 4, 1, "a reserved field is not zero" },
	{ AT(bans[0].override), 4, 2, NO_STRING },
	{ AT(bans[0].status), 4, DEBAR_BAN_STATUS_MAX + 1, "no such status" },
	{ AT(bans[0].prohibits), 4, 0, PROHIBITS },
	{ AT(bans[1].prohibits), 4, DEBAR_BLOB_PROHIBITS_ALL + 1, PROHIBITS },
	{ AT(bans[0].audit_from), 8, DEBAR_BLOB_DATE_MAX + 1, "a date after the year 9999" },
	{ AT(bans[0].warn_from), 8, DEBAR_BLOB_NEVER - 1, "a date after the year 9999" },
	{ AT(bans[0].enforce_from), 8, 1ULL << 63, "a date after the year 9999" },
	{ AT(waivers[0].id), 4, 0, EMPTY },
	{ AT(waivers[0].product), 4, 2, NO_STRING },
	{ AT(waivers[0].host), 4, 2, NO_STRING },
	{ AT(waivers[1].owner), 4, 0, EMPTY },
	{ AT(waivers[1].ticket), 4, 0, EMPTY },
	{ AT(waivers[0].reason), 4, 2, NO_STRING },
	{ AT(waivers[0].ban), 4, 2, "points at no ban" },
	{ AT(waivers[0].kind), 4, DEBAR_BLOB_KINDS, "no such kind of indicator" },
	{ AT(waivers[0].digest), 4, 1, "a waiver has a digest without a kind" },
	{ AT(waivers[1].expires), 8, DEBAR_BLOB_NEVER, "a waiver does not expire" },
	{ AT(waivers[1].expires), 8, DEBAR_BLOB_DATE_MAX + 1, "a date after the year 9999" },
	{ AT(details[0].ban), 4, 2, "points at no ban" },
	{ AT(details[1].ban), 4, U32_MAX, "points at no ban" },
	{ AT(details[0].product), 4, 2, NO_STRING },
	{ AT(details[1].version), 4, U32_MAX, NO_STRING },
	{ AT(details[1].source), 4, 3, NO_STRING },
};

static void refuses_a_lie(struct kunit *test)
{
	const struct lie *lie = test->param_value;
	size_t length;
	struct image *image = new_image(test, &length);
	__le64 value = cpu_to_le64(lie->value);
	u64 offset;

	/* Of a number that is little-endian the narrower one is the first half. */
	memcpy((u8 *)image + lie->offset, &value, lie->width);
	KUNIT_EXPECT_STREQ(test, refusal(image, length, &offset), lie->what);
	if (!lie->elsewhere)
		KUNIT_EXPECT_EQ(test, offset, lie->offset);
}

/* In which the dates of stages may follow each other. */
static void refuses_a_later_stage_before(struct kunit *test)
{
	static const struct {
		u64 dates[3];
		bool good;
	} orders[] = {
		{ { 1, 2, 3 }, true },
		{ { 1, 1, 1 }, true },
		{ { 1, DEBAR_BLOB_NEVER, 3 }, true },
		{ { DEBAR_BLOB_NEVER, DEBAR_BLOB_NEVER, DEBAR_BLOB_NEVER }, true },
		{ { 1, 2, DEBAR_BLOB_DATE_MAX }, true },
		{ { 2, 1, 3 }, false },
		{ { 1, 3, 2 }, false },
		{ { 2, DEBAR_BLOB_NEVER, 1 }, false },
	};
	size_t length, i;
	struct image *image = new_image(test, &length);
	u64 offset;

	for (i = 0; i < ARRAY_SIZE(orders); i++) {
		image->bans[0].audit_from = cpu_to_le64(orders[i].dates[0]);
		image->bans[0].warn_from = cpu_to_le64(orders[i].dates[1]);
		image->bans[0].enforce_from = cpu_to_le64(orders[i].dates[2]);
		KUNIT_EXPECT_STREQ(test, refusal(image, length, &offset) ?: "", orders[i].good ?
				   "" : "a stage begins before an earlier one");
	}
}

static void refuses_a_wrong_order(struct kunit *test)
{
	size_t length;
	struct image *image = new_image(test, &length);
	u64 offset;

	image->indicators[2].digest[0] = image->indicators[1].digest[0];
	KUNIT_EXPECT_STREQ(test, refusal(image, length, &offset),
			   "digests are not ascending, or one is repeated");
	image = new_image(test, &length);
	memcpy(image->indicators[1].digest, image->indicators[0].digest, DEBAR_DIGEST_SIZE);
	KUNIT_EXPECT_STREQ(test, refusal(image, length, &offset),
			   "digests are not ascending, or one is repeated");
	image = new_image(test, &length);
	swap(image->bans[0].id, image->bans[1].id);
	KUNIT_EXPECT_STREQ(test, refusal(image, length, &offset),
			   "ban ids are not ascending, or one is repeated");
	image->bans[0].id = image->bans[1].id;
	KUNIT_EXPECT_STREQ(test, refusal(image, length, &offset),
			   "ban ids are not ascending, or one is repeated");
}

/**
 * struct damage - a byte in the section of strings that makes the blob a malformed one
 * @name: of the case
 * @at: where it is in the section; counted from its end when negative
 * @byte: what it is
 * @what: why the blob is refused
 */
struct damage {
	const char *name;
	int at;
	char byte;
	const char *what;
};

#define ENDS	"the section of strings does not begin and end with a NUL"

static const struct damage damages[] = {
	{ "no empty string", 0, 'x', ENDS },
	{ "no NUL at the end", -1, 'x', ENDS },
	{ "an empty string", 1, 0, "an empty string among the strings" },
	{ "a tab", 2, '\t', "a control character in a string" },
	{ "a delete", 2, 0x7f, "a control character in a string" },
	{ "a byte of UTF-8", 2, 0xc3, NULL },
};

static void refuses_damaged_strings(struct kunit *test)
{
	const struct damage *damage = test->param_value;
	size_t length;
	struct image *image = new_image(test, &length);
	u8 *strings = damage->at < 0 ? (u8 *)image + length : image->strings;
	u64 offset;

	strings[damage->at] = damage->byte;
	KUNIT_EXPECT_STREQ(test, refusal(image, length, &offset) ?: "", damage->what ?: "");
}

/* Adds to the strings one of bytes that are all the same. */
static const char *refusal_with_more(struct kunit *test, u8 byte, size_t more)
{
	size_t length;
	struct image *image = new_image(test, &length);
	u8 *end = (u8 *)image + length;
	u64 offset;

	while (!end[-2])
		end--;
	memset(end, byte, more);
	length = ALIGN(end + more + 1 - (u8 *)image, 8);
	image->header.length = cpu_to_le64(length);
	image->header.string_size = cpu_to_le32(length - sizeof(*image));
	return refusal(image, length, &offset) ?: "";
}

static void refuses_strings_too_long(struct kunit *test)
{
	const char *strings = "a string is longer than 255 bytes";
	size_t length;
	struct image *image = new_image(test, &length);
	u64 offset;

	image->bans[0].product = cpu_to_le32(le32_to_cpu(image->header.string_size) - 1);
	KUNIT_EXPECT_STREQ(test, refusal(image, length, &offset), "points behind the last string");
	KUNIT_EXPECT_STREQ(test, refusal_with_more(test, 'x', DEBAR_BLOB_STRING_MAX), "");
	KUNIT_EXPECT_STREQ(test, refusal_with_more(test, 0, 16),
			   "more than eight NULs at the end of the strings");
	KUNIT_EXPECT_STREQ(test, refusal_with_more(test, 'x', DEBAR_BLOB_STRING_MAX + 1), strings);
	KUNIT_EXPECT_STREQ(test, refusal_with_more(test, 'x', 1000), strings);
}

static void describe_lie(const struct lie *lie, char *text)
{
	snprintf(text, KUNIT_PARAM_DESC_SIZE, "%s: %#llx at %zu", lie->what, lie->value,
		 lie->offset);
}

static void describe_damage(const struct damage *damage, char *text)
{
	strscpy(text, damage->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(lie, lies, describe_lie);
KUNIT_ARRAY_PARAM(damage, damages, describe_damage);

static struct kunit_case cases[] = {
	KUNIT_CASE(accepts_a_good_one),
	KUNIT_CASE(finds_what_is_in_it),
	KUNIT_CASE(refuses_another_length),
	KUNIT_CASE(refuses_what_it_cannot_read_in_place),
	KUNIT_CASE_PARAM(refuses_a_lie, lie_gen_params),
	KUNIT_CASE(refuses_a_later_stage_before),
	KUNIT_CASE(refuses_a_wrong_order),
	KUNIT_CASE_PARAM(refuses_damaged_strings, damage_gen_params),
	KUNIT_CASE(refuses_strings_too_long),
	{}
};

static struct kunit_suite suite = {
	.name = "debar-policy-blob",
	.test_cases = cases,
};

kunit_test_suite(suite);
