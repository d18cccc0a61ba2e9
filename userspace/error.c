// SPDX-License-Identifier: GPL-2.0-or-later
/* Fills in why something was refused or failed; prints nothing. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "error.h"

int debar_error_set(struct debar_error *error, int code, const char *where, const char *remedy,
		    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error->what, sizeof(error->what), format, args);
	va_end(args);
	snprintf(error->where, sizeof(error->where), "%s", where);
	snprintf(error->remedy, sizeof(error->remedy), "%s", remedy);
	return code;
}

static const char *system_remedy(int code)
{
	switch (code) {
	case -ENOENT:
	case -ENOTDIR:
		return "check the path, a part of it does not exist";
	case -EACCES:
	case -EPERM:
		return "become root, or give yourself access to it";
	case -EISDIR:
		return "give a file, not a directory";
	case -ENOSPC:
	case -EDQUOT:
		return "make room and try again";
	case -ENOMEM:
		return "free memory and try again";
	case -EROFS:
		return "choose a place that can be written";
	default:
		return "check the file and the disk it lies on";
	}
}

int debar_error_system(struct debar_error *error, int code, const char *where, const char *what)
{
	return debar_error_set(error, code, where, system_remedy(code), "%s: %s", what,
			       strerror(-code));
}
