// SPDX-License-Identifier: GPL-2.0-or-later
/* The log of debard: unfinished lines, rotation, a full disk, the place behind the last line. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "debard_log.h"
#include "tap.h"

#define COUNT ",\"boot_id\":\"b\",\"generation\":\"0000000000000001\"}"
#define LINE(number) "{\"type\":\"denial\",\"sequence\":" #number COUNT "\n"

static char folder[32];
static char path[64], rotated[64];

static void put(const char *text)
{
	FILE *file = fopen(path, "w");

	fputs(text, file);
	fclose(file);
}

static void check_content(const char *where, const char *expected, const char *name)
{
	struct debar_buffer text = {0};
	int error = debar_file_read(where, 1 << 20, &text);

	same_text(error ? NULL : text.data, expected, "%s", name);
	debar_buffer_free(&text);
}

static int add(struct debard_log *log, int number)
{
	return debard_log_add(log, json_pack("{s:s, s:i, s:s, s:s}", "type", "denial", "sequence",
					     number, "boot_id", "b", "generation",
					     "0000000000000001"));
}

/* Open a log that holds @text. */
static void check_repair(const char *text, const char *expected, int result, uint64_t next,
			 const char *name)
{
	struct debard_log log = DEBARD_LOG_CLOSED(path);
	struct debard_place place = {0};

	put(text);
	ok(!debard_log_open(&log), "%s: opened", name);
	check_content(path, expected, name);
	ok(debard_log_last(&log, &place) == result && place.next == next, "%s: last line", name);
	debard_log_close(&log);
}

static void test_repair(void)
{
	static char longer[10001];

	check_repair("", "", -ENOENT, 0, "an empty log");
	check_repair(LINE(1) LINE(2), LINE(1) LINE(2), 0, 3, "a whole log");
	check_repair(LINE(1) "{\"type\":\"den", LINE(1), 0, 2, "an unfinished line");
	check_repair("{\"type\":\"den", "", -ENOENT, 0, "nothing but an unfinished line");
	check_repair(LINE(1) "\n", LINE(1) "\n", -EINVAL, 0, "an empty line");
	check_repair(LINE(1) "rubbish\n", LINE(1) "rubbish\n", -EINVAL, 0, "a strange line");
	memset(longer, 'x', 10000);
	memcpy(longer, LINE(7), strlen(LINE(7)));
	check_repair(longer, LINE(7), 0, 8, "an unfinished line of several pieces");
}

static void test_add(void)
{
	struct debard_log log = DEBARD_LOG_CLOSED(path);
	struct debard_place place = {0};
	struct stat st;

	unlink(path);
	ok(!debard_log_open(&log), "created");
	ok(!stat(path, &st) && (st.st_mode & 0777) == 0640, "not for everyone's eyes");
	ok(!debard_log_flush(&log), "nothing to flush");
	ok(!add(&log, 1) && !add(&log, 2), "added");
	check_content(path, "", "not written before the flush");
	ok(!debard_log_flush(&log), "flushed");
	check_content(path, LINE(1) LINE(2), "written by the flush");
	ok(!debard_log_last(&log, &place) && place.next == 3, "the place behind it");
	ok(debard_log_add(&log, NULL) == -ENOMEM, "what could not be made is not added");
	debard_log_close(&log);
	debard_log_close(&log);
}

static void test_rotation(void)
{
	struct debard_log log = DEBARD_LOG_CLOSED(path);

	put("");
	ok(!debard_log_open(&log) && !add(&log, 1) && !debard_log_flush(&log), "first line");
	rename(path, rotated);
	ok(!add(&log, 2) && !debard_log_flush(&log), "second line after a rename");
	check_content(rotated, LINE(1), "the old file");
	check_content(path, LINE(2), "the new file");
	unlink(path);
	ok(!add(&log, 3) && !debard_log_flush(&log), "third line after an unlink");
	check_content(path, LINE(3), "a new file again");
	rename(path, rotated);
	put("");
	ok(!add(&log, 4) && !debard_log_flush(&log), "fourth line, the new file was there already");
	check_content(path, LINE(4), "in the new file");
	ok(!truncate(path, 0) && !add(&log, 5) && !debard_log_flush(&log), "copied and truncated");
	check_content(path, LINE(5), "goes on at the beginning");
	rename(path, rotated);
	ok(!debard_log_reopen(&log), "asked to reopen");
	check_content(path, "", "new without a line");
	debard_log_close(&log);
}

/* Let files grow no longer than @size: a write gets a part through, then fails. */
static void limit_files(rlim_t size)
{
	struct rlimit limit = {.rlim_cur = size, .rlim_max = RLIM_INFINITY};

	setrlimit(RLIMIT_FSIZE, &limit);
}

static void test_full(void)
{
	struct debard_log log = DEBARD_LOG_CLOSED(path);

	put("");
	ok(!debard_log_open(&log) && !add(&log, 1) && !debard_log_flush(&log), "room for a line");
	limit_files(2 * strlen(LINE(1)) + 10);
	ok(!add(&log, 2) && !add(&log, 3) && debard_log_flush(&log) == -EFBIG, "no room for two");
	check_content(path, LINE(1), "what was written of them is taken back");
	ok(!debard_log_flush(&log), "they are forgotten");
	limit_files(RLIM_INFINITY);
	ok(!add(&log, 2) && !debard_log_flush(&log), "room again");
	check_content(path, LINE(1) LINE(2), "goes on where it was");
	debard_log_close(&log);
}

static void test_missing(void)
{
	struct debard_log log = DEBARD_LOG_CLOSED("/nowhere/at/all");

	ok(debard_log_open(&log) == -ENOENT, "no folder");
	ok(!add(&log, 1) && debard_log_flush(&log) == -ENOENT, "no folder at a flush");
	debard_log_close(&log);
}

int main(void)
{
	signal(SIGXFSZ, SIG_IGN);
	strcpy(folder, "/tmp/debar-log.XXXXXX");
	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s/log", folder);
	snprintf(rotated, sizeof(rotated), "%s/log.1", folder);
	test_repair();
	test_add();
	test_rotation();
	test_full();
	test_missing();
	unlink(path);
	unlink(rotated);
	rmdir(folder);
	return tap_done();
}
