// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of identify.h and content.h: digests of memory and of files. */
#include <kunit/test.h>
#include <linux/blk_types.h>
#include <linux/elf.h>
#include <linux/magic.h>

#include "content.h"
#include "identify.h"
#include "limits.h"
#include "test_file.h"

/**
 * struct vector - a content whose SHA-256 is published
 * @name: of the vector
 * @content: a piece of the content, which may hold NULs
 * @size: of @content in bytes
 * @times: how often it is repeated
 * @digest: the SHA-256
 */
struct vector {
	const char *name;
	const char *content;
	size_t size;
	size_t times;
	u8 digest[DEBAR_DIGEST_SIZE];
};

/* The empty one, two of FIPS 180-2, one of NIST's with a NUL at its end, and a million letters. */
static const struct vector vectors[] = {
	{ "nothing", "", 0, 1,
	  "\xe3\xb0\xc4\x42\x98\xfc\x1c\x14\x9a\xfb\xf4\xc8\x99\x6f\xb9\x24"
	  "\x27\xae\x41\xe4\x64\x9b\x93\x4c\xa4\x95\x99\x1b\x78\x52\xb8\x55" },
	{ "a NUL", "", 1, 1,
	  "\x6e\x34\x0b\x9c\xff\xb3\x7a\x98\x9c\xa5\x44\xe6\xbb\x78\x0a\x2c"
	  "\x78\x90\x1d\x3f\xb3\x37\x38\x76\x85\x11\xa3\x06\x17\xaf\xa0\x1d" },
	{ "abc", "abc", 3, 1,
	  "\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23"
	  "\xb0\x03\x61\xa3\x96\x17\x7a\x9c\xb4\x10\xff\x61\xf2\x00\x15\xad" },
	{ "two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56, 1,
	  "\x24\x8d\x6a\x61\xd2\x06\x38\xb8\xe5\xc0\x26\x93\x0c\x3e\x60\x39"
	  "\xa3\x3c\xe4\x59\x64\xff\x21\x67\xf6\xec\xed\xd4\x19\xdb\x06\xc1" },
	{ "a million letters", "aaaaaaaaaa", 10, 100000,
	  "\xcd\xc7\x6e\x5c\x99\x14\xfb\x92\x81\xa1\xc7\xe2\x84\xd7\x3e\x67"
	  "\xf1\x80\x9a\x48\xa4\x97\x20\x0e\x04\x6d\x39\xcc\xc7\x11\x2c\xd0" },
};

static u8 *content_of(struct kunit *test, const struct vector *v, size_t *size)
{
	u8 *content;
	size_t i;

	*size = v->size * v->times;
	content = kunit_kmalloc(test, *size + 1, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, content);
	for (i = 0; i < v->times; i++)
		memcpy(content + i * v->size, v->content, v->size);
	return content;
}

static void hashes_memory(struct kunit *test)
{
	const struct vector *v = test->param_value;
	u8 digest[DEBAR_DIGEST_SIZE];
	size_t size;
	u8 *content = content_of(test, v, &size);

	KUNIT_ASSERT_EQ(test, debar_identify_buffer(content, size, digest), 0);
	KUNIT_EXPECT_MEMEQ(test, digest, v->digest, DEBAR_DIGEST_SIZE);
}

/* Also a file that is open to be written only, and so must be opened anew. */
static void hashes_files(struct kunit *test)
{
	static const int modes[] = { O_RDONLY, O_WRONLY, O_RDONLY | O_DIRECT };
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	const struct vector *v = test->param_value;
	u8 digest[DEBAR_DIGEST_SIZE];
	struct debar_content opened;
	size_t size, i;
	u8 *content = content_of(test, v, &size);

	debar_test_write(test, mount, "file", content, size);
	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		struct file *file = debar_test_open(test, mount, "file", modes[i] & ~O_DIRECT);

		file->f_flags |= modes[i] & O_DIRECT;
		KUNIT_ASSERT_EQ(test, debar_content_open(&opened, file, size), 0);
		memset(digest, 0, sizeof(digest));
		KUNIT_EXPECT_EQ(test, debar_identify_file_sha256(&opened, digest), 0);
		KUNIT_EXPECT_MEMEQ(test, digest, v->digest, DEBAR_DIGEST_SIZE);
		debar_content_close(&opened);
		KUNIT_EXPECT_EQ(test, file->f_pos, 0);
	}
}

/* A file that has become shorter than it is said to be. */
static void notices_a_shorter_file(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *file = debar_test_file(test, mount, "file", "abc", 3);
	u8 digest[DEBAR_DIGEST_SIZE];
	struct debar_content content;

	KUNIT_ASSERT_EQ(test, debar_content_open(&content, file, 4), 0);
	KUNIT_EXPECT_EQ(test, debar_identify_file_sha256(&content, digest), -ESTALE);
	debar_content_close(&content);
	KUNIT_ASSERT_EQ(test, debar_content_open(&content, file, DEBAR_READ_SIZE + 1), 0);
	KUNIT_EXPECT_EQ(test, debar_identify_file_sha256(&content, digest), -ESTALE);
	debar_content_close(&content);
}

/* A folder can be opened, but neither read nor mapped. */
static void tells_why_it_cannot_read(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *folder = debar_test_open(test, mount, "", O_RDONLY | O_DIRECTORY);
	u8 digest[DEBAR_DIGEST_SIZE];
	struct debar_content content;
	int ret = debar_content_open(&content, folder, 1);

	KUNIT_ASSERT_EQ(test, ret, 0);
	KUNIT_EXPECT_EQ(test, debar_identify_file_sha256(&content, digest), -EINVAL);
	debar_content_close(&content);
}

static void finds_no_fsverity_digest(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *file = debar_test_file(test, mount, "file", "abc", 3);
	u8 digest[DEBAR_DIGEST_SIZE];

	KUNIT_EXPECT_EQ(test, debar_identify_fsverity(file_inode(file), digest), -ENODATA);
}

static void knows_what_is_stored(struct kunit *test)
{
	struct vfsmount *memory = debar_test_mount(test, RAMFS_MAGIC);
	struct vfsmount *disk = debar_test_mount(test, BTRFS_SUPER_MAGIC);
	struct vfsmount *made_up = debar_test_mount(test, RAMFS_MAGIC);

	made_up->mnt_sb->s_magic = PROC_SUPER_MAGIC;
	KUNIT_EXPECT_TRUE(test, debar_content_is_stored(d_inode(memory->mnt_root)));
	KUNIT_EXPECT_TRUE(test, debar_content_is_stored(d_inode(disk->mnt_root)));
	KUNIT_EXPECT_FALSE(test, debar_content_is_stored(d_inode(made_up->mnt_root)));
}

/* Of what filesystem the size is the content's, with a device and without. */
static void knows_which_sizes_are_exact(struct kunit *test)
{
	static const struct {
		unsigned long magic;
		bool with_device;
		bool without;
	} kinds[] = {
		{ EXT4_SUPER_MAGIC, true, false },
		{ BTRFS_SUPER_MAGIC, true, true },
		{ TMPFS_MAGIC, true, true },
		{ RAMFS_MAGIC, true, true },
		{ FUSE_SUPER_MAGIC, false, false },
		{ OCFS2_SUPER_MAGIC, false, false },
		{ GFS2_MAGIC, false, false },
		{ NFS_SUPER_MAGIC, true, false },
		{ OVERLAYFS_SUPER_MAGIC, true, false },
	};
	struct super_block *sb = kunit_kzalloc(test, sizeof(*sb), GFP_KERNEL);
	struct block_device *device = kunit_kzalloc(test, sizeof(*device), GFP_KERNEL);
	size_t i;

	KUNIT_ASSERT_NOT_NULL(test, sb);
	KUNIT_ASSERT_NOT_NULL(test, device);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		sb->s_magic = kinds[i].magic;
		sb->s_bdev = device;
		KUNIT_EXPECT_EQ_MSG(test, debar_content_size_is_exact(sb), kinds[i].with_device,
				    "%#lx", kinds[i].magic);
		sb->s_bdev = NULL;
		KUNIT_EXPECT_EQ_MSG(test, debar_content_size_is_exact(sb), kinds[i].without,
				    "%#lx", kinds[i].magic);
	}
}

/* A program of 64 bits: its headers, a build id, and code. */
struct program {
	struct elf64_hdr header;
	struct elf64_phdr segments[2];
	struct elf64_note note;
	char name[4];
	u8 id[20];
	char code[3];
};

static const struct program program = {
	.header = {
		.e_ident = ELFMAG,
		.e_type = ET_EXEC,
		.e_machine = EM_X86_64,
		.e_phoff = offsetof(struct program, segments),
		.e_phentsize = sizeof(struct elf64_phdr),
		.e_phnum = 2,
	},
	.segments = {
		{
			.p_type = PT_LOAD,
			.p_flags = PF_X,
			.p_offset = offsetof(struct program, code),
			.p_filesz = 3,
		},
		{
			.p_type = PT_NOTE,
			.p_offset = offsetof(struct program, note),
			.p_filesz = sizeof(struct elf64_note) + 4 + 20,
		},
	},
	.note = { .n_namesz = 4, .n_descsz = 20, .n_type = 3 },
	.name = "GNU",
	.id = { 1, 2, 3, [19] = 20 },
	.code = { 'a', 'b', 'c' },
};

/* The code is the vector "abc". */
static void identifies_a_program(struct kunit *test)
{
	struct debar_content content;
	u8 digest[DEBAR_DIGEST_SIZE];
	u64 size;

	debar_content_in_memory(&content, &program, sizeof(program));
	KUNIT_EXPECT_EQ(test, debar_identify_code_size(&content, &size), 0);
	KUNIT_EXPECT_EQ(test, size, 3);
	KUNIT_EXPECT_EQ(test, debar_identify_code_sha256(&content, digest), 0);
	KUNIT_EXPECT_MEMEQ(test, digest, vectors[2].digest, DEBAR_DIGEST_SIZE);
	KUNIT_EXPECT_EQ(test, debar_identify_build_id(&content, digest), 0);
	KUNIT_EXPECT_MEMEQ(test, digest, program.id, sizeof(program.id));
}

static void identifies_no_script(struct kunit *test)
{
	static const char script[] = "#!/bin/sh\necho this is no program\n";
	struct debar_content content;
	u8 digest[DEBAR_DIGEST_SIZE];
	u64 size;

	debar_content_in_memory(&content, script, sizeof(script));
	KUNIT_EXPECT_EQ(test, debar_identify_code_size(&content, &size), -ENODATA);
	KUNIT_EXPECT_EQ(test, debar_identify_code_sha256(&content, digest), -ENODATA);
	KUNIT_EXPECT_EQ(test, debar_identify_build_id(&content, digest), -ENODATA);
}

static void describe(const struct vector *v, char *text)
{
	strscpy(text, v->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(vector, vectors, describe);

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(hashes_memory, vector_gen_params),
	KUNIT_CASE_PARAM(hashes_files, vector_gen_params),
	KUNIT_CASE(notices_a_shorter_file),
	KUNIT_CASE(tells_why_it_cannot_read),
	KUNIT_CASE(finds_no_fsverity_digest),
	KUNIT_CASE(knows_what_is_stored),
	KUNIT_CASE(knows_which_sizes_are_exact),
	KUNIT_CASE(identifies_a_program),
	KUNIT_CASE(identifies_no_script),
	{}
};

static struct kunit_suite suite = {
	.name = "debar-identify",
	.test_cases = cases,
};

kunit_test_suite(suite);
