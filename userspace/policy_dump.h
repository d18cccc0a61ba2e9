/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads out what a compiled policy holds, in the structs in which the kernel's answers come. */
#ifndef DEBAR_POLICY_DUMP_H
#define DEBAR_POLICY_DUMP_H

#include "client.h"
#include "policy_file.h"

/*
 * Each calls back with NULL first, as the dumps of client.h do, then with each record; returns 0,
 * -ENOMEM, or what the callback returns. @now is the date, in seconds since 1970.
 */
int debar_policy_dump_bans(const struct debar_policy *policy, uint64_t now, debar_ban_cb cb,
			   void *data);
int debar_policy_dump_waivers(const struct debar_policy *policy, debar_waiver_cb cb, void *data);
int debar_policy_dump_indicators(const struct debar_policy *policy, debar_indicator_cb cb,
				 void *data);

/* debar_policy_info - what is to be said of the policy as a whole; lives as long as @policy */
struct debar_policy_info debar_policy_info(const struct debar_policy *policy);

/* debar_now - the date that the kernel judges a policy by which was issued at @issued */
uint64_t debar_now(uint64_t issued);

/*
 * debar_policy_now - the date that the kernel would judge the policy by: today, but not before it
 * was issued
 */
uint64_t debar_policy_now(const struct debar_policy *policy);

#endif /* DEBAR_POLICY_DUMP_H */
