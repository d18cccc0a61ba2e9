// SPDX-License-Identifier: GPL-2.0-only
/*
 * KUnit tests of elf_code.h: code and build id of files of each width and byte order, files in
 * which one field lies, and files that cannot be read.
 */
#include <kunit/test.h>
#include <linux/elf.h>

#include "elf_code.h"
#include "test_elf.h"

#define HUGE_VALUE	U64_MAX

static const struct elf_form forms[] = {
	{ "x86-64", EM_X86_64, true },
	{ "x86-64 module", EM_X86_64, true, .module = true },
	{ "x32", EM_X86_64, false },
	{ "i386", EM_386, false },
	{ "aarch64", EM_AARCH64, true },
	{ "arm module", EM_ARM, false, .module = true },
	{ "s390x", EM_S390, true, .big = true },
	{ "s390x module", EM_S390, true, .big = true, .module = true },
	{ "powerpc", EM_PPC, false, .big = true },
	{ "mips", EM_MIPS, false },
};

static int read_image(void *context, u64 offset, void *buffer, size_t size)
{
	struct elf_image *image = context;

	if (++image->reads == image->broken)
		return -EIO;
	/* Nobody asks for anything beyond the end. */
	if (offset > image->size || size > image->size - offset)
		return -EFAULT;
	memcpy(buffer, image->bytes + offset, size);
	return 0;
}

static int take_piece(void *context, u64 offset, u64 length)
{
	struct elf_image *image = context;

	image->pieces++;
	return offset > image->size || length > image->size - offset ? -EFAULT : 0;
}

static int refuse_piece(void *context, u64 offset, u64 length)
{
	return -EINTR;
}

/* The number of bytes of code, or an error. */
static s64 code_of(struct elf_image *image, int (*piece)(void *context, u64 offset, u64 length))
{
	struct debar_elf elf = { .read = read_image, .context = image, .size = image->size };
	u64 size;
	int ret = debar_elf_open(&elf);

	if (!ret)
		ret = debar_elf_code(&elf, piece, image, &size);
	return ret ?: (s64)size;
}

/* The length of the build id, or an error. */
static int id_of(struct elf_image *image, u8 *id)
{
	struct debar_elf elf = { .read = read_image, .context = image, .size = image->size };

	return debar_elf_open(&elf) ?: debar_elf_build_id(&elf, id);
}

static struct elf_image *new_image(struct kunit *test)
{
	struct elf_image *image = kunit_kzalloc(test, sizeof(*image), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, image);
	return image;
}

static void finds_code_and_build_id(struct kunit *test)
{
	const struct elf_form *form = test->param_value;
	struct elf_image *image = new_image(test);
	u8 id[DEBAR_DIGEST_SIZE];

	elf_make(image, form);
	KUNIT_EXPECT_EQ(test, code_of(image, take_piece), form->module ? -ENODATA : ELF_CODE_SIZE);
	KUNIT_EXPECT_EQ(test, image->pieces, form->module ? 0 : 1);
	KUNIT_EXPECT_EQ(test, code_of(image, NULL), form->module ? -ENODATA : ELF_CODE_SIZE);
	memset(id, 0xff, sizeof(id));
	KUNIT_ASSERT_EQ(test, id_of(image, id), ELF_ID_SIZE);
	KUNIT_EXPECT_MEMEQ(test, id, image->bytes + ELF_NOTES + 16, ELF_ID_SIZE);
	KUNIT_EXPECT_NULL(test, memchr_inv(id + ELF_ID_SIZE, 0, sizeof(id) - ELF_ID_SIZE));
}

/* Each reading in turn fails, and each failure is told. */
static void tells_of_failing_reads(struct kunit *test)
{
	struct elf_image *image = new_image(test);
	u8 id[DEBAR_DIGEST_SIZE];
	unsigned int reads, i;

	elf_make(image, test->param_value);
	code_of(image, NULL);
	reads = image->reads;
	KUNIT_ASSERT_GT(test, reads, 0);
	for (i = 1; i <= reads; i++) {
		image->reads = 0;
		image->broken = i;
		KUNIT_EXPECT_EQ_MSG(test, code_of(image, NULL), -EIO, "code, read %u", i);
	}
	image->reads = 0;
	image->broken = 0;
	id_of(image, id);
	reads = image->reads;
	for (i = 1; i <= reads; i++) {
		image->reads = 0;
		image->broken = i;
		KUNIT_EXPECT_EQ_MSG(test, id_of(image, id), -EIO, "build id, read %u", i);
	}
}

/* Cut off anywhere, a file is never read beyond its end. */
static void stays_within_files_cut_off(struct kunit *test)
{
	struct elf_image *image = new_image(test);
	u8 id[DEBAR_DIGEST_SIZE];

	elf_make(image, test->param_value);
	for (image->size = 0; image->size < ELF_END; image->size++) {
		s64 code = code_of(image, take_piece);
		int length = id_of(image, id);

		KUNIT_EXPECT_TRUE_MSG(test, code > 0 || code == -ENOEXEC || code == -ENODATA,
				      "%zu bytes: %lld", image->size, code);
		KUNIT_EXPECT_TRUE_MSG(test, length == ELF_ID_SIZE || length == -ENOEXEC ||
				      length == -ENODATA, "%zu bytes: %d", image->size, length);
	}
}

static void tells_of_a_piece_refused(struct kunit *test)
{
	struct elf_image *image = new_image(test);

	elf_make(image, &forms[0]);
	KUNIT_EXPECT_EQ(test, code_of(image, refuse_piece), -EINTR);
}

/* Which header a lie is in; the last two are a module's, the others a program's. */
enum place { HEADER, CODE_SEGMENT, NOTE_SEGMENT, NOTE, MODULE_HEADER, SECTION };

/**
 * struct lie - one field that is not as it should be
 * @name: what it says
 * @place: the header that it is in
 * @field: where it is there
 * @value: what it says
 * @code: bytes of code that are found, or an error
 * @id: length of the build id that is found, or an error
 */
struct lie {
	const char *name;
	enum place place;
	const struct elf_field *field;
	u64 value;
	int code;
	int id;
};

static const struct lie lies[] = {
	{ "table at the end", HEADER, &elf_e_phoff, ELF_END, -ENOEXEC, -ENOEXEC },
	{ "table that wraps", HEADER, &elf_e_phoff, HUGE_VALUE, -ENOEXEC, -ENOEXEC },
	{ "headers of no length", HEADER, &elf_e_phentsize, 0, -ENOEXEC, -ENOEXEC },
	{ "headers of one byte", HEADER, &elf_e_phentsize, 1, -ENOEXEC, -ENOEXEC },
	{ "no program headers", HEADER, &elf_e_phnum, 0, -ENODATA, -ENODATA },
	{ "too many to execute", HEADER, &elf_e_phnum, 0xffff, -ENOEXEC, -ENOEXEC },
	{ "more headers than fit", HEADER, &elf_e_phnum, 30, -ENOEXEC, -ENOEXEC },
	{ "code that is not loaded", CODE_SEGMENT, &elf_p_type, PT_NULL, -ENODATA, ELF_ID_SIZE },
	{ "code not executable", CODE_SEGMENT, &elf_p_flags, PF_R | PF_W, -ENODATA, ELF_ID_SIZE },
	{ "code at the end", CODE_SEGMENT, &elf_p_offset, ELF_END, -ENODATA, ELF_ID_SIZE },
	{ "code beyond the end", CODE_SEGMENT, &elf_p_offset, HUGE_VALUE, -ENODATA, ELF_ID_SIZE },
	{ "code cut off by the end", CODE_SEGMENT, &elf_p_offset, ELF_END - 3, 3, ELF_ID_SIZE },
	{ "code of no length", CODE_SEGMENT, &elf_p_filesz, 0, -ENODATA, ELF_ID_SIZE },
	{ "code longer than the file", CODE_SEGMENT, &elf_p_filesz, HUGE_VALUE,
	  ELF_END - ELF_CODE, ELF_ID_SIZE },
	{ "notes of no length", NOTE_SEGMENT, &elf_p_filesz, 0, ELF_CODE_SIZE, -ENODATA },
	{ "notes of half a head", NOTE_SEGMENT, &elf_p_filesz, 11, ELF_CODE_SIZE, -ENODATA },
	{ "notes without a name", NOTE_SEGMENT, &elf_p_filesz, 12, ELF_CODE_SIZE, -ENODATA },
	{ "notes a byte short", NOTE_SEGMENT, &elf_p_filesz, ELF_NOTES_SIZE - 1, ELF_CODE_SIZE,
	  -ENODATA },
	{ "notes beyond the end", NOTE_SEGMENT, &elf_p_offset, ELF_END + 1, ELF_CODE_SIZE,
	  -ENODATA },
	{ "note with no name", NOTE, &elf_n_namesz, 0, ELF_CODE_SIZE, -ENODATA },
	{ "note whose name wraps", NOTE, &elf_n_namesz, U32_MAX, ELF_CODE_SIZE, -ENODATA },
	{ "note of somebody else", NOTE, &elf_n_name, 0x00444e47, ELF_CODE_SIZE, -ENODATA },
	{ "note of another type", NOTE, &elf_n_type, 1, ELF_CODE_SIZE, -ENODATA },
	{ "build id of no length", NOTE, &elf_n_descsz, 0, ELF_CODE_SIZE, -ENODATA },
	{ "build id of one byte", NOTE, &elf_n_descsz, 1, ELF_CODE_SIZE, 1 },
	{ "build id whose length wraps", NOTE, &elf_n_descsz, U32_MAX, ELF_CODE_SIZE, -ENODATA },
	{ "sections at the end", MODULE_HEADER, &elf_e_shoff, ELF_END, -ENODATA, -ENODATA },
	{ "sections that wrap", MODULE_HEADER, &elf_e_shoff, HUGE_VALUE, -ENODATA, -ENODATA },
	{ "sections of one byte", MODULE_HEADER, &elf_e_shentsize, 1, -ENODATA, -ENODATA },
	{ "no sections", MODULE_HEADER, &elf_e_shnum, 0, -ENODATA, -ENODATA },
	{ "more sections than fit", MODULE_HEADER, &elf_e_shnum, 0xffff, -ENODATA, ELF_ID_SIZE },
	{ "section that is no note", SECTION, &elf_sh_type, SHT_PROGBITS, -ENODATA, -ENODATA },
	{ "section beyond the end", SECTION, &elf_sh_offset, ELF_END + 1, -ENODATA, -ENODATA },
	{ "section of huge length", SECTION, &elf_sh_size, HUGE_VALUE, -ENODATA, -ENODATA },
};

static size_t base_of(const struct elf_form *form, enum place place)
{
	switch (place) {
	case CODE_SEGMENT:
		return elf_segment_at(form, 1);
	case NOTE_SEGMENT:
		return elf_segment_at(form, 2);
	case NOTE:
		return ELF_NOTES;
	case SECTION:
		return elf_section_at(form, 1);
	default:
		return 0;
	}
}

static void is_not_misled(struct kunit *test)
{
	const struct lie *lie = test->param_value;
	struct elf_image *image = new_image(test);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		const struct elf_form *form = &forms[i];
		bool of_module = lie->place >= MODULE_HEADER;
		u8 id[DEBAR_DIGEST_SIZE];

		/* Of x32 the length of the program headers alone tells the width. */
		if (form->module != of_module ||
		    (form->machine == EM_X86_64 && lie->field == &elf_e_phentsize))
			continue;
		elf_make(image, form);
		elf_put(image, base_of(form, lie->place), lie->field, lie->value);
		KUNIT_EXPECT_EQ_MSG(test, code_of(image, take_piece), lie->code, "%s", form->name);
		KUNIT_EXPECT_EQ_MSG(test, id_of(image, id), lie->id, "%s", form->name);
	}
}

static void knows_what_is_no_elf_file(struct kunit *test)
{
	struct elf_image *image = new_image(test);

	elf_make(image, &forms[0]);
	image->bytes[0] = 0;
	KUNIT_EXPECT_EQ(test, code_of(image, NULL), -ENOEXEC);
	/* Of another machine's files class and byte order must be known. */
	elf_make(image, &forms[6]);
	image->bytes[EI_CLASS] = ELFCLASSNONE;
	KUNIT_EXPECT_EQ(test, code_of(image, NULL), -ENOEXEC);
	elf_make(image, &forms[6]);
	image->bytes[EI_DATA] = ELFDATANONE;
	KUNIT_EXPECT_EQ(test, code_of(image, NULL), -ENOEXEC);
	/* Of this machine's nobody looks at them. */
	elf_make(image, &forms[0]);
	image->bytes[EI_CLASS] = ELFCLASSNONE;
	image->bytes[EI_DATA] = ELFDATANONE;
	KUNIT_EXPECT_EQ(test, code_of(image, NULL), ELF_CODE_SIZE);
}

/* Of a segment that is the whole file, the ELF header and the program headers are no code. */
static void leaves_the_headers_out(struct kunit *test)
{
	struct elf_image *image = new_image(test);
	const struct elf_form *form = &forms[0];

	elf_make(image, form);
	elf_put_segment(image, 1, PT_LOAD, PF_X, 0, ELF_END);
	KUNIT_EXPECT_EQ(test, code_of(image, take_piece),
			ELF_END - elf_segment_at(form, ELF_SEGMENTS));
	KUNIT_EXPECT_EQ(test, image->pieces, 1);
	/* With the program headers in the middle there is code on both sides. */
	memcpy(image->bytes + ELF_CODE, image->bytes + elf_header_size(form),
	       ELF_SEGMENTS * elf_segment_size(form));
	elf_put(image, 0, &elf_e_phoff, ELF_CODE);
	image->pieces = 0;
	KUNIT_EXPECT_EQ(test, code_of(image, take_piece),
			ELF_END - elf_header_size(form) - ELF_SEGMENTS * elf_segment_size(form));
	KUNIT_EXPECT_EQ(test, image->pieces, 2);
}

static void has_no_code_where_segments_overlap(struct kunit *test)
{
	struct elf_image *image = new_image(test);

	elf_make(image, &forms[0]);
	elf_put_segment(image, 0, PT_LOAD, PF_X, 0, ELF_END);
	elf_put_segment(image, 1, PT_LOAD, PF_X, 0, ELF_END);
	KUNIT_EXPECT_EQ(test, code_of(image, take_piece), -ENODATA);
}

/* The build id is found behind this many other notes, but not behind any number. */
static void looks_at_so_many_notes(struct kunit *test)
{
	struct elf_image *image = new_image(test);
	u8 id[DEBAR_DIGEST_SIZE];
	size_t i;

	elf_make(image, &forms[0]);
	image->size = sizeof(image->bytes);
	for (i = 0; i < 64; i++)
		elf_put_note(image, ELF_END + 16 * i, 1, 0);
	elf_put_note(image, ELF_END + 16 * 64, ELF_BUILD_ID, ELF_ID_SIZE);
	elf_put_segment(image, 2, PT_NOTE, PF_R, ELF_END + 16, 63 * 16 + ELF_NOTES_SIZE);
	KUNIT_EXPECT_EQ(test, id_of(image, id), ELF_ID_SIZE);
	elf_put_segment(image, 2, PT_NOTE, PF_R, ELF_END, 64 * 16 + ELF_NOTES_SIZE);
	KUNIT_EXPECT_EQ(test, id_of(image, id), -ENODATA);
	elf_put_note(image, ELF_END, ELF_BUILD_ID, DEBAR_DIGEST_SIZE + 1);
	KUNIT_EXPECT_EQ(test, id_of(image, id), -ENODATA);
	elf_put_note(image, ELF_END, ELF_BUILD_ID, DEBAR_DIGEST_SIZE);
	KUNIT_EXPECT_EQ(test, id_of(image, id), DEBAR_DIGEST_SIZE);
}

/* The same of areas of notes: sections, and segments. */
static void looks_at_so_many_areas(struct kunit *test)
{
	struct elf_image *image = new_image(test);
	u8 id[DEBAR_DIGEST_SIZE];
	size_t i;

	elf_make(image, &forms[5]);
	image->size = sizeof(image->bytes);
	elf_put(image, 0, &elf_e_shnum, 66);
	for (i = 1; i < 65; i++)
		elf_put_section(image, i, ELF_CODE, 12);
	elf_put_section(image, 65, ELF_NOTES, ELF_NOTES_SIZE);
	KUNIT_EXPECT_EQ(test, id_of(image, id), -ENODATA);
	elf_put_section(image, 64, ELF_NOTES, ELF_NOTES_SIZE);
	KUNIT_EXPECT_EQ(test, id_of(image, id), ELF_ID_SIZE);

	elf_make(image, &forms[3]);
	image->size = sizeof(image->bytes);
	memmove(image->bytes + 4000, image->bytes + ELF_NOTES, ELF_NOTES_SIZE);
	elf_put(image, 0, &elf_e_phnum, 65);
	for (i = 0; i < 64; i++)
		elf_put_segment(image, i, PT_NOTE, PF_R, 3000, 12);
	elf_put_segment(image, 64, PT_NOTE, PF_R, 4000, ELF_NOTES_SIZE);
	KUNIT_EXPECT_EQ(test, id_of(image, id), -ENODATA);
	elf_put_segment(image, 63, PT_NOTE, PF_R, 4000, ELF_NOTES_SIZE);
	KUNIT_EXPECT_EQ(test, id_of(image, id), ELF_ID_SIZE);
}

static void describe_form(const struct elf_form *form, char *text)
{
	strscpy(text, form->name, KUNIT_PARAM_DESC_SIZE);
}

static void describe_lie(const struct lie *lie, char *text)
{
	strscpy(text, lie->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(form, forms, describe_form);
KUNIT_ARRAY_PARAM(lie, lies, describe_lie);

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(finds_code_and_build_id, form_gen_params),
	KUNIT_CASE_PARAM(tells_of_failing_reads, form_gen_params),
	KUNIT_CASE_PARAM(stays_within_files_cut_off, form_gen_params),
	KUNIT_CASE_PARAM(is_not_misled, lie_gen_params),
	KUNIT_CASE(tells_of_a_piece_refused),
	KUNIT_CASE(knows_what_is_no_elf_file),
	KUNIT_CASE(leaves_the_headers_out),
	KUNIT_CASE(has_no_code_where_segments_overlap),
	KUNIT_CASE(looks_at_so_many_notes),
	KUNIT_CASE(looks_at_so_many_areas),
	{}
};

static struct kunit_suite suite = {
	.name = "debar-elf-code",
	.test_cases = cases,
};

kunit_test_suite(suite);
