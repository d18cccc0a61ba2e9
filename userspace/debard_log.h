/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log of denials: one JSON object a line, whole lines only, whatever happens to the file or
 * the disk.
 */
#ifndef DEBARD_LOG_H
#define DEBARD_LOG_H

#include <stdbool.h>
#include <sys/types.h>
#include <jansson.h>

#include "debard_place.h"
#include "util.h"

/**
 * struct debard_log - a log; begins as DEBARD_LOG_CLOSED()
 * @path: where it is; not owned
 * @fd: of the file, -1 when it is not open
 * @torn: a part of a line is in the file behind @whole, and could not be taken back yet
 * @whole: bytes of the file before what was written last
 * @lines: added and not written
 */
struct debard_log {
	const char *path;
	int fd;
	bool torn;
	off_t whole;
	struct debar_buffer lines;
};

#define DEBARD_LOG_CLOSED(path_) ((struct debard_log){.path = (path_), .fd = -1})

/**
 * debard_log_open - open what is at the path now, created when it is missing
 * @log: may be open; then only a file that was moved, removed or replaced is opened anew
 *
 * The end of a line that was never finished is cut off.
 * Return: 0 or -errno.
 */
int debard_log_open(struct debard_log *log);

/* debard_log_reopen - debard_log_open() without asking whether it is the same file */
int debard_log_reopen(struct debard_log *log);

/* debard_log_close - close the file and forget lines that were not written */
void debard_log_close(struct debard_log *log);

/*
 * debard_log_last - the place behind the last line of an open log; -ENOENT when it has none,
 * -EINVAL when it is none
 */
int debard_log_last(const struct debard_log *log, struct debard_place *place);

/*
 * debard_log_add - add a line, to be written by the next flush; @object is taken over, NULL gives
 * -ENOMEM; 0 or -ENOMEM
 */
int debard_log_add(struct debard_log *log, json_t *object);

/**
 * debard_log_flush - write the lines that were added, to the disk
 * @log: opened anew when need be
 *
 * On an error none of them is in the log, and all are forgotten: add them again.
 * Return: 0 or -errno.
 */
int debard_log_flush(struct debard_log *log);

#endif /* DEBARD_LOG_H */
