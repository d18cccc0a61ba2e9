// SPDX-License-Identifier: GPL-2.0-or-later
/* The serial that debard keeps: what it lets through, and what its file may hold. */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "debard_floor.h"
#include "tap.h"

static char path[] = "/tmp/floor.XXXXXX";

static struct debar_policy policy_of(struct debar_blob_header *header, uint64_t serial,
				     uint8_t mark)
{
	struct debar_policy policy = {.blob.header = header, .digest = {mark}};

	header->serial = htole64(serial);
	return policy;
}

static int check(const struct debard_floor *floor, uint64_t serial, uint8_t mark)
{
	struct debar_blob_header header = {0};
	struct debar_policy policy = policy_of(&header, serial, mark);
	struct debar_error error;

	return debard_floor_check(floor, &policy, "policy.d", &error);
}

static void test_check(void)
{
	const struct debard_floor none = {0};
	struct debard_floor floor = {0};
	struct debar_blob_header header = {0};
	struct debar_policy seven = policy_of(&header, 7, 1);

	ok(!check(&none, 1, 1), "nothing was signed: any serial");
	ok(!debard_floor_raise(&floor, &seven, path), "raise it");
	ok(check(&floor, 6, 2) == -ESTALE, "an older policy");
	ok(check(&floor, 7, 2) == -ESTALE, "another policy of this serial");
	ok(!check(&floor, 7, 1), "the policy itself");
	ok(!check(&floor, 8, 2), "a newer policy");
	seven = policy_of(&header, 5, 3);
	ok(!debard_floor_raise(&floor, &seven, path) && floor.serial == 7, "nothing lowers it");
}

static void test_file(void)
{
	static const char *const wrong[] = {
		"", "{", "{}", "[]", "{\"serial\": 7, \"digest\": \"\"}",
		"{\"serial\": \"7\", \"digest\": \"01\"}",
		"{\"serial\": \"x\", \"digest\": \"01\"}",
	};
	struct debard_floor floor = {0};

	ok(!debard_floor_read(path, &floor) && floor.serial == 7 && !check(&floor, 7, 1),
	   "the file holds it");
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		FILE *file = fopen(path, "we");

		fputs(wrong[i], file);
		fclose(file);
		ok(debard_floor_read(path, &floor) == -EINVAL && floor.serial == 7,
		   "it holds none: %s", wrong[i]);
	}
	unlink(path);
	ok(debard_floor_read(path, &floor) == -ENOENT, "there is none");
}

int main(void)
{
	int fd = mkstemp(path);

	if (fd < 0)
		return EXIT_FAILURE;
	close(fd);
	test_check();
	test_file();
	return tap_done();
}
