/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the unit tests share: TAP on stdout, one line for each check, and the failed condition
 * behind it.
 *
 *	int main(void)
 *	{
 *		ok(1 + 1 == 2, "numbers add up");
 *		return tap_done();
 *	}
 */
#ifndef TAP_H
#define TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count;
static int tap_failures;

/*
 * One check; the text behind the condition is as for printf. Returns the condition, so that a
 * test can give up.
 */
#define ok(condition, ...) tap_check((condition), #condition, __FILE__, __LINE__, __VA_ARGS__)

/* Two strings, either of which may be NULL, are the same. */
#define same_text(got, expected, ...) \
	tap_same_text((got), (expected), __FILE__, __LINE__, __VA_ARGS__)

__attribute__((format(printf, 5, 6), unused)) static bool
tap_check(bool passed, const char *condition, const char *file, int line, const char *format, ...)
{
	__builtin_va_list args;

	tap_count++;
	tap_failures += !passed;
	printf("%sok %d - ", passed ? "" : "not ", tap_count);
	__builtin_va_start(args, format);
	vprintf(format, args);
	__builtin_va_end(args);
	printf("\n");
	if (!passed)
		printf("# %s:%d: %s\n", file, line, condition);
	fflush(stdout);
	return passed;
}

__attribute__((format(printf, 5, 6), unused)) static bool
tap_same_text(const char *got, const char *expected, const char *file, int line,
	      const char *format, ...)
{
	bool passed = got && expected ? !strcmp(got, expected) : got == expected;
	__builtin_va_list args;
	char name[256];

	__builtin_va_start(args, format);
	vsnprintf(name, sizeof(name), format, args);
	__builtin_va_end(args);
	tap_check(passed, "the texts are the same", file, line, "%s", name);
	if (!passed)
		printf("# got:      %s\n# expected: %s\n", got ? got : "(null)",
		       expected ? expected : "(null)");
	return passed;
}

/* The plan, after the last check; what main() returns. */
__attribute__((unused)) static int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failures ? 1 : 0;
}

#endif /* TAP_H */
