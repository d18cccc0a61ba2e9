/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A denial as JSON for machines, as a row of a table and as a short line for people.
 *
 * The keys of the JSON form are those of kmod/netlink/debar.yaml with `_` for `-`, and stable;
 * debard(8) lists them. Every key is always there, null when the value is not known. Numbers that
 * a reader could lose digits of (64-bit ids) are strings. In path, comm and subject_exe whatever
 * is no printable UTF-8 stands as \xNN and a backslash as \\, so the bytes can be had back.
 */
#ifndef DEBAR_DENIAL_H
#define DEBAR_DENIAL_H

#include <jansson.h>

#include "client.h"
#include "util.h"

/* Room that a boot id takes, with its NUL. */
#define DEBAR_BOOT_ID_SIZE	37

/**
 * struct debar_count - names the count that sequence numbers belong to
 * @boot_id: of the kernel that runs
 * @generation: random number of this load of the module; 0 when no count is known
 */
struct debar_count {
	char boot_id[DEBAR_BOOT_ID_SIZE];
	uint64_t generation;
};

/* debar_boot_id - read the running kernel's boot id; 0 or -errno */
int debar_boot_id(char boot_id[DEBAR_BOOT_ID_SIZE]);

/* debar_user_name - name of a user, to be freed; NULL when there is none */
char *debar_user_name(uint32_t uid);

/*
 * debar_law_json - add to @object what a verdict rests on besides the indicator; everything null
 * when no ban concerns the file; false without memory
 */
bool debar_law_json(json_t *object, const struct debar_law *law, bool banned);

/*
 * debar_denial_json - a denial of the count @count; @user is the name of its uid or NULL; NULL
 * without memory
 */
json_t *debar_denial_json(const struct debar_denial *denial, const struct debar_count *count,
			  const char *user);

/*
 * debar_gap_json - denials @first to @last of the count @count were lost, noticed now; NULL
 * without memory
 */
json_t *debar_gap_json(uint64_t first, uint64_t last, const struct debar_count *count);

/* The columns of a table of denials. */
enum debar_denial_column {
	DEBAR_DENIAL_TIME,
	DEBAR_DENIAL_SEQUENCE,
	DEBAR_DENIAL_VERDICT,
	DEBAR_DENIAL_OPERATION,
	DEBAR_DENIAL_USER,
	DEBAR_DENIAL_PROCESS,
	DEBAR_DENIAL_PATH,
	DEBAR_DENIAL_VENDOR,
	DEBAR_DENIAL_BAN,
	DEBAR_DENIAL_COLUMNS
};

extern const char *const debar_denial_headings[DEBAR_DENIAL_COLUMNS];

/**
 * debar_denial_row - the cells of a denial's row
 * @denial: to be shown
 * @user: name of its uid, or NULL
 * @cells: set to strings to be freed by debar_denial_row_free(); text from outside is as it is,
 *   not made safe to show
 *
 * Return: 0 or -ENOMEM, then there is nothing to free.
 */
int debar_denial_row(const struct debar_denial *denial, const char *user,
		     char *cells[DEBAR_DENIAL_COLUMNS]);

/* debar_denial_row_free - free the cells */
void debar_denial_row_free(char *cells[DEBAR_DENIAL_COLUMNS]);

/*
 * debar_denial_line - one line without newline for a system log, safe to show, to be freed; NULL
 * without memory
 */
char *debar_denial_line(const struct debar_denial *denial, const char *user);

/*
 * debar_denial_is_warning - whether what was let through is a warning that it will be refused one
 * day
 */
bool debar_denial_is_warning(const struct debar_denial *denial);

/*
 * debar_denial_warning - the same as debar_denial_line() for the user who got the warning, without
 * what only others want to know
 */
char *debar_denial_warning(const struct debar_denial *denial);

#endif /* DEBAR_DENIAL_H */
