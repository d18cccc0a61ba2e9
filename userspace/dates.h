/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Dates as policy source has them: moments with a time zone, and days. */
#ifndef DEBAR_DATES_H
#define DEBAR_DATES_H

#include <stdbool.h>
#include <stdint.h>

/* Room that a date takes as text, with its NUL. */
#define DEBAR_DATE_SIZE	32

/**
 * debar_date_parse - a moment, as RFC 3339 writes one
 * @text: such as 2024-09-29T00:00:00-04:00 or 2024-09-29T04:00:00Z
 * @seconds: set to it, in seconds since 1970; never 0
 *
 * Return: 0, -ENODATA when it has no time zone, -EINVAL when it is no date and time between 1970
 * and 9999.
 */
int debar_date_parse(const char *text, uint64_t *seconds);

/* debar_day_is - whether a text is a day of the calendar, such as 2024-09-29 */
bool debar_day_is(const char *text);

/**
 * debar_date_text - a moment as text, in UTC
 * @text: room for DEBAR_DATE_SIZE
 * @seconds: since 1970, or DEBAR_BLOB_NEVER, which is `never`; 0 is `always`
 *
 * Return: @text.
 */
char *debar_date_text(char text[DEBAR_DATE_SIZE], uint64_t seconds);

#endif /* DEBAR_DATES_H */
