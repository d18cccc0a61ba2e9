/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of debarctl policy that stands in a file of its own, cmd_policy_show.c.
 */
#ifndef DEBAR_CMD_POLICY_H
#define DEBAR_CMD_POLICY_H

#include "debarctl.h"

extern const struct debarctl_cmd debarctl_cmd_policy_show;

#endif /* DEBAR_CMD_POLICY_H */
