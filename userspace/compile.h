/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compiles a policy source to the blob of kmod/policy_blob.h.
 */
#ifndef DEBAR_COMPILE_H
#define DEBAR_COMPILE_H

#include "policy_blob.h"
#include "source.h"

/**
 * debar_compile - make a blob of a policy source
 * @source: from debar_source_load(), or filled in by hand
 * @out: empty; the blob, which debar_blob_parse() has accepted
 * @error: on an error, where, what and the remedy
 *
 * The same source gives the same bytes. Parts of a ban become one. A digest that stands in two
 * parts of the same ban with the same size is taken once; any other repetition is refused. A
 * waiver that waives nothing is refused, too. Bans that do not apply to @source's host are left
 * out, with their waivers, and noted there.
 *
 * Return: 0, -EINVAL when the source is wrong, -EFBIG when the blob would exceed DEBAR_POLICY_MAX,
 * or -ENOMEM.
 */
int debar_compile(const struct debar_source *source, struct debar_buffer *out,
		  struct debar_error *error);

#endif /* DEBAR_COMPILE_H */
