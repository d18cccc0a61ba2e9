/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps an administrator from loading a policy that would lock him out of the machine. */
#ifndef DEBAR_LOCKOUT_H
#define DEBAR_LOCKOUT_H

#include "error.h"
#include "policy_file.h"

/**
 * debar_lockout_check - whether a policy refuses, now or on a date to come, what a machine needs
 * @policy: the policy
 * @allowed: paths of files that it may refuse all the same
 * @count: of @allowed
 * @error: on an error, the file, what is wrong and the remedy
 *
 * That is the program of process 1; this program with its loader and libraries, and debarctl and
 * debard beside it; the programs of the processes that started this one, so that the agent which
 * brings the policy can bring another one; the shells of /etc/shells; logins and sshd; package
 * managers. What is not there is left out. Waivers do not count, for they expire.
 *
 * Return: 0, -EKEYREJECTED when it would, -ENOMEM, or what reading one of the files gives.
 */
int debar_lockout_check(const struct debar_policy *policy, const char *const *allowed, size_t count,
			struct debar_error *error);

#endif /* DEBAR_LOCKOUT_H */
