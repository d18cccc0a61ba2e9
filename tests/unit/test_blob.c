// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Malformed policy blobs, the same as the kernel is handed by tests/selftests: the parser refuses
 * each of them.
 */
#include <stdlib.h>

#include "../selftests/blob_cases.h"
#include "tap.h"

/* struct asked - cases that were not refused as they should be */
struct asked {
	size_t wrong;
};

static void ask(const char *name, const void *data, size_t length, const char *what, void *asked)
{
	struct debar_blob_error error = {};
	struct debar_blob blob;
	int ret = debar_blob_parse(&blob, data, length, &error);

	if (ret < 0 && error.what && (!what || !strcmp(what, error.what)) &&
	    error.offset <= length)
		return;
	printf("# %s: %d, \"%s\" at %llu instead of \"%s\"\n", name, ret,
	       error.what ? error.what : "", (unsigned long long)error.offset,
	       what ? what : "something");
	((struct asked *)asked)->wrong++;
}

static void test_unaligned(const void *good, size_t length)
{
	struct debar_blob_error error = {};
	struct debar_blob blob;
	size_t shift;

	for (shift = 0; shift < 8; shift++) {
		char *memory = malloc(length + shift);

		if (!ok(memory, "memory"))
			return;
		memcpy(memory + shift, good, length);
		ok(!debar_blob_parse(&blob, memory + shift, length, &error) == !shift,
		   "a blob %zu bytes off its alignment", shift);
		free(memory);
	}
}

int main(void)
{
	struct asked asked = {};
	size_t length, count;
	const void *good = blob_good(&length);

	test_unaligned(good, length);
	count = blob_cases(ask, &asked);
	ok(count > 900, "there are %zu malformed blobs", count);
	ok(!asked.wrong, "all of them are refused, with the right words");
	return tap_done();
}
