// SPDX-License-Identifier: GPL-2.0-only
/* What a denial says, kept to be compared; see recorded.h. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "recorded.h"

#define KEEP_STRING(r, member)							\
	do {									\
		snprintf((r)->member, sizeof((r)->member), "%s", (r)->denial.member);	\
		(r)->denial.member = (r)->member;				\
	} while (0)
#define KEEP_LAW(r, member)							\
	do {									\
		snprintf((r)->member, sizeof((r)->member), "%s", (r)->denial.law.member); \
		(r)->denial.law.member = (r)->member;				\
	} while (0)
#define KEEP_BYTES(r, member)							\
	do {									\
		snprintf((r)->member, sizeof((r)->member), "%.*s",		\
			 (int)(r)->denial.member.length, (r)->denial.member.data ?: "");	\
		(r)->denial.member.data = (r)->member;				\
	} while (0)
#define KEEP_DIGEST(r, member)							\
	do {									\
		if ((r)->denial.member)						\
			(r)->denial.member = memcpy((r)->member, (r)->denial.member,	\
						    DEBAR_DIGEST_SIZE);		\
	} while (0)

static int take_denial(const struct debar_denial *denial, const struct debar_denial_state *state,
		       void *data)
{
	struct recorded *r = data;

	(void)state;
	if (!denial)
		return 0;
	r->count++;
	r->denial = *denial;
	KEEP_STRING(r, ban_id);
	KEEP_STRING(r, vendor);
	KEEP_STRING(r, product);
	KEEP_STRING(r, authority);
	KEEP_STRING(r, policy_name);
	KEEP_STRING(r, filesystem);
	KEEP_LAW(r, citation);
	KEEP_LAW(r, override);
	KEEP_LAW(r, waiver_id);
	KEEP_LAW(r, waiver_owner);
	KEEP_LAW(r, waiver_ticket);
	KEEP_BYTES(r, path);
	KEEP_BYTES(r, subject_exe);
	KEEP_BYTES(r, comm);
	KEEP_DIGEST(r, digest);
	KEEP_DIGEST(r, file_sha256);
	KEEP_DIGEST(r, policy_digest);
	return 0;
}

void recorded_since(struct world *world, uint64_t since, struct recorded *recorded)
{
	*recorded = (struct recorded){};
	if (debar_client_denial_dump(world->client, since, take_denial, recorded))
		recorded->count = -1;
}

/* A line of mountinfo: `36 35 98:0 /root /where options... - type source options`. */
static bool mount_is(const char *line, unsigned int id, struct place *place)
{
	unsigned int found, major, minor;
	const char *rest = strstr(line, " - ");

	if (!rest || sscanf(line, "%u %*u %u:%u", &found, &major, &minor) != 3 || found != id)
		return false;
	place->device = major << 20 | minor;
	return sscanf(rest, " - %63s", place->filesystem) == 1;
}

int place_of(const char *path, struct place *place)
{
	char line[2 * PATH_MAX];
	int ret = -ENOENT;
	struct statx st;
	FILE *file;

	if (statx(AT_FDCWD, path, 0, STATX_INO | STATX_MNT_ID, &st))
		return -errno;
	*place = (struct place){ .inode = st.stx_ino };
	file = fopen("/proc/self/mountinfo", "re");
	if (!file)
		return -errno;
	while (ret && fgets(line, sizeof(line), file))
		if (mount_is(line, st.stx_mnt_id, place))
			ret = 0;
	fclose(file);
	return ret;
}
