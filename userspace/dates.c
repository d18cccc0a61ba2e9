// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads and writes dates: RFC 3339, of which only whole seconds are accepted. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "dates.h"
#include "policy_blob.h"

/* Takes @count digits; -1 when there are fewer. */
static int digits(const char **text, int count)
{
	int number = 0;

	for (; count; count--, (*text)++) {
		if (**text < '0' || **text > '9')
			return -1;
		number = 10 * number + (**text - '0');
	}
	return number;
}

static bool skip(const char **text, const char *one_of)
{
	if (!**text || !strchr(one_of, **text))
		return false;
	(*text)++;
	return true;
}

static bool take_day(const char **text, struct tm *tm)
{
	int year = digits(text, 4), month, day;

	if (year < 0 || !skip(text, "-"))
		return false;
	month = digits(text, 2);
	if (month < 0 || !skip(text, "-"))
		return false;
	day = digits(text, 2);
	*tm = (struct tm){ .tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day };
	return day >= 0;
}

static bool take_time(const char **text, struct tm *tm)
{
	tm->tm_hour = digits(text, 2);
	if (tm->tm_hour < 0 || !skip(text, ":"))
		return false;
	tm->tm_min = digits(text, 2);
	if (tm->tm_min < 0 || !skip(text, ":"))
		return false;
	tm->tm_sec = digits(text, 2);
	return tm->tm_sec >= 0;
}

/* What is to be subtracted to have UTC, in seconds. */
static bool take_zone(const char **text, int *offset)
{
	int sign = **text == '-' ? -1 : 1, hours, minutes;

	*offset = 0;
	if (skip(text, "Zz"))
		return true;
	if (!skip(text, "+-"))
		return false;
	hours = digits(text, 2);
	if (hours < 0 || hours > 23 || !skip(text, ":"))
		return false;
	minutes = digits(text, 2);
	*offset = sign * (hours * 60 + minutes) * 60;
	return minutes >= 0 && minutes < 60;
}

/* timegm() takes the 31st of June for the 1st of July. */
static bool is_in_calendar(const struct tm *tm, time_t *seconds)
{
	struct tm same = *tm;

	*seconds = timegm(&same);
	return same.tm_year == tm->tm_year && same.tm_mon == tm->tm_mon &&
	       same.tm_mday == tm->tm_mday && same.tm_hour == tm->tm_hour &&
	       same.tm_min == tm->tm_min && same.tm_sec == tm->tm_sec;
}

int debar_date_parse(const char *text, uint64_t *seconds)
{
	struct tm tm;
	time_t time;
	int offset;

	if (!take_day(&text, &tm) || !skip(&text, "Tt ") || !take_time(&text, &tm) ||
	    !is_in_calendar(&tm, &time))
		return -EINVAL;
	if (!*text)
		return -ENODATA;
	if (!take_zone(&text, &offset) || *text)
		return -EINVAL;
	time -= offset;
	if (time <= 0 || (uint64_t)time > DEBAR_BLOB_DATE_MAX)
		return -EINVAL;
	*seconds = time;
	return 0;
}

bool debar_day_is(const char *text)
{
	struct tm tm;
	time_t time;

	return take_day(&text, &tm) && !*text && is_in_calendar(&tm, &time);
}

char *debar_date_text(char text[DEBAR_DATE_SIZE], uint64_t seconds)
{
	time_t time = seconds;
	struct tm tm;

	if (!seconds)
		return strcpy(text, "always");
	if (seconds > DEBAR_BLOB_DATE_MAX)
		return strcpy(text, "never");
	if (!gmtime_r(&time, &tm) || !strftime(text, DEBAR_DATE_SIZE, "%FT%TZ", &tm))
		snprintf(text, DEBAR_DATE_SIZE, "%" PRIu64, seconds);
	return text;
}
