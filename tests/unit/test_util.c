// SPDX-License-Identifier: GPL-2.0-or-later
/* Unit tests of util.h and intern.h: text made safe, whole files, the set of byte sequences. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "intern.h"
#include "tap.h"
#include "util.h"

static void test_escape(void)
{
	static const struct {
		const char *text;
		size_t length;
		const char *expected;
	} cases[] = {
		{ "", 0, "" },
		{ "/usr/bin/jq", 11, "/usr/bin/jq" },
		{ "a\nb\033[2J", 7, "a\\x0ab\\x1b[2J" },
		{ "a\0b", 3, "a\\x00b" },
		{ "back\\slash", 10, "back\\\\slash" },
		{ "\xc3\xa4\xe2\x82\xac", 5, "\xc3\xa4\xe2\x82\xac" },
		{ "\xf0\x9f\x9a\xab", 4, "\xf0\x9f\x9a\xab" },
		{ "\xff\xfe", 2, "\\xff\\xfe" },
		{ "\xc3", 1, "\\xc3" },			/* cut off */
		{ "\xc0\xaf", 2, "\\xc0\\xaf" },		/* overlong */
		{ "\xed\xa0\x80", 3, "\\xed\\xa0\\x80" },	/* surrogate */
		{ "\xf4\x90\x80\x80", 4, "\\xf4\\x90\\x80\\x80" },	/* beyond Unicode */
		{ "\xc2\x9b", 2, "\\xc2\\x9b" },		/* C1 control character */
		{ "\x7f", 1, "\\x7f" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_free_ char *safe = debar_escape(cases[i].text, cases[i].length);

		same_text(safe, cases[i].expected, "escape %zu", i);
	}
}

static void test_files(void)
{
	char folder[] = "/tmp/debar-test-XXXXXX", path[64];
	_cleanup_buffer_ struct debar_buffer buffer = {};
	struct stat st;

	if (!ok(mkdtemp(folder), "a folder"))
		return;
	snprintf(path, sizeof(path), "%s/file", folder);
	ok(debar_file_read(path, 100, &buffer) == -ENOENT, "a missing file");
	ok(debar_file_read(folder, 100, &buffer) == -EISDIR, "a folder is no file");
	ok(!debar_file_write(path, "first", 5), "write a file");
	umask(027);
	ok(!debar_file_write(path, "the second", 10), "replace it");
	ok(!stat(path, &st) && (st.st_mode & 0777) == 0640, "the umask holds");
	ok(debar_file_read(path, 9, &buffer) == -EFBIG && !buffer.data, "a byte too long");
	ok(!debar_file_read(path, 10, &buffer) && buffer.length == 10 &&
	   !strcmp(buffer.data, "the second"), "read it");
	ok(debar_file_write("/nonexistent/file", "", 0) == -ENOENT, "no folder to write to");
	unlink(path);
	ok(!rmdir(folder), "nothing else is left behind");
}

static void test_intern(void)
{
	struct debar_intern set = {};
	bool good = true;
	uint32_t i, offset, again;
	char text[16];

	for (i = 0; i < 5000 && good; i++) {
		size_t length = snprintf(text, sizeof(text), "%u", i) + 1;

		good = !debar_intern_add(&set, text, length, &offset) &&
		       !strcmp(set.data.data + offset, text) &&
		       !debar_intern_add(&set, text, length, &again) && again == offset;
	}
	ok(good, "sequences are found again");
	ok(set.count == 5000, "each is kept once");
	ok(!debar_intern_add(&set, "4999", 5, &offset) && offset == set.data.length - 5,
	   "the last one is the last");
	ok(!debar_intern_add(&set, "499", 4, &again) && again != offset,
	   "the beginning of another one is its own");
	debar_intern_free(&set);
	ok(!set.data.data && !set.slots, "empty afterwards");
}

int main(void)
{
	test_escape();
	test_files();
	test_intern();
	return tap_done();
}
