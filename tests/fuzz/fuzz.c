// SPDX-License-Identifier: GPL-2.0-or-later
/* Inputs as files and as memory; see fuzz.h. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

int fuzz_file(const void *data, size_t size, char path[static FUZZ_PATH_SIZE])
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, FUZZ_PATH_SIZE, "/proc/self/fd/%d", fd);
	return fd;
}

void *fuzz_copy(const void *data, size_t size)
{
	void *copy = malloc(size);

	must(copy);
	memcpy(copy, data, size);
	return copy;
}
