// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Takes name and version from an RPM package's header; libarchive reads the files behind it but
 * skips the header.
 */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "package_reader.h"

/*
 * The RPM file format, versions 3 and 4 ("RPM v4 package format" in rpm's manual): a lead of 96
 * bytes; then two headers,
 * the signatures (filled up to 8 bytes) and the description. All numbers are big-endian. A header
 * is a magic, counts, an
 * index and a store of values.
 */
#define LEAD_SIZE	96
#define LEAD_MAGIC	"\xed\xab\xee\xdb"
#define HEADER_MAGIC	"\x8e\xad\xe8"
#define TAG_NAME	1000
#define TAG_VERSION	1001
#define TAG_RELEASE	1002
#define TYPE_STRING	6
/* Largest header accepted, and most entries of its index: what rpm itself accepts. */
#define STORE_MAX	(256 * 1024 * 1024)
#define INDEX_MAX	0xffff

struct rpm_header {
	uint8_t magic[3];
	uint8_t version;
	uint32_t reserved;
	uint32_t index_count;
	uint32_t store_size;
};

struct rpm_index {
	uint32_t tag;
	uint32_t type;
	uint32_t offset;
	uint32_t count;
};

static int bad_header(struct debar_package_reader *reader)
{
	return debar_error_set(reader->error, -EINVAL, reader->path, "give a whole RPM package",
			       "an RPM package with a damaged header");
}

/* Reads the fixed part of a header; whether it is one. */
static bool read_header(int fd, off_t offset, struct rpm_header *header)
{
	if (pread(fd, header, sizeof(*header), offset) != sizeof(*header) ||
	    memcmp(header->magic, HEADER_MAGIC, sizeof(header->magic)))
		return false;
	header->index_count = be32toh(header->index_count);
	header->store_size = be32toh(header->store_size);
	return header->index_count <= INDEX_MAX && header->store_size <= STORE_MAX;
}

/* Reads a string value of a header at @offset; NULL when there is none, or no memory. */
static char *read_string(int fd, off_t offset, const struct rpm_header *header, uint32_t tag)
{
	off_t index = offset + sizeof(*header);
	off_t store = index + header->index_count * sizeof(struct rpm_index);
	struct rpm_index it;
	char text[256] = "";
	uint32_t i;

	for (i = 0; i < header->index_count; i++, index += sizeof(it)) {
		if (pread(fd, &it, sizeof(it), index) != sizeof(it))
			return NULL;
		if (be32toh(it.tag) != tag || be32toh(it.type) != TYPE_STRING ||
		    be32toh(it.offset) >= header->store_size)
			continue;
		if (pread(fd, text, sizeof(text) - 1, store + be32toh(it.offset)) <= 0)
			return NULL;
		return debar_escape(text, strlen(text));
	}
	return NULL;
}

int debar_package_read_rpm(struct debar_package_reader *reader, int fd)
{
	struct debar_package_part *part = &reader->package->parts[reader->part];
	_cleanup_free_ char *version = NULL, *release = NULL;
	struct rpm_header header;
	char magic[4];
	off_t offset = LEAD_SIZE;

	if (pread(fd, magic, sizeof(magic), 0) != sizeof(magic) ||
	    memcmp(magic, LEAD_MAGIC, sizeof(magic)))
		return 0;
	if (!read_header(fd, offset, &header))
		return bad_header(reader);
	offset += sizeof(header) + header.index_count * sizeof(struct rpm_index);
	offset += (header.store_size + 7) / 8 * 8;
	if (!read_header(fd, offset, &header))
		return bad_header(reader);
	part->name = read_string(fd, offset, &header, TAG_NAME);
	version = read_string(fd, offset, &header, TAG_VERSION);
	release = read_string(fd, offset, &header, TAG_RELEASE);
	if (version && release &&
	    asprintf(&part->version, "%s-%s", version, release) < 0) {
		part->version = NULL;
		return debar_error_system(reader->error, -ENOMEM, reader->path, "cannot read it");
	}
	return 0;
}
