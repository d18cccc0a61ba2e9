// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What one policy has that another has not. Bans and waivers are few and are compared as the JSON
 * that shows them; of indicators, which may be a million, JSON is made only where they differ.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "dates.h"
#include "json.h"
#include "policy_diff.h"
#include "policy_dump.h"
#include "policy_json.h"

/**
 * struct indicators - all indicators of a policy, sorted by kind, digest and ban
 * @all: their strings and digests lie in the policy
 * @count: of @all
 */
struct indicators {
	struct debar_indicator_info *all;
	size_t count;
};

static int add_ban(const struct debar_ban_info *ban, void *data)
{
	if (!ban)
		return 0;
	return json_object_set_new(data, ban->id, debar_ban_json(ban)) ? -ENOMEM : 0;
}

/* One waiver of the source stands in the policy once for each product, digest and host. */
static int add_waiver(const struct debar_waiver_info *waiver, void *data)
{
	_cleanup_json_ json_t *key = NULL;
	json_t *json;

	if (!waiver)
		return 0;
	json = debar_waiver_json(waiver);
	key = json_sprintf("%s\n%s\n%s\n%s\n%s", waiver->ban_id, waiver->id, waiver->product,
			   waiver->host, json_string_value(json_object_get(json, "digest")) ?: "");
	if (json && key && !json_object_set(data, json_string_value(key), json)) {
		json_decref(json);
		return 0;
	}
	json_decref(json);
	return -ENOMEM;
}

static int add_indicator(const struct debar_indicator_info *it, void *data)
{
	struct indicators *indicators = data;

	if (it)
		indicators->all[indicators->count++] = *it;
	return 0;
}

static int compare_indicators(const void *a, const void *b)
{
	const struct debar_indicator_info *x = a, *y = b;
	int order = memcmp(x->digest, y->digest, DEBAR_DIGEST_SIZE);

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	return order ? order : strcmp(x->ban_id, y->ban_id);
}

static int collect_indicators(const struct debar_policy *policy, struct indicators *indicators)
{
	size_t count = debar_policy_info(policy).indicators;
	int err;

	indicators->all = calloc(count + 1, sizeof(*indicators->all));
	if (!indicators->all)
		return -ENOMEM;
	err = debar_policy_dump_indicators(policy, add_indicator, indicators);
	qsort(indicators->all, indicators->count, sizeof(*indicators->all), compare_indicators);
	return err;
}

static json_t *new_changes(void)
{
	return json_pack("{s:[],s:[],s:[]}", "added", "removed", "changed");
}

/* Takes over the reference to the record. */
static int append(json_t *changes, const char *what, json_t *record)
{
	return json_array_append_new(json_object_get(changes, what), record) ? -ENOMEM : 0;
}

/* Appends the two, unless they are the same; takes over no reference. */
static int append_changed(json_t *changes, json_t *old, json_t *new)
{
	json_t *fields, *value;
	const char *field;
	int err = 0;

	if (json_equal(old, new))
		return 0;
	fields = json_array();
	json_object_foreach(old, field, value)
		if (!json_equal(value, json_object_get(new, field)))
			err |= json_array_append_new(fields, json_string(field));
	if (!err)
		return append(changes, "changed", json_pack("{s:O,s:O,s:o}", "old", old, "new", new,
							    "fields", fields));
	json_decref(fields);
	return -ENOMEM;
}

/* Of records by their keys. */
static int compare_records(json_t *changes, json_t *old, json_t *new)
{
	json_t *record, *other;
	const char *key;
	int err = 0;

	json_object_foreach(old, key, record) {
		other = json_object_get(new, key);
		err |= other ? append_changed(changes, record, other) :
			       append(changes, "removed", json_incref(record));
	}
	json_object_foreach(new, key, record)
		if (!json_object_get(old, key))
			err |= append(changes, "added", json_incref(record));
	return err ? -ENOMEM : 0;
}

static bool same_indicator(const struct debar_indicator_info *a,
			   const struct debar_indicator_info *b)
{
	return a->size == b->size && !strcmp(a->product, b->product) &&
	       !strcmp(a->version, b->version) && !strcmp(a->source, b->source);
}

static int append_changed_indicator(json_t *changes, const struct debar_indicator_info *old,
				    const struct debar_indicator_info *new)
{
	_cleanup_json_ json_t *before = NULL, *after = NULL;

	if (same_indicator(old, new))
		return 0;
	before = debar_indicator_json(old);
	after = debar_indicator_json(new);
	return before && after ? append_changed(changes, before, after) : -ENOMEM;
}

static int merge_indicators(json_t *changes, const struct indicators *old,
			    const struct indicators *new)
{
	size_t i = 0, j = 0;
	int err = 0;

	while (!err && (i < old->count || j < new->count)) {
		int order = i == old->count ? 1 : j == new->count ? -1 :
			    compare_indicators(&old->all[i], &new->all[j]);

		if (order < 0)
			err = append(changes, "removed", debar_indicator_json(&old->all[i++]));
		else if (order > 0)
			err = append(changes, "added", debar_indicator_json(&new->all[j++]));
		else
			err = append_changed_indicator(changes, &old->all[i++], &new->all[j++]);
	}
	return err;
}

static int diff_indicators(json_t *changes, const struct debar_policy *old,
			   const struct debar_policy *new)
{
	struct indicators before = {}, after = {};
	int err = collect_indicators(old, &before);

	if (!err)
		err = collect_indicators(new, &after);
	if (!err)
		err = merge_indicators(changes, &before, &after);
	free(before.all);
	free(after.all);
	return err;
}

static int diff_bans(json_t *changes, const struct debar_policy *old,
		     const struct debar_policy *new)
{
	_cleanup_json_ json_t *before = json_object(), *after = json_object();
	uint64_t a = debar_policy_now(old), b = debar_policy_now(new), now = a > b ? a : b;
	int err = debar_policy_dump_bans(old, now, add_ban, before);

	if (!err)
		err = debar_policy_dump_bans(new, now, add_ban, after);
	return err ? err : compare_records(changes, before, after);
}

static int diff_waivers(json_t *changes, const struct debar_policy *old,
			const struct debar_policy *new)
{
	_cleanup_json_ json_t *before = json_object(), *after = json_object();
	int err = debar_policy_dump_waivers(old, add_waiver, before);

	if (!err)
		err = debar_policy_dump_waivers(new, add_waiver, after);
	return err ? err : compare_records(changes, before, after);
}

static json_t *head(const struct debar_policy *policy)
{
	const struct debar_policy_info info = debar_policy_info(policy);
	char digest[DEBAR_HEX_SIZE], issued[DEBAR_DATE_SIZE];

	debar_hex(digest, info.digest, DEBAR_DIGEST_SIZE);
	return json_pack("{s:s,s:I,s:s,s:s}", "name", info.name, "serial", (json_int_t)info.serial,
			 "issued", debar_date_text(issued, info.issued), "digest", digest);
}

static size_t count_changes(const json_t *changes)
{
	return json_array_size(json_object_get(changes, "added")) +
	       json_array_size(json_object_get(changes, "removed")) +
	       json_array_size(json_object_get(changes, "changed"));
}

int debar_policy_diff(const struct debar_policy *old, const struct debar_policy *new,
		      json_t **diff)
{
	json_t *bans = new_changes(), *waivers = new_changes(), *indicators = new_changes();
	json_t *whole = json_pack("{s:o,s:o,s:o,s:o,s:o}", "old", head(old), "new", head(new),
				  "bans", bans, "waivers", waivers, "indicators", indicators);
	size_t count;
	int err = whole ? diff_bans(bans, old, new) : -ENOMEM;

	if (!err)
		err = diff_waivers(waivers, old, new);
	if (!err)
		err = diff_indicators(indicators, old, new);
	if (err) {
		json_decref(whole);
		return err;
	}
	*diff = whole;
	count = count_changes(bans) + count_changes(waivers) + count_changes(indicators);
	return count < INT_MAX ? (int)count : INT_MAX;
}
