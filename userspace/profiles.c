// SPDX-License-Identifier: GPL-2.0-or-later
/* Tells whom a ban applies to, and keeps in mind which were left out. */
#include <errno.h>
#include <string.h>

#include "profiles.h"

#define LONGEST_NAME	64

bool debar_profile_is_name(const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return length && length <= LONGEST_NAME && !text[length] && text[0] != '-';
}

bool debar_profiles_have(const char *const *names, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

bool debar_profiles_apply(const struct debar_profiles *host, const char *const *names,
			  size_t count)
{
	size_t i;

	if (!host || !host->count || !count)
		return true;
	for (i = 0; i < count; i++)
		if (debar_profiles_have(host->names, host->count, names[i]))
			return true;
	return false;
}

int debar_profiles_leave_out(struct debar_profiles *host, const char *ban,
			     const char *const *names, size_t count)
{
	int err = debar_buffer_add(&host->left_out, ban, strlen(ban) + 1);
	size_t i;

	for (i = 0; i < count && !err; i++) {
		err = debar_buffer_add(&host->left_out, names[i], strlen(names[i]));
		if (!err)
			err = debar_buffer_add(&host->left_out, ", ",
					       i + 1 < count ? strlen(", ") : 0);
	}
	return err ? err : debar_buffer_add(&host->left_out, "", 1);
}

bool debar_profiles_told(const struct debar_profiles *host, size_t *at, struct debar_error *text)
{
	char where[sizeof(text->where)];
	const char *ban, *names;

	if (*at >= host->left_out.length)
		return false;
	ban = host->left_out.data + *at;
	names = ban + strlen(ban) + 1;
	*at += names - ban + strlen(names) + 1;
	snprintf(where, sizeof(where), "ban %s", ban);
	debar_error_set(text, 0, where, "select one of these profiles where it is to apply",
			"left out, it applies to %s", names);
	return true;
}
