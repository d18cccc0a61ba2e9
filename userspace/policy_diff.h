/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one policy has that another has not, ban by ban, waiver by waiver, indicator by indicator.
 */
#ifndef DEBAR_POLICY_DIFF_H
#define DEBAR_POLICY_DIFF_H

#include <jansson.h>
#include "policy_file.h"

/**
 * debar_policy_diff - compare two policies
 * @old: the one
 * @new: the other
 * @diff: set to an object with `old` and `new` (name, serial, issued, digest), and with `bans`,
 *   `waivers` and `indicators`, each an object of arrays: `added` and `removed` as in
 *   `policy show`, and `changed` (old and new as in `policy show`, fields: what differs, sorted)
 *
 * Both are looked at on one date, today, or the day on which the later of them was issued: a ban
 * that differs in its stage only because of the day does not differ.
 *
 * Return: how many records are added, removed or changed, at most INT_MAX, or -ENOMEM.
 */
int debar_policy_diff(const struct debar_policy *old, const struct debar_policy *new,
		      json_t **diff);

#endif /* DEBAR_POLICY_DIFF_H */
