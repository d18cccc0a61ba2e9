/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The profiles of a host: names that it selects, and that bans say whom they apply to by.
 */
#ifndef DEBAR_PROFILES_H
#define DEBAR_PROFILES_H

#include <stdbool.h>
#include "error.h"

/* What a name of a profile has to be, for a remedy. */
#define DEBAR_PROFILE_FORM	"write up to 64 lower-case letters, digits and hyphens"

/**
 * struct debar_profiles - what a host is, and which bans are not about it
 * @names: those that it selects
 * @count: of @names; 0 when it selects none, and every ban applies
 * @left_out: the bans that do not apply, each as its id and as the list of its profiles, with a NUL
 *	behind either; filled in by debar_compile()
 */
struct debar_profiles {
	const char *const *names;
	size_t count;
	struct debar_buffer left_out;
};

/* debar_profile_is_name - whether a profile can be called so */
bool debar_profile_is_name(const char *text);

/* debar_profiles_have - whether one of the names is this one */
bool debar_profiles_have(const char *const *names, size_t count, const char *name);

/**
 * debar_profiles_apply - whether something is about the host
 * @host: profiles of the host
 * @names: profiles that it is about
 * @count: of @names, 0 for all hosts
 */
bool debar_profiles_apply(const struct debar_profiles *host, const char *const *names,
			  size_t count);

/* debar_profiles_leave_out - keep in mind that a ban is about others; 0 or -ENOMEM */
int debar_profiles_leave_out(struct debar_profiles *host, const char *ban,
			     const char *const *names, size_t count);

/**
 * debar_profiles_told - say of one ban that it was left out
 * @host: profiles of the host
 * @at: 0 for the first ban, moved to the next one
 * @text: where, what and a remedy, for people
 *
 * Return: false when there is no more.
 */
bool debar_profiles_told(const struct debar_profiles *host, size_t *at, struct debar_error *text);

#endif /* DEBAR_PROFILES_H */
