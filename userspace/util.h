/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every file of userspace may use: automatic cleanup of local variables, and a growing buffer.
 */
#ifndef DEBAR_UTIL_H
#define DEBAR_UTIL_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define DEBAR_VERSION	"0.1.0"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#define _cleanup_(function) __attribute__((cleanup(function)))
#define _printf_(text, first) __attribute__((format(printf, text, first)))

/*
 * Defines debar_cleanup_FUNCTION, which calls FUNCTION on a variable of this type unless it is
 * NULL.
 */
#define DEBAR_DEFINE_CLEANUP(type, function)				\
	static inline void debar_cleanup_##function(type(*variable))	\
	{								\
		if (*variable)						\
			function(*variable);				\
	}								\
	struct debar_swallow_semicolon

static inline void debar_cleanup_free(void *variable)
{
	free(*(void **)variable);
}

static inline void debar_cleanup_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

DEBAR_DEFINE_CLEANUP(FILE *, fclose);

#define _cleanup_free_ _cleanup_(debar_cleanup_free)
#define _cleanup_close_ _cleanup_(debar_cleanup_close)
#define _cleanup_fclose_ _cleanup_(debar_cleanup_fclose)

/**
 * struct debar_buffer - bytes that grow at the end; all zero when empty
 * @data: as aligned as malloc() makes it
 * @length: in bytes
 * @capacity: bytes allocated
 */
struct debar_buffer {
	char *data;
	size_t length;
	size_t capacity;
};

/* debar_buffer_add - append @length bytes, or that many NULs when @bytes is NULL; 0 or -ENOMEM */
int debar_buffer_add(struct debar_buffer *buffer, const void *bytes, size_t length);

/* debar_buffer_free - give the memory back; the buffer is empty afterwards */
void debar_buffer_free(struct debar_buffer *buffer);

#define _cleanup_buffer_ _cleanup_(debar_buffer_free)

/**
 * debar_file_read - read a whole file
 * @path: of a regular file, or of anything that ends
 * @limit: most bytes accepted
 * @buffer: empty; a NUL stands behind its @length bytes
 *
 * Return: 0, -EFBIG when the file is longer than @limit, -EISDIR, or what open() and read() answer.
 */
int debar_file_read(const char *path, size_t limit, struct debar_buffer *buffer);

/**
 * debar_file_write - put a whole file in place at once: readers see the old one or the new one
 * @path: to be created or replaced
 * @bytes: its content
 * @length: of @bytes
 *
 * On an error nothing is left behind and the old file stays.
 * Return: 0 or -errno.
 */
int debar_file_write(const char *path, const void *bytes, size_t length);

/* Room that a SHA-256 digest in hexadecimal digits takes, with its NUL. */
#define DEBAR_HEX_SIZE	65

/*
 * debar_hex - write @length bytes as lower-case hexadecimal digits and a NUL; @hex has room for 2
 * * @length + 1
 */
char *debar_hex(char *hex, const void *bytes, size_t length);

/**
 * debar_escape - make text safe for a terminal and for a policy source: what is no printable UTF-8
 * becomes \xNN
 * @text: bytes
 * @length: of @text
 *
 * A backslash becomes \\, so the original can be told from the result.
 * Return: a string to be freed, or NULL when there is no memory.
 */
char *debar_escape(const char *text, size_t length);

#endif /* DEBAR_UTIL_H */
