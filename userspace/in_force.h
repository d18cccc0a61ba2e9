/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether a policy is in force already, so that loading the same one again does nothing.
 */
#ifndef DEBAR_IN_FORCE_H
#define DEBAR_IN_FORCE_H

#include "client.h"
#include "policy_file.h"

/**
 * debar_in_force - compare a policy with the one in force
 * @client: to ask with
 * @policy: from debar_policy_open(); stays as it is
 *
 * A policy that was compiled anew from the same source differs in the time of its issue alone; it
 * counts as the same.
 * Return: 1 when it is in force, 0 when it is not, or an error of client.h, -ENOMEM or -EIO.
 */
int debar_in_force(struct debar_client *client, const struct debar_policy *policy);

#endif /* DEBAR_IN_FORCE_H */
