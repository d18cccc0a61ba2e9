/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of debarctl policy that stand in files of their own, cmd_policy_*.c.
 */
#ifndef DEBAR_CMD_POLICY_H
#define DEBAR_CMD_POLICY_H

#include "debarctl.h"

extern const struct debarctl_cmd debarctl_cmd_policy_diff;
extern const struct debarctl_cmd debarctl_cmd_policy_show;
extern const struct debarctl_cmd debarctl_cmd_policy_sign;
extern const struct debarctl_cmd debarctl_cmd_policy_verify;

#endif /* DEBAR_CMD_POLICY_H */
