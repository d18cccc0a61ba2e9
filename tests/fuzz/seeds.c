// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes what the fuzzers begin with: seeds-of-tables FOLDER. In FOLDER/TARGET lie small inputs,
 * right or hostile in a known way, out of the tables of the other tests.
 */
#include <archive.h>
#include <archive_entry.h>
#include <string.h>
#include <linux/genetlink.h>
#include <sys/stat.h>

#include "../selftests/blob_cases.h"
#include "../selftests/elf_cases.h"
#include "client_internal.h"
#include "fuzz.h"
#include "util.h"

/* A longer seed makes a fuzzer slow. */
#define SEED_MAX	8192

static const char *folder;

static void put(const char *target, const void *data, size_t size)
{
	static unsigned int number;
	char path[4096];

	if (size > SEED_MAX)
		return;
	snprintf(path, sizeof(path), "%s/%s", folder, target);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/%s/seed-%u", folder, target, number++);
	must(!debar_file_write(path, data, size));
}

static void put_elf(const char *name, const struct elf_file *file, void *data)
{
	(void)name;
	(void)data;
	put("elf", file->bytes, file->size);
}

static void put_elf_files(void)
{
	static struct elf_file file;
	int form;

	for (form = 0; form < 4; form++) {
		elf_program(&file, form & 2, form & 1);
		put("elf", file.bytes, file.size);
		elf_module(&file, form & 2, form & 1);
		put("elf", file.bytes, file.size);
	}
	must(elf_cases(put_elf, NULL));
}

static void put_blob(const char *name, const void *blob, size_t length, const char *what,
		     void *data)
{
	(void)name;
	(void)what;
	(void)data;
	put("blob", blob, length);
}

static void put_blobs(void)
{
	size_t length;
	const void *blob = blob_good(&length);

	put("blob", blob, length);
	must(blob_cases(put_blob, NULL));
}

static la_ssize_t append(struct archive *archive, void *data, const void *bytes, size_t length)
{
	(void)archive;
	return debar_buffer_add(data, bytes, length) ? -1 : (la_ssize_t)length;
}

static void add_member(struct archive *archive, const char *path, const void *data, size_t size)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, path);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0755);
	archive_entry_set_size(entry, size);
	archive_write_header(archive, entry);
	archive_write_data(archive, data, size);
	archive_entry_free(entry);
}

static struct archive *begin(struct debar_buffer *out, int (*format)(struct archive *), int filter)
{
	struct archive *archive = archive_write_new();

	must(!format(archive) && !archive_write_add_filter(archive, filter));
	archive_write_set_bytes_in_last_block(archive, 1);
	must(!archive_write_open(archive, out, NULL, append, NULL));
	return archive;
}

/* A program, a script, a module and what is none of them. */
static void make_archive(struct debar_buffer *out, int (*format)(struct archive *), int filter)
{
	struct archive *archive = begin(out, format, filter);
	static struct elf_file program;

	elf_program(&program, true, false);
	add_member(archive, "./usr/bin/program", program.bytes, program.size);
	add_member(archive, "./usr/bin/script", "#!/bin/sh\n", 10);
	add_member(archive, "./lib/modules/a.ko.xz", "compressed", 10);
	add_member(archive, "./usr/share/doc/readme", "read me", 7);
	archive_write_free(archive);
}

static void put_deb(int filter)
{
	static const char control[] = "Package: seed\nVersion: 1.0-1\nArchitecture: all\n";
	struct debar_buffer out = {}, part = {};
	struct archive *archive, *member;

	archive = begin(&out, archive_write_set_format_ar_svr4, ARCHIVE_FILTER_NONE);
	add_member(archive, "debian-binary", "2.0\n", 4);
	member = begin(&part, archive_write_set_format_gnutar, filter);
	add_member(member, "./control", control, sizeof(control) - 1);
	archive_write_free(member);
	add_member(archive, "control.tar.gz", part.data, part.length);
	part.length = 0;
	make_archive(&part, archive_write_set_format_gnutar, filter);
	add_member(archive, "data.tar.gz", part.data, part.length);
	archive_write_free(archive);
	put("package", out.data, out.length);
	debar_buffer_free(&out);
	debar_buffer_free(&part);
}

/* A lead, a header without entries, one that tells the name, and the files. */
static void put_rpm(void)
{
	uint8_t head[96 + 16 + 16 + 3 * 16 + 8] = { 0xed, 0xab, 0xee, 0xdb, 3 };
	static const uint8_t magic[] = { 0x8e, 0xad, 0xe8, 1 };
	struct debar_buffer out = {};
	uint8_t *header = head + 96, *entry;
	int i;

	memcpy(header, magic, sizeof(magic));
	header += 16;
	memcpy(header, magic, sizeof(magic));
	header[11] = 3;
	header[15] = 8;
	for (i = 0; i < 3; i++) {
		entry = header + 16 + 16 * i;
		entry[2] = (1000 + i) >> 8;
		entry[3] = 1000 + i;
		entry[7] = 6;
		entry[11] = 2 * i;
		entry[15] = 1;
	}
	memcpy(header + 16 + 3 * 16, "n\0002\0003", 5);
	must(!debar_buffer_add(&out, head, sizeof(head)));
	make_archive(&out, archive_write_set_format_cpio_newc, ARCHIVE_FILTER_GZIP);
	put("package", out.data, out.length);
	debar_buffer_free(&out);
}

static void put_packages(void)
{
	static int (*const formats[])(struct archive *) = {
		archive_write_set_format_gnutar, archive_write_set_format_pax,
		archive_write_set_format_cpio_newc, archive_write_set_format_zip,
	};
	static const int filters[] = {
		ARCHIVE_FILTER_NONE, ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_BZIP2, ARCHIVE_FILTER_XZ,
		ARCHIVE_FILTER_LZMA, ARCHIVE_FILTER_ZSTD,
	};
	struct debar_buffer out = {};
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(filters); i++) {
		for (j = 0; j < ARRAY_SIZE(formats); j++) {
			out.length = 0;
			make_archive(&out, formats[j], filters[i]);
			put("package", out.data, out.length);
		}
		put_deb(filters[i]);
	}
	put_rpm();
	debar_buffer_free(&out);
}

static struct nlmsghdr *begin_message(void *buffer)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl;

	message->nlmsg_type = NLMSG_MIN_TYPE;
	genl = mnl_nlmsg_put_extra_header(message, sizeof(*genl));
	genl->cmd = DEBAR_CMD_DENIAL_DUMP;
	return message;
}

/* A dump: the state, a denial with every attribute, and the least that a denial has. */
static void put_dump(void)
{
	static const uint8_t digest[DEBAR_DIGEST_SIZE] = { 1 };
	char buffer[4096] = {};
	struct nlmsghdr *message = begin_message(buffer);
	char *next = buffer;
	uint16_t i;

	for (i = DEBAR_A_DENIAL_OLDEST; i <= DEBAR_A_DENIAL_GENERATION; i++)
		mnl_attr_put_u64(message, i, 1);
	next += message->nlmsg_len;
	message = begin_message(next);
	for (i = DEBAR_A_DENIAL_SEQUENCE; i <= DEBAR_A_DENIAL_MAX; i++) {
		switch (i) {
		case DEBAR_A_DENIAL_DIGEST:
		case DEBAR_A_DENIAL_FILE_SHA256:
		case DEBAR_A_DENIAL_POLICY_DIGEST:
			mnl_attr_put(message, i, sizeof(digest), digest);
			break;
		case DEBAR_A_DENIAL_BAN_ID:
		case DEBAR_A_DENIAL_VENDOR:
		case DEBAR_A_DENIAL_PRODUCT:
		case DEBAR_A_DENIAL_AUTHORITY:
		case DEBAR_A_DENIAL_FILESYSTEM:
		case DEBAR_A_DENIAL_POLICY_NAME:
		case DEBAR_A_DENIAL_PATH:
		case DEBAR_A_DENIAL_COMM:
		case DEBAR_A_DENIAL_SUBJECT_EXE:
			mnl_attr_put_strz(message, i, "/text\xff\n");
			break;
		case DEBAR_A_DENIAL_SEQUENCE:
		case DEBAR_A_DENIAL_WALL_TIME:
		case DEBAR_A_DENIAL_BOOT_TIME:
		case DEBAR_A_DENIAL_SIZE:
		case DEBAR_A_DENIAL_INODE:
		case DEBAR_A_DENIAL_CGROUP:
		case DEBAR_A_DENIAL_POLICY_SERIAL:
			mnl_attr_put_u64(message, i, 1);
			break;
		default:
			mnl_attr_put_u32(message, i, 1);
		}
	}
	next += message->nlmsg_len;
	put("denial", buffer, next - buffer);
}

int main(int argc, char **argv)
{
	must(argc == 2);
	folder = argv[1];
	put_elf_files();
	put_blobs();
	put_packages();
	put_dump();
	return 0;
}
