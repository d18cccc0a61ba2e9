// SPDX-License-Identifier: GPL-2.0-or-later
/* A growing buffer, whole files, hexadecimal digits and text made safe to show. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "util.h"

/* First step of a buffer that is not asked for more, in bytes. */
#define BUFFER_STEP	4096

static int buffer_reserve(struct debar_buffer *buffer, size_t length)
{
	size_t capacity = buffer->capacity ? buffer->capacity : BUFFER_STEP;
	char *data;

	if (length > SIZE_MAX / 2)
		return -ENOMEM;
	while (capacity < length)
		capacity *= 2;
	if (capacity == buffer->capacity)
		return 0;
	data = realloc(buffer->data, capacity);
	if (!data)
		return -ENOMEM;
	buffer->data = data;
	buffer->capacity = capacity;
	return 0;
}

int debar_buffer_add(struct debar_buffer *buffer, const void *bytes, size_t length)
{
	if (length > SIZE_MAX - buffer->length || buffer_reserve(buffer, buffer->length + length))
		return -ENOMEM;
	if (bytes && length)
		memcpy(buffer->data + buffer->length, bytes, length);
	else if (length)
		memset(buffer->data + buffer->length, 0, length);
	buffer->length += length;
	return 0;
}

void debar_buffer_free(struct debar_buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct debar_buffer){};
}

static int read_all(int fd, size_t limit, struct debar_buffer *buffer)
{
	ssize_t got;

	do {
		if (buffer_reserve(buffer, buffer->length + BUFFER_STEP))
			return -ENOMEM;
		got = read(fd, buffer->data + buffer->length, buffer->capacity - buffer->length);
		if (got < 0 && errno != EINTR)
			return -errno;
		if (got > 0)
			buffer->length += got;
		if (buffer->length > limit)
			return -EFBIG;
	} while (got);
	if (debar_buffer_add(buffer, "", 1))
		return -ENOMEM;
	buffer->length--;
	return 0;
}

int debar_file_read(const char *path, size_t limit, struct debar_buffer *buffer)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat st;
	int err;

	if (fd < 0 || fstat(fd, &st))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (S_ISREG(st.st_mode) && (uint64_t)st.st_size > limit)
		return -EFBIG;
	err = read_all(fd, limit, buffer);
	if (err)
		debar_buffer_free(buffer);
	return err;
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t done = write(fd, bytes, length);

		if (done < 0 && errno != EINTR)
			return -errno;
		if (done > 0) {
			bytes += done;
			length -= done;
		}
	}
	return fsync(fd) ? -errno : 0;
}

int debar_file_write(const char *path, const void *bytes, size_t length)
{
	_cleanup_free_ char *temporary = NULL;
	mode_t mask = umask(0);
	int fd, err;

	umask(mask);
	if (asprintf(&temporary, "%s.XXXXXX", path) < 0) {
		temporary = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = write_all(fd, bytes, length);
	if (!err && fchmod(fd, 0666 & ~mask))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	if (!err && rename(temporary, path))
		err = -errno;
	if (err)
		unlink(temporary);
	return err;
}

char *debar_hex(char *hex, const void *bytes, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *byte = bytes;
	size_t i;

	for (i = 0; i < length; i++) {
		hex[2 * i] = digits[byte[i] >> 4];
		hex[2 * i + 1] = digits[byte[i] & 15];
	}
	hex[2 * length] = 0;
	return hex;
}

/*
 * Length of the printable UTF-8 character that @text begins with, or 0; as RFC 3629 section 4 has
 * it.
 */
static size_t character_length(const uint8_t *text, size_t length)
{
	size_t size = text[0] < 0x80 ? 1 : text[0] < 0xe0 ? 2 : text[0] < 0xf0 ? 3 : 4, i;

	if (size == 1)
		return text[0] >= ' ' && text[0] != 0x7f && text[0] != '\\';
	if (text[0] < 0xc2 || text[0] > 0xf4 || size > length)
		return 0;
	for (i = 1; i < size; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	if ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f) ||
	    (text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f) ||
	    (text[0] == 0xc2 && text[1] < 0xa0))
		return 0;
	return size;
}

char *debar_escape(const char *text, size_t length)
{
	const uint8_t *byte = (const uint8_t *)text;
	char *safe = malloc(4 * length + 1), *out = safe;
	size_t i = 0;

	if (!safe)
		return NULL;
	while (i < length) {
		size_t size = character_length(byte + i, length - i);

		if (size) {
			memcpy(out, text + i, size);
			out += size;
			i += size;
		} else if (text[i] == '\\') {
			out = stpcpy(out, "\\\\");
			i++;
		} else {
			out = stpcpy(out, "\\x");
			debar_hex(out, byte + i, 1);
			out += 2;
			i++;
		}
	}
	*out = 0;
	return safe;
}
