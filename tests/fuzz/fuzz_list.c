// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzes the readers of lists, the first byte tells which: what is refused is refused with a place,
 * and what is accepted has digests, and notes that can stand in a policy.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "list.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[FUZZ_PATH_SIZE];
	struct debar_error error = {};
	struct debar_list list = {};
	size_t i;
	int fd, ret;

	if (!size)
		return 0;
	fd = fuzz_file(data + 1, size - 1, path);
	ret = debar_list_read(path, data[0] % DEBAR_LIST_FORMATS, &list, &error);
	must(!ret || (ret == -EINVAL && *error.where && *error.what));
	must(!ret || (!list.entries && !list.skipped));
	for (i = 0; i < list.count; i++) {
		must(list.entries[i].line);
		must(list.entries[i].size <= INT64_MAX);
		must(!list.entries[i].note || list.entries[i].note[0]);
	}
	must(!list.skipped_count == !list.skipped);
	debar_list_free(&list);
	close(fd);
	return 0;
}
