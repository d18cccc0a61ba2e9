// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of signature.h: whose signatures count, and which certificates. */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "limits.h"
#include "signature.h"
#include "test_signed.h"

#define WHOLE(array)	{ array, sizeof(array) }

static const u8 garbage[] = { 0x30, 0x03, 0x02, 0x01, 0x00 };

/**
 * struct judged - a signature, and what becomes of it
 * @name: of the case
 * @data: what it is to be of, a string
 * @signature: in DER; its bytes, and how many
 * @signer: the beginning of who signed, or NULL
 * @error: why nobody did
 */
struct judged {
	const char *name;
	const char *data;
	struct {
		const u8 *bytes;
		size_t size;
	} signature;
	const char *signer;
	int error;
};

static const struct judged all_judged[] = {
	{ "of it", "policy", WHOLE(debar_test_signed_by_trusted), "Example: trusted: " },
	{ "of it, at a time", "policy", WHOLE(debar_test_signed_at_a_time), "Example: trusted: " },
	{ "of something else", "Policy", WHOLE(debar_test_signed_by_trusted), NULL, -EKEYREJECTED },
	{ "of something else, at a time", "Policy", WHOLE(debar_test_signed_at_a_time), NULL,
	  -EKEYREJECTED },
	{ "of its beginning", "policy!", WHOLE(debar_test_signed_by_trusted), NULL, -EKEYREJECTED },
	{ "when the certificate was no longer valid", "policy",
	  WHOLE(debar_test_signed_by_expired_named), NULL, -EKEYREJECTED },
	/* The kernel looks at the dates of a certificate that the signature holds, alone. */
	{ "likewise, the certificate left out", "policy", WHOLE(debar_test_signed_by_expired),
	  "Example: expired: " },
	{ "by somebody unknown", "policy", WHOLE(debar_test_signed_by_other), NULL, -ENOKEY },
	{ "cut", "policy",
	  { debar_test_signed_by_trusted, sizeof(debar_test_signed_by_trusted) - 1 }, NULL,
	  -EBADMSG },
	{ "cut after its first byte", "policy", { debar_test_signed_by_trusted, 1 }, NULL,
	  -EBADMSG },
	{ "no signature at all", "policy", WHOLE(garbage), NULL, -EBADMSG },
	{ "a certificate", "policy", WHOLE(debar_test_trusted_cert), NULL, -EBADMSG },
	{ "none", "policy", { NULL, 0 }, NULL, 0 },
};

static void judged_name(const struct judged *c, char *name)
{
	strscpy(name, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(judged, all_judged, judged_name);

/* With both certificates, one behind the other, in this order. */
static u8 *both(struct kunit *test, size_t *length)
{
	u8 *certs;

	*length = sizeof(debar_test_expired_cert) + sizeof(debar_test_trusted_cert);
	certs = kunit_kmalloc(test, *length, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, certs);
	memcpy(certs, debar_test_expired_cert, sizeof(debar_test_expired_cert));
	memcpy(certs + sizeof(debar_test_expired_cert), debar_test_trusted_cert,
	       sizeof(debar_test_trusted_cert));
	return certs;
}

static void is_judged(struct kunit *test)
{
	const struct judged *c = test->param_value;
	size_t length;
	u8 *certs = both(test, &length);
	char *signer;

	KUNIT_ASSERT_EQ(test, 0, debar_signature_init(certs, length, false));
	signer = debar_signature_verify(c->data, strlen(c->data), c->signature.bytes,
					c->signature.size, NULL);
	if (c->error) {
		KUNIT_EXPECT_EQ(test, c->error, PTR_ERR_OR_ZERO(signer));
	} else if (!c->signer) {
		KUNIT_EXPECT_NULL(test, signer);
	} else {
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, signer);
		KUNIT_EXPECT_EQ_MSG(test, 0, strncmp(signer, c->signer, strlen(c->signer)), "%s",
				    signer);
		kfree(signer);
	}
}

/**
 * struct list - certificates, and what becomes of them
 * @name: of the case
 * @count: how many there are, all the same
 * @cut: how many bytes at the end are missing
 * @first: what the first byte is, or 0
 * @error: why they cannot be used
 */
struct list {
	const char *name;
	unsigned int count;
	unsigned int cut;
	u8 first;
	int error;
};

static const struct list lists[] = {
	{ "none", 0 },
	{ "one", 1 },
	{ "as many as there may be", DEBAR_CERTS_MAX },
	{ "one too many", DEBAR_CERTS_MAX + 1, .error = -E2BIG },
	{ "the only one cut", 1, .cut = 1, .error = -EINVAL },
	{ "the last one cut", 2, .cut = 1, .error = -EINVAL },
	{ "three bytes", 1, .cut = sizeof(debar_test_trusted_cert) - 3, .error = -EINVAL },
	{ "no certificate", 1, .first = 0x31, .error = -EINVAL },
};

static void list_name(const struct list *c, char *name)
{
	strscpy(name, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(list, lists, list_name);

/* After those that cannot be used nobody is trusted, and others can be given. */
static void certificates_are_taken(struct kunit *test)
{
	const struct list *c = test->param_value;
	const size_t size = sizeof(debar_test_trusted_cert);
	u8 *certs = kunit_kmalloc(test, c->count * size + 1, GFP_KERNEL);
	unsigned int i;
	char *signer;

	KUNIT_ASSERT_NOT_NULL(test, certs);
	for (i = 0; i < c->count; i++)
		memcpy(certs + i * size, debar_test_trusted_cert, size);
	if (c->first)
		certs[0] = c->first;
	KUNIT_EXPECT_EQ(test, c->error,
			debar_signature_init(certs, c->count * size - c->cut, false));
	signer = debar_signature_verify("policy", strlen("policy"), debar_test_signed_by_trusted,
					sizeof(debar_test_signed_by_trusted), NULL);
	if (c->count && !c->error)
		KUNIT_EXPECT_NOT_ERR_OR_NULL(test, signer);
	else
		KUNIT_EXPECT_EQ(test, -ENOKEY, PTR_ERR_OR_ZERO(signer));
	if (!IS_ERR(signer))
		kfree(signer);
}

static void is_required(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, 0, debar_signature_init(NULL, 0, true));
	KUNIT_EXPECT_TRUE(test, debar_signature_required());
	debar_signature_exit();
	KUNIT_ASSERT_EQ(test, 0, debar_signature_init(NULL, 0, false));
	KUNIT_EXPECT_FALSE(test, debar_signature_required());
}

static int trust_nobody(struct kunit *test)
{
	debar_signature_exit();
	return 0;
}

/* Back to those that were compiled in. */
static void trust_again(struct kunit *test)
{
	debar_signature_exit();
	KUNIT_EXPECT_EQ(test, 0, debar_signature_init(debar_certs, debar_certs_end - debar_certs,
						      false));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(is_judged, judged_gen_params),
	KUNIT_CASE_PARAM(certificates_are_taken, list_gen_params),
	KUNIT_CASE(is_required),
	{}
};

static struct kunit_suite suite = {
	.name = "debar-signature",
	.init = trust_nobody,
	.exit = trust_again,
	.test_cases = cases,
};

kunit_test_suite(suite);
