// SPDX-License-Identifier: GPL-2.0-or-later
/* debarctl policy sign|verify: sign a compiled policy, and tell whether one is signed. */
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "cmd_policy.h"
#include "output.h"
#include "policy_file.h"
#include "sign.h"

static int exit_for(int err)
{
	return err == -EINVAL || err == -EFBIG || err == -EKEYREJECTED ? DEBARCTL_REFUSED :
									 DEBARCTL_FAILED;
}

static const char *name_of(const struct debar_policy *policy)
{
	return debar_blob_string(&policy->blob, policy->blob.header->name);
}

static uint64_t serial_of(const struct debar_policy *policy)
{
	return le64toh(policy->blob.header->serial);
}

/**
 * struct signing - what policy sign is told
 * @key: of the signer
 * @certificate: of the signer
 * @output: file to be written, or NULL for one beside the policy
 * @attached: put the policy into the signature
 */
struct signing {
	const char *key;
	const char *certificate;
	const char *output;
	bool attached;
};

static int sign(const char *path, const struct signing *how)
{
	_cleanup_policy_ struct debar_policy policy = {};
	_cleanup_buffer_ struct debar_buffer out = {};
	_cleanup_free_ char *beside = NULL;
	const char *output = how->output;
	struct debar_error error;
	int err;

	if (!output && asprintf(&beside, "%s" DEBAR_SIGNATURE_SUFFIX, path) >= 0)
		output = beside;
	err = debar_policy_open(&path, 1, &policy, &error);
	if (!err)
		err = debar_sign(&policy.data, how->key, how->certificate, how->attached, &out,
				 &error);
	if (!err) {
		err = output ? debar_file_write(output, out.data, out.length) : -ENOMEM;
		if (err)
			debar_error_system(&error, err, output ? output : path, "cannot write it");
	}
	if (err) {
		debar_print_error(&error);
		return exit_for(err);
	}
	printf("signed: policy %s, serial %" PRIu64 ": %s\n", name_of(&policy), serial_of(&policy),
	       output);
	return DEBARCTL_DONE;
}

static int run_sign(int argc, char **argv)
{
	static const struct option options[] = {
		{ "key", required_argument, NULL, 'k' },
		{ "cert", required_argument, NULL, 'c' },
		{ "output", required_argument, NULL, 'o' },
		{ "attached", no_argument, NULL, 'a' },
		{}
	};
	struct signing how = {};
	const char *what;
	int option;

	while ((option = debarctl_option("policy sign", argc, argv, "o:", options)) != -1) {
		if (option == 'k')
			how.key = optarg;
		else if (option == 'c')
			how.certificate = optarg;
		else if (option == 'o')
			how.output = optarg;
		else if (option == 'a')
			how.attached = true;
		else
			return debarctl_usage("debarctl policy sign");
	}
	what = optind != argc - 1 ? "give one compiled policy" :
	       !how.key ? "the key is missing (--key KEY)" :
	       !how.certificate ? "the certificate is missing (--cert CERT)" :
	       how.attached && !how.output ? "the file to write is missing (-o FILE)" : NULL;
	if (what) {
		debar_print_problem("policy sign", NULL, "%s", what);
		return debarctl_usage("debarctl policy sign");
	}
	return sign(argv[optind], &how);
}

static int print_signer(const struct debar_policy *policy, const char *signer, bool json)
{
	char digest[2 * DEBAR_DIGEST_SIZE + 1];

	if (!json) {
		printf("verified: policy %s, serial %" PRIu64 ", signed by %s\n", name_of(policy),
		       serial_of(policy), signer);
		return DEBARCTL_DONE;
	}
	return debar_print_json(json_pack("{s:s,s:I,s:s,s:s}", "name", name_of(policy),
					  "serial", (json_int_t)serial_of(policy),
					  "digest", debar_hex(digest, policy->digest,
							      DEBAR_DIGEST_SIZE),
					  "signer", signer));
}

static int verify(const char *path, const char *const *certificates, size_t count, bool json)
{
	_cleanup_policy_ struct debar_policy policy = {};
	_cleanup_free_ char *signer = NULL;
	struct debar_error error;
	int err = debar_policy_open(&path, 1, &policy, &error);

	if (!err && !policy.signature.length)
		err = debar_error_set(&error, -EKEYREJECTED, path,
				      "sign it with debarctl policy sign", "it is not signed");
	if (!err)
		err = debar_signature_verify(path, &policy.data, &policy.signature, certificates,
					     count, &signer, &error);
	if (err) {
		debar_print_error(&error);
		return exit_for(err);
	}
	return print_signer(&policy, signer, json);
}

static int run_verify(int argc, char **argv)
{
	static const struct option options[] = {
		{ "cert", required_argument, NULL, 'c' },
		{ "json", no_argument, NULL, 'j' },
		{}
	};
	_cleanup_free_ const char **certificates = calloc(argc, sizeof(*certificates));
	bool json = false;
	size_t count = 0;
	int option;

	if (!certificates) {
		debar_print_problem("policy verify", "free memory and try again", "out of memory");
		return DEBARCTL_FAILED;
	}
	while ((option = debarctl_option("policy verify", argc, argv, "", options)) != -1) {
		if (option == 'c')
			certificates[count++] = optarg;
		else if (option == 'j')
			json = true;
		else
			return debarctl_usage("debarctl policy verify");
	}
	if (optind != argc - 1 || !count) {
		debar_print_problem("policy verify", NULL,
				    count ? "give one compiled policy" :
					    "a certificate is missing (--cert CERT)");
		return debarctl_usage("debarctl policy verify");
	}
	return verify(argv[optind], certificates, count, json);
}

const struct debarctl_cmd debarctl_cmd_policy_sign = {
	.name = "sign",
	.run = run_sign,
	.summary = "sign a compiled policy",
	.help = "usage: debarctl policy sign --key KEY --cert CERT [--attached] [-o FILE] BLOB\n"
		"\n"
		"Sign a compiled policy (CMS, in DER) and write the signature beside it, as BLOB.p7s.\n"
		"\n"
		"  --key KEY          private key: a file, or a URI that OpenSSL knows, such as pkcs11:\n"
		"  --cert CERT        its certificate: a file in PEM or DER, or a URI\n"
		"  --attached         write one file that holds the policy, too; needs -o\n"
		"  -o, --output FILE  write the signature there\n",
};

const struct debarctl_cmd debarctl_cmd_policy_verify = {
	.name = "verify",
	.run = run_verify,
	.summary = "tell whether a compiled policy is signed, and by whom",
	.help = "usage: debarctl policy verify --cert CERT... [--json] BLOB\n"
		"\n"
		"Tell whether a compiled policy is signed under one of the certificates, and whether those are valid\n"
		"today. The signature stands in the file itself, or beside it, as BLOB.p7s.\n"
		"\n"
		"  --cert CERT  certificate of the signer, or of who certified him; may be repeated\n"
		"  --json       print it as JSON\n",
};
