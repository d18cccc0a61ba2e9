/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes the record of a denial. */
#ifndef DEBAR_DENIAL_FILL_H
#define DEBAR_DENIAL_FILL_H

#include "denials.h"

struct debar_denial *debar_denial_fill(struct file *file,
				       const struct debar_judgement *judgement);

#endif /* DEBAR_DENIAL_FILL_H */
