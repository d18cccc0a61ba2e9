// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How debard speaks: lines on stderr for people or the journal, and its state for the service
 * manager.
 */
#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <systemd/sd-daemon.h>

#include "debard.h"

int64_t debard_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void debard_say(int priority, const char *format, ...)
{
	_cleanup_free_ char *line = NULL;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&line, format, args);
	va_end(args);
	if (length < 0) {
		line = NULL;
		return;
	}
	/* The service manager sets this where stderr leads to the journal. */
	if (getenv("JOURNAL_STREAM"))
		fprintf(stderr, "<%d>%s\n", priority, line);
	else
		fprintf(stderr, "debard: %s\n", line);
}

static void say_text(int priority, const struct debar_error *text)
{
	_cleanup_free_ char *where = debar_escape(text->where, strlen(text->where));
	_cleanup_free_ char *what = debar_escape(text->what, strlen(text->what));

	debard_say(priority, "%s: %s: %s", where ? where : "", what ? what : "", text->remedy);
}

void debard_say_error(const struct debar_error *error)
{
	say_text(LOG_ERR, error);
}

void debard_say_notice(const struct debar_error *text)
{
	say_text(LOG_NOTICE, text);
}

void debard_notify(const char *state)
{
	(void)sd_notify(0, state);
}
