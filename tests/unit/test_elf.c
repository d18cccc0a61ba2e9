// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Unit tests of kmod/elf_code.h: code and build id of ELF files of both widths and byte orders, and
 * files that lie: nothing is read beyond their end, and work stays within a bound.
 */
#include <elf.h>
#include <errno.h>
#include <stdlib.h>

#include "elf_code.h"
#include "tap.h"
#include "util.h"

/* Where things are in the files that are made here, in bytes. */
#define NOTES	0x140
#define CODE	0x180
#define END	0x200
#define SEGMENTS 3
#define NOTE_LENGTH 36

/*
 * What no file may exceed: twice all program headers of a table of 64 KiB, or 4096 section headers;
 * and 64 notes in each of 64 areas.
 */
#define READS_MAX	(4096 + 64 * 64 + 3)

static const uint8_t id[20] = { 0xde, 0xba, 0x12, [19] = 0x34 };

/**
 * struct file - an ELF file being made
 * @wide: 64 bits
 * @big: big-endian
 * @bytes: its content
 * @size: of @bytes that are part of the file
 */
struct file {
	bool wide;
	bool big;
	uint8_t bytes[1 << 20];
	size_t size;
};

static struct file file;

static void put(size_t at, size_t width, uint64_t value)
{
	size_t i;

	for (i = 0; i < width; i++)
		file.bytes[at + (file.big ? width - 1 - i : i)] = value >> (8 * i);
}

/**
 * struct field - where a field of a header is: offset and width in bytes, in the narrow form and in
 * the wide one
 */
struct field {
	struct {
		size_t offset;
		size_t width;
	} narrow, wide;
};

/* System V ABI, chapters 4 and 5 */
static const struct field e_phoff = { { 28, 4 }, { 32, 8 } };
static const struct field e_shoff = { { 32, 4 }, { 40, 8 } };
static const struct field e_phentsize = { { 42, 2 }, { 54, 2 } };
static const struct field e_phnum = { { 44, 2 }, { 56, 2 } };
static const struct field e_shentsize = { { 46, 2 }, { 58, 2 } };
static const struct field e_shnum = { { 48, 2 }, { 60, 2 } };
static const struct field p_type = { { 0, 4 }, { 0, 4 } };
static const struct field p_flags = { { 24, 4 }, { 4, 4 } };
static const struct field p_offset = { { 4, 4 }, { 8, 8 } };
static const struct field p_filesz = { { 16, 4 }, { 32, 8 } };
static const struct field sh_type = { { 4, 4 }, { 4, 4 } };
static const struct field sh_offset = { { 16, 4 }, { 24, 8 } };
static const struct field sh_size = { { 20, 4 }, { 32, 8 } };

static void put_field(size_t base, const struct field *field, uint64_t value)
{
	if (file.wide)
		put(base + field->wide.offset, field->wide.width, value);
	else
		put(base + field->narrow.offset, field->narrow.width, value);
}

#define SIZE(type)	(file.wide ? sizeof(Elf64_##type) : sizeof(Elf32_##type))

static void put_segment(size_t i, uint32_t type, uint32_t flags, uint64_t offset, uint64_t length)
{
	size_t base = SIZE(Ehdr) + i * SIZE(Phdr);

	put_field(base, &p_type, type);
	put_field(base, &p_flags, flags);
	put_field(base, &p_offset, offset);
	put_field(base, &p_filesz, length);
}

static void put_note(size_t at, uint32_t type, uint32_t name, uint32_t length)
{
	put(at, 4, name);
	put(at + 4, 4, length);
	put(at + 8, 4, type);
	memcpy(file.bytes + at + sizeof(Elf64_Nhdr), "GNU", 4);
}

static void put_header(bool wide, bool big, size_t segments)
{
	memset(&file, 0, sizeof(file));
	file.wide = wide;
	file.big = big;
	file.size = END;
	memcpy(file.bytes, ELFMAG, SELFMAG);
	file.bytes[EI_CLASS] = wide ? ELFCLASS64 : ELFCLASS32;
	file.bytes[EI_DATA] = big ? ELFDATA2MSB : ELFDATA2LSB;
	put_field(0, &e_phoff, segments ? SIZE(Ehdr) : 0);
	put_field(0, &e_phentsize, segments ? SIZE(Phdr) : 0);
	put_field(0, &e_phnum, segments);
}

/* A program: data, code, notes. */
static void make_program(bool wide, bool big)
{
	size_t i;

	put_header(wide, big, SEGMENTS);
	put_segment(0, PT_LOAD, PF_R, 0, CODE);
	put_segment(1, PT_LOAD, PF_R | PF_X, CODE, END - CODE);
	put_segment(2, PT_NOTE, PF_R, NOTES, NOTE_LENGTH);
	put_note(NOTES, NT_GNU_BUILD_ID, 4, sizeof(id));
	memcpy(file.bytes + NOTES + 16, id, sizeof(id));
	for (i = CODE; i < END; i++)
		file.bytes[i] = i;
}

/* A kernel module: sections only. */
static void make_module(bool wide, bool big)
{
	make_program(wide, big);
	memset(file.bytes + SIZE(Ehdr), 0, SEGMENTS * SIZE(Phdr));
	put_field(0, &e_phnum, 0);
	put_field(0, &e_phentsize, 0);
	put_field(0, &e_shoff, CODE);
	put_field(0, &e_shentsize, SIZE(Shdr));
	put_field(0, &e_shnum, 2);
	memset(file.bytes + CODE, 0, 2 * SIZE(Shdr));
	put_field(CODE + SIZE(Shdr), &sh_type, SHT_NOTE);
	put_field(CODE + SIZE(Shdr), &sh_offset, NOTES);
	put_field(CODE + SIZE(Shdr), &sh_size, NOTE_LENGTH);
}

/**
 * struct seen - what came of a file
 * @bytes: the file, in memory of its own length, so that the sanitizers see what is beyond
 * @code: code, one piece behind the other
 * @code_size: of @code in bytes
 * @size: as debar_elf_code() tells it
 * @reads: how often it was read
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
	return !seen.beyond && seen.reads <= READS_MAX && fine(seen.code_result) &&
	       fine(seen.id_result) && seen.id_result <= DEBAR_DIGEST_SIZE;
}

static bool has_id(void)
{
	return seen.id_result == sizeof(id) && !memcmp(seen.id, id, sizeof(id)) &&
	       !seen.id[sizeof(id)] && !seen.id[DEBAR_DIGEST_SIZE - 1];
}

static void test_good(bool wide, bool big, const char *form)
{
	size_t tables = 0;

	make_program(wide, big);
	ok(look() && !seen.code_result && seen.size == END - CODE && seen.code_size == seen.size,
	   "%s: code of a program", form);
	ok(has_id(), "%s: its build id", form);
	tables = SIZE(Ehdr) + SEGMENTS * SIZE(Phdr);
	put_segment(0, PT_LOAD, PF_X, 0, CODE);
	put_segment(1, PT_LOAD, PF_R, CODE, END - CODE);
	ok(look() && !seen.code_result && seen.size == CODE - tables,
	   "%s: the headers are no code", form);
	put_segment(1, PT_LOAD, PF_X, CODE, 1ULL << 30);
	ok(look() && !seen.code_result && seen.size == END - tables,
	   "%s: what a segment promises beyond the end is not there", form);
	put_segment(1, PT_LOAD, PF_X, 1, END - 1);
	ok(look() && seen.code_result == -ENODATA, "%s: overlapping segments have no code", form);
	make_module(wide, big);
	ok(look() && has_id() && seen.code_result == -ENODATA, "%s: a module's build id", form);
}

/* Every length that the file may have been cut to. */
static void test_cut(const char *form)
{
	size_t wrong = 0;

	for (file.size = 0; file.size < END; file.size++)
		wrong += !look();
	ok(!wrong, "%s: cut off everywhere", form);
}

/* Every field of the headers, the notes included, and whatever else, at its extremes. */
static void test_extremes(const char *form)
{
	static const uint64_t values[] = {
		0, 1, 3, 4, 0x7f, 0x80, 0xff, 0x100, END - 1, END, END + 1, 0x7fff, 0x8000, 0xffff,
		0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff, 0x7fffffffffffffff,
		0x8000000000000000, 0xfffffffffffffff0, 0xffffffffffffffff,
	};
	static uint8_t good[END];
	size_t at, width, i, wrong = 0;

	memcpy(good, file.bytes, END);
	for (at = 0; at < END; at++) {
		for (width = 1; width <= 8 && at + width <= END; width *= 2) {
			for (i = 0; i < ARRAY_SIZE(values); i++) {
				put(at, width, values[i]);
				wrong += !look();
				memcpy(file.bytes, good, END);
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
	static uint8_t good[END];
	size_t round, i, wrong = 0;

	memcpy(good, file.bytes, END);
	for (round = 0; round < 20000; round++) {
		for (i = 0; i < 1 + round % 8; i++)
			file.bytes[next_random() % END] = next_random();
		wrong += !look();
		memcpy(file.bytes, good, END);
	}
	ok(!wrong, "%s: 20,000 times damaged by chance", form);
}

/* As many segments as fit, each the whole file: their code would be longer than any file. */
static void test_many_segments(bool wide, uint32_t type, uint32_t flags, const char *what)
{
	size_t count, i;

	put_header(wide, false, 1);
	count = 65536 / SIZE(Phdr);
	file.size = sizeof(file.bytes);
	put_field(0, &e_phnum, count);
	for (i = 0; i < count; i++)
		put_segment(i, type, flags, 0, file.size);
	ok(look() && seen.code_result == -ENODATA && seen.id_result == -ENODATA, "%s", what);
	printf("# %u reads\n", seen.reads);
	put_field(0, &e_phnum, count + 1);
	ok(look() && seen.code_result == -ENOEXEC, "%s, and one too many", what);
}

/* As many sections as a header can tell, all of them notes: those that are looked at are few. */
static void test_many_sections(bool wide)
{
	size_t i;

	put_header(wide, false, 0);
	file.size = sizeof(file.bytes);
	put_field(0, &e_shoff, SIZE(Ehdr));
	put_field(0, &e_shentsize, SIZE(Shdr));
	put_field(0, &e_shnum, 0xffff);
	for (i = 0; (i + 2) * SIZE(Shdr) < file.size && i < 0xffff; i++) {
		size_t base = SIZE(Ehdr) + i * SIZE(Shdr);

		put_field(base, &sh_type, SHT_NOTE);
		put_field(base, &sh_offset, 0);
		put_field(base, &sh_size, file.size);
	}
	ok(look() && seen.id_result == -ENODATA, "65,535 sections of notes");
	printf("# %u reads\n", seen.reads);
}

/* The worst that a file can ask for: more areas than are looked at, each with more notes. */
static void test_full_areas(void)
{
	const size_t start = 0x20000, areas = 1000, notes = 10000;
	size_t i;

	put_header(true, false, areas);
	file.size = sizeof(file.bytes);
	for (i = 0; i < areas; i++)
		put_segment(i, PT_NOTE, PF_R, start, 16 * notes);
	for (i = 0; i < notes; i++)
		put_note(start + 16 * i, NT_GNU_BUILD_ID + 1, 4, 0);
	ok(look() && seen.id_result == -ENODATA, "areas full of small notes");
	printf("# %u reads\n", seen.reads);
}

/* Notes whose lengths lie, and a build id that stands behind many others. */
static void test_notes(void)
{
	static const uint32_t lengths[] = {
		0, 1, 3, 4, 5, 21, 32, 33, 0x7ffffffc, 0xfffffff0, 0xfffffffc, 0xfffffffd,
		0xffffffff,
	};
	size_t i, j, wrong = 0;

	make_program(true, false);
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		for (j = 0; j < ARRAY_SIZE(lengths); j++) {
			put_note(NOTES, NT_GNU_BUILD_ID, lengths[i], lengths[j]);
			wrong += !look();
		}
	}
	ok(!wrong, "lengths of notes that lie");
	put_note(NOTES, NT_GNU_BUILD_ID, 4, 0);
	ok(look() && seen.id_result == -ENODATA, "an empty build id is none");
	put_segment(2, PT_NOTE, PF_R, NOTES, 16 + 33 + 3);
	put_note(NOTES, NT_GNU_BUILD_ID, 4, 33);
	ok(look() && seen.id_result == -ENODATA, "nor is one that is too long");
	put_note(NOTES, NT_GNU_BUILD_ID, 4, 32);
	ok(look() && seen.id_result == 32, "one of 32 bytes");
	put_note(NOTES, NT_GNU_BUILD_ID + 1, 4, 0);
	put_note(NOTES + 16, NT_GNU_BUILD_ID, 4, 5);
	ok(look() && seen.id_result == 5, "one behind another note");
}

/* Of the bytes that tell width and byte order, two are taken each, and one suits the tables. */
static void test_forms(void)
{
	size_t wide, order, taken = 0, wrong = 0;

	make_program(true, false);
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

int main(void)
{
	static const char *const forms[] = {
		"32 bits, little-endian", "32 bits, big-endian", "64 bits, little-endian",
		"64 bits, big-endian",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		test_good(i & 2, i & 1, forms[i]);
		make_program(i & 2, i & 1);
		test_cut(forms[i]);
		make_program(i & 2, i & 1);
		test_extremes(forms[i]);
		test_random(forms[i]);
		make_module(i & 2, i & 1);
		test_cut(forms[i]);
		make_module(i & 2, i & 1);
		test_extremes(forms[i]);
		test_random(forms[i]);
	}
	test_many_segments(false, PT_LOAD, PF_X, "segments of code, narrow");
	test_many_segments(true, PT_LOAD, PF_X, "segments of code");
	test_many_segments(true, PT_NOTE, PF_X, "segments of notes");
	test_many_sections(true);
	test_many_sections(false);
	test_full_areas();
	test_notes();
	test_forms();
	return tap_done();
}
