/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How library code says what went wrong without printing: where, what, and what to do about it.
 */
#ifndef DEBAR_ERROR_H
#define DEBAR_ERROR_H

#include <limits.h>
#include "util.h"

/**
 * struct debar_error - why something was refused or failed; all zero when nothing did
 * @where: a file, file:line:column, or the part of the work
 * @what: what is wrong there
 * @remedy: what to do about it
 */
struct debar_error {
	char where[PATH_MAX + 64];
	char what[1024];
	char remedy[256];
};

/**
 * debar_error_set - fill in an error
 * @error: overwritten
 * @code: -errno
 * @where: see above
 * @remedy: see above
 * @format: of @what
 *
 * Return: @code, so that a function can return the call.
 */
_printf_(5, 6) int debar_error_set(struct debar_error *error, int code, const char *where,
				   const char *remedy, const char *format, ...);

/*
 * debar_error_system - as above for a failed system call: @what is what was attempted, the reason
 * is added
 */
int debar_error_system(struct debar_error *error, int code, const char *where, const char *what);

#endif /* DEBAR_ERROR_H */
