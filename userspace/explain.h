/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Explains a verdict step by step: digests, indicator, ban, date, waiver. */
#ifndef DEBAR_EXPLAIN_H
#define DEBAR_EXPLAIN_H

#include <jansson.h>
#include "judge.h"

/*
 * Each adds the keys now, digests, ban and why to the object that `check` shows of a file, which
 * has all of its other keys already; 0, -ENOMEM, or what reading the file or asking the kernel
 * gives.
 */
int debar_explain_policy(json_t *object, const struct debar_policy *policy,
			 struct debar_subject *subject,
			 const struct debar_circumstances *in);
int debar_explain_kernel(json_t *object, struct debar_client *client,
			 struct debar_subject *subject);

/* debar_explain_print - the steps, for people */
void debar_explain_print(const json_t *object);

#endif /* DEBAR_EXPLAIN_H */
