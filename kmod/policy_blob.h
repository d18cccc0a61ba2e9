/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The compiled form of a policy (*.debar) and its one parser, for kernel and userspace alike.
 *
 * A blob is little-endian and consists of the header and these sections, without gaps, in this
 * order; every record's length is a multiple of eight bytes, so each section begins 8-byte aligned
 * and ends where the next begins:
 *
 *	for each kind of indicator:
 *		sizes		ascending, each once
 *		indicators	ascending by digest, each once
 *	bans			ascending by id (bytewise), each once
 *	waivers			in any order
 *	details			what indicators have in common: their ban and where they come from
 *	strings			an empty string, then each string with its NUL, filled up with
 *				NULs to a multiple of eight bytes
 *
 * Where a section lies follows from the counts in the header, so sections cannot overlap. A blob
 * that is accepted is canonical: nothing in it is unchecked.
 */
#ifndef DEBAR_POLICY_BLOB_H
#define DEBAR_POLICY_BLOB_H

#include <linux/types.h>
#ifdef __KERNEL__
#include <uapi/linux/debar.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <linux/debar.h>
#endif

#define DEBAR_BLOB_MAGIC	"DEBARPOL"
#define DEBAR_BLOB_MAGIC_SIZE	8
#define DEBAR_BLOB_FORMAT	2
#define DEBAR_BLOB_KINDS	(DEBAR_INDICATOR_KIND_MAX + 1)
/* Size index of an indicator whose file's size is not known. */
#define DEBAR_BLOB_NO_SIZE	0xffffffffU
/* Longest string, in bytes without its NUL. */
#define DEBAR_BLOB_STRING_MAX	255
/*
 * An operation in the set of those that a ban prohibits, all of them, and what a ban is about
 * unless it says more.
 */
#define DEBAR_BLOB_OPERATION(operation)	(1U << (operation))
#define DEBAR_BLOB_OPERATIONS_ALL	(DEBAR_BLOB_OPERATION(DEBAR_OPERATION_MAX + 1) - 1)
#define DEBAR_BLOB_OPERATIONS_DEFAULT	\
	(DEBAR_BLOB_OPERATIONS_ALL & ~DEBAR_BLOB_OPERATION(DEBAR_OPERATION_OPEN))
/* A prohibition in the set of what an authority prohibits, all of them, and that of a plain ban. */
#define DEBAR_BLOB_PROHIBITION(prohibition)	(1U << (prohibition))
#define DEBAR_BLOB_PROHIBITS_ALL	(DEBAR_BLOB_PROHIBITION(DEBAR_PROHIBITION_MAX + 1) - 1)
#define DEBAR_BLOB_PROHIBITS_DEFAULT	DEBAR_BLOB_PROHIBITION(DEBAR_PROHIBITION_USE)
/* A date that never comes; the others are seconds since 1970, the last one ends the year 9999. */
#define DEBAR_BLOB_NEVER	0xffffffffffffffffULL
#define DEBAR_BLOB_DATE_MAX	253402300799ULL
/* The most waivers: all of them are looked through where an indicator matches. */
#define DEBAR_BLOB_WAIVERS_MAX	4096
/* Kind of a waiver that is not of one digest. */
#define DEBAR_BLOB_NO_KIND	0xffffffffU

/**
 * struct debar_blob_header - the first bytes of a blob
 * @magic: DEBAR_BLOB_MAGIC, without a NUL
 * @format: DEBAR_BLOB_FORMAT
 * @header_size: length of this header in bytes
 * @length: length of the whole blob in bytes
 * @serial: grows with every edition of the policy of this name; at least 1
 * @issued: when the blob was built, in seconds since 1970
 * @name: string, not empty
 * @ban_count: records in the section of bans
 * @waiver_count: records in the section of waivers, at most DEBAR_BLOB_WAIVERS_MAX
 * @detail_count: records in the section of details
 * @string_size: bytes in the section of strings, a multiple of 8
 * @reserved: 0
 * @kinds: records in the sections of each kind of indicator
 */
struct debar_blob_header {
	__u8 magic[DEBAR_BLOB_MAGIC_SIZE];
	__le32 format;
	__le32 header_size;
	__le64 length;
	__le64 serial;
	__le64 issued;
	__le32 name;
	__le32 ban_count;
	__le32 waiver_count;
	__le32 detail_count;
	__le32 string_size;
	__le32 reserved;
	struct {
		__le32 size_count;
		__le32 indicator_count;
	} kinds[DEBAR_BLOB_KINDS];
};

/**
 * struct debar_blob_indicator - identifies a banned file
 * @digest: digest of the section's kind, shorter ones filled up with NULs
 * @size: index of the file's size in the sizes of this kind, or DEBAR_BLOB_NO_SIZE
 * @detail: index in the section of details
 */
struct debar_blob_indicator {
	__u8 digest[DEBAR_DIGEST_SIZE];
	__le32 size;
	__le32 detail;
};

/**
 * struct debar_blob_ban - one vendor's prohibition
 * @id: string, not empty
 * @vendor: string, not empty
 * @product: string
 * @authority: string, not empty
 * @citation: string
 * @mode: enum debar_mode
 * @operations: DEBAR_BLOB_OPERATION() of each operation that is prohibited, at least one
 * @status: enum debar_ban_status
 * @prohibits: DEBAR_BLOB_PROHIBITION() of each thing that the authority prohibits, at least one
 * @override: string; why the operator refuses what the authority does not ask to refuse, or empty
 * @audit_from: date from which on it records
 * @warn_from: date from which on its records are warnings, not before @audit_from
 * @enforce_from: date from which on it refuses, not before the others
 *
 * Dates are seconds since 1970, 0 for since ever, or DEBAR_BLOB_NEVER.
 */
struct debar_blob_ban {
	__le32 id;
	__le32 vendor;
	__le32 product;
	__le32 authority;
	__le32 citation;
	__le32 mode;
	__le32 operations;
	__le32 status;
	__le32 prohibits;
	__le32 override;
	__le64 audit_from;
	__le64 warn_from;
	__le64 enforce_from;
};

/**
 * struct debar_blob_waiver - lets banned files through until a date
 * @id: string, not empty
 * @ban: index in the section of bans
 * @product: string; when not empty, only this product of the ban is waived
 * @host: string; when not empty, it is a waiver on the host of this name only
 * @owner: string, not empty; who answers for it
 * @ticket: string, not empty; where it was decided
 * @reason: string
 * @kind: enum debar_indicator_kind of @digest, or DEBAR_BLOB_NO_KIND
 * @digest: when there is a kind, only the indicator of this kind and digest is waived
 * @expires: date from which on it is one no more
 */
struct debar_blob_waiver {
	__le32 id;
	__le32 ban;
	__le32 product;
	__le32 host;
	__le32 owner;
	__le32 ticket;
	__le32 reason;
	__le32 kind;
	__u8 digest[DEBAR_DIGEST_SIZE];
	__le64 expires;
};

/**
 * struct debar_blob_detail - what many indicators have in common
 * @ban: index in the section of bans
 * @product: string
 * @version: string
 * @source: string; where the indicator comes from
 */
struct debar_blob_detail {
	__le32 ban;
	__le32 product;
	__le32 version;
	__le32 source;
};

/**
 * struct debar_blob_kind - the sections of one kind of indicator
 * @sizes: ascending
 * @indicators: ascending by digest
 * @size_count: number of @sizes
 * @indicator_count: number of @indicators
 * @sizeless: some indicator has no size
 */
struct debar_blob_kind {
	const __le64 *sizes;
	const struct debar_blob_indicator *indicators;
	__u32 size_count;
	__u32 indicator_count;
	bool sizeless;
};

/**
 * struct debar_blob - a blob that has been parsed; points into the caller's buffer and lives no
 * longer than that
 * @header: the beginning of the buffer
 * @kinds: indexed by enum debar_indicator_kind
 * @bans: header->ban_count records
 * @waivers: header->waiver_count records
 * @details: header->detail_count records
 * @strings: header->string_size bytes
 */
struct debar_blob {
	const struct debar_blob_header *header;
	struct debar_blob_kind kinds[DEBAR_BLOB_KINDS];
	const struct debar_blob_ban *bans;
	const struct debar_blob_waiver *waivers;
	const struct debar_blob_detail *details;
	const char *strings;
};

/**
 * struct debar_blob_error - why a blob is refused
 * @what: a sentence without a full stop; static
 * @offset: where in the blob, in bytes
 */
struct debar_blob_error {
	const char *what;
	__u64 offset;
};

int debar_blob_parse(struct debar_blob *blob, const void *data, size_t length,
		     struct debar_blob_error *error);
bool debar_blob_has_size(const struct debar_blob_kind *kind, __u64 size);
const struct debar_blob_indicator *debar_blob_find(const struct debar_blob_kind *kind,
						   const __u8 *digest);
const char *debar_blob_string(const struct debar_blob *blob, __le32 offset);
const struct debar_blob_detail *debar_blob_detail(const struct debar_blob *blob,
						  const struct debar_blob_indicator *indicator);
const struct debar_blob_ban *debar_blob_ban(const struct debar_blob *blob,
					    const struct debar_blob_indicator *indicator);
const char *debar_blob_product(const struct debar_blob *blob,
			       const struct debar_blob_indicator *indicator);
bool debar_blob_size_of(const struct debar_blob_kind *kind,
			const struct debar_blob_indicator *indicator, __u64 *size);

#endif /* DEBAR_POLICY_BLOB_H */
