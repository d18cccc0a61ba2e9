/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The policy source: plain structs that compile.h takes, and the reader and writer of their YAML
 * form (debar-policy(5)).
 */
#ifndef DEBAR_SOURCE_H
#define DEBAR_SOURCE_H

#include <stdbool.h>
#include <linux/debar.h>
#include "error.h"
#include "profiles.h"

/* Largest file of policy source, in bytes; a policy of DEBAR_POLICY_MAX takes less. */
#define DEBAR_SOURCE_MAX	(1024UL * 1024 * 1024)

/**
 * struct debar_source_indicator - identifies a banned file
 * @kind: what @digest is a digest of
 * @digest: a shorter one filled up with NULs
 * @size: in bytes, 0 when it is not known; of the file, but with a code-sha256 of its code, and
 *	with a build-id always 0
 * @product: or NULL
 * @version: or NULL
 * @source: where the indicator comes from, or NULL
 */
struct debar_source_indicator {
	enum debar_indicator_kind kind;
	uint8_t digest[DEBAR_DIGEST_SIZE];
	uint64_t size;
	const char *product;
	const char *version;
	const char *source;
};

/**
 * struct debar_source_ban - one vendor's prohibition, or a part of it
 * @id: names the ban
 * @vendor: whom it is about
 * @product: or NULL
 * @authority: what prohibits the vendor
 * @citation: where to read it, or NULL
 * @override: why it refuses although the authority does not ask for it, or NULL
 * @mode: what it does while the kernel's mode is enforce
 * @operations: DEBAR_BLOB_OPERATION() of each operation that is prohibited; 0 for
 *	DEBAR_BLOB_OPERATIONS_DEFAULT
 * @status: how far the authority has come
 * @prohibits: DEBAR_BLOB_PROHIBITION() of each thing that the authority prohibits; 0 for
 *	DEBAR_BLOB_PROHIBITS_DEFAULT
 * @audit_from: when it begins to record, in seconds since 1970; 0 for not at all
 * @warn_from: when its records become warnings, likewise
 * @enforce_from: when it begins to refuse, likewise; a ban without any date refuses at once
 * @profiles: of hosts, the only ones that it applies to
 * @profile_count: of @profiles, 0 for all hosts
 * @exemptions: products whose indicators are left out
 * @exemption_count: of @exemptions
 * @indicators: in any order
 * @indicator_count: of @indicators
 *
 * Parts of one ban have the same id, vendor, authority, mode and status, and agree in what more
 * than one of them says of the rest, but for the exemptions and indicators, which add up.
 */
struct debar_source_ban {
	const char *id;
	const char *vendor;
	const char *product;
	const char *authority;
	const char *citation;
	const char *override;
	enum debar_mode mode;
	uint32_t operations;
	enum debar_ban_status status;
	uint32_t prohibits;
	uint64_t audit_from;
	uint64_t warn_from;
	uint64_t enforce_from;
	const char *const *profiles;
	size_t profile_count;
	const char *const *exemptions;
	size_t exemption_count;
	const struct debar_source_indicator *indicators;
	size_t indicator_count;
};

/**
 * struct debar_source_waiver - lets banned files through until a date
 * @id: names the waiver
 * @ban: id of the ban that it is from
 * @product: the only product that is waived, or NULL
 * @has_digest: a single indicator is waived, that of @kind and @digest
 * @kind: see @has_digest
 * @digest: see @has_digest
 * @hosts: the only hosts where it is waived, by name
 * @host_count: of @hosts, 0 for all
 * @owner: who answers for it
 * @ticket: where it was decided
 * @reason: or NULL
 * @expires: date from which on it is one no more, in seconds since 1970
 */
struct debar_source_waiver {
	const char *id;
	const char *ban;
	const char *product;
	bool has_digest;
	enum debar_indicator_kind kind;
	uint8_t digest[DEBAR_DIGEST_SIZE];
	const char *const *hosts;
	size_t host_count;
	const char *owner;
	const char *ticket;
	const char *reason;
	uint64_t expires;
};

/* Stands for "none in particular" in struct debar_source_ref. */
#define DEBAR_SOURCE_NONE	SIZE_MAX

/**
 * struct debar_source_ref - points at something in a policy source
 * @ban: index in the bans, or DEBAR_SOURCE_NONE for the policy itself
 * @indicator: index in the ban's indicators, or DEBAR_SOURCE_NONE for the ban itself
 * @key: name of a key there, or NULL
 * @is_waiver: @ban is the index of a waiver instead
 */
struct debar_source_ref {
	size_t ban;
	size_t indicator;
	const char *key;
	bool is_waiver;
};

#define DEBAR_SOURCE_REF_NONE	\
	((struct debar_source_ref){ DEBAR_SOURCE_NONE, DEBAR_SOURCE_NONE, NULL, false })

/**
 * struct debar_source - a policy as people write it
 * @name: of the policy
 * @serial: of this edition, at least 1
 * @issued: in seconds since 1970
 * @bans: in any order
 * @ban_count: of @bans
 * @waivers: in any order
 * @waiver_count: of @waivers
 * @host: whose profiles choose among the bans, filled in by debar_compile(); NULL for all bans
 * @place: writes where the user finds what @ref points at; NULL when no file is behind the source
 */
struct debar_source {
	const char *name;
	uint64_t serial;
	uint64_t issued;
	const struct debar_source_ban *bans;
	size_t ban_count;
	const struct debar_source_waiver *waivers;
	size_t waiver_count;
	struct debar_profiles *host;
	void (*place)(const struct debar_source *source, const struct debar_source_ref *ref,
		      char *text, size_t size);
};

/**
 * debar_source_load - read files of policy source and make one policy of them
 * @paths: YAML files, see debar-policy(5)
 * @count: of @paths
 * @source: set on success, NULL on error; @issued is the time of the youngest file's last change
 * @error: on an error, where, what and the remedy
 *
 * What needs a look at the whole policy (duplicate digests, parts of a ban that disagree) is left
 * to debar_compile().
 * Return: 0, -EINVAL when the content is wrong, -EFBIG, -ENOMEM, or what reading the file gives.
 */
int debar_source_load(const char *const *paths, size_t count, struct debar_source **source,
		      struct debar_error *error);

/* debar_source_free - free what debar_source_load() made; NULL is allowed */
void debar_source_free(struct debar_source *source);

DEBAR_DEFINE_CLEANUP(struct debar_source *, debar_source_free);
#define _cleanup_source_ _cleanup_(debar_cleanup_debar_source_free)

/**
 * debar_source_write - write a policy source as YAML
 * @source: to be written
 * @out: appended to
 * @error: on an error, where, what and the remedy
 *
 * Return: 0, -EINVAL when a string is not UTF-8, or -ENOMEM.
 */
int debar_source_write(const struct debar_source *source, struct debar_buffer *out,
		       struct debar_error *error);

#endif /* DEBAR_SOURCE_H */
