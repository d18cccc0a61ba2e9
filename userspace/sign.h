/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signatures of compiled policies: CMS (RFC 5652) in DER, with SHA-256.
 *
 * The kernel takes a detached signature; in an attached one the policy is a part of the file.
 */
#ifndef DEBAR_SIGN_H
#define DEBAR_SIGN_H

#include <stdbool.h>
#include <linux/debar.h>

#include "error.h"

/* Largest signature, in bytes; as much as one message to the kernel carries. */
#define DEBAR_SIGNATURE_MAX	DEBAR_CHUNK_MAX

/* The signature of acme.debar stands in acme.debar.p7s. */
#define DEBAR_SIGNATURE_SUFFIX	".p7s"

/**
 * debar_sign - sign a policy
 * @blob: the compiled policy
 * @key: of the signer: a file, or a URI, pkcs11: or one that OpenSSL has a store for
 * @certificate: of the signer: a file, PEM or DER, or a URI
 * @attached: put the policy into the signature
 * @out: empty; the signature
 * @error: on an error, where, what and the remedy
 *
 * A passphrase is asked for on the terminal.
 * Return: 0, -EINVAL when key or certificate cannot be used today, -EIO when OpenSSL fails, or
 * -ENOMEM.
 */
int debar_sign(const struct debar_buffer *blob, const char *key, const char *certificate,
	       bool attached, struct debar_buffer *out, struct debar_error *error);

/**
 * debar_signature_detach - take the policy out of an attached signature
 * @path: named in errors
 * @attached: the signature with the policy in it
 * @blob: empty; the policy
 * @signature: empty; the signature, detached
 * @error: on an error, where, what and the remedy
 *
 * Nothing is verified here.
 * Return: 0, -EINVAL when it is no such signature, or -ENOMEM.
 */
int debar_signature_detach(const char *path, const struct debar_buffer *attached,
			   struct debar_buffer *blob, struct debar_buffer *signature,
			   struct debar_error *error);

/**
 * debar_signature_fault - what is wrong with a signature that the kernel answered -EKEYREJECTED for
 * @blob: the compiled policy
 * @signature: detached
 *
 * Return: a static text.
 */
const char *debar_signature_fault(const struct debar_buffer *blob,
				  const struct debar_buffer *signature);

/**
 * debar_signature_verify - whether a policy is signed under one of some certificates, today
 * @path: named in errors
 * @blob: the compiled policy
 * @signature: detached
 * @certificates: files, PEM or DER, or URIs: of the signer, or of who certified him
 * @count: of @certificates
 * @signer: set to the subject of the signer's certificate, to be freed
 * @error: on an error, where, what and the remedy
 *
 * Return: 0, -EINVAL when a certificate or the signature cannot be read, -EKEYREJECTED when the
 * signature does not hold, or -ENOMEM.
 */
int debar_signature_verify(const char *path, const struct debar_buffer *blob,
			   const struct debar_buffer *signature, const char *const *certificates,
			   size_t count, char **signer, struct debar_error *error);

#endif /* DEBAR_SIGN_H */
