// SPDX-License-Identifier: GPL-2.0-only
/* Makes ELF files byte by byte; see elf_file.h. Formats: System V ABI, chapters 4 and 5. */
#include <string.h>

#include "elf_file.h"

const struct elf_field e_phoff = { { 28, 4 }, { 32, 8 } };
const struct elf_field e_shoff = { { 32, 4 }, { 40, 8 } };
const struct elf_field e_phentsize = { { 42, 2 }, { 54, 2 } };
const struct elf_field e_phnum = { { 44, 2 }, { 56, 2 } };
const struct elf_field e_shentsize = { { 46, 2 }, { 58, 2 } };
const struct elf_field e_shnum = { { 48, 2 }, { 60, 2 } };
const struct elf_field p_type = { { 0, 4 }, { 0, 4 } };
const struct elf_field p_flags = { { 24, 4 }, { 4, 4 } };
const struct elf_field p_offset = { { 4, 4 }, { 8, 8 } };
const struct elf_field p_filesz = { { 16, 4 }, { 32, 8 } };
const struct elf_field sh_type = { { 4, 4 }, { 4, 4 } };
const struct elf_field sh_offset = { { 16, 4 }, { 24, 8 } };
const struct elf_field sh_size = { { 20, 4 }, { 32, 8 } };
const struct elf_field n_namesz = { { 0, 4 }, { 0, 4 } };
const struct elf_field n_descsz = { { 4, 4 }, { 4, 4 } };
const struct elf_field n_type = { { 8, 4 }, { 8, 4 } };
const struct elf_field n_name = { { 12, 4 }, { 12, 4 } };

void elf_put(struct elf_file *file, size_t at, size_t width, uint64_t value)
{
	size_t i;

	for (i = 0; i < width; i++)
		file->bytes[at + (file->big ? width - 1 - i : i)] = value >> (8 * i);
}

void elf_put_field(struct elf_file *file, size_t base, const struct elf_field *field,
		   uint64_t value)
{
	if (file->wide)
		elf_put(file, base + field->wide.offset, field->wide.width, value);
	else
		elf_put(file, base + field->narrow.offset, field->narrow.width, value);
}

size_t elf_segment_at(const struct elf_file *file, size_t i)
{
	return ELF_SIZE(file, Ehdr) + i * ELF_SIZE(file, Phdr);
}

size_t elf_tables_end(const struct elf_file *file)
{
	return elf_segment_at(file, ELF_SEGMENTS);
}

void elf_segment(struct elf_file *file, size_t i, uint32_t type, uint32_t flags, uint64_t offset,
		 uint64_t length)
{
	size_t base = elf_segment_at(file, i);

	elf_put_field(file, base, &p_type, type);
	elf_put_field(file, base, &p_flags, flags);
	elf_put_field(file, base, &p_offset, offset);
	elf_put_field(file, base, &p_filesz, length);
}

void elf_note(struct elf_file *file, size_t at, uint32_t type, uint32_t length)
{
	elf_put_field(file, at, &n_namesz, 4);
	elf_put_field(file, at, &n_descsz, length);
	elf_put_field(file, at, &n_type, type);
	memcpy(file->bytes + at + sizeof(Elf64_Nhdr), "GNU", 4);
}

void elf_header(struct elf_file *file, size_t segments)
{
	memset(file->bytes, 0, sizeof(file->bytes));
	memcpy(file->bytes, ELFMAG, SELFMAG);
	file->bytes[EI_CLASS] = file->wide ? ELFCLASS64 : ELFCLASS32;
	file->bytes[EI_DATA] = file->big ? ELFDATA2MSB : ELFDATA2LSB;
	file->bytes[EI_VERSION] = EV_CURRENT;
	elf_put_field(file, 0, &e_phoff, segments ? ELF_SIZE(file, Ehdr) : 0);
	elf_put_field(file, 0, &e_phentsize, segments ? ELF_SIZE(file, Phdr) : 0);
	elf_put_field(file, 0, &e_phnum, segments);
}

void elf_program(struct elf_file *file, bool wide, bool big)
{
	size_t i;

	file->wide = wide;
	file->big = big;
	file->size = ELF_END;
	file->code = ELF_CODE_SIZE;
	file->id = ELF_ID;
	file->id_size = ELF_ID_SIZE;
	elf_header(file, ELF_SEGMENTS);
	elf_segment(file, 0, PT_LOAD, PF_R, 0, ELF_CODE);
	elf_segment(file, 1, PT_LOAD, PF_R | PF_X, ELF_CODE, ELF_CODE_SIZE);
	elf_segment(file, 2, PT_NOTE, PF_R, ELF_NOTES, ELF_NOTE_SIZE);
	elf_note(file, ELF_NOTES, NT_GNU_BUILD_ID, ELF_ID_SIZE);
	for (i = 0; i < ELF_ID_SIZE; i++)
		file->bytes[ELF_ID + i] = 0xde - i;
	for (i = ELF_CODE; i < ELF_END; i++)
		file->bytes[i] = i;
}

void elf_sections(struct elf_file *file, size_t at, size_t count)
{
	elf_put_field(file, 0, &e_shoff, at);
	elf_put_field(file, 0, &e_shentsize, ELF_SIZE(file, Shdr));
	elf_put_field(file, 0, &e_shnum, count);
}

void elf_section(struct elf_file *file, size_t base, uint64_t offset, uint64_t length)
{
	elf_put_field(file, base, &sh_type, SHT_NOTE);
	elf_put_field(file, base, &sh_offset, offset);
	elf_put_field(file, base, &sh_size, length);
}

size_t elf_section_at(const struct elf_file *file, size_t i)
{
	return ELF_CODE + i * ELF_SIZE(file, Shdr);
}

void elf_module(struct elf_file *file, bool wide, bool big)
{
	elf_program(file, wide, big);
	memset(file->bytes + elf_segment_at(file, 0), 0, ELF_SEGMENTS * ELF_SIZE(file, Phdr));
	memset(file->bytes + ELF_CODE, 0, ELF_CODE_SIZE);
	elf_put_field(file, 0, &e_phoff, 0);
	elf_put_field(file, 0, &e_phnum, 0);
	elf_put_field(file, 0, &e_phentsize, 0);
	elf_sections(file, ELF_CODE, 2);
	elf_section(file, elf_section_at(file, 1), ELF_NOTES, ELF_NOTE_SIZE);
	file->code = 0;
}

const char *elf_form(bool wide, bool big)
{
	static const char *const names[] = {
		"32 bits, little-endian", "32 bits, big-endian",
		"64 bits, little-endian", "64 bits, big-endian",
	};

	return names[2 * wide + big];
}

