// SPDX-License-Identifier: GPL-2.0-only
/* Makes policies for KUnit tests, and puts them in force. */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "identify.h"
#include "policy.h"
#include "test_blob.h"

/* By FIPS 180-2. */
const u8 debar_test_abc[DEBAR_DIGEST_SIZE] = {
	0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40, 0xde, 0x5d, 0xae, 0x22,
	0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17, 0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00,
	0x15, 0xad,
};

/* The section of strings: each member is a string with its NUL. */
static const struct strings {
	char empty[1];
	char name[6];
	char other[6];
	char ids[DEBAR_TEST_BANS][6];
	char vendor[7];
	char authority[10];
	char product[8];
	char waiver[7];
	char fill[7];
} strings = {
	"", "kunit", "other", { "BAN-1", "BAN-2" }, "Vendor", "Authority", "Product", "Waiver", "",
};

#define STRING(member)	cpu_to_le32(offsetof(struct strings, member))

static_assert(sizeof(strings) % 8 == 0);

static bool is_one(const struct debar_test_policy *policy, size_t i)
{
	return i < DEBAR_TEST_INDICATORS && policy->indicators[i].digest_length;
}

static void put(u8 **at, const void *record, size_t size)
{
	memcpy(*at, record, size);
	*at += size;
}

/* The sections of a kind, from its first indicator on; returns the first of the next kind. */
static size_t put_kind(u8 **at, struct debar_blob_header *header,
		       const struct debar_test_policy *policy, enum debar_indicator_kind kind,
		       size_t i)
{
	u32 sizes = 0, count = 0;
	size_t next;

	for (next = i; is_one(policy, next) && policy->indicators[next].kind == kind; next++) {
		__le64 size = cpu_to_le64(policy->indicators[next].size);

		if (!size)
			continue;
		put(at, &size, sizeof(size));
		sizes++;
	}
	header->kinds[kind].size_count = cpu_to_le32(sizes);
	header->kinds[kind].indicator_count = cpu_to_le32(next - i);
	for (; i < next; i++) {
		const struct debar_test_indicator *it = &policy->indicators[i];
		struct debar_blob_indicator record = {
			.size = cpu_to_le32(it->size ? count++ : DEBAR_BLOB_NO_SIZE),
			.detail = cpu_to_le32(it->ban),
		};

		memcpy(record.digest, it->digest, it->digest_length);
		put(at, &record, sizeof(record));
	}
	return next;
}

/* The second ban has no product of its own, but that of its detail; and it overrides. */
static void put_bans(u8 **at, const struct debar_test_policy *policy)
{
	u32 i;

	for (i = 0; i < policy->bans; i++) {
		const struct debar_blob_ban ban = {
			.id = STRING(ids[i]),
			.vendor = STRING(vendor),
			.product = i ? 0 : STRING(product),
			.authority = STRING(authority),
			.mode = cpu_to_le32(policy->monitors[i] ? DEBAR_MODE_MONITOR :
								   DEBAR_MODE_ENFORCE),
			.operations = cpu_to_le32(policy->operations[i] ?:
						  DEBAR_BLOB_OPERATIONS_DEFAULT),
			.status = cpu_to_le32(DEBAR_BAN_STATUS_FINAL),
			.prohibits = cpu_to_le32(DEBAR_BLOB_PROHIBITS_DEFAULT),
			.override = i ? STRING(other) : 0,
		};

		put(at, &ban, sizeof(ban));
	}
}

static void put_waivers(u8 **at, const struct debar_test_policy *policy)
{
	u32 i;

	for (i = 0; i < policy->waivers; i++) {
		struct debar_blob_waiver waiver = {
			.id = STRING(waiver),
			.ban = cpu_to_le32(policy->bans - 1),
			.owner = STRING(authority),
			.ticket = STRING(other),
			.kind = cpu_to_le32(i ? DEBAR_INDICATOR_KIND_FILE_SHA256 :
						DEBAR_BLOB_NO_KIND),
			.expires = cpu_to_le64(DEBAR_BLOB_DATE_MAX),
		};

		if (i)
			memcpy(waiver.digest, debar_test_abc, DEBAR_DIGEST_SIZE);
		put(at, &waiver, sizeof(waiver));
	}
}

static void put_details(u8 **at, const struct debar_test_policy *policy)
{
	u32 i;

	for (i = 0; i < policy->bans; i++) {
		const struct debar_blob_detail detail = {
			.ban = cpu_to_le32(i),
			.product = i ? STRING(other) : 0,
		};

		put(at, &detail, sizeof(detail));
	}
}

/**
 * debar_test_blob() - make a blob
 * @test: the test
 * @policy: what it says
 * @length: set to the length of the blob in bytes
 *
 * Return: the blob, allocated with kvmalloc().
 */
void *debar_test_blob(struct kunit *test, const struct debar_test_policy *policy, size_t *length)
{
	struct debar_blob_header header = {
		.magic = DEBAR_BLOB_MAGIC,
		.format = cpu_to_le32(DEBAR_BLOB_FORMAT),
		.header_size = cpu_to_le32(sizeof(header)),
		.serial = cpu_to_le64(policy->serial ?: 1),
		.name = policy->other ? STRING(other) : STRING(name),
		.ban_count = cpu_to_le32(policy->bans),
		.waiver_count = cpu_to_le32(policy->waivers),
		.detail_count = cpu_to_le32(policy->bans),
		.string_size = cpu_to_le32(sizeof(strings)),
	};
	u8 *blob = kvzalloc(PAGE_SIZE, GFP_KERNEL), *at = blob + sizeof(header);
	size_t next = 0;
	u32 kind;

	KUNIT_ASSERT_NOT_NULL(test, blob);
	for (kind = 0; kind < DEBAR_BLOB_KINDS; kind++)
		next = put_kind(&at, &header, policy, kind, next);
	put_bans(&at, policy);
	put_waivers(&at, policy);
	put_details(&at, policy);
	put(&at, &strings, sizeof(strings));
	*length = at - blob;
	header.length = cpu_to_le64(*length);
	memcpy(blob, &header, sizeof(header));
	return blob;
}

/**
 * debar_test_create() - make a policy
 * @test: the test
 * @policy: what it says
 *
 * Return: the policy, with one reference.
 */
struct debar_policy *debar_test_create(struct kunit *test, const struct debar_test_policy *policy)
{
	struct debar_policy *created;
	u8 digest[DEBAR_DIGEST_SIZE];
	size_t length;
	void *blob = debar_test_blob(test, policy, &length);

	KUNIT_ASSERT_EQ(test, debar_identify_buffer(blob, length, digest), 0);
	created = debar_policy_create(blob, length, digest, NULL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, created);
	return created;
}

/**
 * debar_test_publish() - put a policy in force
 * @test: the test
 * @policy: what it says; debar_test_withdraw() ends it
 */
void debar_test_publish(struct kunit *test, const struct debar_test_policy *policy)
{
	KUNIT_ASSERT_EQ(test, debar_policy_publish(debar_test_create(test, policy), NULL), 0);
}

/**
 * debar_test_no_policy() - begin without the policy that was compiled in; the init of a suite
 * @test: the test
 *
 * Return: 0.
 */
int debar_test_no_policy(struct kunit *test)
{
	debar_policy_withdraw(NULL);
	return 0;
}

/**
 * debar_test_withdraw() - end what a test has put in force; the exit of a suite
 * @test: the test
 */
void debar_test_withdraw(struct kunit *test)
{
	debar_policy_withdraw(NULL);
	debar_mode_set(DEBAR_MODE_ENFORCE, NULL);
}
