// SPDX-License-Identifier: GPL-2.0-only
/* Fault injection; see injection.h. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common.h"
#include "injection.h"

#define FAULTS		"/sys/kernel/debug/"
#define MODULE		"/tests/modules/injection.ko"
#define PARAMETERS	"/sys/module/injection/parameters/"
/* What the module says of each failure. */
#define SAYS		"injection: failed in "

static int write_text(const char *path, const char *text)
{
	return rewrite_file(path, text, strlen(text));
}

static int write_number(const char *path, unsigned int number)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", number);
	return write_text(path, text);
}

/* A task is chosen by what it asks for itself; also where the caller can wait for memory. */
static const struct setting {
	const char *path;
	const char *text;
} settings[] = {
	{ FAULTS "failslab/probability", "0" },
	{ FAULTS "failslab/task-filter", "Y" },
	{ FAULTS "failslab/times", "-1" },
	{ FAULTS "failslab/verbose", "0" },
	{ FAULTS "failslab/ignore-gfp-wait", "N" },
	{ FAULTS "fail_page_alloc/probability", "0" },
	{ FAULTS "fail_page_alloc/task-filter", "Y" },
	{ FAULTS "fail_page_alloc/times", "-1" },
	{ FAULTS "fail_page_alloc/verbose", "0" },
	{ FAULTS "fail_page_alloc/ignore-gfp-wait", "N" },
	{ FAULTS "fail_page_alloc/ignore-gfp-highmem", "N" },
	{ FAULTS "fail_page_alloc/min-order", "0" },
	{ FAULTS "fail_make_request/verbose", "0" },
	{ FAULTS "fail_function/verbose", "0" },
	{ FAULTS "fail_function/inject", "__filemap_add_folio" },
	{ FAULTS "fail_function/__filemap_add_folio/retval", "0xfffffffffffffff4" /* -ENOMEM */ },
	{}
};

/* Where the calling thread says what will fail; opening it later could be that. */
static int fail_nth = -1;

int injection_begin(void)
{
	const char *const load[] = { "/sbin/insmod", MODULE, NULL };
	const struct setting *it;

	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (fail_nth < 0)
		return -errno;
	if (run_with(load))
		return -ENODEV;
	for (it = settings; it->path; it++) {
		int ret = write_text(it->path, it->text);

		if (ret) {
			printf("# %s: %s\n", it->path, strerror(-ret));
			return ret;
		}
	}
	return 0;
}

void injection_end(void)
{
	const char *const unload[] = { "/sbin/rmmod", "injection", NULL };

	(void)write_text(FAULTS "fail_function/inject", "!__filemap_add_folio");
	(void)run_with(unload);
	close(fail_nth);
}

int injection_disk(const char *device)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/block/%s/make-it-fail", strrchr(device, '/') + 1);
	return write_text(path, "1");
}

int injection_arm(unsigned int nth)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%u", nth);

	return pwrite(fail_nth, text, length, 0) == length ? 0 : -errno;
}

bool injection_disarm(void)
{
	char left[16] = "";
	bool known = pread(fail_nth, left, sizeof(left) - 1, 0) > 0;

	(void)injection_arm(0);
	return known && atoi(left) == 0;
}

int injection_init(unsigned int nth)
{
	return write_number(PARAMETERS "nth", nth);
}

bool injection_init_hit(void)
{
	_cleanup_buffer_ struct debar_buffer left = {};
	int ret = debar_file_read(PARAMETERS "left", 4096, &left);

	(void)write_text(PARAMETERS "nth", "0");
	(void)write_text(PARAMETERS "filtered", "N");
	(void)write_text(FAULTS "failslab/probability", "0");
	(void)write_text(FAULTS "fail_page_alloc/probability", "0");
	(void)write_text(FAULTS "fail_page_alloc/min-order", "0");
	return !ret && left.length && *(char *)left.data == '0';
}

int injection_init_all(unsigned int bytes)
{
	int ret = write_number(FAULTS "failslab/space", bytes);

	if (!ret)
		ret = write_text(FAULTS "failslab/probability", "100");
	/* Above what the slab allocator takes for itself. */
	if (!ret)
		ret = write_text(FAULTS "fail_page_alloc/min-order", "3");
	if (!ret)
		ret = write_text(FAULTS "fail_page_alloc/probability", "100");
	return ret ?: write_text(PARAMETERS "filtered", "Y");
}

/* Adds a line, unless it is there. */
static void add_line(char *lines, size_t size, const char *line, size_t length)
{
	size_t used = strlen(lines);
	const char *at = lines;

	while ((at = strstr(at, line))) {
		if (at[length] == '\n')
			return;
		at += length;
	}
	snprintf(lines + used, size - used, "%.*s\n", (int)length, line);
}

int injection_sites(char *sites, size_t size)
{
	_cleanup_close_ int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char record[1024];
	ssize_t length;

	if (log < 0)
		return -errno;
	*sites = '\0';
	for (;;) {
		char *text;

		length = read(log, record, sizeof(record) - 1);
		if (length < 0 && errno == EPIPE) /* some were overwritten */
			continue;
		if (length < 0)
			return errno == EAGAIN ? 0 : -errno;
		record[length] = '\0';
		text = strstr(record, SAYS);
		if (!text)
			continue;
		text += strlen(SAYS);
		length = strcspn(text, "\n");
		text[length] = '\0';
		add_line(sites, size, text, length);
	}
}
