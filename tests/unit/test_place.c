// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The place of debard: its file, the place behind a line of the log, and which of them is
 * believed.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "debard_place.h"
#include "tap.h"

#define BOOT_A "aaaaaaaa-0000-0000-0000-000000000000"
#define GENERATION "\"generation\": \"0000000000000001\""
#define BOOT_B "bbbbbbbb-0000-0000-0000-000000000000"

static const struct debar_count here = {.boot_id = BOOT_A, .generation = 7};

static struct debard_place place_at(const char *boot_id, uint64_t generation, uint64_t next)
{
	struct debard_place place = {.count.generation = generation, .next = next};

	strcpy(place.count.boot_id, boot_id);
	return place;
}

static void check_start(struct debard_place file, struct debard_place log, uint64_t expected,
			const char *name)
{
	struct debard_place places[] = {file, log};

	ok(debard_place_start(&here, places, 2) == expected, "%s", name);
}

static void test_start(void)
{
	struct debard_place none = {0};

	check_start(none, none, 1, "nothing is known: begin at 1");
	check_start(place_at(BOOT_A, 7, 5), none, 5, "the place alone");
	check_start(none, place_at(BOOT_A, 7, 6), 6, "the log alone");
	check_start(place_at(BOOT_A, 7, 5), place_at(BOOT_A, 7, 9), 9, "the place is older");
	check_start(place_at(BOOT_A, 7, 9), place_at(BOOT_A, 7, 5), 9, "the place is newer");
	check_start(place_at(BOOT_B, 7, 9), none, 1, "the place is of another boot");
	check_start(place_at(BOOT_A, 8, 9), none, 1, "the place is of another load");
	check_start(place_at(BOOT_B, 1, 90), place_at(BOOT_A, 7, 3), 3,
		    "the place is of another boot, the log of this one");
	check_start(place_at(BOOT_A, 7, 3), place_at(BOOT_B, 1, 90), 3,
		    "the log is of another boot, the place of this one");
}

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	fputs(text, file);
	fclose(file);
}

static void test_file(const char *path)
{
	static const char *const bad[] = {
		"", "{", "[]", "{\"next\": 3}",
		"{\"boot_id\": \"x\", \"generation\": \"12\", \"next\": 3}",
		"{\"boot_id\": \"x\", \"generation\": \"00000000000000zz\", \"next\": 3}",
		"{\"boot_id\": \"x\", " GENERATION ", \"next\": 0}",
		"{\"boot_id\": \"x\", " GENERATION ", \"next\": -3}",
		"{\"boot_id\": \"x\", " GENERATION ", \"next\": \"3\"}",
		"{\"boot_id\": \"" BOOT_A BOOT_B "\", " GENERATION ", \"next\": 3}",
	};
	struct debard_place place = place_at(BOOT_A, UINT64_MAX, 12), back;

	ok(debard_place_read(path, &back) == -ENOENT, "no file");
	ok(!debard_place_write(path, &place), "written");
	memset(&back, 0, sizeof(back));
	ok(!debard_place_read(path, &back), "read back");
	ok(back.next == 12 && back.count.generation == UINT64_MAX &&
	   !strcmp(back.count.boot_id, BOOT_A), "the same place");
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		write_text(path, bad[i]);
		back.next = 99;
		ok(debard_place_read(path, &back) == -EINVAL && back.next == 0,
		   "no place: %s", bad[i]);
	}
}

static void check_line(const char *line, uint64_t next)
{
	struct debard_place place = {0};
	int error = debard_place_of_line(line, strlen(line), &place);

	ok(next ? !error && place.next == next && place.count.generation == 0x1f :
	   error == -EINVAL && !place.next, "behind %s", line);
}

#define COUNT "\"boot_id\":\"" BOOT_A "\",\"generation\":\"000000000000001f\""

static void test_line(void)
{
	check_line("{\"type\":\"denial\",\"sequence\":4," COUNT "}", 5);
	check_line("{\"type\":\"gap\",\"first\":4,\"last\":8," COUNT "}", 9);
	check_line("{\"type\":\"other\",\"sequence\":4," COUNT "}", 0);
	check_line("{\"type\":\"denial\",\"last\":4," COUNT "}", 0);
	check_line("{\"type\":\"denial\",\"sequence\":4}", 0);
	check_line("{\"type\":\"denial\",\"sequence\":4," COUNT, 0);
	check_line("", 0);
}

int main(void)
{
	char path[] = "/tmp/debar-place.XXXXXX";

	close(mkstemp(path));
	unlink(path);
	test_start();
	test_file(path);
	test_line();
	unlink(path);
	return tap_done();
}
