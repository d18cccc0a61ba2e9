/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes ELF files byte by byte, as they should be and as nobody would; plain C. */
#ifndef DEBAR_ELF_FILE_H
#define DEBAR_ELF_FILE_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where things are in a file as it should be, in bytes. */
#define ELF_NOTES	0x140
#define ELF_CODE	0x180
#define ELF_END		0x200
#define ELF_CODE_SIZE	(ELF_END - ELF_CODE)
/* Its program headers: data, code, notes. */
#define ELF_SEGMENTS	3
/* Its one note, and the build id in it. */
#define ELF_NOTE_SIZE	36
#define ELF_ID		(ELF_NOTES + 16)
#define ELF_ID_SIZE	20

/**
 * struct elf_file - an ELF file being made
 * @wide: 64 bits
 * @big: big-endian
 * @size: of @bytes that are part of the file
 * @code: bytes of code that are to be found in it
 * @id: where the build id is that is to be found in it
 * @id_size: of that, or 0
 * @bytes: its content
 */
struct elf_file {
	bool wide;
	bool big;
	size_t size;
	size_t code;
	size_t id;
	size_t id_size;
	uint8_t bytes[1 << 20];
};

/* ELF_SIZE - length of a header, Ehdr or Phdr or Shdr, in the file's form */
#define ELF_SIZE(file, type)	((file)->wide ? sizeof(Elf64_##type) : sizeof(Elf32_##type))

/**
 * struct elf_field - where a field of a header is: offset and width in bytes, in the narrow form
 * and in the wide one
 */
struct elf_field {
	struct {
		size_t offset;
		size_t width;
	} narrow, wide;
};

extern const struct elf_field e_phoff, e_shoff, e_phentsize, e_phnum, e_shentsize, e_shnum;
extern const struct elf_field p_type, p_flags, p_offset, p_filesz;
extern const struct elf_field sh_type, sh_offset, sh_size;
extern const struct elf_field n_namesz, n_descsz, n_type, n_name;

/* elf_put - write a number in the file's byte order */
void elf_put(struct elf_file *file, size_t at, size_t width, uint64_t value);
/* elf_put_field - write a field of the header that begins at @base */
void elf_put_field(struct elf_file *file, size_t base, const struct elf_field *field,
		   uint64_t value);

/* elf_header - nothing but an ELF header, of a file with this many program headers behind it */
void elf_header(struct elf_file *file, size_t segments);
/* elf_segment_at - where a program header is; elf_tables_end - where they end */
size_t elf_segment_at(const struct elf_file *file, size_t i);
size_t elf_tables_end(const struct elf_file *file);
/* elf_segment - write a program header */
void elf_segment(struct elf_file *file, size_t i, uint32_t type, uint32_t flags, uint64_t offset,
		 uint64_t length);
/* elf_note - write the head of a note of GNU's; @length: of what is behind it */
void elf_note(struct elf_file *file, size_t at, uint32_t type, uint32_t length);

/* elf_sections - tell in the ELF header where section headers are */
void elf_sections(struct elf_file *file, size_t at, size_t count);
/* elf_section_at - where a module's section header is; the first is empty, as it has to be */
size_t elf_section_at(const struct elf_file *file, size_t i);
/* elf_section - write a section header at @base, of notes */
void elf_section(struct elf_file *file, size_t base, uint64_t offset, uint64_t length);

/* elf_program - a program in this form: data, code, a build id */
void elf_program(struct elf_file *file, bool wide, bool big);
/* elf_module - a kernel module in this form: sections only, one of them the build id's */
void elf_module(struct elf_file *file, bool wide, bool big);

/* elf_form - the form in words */
const char *elf_form(bool wide, bool big);

#endif /* DEBAR_ELF_FILE_H */
