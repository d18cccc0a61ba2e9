// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finds the code and the build id in an ELF file, for kernel and userspace alike. Pure: no lock, no
 * allocation; every loop is bounded, whatever the file says.
 *
 * The code of a file is what its executable segments hold, in the order of the program headers, but
 * for the ELF header and the program headers themselves: so it stays the same when the file is
 * renamed, stripped, signed, or gets other data. Formats: System V ABI, chapters 4 and 5; the note
 * with the build id: its name is GNU, its type NT_GNU_BUILD_ID.
 */
#include "elf_code.h"

#include <linux/elf.h>
#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/swab.h>
#else
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <linux/swab.h>
#define swab16	__swab16
#define swab32	__swab32
#define swab64	__swab64
#endif

#ifndef NT_GNU_BUILD_ID
#define NT_GNU_BUILD_ID	3
#endif

/* The kernel executes no program with a longer table than this. */
#define TABLE_MAX	65536
/* Section headers looked at in a file without program headers, a kernel module. */
#define SECTIONS_MAX	4096
/* Notes looked at in one segment or section, and notes in it that are looked for in all. */
#define NOTES_MAX	64
#define NOTE_AREAS_MAX	64

/**
 * struct area - bytes of the file
 * @offset: of the first
 * @length: how many
 */
struct area {
	__u64 offset;
	__u64 length;
};

static __u16 half(const struct debar_elf *elf, __u16 value)
{
	return elf->swap ? swab16(value) : value;
}

static __u32 word(const struct debar_elf *elf, __u32 value)
{
	return elf->swap ? swab32(value) : value;
}

static __u64 xword(const struct debar_elf *elf, __u64 value)
{
	return elf->swap ? swab64(value) : value;
}

static bool within(const struct debar_elf *elf, __u64 offset, __u64 length)
{
	return offset <= elf->size && length <= elf->size - offset;
}

static int read_at(const struct debar_elf *elf, __u64 offset, void *buffer, size_t size)
{
	if (!within(elf, offset, size))
		return -ENOEXEC;
	return elf->read(elf->context, offset, buffer, size);
}

/* What the wide and the narrow form have alike. */
static int take_counts(struct debar_elf *elf, const __u16 counts[4], size_t segment_size)
{
	elf->segment_size = half(elf, counts[0]);
	elf->segment_count = half(elf, counts[1]);
	elf->section_size = half(elf, counts[2]);
	elf->section_count = half(elf, counts[3]);
	return elf->segment_count && elf->segment_size != segment_size ? -ENOEXEC : 0;
}

static int open_64(struct debar_elf *elf)
{
	struct elf64_hdr h;
	int ret = read_at(elf, 0, &h, sizeof(h));

	if (ret)
		return ret;
	elf->header_size = sizeof(h);
	elf->segments = xword(elf, h.e_phoff);
	elf->sections = xword(elf, h.e_shoff);
	return take_counts(elf, (__u16[]){ h.e_phentsize, h.e_phnum, h.e_shentsize, h.e_shnum },
			   sizeof(struct elf64_phdr));
}

static int open_32(struct debar_elf *elf)
{
	struct elf32_hdr h;
	int ret = read_at(elf, 0, &h, sizeof(h));

	if (ret)
		return ret;
	elf->header_size = sizeof(h);
	elf->segments = word(elf, h.e_phoff);
	elf->sections = word(elf, h.e_shoff);
	return take_counts(elf, (__u16[]){ h.e_phentsize, h.e_phnum, h.e_shentsize, h.e_shnum },
			   sizeof(struct elf32_phdr));
}

static bool little_endian_machine(void)
{
	const __u16 one = 1;

	return *(const __u8 *)&one == 1;
}

static __u16 little_half(const __u8 *bytes)
{
	return bytes[0] | bytes[1] << 8;
}

/*
 * The kernel takes a program for one of 64 bits by the length of its program headers; what else has
 * this machine is x32, or a kernel module, which has none.
 */
static int take_x86_64(struct debar_elf *elf, const __u8 *head)
{
	__u8 length[2];
	int ret;

	elf->is_64 = little_half(head + offsetof(struct elf64_hdr, e_type)) == ET_REL;
	if (elf->is_64)
		return 0;
	ret = read_at(elf, offsetof(struct elf64_hdr, e_phentsize), length, sizeof(length));
	elf->is_64 = !ret && little_half(length) == sizeof(struct elf64_phdr);
	return ret == -ENOEXEC ? 0 : ret;
}

/*
 * What the kernel executes it tells by the machine, and looks neither at the class nor at the byte
 * order that the identification claims; nor does this. Files of other machines have nothing else.
 */
static int take_form(struct debar_elf *elf, const __u8 *head)
{
	bool little = true;
	int ret = 0;

	switch (little_half(head + offsetof(struct elf64_hdr, e_machine))) {
	case EM_X86_64:
		ret = take_x86_64(elf, head);
		break;
	case EM_AARCH64:
		elf->is_64 = true;
		break;
	case EM_386:
	case EM_ARM:
		elf->is_64 = false;
		break;
	default:
		if ((head[EI_CLASS] != ELFCLASS32 && head[EI_CLASS] != ELFCLASS64) ||
		    (head[EI_DATA] != ELFDATA2LSB && head[EI_DATA] != ELFDATA2MSB))
			return -ENOEXEC;
		elf->is_64 = head[EI_CLASS] == ELFCLASS64;
		little = head[EI_DATA] == ELFDATA2LSB;
	}
	elf->swap = little != little_endian_machine();
	return ret;
}

/**
 * debar_elf_open() - find the tables of an ELF file
 * @elf: @read, @context and @size are set by the caller, the rest is filled in
 *
 * Return: 0, -ENOEXEC when it is not an ELF file, or none that the kernel would execute, or what
 * @read returns.
 */
int debar_elf_open(struct debar_elf *elf)
{
	__u8 head[EI_NIDENT + 2 * sizeof(__u16)];
	int ret = read_at(elf, 0, head, sizeof(head));

	if (ret)
		return ret;
	if (memcmp(head, ELFMAG, SELFMAG))
		return -ENOEXEC;
	ret = take_form(elf, head);
	if (!ret)
		ret = elf->is_64 ? open_64(elf) : open_32(elf);
	if (ret)
		return ret;
	if (elf->segment_count * elf->segment_size > TABLE_MAX ||
	    !within(elf, elf->segments, (__u64)elf->segment_count * elf->segment_size))
		return -ENOEXEC;
	return 0;
}

/* Reads a program header: its type, whether it is executable, and its bytes within the file. */
static int read_segment(const struct debar_elf *elf, __u32 i, __u32 *type, bool *executable,
			struct area *range)
{
	__u64 at = elf->segments + (__u64)i * elf->segment_size;
	union {
		struct elf64_phdr wide;
		struct elf32_phdr narrow;
	} h;
	int ret = read_at(elf, at, &h, elf->segment_size);

	if (ret)
		return ret;
	if (elf->is_64) {
		*type = word(elf, h.wide.p_type);
		*executable = word(elf, h.wide.p_flags) & PF_X;
		range->offset = xword(elf, h.wide.p_offset);
		range->length = xword(elf, h.wide.p_filesz);
	} else {
		*type = word(elf, h.narrow.p_type);
		*executable = word(elf, h.narrow.p_flags) & PF_X;
		range->offset = word(elf, h.narrow.p_offset);
		range->length = word(elf, h.narrow.p_filesz);
	}
	/* What a segment promises beyond the end of the file is not there. */
	if (range->offset > elf->size)
		range->offset = elf->size;
	if (range->length > elf->size - range->offset)
		range->length = elf->size - range->offset;
	return 0;
}

/**
 * struct walk - one run of debar_elf_code()
 * @piece: gets each piece, may be NULL
 * @context: for @piece
 * @size: bytes so far
 */
struct walk {
	int (*piece)(void *context, __u64 offset, __u64 length);
	void *context;
	__u64 size;
};

static int give_piece(struct walk *w, __u64 from, __u64 to)
{
	if (from >= to)
		return 0;
	w->size += to - from;
	return w->piece ? w->piece(w->context, from, to - from) : 0;
}

/* Gives what of a segment lies neither in the ELF header nor in the program headers. */
static int give_segment(const struct debar_elf *elf, struct walk *w, const struct area *segment)
{
	__u64 table_end = elf->segments + (__u64)elf->segment_count * elf->segment_size;
	__u64 from = segment->offset, to = segment->offset + segment->length;
	int ret;

	if (from < elf->header_size)
		from = elf->header_size;
	ret = give_piece(w, from, to < elf->segments ? to : elf->segments);
	if (!ret)
		ret = give_piece(w, from > table_end ? from : table_end, to);
	return ret;
}

/**
 * debar_elf_code() - walk through a file's code
 * @elf: an open file
 * @piece: gets each piece in turn: where in the file, and how many bytes; may be NULL
 * @context: for @piece
 * @size: set to the sum of the lengths
 *
 * Segments that overlap could make a short file's code very long; such a file has none.
 *
 * Return: 0, -ENODATA when there is no code, or what reading or @piece returns.
 */
int debar_elf_code(const struct debar_elf *elf,
		   int (*piece)(void *context, __u64 offset, __u64 length), void *context,
		   __u64 *size)
{
	struct walk w = { .piece = piece, .context = context };
	__u32 i, type;
	int ret;

	for (i = 0; i < elf->segment_count; i++) {
		struct area range;
		bool executable;

		ret = read_segment(elf, i, &type, &executable, &range);
		if (ret)
			return ret;
		if (type != PT_LOAD || !executable)
			continue;
		if (range.length > elf->size - w.size)
			return -ENODATA;
		ret = give_segment(elf, &w, &range);
		if (ret)
			return ret;
	}
	*size = w.size;
	return w.size ? 0 : -ENODATA;
}

/* Looks for the build id in an area of notes; returns its length, or -ENODATA. */
static int find_in_notes(const struct debar_elf *elf, struct area area, __u8 *id)
{
	int i, ret;

	for (i = 0; i < NOTES_MAX && area.length >= sizeof(struct elf32_note); i++) {
		struct {
			struct elf32_note head;
			char name[4];
		} note;
		__u64 name, data, whole;

		if (area.length < sizeof(note))
			return -ENODATA;
		ret = read_at(elf, area.offset, &note, sizeof(note));
		if (ret)
			return ret;
		name = ((__u64)word(elf, note.head.n_namesz) + 3) & ~3ULL;
		data = word(elf, note.head.n_descsz);
		whole = sizeof(note.head) + name + ((data + 3) & ~3ULL);
		if (whole > area.length)
			return -ENODATA;
		if (word(elf, note.head.n_type) == NT_GNU_BUILD_ID && name == 4 &&
		    !memcmp(note.name, "GNU", 4) && data && data <= DEBAR_DIGEST_SIZE) {
			memset(id, 0, DEBAR_DIGEST_SIZE);
			ret = read_at(elf, area.offset + sizeof(note), id, data);
			return ret ? ret : (int)data;
		}
		area.offset += whole;
		area.length -= whole;
	}
	return -ENODATA;
}

/* Reads a section header of notes; other sections have no bytes here. */
static int read_note_section(const struct debar_elf *elf, __u32 i, struct area *range)
{
	__u64 at = elf->sections + (__u64)i * elf->section_size;
	union {
		struct elf64_shdr wide;
		struct elf32_shdr narrow;
	} h;
	size_t size = elf->is_64 ? sizeof(h.wide) : sizeof(h.narrow);
	__u32 type;
	int ret = elf->section_size == size ? read_at(elf, at, &h, size) : -ENODATA;

	if (ret)
		return ret;
	type = word(elf, elf->is_64 ? h.wide.sh_type : h.narrow.sh_type);
	range->offset = elf->is_64 ? xword(elf, h.wide.sh_offset) : word(elf, h.narrow.sh_offset);
	range->length = elf->is_64 ? xword(elf, h.wide.sh_size) : word(elf, h.narrow.sh_size);
	if (type != SHT_NOTE || !within(elf, range->offset, range->length))
		range->length = 0;
	return 0;
}

/* A kernel module has sections only. */
static int find_in_sections(const struct debar_elf *elf, __u8 *id)
{
	__u32 count = elf->section_count < SECTIONS_MAX ? elf->section_count : SECTIONS_MAX;
	int areas = 0, ret;
	__u32 i;

	for (i = 0; i < count && areas < NOTE_AREAS_MAX; i++) {
		struct area range;

		ret = read_note_section(elf, i, &range);
		if (ret)
			return ret == -ENOEXEC ? -ENODATA : ret;
		if (!range.length)
			continue;
		areas++;
		ret = find_in_notes(elf, range, id);
		if (ret != -ENODATA)
			return ret;
	}
	return -ENODATA;
}

/**
 * debar_elf_build_id() - find the build id
 * @elf: an open file
 * @id: set to DEBAR_DIGEST_SIZE bytes, those behind the build id to NUL
 *
 * Return: length of the build id in bytes, -ENODATA when there is none, or what reading returns.
 */
int debar_elf_build_id(const struct debar_elf *elf, __u8 *id)
{
	int areas = 0, ret;
	__u32 i, type;

	if (!elf->segment_count)
		return find_in_sections(elf, id);
	for (i = 0; i < elf->segment_count && areas < NOTE_AREAS_MAX; i++) {
		struct area range;
		bool executable;

		ret = read_segment(elf, i, &type, &executable, &range);
		if (ret)
			return ret;
		if (type != PT_NOTE)
			continue;
		areas++;
		ret = find_in_notes(elf, range, id);
		if (ret != -ENODATA)
			return ret;
	}
	return -ENODATA;
}
