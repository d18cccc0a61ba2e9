/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a policy holds, as JSON and in the words that people read; for the commands that show it.
 */
#ifndef DEBAR_POLICY_JSON_H
#define DEBAR_POLICY_JSON_H

#include <jansson.h>
#include "client.h"

/* More than the names of all operations, or of all prohibitions, take. */
#define DEBAR_SET_SIZE	64

/* debar_or_null - a string that is not there is null in JSON */
static inline const char *debar_or_null(const char *text)
{
	return text[0] ? text : NULL;
}

/**
 * debar_set_text - the names of a set's members, separated by commas
 * @text: room for DEBAR_SET_SIZE
 * @set: bit (1 << number) for each member
 * @name: gives the name of a number
 *
 * Return: @text.
 */
char *debar_set_text(char text[DEBAR_SET_SIZE], uint32_t set, const char *(*name)(uint32_t number));

/* debar_date_json - a date, or null for one that does not come */
json_t *debar_date_json(uint64_t seconds);

/* Each makes an object of what a dump tells; NULL without memory. */
json_t *debar_ban_json(const struct debar_ban_info *ban);
json_t *debar_waiver_json(const struct debar_waiver_info *waiver);
json_t *debar_indicator_json(const struct debar_indicator_info *it);

/* debar_ban_stage_at - where a ban stands at a date; enum debar_stage */
uint32_t debar_ban_stage_at(const struct debar_ban_info *ban, uint64_t date);

/**
 * struct debar_next - what a policy does by itself next; @date begins as DEBAR_BLOB_NEVER
 * @date: when, or DEBAR_BLOB_NEVER
 * @changes: what happens then, a JSON array of sentences; owned
 */
struct debar_next {
	uint64_t date;
	json_t *changes;
};

/* Each counts in a ban or a waiver; @now is the date of today. Return 0 or -ENOMEM. */
int debar_next_ban(struct debar_next *next, const struct debar_ban_info *ban);
int debar_next_waiver(struct debar_next *next, const struct debar_waiver_info *waiver,
		      uint64_t now);

#endif /* DEBAR_POLICY_JSON_H */
