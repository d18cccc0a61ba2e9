/* SPDX-License-Identifier: GPL-2.0-only */
/* ELF files of each width and byte order, made byte by byte for KUnit tests. */
#ifndef DEBAR_TEST_ELF_H
#define DEBAR_TEST_ELF_H

#include <linux/elf.h>
#include <linux/types.h>

/* Where things are in a file as it should be; its program headers are data, code and notes. */
#define ELF_NOTES		0x140
#define ELF_CODE		0x180
#define ELF_SECTIONS	0x200
#define ELF_END		0x300
#define ELF_NOTES_SIZE	36
#define ELF_CODE_SIZE	(ELF_SECTIONS - ELF_CODE)
#define ELF_ID_SIZE	20
#define ELF_SEGMENTS	3
/* Type of the note. */
#define ELF_BUILD_ID	3

/**
 * struct elf_form - what files of a machine look like
 * @name: of the machine
 * @machine: its number
 * @wide: 64 bits
 * @big: big-endian
 * @module: sections instead of program headers
 */
struct elf_form {
	const char *name;
	u16 machine;
	bool wide;
	bool big;
	bool module;
};

/**
 * struct elf_image - a file, and what reading it shall come to
 * @form: what it is made as
 * @size: of it in bytes
 * @reads: how often it was read
 * @broken: which reading fails, from 1 on; 0 for none
 * @pieces: how many pieces of code there were
 * @bytes: its content
 */
struct elf_image {
	const struct elf_form *form;
	size_t size;
	unsigned int reads;
	unsigned int broken;
	unsigned int pieces;
	u8 bytes[ELF_END + 4096];
};

/* A field of a header: where it is, and how wide, in files of 32 and of 64 bits. */
struct elf_field {
	u8 at[2];
	u8 width[2];
};

extern const struct elf_field elf_e_type, elf_e_machine, elf_e_phoff;
extern const struct elf_field elf_e_shoff, elf_e_phentsize, elf_e_phnum;
extern const struct elf_field elf_e_shentsize, elf_e_shnum, elf_p_type;
extern const struct elf_field elf_p_flags, elf_p_offset, elf_p_filesz;
extern const struct elf_field elf_sh_type, elf_sh_size, elf_sh_offset;
extern const struct elf_field elf_n_namesz, elf_n_descsz, elf_n_type;
extern const struct elf_field elf_n_name;

void elf_put(struct elf_image *image, size_t base, const struct elf_field *field, u64 value);
size_t elf_header_size(const struct elf_form *form);
size_t elf_segment_size(const struct elf_form *form);
size_t elf_segment_at(const struct elf_form *form, size_t i);
size_t elf_section_at(const struct elf_form *form, size_t i);
void elf_put_segment(struct elf_image *image, size_t i, u32 type, u32 flags, u64 offset,
		     u64 length);
void elf_put_section(struct elf_image *image, size_t i, u64 offset, u64 length);
void elf_put_note(struct elf_image *image, size_t at, u32 type, u32 length);
void elf_make(struct elf_image *image, const struct elf_form *form);

#endif /* DEBAR_TEST_ELF_H */
