// SPDX-License-Identifier: GPL-2.0-or-later
/* Leaves out the bans that are about hosts of other profiles. */
#include <errno.h>
#include <string.h>

#include "compile_check.h"

int debar_compile_check_profiles(struct debar_compiler *c, size_t i)
{
	const struct debar_source_ban *ban = &c->source->bans[i];
	const struct debar_source_ref ref = { i, DEBAR_SOURCE_NONE, "applies_to", false };
	size_t j;

	for (j = 0; j < ban->profile_count; j++) {
		if (!debar_profile_is_name(ban->profiles[j]))
			return debar_compile_refuse(c, &ref, DEBAR_PROFILE_FORM,
						    "'%s' is no name of a profile",
						    ban->profiles[j]);
		if (debar_profiles_have(ban->profiles, j, ban->profiles[j]))
			return debar_compile_refuse(c, &ref, "write it once",
						    "the profile '%s' stands twice",
						    ban->profiles[j]);
	}
	return 0;
}

bool debar_compile_merge_profiles(struct debar_source_ban *merged,
				  const struct debar_source_ban *part)
{
	size_t i;

	if (!merged->profile_count) {
		merged->profiles = part->profiles;
		merged->profile_count = part->profile_count;
	}
	for (i = 0; i < part->profile_count; i++)
		if (!debar_profiles_have(merged->profiles, merged->profile_count,
					 part->profiles[i]))
			return false;
	return !part->profile_count || part->profile_count == merged->profile_count;
}

int debar_compile_select(struct debar_compiler *c)
{
	struct debar_profiles *host = c->source->host;
	_cleanup_free_ uint32_t *numbers = calloc(c->ban_count + 1, sizeof(*numbers));
	uint32_t i, kept = 0;
	size_t part;

	if (!numbers)
		return debar_compile_no_memory(c);
	if (host)
		host->left_out.length = 0;
	for (i = 0; i < c->ban_count; i++) {
		const struct debar_source_ban *ban = &c->merged[i];

		numbers[i] = DEBAR_COMPILE_LEFT_OUT;
		if (debar_profiles_apply(host, ban->profiles, ban->profile_count)) {
			numbers[i] = kept;
			c->merged[kept++] = *ban;
		} else if (debar_profiles_leave_out(host, ban->id, ban->profiles,
						    ban->profile_count)) {
			return debar_compile_no_memory(c);
		}
	}
	for (part = 0; part < c->source->ban_count; part++)
		c->number[part] = numbers[c->number[part]];
	c->ban_count = kept;
	return 0;
}

bool debar_compile_is_left_out(const struct debar_compiler *c, const char *id)
{
	size_t i;

	for (i = 0; i < c->source->ban_count; i++)
		if (c->number[i] == DEBAR_COMPILE_LEFT_OUT && !strcmp(c->source->bans[i].id, id))
			return true;
	return false;
}
