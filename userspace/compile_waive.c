// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compiles the waivers: each has to name who answers for it and until when, and to waive something.
 */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "compile_check.h"

static struct debar_source_ref ref_to(size_t waiver, const char *key)
{
	return (struct debar_source_ref){ waiver, DEBAR_SOURCE_NONE, key, true };
}

static int check_text(struct debar_compiler *c, size_t i, const char *key, const char *text,
		      bool required)
{
	struct debar_source_ref ref = ref_to(i, required && !text ? NULL : key);

	if (required && !text)
		return debar_compile_refuse(c, &ref, "add it", "'%s' is missing", key);
	return debar_compile_string(c, &ref, text);
}

static int check_waiver(struct debar_compiler *c, size_t i)
{
	const struct debar_source_waiver *waiver = &c->source->waivers[i];
	struct debar_source_ref ref = ref_to(i, NULL);
	size_t j;

	if (check_text(c, i, "id", waiver->id, true) ||
	    check_text(c, i, "ban", waiver->ban, true) ||
	    check_text(c, i, "product", waiver->product, false) ||
	    check_text(c, i, "owner", waiver->owner, true) ||
	    check_text(c, i, "ticket", waiver->ticket, true) ||
	    check_text(c, i, "reason", waiver->reason, false))
		return -EINVAL;
	for (j = 0; j < waiver->host_count; j++)
		if (check_text(c, i, "hosts", waiver->hosts[j], false))
			return -EINVAL;
	if (!waiver->expires)
		return debar_compile_refuse(c, &ref, "add it", "'expires' is missing");
	return 0;
}

/* The number of the waiver's ban, or DEBAR_SOURCE_NONE. */
static size_t find_ban(const struct debar_compiler *c, const struct debar_source_waiver *waiver)
{
	size_t i;

	for (i = 0; i < c->ban_count; i++)
		if (!strcmp(c->merged[i].id, waiver->ban))
			return i;
	return DEBAR_SOURCE_NONE;
}

static bool waives(const struct debar_compiler *c, const struct debar_source_waiver *waiver,
		   size_t ban, const struct debar_compile_entry *entry)
{
	if (c->number[entry->part] != ban)
		return false;
	if (waiver->product && strcmp(waiver->product, debar_compile_product(c, entry)))
		return false;
	return !waiver->has_digest ||
	       (waiver->kind == entry->it->kind &&
		!memcmp(waiver->digest, entry->it->digest, DEBAR_DIGEST_SIZE));
}

/* A slip of the pen in a digest or a product would else come out when the program is needed. */
static int check_effect(struct debar_compiler *c, size_t i, size_t ban)
{
	const struct debar_source_waiver *waiver = &c->source->waivers[i];
	struct debar_source_ref ref = ref_to(i, NULL);
	size_t j;

	if (!waiver->product && !waiver->has_digest)
		return 0;
	for (j = 0; j < c->entry_count; j++)
		if (waives(c, waiver, ban, &c->entries[j]))
			return 0;
	return debar_compile_refuse(c, &ref, "correct its product or digest, or remove it",
				    "ban '%s' has no indicator that waiver '%s' waives",
				    waiver->ban, waiver->id);
}

/* Sorted by id, the same ids are neighbours. */
static int check_id(struct debar_compiler *c, size_t before, size_t i)
{
	const struct debar_source_waiver *waivers = c->source->waivers;
	struct debar_source_ref ref = ref_to(before, "id");
	char other[256];

	if (before == i || strcmp(waivers[before].id, waivers[i].id))
		return 0;
	debar_compile_place(c, &ref, other, sizeof(other));
	ref.ban = i;
	return debar_compile_refuse(c, &ref, "give each waiver its own id",
				    "waiver id '%s' is the same as at %s", waivers[i].id, other);
}

/* One record for each of the hosts, or for all. */
static int write_waiver(struct debar_compiler *c, const struct debar_source_waiver *waiver,
			size_t ban, const char *host)
{
	struct debar_blob_waiver out = {
		.ban = htole32(ban),
		.kind = htole32(waiver->has_digest ? waiver->kind : DEBAR_BLOB_NO_KIND),
		.expires = htole64(waiver->expires),
	};

	if (waiver->has_digest)
		memcpy(out.digest, waiver->digest, sizeof(out.digest));
	if (debar_compile_add_string(c, waiver->id, &out.id) ||
	    debar_compile_add_string(c, waiver->product, &out.product) ||
	    debar_compile_add_string(c, host, &out.host) ||
	    debar_compile_add_string(c, waiver->owner, &out.owner) ||
	    debar_compile_add_string(c, waiver->ticket, &out.ticket) ||
	    debar_compile_add_string(c, waiver->reason, &out.reason) ||
	    debar_buffer_add(&c->waivers, &out, sizeof(out)))
		return debar_compile_no_memory(c);
	return 0;
}

static int compile_waiver(struct debar_compiler *c, size_t i)
{
	const struct debar_source_waiver *waiver = &c->source->waivers[i];
	struct debar_source_ref ref = ref_to(i, "ban");
	size_t ban = find_ban(c, waiver), j;
	int err;

	if (debar_compile_is_left_out(c, waiver->ban))
		return 0;
	if (ban == DEBAR_SOURCE_NONE)
		return debar_compile_refuse(c, &ref, "write the id of a ban of this policy",
					    "no ban '%s' for waiver '%s'", waiver->ban, waiver->id);
	err = check_effect(c, i, ban);
	if (!err && !waiver->host_count)
		err = write_waiver(c, waiver, ban, NULL);
	for (j = 0; j < waiver->host_count && !err; j++)
		err = write_waiver(c, waiver, ban, waiver->hosts[j]);
	return err;
}

/* The order of the files makes no difference. */
static int compare_waivers(const void *left, const void *right, void *data)
{
	const struct debar_source_waiver *waivers = data;

	return strcmp(waivers[*(const size_t *)left].id, waivers[*(const size_t *)right].id);
}

static int sort_waivers(struct debar_compiler *c, size_t *order)
{
	size_t i;

	for (i = 0; i < c->source->waiver_count; i++) {
		if (check_waiver(c, i))
			return -EINVAL;
		order[i] = i;
	}
	qsort_r(order, c->source->waiver_count, sizeof(*order), compare_waivers,
		(void *)c->source->waivers);
	return 0;
}

int debar_compile_waivers(struct debar_compiler *c)
{
	_cleanup_free_ size_t *order = calloc(c->source->waiver_count + 1, sizeof(*order));
	struct debar_source_ref ref = DEBAR_SOURCE_REF_NONE;
	size_t i;
	int err;

	if (!order)
		return debar_compile_no_memory(c);
	err = sort_waivers(c, order);
	for (i = 0; i < c->source->waiver_count && !err; i++)
		err = check_id(c, order[i ? i - 1 : 0], order[i]) ?: compile_waiver(c, order[i]);
	if (err)
		return err;
	ref.key = "waivers";
	if (c->waivers.length / sizeof(struct debar_blob_waiver) > DEBAR_BLOB_WAIVERS_MAX)
		return debar_compile_refuse(c, &ref, "waive a whole product instead of its files",
					    "more than %d waivers, each host counted as one",
					    DEBAR_BLOB_WAIVERS_MAX);
	return 0;
}
