/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A table of malformed policy blobs, made of a good one. Plain C: the kernel is asked by blob.c
 * over netlink, the same parser in userspace by tests/unit/test_blob.c.
 */
#ifndef DEBAR_BLOB_CASES_H
#define DEBAR_BLOB_CASES_H

#include <stddef.h>

#include "policy_blob.h"

/**
 * typedef blob_case - called with each malformed blob
 * @name: what is wrong with it
 * @blob: 8-byte aligned, allocated for itself, so that reading beyond its end can be noticed
 * @length: of @blob in bytes, may be 0
 * @what: the words of the refusal, or NULL when any will do
 * @data: the caller's
 */
typedef void (*blob_case)(const char *name, const void *blob, size_t length, const char *what,
			  void *data);

/* blob_good - the blob that all others are made of; it is accepted */
const void *blob_good(size_t *length);

/* blob_cases - go through the table; the number of cases, or 0 without memory */
size_t blob_cases(blob_case each, void *data);

#endif /* DEBAR_BLOB_CASES_H */
