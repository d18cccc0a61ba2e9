// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzes the policy source: what is refused is refused with a place, and what is accepted is still
 * the same policy when it was written and read again.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "compile.h"
#include "fuzz.h"

/* One part of a policy, as the name of a file; the error has all that users are shown. */
static struct debar_source *load(const char *path)
{
	struct debar_error error = {};
	struct debar_source *source;
	int ret = debar_source_load(&path, 1, &source, &error);

	must(!ret || ret == -EINVAL);
	must(!ret || (*error.where && *error.what && strnlen(error.what, sizeof(error.what)) <
		      sizeof(error.what)));
	return ret ? NULL : source;
}

static void use(struct debar_source *source)
{
	struct debar_buffer first = {}, second = {}, text = {};
	struct debar_error error = {};
	struct debar_source *again;
	char path[FUZZ_PATH_SIZE];
	int ret = debar_compile(source, &first, &error), fd;

	must(!ret || (ret == -EINVAL && *error.where && *error.what));
	if (!ret) {
		must(!debar_source_write(source, &text, &error));
		fd = fuzz_file(text.data, text.length, path);
		again = load(path);
		must(again);
		again->issued = source->issued;
		must(!debar_compile(again, &second, &error));
		must(first.length == second.length &&
		     !memcmp(first.data, second.data, first.length));
		debar_source_free(again);
		close(fd);
	}
	debar_buffer_free(&first);
	debar_buffer_free(&second);
	debar_buffer_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[FUZZ_PATH_SIZE];
	int fd = fuzz_file(data, size, path);
	struct debar_source *source = load(path);

	if (source)
		use(source);
	debar_source_free(source);
	close(fd);
	return 0;
}
