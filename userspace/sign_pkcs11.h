/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Private keys in PKCS#11 tokens, for sign.c. */
#ifndef DEBAR_SIGN_PKCS11_H
#define DEBAR_SIGN_PKCS11_H

#include <openssl/types.h>

/**
 * debar_pkcs11_key - the private key that a URI names
 * @uri: as RFC 7512 has it; its PIN is asked for on the terminal unless it is in there
 *
 * Return: the key, to be freed with EVP_PKEY_free(), or NULL with OpenSSL's own error.
 */
struct evp_pkey_st *debar_pkcs11_key(const char *uri);

#endif /* DEBAR_SIGN_PKCS11_H */
