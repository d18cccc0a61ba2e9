// SPDX-License-Identifier: GPL-2.0-only
/* ELF files of each width and byte order, made byte by byte for KUnit tests. */
#include <linux/elf.h>
#include <linux/string.h>

#include "test_elf.h"

/* As the System V ABI has them. */
const struct elf_field elf_e_type = { { 16, 16 }, { 2, 2 } };
const struct elf_field elf_e_machine = { { 18, 18 }, { 2, 2 } };
const struct elf_field elf_e_phoff = { { 28, 32 }, { 4, 8 } };
const struct elf_field elf_e_shoff = { { 32, 40 }, { 4, 8 } };
const struct elf_field elf_e_phentsize = { { 42, 54 }, { 2, 2 } };
const struct elf_field elf_e_phnum = { { 44, 56 }, { 2, 2 } };
const struct elf_field elf_e_shentsize = { { 46, 58 }, { 2, 2 } };
const struct elf_field elf_e_shnum = { { 48, 60 }, { 2, 2 } };
const struct elf_field elf_p_type = { { 0, 0 }, { 4, 4 } };
const struct elf_field elf_p_flags = { { 24, 4 }, { 4, 4 } };
const struct elf_field elf_p_offset = { { 4, 8 }, { 4, 8 } };
const struct elf_field elf_p_filesz = { { 16, 32 }, { 4, 8 } };
const struct elf_field elf_sh_type = { { 4, 4 }, { 4, 4 } };
const struct elf_field elf_sh_offset = { { 16, 24 }, { 4, 8 } };
const struct elf_field elf_sh_size = { { 20, 32 }, { 4, 8 } };
const struct elf_field elf_n_namesz = { { 0, 0 }, { 4, 4 } };
const struct elf_field elf_n_descsz = { { 4, 4 }, { 4, 4 } };
const struct elf_field elf_n_type = { { 8, 8 }, { 4, 4 } };
const struct elf_field elf_n_name = { { 12, 12 }, { 4, 4 } };

/**
 * elf_put() - write a number in the file's byte order
 * @image: the file
 * @base: where the header is that has the field
 * @field: the field
 * @value: cut to the width of the field
 */
void elf_put(struct elf_image *image, size_t base, const struct elf_field *field, u64 value)
{
	size_t width = field->width[image->form->wide], i;
	u8 *bytes = image->bytes + base + field->at[image->form->wide];

	for (i = 0; i < width; i++)
		bytes[image->form->big ? width - 1 - i : i] = value >> (8 * i);
}

/**
 * elf_header_size() - length of the ELF header
 * @form: of the file
 *
 * Return: the length in bytes.
 */
size_t elf_header_size(const struct elf_form *form)
{
	return form->wide ? sizeof(struct elf64_hdr) : sizeof(struct elf32_hdr);
}

/**
 * elf_segment_size() - length of a program header
 * @form: of the file
 *
 * Return: the length in bytes.
 */
size_t elf_segment_size(const struct elf_form *form)
{
	return form->wide ? sizeof(struct elf64_phdr) : sizeof(struct elf32_phdr);
}

static size_t elf_section_size(const struct elf_form *form)
{
	return form->wide ? sizeof(struct elf64_shdr) : sizeof(struct elf32_shdr);
}

/**
 * elf_segment_at() - where a program header is
 * @form: of the file
 * @i: which one; ELF_SEGMENTS for where they end
 *
 * Return: the offset in bytes.
 */
size_t elf_segment_at(const struct elf_form *form, size_t i)
{
	return elf_header_size(form) + i * elf_segment_size(form);
}

/**
 * elf_section_at() - where a section header is
 * @form: of the file
 * @i: which one
 *
 * Return: the offset in bytes.
 */
size_t elf_section_at(const struct elf_form *form, size_t i)
{
	return ELF_SECTIONS + i * elf_section_size(form);
}

/**
 * elf_put_segment() - write a program header
 * @image: the file
 * @i: which one
 * @type: PT_LOAD or another
 * @flags: PF_X and others
 * @offset: where it begins
 * @length: of it in bytes
 */
void elf_put_segment(struct elf_image *image, size_t i, u32 type, u32 flags, u64 offset,
		     u64 length)
{
	size_t base = elf_segment_at(image->form, i);

	elf_put(image, base, &elf_p_type, type);
	elf_put(image, base, &elf_p_flags, flags);
	elf_put(image, base, &elf_p_offset, offset);
	elf_put(image, base, &elf_p_filesz, length);
}

/**
 * elf_put_section() - write the header of a section of notes
 * @image: the file
 * @i: which one
 * @offset: where it begins
 * @length: of it in bytes
 */
void elf_put_section(struct elf_image *image, size_t i, u64 offset, u64 length)
{
	size_t base = elf_section_at(image->form, i);

	elf_put(image, base, &elf_sh_type, SHT_NOTE);
	elf_put(image, base, &elf_sh_offset, offset);
	elf_put(image, base, &elf_sh_size, length);
}

/**
 * elf_put_note() - write the head of a note whose name is GNU
 * @image: the file
 * @at: where it begins
 * @type: of the note
 * @length: of what is behind the head, in bytes
 */
void elf_put_note(struct elf_image *image, size_t at, u32 type, u32 length)
{
	elf_put(image, at, &elf_n_namesz, 4);
	elf_put(image, at, &elf_n_descsz, length);
	elf_put(image, at, &elf_n_type, type);
	memcpy(image->bytes + at + elf_n_name.at[0], "GNU", 4);
}

/**
 * elf_make() - make a file as it should be: with code and a build id
 * @image: filled in
 * @form: what it is to look like
 */
void elf_make(struct elf_image *image, const struct elf_form *form)
{
	size_t i;

	memset(image, 0, sizeof(*image));
	image->form = form;
	image->size = ELF_END;
	memcpy(image->bytes, ELFMAG, SELFMAG);
	image->bytes[EI_CLASS] = form->wide ? ELFCLASS64 : ELFCLASS32;
	image->bytes[EI_DATA] = form->big ? ELFDATA2MSB : ELFDATA2LSB;
	elf_put(image, 0, &elf_e_type, form->module ? ET_REL : ET_DYN);
	elf_put(image, 0, &elf_e_machine, form->machine);
	elf_put_note(image, ELF_NOTES, ELF_BUILD_ID, ELF_ID_SIZE);
	for (i = 0; i < ELF_ID_SIZE; i++)
		image->bytes[ELF_NOTES + 16 + i] = i + 1;
	if (form->module) {
		elf_put(image, 0, &elf_e_shoff, ELF_SECTIONS);
		elf_put(image, 0, &elf_e_shentsize, elf_section_size(form));
		elf_put(image, 0, &elf_e_shnum, 2);
		elf_put_section(image, 1, ELF_NOTES, ELF_NOTES_SIZE);
		return;
	}
	elf_put(image, 0, &elf_e_phoff, elf_header_size(form));
	elf_put(image, 0, &elf_e_phentsize, elf_segment_size(form));
	elf_put(image, 0, &elf_e_phnum, ELF_SEGMENTS);
	elf_put_segment(image, 0, PT_LOAD, PF_R, 0, ELF_NOTES);
	elf_put_segment(image, 1, PT_LOAD, PF_R | PF_X, ELF_CODE, ELF_CODE_SIZE);
	elf_put_segment(image, 2, PT_NOTE, PF_R, ELF_NOTES, ELF_NOTES_SIZE);
}
