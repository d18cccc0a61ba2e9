/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a denial says, kept to be compared with what is known of the file that was refused.
 *
 * Functions that return int return 0 or -errno.
 */
#ifndef DEBAR_SELFTESTS_RECORDED_H
#define DEBAR_SELFTESTS_RECORDED_H

#include <linux/limits.h>

#include "common.h"

/**
 * struct recorded - the denials since a moment
 * @count: how many there are; -1 when they cannot be read
 * @denial: the last one; it points into the fields below, so this structure is not to be copied
 *
 * The rest is what @denial points at; text is ended by a NUL, and empty where there is none.
 */
struct recorded {
	int count;
	struct debar_denial denial;
	char ban_id[64], vendor[64], product[64], authority[64], policy_name[64], filesystem[64];
	char citation[64], override[64], waiver_id[64], waiver_owner[64], waiver_ticket[64];
	char path[PATH_MAX + 64], subject_exe[PATH_MAX], comm[32];
	uint8_t digest[DEBAR_DIGEST_SIZE], file_sha256[DEBAR_DIGEST_SIZE];
	uint8_t policy_digest[DEBAR_DIGEST_SIZE];
};

/* recorded_since - the denials with this sequence number or a higher one */
void recorded_since(struct world *world, uint64_t since, struct recorded *recorded);

/**
 * struct place - where a file is, in the words of a denial
 * @device: of its filesystem
 * @inode: its number
 * @filesystem: type of its filesystem
 */
struct place {
	uint32_t device;
	uint64_t inode;
	char filesystem[64];
};

/*
 * place_of - where a file is; asked of its mount, because some filesystems give stat() a device
 * number of their own
 */
int place_of(const char *path, struct place *place);

#endif /* DEBAR_SELFTESTS_RECORDED_H */
