// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Unit tests of kmod/elf_code.h: code and build id of ELF files of both widths and byte orders, and
 * files that lie: nothing is read beyond their end, and work stays within a bound.
 */
#include <errno.h>
#include <stdlib.h>

#include "../selftests/elf_cases.h"
#include "elf_code.h"
#include "tap.h"
#include "util.h"

/*
 * What no file may exceed: twice all program headers of a table of 64 KiB, or 4096 section headers;
 * and 64 notes in each of 64 areas. And pieces of code: before and behind the program headers.
 */
#define READS_MAX	(4096 + 64 * 64 + 3)
#define PIECES_MAX	4096

static struct elf_file file;

/**
 * struct seen - what came of a file
 * @bytes: the file, in memory of its own length, so that the sanitizers see what is beyond
 * @code: code, one piece behind the other
 * @code_size: of @code in bytes
 * @size: as debar_elf_code() tells it
 * @reads: how often it was read
 * @pieces: of code
 * @beyond: something was asked for that lies beyond its end
 * @code_result: of debar_elf_code(), or of debar_elf_open()
 * @id_result: of debar_elf_build_id()
 * @id: the build id
 */
struct seen {
	uint8_t *bytes;
	uint8_t *code;
	size_t code_size;
	__u64 size;
	unsigned int reads;
	unsigned int pieces;
	bool beyond;
	int code_result;
	int id_result;
	__u8 id[DEBAR_DIGEST_SIZE];
};

static struct seen seen;

static int read_file(void *context, __u64 offset, void *buffer, size_t size)
{
	struct seen *s = context;

	s->reads++;
	if (offset > file.size || size > file.size - offset) {
		s->beyond = true;
		return -EIO;
	}
	memcpy(buffer, s->bytes + offset, size);
	return 0;
}

static int take_piece(void *context, __u64 offset, __u64 length)
{
	struct seen *s = context;

	s->pieces++;
	if (offset > file.size || length > file.size - offset ||
	    length > file.size - s->code_size) {
		s->beyond = true;
		return -EIO;
	}
	memcpy(s->code + s->code_size, s->bytes + offset, length);
	s->code_size += length;
	return 0;
}

static bool fine(int result)
{
	return result >= 0 || result == -ENODATA || result == -ENOEXEC;
}

/* Reads the file; true when that was in order, whatever the file is. */
static bool look(void)
{
	struct debar_elf elf = { .read = read_file, .context = &seen, .size = file.size };
	int ret;

	seen = (struct seen){ .bytes = malloc(file.size), .code = malloc(file.size) };
	memcpy(seen.bytes, file.bytes, file.size);
	ret = debar_elf_open(&elf);
	seen.code_result = ret ? ret : debar_elf_code(&elf, take_piece, &seen, &seen.size);
	seen.id_result = ret ? ret : debar_elf_build_id(&elf, seen.id);
	free(seen.bytes);
	free(seen.code);
	return !seen.beyond && seen.reads <= READS_MAX &&
	       seen.pieces <= PIECES_MAX && fine(seen.code_result) &&
	       fine(seen.id_result) && seen.id_result <= DEBAR_DIGEST_SIZE;
}

/* What is to be found in the file was found: as much code, the same build id, NULs behind it. */
static bool found(void)
{
	size_t i;

	if (seen.code_result ? file.code : file.code != seen.size || file.code != seen.code_size)
		return false;
	if (seen.id_result < 0)
		return !file.id_size;
	for (i = file.id_size; i < DEBAR_DIGEST_SIZE; i++)
		if (seen.id[i])
			return false;
	return (size_t)seen.id_result == file.id_size &&
	       !memcmp(seen.id, file.bytes + file.id, file.id_size);
}

/**
 * struct worst - the most work that a file of the table made
 * @reads: how often it was read
 * @pieces: of code
 */
struct worst {
	unsigned int reads;
	unsigned int pieces;
};

static void test_case(const char *name, const struct elf_file *it, void *data)
{
	struct worst *worst = data;

	file = *it;
	ok(look() && found(), "%s: %s", elf_form(it->wide, it->big), name);
	if (seen.reads > worst->reads)
		worst->reads = seen.reads;
	if (seen.pieces > worst->pieces)
		worst->pieces = seen.pieces;
}

static void test_cases(void)
{
	struct worst worst = {};
	size_t count = elf_cases(test_case, &worst);

	ok(count, "%zu hostile files: at most %u reads and %u pieces of code for one", count,
	   worst.reads, worst.pieces);
}

/* Every length that the file may have been cut to. */
static void test_cut(const char *form)
{
	size_t wrong = 0;

	for (file.size = 0; file.size < ELF_END; file.size++)
		wrong += !look();
	ok(!wrong, "%s: cut off everywhere", form);
}

/* Every field of the headers, the notes included, and whatever else, at its extremes. */
static void test_extremes(const char *form)
{
	static const uint64_t values[] = {
		0, 1, 3, 4, 0x7f, 0x80, 0xff, 0x100, ELF_END - 1, ELF_END, ELF_END + 1,
		0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff,
		0x7fffffffffffffff, 0x8000000000000000, 0xfffffffffffffff0, 0xffffffffffffffff,
	};
	static uint8_t good[ELF_END];
	size_t at, width, i, wrong = 0;

	memcpy(good, file.bytes, ELF_END);
	for (at = 0; at < ELF_END; at++) {
		for (width = 1; width <= 8 && at + width <= ELF_END; width *= 2) {
			for (i = 0; i < ARRAY_SIZE(values); i++) {
				elf_put(&file, at, width, values[i]);
				wrong += !look();
				memcpy(file.bytes, good, ELF_END);
			}
		}
	}
	ok(!wrong, "%s: extremes everywhere", form);
}

static uint32_t next_random(void)
{
	static uint32_t state = 2463534242;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

static void test_random(const char *form)
{
	static uint8_t good[ELF_END];
	size_t round, i, wrong = 0;

	memcpy(good, file.bytes, ELF_END);
	for (round = 0; round < 20000; round++) {
		for (i = 0; i < 1 + round % 8; i++)
			file.bytes[next_random() % ELF_END] = next_random();
		wrong += !look();
		memcpy(file.bytes, good, ELF_END);
	}
	ok(!wrong, "%s: 20,000 times damaged by chance", form);
}

/* Of the bytes that tell width and byte order, two are taken each, and one suits the tables. */
static void test_forms(void)
{
	size_t wide, order, taken = 0, wrong = 0;

	elf_program(&file, true, false);
	for (wide = 0; wide < 256; wide++) {
		for (order = 0; order < 256; order++) {
			bool known = wide - 1 < 2 && order - 1 < 2;

			file.bytes[EI_CLASS] = wide;
			file.bytes[EI_DATA] = order;
			wrong += !look() || (!known && seen.code_result != -ENOEXEC);
			taken += !seen.code_result;
		}
	}
	ok(!wrong && taken == 1, "other widths and byte orders than the tables have");
}

static void test_form(bool wide, bool big)
{
	const char *form = elf_form(wide, big);

	elf_program(&file, wide, big);
	ok(look() && found(), "%s: a program", form);
	test_cut(form);
	elf_program(&file, wide, big);
	test_extremes(form);
	test_random(form);
	elf_module(&file, wide, big);
	ok(look() && found(), "%s: a module", form);
	test_cut(form);
	elf_module(&file, wide, big);
	test_extremes(form);
	test_random(form);
}

int main(void)
{
	size_t form;

	for (form = 0; form < 4; form++)
		test_form(form & 2, form & 1);
	test_cases();
	test_forms();
	return tap_done();
}
