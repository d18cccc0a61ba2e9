// SPDX-License-Identifier: GPL-2.0-only
/* A table of hostile ELF files, each made of one that is as it should be; see elf_cases.h. */
#include <stdlib.h>
#include <string.h>

#include "elf_cases.h"

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))
#define HUGE_VALUE	UINT64_MAX
/*
 * What kmod/elf_code.c looks at, at most: bytes of program headers; sections; notes; areas of them.
 */
#define TABLE_MAX	65536
#define SECTIONS_MAX	4096
#define NOTES_MAX	64
#define AREAS_MAX	64

/* Which header a lie is in: the last two are of a module, the others of a program. */
enum place { HEADER, DATA, CODE, NOTES, NOTE, SECTIONS, SECTION };

/**
 * struct lie - one field that is not as it should be
 * @name: the case
 * @place: header that the field is in
 * @field: where it is there
 * @value: what it says
 * @code: bytes of code that are to be found all the same
 * @id_size: bytes of the build id that are to be found all the same
 */
struct lie {
	const char *name;
	enum place place;
	const struct elf_field *field;
	uint64_t value;
	size_t code;
	size_t id_size;
};

static const struct lie lies[] = {
	{ "program headers that begin at the end", HEADER, &e_phoff, ELF_END, 0, 0 },
	{ "program headers that begin one byte late", HEADER, &e_phoff, ELF_END - 1, 0, 0 },
	{ "program headers that wrap", HEADER, &e_phoff, HUGE_VALUE, 0, 0 },
	{ "program headers over the ELF header", HEADER, &e_phoff, 0, 0, 0 },
	{ "program headers of no length", HEADER, &e_phentsize, 0, 0, 0 },
	{ "program headers of one byte", HEADER, &e_phentsize, 1, 0, 0 },
	{ "program headers of another length", HEADER, &e_phentsize, 64, 0, 0 },
	{ "program headers of 65,535 bytes", HEADER, &e_phentsize, 0xffff, 0, 0 },
	{ "no program headers", HEADER, &e_phnum, 0, 0, 0 },
	{ "65,535 program headers", HEADER, &e_phnum, 0xffff, 0, 0 },
	{ "more program headers than fit", HEADER, &e_phnum, 20, 0, 0 },
	{ "data beyond the end", DATA, &p_offset, HUGE_VALUE, ELF_CODE_SIZE, 20 },
	{ "data whose length wraps", DATA, &p_filesz, HUGE_VALUE, ELF_CODE_SIZE, 20 },
	{ "code at the end", CODE, &p_offset, ELF_END, 0, 20 },
	{ "code of which one byte is there", CODE, &p_offset, ELF_END - 1, 1, 20 },
	{ "code beyond the end", CODE, &p_offset, ELF_END + 1, 0, 20 },
	{ "code where offsets end", CODE, &p_offset, HUGE_VALUE, 0, 20 },
	{ "code of no length", CODE, &p_filesz, 0, 0, 20 },
	{ "code of one byte", CODE, &p_filesz, 1, 1, 20 },
	{ "code that is longer than the file", CODE, &p_filesz, ELF_END, ELF_CODE_SIZE, 20 },
	{ "code whose length wraps", CODE, &p_filesz, HUGE_VALUE, ELF_CODE_SIZE, 20 },
	{ "code that may not be executed", CODE, &p_flags, PF_R | PF_W, 0, 20 },
	{ "code with all flags", CODE, &p_flags, HUGE_VALUE, ELF_CODE_SIZE, 20 },
	{ "code that is not loaded", CODE, &p_type, PT_INTERP, 0, 20 },
	{ "code of an unknown type", CODE, &p_type, HUGE_VALUE, 0, 20 },
	{ "notes at the end", NOTES, &p_offset, ELF_END, ELF_CODE_SIZE, 0 },
	{ "notes beyond the end", NOTES, &p_offset, ELF_END + 1, ELF_CODE_SIZE, 0 },
	{ "notes where offsets end", NOTES, &p_offset, HUGE_VALUE, ELF_CODE_SIZE, 0 },
	{ "notes that the end cuts off", NOTES, &p_offset, ELF_END - 16, ELF_CODE_SIZE, 0 },
	{ "notes of no length", NOTES, &p_filesz, 0, ELF_CODE_SIZE, 0 },
	{ "notes with half a head", NOTES, &p_filesz, 11, ELF_CODE_SIZE, 0 },
	{ "notes without a name", NOTES, &p_filesz, 15, ELF_CODE_SIZE, 0 },
	{ "notes that are a byte short", NOTES, &p_filesz, ELF_NOTE_SIZE - 1, ELF_CODE_SIZE, 0 },
	{ "notes whose length wraps", NOTES, &p_filesz, HUGE_VALUE, ELF_CODE_SIZE, 20 },
	{ "a note with an empty name", NOTE, &n_namesz, 0, ELF_CODE_SIZE, 0 },
	{ "a note with a longer name", NOTE, &n_namesz, 5, ELF_CODE_SIZE, 0 },
	{ "a note whose name wraps", NOTE, &n_namesz, 0xffffffff, ELF_CODE_SIZE, 0 },
	{ "a note whose name nearly wraps", NOTE, &n_namesz, 0xfffffff0, ELF_CODE_SIZE, 0 },
	{ "a note of somebody else", NOTE, &n_name, 0x444e4700, ELF_CODE_SIZE, 0 },
	{ "a note of another type", NOTE, &n_type, NT_GNU_BUILD_ID + 1, ELF_CODE_SIZE, 0 },
	{ "a build id of no length", NOTE, &n_descsz, 0, ELF_CODE_SIZE, 0 },
	{ "a build id of one byte", NOTE, &n_descsz, 1, ELF_CODE_SIZE, 1 },
	{ "a build id longer than its notes", NOTE, &n_descsz, 21, ELF_CODE_SIZE, 0 },
	{ "a build id whose length wraps", NOTE, &n_descsz, 0xffffffff, ELF_CODE_SIZE, 0 },
	{ "a build id whose length nearly wraps", NOTE, &n_descsz, 0xfffffff0, ELF_CODE_SIZE, 0 },
	{ "sections that begin at the end", SECTIONS, &e_shoff, ELF_END, 0, 0 },
	{ "sections that wrap", SECTIONS, &e_shoff, HUGE_VALUE, 0, 0 },
	{ "sections of no length", SECTIONS, &e_shentsize, 0, 0, 0 },
	{ "sections of one byte", SECTIONS, &e_shentsize, 1, 0, 0 },
	{ "no sections", SECTIONS, &e_shnum, 0, 0, 0 },
	{ "one section", SECTIONS, &e_shnum, 1, 0, 0 },
	{ "a section that is no note", SECTION, &sh_type, SHT_PROGBITS, 0, 0 },
	{ "a section beyond the end", SECTION, &sh_offset, ELF_END + 1, 0, 0 },
	{ "a section where offsets end", SECTION, &sh_offset, HUGE_VALUE, 0, 0 },
	{ "a section of no length", SECTION, &sh_size, 0, 0, 0 },
	{ "a section that is a byte short", SECTION, &sh_size, ELF_NOTE_SIZE - 1, 0, 0 },
	{ "a section longer than the file", SECTION, &sh_size, ELF_END, 0, 0 },
	{ "a section whose length wraps", SECTION, &sh_size, HUGE_VALUE, 0, 0 },
};

static void tell(struct elf_file *file, const struct lie *lie)
{
	const size_t bases[] = {
		[DATA] = elf_segment_at(file, 0), [CODE] = elf_segment_at(file, 1),
		[NOTES] = elf_segment_at(file, 2), [NOTE] = ELF_NOTES,
		[SECTION] = elf_section_at(file, 1),
	};

	if (lie->place >= SECTIONS)
		elf_module(file, file->wide, file->big);
	elf_put_field(file, bases[lie->place], lie->field, lie->value);
	file->code = lie->code;
	file->id_size = lie->id_size;
}

static void find_nothing(struct elf_file *file)
{
	file->code = 0;
	file->id_size = 0;
}

/* Lengths that a file may be cut to; a shorter one has no headers to be understood. */
static void cut(struct elf_file *file, size_t size)
{
	file->size = size;
	find_nothing(file);
}

static void nothing(struct elf_file *file)
{
	cut(file, 0);
}

static void one_byte(struct elf_file *file)
{
	cut(file, 1);
}

static void only_the_magic(struct elf_file *file)
{
	cut(file, SELFMAG);
}

static void only_the_identification(struct elf_file *file)
{
	cut(file, EI_NIDENT);
}

static void half_a_header(struct elf_file *file)
{
	cut(file, ELF_SIZE(file, Ehdr) - 1);
}

static void half_a_table(struct elf_file *file)
{
	cut(file, elf_tables_end(file) - 1);
}

static void only_headers(struct elf_file *file)
{
	cut(file, elf_tables_end(file));
}

static void cut_before_the_code(struct elf_file *file)
{
	file->size = ELF_CODE;
	file->code = 0;
}

static void cut_in_the_build_id(struct elf_file *file)
{
	cut(file, ELF_ID + ELF_ID_SIZE - 1);
}

static void another_magic(struct elf_file *file)
{
	file->bytes[EI_MAG3]++;
	find_nothing(file);
}

static void no_class(struct elf_file *file)
{
	file->bytes[EI_CLASS] = ELFCLASSNONE;
	find_nothing(file);
}

static void unknown_class(struct elf_file *file)
{
	file->bytes[EI_CLASS] = ELFCLASSNUM;
	find_nothing(file);
}

static void the_other_class(struct elf_file *file)
{
	file->bytes[EI_CLASS] ^= ELFCLASS32 ^ ELFCLASS64;
	find_nothing(file);
}

static void unknown_byte_order(struct elf_file *file)
{
	file->bytes[EI_DATA] = ELFDATANUM;
	find_nothing(file);
}

static void the_other_byte_order(struct elf_file *file)
{
	file->bytes[EI_DATA] ^= ELFDATA2LSB ^ ELFDATA2MSB;
	find_nothing(file);
}

/* The kernel does not look at these two of what it knows by its machine; such a program runs. */
static void known_by_its_machine(struct elf_file *file)
{
	if (file->big)
		return;
	elf_put(file, offsetof(Elf64_Ehdr, e_machine), sizeof(Elf64_Half),
		file->wide ? EM_X86_64 : EM_386);
	file->bytes[EI_CLASS] = ELFCLASSNUM;
	file->bytes[EI_DATA] = ELFDATANUM;
}

static void known_by_its_machine_in_spite_of_its_class(struct elf_file *file)
{
	known_by_its_machine(file);
	if (!file->big)
		file->bytes[EI_CLASS] = file->wide ? ELFCLASS32 : ELFCLASS64;
}

/* What segments may do to one another, and to the headers. */
static void headers_as_code(struct elf_file *file)
{
	elf_segment(file, 1, PT_LOAD, PF_X, 0, elf_tables_end(file));
	file->code = 0;
}

static void everything_as_code(struct elf_file *file)
{
	elf_segment(file, 1, PT_LOAD, PF_X, 0, ELF_END);
	file->code = ELF_END - elf_tables_end(file);
}

static void headers_amid_code(struct elf_file *file)
{
	const size_t at = ELF_END, length = ELF_SEGMENTS * ELF_SIZE(file, Phdr);

	memmove(file->bytes + at, file->bytes + elf_segment_at(file, 0), length);
	elf_put_field(file, 0, &e_phoff, at);
	elf_put_field(file, at + ELF_SIZE(file, Phdr), &p_offset, 0);
	elf_put_field(file, at + ELF_SIZE(file, Phdr), &p_filesz, 2 * ELF_END);
	file->size = 2 * ELF_END;
	file->code = file->size - length - ELF_SIZE(file, Ehdr);
}

static void code_twice(struct elf_file *file)
{
	elf_segment(file, 0, PT_LOAD, PF_X, ELF_CODE, ELF_CODE_SIZE);
	file->code = 2 * ELF_CODE_SIZE;
}

static void code_backwards(struct elf_file *file)
{
	elf_segment(file, 0, PT_LOAD, PF_X, ELF_CODE + 1, ELF_CODE_SIZE - 1);
	elf_segment(file, 1, PT_LOAD, PF_X, ELF_CODE, 1);
}

static void more_code_than_bytes(struct elf_file *file)
{
	elf_segment(file, 0, PT_LOAD, PF_X, ELF_CODE, ELF_CODE_SIZE);
	elf_segment(file, 1, PT_LOAD, PF_X, 1, ELF_END - 1);
	file->code = 0;
}

/* As many segments as are looked at, each the whole of a large file. */
static void fill_table(struct elf_file *file, uint32_t type, size_t more)
{
	size_t count = TABLE_MAX / ELF_SIZE(file, Phdr) + more, i;

	elf_header(file, count);
	file->size = sizeof(file->bytes);
	find_nothing(file);
	for (i = 0; i < count; i++)
		elf_segment(file, i, type, PF_X, 0, file->size);
}

static void a_table_full_of_code(struct elf_file *file)
{
	fill_table(file, PT_LOAD, 0);
}

static void a_table_full_of_notes(struct elf_file *file)
{
	fill_table(file, PT_NOTE, 0);
}

static void a_table_that_is_too_long(struct elf_file *file)
{
	fill_table(file, PT_LOAD, 1);
}

static void a_table_full_of_single_bytes(struct elf_file *file)
{
	size_t count = TABLE_MAX / ELF_SIZE(file, Phdr), i;

	fill_table(file, PT_LOAD, 0);
	for (i = 0; i < count; i++)
		elf_segment(file, i, PT_LOAD, PF_X, file->size - 1, 1);
	file->code = count;
}

/* Notes in front of the build id's, in its area or in areas of their own. */
static void put_notes(struct elf_file *file, size_t before, bool own_areas)
{
	const size_t start = 0x20000;
	size_t i, at = start;

	elf_header(file, own_areas ? before + 1 : 1);
	for (i = 0; i <= before; i++, at += 16) {
		elf_note(file, at, i < before ? NT_GNU_BUILD_ID + 1 : NT_GNU_BUILD_ID,
			 i < before ? 0 : ELF_ID_SIZE);
		if (own_areas)
			elf_segment(file, i, PT_NOTE, PF_R, at,
				    i < before ? 16 : ELF_NOTE_SIZE);
	}
	if (!own_areas)
		elf_segment(file, 0, PT_NOTE, PF_R, start, at - start + ELF_ID_SIZE);
	memset(file->bytes + at, 0x5a, ELF_ID_SIZE);
	file->size = at + ELF_ID_SIZE;
	file->code = 0;
	file->id = at;
}

static void the_last_note(struct elf_file *file)
{
	put_notes(file, NOTES_MAX - 1, false);
}

static void a_note_too_far(struct elf_file *file)
{
	put_notes(file, NOTES_MAX, false);
	file->id_size = 0;
}

static void the_last_area(struct elf_file *file)
{
	put_notes(file, AREAS_MAX - 1, true);
}

static void an_area_too_far(struct elf_file *file)
{
	put_notes(file, AREAS_MAX, true);
	file->id_size = 0;
}

/* The most work that a file can make: more areas than are looked at, each with more notes. */
static void areas_full_of_notes(struct elf_file *file)
{
	const size_t start = 0x20000, areas = 1000, notes = 10000;
	size_t i;

	elf_header(file, areas);
	file->size = sizeof(file->bytes);
	find_nothing(file);
	for (i = 0; i < areas; i++)
		elf_segment(file, i, PT_NOTE, PF_R, start, 16 * notes);
	for (i = 0; i < notes; i++)
		elf_note(file, start + 16 * i, NT_GNU_BUILD_ID + 1, 0);
}

static void put_long_id(struct elf_file *file, size_t length)
{
	elf_segment(file, 2, PT_NOTE, PF_R, ELF_NOTES, ELF_CODE - ELF_NOTES);
	elf_put_field(file, ELF_NOTES, &n_descsz, length);
	file->id_size = length <= 32 ? length : 0;
}

static void the_longest_build_id(struct elf_file *file)
{
	put_long_id(file, 32);
}

static void a_build_id_that_is_too_long(struct elf_file *file)
{
	put_long_id(file, 33);
}

/* Name and content of a note are filled up to four bytes; the next one is behind that. */
static void put_odd_note(struct elf_file *file, size_t name, size_t length, size_t size)
{
	elf_segment(file, 2, PT_NOTE, PF_R, ELF_NOTES, ELF_CODE - ELF_NOTES);
	memmove(file->bytes + ELF_NOTES + size, file->bytes + ELF_NOTES, ELF_NOTE_SIZE);
	elf_note(file, ELF_NOTES, NT_GNU_BUILD_ID + 1, length);
	elf_put_field(file, ELF_NOTES, &n_namesz, name);
	file->id = ELF_ID + size;
}

static void behind_an_odd_note(struct elf_file *file)
{
	put_odd_note(file, 4, 5, 12 + 4 + 8);
}

static void behind_an_odd_name(struct elf_file *file)
{
	put_odd_note(file, 5, 4, 12 + 8 + 4);
}

/* A program's sections are not looked at: nothing of them is loaded. */
static void sections_beside_segments(struct elf_file *file)
{
	elf_segment(file, 2, PT_NULL, 0, 0, 0);
	elf_sections(file, ELF_END, 2);
	elf_section(file, ELF_END + ELF_SIZE(file, Shdr), ELF_NOTES, ELF_NOTE_SIZE);
	file->size = ELF_END + 2 * ELF_SIZE(file, Shdr);
	file->id_size = 0;
}

static void put_many_sections(struct elf_file *file, size_t notes_at)
{
	const size_t table = 0x1000;

	elf_module(file, file->wide, file->big);
	elf_sections(file, table, 0xffff);
	elf_section(file, table + notes_at * ELF_SIZE(file, Shdr), ELF_NOTES, ELF_NOTE_SIZE);
	file->size = sizeof(file->bytes);
}

static void the_last_section(struct elf_file *file)
{
	put_many_sections(file, SECTIONS_MAX - 1);
}

static void a_section_too_far(struct elf_file *file)
{
	put_many_sections(file, SECTIONS_MAX);
	file->id_size = 0;
}

static void sections_full_of_notes(struct elf_file *file)
{
	size_t i;

	put_many_sections(file, 0);
	for (i = 0; i < SECTIONS_MAX; i++)
		elf_section(file, 0x1000 + i * ELF_SIZE(file, Shdr), 0, file->size);
	file->id_size = 0;
}

#define CASE(make)	{ #make, make }

/* Others are not to be told by one field. */
static const struct {
	const char *name;
	void (*make)(struct elf_file *file);
} cases[] = {
	CASE(nothing), CASE(one_byte), CASE(only_the_magic), CASE(only_the_identification),
	CASE(half_a_header), CASE(half_a_table), CASE(only_headers), CASE(cut_before_the_code),
	CASE(cut_in_the_build_id), CASE(another_magic), CASE(no_class), CASE(unknown_class),
	CASE(the_other_class), CASE(unknown_byte_order), CASE(the_other_byte_order),
	CASE(known_by_its_machine), CASE(known_by_its_machine_in_spite_of_its_class),
	CASE(headers_as_code), CASE(everything_as_code), CASE(headers_amid_code),
	CASE(code_twice), CASE(code_backwards), CASE(more_code_than_bytes),
	CASE(a_table_full_of_code), CASE(a_table_full_of_notes), CASE(a_table_that_is_too_long),
	CASE(a_table_full_of_single_bytes), CASE(the_last_note), CASE(a_note_too_far),
	CASE(the_last_area), CASE(an_area_too_far), CASE(areas_full_of_notes),
	CASE(the_longest_build_id), CASE(a_build_id_that_is_too_long),
	CASE(behind_an_odd_note), CASE(behind_an_odd_name), CASE(sections_beside_segments),
	CASE(the_last_section), CASE(a_section_too_far), CASE(sections_full_of_notes),
};

size_t elf_cases(elf_case each, void *data)
{
	struct elf_file *file = malloc(sizeof(*file));
	size_t form, i, count = 0;

	for (form = 0; file && form < 4; form++) {
		for (i = 0; i < COUNT(lies); i++, count++) {
			elf_program(file, form & 2, form & 1);
			tell(file, &lies[i]);
			each(lies[i].name, file, data);
		}
		for (i = 0; i < COUNT(cases); i++, count++) {
			elf_program(file, form & 2, form & 1);
			cases[i].make(file);
			each(cases[i].name, file, data);
		}
	}
	free(file);
	return count;
}
