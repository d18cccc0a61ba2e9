/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where debard stands in the kernel's denials, kept over its own end: the file `place` in the
 * folder of its state.
 */
#ifndef DEBARD_PLACE_H
#define DEBARD_PLACE_H

#include "denial.h"

/**
 * struct debard_place - a place in a count of denials; all zero when there is none
 * @count: which count
 * @next: sequence number of the first denial that is not in the log
 */
struct debard_place {
	struct debar_count count;
	uint64_t next;
};

/* debard_place_read - 0, -EINVAL when the file does not hold a place, or what reading it gives */
int debard_place_read(const char *path, struct debard_place *place);

/* debard_place_write - replace the file at once; 0 or -errno */
int debard_place_write(const char *path, const struct debard_place *place);

/**
 * debard_place_of_line - the place behind a line of the log
 * @line: JSON, a denial or a gap
 * @length: of @line
 * @place: set on success
 *
 * Return: 0 or -EINVAL.
 */
int debard_place_of_line(const char *line, size_t length, struct debard_place *place);

/**
 * debard_place_start - where to begin in a count
 * @count: the kernel's
 * @places: what is known from the file and from the log
 * @number: of @places
 *
 * The log is written before the place, so the later one of those in this count is right; 1 when
 * none is.
 */
uint64_t debard_place_start(const struct debar_count *count, const struct debard_place *places,
			    size_t number);

#endif /* DEBARD_PLACE_H */
