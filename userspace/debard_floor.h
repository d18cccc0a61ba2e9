/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The highest serial that this machine has seen in a signed policy, kept over its restarts: the
 * file `floor` in the folder of debard's state.
 *
 * While a policy is in force the kernel lets serials only grow; this is for the time in between.
 */
#ifndef DEBARD_FLOOR_H
#define DEBARD_FLOOR_H

#include "policy_file.h"

/**
 * struct debard_floor - what no policy may be older than; all zero when there is none
 * @serial: of the policy that raised it
 * @digest: of its blob, hexadecimal
 */
struct debard_floor {
	uint64_t serial;
	char digest[DEBAR_HEX_SIZE];
};

/**
 * debard_floor_read - the floor as it was kept
 * @path: the file
 * @floor: set on success
 *
 * Return: 0, -ENOENT, -EINVAL when the file does not hold a floor, or what reading it gives.
 */
int debard_floor_read(const char *path, struct debard_floor *floor);

/**
 * debard_floor_check - whether a policy is not older than the floor
 * @floor: may be all zero
 * @policy: the policy
 * @where: named in the error
 * @error: on an error, where, what and the remedy
 *
 * Return: 0, or -ESTALE when it is older, or another one of the same serial.
 */
int debard_floor_check(const struct debard_floor *floor, const struct debar_policy *policy,
		       const char *where, struct debar_error *error);

/**
 * debard_floor_raise - keep the serial of a policy that was found to be signed
 * @floor: raised unless it is there already
 * @policy: the policy
 * @path: the file, replaced at once
 *
 * Return: 0, or what writing the file gives; @floor is raised all the same.
 */
int debard_floor_raise(struct debard_floor *floor, const struct debar_policy *policy,
		       const char *path);

#endif /* DEBARD_FLOOR_H */
