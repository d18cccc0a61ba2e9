// SPDX-License-Identifier: GPL-2.0-or-later
/* Explains a verdict step by step: digests, indicator, ban, date, waiver. */
#include <errno.h>
#include <string.h>

#include "dates.h"
#include "explain.h"
#include "names.h"
#include "output.h"
#include "policy_dump.h"
#include "policy_json.h"

static const char *const results[] = {
	[DEBAR_LOOKUP_UNNEEDED] = "unneeded",
	[DEBAR_LOOKUP_NO_DIGEST] = "no-digest",
	[DEBAR_LOOKUP_UNKNOWN] = "unknown",
	[DEBAR_LOOKUP_BANNED] = "banned",
};

static const char *const result_words[] = {
	[DEBAR_LOOKUP_UNNEEDED] = "not looked for: no indicator of this kind is for such a size",
	[DEBAR_LOOKUP_NO_DIGEST] = "the file has none",
	[DEBAR_LOOKUP_UNKNOWN] = "no indicator has it",
};

/**
 * struct ban_search - looks for one ban in a dump
 * @id: of the ban
 * @found: it as JSON, or NULL
 */
struct ban_search {
	const char *id;
	json_t *found;
};

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* @check is what an indicator of this kind alone says, where there is one. */
static int add_digest(json_t *digests, uint32_t kind, const struct debar_lookup *lookup,
		      const struct debar_check *check)
{
	bool computed = lookup->result >= DEBAR_LOOKUP_UNKNOWN;
	bool banned = lookup->result == DEBAR_LOOKUP_BANNED;
	char digest[DEBAR_HEX_SIZE] = "";

	if (computed)
		debar_digest_text(digest, kind, lookup->digest);
	return json_array_append_new(digests,
		json_pack("{s:s,s:s,s:s?,s:o,s:s?,s:s?,s:s?}", "kind", debar_kind_name(kind),
			  "result", results[lookup->result], "digest", debar_or_null(digest),
			  "size", computed ? json_integer((json_int_t)lookup->size) : json_null(),
			  "ban_id", banned ? check->ban_id : NULL,
			  "product", banned ? debar_or_null(check->product) : NULL,
			  "verdict", banned ? debar_verdict_name(check->verdict) : NULL)) ?
		-ENOMEM : 0;
}

static int search_ban(const struct debar_ban_info *ban, void *data)
{
	struct ban_search *search = data;

	if (ban && strcmp(ban->id, search->id))
		return 0;
	json_decref(search->found);
	search->found = ban ? debar_ban_json(ban) : NULL;
	return 0;
}

static bool is_about(const json_t *ban, const char *operation)
{
	const json_t *name;
	size_t i;

	json_array_foreach(json_object_get(ban, "operations"), i, name)
		if (!strcmp(json_string_value(name), operation))
			return true;
	return false;
}

/* The last step, in words; what decided is the first of these that applies. */
static const char *why(const json_t *object, const json_t *ban)
{
	const char *stage = text_of(object, "stage"), *verdict = text_of(object, "verdict");

	if (!strcmp(text_of(object, "reason"), "none"))
		return "no indicator has a digest of the file";
	if (strcmp(text_of(object, "reason"), "indicator"))
		return "the file could not be identified";
	if (ban && !is_about(ban, "execute"))
		return "the ban is not about executing files";
	if (!strcmp(stage, "dormant"))
		return "the ban has not begun";
	if (text_of(object, "waiver")[0])
		return "it is waived until the waiver expires, and recorded";
	if (json_is_true(json_object_get(object, "spared")))
		return "process 1 needs it: it is never refused, and recorded";
	if (!strcmp(verdict, "deny"))
		return "the ban is in force and nothing waives it";
	if (!strcmp(stage, "warn"))
		return "the ban only warns yet";
	if (!strcmp(stage, "audit"))
		return "the ban only records";
	return "the mode of the kernel is monitor, which only records";
}

/* Takes over the references to @digests and @ban. */
static int finish(json_t *object, uint64_t now, json_t *digests, json_t *ban)
{
	const char *reason = why(object, ban);

	if (json_object_set_new(object, "now", debar_date_json(now)) |
	    json_object_set_new(object, "digests", digests) |
	    json_object_set_new(object, "ban", ban ? ban : json_null()) |
	    json_object_set_new(object, "why", json_string(reason)))
		return -ENOMEM;
	return 0;
}

int debar_explain_policy(json_t *object, const struct debar_policy *policy,
			 struct debar_subject *subject,
			 const struct debar_circumstances *in)
{
	struct ban_search search = { .id = text_of(object, "ban_id") };
	struct debar_found all;
	json_t *digests;
	size_t i;
	int err = debar_find(policy, subject, &all);

	if (err)
		return err;
	digests = json_array();
	for (i = 0; i < DEBAR_BLOB_KINDS && !err; i++) {
		uint32_t kind = debar_kinds_in_order[i];
		struct debar_found one = {};
		struct debar_check check;

		one.by_kind[kind] = all.by_kind[kind];
		debar_decide(policy, &one, in, &check);
		err = add_digest(digests, kind, &one.by_kind[kind], &check);
	}
	if (!err)
		err = debar_policy_dump_bans(policy, in->now, search_ban, &search);
	return finish(object, in->now, digests, search.found) ?: err;
}

/* The kernel is asked about each digest; only it knows which sizes it has. */
static int ask(struct debar_client *client, struct debar_subject *subject, uint32_t kind,
	       json_t *digests)
{
	struct debar_lookup lookup = { .result = DEBAR_LOOKUP_NO_DIGEST };
	struct debar_check check = { .ban_id = "", .product = "" };
	int err = debar_subject_digest(subject, kind, lookup.digest, &lookup.size);

	if (err && err != -ENODATA)
		return err;
	if (!err) {
		err = debar_client_check_digest(client, kind, lookup.digest, &check);
		if (err)
			return err;
		lookup.result = check.reason == DEBAR_REASON_INDICATOR ? DEBAR_LOOKUP_BANNED :
									 DEBAR_LOOKUP_UNKNOWN;
	}
	return add_digest(digests, kind, &lookup, &check);
}

int debar_explain_kernel(json_t *object, struct debar_client *client,
			 struct debar_subject *subject)
{
	struct ban_search search = { .id = text_of(object, "ban_id") };
	struct debar_policy_info info;
	uint64_t now = debar_now(0);
	json_t *digests;
	size_t i;
	int err = debar_client_policy_get(client, &info);

	if (!err)
		now = debar_now(info.issued);
	else if (err != -ENODATA)
		return err;
	digests = json_array();
	for (i = 0, err = 0; i < DEBAR_BLOB_KINDS && !err; i++)
		err = ask(client, subject, debar_kinds_in_order[i], digests);
	if (!err && search.id[0])
		err = debar_client_ban_dump(client, search_ban, &search);
	return finish(object, now, digests, search.found) ?: err;
}

static void print_digest(const json_t *step)
{
	const char *result = text_of(step, "result"), *product = text_of(step, "product");
	size_t i;

	printf("  %-16s ", text_of(step, "kind"));
	if (text_of(step, "digest")[0])
		printf("%s: ", text_of(step, "digest"));
	if (!strcmp(result, results[DEBAR_LOOKUP_BANNED]))
		printf("ban %s%s%s: %s\n", text_of(step, "ban_id"), product[0] ? ", product " : "",
		       product, text_of(step, "verdict"));
	for (i = 0; i < ARRAY_SIZE(result_words); i++)
		if (!strcmp(result, results[i]))
			puts(result_words[i]);
}

static void print_list(const json_t *ban, const char *key)
{
	const json_t *name;
	size_t i;

	json_array_foreach(json_object_get(ban, key), i, name)
		printf("%s%s", i ? "," : "", json_string_value(name));
}

static void print_ban(const json_t *ban)
{
	printf("  %-16s %s of %s: status %s, mode %s, prohibits ", "ban", text_of(ban, "id"),
	       text_of(ban, "vendor"), text_of(ban, "status"), text_of(ban, "mode"));
	print_list(ban, "prohibits");
	printf(", guards ");
	print_list(ban, "operations");
	printf("\n  %-16s %s", "authority", text_of(ban, "authority"));
	if (text_of(ban, "citation")[0])
		printf(", %s", text_of(ban, "citation"));
	putchar('\n');
	if (text_of(ban, "override")[0])
		printf("  %-16s %s\n", "override", text_of(ban, "override"));
}

static void print_date(const json_t *object, const json_t *ban)
{
	static const char *const dates[] = { "audit_from", "warn_from", "enforce_from" };
	size_t i;

	printf("  %-16s %s: stage %s", "date", text_of(object, "now"), text_of(object, "stage"));
	for (i = 0; i < ARRAY_SIZE(dates); i++)
		if (text_of(ban, dates[i])[0])
			printf(", %s %s", dates[i], text_of(ban, dates[i]));
	putchar('\n');
}

static void print_waiver(const json_t *object)
{
	if (text_of(object, "waiver")[0])
		printf("  %-16s %s of %s, ticket %s, expires %s\n", "waiver",
		       text_of(object, "waiver"), text_of(object, "waiver_owner"),
		       text_of(object, "waiver_ticket"), text_of(object, "waiver_expires"));
	else
		printf("  %-16s none applies\n", "waiver");
}

void debar_explain_print(const json_t *object)
{
	const json_t *ban = json_object_get(object, "ban"), *step;
	size_t i;

	json_array_foreach(json_object_get(object, "digests"), i, step)
		print_digest(step);
	if (json_is_object(ban)) {
		print_ban(ban);
		print_date(object, ban);
		print_waiver(object);
	}
	printf("  %-16s %s: %s\n", "verdict", text_of(object, "verdict"), text_of(object, "why"));
}
