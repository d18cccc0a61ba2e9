// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Takes a private key out of a PKCS#11 token by OpenSSL's engine, which is what Debian 12 has.
 *
 * Later versions have a provider in its place, which OSSL_STORE finds by itself.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/engine.h>
#include <openssl/ui.h>

#include "sign_pkcs11.h"

struct evp_pkey_st *debar_pkcs11_key(const char *uri)
{
	EVP_PKEY *key = NULL;
	ENGINE *engine;

	ENGINE_load_dynamic();
	engine = ENGINE_by_id("pkcs11");
	if (!engine)
		return NULL;
	if (ENGINE_init(engine)) {
		key = ENGINE_load_private_key(engine, uri, UI_OpenSSL(), NULL);
		ENGINE_finish(engine);
	}
	ENGINE_free(engine);
	return key;
}
