// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzzes the reading of packages: a damaged one is refused with words, and within the limits. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "package.h"

/* Less than for real packages, so that limits are met and bombs stay small. */
static const struct debar_package_limits limits = {
	.bytes = 1 << 20,
	.entries = 200,
	.elf_bytes = 1 << 18,
	.depth = 3,
	.ratio = 20,
	.ratio_bytes = 1 << 17,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint32_t kinds = (2U << DEBAR_INDICATOR_KIND_MAX) - 1;
	struct debar_package package = {};
	struct debar_error error = {};
	char path[FUZZ_PATH_SIZE];
	int fd = fuzz_file(data, size, path);
	int ret = debar_package_read(path, &limits, kinds, &package, &error);
	size_t i;

	/* No memory: only for what no real file holds, see run.sh. */
	must(!ret || ret == -EINVAL || ret == -EFBIG || ret == -ENOMEM);
	must(!ret || (*error.where && *error.what && *error.remedy));
	must(!ret || !package.file_count);
	must(package.file_count <= limits.entries);
	for (i = 0; i < package.file_count; i++) {
		const struct debar_package_file *file = &package.files[i];

		must(file->path && file->part < package.part_count);
		must(file->digests[DEBAR_INDICATOR_KIND_FILE_SHA256].known);
		must(file->digests[DEBAR_INDICATOR_KIND_CODE_SHA256].size <=
		     file->digests[DEBAR_INDICATOR_KIND_FILE_SHA256].size);
		/* debar_escape() left nothing that a terminal would obey. */
		must(strcspn(file->path, "\n\r\033") == strlen(file->path));
	}
	debar_package_free(&package);
	close(fd);
	return 0;
}
