// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tells whether a policy is signed by somebody whom this machine trusts, and by whom.
 *
 * Trusted are the certificates that were compiled in, each in a keyring of its own, so that the
 * one that signed has a name; then the kernel's own keyrings. All is set at load and read without
 * a lock.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cred.h>
#include <linux/err.h>
#include <linux/key.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/verification.h>

#include "limits.h"
#include "signature.h"

/**
 * struct signer - somebody whose signature counts
 * @keyring: holds the one key, with a reference
 * @name: of the key, owned; as the kernel describes it
 */
struct signer {
	struct key *keyring;
	char *name;
};

/* Set at load, like their number. */
static struct signer signers[DEBAR_CERTS_MAX];
static unsigned int signer_count;
static bool required;

/* Length of the certificate at @at, which X.509 begins with SEQUENCE and a length of two bytes. */
static size_t certificate_length(const u8 *at, size_t left)
{
	size_t length;

	if (left < 4 || at[0] != 0x30 || at[1] != 0x82)
		return 0;
	length = 4 + (at[2] << 8 | at[3]);
	return length <= left ? length : 0;
}

static int add_signer(const u8 *certificate, size_t length)
{
	struct signer *signer = &signers[signer_count];
	const key_perm_t all = KEY_POS_ALL & ~KEY_POS_SETATTR;
	key_ref_t key;

	signer->keyring = keyring_alloc(".debar", GLOBAL_ROOT_UID, GLOBAL_ROOT_GID, current_cred(),
					all | KEY_USR_VIEW | KEY_USR_READ, KEY_ALLOC_NOT_IN_QUOTA,
					NULL, NULL);
	if (IS_ERR(signer->keyring))
		return PTR_ERR(signer->keyring);
	signer_count++;
	key = key_create_or_update(make_key_ref(signer->keyring, true), "asymmetric", NULL,
				   certificate, length, all | KEY_USR_VIEW | KEY_USR_READ,
				   KEY_ALLOC_NOT_IN_QUOTA);
	if (IS_ERR(key))
		return PTR_ERR(key);
	signer->name = kstrdup(key_ref_to_ptr(key)->description, GFP_KERNEL);
	key_ref_put(key);
	if (!signer->name)
		return -ENOMEM;
	pr_info("trusts %s to sign policies\n", signer->name);
	return 0;
}

static int add_signers(const u8 *at, const u8 *end)
{
	unsigned int number;
	size_t length;
	int ret = 0;

	for (number = 1; at < end && !ret; number++, at += length) {
		length = certificate_length(at, end - at);
		if (!length)
			ret = -EINVAL;
		else if (number > DEBAR_CERTS_MAX)
			ret = -E2BIG;
		else
			ret = add_signer(at, length);
		if (ret)
			pr_err("certificate number %u of those who may sign cannot be used: error %d\n",
			       number, ret);
	}
	return ret;
}

/**
 * debar_signature_init() - take over the certificates of those who may sign
 * @certs: X.509 in DER, one behind the other, such as debar_certs
 * @length: of @certs in bytes
 * @require: accept no policy without a signature
 *
 * Return: 0, -EINVAL when they are malformed, -E2BIG when there are too many, or what the kernel
 * says of one.
 */
int debar_signature_init(const u8 *certs, size_t length, bool require)
{
	int ret = add_signers(certs, certs + length);

	required = require;
	if (ret)
		debar_signature_exit();
	return ret;
}

/**
 * debar_signature_exit() - give back the keyrings; nobody verifies any more
 */
void debar_signature_exit(void)
{
	while (signer_count) {
		signer_count--;
		kfree(signers[signer_count].name);
		key_put(signers[signer_count].keyring);
		signers[signer_count] = (struct signer){};
	}
}

/**
 * debar_signature_required() - whether a policy has to be signed
 *
 * Return: true when it has.
 */
bool debar_signature_required(void)
{
	return required;
}

static int verify_by(struct key *keyring, const void *data, size_t length, const void *signature,
		     size_t size)
{
	return verify_pkcs7_signature(data, length, signature, size, keyring,
				      VERIFYING_UNSPECIFIED_SIGNATURE, NULL, NULL);
}

/* Returns the name of who signed, static or that of a signer, or an error. */
static const char *find_signer(const void *data, size_t length, const void *signature, size_t size)
{
	unsigned int i;
	int ret;

	for (i = 0; i < signer_count; i++) {
		ret = verify_by(signers[i].keyring, data, length, signature, size);
		if (!ret)
			return signers[i].name;
		if (ret != -ENOKEY)
			return ERR_PTR(ret);
	}
	ret = verify_by(VERIFY_USE_SECONDARY_KEYRING, data, length, signature, size);
	if (!ret)
		return "a key of the kernel's trusted keyring";
	if (ret == -ENOKEY)
		ret = verify_by(VERIFY_USE_PLATFORM_KEYRING, data, length, signature, size);
	return ret ? ERR_PTR(ret) : "a key of the platform";
}

static void say_why(int error, struct netlink_ext_ack *extack)
{
	switch (error) {
	case -ENOKEY:
		NL_SET_ERR_MSG(extack, "the policy is signed by nobody whom this machine trusts");
		break;
	case -EKEYREJECTED:
		NL_SET_ERR_MSG(extack,
			       "the signature is not one of this policy, or was made outside its certificate's dates");
		break;
	case -ENOPKG:
		NL_SET_ERR_MSG(extack, "the signature uses an algorithm that this kernel lacks");
		break;
	default:
		NL_SET_ERR_MSG(extack, "the signature is malformed");
	}
}

/**
 * debar_signature_verify() - find out who signed a policy
 * @data: the blob
 * @length: of @data in bytes
 * @signature: a detached CMS signature in DER, or NULL
 * @size: of @signature in bytes
 * @extack: told why not
 *
 * Context: process, may sleep.
 * Return: the signer's name, to be freed with kfree(); NULL when there is no signature; -ENOKEY
 * when the signer is not trusted, -EKEYREJECTED, -ENOPKG, -EBADMSG, -ENOMEM.
 */
char *debar_signature_verify(const void *data, size_t length, const void *signature, size_t size,
			     struct netlink_ext_ack *extack)
{
	const char *name;
	char *copy;

	might_sleep();
	if (!signature)
		return NULL;
	name = find_signer(data, length, signature, size);
	if (IS_ERR(name)) {
		say_why(PTR_ERR(name), extack);
		return ERR_CAST(name);
	}
	copy = kstrdup(name, GFP_KERNEL);
	return copy ?: ERR_PTR(-ENOMEM);
}
