// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes the log of denials.
 *
 * debard is its only writer (of one instance, by its lock), so the file's length before a write
 * tells how to take it back.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "debard_log.h"

#define LOG_MODE	0640
/* Longest line that is looked at, several times what a denial of the longest paths takes. */
#define LONGEST_LINE	(256 * 1024)
#define PIECE		4096

/*
 * Find where the line begins that contains the byte before @end: @start is behind the last
 * newline. 0 or -EIO.
 */
static int line_start(int fd, off_t end, off_t *start)
{
	char piece[PIECE];
	const char *found;
	size_t length;

	while (end > 0) {
		length = end < PIECE ? (size_t)end : PIECE;
		if (pread(fd, piece, length, end - (off_t)length) != (ssize_t)length)
			return -EIO;
		found = memrchr(piece, '\n', length);
		end -= (off_t)length;
		if (found) {
			*start = end + (found - piece) + 1;
			return 0;
		}
	}
	*start = 0;
	return 0;
}

/* Cut off a line that was never finished. */
static int repair(int fd)
{
	struct stat st;
	off_t start;

	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size == 0)
		return 0;
	if (line_start(fd, st.st_size, &start))
		return -EIO;
	if (start < st.st_size && ftruncate(fd, start))
		return -errno;
	return 0;
}

static void close_file(struct debard_log *log)
{
	if (log->fd >= 0)
		close(log->fd);
	log->fd = -1;
	log->torn = false;
}

/* Whether the path still leads to the open file. */
static bool is_current(const struct debard_log *log)
{
	struct stat open_one, at_path;

	return log->fd >= 0 && !fstat(log->fd, &open_one) && !stat(log->path, &at_path) &&
	       open_one.st_dev == at_path.st_dev && open_one.st_ino == at_path.st_ino;
}

int debard_log_reopen(struct debard_log *log)
{
	int fd = open(log->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, LOG_MODE);
	int error;

	if (fd < 0)
		return -errno;
	error = repair(fd);
	if (error) {
		close(fd);
		return error;
	}
	close_file(log);
	log->fd = fd;
	return 0;
}

int debard_log_open(struct debard_log *log)
{
	return is_current(log) ? 0 : debard_log_reopen(log);
}

void debard_log_close(struct debard_log *log)
{
	close_file(log);
	debar_buffer_free(&log->lines);
}

int debard_log_last(const struct debard_log *log, struct debard_place *place)
{
	_cleanup_free_ char *line = NULL;
	struct stat st;
	off_t start;
	size_t length;

	if (fstat(log->fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size == 0)
		return -ENOENT;
	if (line_start(log->fd, st.st_size - 1, &start))
		return -EIO;
	length = (size_t)(st.st_size - 1 - start);
	if (length > LONGEST_LINE)
		return -EINVAL;
	line = malloc(length + 1);
	if (!line)
		return -ENOMEM;
	if (pread(log->fd, line, length, start) != (ssize_t)length)
		return -EIO;
	return debard_place_of_line(line, length, place);
}

int debard_log_add(struct debard_log *log, json_t *object)
{
	_cleanup_free_ char *line = NULL;
	size_t before = log->lines.length;

	if (!object)
		return -ENOMEM;
	line = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	if (!line || debar_buffer_add(&log->lines, line, strlen(line)) ||
	    debar_buffer_add(&log->lines, "\n", 1)) {
		log->lines.length = before;
		return -ENOMEM;
	}
	return 0;
}

/* Take back what a failed write left behind. */
static int untear(struct debard_log *log)
{
	if (log->torn && ftruncate(log->fd, log->whole))
		return -errno;
	log->torn = false;
	return 0;
}

static int write_lines(struct debard_log *log)
{
	const char *bytes = log->lines.data;
	size_t left = log->lines.length;
	ssize_t done;

	while (left) {
		done = write(log->fd, bytes, left);
		if (done < 0 && errno != EINTR)
			return -errno;
		if (done > 0) {
			bytes += done;
			left -= (size_t)done;
		}
	}
	/* EINVAL: a pipe or a terminal, which has no disk. */
	return fdatasync(log->fd) && errno != EINVAL ? -errno : 0;
}

static int flush_to_file(struct debard_log *log)
{
	struct stat st;
	int error = debard_log_open(log);

	if (!error)
		error = untear(log);
	if (error)
		return error;
	if (fstat(log->fd, &st))
		return -errno;
	log->whole = st.st_size;
	error = write_lines(log);
	if (error) {
		log->torn = S_ISREG(st.st_mode);
		(void)untear(log);
	}
	return error;
}

int debard_log_flush(struct debard_log *log)
{
	int error = log->lines.length ? flush_to_file(log) : 0;

	log->lines.length = 0;
	return error;
}
