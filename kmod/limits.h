/* SPDX-License-Identifier: GPL-2.0-only */
/* Every number that bounds debar's use of memory and time, in one place. */
#ifndef DEBAR_LIMITS_H
#define DEBAR_LIMITS_H

/*
 * Bytes read from a file at a time while it is hashed: large enough for readahead, small enough to
 * be killed between two.
 */
#define DEBAR_READ_SIZE		(128 * 1024)

/* Bytes hashed at a time: a driver that uses vector registers keeps the processor meanwhile. */
#define DEBAR_HASH_SIZE		4096

/*
 * Bits of the filter that clears most sizes at the first look: with a thousand sizes one in sixteen
 * others is looked for among them.
 */
#define DEBAR_SIZE_FILTER_BITS	14

/* Attempts to hash a file that changes while it is read, before its identity counts as unknown. */
#define DEBAR_HASH_ATTEMPTS	3

/* Verdict cache: sets of places, and places in each. */
#define DEBAR_CACHE_SET_BITS	12
#define DEBAR_CACHE_WAYS	4

/* Denials kept for readers: default and bounds of the module parameter ring_size. */
#define DEBAR_RING_DEFAULT	4096
#define DEBAR_RING_MIN		16
#define DEBAR_RING_MAX		(1024 * 1024)

/* Bytes of a file that a check by descriptor reads: other netlink families wait meanwhile. */
#define DEBAR_CHECK_MAX		(64 * 1024 * 1024)

/* Policy transactions open at the same time. */
#define DEBAR_TRANSFERS_MAX	4

/* Certificates compiled in that policies may be signed with. */
#define DEBAR_CERTS_MAX		16

/* Processes that may open banned files at the same time. */
#define DEBAR_SCANNERS_MAX	16

/*
 * Room for one denial in a netlink message: two paths of PATH_MAX, twelve strings of 255 bytes,
 * and the numbers.
 */
#define DEBAR_DENIAL_ROOM	(14 * 1024)

#endif /* DEBAR_LIMITS_H */
