// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzes kmod/elf_code.c: it reads nothing beyond the end, not too often, and finds the code and
 * the build id that one finds with libelf.
 */
#include <errno.h>
#include <gelf.h>
#include <stdbool.h>
#include <string.h>

#include "digest.h"
#include "elf_code.h"
#include "fuzz.h"

/* What elf_code.c allows itself: readings of one file; notes in an area, and areas of them. */
#define READS_MAX	(4096 + 64 * 64 + 3)
#define NOTES_MAX	64
#define AREAS_MAX	64

/**
 * struct input - a file, and what was found in it
 * @bytes: its content
 * @size: of @bytes
 * @reads: how often it was read
 * @code: its code, room for @size bytes
 * @code_size: of @code
 */
struct input {
	uint8_t *bytes;
	size_t size;
	size_t reads;
	uint8_t *code;
	size_t code_size;
};

static int read_input(void *context, __u64 offset, void *buffer, size_t size)
{
	struct input *in = context;

	must(++in->reads <= READS_MAX);
	must(offset <= in->size && size <= in->size - offset);
	memcpy(buffer, in->bytes + offset, size);
	return 0;
}

static int take_piece(void *context, __u64 offset, __u64 length)
{
	struct input *in = context;

	must(offset <= in->size && length <= in->size - offset);
	must(length && length <= in->size - in->code_size);
	memcpy(in->code + in->code_size, in->bytes + offset, length);
	in->code_size += length;
	return 0;
}

/* The code that libelf's program headers tell of, byte by byte; -ENODATA when there is none. */
static int code_by_libelf(Elf *elf, size_t count, const struct input *in, uint8_t *code,
			  size_t *code_size)
{
	size_t header = gelf_fsize(elf, ELF_T_EHDR, 1, EV_CURRENT), entry, i, at, length;
	GElf_Ehdr ehdr;
	GElf_Phdr phdr;

	entry = gelf_fsize(elf, ELF_T_PHDR, 1, EV_CURRENT);
	must(gelf_getehdr(elf, &ehdr));
	for (i = 0, *code_size = 0; i < count; i++) {
		must(gelf_getphdr(elf, i, &phdr));
		if (phdr.p_type != PT_LOAD || !(phdr.p_flags & PF_X) || phdr.p_offset >= in->size)
			continue;
		length = in->size - phdr.p_offset;
		if (phdr.p_filesz < length)
			length = phdr.p_filesz;
		if (length > in->size - *code_size)
			return -ENODATA;
		for (at = phdr.p_offset; at < phdr.p_offset + length; at++)
			if (at >= header &&
			    (at < ehdr.e_phoff || at >= ehdr.e_phoff + count * entry))
				code[(*code_size)++] = in->bytes[at];
	}
	return *code_size ? 0 : -ENODATA;
}

/* The build id in an area of notes: its length, or -ENODATA. */
static int id_in_area(Elf *elf, uint64_t offset, uint64_t length, uint8_t *id)
{
	Elf_Data *data = elf_getdata_rawchunk(elf, offset, length, ELF_T_NHDR);
	size_t at = 0, name, desc, i;
	GElf_Nhdr note;

	for (i = 0; data && i < NOTES_MAX; i++) {
		at = gelf_getnote(data, at, &note, &name, &desc);
		if (!at)
			break;
		if (note.n_type != NT_GNU_BUILD_ID || (note.n_namesz + 3) / 4 != 1 ||
		    memcmp((char *)data->d_buf + name, "GNU", 4) ||
		    !note.n_descsz || note.n_descsz > DEBAR_DIGEST_SIZE)
			continue;
		memcpy(id, (char *)data->d_buf + desc, note.n_descsz);
		return note.n_descsz;
	}
	return -ENODATA;
}

static int id_by_segments(Elf *elf, size_t count, const struct input *in, uint8_t *id)
{
	size_t i, areas = 0;
	GElf_Phdr phdr;

	for (i = 0; i < count && areas < AREAS_MAX; i++) {
		int ret;

		must(gelf_getphdr(elf, i, &phdr));
		if (phdr.p_type != PT_NOTE)
			continue;
		areas++;
		if (phdr.p_offset >= in->size)
			continue;
		if (phdr.p_filesz > in->size - phdr.p_offset)
			phdr.p_filesz = in->size - phdr.p_offset;
		ret = id_in_area(elf, phdr.p_offset, phdr.p_filesz, id);
		if (ret > 0)
			return ret;
	}
	return -ENODATA;
}

static int id_by_sections(Elf *elf, const struct input *in, uint8_t *id)
{
	size_t i, count, areas = 0;
	GElf_Shdr shdr;

	must(!elf_getshdrnum(elf, &count));
	for (i = 0; i < count && areas < AREAS_MAX; i++) {
		int ret;

		if (!gelf_getshdr(elf_getscn(elf, i), &shdr) || shdr.sh_type != SHT_NOTE ||
		    !shdr.sh_size || shdr.sh_offset > in->size ||
		    shdr.sh_size > in->size - shdr.sh_offset)
			continue;
		areas++;
		ret = id_in_area(elf, shdr.sh_offset, shdr.sh_size, id);
		if (ret > 0)
			return ret;
	}
	return -ENODATA;
}

/* How many inputs libelf took for ELF files, too: comparing with nothing would prove nothing. */
static unsigned long compared;

static void tell_compared(void)
{
	fprintf(stderr, "%lu files compared with what libelf finds\n", compared);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	must(elf_version(EV_CURRENT) != EV_NONE);
	return atexit(tell_compared);
}

/* libelf goes by the identification alone. */
static bool same_form(Elf *elf, const struct debar_elf *ours)
{
	const char *ident = elf_getident(elf, NULL);

	return ident[EI_CLASS] == (ours->is_64 ? ELFCLASS64 : ELFCLASS32) &&
	       ident[EI_DATA] == (ours->swap ? ELFDATA2MSB : ELFDATA2LSB);
}

/* libelf looks at more fields than code and build id need, at others less closely. */
static bool same_tables(Elf *elf, const struct debar_elf *ours, size_t *segments)
{
	size_t sections;

	if (!elf || elf_kind(elf) != ELF_K_ELF || !same_form(elf, ours) ||
	    elf_getphdrnum(elf, segments) || *segments != ours->segment_count)
		return false;
	return *segments || (!elf_getshdrnum(elf, &sections) && sections == ours->section_count &&
			     ours->section_size == gelf_fsize(elf, ELF_T_SHDR, 1, EV_CURRENT));
}

static void compare(const struct input *in, const struct debar_elf *ours, int code, int id_size,
		    const uint8_t *id)
{
	uint8_t *other = fuzz_copy(in->bytes, in->size), *bytes = malloc(in->size);
	uint8_t other_id[DEBAR_DIGEST_SIZE] = {};
	Elf *elf = elf_memory((char *)other, in->size);
	size_t count, size;

	if (same_tables(elf, ours, &count)) {
		compared++;
		must(code_by_libelf(elf, count, in, bytes, &size) == code);
		must(code || (size == in->code_size && !memcmp(bytes, in->code, size)));
		must((count ? id_by_segments(elf, count, in, other_id) :
			      id_by_sections(elf, in, other_id)) == id_size);
		must(id_size < 0 || !memcmp(other_id, id, DEBAR_DIGEST_SIZE));
	}
	elf_end(elf);
	free(bytes);
	free(other);
}

/* The digests that userspace computes are those of the same code and the same build id. */
static void compare_digests(const struct input *in, int code, int id_size, const uint8_t *id)
{
	const struct debar_content content = { -1, in->bytes, in->size };
	uint8_t digest[DEBAR_DIGEST_SIZE], expected[DEBAR_DIGEST_SIZE];
	uint64_t size;

	must(debar_code_sha256(&content, digest, &size) == code);
	if (!code)
		must(size == in->code_size && !debar_sha256(in->code, size, expected) &&
		     !memcmp(digest, expected, sizeof(digest)));
	must(debar_build_id(&content, digest) == (id_size < 0 ? id_size : 0));
	must(id_size < 0 || !memcmp(digest, id, sizeof(digest)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { .bytes = fuzz_copy(data, size), .size = size, .code = malloc(size) };
	struct debar_elf elf = { .read = read_input, .context = &in, .size = size };
	uint8_t id[DEBAR_DIGEST_SIZE];
	__u64 code_size = 0;
	int code, id_size;

	if (!debar_elf_open(&elf)) {
		code = debar_elf_code(&elf, take_piece, &in, &code_size);
		must(code == -ENODATA || (!code && code_size == in.code_size));
		id_size = debar_elf_build_id(&elf, id);
		must(id_size == -ENODATA || (id_size > 0 && id_size <= DEBAR_DIGEST_SIZE));
		compare_digests(&in, code, id_size, id);
		compare(&in, &elf, code, id_size, id);
	}
	free(in.code);
	free(in.bytes);
	return 0;
}
