// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Unit tests of package.h with packages made here: what is found in them, limits, and every way
 * of being cut off.
 */
#include <archive.h>
#include <archive_entry.h>
#include <endian.h>
#include <errno.h>
#include <stdlib.h>

#include "digest.h"
#include "package.h"
#include "tap.h"

#define ELF	"\177ELF rest of a program"
#define SCRIPT	"#!/bin/sh\nexit 0\n"

#define ALL_KINDS	((2U << DEBAR_INDICATOR_KIND_MAX) - 1)

static char folder[32];
static uint32_t kinds;
static char path[64];

/*
 * struct member - an entry of an archive to be made; @link: the content is the path of another
 * member
 */
struct member {
	const char *path;
	const char *content;
	size_t length;
	bool link;
};

#define FILE_OF(path, content) { path, content, sizeof(content) - 1, false }

static const struct member files[] = {
	FILE_OF("./opt/x/program", ELF),
	FILE_OF("./opt/x/readme", "read me"),
	FILE_OF("./opt/x/script", SCRIPT),
	FILE_OF("./opt/x/copy", ELF),
	{ "./opt/x/hard", "./opt/x/program", 0, true },
	FILE_OF("./opt/x/empty", ""),
	FILE_OF("./opt/x/tiny", "#"),
	FILE_OF("./lib/modules/a.ko.xz", "compressed"),
	FILE_OF("./lib/modules/ko", "not a module"),
	FILE_OF("./opt/x/\xff\n", "#!/bin/false\n"),
};

static void add_member(struct archive *archive, const struct member *member)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, member->path);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	if (member->link)
		archive_entry_set_hardlink(entry, member->content);
	else
		archive_entry_set_size(entry, member->length);
	archive_write_header(archive, entry);
	if (!member->link)
		archive_write_data(archive, member->content, member->length);
	archive_entry_free(entry);
}

/* Makes an archive in memory; libarchive appends to the buffer. */
static la_ssize_t take(struct archive *archive, void *data, const void *bytes, size_t length)
{
	(void)archive;
	return debar_buffer_add(data, bytes, length) ? -1 : (la_ssize_t)length;
}

static void make_archive(struct debar_buffer *out, int (*format)(struct archive *), int filter,
			 const struct member *members, size_t count)
{
	struct archive *archive = archive_write_new();
	size_t i;

	format(archive);
	archive_write_add_filter(archive, filter);
	archive_write_set_bytes_in_last_block(archive, 1);
	archive_write_open(archive, out, NULL, take, NULL);
	for (i = 0; i < count; i++)
		add_member(archive, &members[i]);
	archive_write_close(archive);
	archive_write_free(archive);
}

static void make_deb(struct debar_buffer *out, const char *control, int filter)
{
	const struct member control_member = { "./control", control, strlen(control), false };
	struct debar_buffer control_tar = {}, data_tar = {};

	make_archive(&control_tar, archive_write_set_format_gnutar, ARCHIVE_FILTER_GZIP,
		     &control_member, 1);
	make_archive(&data_tar, archive_write_set_format_gnutar, filter, files, ARRAY_SIZE(files));
	make_archive(out, archive_write_set_format_ar_svr4, ARCHIVE_FILTER_NONE,
		     (const struct member[]){
		FILE_OF("debian-binary", "2.0\n"),
		{ "control.tar.gz", control_tar.data, control_tar.length, false },
		{ "data.tar", data_tar.data, data_tar.length, false },
	}, 3);
	debar_buffer_free(&control_tar);
	debar_buffer_free(&data_tar);
}

static int read_bytes(const void *bytes, size_t length, const struct debar_package_limits *limits,
		      struct debar_package *package, struct debar_error *error)
{
	*package = (struct debar_package){};
	if (debar_file_write(path, bytes, length))
		return -EIO;
	return debar_package_read(path, limits, kinds, package, error);
}

static bool has(const struct debar_package *package, size_t i, const char *name,
		const char *content)
{
	const struct debar_package_digest *whole =
		&package->files[i].digests[DEBAR_INDICATOR_KIND_FILE_SHA256];
	size_t length = strlen(content);
	uint8_t digest[DEBAR_DIGEST_SIZE];

	return i < package->file_count && !strcmp(package->files[i].path, name) &&
	       whole->known && whole->size == length && !debar_sha256(content, length, digest) &&
	       !memcmp(digest, whole->bytes, sizeof(digest));
}

static void check_files(const struct debar_package *package, const char *what)
{
	ok(package->file_count == 4, "%s: as many as there are", what);
	ok(has(package, 0, "opt/x/program", ELF), "%s: ELF file", what);
	ok(has(package, 1, "opt/x/script", SCRIPT), "%s: script", what);
	ok(has(package, 2, "lib/modules/a.ko.xz", "compressed"), "%s: module", what);
	ok(has(package, 3, "opt/x/\\xff\\x0a", "#!/bin/false\n"), "%s: odd name", what);
}

static void test_deb(int filter, const char *what)
{
	_cleanup_buffer_ struct debar_buffer deb = {};
	struct debar_package package;
	struct debar_error error = {};

	make_deb(&deb, "Package: x-agent\nVersion: 1:2.3-4\nDescription: Package\n Version: 9\n",
		 filter);
	if (!ok(!read_bytes(deb.data, deb.length, &debar_package_limits, &package, &error),
		"deb, %s", what)) {
		printf("# %s: %s\n", error.where, error.what);
		return;
	}
	same_text(debar_package_name(&package, 0), "x-agent", "%s: name", what);
	same_text(debar_package_version(&package, 0), "1:2.3-4", "%s: version", what);
	check_files(&package, what);
	debar_package_free(&package);
}

static void test_archive(int (*format)(struct archive *), const char *what)
{
	_cleanup_buffer_ struct debar_buffer archive = {};
	struct debar_package package;
	struct debar_error error = {};

	make_archive(&archive, format, ARCHIVE_FILTER_NONE, files, ARRAY_SIZE(files));
	if (!ok(!read_bytes(archive.data, archive.length, &debar_package_limits, &package, &error),
		"%s", what)) {
		printf("# %s: %s\n", error.where, error.what);
		return;
	}
	same_text(debar_package_name(&package, 0), NULL, "%s: has no name", what);
	check_files(&package, what);
	debar_package_free(&package);
}

/* Appends a header of an RPM package: index entries for strings, and their store. */
static void add_rpm_header(struct debar_buffer *out, const uint32_t *tags,
			   const char *const *values, uint32_t count)
{
	struct debar_buffer store = {};
	uint32_t i, words[4];

	for (i = 0; i < count; i++)
		debar_buffer_add(&store, values[i], strlen(values[i]) + 1);
	debar_buffer_add(out, "\x8e\xad\xe8\x01\0\0\0\0", 8);
	words[0] = htobe32(count);
	words[1] = htobe32(store.length);
	debar_buffer_add(out, words, 8);
	store.length = 0;
	for (i = 0; i < count; i++) {
		words[0] = htobe32(tags[i]);
		words[1] = htobe32(6);
		words[2] = htobe32(store.length);
		words[3] = htobe32(1);
		debar_buffer_add(out, words, 16);
		debar_buffer_add(&store, values[i], strlen(values[i]) + 1);
	}
	debar_buffer_add(out, store.data, store.length);
	debar_buffer_free(&store);
}

static void test_rpm(void)
{
	_cleanup_buffer_ struct debar_buffer rpm = {}, cpio = {};
	struct debar_package package;
	struct debar_error error = {};
	size_t length;

	debar_buffer_add(&rpm, "\xed\xab\xee\xdb\x03\0\0\0", 8);
	debar_buffer_add(&rpm, NULL, 88);
	add_rpm_header(&rpm, (const uint32_t[]){ 269 }, (const char *const[]){ "digest" }, 1);
	debar_buffer_add(&rpm, NULL, -rpm.length % 8);
	add_rpm_header(&rpm, (const uint32_t[]){ 1002, 1000, 1001 },
		       (const char *const[]){ "4.el9", "x-agent", "2.3" }, 3);
	length = rpm.length;
	make_archive(&cpio, archive_write_set_format_cpio_newc, ARCHIVE_FILTER_GZIP, files,
		     ARRAY_SIZE(files));
	debar_buffer_add(&rpm, cpio.data, cpio.length);
	if (!ok(!read_bytes(rpm.data, rpm.length, &debar_package_limits, &package, &error),
		"rpm")) {
		printf("# %s: %s\n", error.where, error.what);
		return;
	}
	same_text(debar_package_name(&package, 0), "x-agent", "rpm: name");
	same_text(debar_package_version(&package, 0), "2.3-4.el9", "rpm: version and release");
	check_files(&package, "rpm");
	debar_package_free(&package);
	ok(read_bytes(rpm.data, length, &debar_package_limits, &package, &error) == -EINVAL,
	   "rpm without files");
	ok(read_bytes(rpm.data, 100, &debar_package_limits, &package, &error) == -EINVAL,
	   "rpm without a header");
}

static void test_limits(void)
{
	static char large[1 << 20] = ELF;
	const struct member member = { "large", large, sizeof(large), false };
	const struct member data = { "large", large + 100, sizeof(large) - 100, false };
	struct debar_package_limits limits = debar_package_limits;
	_cleanup_buffer_ struct debar_buffer program = {}, text = {};
	struct debar_package package;
	struct debar_error error = {};

	limits.bytes = sizeof(large);
	limits.entries = 1;
	make_archive(&program, archive_write_set_format_gnutar, ARCHIVE_FILTER_GZIP, &member, 1);
	make_archive(&text, archive_write_set_format_gnutar, ARCHIVE_FILTER_GZIP, &data, 1);
	ok(!read_bytes(program.data, program.length, &limits, &package, &error), "small enough");
	debar_package_free(&package);
	limits.bytes--;
	ok(read_bytes(program.data, program.length, &limits, &package, &error) == -EFBIG,
	   "a byte too much");
	limits.bytes = sizeof(large) - 101;
	ok(read_bytes(text.data, text.length, &limits, &package, &error) == -EFBIG,
	   "a byte too much in what is no program");
	limits.bytes = sizeof(large);
	limits.entries = 0;
	ok(read_bytes(text.data, text.length, &limits, &package, &error) == -EFBIG,
	   "an entry too much");
	limits.entries = 1;
	limits.ratio_bytes = 1 << 16;
	limits.ratio = sizeof(large) / program.length + 1;
	ok(!read_bytes(program.data, program.length, &limits, &package, &error), "the ratio");
	debar_package_free(&package);
	limits.ratio /= 2;
	ok(read_bytes(program.data, program.length, &limits, &package, &error) == -EFBIG,
	   "beyond the ratio");
}

/* This very test is an ELF file with code and a build id. */
static void test_kinds(void)
{
	struct debar_package_limits limits = debar_package_limits;
	_cleanup_buffer_ struct debar_buffer program = {}, archive = {};
	const struct debar_package_digest *digests;
	struct debar_package package;
	struct debar_error error = {};
	struct debar_content content;
	uint8_t digest[DEBAR_DIGEST_SIZE];
	uint64_t size;

	if (!ok(!debar_file_read("/proc/self/exe", 1 << 30, &program), "a program"))
		return;
	make_archive(&archive, archive_write_set_format_gnutar, ARCHIVE_FILTER_NONE,
		     (const struct member[]){ { "p", program.data, program.length, false },
					      FILE_OF("s", SCRIPT) }, 2);
	content = (struct debar_content){ -1, program.data, program.length };
	limits.elf_bytes = program.length;
	kinds = ALL_KINDS;
	if (!ok(!read_bytes(archive.data, archive.length, &limits, &package, &error) &&
		package.file_count == 2, "a program and a script, all kinds"))
		return;
	digests = package.files[0].digests;
	ok(digests[DEBAR_INDICATOR_KIND_CODE_SHA256].known &&
	   !debar_code_sha256(&content, digest, &size) &&
	   digests[DEBAR_INDICATOR_KIND_CODE_SHA256].size == size &&
	   !memcmp(digests[DEBAR_INDICATOR_KIND_CODE_SHA256].bytes, digest, sizeof(digest)),
	   "its code");
	ok(digests[DEBAR_INDICATOR_KIND_BUILD_ID].known && !debar_build_id(&content, digest) &&
	   !memcmp(digests[DEBAR_INDICATOR_KIND_BUILD_ID].bytes, digest, sizeof(digest)) &&
	   !digests[DEBAR_INDICATOR_KIND_BUILD_ID].size, "its build id");
	ok(digests[DEBAR_INDICATOR_KIND_FSVERITY_SHA256].known &&
	   digests[DEBAR_INDICATOR_KIND_FSVERITY_SHA256].size == program.length, "its fs-verity");
	digests = package.files[1].digests;
	ok(!digests[DEBAR_INDICATOR_KIND_CODE_SHA256].known &&
	   !digests[DEBAR_INDICATOR_KIND_BUILD_ID].known &&
	   digests[DEBAR_INDICATOR_KIND_FSVERITY_SHA256].known && !package.files[1].too_large,
	   "a script has no code");
	debar_package_free(&package);
	limits.elf_bytes--;
	ok(!read_bytes(archive.data, archive.length, &limits, &package, &error), "a small bound");
	digests = package.files[0].digests;
	ok(package.files[0].too_large && !digests[DEBAR_INDICATOR_KIND_CODE_SHA256].known &&
	   !digests[DEBAR_INDICATOR_KIND_BUILD_ID].known &&
	   digests[DEBAR_INDICATOR_KIND_FSVERITY_SHA256].known && !package.files[1].too_large,
	   "a program beyond the bound is not looked into");
	debar_package_free(&package);
	kinds = 0;
	ok(!read_bytes(archive.data, archive.length, &limits, &package, &error) &&
	   !package.files[0].too_large, "nor when nobody asks");
	debar_package_free(&package);
}

/* Wherever a package is cut off, it is refused: half a package would ban half a product. */
static void test_cut_off(void)
{
	_cleanup_buffer_ struct debar_buffer deb = {};
	struct debar_package package;
	struct debar_error error;
	size_t length, accepted = 0, silent = 0;

	make_deb(&deb, "Package: x\nVersion: 1\n", ARCHIVE_FILTER_GZIP);
	/* The very last byte may be mere padding of the ar archive. */
	for (length = 0; length + 1 < deb.length; length++) {
		error = (struct debar_error){};
		if (!read_bytes(deb.data, length, &debar_package_limits, &package, &error)) {
			printf("# accepted with %zu of %zu bytes\n", length, deb.length);
			debar_package_free(&package);
			accepted++;
		} else if (!error.what[0] || !error.remedy[0]) {
			silent++;
		}
	}
	ok(!accepted, "no package that is cut off is accepted");
	ok(!silent, "each refusal says why");
}

static uint32_t next_random(void)
{
	static uint32_t state = 2463534242;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

/* Whatever becomes of a damaged package, it must not be memory errors: the sanitizers watch. */
static void test_damaged(void)
{
	_cleanup_buffer_ struct debar_buffer deb = {};
	struct debar_package package;
	struct debar_error error;
	int round;

	make_deb(&deb, "Package: x\nVersion: 1\n", ARCHIVE_FILTER_NONE);
	kinds = ALL_KINDS;
	for (round = 0; round < 500; round++) {
		char *byte = &deb.data[next_random() % deb.length], before = *byte;

		*byte = next_random();
		if (!read_bytes(deb.data, deb.length, &debar_package_limits, &package, &error))
			debar_package_free(&package);
		*byte = before;
	}
	ok(true, "500 damaged packages");
}

int main(void)
{
	snprintf(folder, sizeof(folder), "/tmp/debar-test-XXXXXX");
	if (!ok(mkdtemp(folder), "a folder"))
		return tap_done();
	snprintf(path, sizeof(path), "%s/package", folder);
	test_deb(ARCHIVE_FILTER_NONE, "not compressed");
	test_deb(ARCHIVE_FILTER_GZIP, "gzip");
	test_deb(ARCHIVE_FILTER_XZ, "xz");
	test_deb(ARCHIVE_FILTER_ZSTD, "zstd");
	test_archive(archive_write_set_format_gnutar, "tar");
	test_archive(archive_write_set_format_cpio_newc, "cpio");
	test_archive(archive_write_set_format_zip, "zip");
	test_rpm();
	test_limits();
	test_kinds();
	test_cut_off();
	test_damaged();
	ok(!unlink(path) && !rmdir(folder), "nothing is left behind");
	return tap_done();
}
