// SPDX-License-Identifier: GPL-2.0-or-later
/* Makes and checks signatures of policies; all cryptography is OpenSSL's. */
#include <errno.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <openssl/x509.h>
#include <string.h>

#include "sign.h"
#include "sign_pkcs11.h"

DEBAR_DEFINE_CLEANUP(BIO *, BIO_free_all);
DEBAR_DEFINE_CLEANUP(CMS_ContentInfo *, CMS_ContentInfo_free);
DEBAR_DEFINE_CLEANUP(EVP_PKEY *, EVP_PKEY_free);
DEBAR_DEFINE_CLEANUP(X509 *, X509_free);
DEBAR_DEFINE_CLEANUP(X509_STORE *, X509_STORE_free);
#define _cleanup_bio_ _cleanup_(debar_cleanup_BIO_free_all)
#define _cleanup_cms_ _cleanup_(debar_cleanup_CMS_ContentInfo_free)
#define _cleanup_pkey_ _cleanup_(debar_cleanup_EVP_PKEY_free)
#define _cleanup_x509_ _cleanup_(debar_cleanup_X509_free)
#define _cleanup_x509_store_ _cleanup_(debar_cleanup_X509_STORE_free)

/* OpenSSL's own words for its last error. */
static int refuse(struct debar_error *error, int code, const char *where, const char *what,
		  const char *remedy)
{
	const char *data = NULL;
	int flags = 0;
	unsigned long last = ERR_peek_last_error_all(NULL, NULL, NULL, &data, &flags);
	const char *reason = last ? ERR_reason_error_string(last) : NULL;
	bool more = data && data[0] && flags & ERR_TXT_STRING;

	debar_error_set(error, code, where, remedy, "%s: %s%s%s", what,
			reason ? reason : "nothing there", more ? ": " : "", more ? data : "");
	ERR_clear_error();
	return code;
}

/* The first object of a type that a file or another store has. */
static OSSL_STORE_INFO *fetch(const char *uri, int type)
{
	OSSL_STORE_CTX *store = OSSL_STORE_open(uri, UI_get_default_method(), NULL, NULL, NULL);
	OSSL_STORE_INFO *info = NULL;

	if (!store)
		return NULL;
	if (OSSL_STORE_expect(store, type)) {
		while (!info && !OSSL_STORE_eof(store)) {
			info = OSSL_STORE_load(store);
			if (info && OSSL_STORE_INFO_get_type(info) != type) {
				OSSL_STORE_INFO_free(info);
				info = NULL;
			} else if (!info && OSSL_STORE_error(store)) {
				break;
			}
		}
	}
	OSSL_STORE_close(store);
	return info;
}

static bool is_pkcs11(const char *uri)
{
	return !strncmp(uri, "pkcs11:", strlen("pkcs11:"));
}

static EVP_PKEY *fetch_key(const char *uri)
{
	OSSL_STORE_INFO *info = fetch(uri, OSSL_STORE_INFO_PKEY);
	EVP_PKEY *key = info ? OSSL_STORE_INFO_get1_PKEY(info) : NULL;

	OSSL_STORE_INFO_free(info);
	if (!key && is_pkcs11(uri)) {
		ERR_clear_error();
		key = debar_pkcs11_key(uri);
	}
	return key;
}

static X509 *fetch_certificate(const char *uri)
{
	OSSL_STORE_INFO *info = fetch(uri, OSSL_STORE_INFO_CERT);
	X509 *certificate = info ? OSSL_STORE_INFO_get1_CERT(info) : NULL;

	OSSL_STORE_INFO_free(info);
	return certificate;
}

static int write_cms(CMS_ContentInfo *cms, struct debar_buffer *out)
{
	unsigned char *der = NULL;
	int length = i2d_CMS_ContentInfo(cms, &der);
	int err = length < 0 ? -EIO : debar_buffer_add(out, der, length);

	OPENSSL_free(der);
	return err;
}

int debar_sign(const struct debar_buffer *blob, const char *key, const char *certificate,
	       bool attached, struct debar_buffer *out, struct debar_error *error)
{
	unsigned int flags = CMS_BINARY | CMS_NOSMIMECAP | (attached ? 0 : CMS_DETACHED);
	_cleanup_bio_ BIO *content = BIO_new_mem_buf(blob->data, blob->length);
	_cleanup_pkey_ EVP_PKEY *private = NULL;
	_cleanup_cms_ CMS_ContentInfo *cms = NULL;
	_cleanup_x509_ X509 *signer = NULL;
	int err;

	if (!content)
		return debar_error_system(error, -ENOMEM, key, "cannot sign");
	private = fetch_key(key);
	/* The PIN of a token may be in its URI. */
	if (is_pkcs11(key))
		key = "PKCS#11 token";
	if (!private)
		return refuse(error, -EINVAL, key, "no private key can be had from it",
			      "give a file in PEM or DER, or a URI that OpenSSL knows");
	signer = fetch_certificate(certificate);
	if (!signer)
		return refuse(error, -EINVAL, certificate, "no certificate can be had from it",
			      "give a file in PEM or DER, or a URI that OpenSSL knows");
	if (!X509_check_private_key(signer, private))
		return refuse(error, -EINVAL, certificate, "it is not that of the key",
			      "give the certificate of the key");
	if (X509_cmp_current_time(X509_get0_notBefore(signer)) >= 0 ||
	    X509_cmp_current_time(X509_get0_notAfter(signer)) <= 0)
		return debar_error_set(error, -EINVAL, certificate,
				       "have it renewed, or set the clock",
				       "today is not within the certificate's dates");
	cms = CMS_sign(signer, private, NULL, content, flags);
	err = cms ? write_cms(cms, out) : -EIO;
	if (err == -ENOMEM)
		return debar_error_system(error, err, key, "cannot sign");
	return err ? refuse(error, err, key, "cannot sign", "see what OpenSSL says") : 0;
}

static CMS_ContentInfo *parse(const struct debar_buffer *der)
{
	const unsigned char *at = (const unsigned char *)der->data;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, der->length);

	if (cms && (at != (const unsigned char *)der->data + der->length ||
		    OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)) {
		CMS_ContentInfo_free(cms);
		return NULL;
	}
	return cms;
}

int debar_signature_detach(const char *path, const struct debar_buffer *attached,
			   struct debar_buffer *blob, struct debar_buffer *signature,
			   struct debar_error *error)
{
	_cleanup_cms_ CMS_ContentInfo *cms = parse(attached);
	ASN1_OCTET_STRING **content = cms ? CMS_get0_content(cms) : NULL;
	int err;

	if (!content || !*content)
		return refuse(error, -EINVAL, path, "no policy in a signature",
			      "build it anew, and sign it with debarctl policy sign");
	err = debar_buffer_add(blob, ASN1_STRING_get0_data(*content), ASN1_STRING_length(*content));
	if (!err && CMS_set_detached(cms, 1))
		err = write_cms(cms, signature);
	return err ? debar_error_system(error, err, path, "cannot read it") : 0;
}

static int add_trusted(X509_STORE *store, const char *const *certificates, size_t count,
		       struct debar_error *error)
{
	X509_VERIFY_PARAM *param = X509_STORE_get0_param(store);
	size_t i;

	/* Whoever is named is trusted, the signer himself, too, whatever his certificate is for. */
	X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
	X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_ANY);
	for (i = 0; i < count; i++) {
		_cleanup_x509_ X509 *certificate = fetch_certificate(certificates[i]);

		if (!certificate)
			return refuse(error, -EINVAL, certificates[i],
				      "no certificate can be had from it",
				      "give a file in PEM or DER, or a URI that OpenSSL knows");
		if (!X509_STORE_add_cert(store, certificate))
			return debar_error_system(error, -ENOMEM, certificates[i],
						  "cannot trust it");
	}
	return 0;
}

const char *debar_signature_fault(const struct debar_buffer *blob,
				  const struct debar_buffer *signature)
{
	const int whoever = CMS_BINARY | CMS_DETACHED | CMS_NO_SIGNER_CERT_VERIFY;
	_cleanup_bio_ BIO *content = BIO_new_mem_buf(blob->data, blob->length);
	_cleanup_cms_ CMS_ContentInfo *cms = parse(signature);
	bool holds = content && cms && CMS_verify(cms, NULL, NULL, content, NULL, whoever) == 1;

	ERR_clear_error();
	return holds ? "the policy was signed outside the dates of the signer's certificate" :
		       "the policy is not the one that was signed";
}

/* The subject of the one who signed, who is known once it was verified. */
static char *signer_of(CMS_ContentInfo *cms)
{
	struct stack_st_X509 *signers = CMS_get0_signers(cms);
	char *line = NULL, *copy;

	if (sk_X509_num(signers) > 0)
		line = X509_NAME_oneline(X509_get_subject_name(sk_X509_value(signers, 0)), NULL, 0);
	sk_X509_free(signers);
	copy = line ? debar_escape(line, strlen(line)) : NULL;
	OPENSSL_free(line);
	return copy;
}

int debar_signature_verify(const char *path, const struct debar_buffer *blob,
			   const struct debar_buffer *signature, const char *const *certificates,
			   size_t count, char **signer, struct debar_error *error)
{
	_cleanup_bio_ BIO *content = BIO_new_mem_buf(blob->data, blob->length);
	_cleanup_x509_store_ X509_STORE *store = X509_STORE_new();
	_cleanup_cms_ CMS_ContentInfo *cms = parse(signature);
	int err;

	*signer = NULL;
	if (!content || !store)
		return debar_error_system(error, -ENOMEM, path, "cannot verify it");
	if (!cms)
		return refuse(error, -EINVAL, path, "its signature is malformed",
			      "sign it anew with debarctl policy sign");
	err = add_trusted(store, certificates, count, error);
	if (err)
		return err;
	if (CMS_verify(cms, NULL, store, content, NULL, CMS_BINARY | CMS_DETACHED) != 1)
		return refuse(error, -EKEYREJECTED, path, "its signature does not hold",
			      "get it from who signed it, or give his certificate");
	*signer = signer_of(cms);
	return *signer ? 0 : debar_error_system(error, -ENOMEM, path, "cannot verify it");
}
