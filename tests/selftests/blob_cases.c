// SPDX-License-Identifier: GPL-2.0-only
/* A table of malformed policy blobs, made of a good one; see blob_cases.h. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blob_cases.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/* Unlike those of endian.h these are constants. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define LE32(value)	((__u32)(value))
#define LE64(value)	((__u64)(value))
#else
#define LE32(value)	__builtin_bswap32(value)
#define LE64(value)	__builtin_bswap64(value)
#endif

/* A field that is multiplied by this much more wraps to what it was, were it 32 bits wide. */
#define WRAPS_8		(1U << 29)
#define WRAPS_16	(1U << 28)
#define WRAPS_40	(1U << 29)
#define WRAPS_64	(1U << 26)

/*
 * The section of strings: each member is a string with its NUL; only the first bytes are used of
 * the longer ones.
 */
struct strings {
	char empty[1];
	char name[5];
	char id_a[6];
	char id_b[6];
	char vendor[7];
	char authority[10];
	char product[8];
	char fill[5];
};

/* The good blob; policy_blob.h says what lies where. */
struct image {
	struct debar_blob_header header;
	__le64 sizes[3];
	struct debar_blob_indicator indicators[4];
	struct debar_blob_ban bans[2];
	struct debar_blob_waiver waivers[2];
	struct debar_blob_detail details[3];
	struct strings strings;
};

_Static_assert(sizeof(struct strings) % 8 == 0, "the section of strings has a whole number of words");
_Static_assert(sizeof(struct image) == 64 + 8 * DEBAR_BLOB_KINDS + 3 * 8 + 4 * 40 + 2 * 64 +
		       2 * 72 + 3 * 16 + sizeof(struct strings), "there are no gaps");

#define AT(member)	((__u32)offsetof(struct image, member))
#define STRING(member)	LE32(offsetof(struct strings, member))

static const struct image good = {
	.header = {
		.magic = { 'D', 'E', 'B', 'A', 'R', 'P', 'O', 'L' },
		.format = LE32(DEBAR_BLOB_FORMAT),
		.header_size = LE32(sizeof(struct debar_blob_header)),
		.length = LE64(sizeof(struct image)),
		.serial = LE64(7),
		.issued = LE64(1700000000),
		.name = STRING(name),
		.ban_count = LE32(2),
		.waiver_count = LE32(2),
		.detail_count = LE32(3),
		.string_size = LE32(sizeof(struct strings)),
		.kinds = { [DEBAR_INDICATOR_KIND_FILE_SHA256] = { LE32(3), LE32(4) } },
	},
	.sizes = { LE64(10), LE64(200), LE64(UINT64_C(1) << 40) },
	.indicators = {
		{ { 1, 2 }, LE32(0), LE32(0) },
		{ { 1, 3 }, LE32(2), LE32(1) },
		{ { 9 }, LE32(DEBAR_BLOB_NO_SIZE), LE32(2) },
		{ { 200 }, LE32(1), LE32(0) },
	},
	.bans = {
		{ .id = STRING(id_a), .vendor = STRING(vendor), .product = STRING(product),
		  .authority = STRING(authority), .mode = LE32(DEBAR_MODE_ENFORCE),
		  .operations = LE32(DEBAR_BLOB_OPERATIONS_DEFAULT),
		  .prohibits = LE32(DEBAR_BLOB_PROHIBITS_DEFAULT),
		  .audit_from = LE64(DEBAR_BLOB_NEVER), .warn_from = LE64(DEBAR_BLOB_NEVER) },
		{ .id = STRING(id_b), .vendor = STRING(vendor), .authority = STRING(authority),
		  .citation = STRING(product), .mode = LE32(DEBAR_MODE_MONITOR),
		  .operations = LE32(DEBAR_BLOB_OPERATIONS_DEFAULT),
		  .status = LE32(DEBAR_BAN_STATUS_AMENDED),
		  .prohibits = LE32(DEBAR_BLOB_PROHIBITS_ALL), .override = STRING(name),
		  .audit_from = LE64(1700000000), .warn_from = LE64(1700000001),
		  .enforce_from = LE64(DEBAR_BLOB_DATE_MAX) },
	},
	.waivers = {
		{ .id = STRING(id_a), .ban = LE32(1), .product = STRING(product),
		  .host = STRING(name), .owner = STRING(vendor), .ticket = STRING(name),
		  .kind = LE32(DEBAR_BLOB_NO_KIND), .expires = LE64(1800000000) },
		{ .id = STRING(id_b), .owner = STRING(vendor), .ticket = STRING(name),
		  .reason = STRING(name), .kind = LE32(DEBAR_INDICATOR_KIND_FILE_SHA256),
		  .digest = { 1, 2 }, .expires = LE64(1800000000) },
	},
	.details = {
		{ LE32(0), STRING(product), 0, STRING(vendor) },
		{ LE32(1), 0, STRING(name), 0 },
		{ LE32(1), 0, 0, 0 },
	},
	.strings = { "", "name", "BAN-A", "BAN-B", "Vendor", "Authority", "Product", "" },
};

const void *blob_good(size_t *length)
{
	*length = sizeof(good);
	return &good;
}

/*
 * struct table - a walk through the table: whom to call, and how many were called; 0 for ever
 * without memory
 */
struct table {
	blob_case each;
	void *data;
	size_t count;
	int failed;
};

/* Shows a blob of this length, filled up with NULs, in memory of its own. */
static void show(struct table *t, const char *name, const void *blob, size_t have, size_t length,
		 const char *what)
{
	char *copy = calloc(1, length ? length : 1);

	if (!copy) {
		t->failed = 1;
		return;
	}
	memcpy(copy, blob, have < length ? have : length);
	t->each(name, copy, length, what, t->data);
	t->count++;
	free(copy);
}

static void show_image(struct table *t, const char *name, const struct image *image,
		       const char *what)
{
	show(t, name, image, sizeof(*image), sizeof(*image), what);
}

/* Cut off at every byte, and with bytes behind the end: as it is, and with the header saying so. */
static void wrong_length(struct table *t)
{
	struct image image = good;
	char name[64];
	size_t length;

	for (length = 0; length < sizeof(image) + 24; length++) {
		if (length == sizeof(image))
			continue;
		snprintf(name, sizeof(name), "of %zu bytes", length);
		show(t, name, &good, sizeof(good), length,
		     length < sizeof(good.header) ? "shorter than the header" :
						    "the length is not that of the blob");
		image.header.length = LE64(length);
		snprintf(name, sizeof(name), "of %zu bytes, and says so", length);
		show(t, name, &image, sizeof(image), length,
		     length < sizeof(good.header) ? "shorter than the header" :
						    "the counts do not add up to the length");
	}
}

static void wrong_magic(struct table *t)
{
	char name[64];
	size_t i, bit;

	for (i = 0; i < DEBAR_BLOB_MAGIC_SIZE; i++) {
		for (bit = 0; bit < 8; bit++) {
			struct image image = good;

			image.header.magic[i] ^= 1 << bit;
			snprintf(name, sizeof(name), "magic, byte %zu, bit %zu", i, bit);
			show_image(t, name, &image, "not a policy blob: wrong magic");
		}
	}
}

/* struct field - a field of the good blob, its name and where it lies; @width is 4 or 8 bytes */
struct field {
	const char *name;
	__u32 offset;
	__u32 width;
};

#define FIELD32(member)	{ #member, AT(member), 4 }
#define FIELD64(member)	{ #member, AT(member), 8 }

static void put(struct table *t, const struct field *field, __u64 value, const char *what)
{
	struct image image = good;
	__le64 wide = LE64(value);
	__le32 narrow = LE32(value);
	char name[96];

	memcpy((char *)&image + field->offset,
	       field->width == 8 ? (const void *)&wide : (const void *)&narrow, field->width);
	snprintf(name, sizeof(name), "%s = %#llx", field->name, (unsigned long long)value);
	show_image(t, name, &image, what);
}

/* struct value - a field with a value that it must not have, and what is said about it */
struct value {
	struct field field;
	__u64 value;
	const char *what;
};

#define SUM	"the counts do not add up to the length"
#define STRINGS	"the section of strings is empty or no multiple of eight bytes"
#define H32(member, value, what)	{ FIELD32(header.member), value, what }
#define H64(member, value, what)	{ FIELD64(header.member), value, what }
#define FILES	kinds[DEBAR_INDICATOR_KIND_FILE_SHA256]
#define CODE	kinds[DEBAR_INDICATOR_KIND_CODE_SHA256]
#define LAST	kinds[DEBAR_INDICATOR_KIND_MAX]

static const struct value header_values[] = {
	H32(format, 0, "format not supported"),
	H32(format, 1, "format not supported"),
	H32(format, 3, "format not supported"),
	H32(format, 0x01000000, "format not supported"),
	H32(format, UINT32_MAX, "format not supported"),
	H32(header_size, 0, "wrong header size"),
	H32(header_size, 1, "wrong header size"),
	H32(header_size, sizeof(good.header) - 8, "wrong header size"),
	H32(header_size, sizeof(good.header) + 8, "wrong header size"),
	H32(header_size, UINT32_MAX, "wrong header size"),
	H64(length, 0, "the length is not that of the blob"),
	H64(length, 1, "the length is not that of the blob"),
	H64(length, sizeof(good) - 1, "the length is not that of the blob"),
	H64(length, sizeof(good) + 1, "the length is not that of the blob"),
	H64(length, sizeof(good) | UINT64_C(1) << 32, "the length is not that of the blob"),
	H64(length, UINT64_C(1) << 63, "the length is not that of the blob"),
	H64(length, UINT64_MAX, "the length is not that of the blob"),
	H64(serial, 0, "the serial is zero"),
	H32(ban_count, 0, SUM),
	H32(ban_count, 1, SUM),
	H32(ban_count, 3, SUM),
	H32(ban_count, 2 + WRAPS_64, SUM),
	H32(ban_count, 1U << 31, SUM),
	H32(ban_count, UINT32_MAX, SUM),
	H32(waiver_count, 0, SUM),
	H32(waiver_count, 1, SUM),
	H32(waiver_count, 3, SUM),
	H32(waiver_count, DEBAR_BLOB_WAIVERS_MAX, SUM),
	H32(waiver_count, DEBAR_BLOB_WAIVERS_MAX + 1, "more than 4096 waivers"),
	H32(waiver_count, 1U << 31, "more than 4096 waivers"),
	H32(waiver_count, UINT32_MAX, "more than 4096 waivers"),
	H32(reserved, 1, "a reserved field is not zero"),
	H32(reserved, UINT32_MAX, "a reserved field is not zero"),
	H32(detail_count, 0, SUM),
	H32(detail_count, 2, SUM),
	H32(detail_count, 4, SUM),
	H32(detail_count, 3 + WRAPS_16, SUM),
	H32(detail_count, 1U << 31, SUM),
	H32(detail_count, UINT32_MAX, SUM),
	H32(string_size, 0, STRINGS),
	H32(string_size, 1, STRINGS),
	H32(string_size, sizeof(struct strings) - 1, STRINGS),
	H32(string_size, sizeof(struct strings) - 8, SUM),
	H32(string_size, sizeof(struct strings) + 8, SUM),
	H32(string_size, 1U << 31, SUM),
	H32(string_size, UINT32_MAX - 7, SUM),
	H32(string_size, UINT32_MAX, STRINGS),
	H32(FILES.size_count, 0, SUM),
	H32(FILES.size_count, 2, SUM),
	H32(FILES.size_count, 4, SUM),
	H32(FILES.size_count, 3 + WRAPS_8, SUM),
	H32(FILES.size_count, 1U << 31, SUM),
	H32(FILES.size_count, UINT32_MAX, SUM),
	H32(FILES.indicator_count, 0, SUM),
	H32(FILES.indicator_count, 3, SUM),
	H32(FILES.indicator_count, 5, SUM),
	H32(FILES.indicator_count, 4 + WRAPS_40, SUM),
	H32(FILES.indicator_count, 1U << 31, SUM),
	H32(FILES.indicator_count, UINT32_MAX, SUM),
	H32(CODE.size_count, 1, SUM),
	H32(CODE.size_count, WRAPS_8, SUM),
	H32(CODE.size_count, UINT32_MAX, SUM),
	H32(CODE.indicator_count, 1, SUM),
	H32(CODE.indicator_count, WRAPS_40, SUM),
	H32(CODE.indicator_count, UINT32_MAX, SUM),
	H32(LAST.size_count, WRAPS_8, SUM),
	H32(LAST.size_count, UINT32_MAX, SUM),
	H32(LAST.indicator_count, WRAPS_40, SUM),
	H32(LAST.indicator_count, UINT32_MAX, SUM),
};

#define OPERATIONS	"no operation, or no such operation"
#define PROHIBITS	"nothing prohibited, or no such prohibition"
#define LATE	"a date after the year 9999"
#define SIZES	"sizes are not ascending, or one is repeated"

static const struct value record_values[] = {
	{ FIELD64(sizes[0]), 200, SIZES },
	{ FIELD64(sizes[0]), UINT64_C(1) << 63, "no file is that large" },
	{ FIELD64(sizes[0]), UINT64_MAX, "no file is that large" },
	{ FIELD64(sizes[1]), 0, SIZES },
	{ FIELD64(sizes[1]), 10, SIZES },
	{ FIELD64(sizes[1]), 9, SIZES },
	{ FIELD64(sizes[2]), 200, SIZES },
	{ FIELD64(sizes[2]), UINT64_C(1) << 63, "no file is that large" },
	{ FIELD32(indicators[0].size), 3, "points at no size" },
	{ FIELD32(indicators[0].size), 1U << 31, "points at no size" },
	{ FIELD32(indicators[3].size), UINT32_MAX - 1, "points at no size" },
	{ FIELD32(indicators[0].detail), 3, "points at no detail" },
	{ FIELD32(indicators[1].detail), 1U << 31, "points at no detail" },
	{ FIELD32(indicators[3].detail), UINT32_MAX, "points at no detail" },
	{ FIELD32(bans[0].mode), DEBAR_MODE_MAX + 1, "no such mode" },
	{ FIELD32(bans[0].mode), 1U << 31, "no such mode" },
	{ FIELD32(bans[1].mode), UINT32_MAX, "no such mode" },
	{ FIELD32(bans[0].operations), 0, OPERATIONS },
	{ FIELD32(bans[0].operations), DEBAR_BLOB_OPERATIONS_ALL + 1, OPERATIONS },
	{ FIELD32(bans[1].operations), 1U << 31, OPERATIONS },
	{ FIELD32(bans[1].operations), UINT32_MAX, OPERATIONS },
	{ FIELD32(bans[0].status), DEBAR_BAN_STATUS_MAX + 1, "no such status" },
	{ FIELD32(bans[1].status), UINT32_MAX, "no such status" },
	{ FIELD32(bans[0].prohibits), 0, PROHIBITS },
	{ FIELD32(bans[0].prohibits), DEBAR_BLOB_PROHIBITS_ALL + 1, PROHIBITS },
	{ FIELD32(bans[1].prohibits), UINT32_MAX, PROHIBITS },
	{ FIELD64(bans[0].audit_from), DEBAR_BLOB_NEVER - 1, LATE },
	{ FIELD64(bans[0].audit_from), 1, "a stage begins before an earlier one" },
	{ FIELD64(bans[1].warn_from), 1699999999, "a stage begins before an earlier one" },
	{ FIELD64(bans[1].warn_from), 0, "a stage begins before an earlier one" },
	{ FIELD64(bans[1].enforce_from), 1700000000, "a stage begins before an earlier one" },
	{ FIELD64(bans[1].enforce_from), DEBAR_BLOB_DATE_MAX + 1, LATE },
	{ FIELD64(bans[1].enforce_from), UINT64_C(1) << 63, LATE },
	{ FIELD32(waivers[0].ban), 2, "points at no ban" },
	{ FIELD32(waivers[1].ban), UINT32_MAX, "points at no ban" },
	{ FIELD32(waivers[0].kind), DEBAR_BLOB_KINDS, "no such kind of indicator" },
	{ FIELD32(waivers[1].kind), UINT32_MAX - 1, "no such kind of indicator" },
	{ FIELD32(waivers[1].kind), DEBAR_BLOB_NO_KIND, "a waiver has a digest without a kind" },
	{ FIELD32(waivers[0].digest[28]), 1, "a waiver has a digest without a kind" },
	{ FIELD64(waivers[0].expires), DEBAR_BLOB_NEVER, "a waiver does not expire" },
	{ FIELD64(waivers[1].expires), DEBAR_BLOB_DATE_MAX + 1, LATE },
	{ FIELD32(details[0].ban), 2, "points at no ban" },
	{ FIELD32(details[1].ban), 1U << 31, "points at no ban" },
	{ FIELD32(details[2].ban), UINT32_MAX, "points at no ban" },
};

static void wrong_values(struct table *t, const struct value *values, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		put(t, &values[i].field, values[i].value, values[i].what);
}

static const struct field required_strings[] = {
	FIELD32(header.name),
	FIELD32(bans[0].id), FIELD32(bans[0].vendor), FIELD32(bans[0].authority),
	FIELD32(bans[1].id), FIELD32(bans[1].vendor), FIELD32(bans[1].authority),
	FIELD32(waivers[0].id), FIELD32(waivers[0].owner), FIELD32(waivers[0].ticket),
	FIELD32(waivers[1].id), FIELD32(waivers[1].owner), FIELD32(waivers[1].ticket),
};

static const struct field optional_strings[] = {
	FIELD32(bans[0].product), FIELD32(bans[0].citation),
	FIELD32(bans[1].product), FIELD32(bans[1].citation),
	FIELD32(bans[0].override), FIELD32(bans[1].override),
	FIELD32(waivers[0].product), FIELD32(waivers[0].host), FIELD32(waivers[0].reason),
	FIELD32(waivers[1].product), FIELD32(waivers[1].host), FIELD32(waivers[1].reason),
	FIELD32(details[0].product), FIELD32(details[0].version), FIELD32(details[0].source),
	FIELD32(details[2].product), FIELD32(details[2].version), FIELD32(details[2].source),
};

static void wrong_string(struct table *t, const struct field *field)
{
	static const __u32 nowhere[] = {
		offsetof(struct strings, name) + 1,
		offsetof(struct strings, product) + 6,
		sizeof(struct strings),
		sizeof(struct strings) + 1,
		1U << 31,
		UINT32_MAX,
	};
	size_t i;

	for (i = 0; i < COUNT(nowhere); i++)
		put(t, field, nowhere[i], "points at no string");
	put(t, field, offsetof(struct strings, fill), "points behind the last string");
	put(t, field, sizeof(struct strings) - 1, "points behind the last string");
}

static void wrong_strings(struct table *t)
{
	size_t i;

	for (i = 0; i < COUNT(required_strings); i++) {
		put(t, &required_strings[i], 0, "a string that is required is empty");
		wrong_string(t, &required_strings[i]);
	}
	for (i = 0; i < COUNT(optional_strings); i++)
		wrong_string(t, &optional_strings[i]);
}

static void wrong_order(struct table *t)
{
	static const char digests[] = "digests are not ascending, or one is repeated";
	static const char ids[] = "ban ids are not ascending, or one is repeated";
	struct image image;
	int i;

	for (i = 0; i < 3; i++) {
		image = good;
		memcpy(image.indicators[i].digest, image.indicators[i + 1].digest,
		       DEBAR_DIGEST_SIZE);
		show_image(t, "a digest repeated", &image, digests);
		image = good;
		image.indicators[i] = good.indicators[i + 1];
		image.indicators[i + 1] = good.indicators[i];
		show_image(t, "two indicators the wrong way round", &image, digests);
	}
	image = good;
	memset(image.indicators[0].digest, 0xff, DEBAR_DIGEST_SIZE);
	show_image(t, "the largest digest first", &image, digests);
	image = good;
	image.bans[1].id = good.bans[0].id;
	show_image(t, "a ban id repeated", &image, ids);
	image = good;
	image.bans[0] = good.bans[1];
	image.bans[1] = good.bans[0];
	show_image(t, "two bans the wrong way round", &image, ids);
	image = good;
	image.strings.id_a[4] = 'B';
	show_image(t, "a ban id repeated, as another string", &image, ids);
}

/*
 * The lengths of two sections change such that their sum does not: what one holds is read as the
 * other.
 */
static void overlapping_sections(struct table *t)
{
	struct image image = good;

	image.header.ban_count = LE32(0);
	image.header.detail_count = LE32(11);
	show_image(t, "bans read as details", &image, NULL);
	image = good;
	image.header.ban_count = LE32(1);
	image.header.detail_count = LE32(7);
	show_image(t, "a ban read as details", &image, NULL);
	image = good;
	image.header.waiver_count = LE32(0);
	image.header.detail_count = LE32(12);
	show_image(t, "waivers read as details", &image, NULL);
	image = good;
	image.header.waiver_count = LE32(1);
	image.header.ban_count = LE32(3);
	image.header.FILES.size_count = LE32(4);
	show_image(t, "a waiver read as a ban", &image, NULL);
	image = good;
	image.header.waiver_count = LE32(4);
	image.header.ban_count = LE32(0);
	image.header.detail_count = LE32(2);
	show_image(t, "bans and a detail read as waivers", &image, NULL);
	image = good;
	image.header.FILES.size_count = LE32(8);
	image.header.FILES.indicator_count = LE32(3);
	show_image(t, "an indicator read as sizes", &image, NULL);
	image = good;
	image.header.CODE.indicator_count = LE32(1);
	image.header.FILES.indicator_count = LE32(3);
	show_image(t, "an indicator read as one of another kind", &image, NULL);
	image = good;
	image.header.detail_count = LE32(2);
	image.header.string_size = LE32(sizeof(struct strings) + 16);
	show_image(t, "a detail read as strings", &image, NULL);
	image = good;
	image.header.detail_count = LE32(4);
	image.header.string_size = LE32(sizeof(struct strings) - 16);
	show_image(t, "strings read as a detail", &image, NULL);
}

static void wrong_bytes_in_strings(struct table *t)
{
	static const char control[] = { 1, '\t', '\n', 27, 31, 127 };
	struct image image;
	size_t i;

	for (i = 0; i < COUNT(control); i++) {
		image = good;
		image.strings.vendor[3] = control[i];
		show_image(t, "a control character", &image, "a control character in a string");
	}
	image = good;
	image.strings.empty[0] = 'x';
	show_image(t, "no empty string", &image,
		   "the section of strings does not begin and end with a NUL");
	image = good;
	image.strings.fill[4] = 'x';
	show_image(t, "no NUL at the end", &image,
		   "the section of strings does not begin and end with a NUL");
	image = good;
	image.strings.name[0] = '\0';
	show_image(t, "a NUL where a string begins", &image, "an empty string among the strings");
	image = good;
	image.strings.product[0] = '\0';
	image.strings.product[1] = '\0';
	show_image(t, "NULs in the last string", &image, "an empty string among the strings");
	/*
	 * A string that is cut short leaves its end as another one, that no field points at the
	 * beginning of.
	 */
	image = good;
	image.strings.id_b[0] = '\0';
	show_image(t, "a NUL in place of a first letter", &image,
		   "an empty string among the strings");
}

/*
 * A blob whose section of strings is larger by @added bytes: behind the good one's strings come
 * @count times @c.
 */
static void more_strings(struct table *t, const char *name, char c, size_t count, size_t added,
			 const char *what)
{
	const size_t length = sizeof(good) + added;
	struct image *image = calloc(1, length);

	if (!image) {
		t->failed = 1;
		return;
	}
	*image = good;
	image->header.length = LE64(length);
	image->header.string_size = LE32(sizeof(struct strings) + added);
	memset((char *)image + AT(strings.fill), c, count);
	show(t, name, image, length, length, what);
	free(image);
}

size_t blob_cases(blob_case each, void *data)
{
	struct table t = { .each = each, .data = data };

	wrong_length(&t);
	wrong_magic(&t);
	wrong_values(&t, header_values, COUNT(header_values));
	wrong_values(&t, record_values, COUNT(record_values));
	wrong_strings(&t);
	wrong_order(&t);
	overlapping_sections(&t);
	wrong_bytes_in_strings(&t);
	more_strings(&t, "a string of 256 bytes", 'x', 256, 256,
		     "a string is longer than 255 bytes");
	more_strings(&t, "a string of 100,000 bytes", 'x', 100000, 100000,
		     "a string is longer than 255 bytes");
	more_strings(&t, "more NULs than fill a word", '\0', 0, 8,
		     "more than eight NULs at the end of the strings");
	more_strings(&t, "a control character at the end", '\n', 1, 0,
		     "a control character in a string");
	return t.failed ? 0 : t.count;
}
