// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parses a policy blob and looks things up in it; shared by kernel, userspace and fuzzer. Pure: no
 * lock, no allocation.
 */
#include "policy_blob.h"

#ifdef __KERNEL__
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/string.h>
#else
#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <string.h>
#define le32_to_cpu	le32toh
#define le64_to_cpu	le64toh
#define cond_resched()	((void)0)
#endif

/* Records checked between two offers to let other tasks run. */
#define RELAX_EVERY	4096

static_assert(sizeof(struct debar_blob_header) == 64 + 8 * DEBAR_BLOB_KINDS);
static_assert(sizeof(struct debar_blob_indicator) == 40);
static_assert(sizeof(struct debar_blob_ban) == 64);
static_assert(sizeof(struct debar_blob_waiver) == 72);
static_assert(sizeof(struct debar_blob_detail) == 16);

/**
 * struct parser - one run of debar_blob_parse()
 * @blob: filled in step by step
 * @data: the buffer
 * @error: where to say what is wrong
 */
struct parser {
	struct debar_blob *blob;
	const char *data;
	struct debar_blob_error *error;
};

static int refuse(struct parser *p, const void *where, const char *what)
{
	p->error->offset = (const char *)where - p->data;
	p->error->what = what;
	return -EINVAL;
}

static void relax(__u32 i)
{
	if (i % RELAX_EVERY == RELAX_EVERY - 1)
		cond_resched();
}

static int check_header(struct parser *p, size_t length)
{
	const struct debar_blob_header *h = (const void *)p->data;

	if (length < sizeof(*h))
		return refuse(p, p->data, "shorter than the header");
	if ((unsigned long)p->data % 8)
		return refuse(p, p->data, "the buffer is not 8-byte aligned");
	if (memcmp(h->magic, DEBAR_BLOB_MAGIC, DEBAR_BLOB_MAGIC_SIZE))
		return refuse(p, h->magic, "not a policy blob: wrong magic");
	if (le32_to_cpu(h->format) != DEBAR_BLOB_FORMAT)
		return refuse(p, &h->format, "format not supported");
	if (le32_to_cpu(h->header_size) != sizeof(*h))
		return refuse(p, &h->header_size, "wrong header size");
	if (le64_to_cpu(h->length) != length)
		return refuse(p, &h->length, "the length is not that of the blob");
	if (length > DEBAR_POLICY_MAX)
		return refuse(p, &h->length, "longer than the largest policy allowed");
	if (!le64_to_cpu(h->serial))
		return refuse(p, &h->serial, "the serial is zero");
	if (!le32_to_cpu(h->string_size) || le32_to_cpu(h->string_size) % 8)
		return refuse(p, &h->string_size,
			      "the section of strings is empty or no multiple of eight bytes");
	if (le32_to_cpu(h->waiver_count) > DEBAR_BLOB_WAIVERS_MAX)
		return refuse(p, &h->waiver_count, "more than 4096 waivers");
	if (le32_to_cpu(h->reserved))
		return refuse(p, &h->reserved, "a reserved field is not zero");
	p->blob->header = h;
	return 0;
}

/* Counts are 32 bits wide and records at most 72 bytes, so no sum of them can pass 64 bits. */
static int place_sections(struct parser *p, size_t length)
{
	const struct debar_blob_header *h = p->blob->header;
	__u64 offset = sizeof(*h), offsets[DEBAR_BLOB_KINDS][2];
	__u64 bans, waivers, details;
	int i;

	for (i = 0; i < DEBAR_BLOB_KINDS; i++) {
		offsets[i][0] = offset;
		offset += (__u64)le32_to_cpu(h->kinds[i].size_count) * sizeof(__le64);
		offsets[i][1] = offset;
		offset += (__u64)le32_to_cpu(h->kinds[i].indicator_count) *
			  sizeof(struct debar_blob_indicator);
	}
	bans = offset;
	offset += (__u64)le32_to_cpu(h->ban_count) * sizeof(struct debar_blob_ban);
	waivers = offset;
	offset += (__u64)le32_to_cpu(h->waiver_count) * sizeof(struct debar_blob_waiver);
	details = offset;
	offset += (__u64)le32_to_cpu(h->detail_count) * sizeof(struct debar_blob_detail);
	if (offset + le32_to_cpu(h->string_size) != length)
		return refuse(p, &h->name, "the counts do not add up to the length");

	for (i = 0; i < DEBAR_BLOB_KINDS; i++) {
		struct debar_blob_kind *kind = &p->blob->kinds[i];

		kind->sizes = (const void *)(p->data + offsets[i][0]);
		kind->indicators = (const void *)(p->data + offsets[i][1]);
		kind->size_count = le32_to_cpu(h->kinds[i].size_count);
		kind->indicator_count = le32_to_cpu(h->kinds[i].indicator_count);
		kind->sizeless = false;
	}
	p->blob->bans = (const void *)(p->data + bans);
	p->blob->waivers = (const void *)(p->data + waivers);
	p->blob->details = (const void *)(p->data + details);
	p->blob->strings = p->data + offset;
	return 0;
}

static int check_strings(struct parser *p)
{
	__u32 size = le32_to_cpu(p->blob->header->string_size), i, begin = 1, end = size;
	const char *s = p->blob->strings;

	if (s[0] || s[size - 1])
		return refuse(p, s, "the section of strings does not begin and end with a NUL");
	while (end > 1 && !s[end - 1])
		end--;
	if (size - end > 8)
		return refuse(p, s + end, "more than eight NULs at the end of the strings");
	for (i = 1; i < end; i++) {
		relax(i);
		if (!s[i]) {
			if (begin == i)
				return refuse(p, s + i, "an empty string among the strings");
			begin = i + 1;
		} else if ((__u8)s[i] < ' ' || s[i] == 0x7f) {
			return refuse(p, s + i, "a control character in a string");
		} else if (i - begin >= DEBAR_BLOB_STRING_MAX) {
			return refuse(p, s + begin, "a string is longer than 255 bytes");
		}
	}
	return 0;
}

static int check_string(struct parser *p, const __le32 *where, bool required)
{
	__u32 offset = le32_to_cpu(*where);

	if (!offset)
		return required ? refuse(p, where, "a string that is required is empty") : 0;
	if (offset >= le32_to_cpu(p->blob->header->string_size) || p->blob->strings[offset - 1])
		return refuse(p, where, "points at no string");
	if (!p->blob->strings[offset])
		return refuse(p, where, "points behind the last string");
	return 0;
}

static int check_date(struct parser *p, const __le64 *where)
{
	__u64 date = le64_to_cpu(*where);

	if (date > DEBAR_BLOB_DATE_MAX && date != DEBAR_BLOB_NEVER)
		return refuse(p, where, "a date after the year 9999");
	return 0;
}

/* A later stage does not begin before an earlier one that there is. */
static int check_stages(struct parser *p, const struct debar_blob_ban *ban)
{
	const __le64 *dates[] = { &ban->audit_from, &ban->warn_from, &ban->enforce_from };
	__u64 last = 0;
	int i;

	for (i = 0; i < 3; i++) {
		if (check_date(p, dates[i]))
			return -EINVAL;
		if (le64_to_cpu(*dates[i]) < last)
			return refuse(p, dates[i], "a stage begins before an earlier one");
		if (le64_to_cpu(*dates[i]) != DEBAR_BLOB_NEVER)
			last = le64_to_cpu(*dates[i]);
	}
	return 0;
}

static int check_law(struct parser *p, const struct debar_blob_ban *ban)
{
	if (le32_to_cpu(ban->mode) > DEBAR_MODE_MAX)
		return refuse(p, &ban->mode, "no such mode");
	if (!le32_to_cpu(ban->operations) ||
	    (le32_to_cpu(ban->operations) & ~DEBAR_BLOB_OPERATIONS_ALL))
		return refuse(p, &ban->operations, "no operation, or no such operation");
	if (le32_to_cpu(ban->status) > DEBAR_BAN_STATUS_MAX)
		return refuse(p, &ban->status, "no such status");
	if (!le32_to_cpu(ban->prohibits) ||
	    (le32_to_cpu(ban->prohibits) & ~DEBAR_BLOB_PROHIBITS_ALL))
		return refuse(p, &ban->prohibits, "nothing prohibited, or no such prohibition");
	return check_stages(p, ban);
}

static int check_bans(struct parser *p)
{
	const struct debar_blob_ban *ban = p->blob->bans;
	__u32 count = le32_to_cpu(p->blob->header->ban_count), i;

	for (i = 0; i < count; i++, ban++) {
		relax(i);
		if (check_string(p, &ban->id, true) || check_string(p, &ban->vendor, true) ||
		    check_string(p, &ban->product, false) ||
		    check_string(p, &ban->authority, true) ||
		    check_string(p, &ban->citation, false) ||
		    check_string(p, &ban->override, false) || check_law(p, ban))
			return -EINVAL;
		if (i && strcmp(debar_blob_string(p->blob, ban[-1].id),
				debar_blob_string(p->blob, ban->id)) >= 0)
			return refuse(p, &ban->id, "ban ids are not ascending, or one is repeated");
	}
	return 0;
}

/* What of a waiver is not used is zero, so that a waiver has one form. */
static int check_waived(struct parser *p, const struct debar_blob_waiver *waiver)
{
	int i;

	if (le32_to_cpu(waiver->kind) != DEBAR_BLOB_NO_KIND)
		return le32_to_cpu(waiver->kind) < DEBAR_BLOB_KINDS ? 0 :
			refuse(p, &waiver->kind, "no such kind of indicator");
	for (i = 0; i < DEBAR_DIGEST_SIZE; i++)
		if (waiver->digest[i])
			return refuse(p, waiver->digest, "a waiver has a digest without a kind");
	return 0;
}

static int check_waivers(struct parser *p)
{
	const struct debar_blob_waiver *waiver = p->blob->waivers;
	__u32 count = le32_to_cpu(p->blob->header->waiver_count), i;

	for (i = 0; i < count; i++, waiver++) {
		if (check_string(p, &waiver->id, true) ||
		    check_string(p, &waiver->product, false) ||
		    check_string(p, &waiver->host, false) ||
		    check_string(p, &waiver->owner, true) ||
		    check_string(p, &waiver->ticket, true) ||
		    check_string(p, &waiver->reason, false) || check_waived(p, waiver) ||
		    check_date(p, &waiver->expires))
			return -EINVAL;
		if (le32_to_cpu(waiver->ban) >= le32_to_cpu(p->blob->header->ban_count))
			return refuse(p, &waiver->ban, "points at no ban");
		if (le64_to_cpu(waiver->expires) == DEBAR_BLOB_NEVER)
			return refuse(p, &waiver->expires, "a waiver does not expire");
	}
	return 0;
}

static int check_details(struct parser *p)
{
	const struct debar_blob_detail *detail = p->blob->details;
	__u32 count = le32_to_cpu(p->blob->header->detail_count), i;

	for (i = 0; i < count; i++, detail++) {
		relax(i);
		if (le32_to_cpu(detail->ban) >= le32_to_cpu(p->blob->header->ban_count))
			return refuse(p, &detail->ban, "points at no ban");
		if (check_string(p, &detail->product, false) ||
		    check_string(p, &detail->version, false) ||
		    check_string(p, &detail->source, false))
			return -EINVAL;
	}
	return 0;
}

static int check_sizes(struct parser *p, const struct debar_blob_kind *kind)
{
	__u32 i;

	for (i = 0; i < kind->size_count; i++) {
		relax(i);
		if (le64_to_cpu(kind->sizes[i]) >> 63)
			return refuse(p, &kind->sizes[i], "no file is that large");
		if (i && le64_to_cpu(kind->sizes[i - 1]) >= le64_to_cpu(kind->sizes[i]))
			return refuse(p, &kind->sizes[i],
				      "sizes are not ascending, or one is repeated");
	}
	return 0;
}

static int check_indicators(struct parser *p, struct debar_blob_kind *kind)
{
	const struct debar_blob_indicator *it = kind->indicators;
	__u32 i;

	for (i = 0; i < kind->indicator_count; i++, it++) {
		relax(i);
		if (i && memcmp(it[-1].digest, it->digest, DEBAR_DIGEST_SIZE) >= 0)
			return refuse(p, it, "digests are not ascending, or one is repeated");
		if (le32_to_cpu(it->size) == DEBAR_BLOB_NO_SIZE)
			kind->sizeless = true;
		else if (le32_to_cpu(it->size) >= kind->size_count)
			return refuse(p, &it->size, "points at no size");
		if (le32_to_cpu(it->detail) >= le32_to_cpu(p->blob->header->detail_count))
			return refuse(p, &it->detail, "points at no detail");
	}
	return 0;
}

/**
 * debar_blob_parse() - validate a blob and find its sections
 * @blob: filled in; points into @data
 * @data: the blob, 8-byte aligned; must not change and must outlive @blob
 * @length: of @data in bytes
 * @error: on an error, what is wrong and where
 *
 * Time is linear in @length. May sleep in the kernel.
 *
 * Return: 0, or -EINVAL.
 */
int debar_blob_parse(struct debar_blob *blob, const void *data, size_t length,
		     struct debar_blob_error *error)
{
	struct parser p = { .blob = blob, .data = data, .error = error };
	int i;

	memset(blob, 0, sizeof(*blob));
	if (check_header(&p, length) || place_sections(&p, length) || check_strings(&p) ||
	    check_string(&p, &blob->header->name, true) || check_bans(&p) || check_waivers(&p) ||
	    check_details(&p))
		return -EINVAL;
	for (i = 0; i < DEBAR_BLOB_KINDS; i++)
		if (check_sizes(&p, &blob->kinds[i]) || check_indicators(&p, &blob->kinds[i]))
			return -EINVAL;
	return 0;
}

/**
 * debar_blob_has_size() - whether some indicator of this kind has this size
 * @kind: sections of a parsed blob
 * @size: in bytes
 *
 * Return: true when it does; indicators without a size are not regarded.
 */
bool debar_blob_has_size(const struct debar_blob_kind *kind, __u64 size)
{
	__u32 low = 0, high = kind->size_count;

	while (low < high) {
		__u32 middle = low + (high - low) / 2;
		__u64 found = le64_to_cpu(kind->sizes[middle]);

		if (found == size)
			return true;
		if (found < size)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

/**
 * debar_blob_find() - find the indicator with this digest
 * @kind: sections of a parsed blob
 * @digest: DEBAR_DIGEST_SIZE bytes
 *
 * Return: the indicator, or NULL.
 */
const struct debar_blob_indicator *debar_blob_find(const struct debar_blob_kind *kind,
						   const __u8 *digest)
{
	__u32 low = 0, high = kind->indicator_count;

	while (low < high) {
		__u32 middle = low + (high - low) / 2;
		int order = memcmp(kind->indicators[middle].digest, digest, DEBAR_DIGEST_SIZE);

		if (!order)
			return &kind->indicators[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/**
 * debar_blob_string() - a string of a parsed blob
 * @blob: parsed blob
 * @offset: a string field of one of its records
 *
 * Return: the string, empty when the field is; lives as long as the blob.
 */
const char *debar_blob_string(const struct debar_blob *blob, __le32 offset)
{
	return blob->strings + le32_to_cpu(offset);
}

/**
 * debar_blob_detail() - the detail of an indicator
 * @blob: parsed blob
 * @indicator: one of its indicators
 *
 * Return: the detail; lives as long as the blob.
 */
const struct debar_blob_detail *debar_blob_detail(const struct debar_blob *blob,
						  const struct debar_blob_indicator *indicator)
{
	return &blob->details[le32_to_cpu(indicator->detail)];
}

/**
 * debar_blob_ban() - the ban that an indicator belongs to
 * @blob: parsed blob
 * @indicator: one of its indicators
 *
 * Return: the ban; lives as long as the blob.
 */
const struct debar_blob_ban *debar_blob_ban(const struct debar_blob *blob,
					    const struct debar_blob_indicator *indicator)
{
	return &blob->bans[le32_to_cpu(debar_blob_detail(blob, indicator)->ban)];
}

/**
 * debar_blob_product() - the product that an indicator belongs to
 * @blob: parsed blob
 * @indicator: one of its indicators
 *
 * Return: the indicator's own product, else the ban's; may be empty; lives as long as the blob.
 */
const char *debar_blob_product(const struct debar_blob *blob,
			       const struct debar_blob_indicator *indicator)
{
	const char *own = debar_blob_string(blob, debar_blob_detail(blob, indicator)->product);

	return *own ? own : debar_blob_string(blob, debar_blob_ban(blob, indicator)->product);
}

/**
 * debar_blob_size_of() - the file size that belongs to an indicator
 * @kind: sections of a parsed blob
 * @indicator: one of @kind's
 * @size: set to the size in bytes when there is one
 *
 * Return: whether there is one.
 */
bool debar_blob_size_of(const struct debar_blob_kind *kind,
			const struct debar_blob_indicator *indicator, __u64 *size)
{
	if (le32_to_cpu(indicator->size) == DEBAR_BLOB_NO_SIZE)
		return false;
	*size = le64_to_cpu(kind->sizes[le32_to_cpu(indicator->size)]);
	return true;
}
