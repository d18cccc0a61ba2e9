// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * debarctl policy show: what a policy holds, the one in force or that of a file; as tables or as
 * JSON.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "client.h"
#include "cmd_host.h"
#include "cmd_policy.h"
#include "dates.h"
#include "names.h"
#include "output.h"
#include "policy_dump.h"
#include "policy_json.h"

#define WHERE	"policy show"

static const char *const ban_headings[] = {
	"BAN", "STATUS", "STAGE", "NEXT", "MODE", "OPERATIONS", "VENDOR", "PRODUCT", "INDICATORS",
	"AUTHORITY", "CITATION",
};

static const char *const waiver_headings[] = {
	"WAIVER", "BAN", "PRODUCT", "DIGEST", "HOST", "OWNER", "TICKET", "EXPIRES",
};

static const char *const indicator_headings[] = {
	"KIND", "DIGEST", "SIZE", "BAN", "PRODUCT", "VERSION", "FROM", "SOURCE",
};

/**
 * struct show - what is shown, gathered before any of it is printed
 * @json: as JSON, not as tables
 * @with_indicators: the indicators too
 * @now: the date that the policy is judged by
 * @next_ban: what the bans do by themselves next
 * @next_waiver: the same of the waivers
 * @head: name to counts, for JSON
 * @bans: for JSON
 * @waivers: for JSON
 * @indicators: for JSON
 * @ban_table: for people
 * @waiver_table: for people; NULL when there is no waiver
 * @indicator_table: for people
 */
struct show {
	bool json;
	bool with_indicators;
	uint64_t now;
	struct debar_next next_ban;
	struct debar_next next_waiver;
	json_t *head;
	json_t *bans;
	json_t *waivers;
	json_t *indicators;
	struct debar_table *ban_table;
	struct debar_table *waiver_table;
	struct debar_table *indicator_table;
};

static void drop_next(struct debar_next *next)
{
	json_decref(next->changes);
	*next = (struct debar_next){ .date = DEBAR_BLOB_NEVER, .changes = json_array() };
}

static void drop_bans(struct show *show)
{
	drop_next(&show->next_ban);
	json_decref(show->bans);
	debar_table_free(show->ban_table);
	show->bans = json_array();
	show->ban_table = debar_table_new(ARRAY_SIZE(ban_headings), ban_headings);
}

static void drop_waivers(struct show *show)
{
	drop_next(&show->next_waiver);
	json_decref(show->waivers);
	debar_table_free(show->waiver_table);
	show->waivers = json_array();
	show->waiver_table = NULL;
}

static void drop_indicators(struct show *show)
{
	json_decref(show->indicators);
	debar_table_free(show->indicator_table);
	show->indicators = json_array();
	show->indicator_table = debar_table_new(ARRAY_SIZE(indicator_headings), indicator_headings);
}

static int show_ban(struct show *show, const struct debar_ban_info *ban)
{
	char operations[DEBAR_SET_SIZE], count[16], next[DEBAR_DATE_SIZE] = "";
	const char *const cells[] = {
		ban->id, debar_status_name(ban->status), debar_stage_name(ban->stage), next,
		debar_mode_name(ban->mode), operations, ban->vendor, ban->product, count,
		ban->authority, ban->citation,
	};

	debar_set_text(operations, ban->operations, debar_operation_name);
	snprintf(count, sizeof(count), "%" PRIu32, ban->indicators);
	if (ban->next_date != DEBAR_BLOB_NEVER)
		debar_date_text(next, ban->next_date);
	if (debar_next_ban(&show->next_ban, ban))
		return -ENOMEM;
	if (!show->json)
		return debar_table_add(show->ban_table, cells);
	return json_array_append_new(show->bans, debar_ban_json(ban)) ? -ENOMEM : 0;
}

static int show_waiver(struct show *show, const struct debar_waiver_info *waiver)
{
	char digest[DEBAR_HEX_SIZE] = "", expires[DEBAR_DATE_SIZE];
	const char *const cells[] = {
		waiver->id, waiver->ban_id, waiver->product, digest, waiver->host, waiver->owner,
		waiver->ticket, debar_date_text(expires, waiver->expires),
	};

	if (debar_next_waiver(&show->next_waiver, waiver, show->now))
		return -ENOMEM;
	if (show->json)
		return json_array_append_new(show->waivers, debar_waiver_json(waiver)) ?
			-ENOMEM : 0;
	if (waiver->digest)
		debar_digest_text(digest, waiver->kind, waiver->digest);
	if (!show->waiver_table)
		show->waiver_table = debar_table_new(ARRAY_SIZE(waiver_headings), waiver_headings);
	return show->waiver_table ? debar_table_add(show->waiver_table, cells) : -ENOMEM;
}

static int add_waiver(const struct debar_waiver_info *waiver, void *data)
{
	struct show *show = data;

	if (waiver)
		return show_waiver(show, waiver);
	drop_waivers(show);
	return show->waivers ? 0 : -ENOMEM;
}

static int add_ban(const struct debar_ban_info *ban, void *data)
{
	struct show *show = data;

	if (ban)
		return show_ban(show, ban);
	drop_bans(show);
	return show->bans && show->ban_table ? 0 : -ENOMEM;
}

static int show_indicator(struct show *show, const struct debar_indicator_info *it)
{
	char digest[DEBAR_HEX_SIZE], size[24] = "";
	const char *const cells[] = {
		debar_kind_name(it->kind), digest, size, it->ban_id, it->product, it->version,
		it->local ? "machine" : "policy", it->source,
	};

	if (show->json)
		return json_array_append_new(show->indicators, debar_indicator_json(it)) ?
			-ENOMEM : 0;
	debar_digest_text(digest, it->kind, it->digest);
	if (it->size != DEBAR_SIZE_UNKNOWN)
		snprintf(size, sizeof(size), "%" PRIu64, it->size);
	return debar_table_add(show->indicator_table, cells);
}

static int add_indicator(const struct debar_indicator_info *it, void *data)
{
	struct show *show = data;

	if (it)
		return show_indicator(show, it);
	drop_indicators(show);
	return show->indicators && show->indicator_table ? 0 : -ENOMEM;
}

static int add_head(struct show *show, const struct debar_policy_info *info)
{
	char digest[DEBAR_HEX_SIZE], issued[DEBAR_DATE_SIZE];

	debar_hex(digest, info->digest, DEBAR_DIGEST_SIZE);
	show->now = debar_now(info->issued);
	show->head = json_pack("{s:s,s:I,s:s,s:s,s:I,s:I}", "name", info->name,
			       "serial", (json_int_t)info->serial,
			       "issued", debar_date_text(issued, info->issued),
			       "digest", digest, "length", (json_int_t)info->length,
			       "indicator_count", (json_int_t)info->indicators);
	return show->head ? 0 : -ENOMEM;
}

static int read_kernel(struct show *show, struct debar_client *client)
{
	struct debar_policy_info info;
	int err = debar_client_policy_get(client, &info);

	if (!err)
		err = add_head(show, &info);
	if (!err)
		err = debar_client_ban_dump(client, add_ban, show);
	if (!err)
		err = debar_client_waiver_dump(client, add_waiver, show);
	if (!err && show->with_indicators)
		err = debar_client_indicator_dump(client, add_indicator, show);
	return err;
}

static int read_file(struct show *show, const struct debar_policy *policy)
{
	struct debar_policy_info info = debar_policy_info(policy);
	int err = add_head(show, &info);

	if (!err)
		err = debar_policy_dump_bans(policy, show->now, add_ban, show);
	if (!err)
		err = debar_policy_dump_waivers(policy, add_waiver, show);
	if (!err && show->with_indicators)
		err = debar_policy_dump_indicators(policy, add_indicator, show);
	return err;
}

/* The first date of all, and all that happens on it. */
static const struct debar_next *next_of(struct show *show)
{
	if (show->next_waiver.date == show->next_ban.date)
		json_array_extend(show->next_ban.changes, show->next_waiver.changes);
	return show->next_waiver.date < show->next_ban.date ? &show->next_waiver : &show->next_ban;
}

static void print_next(const struct debar_next *next)
{
	char date[DEBAR_DATE_SIZE];
	json_t *change;
	size_t i;

	if (next->date == DEBAR_BLOB_NEVER)
		printf("%-16s %s\n", "next_date", "none: nothing changes by itself");
	json_array_foreach(next->changes, i, change)
		printf("%-16s %s: %s\n", "next_date", debar_date_text(date, next->date),
		       json_string_value(change));
}

static int print(struct show *show)
{
	const struct debar_next *next = next_of(show);
	const char *key;
	json_t *value;

	if (show->json) {
		json_object_set_new(show->head, "next_date", debar_date_json(next->date));
		json_object_set(show->head, "next_changes", next->changes);
		json_object_set(show->head, "bans", show->bans);
		json_object_set(show->head, "waivers", show->waivers);
		if (show->with_indicators)
			json_object_set(show->head, "indicators", show->indicators);
		return debar_print_json(json_incref(show->head)) ? DEBARCTL_FAILED : DEBARCTL_DONE;
	}
	json_object_foreach(show->head, key, value) {
		if (json_is_string(value))
			printf("%-16s %s\n", key, json_string_value(value));
		else
			printf("%-16s %" JSON_INTEGER_FORMAT "\n", key, json_integer_value(value));
	}
	print_next(next);
	putchar('\n');
	debar_table_print(show->ban_table);
	if (show->waiver_table) {
		putchar('\n');
		debar_table_print(show->waiver_table);
	}
	if (show->with_indicators) {
		putchar('\n');
		debar_table_print(show->indicator_table);
	}
	return DEBARCTL_DONE;
}

static int show_kernel(struct show *show)
{
	_cleanup_client_ struct debar_client *client = NULL;
	int err = debarctl_connect(&client);

	if (err)
		return err;
	err = read_kernel(show, client);
	if (err == -ENODATA) {
		debar_print_problem(WHERE, "load one: debarctl policy load FILE",
				    "no policy is in force");
		return DEBARCTL_FAILED;
	}
	return err ? debarctl_kernel_error(client, WHERE, err) : print(show);
}

static int show_files(struct show *show, struct debarctl_host *host, const char *const *paths,
		      size_t count)
{
	_cleanup_policy_ struct debar_policy policy = { .host = &host->config.profiles };
	struct debar_error error;
	int err = debar_policy_open(paths, count, &policy, &error);

	if (!err) {
		debarctl_host_tell(host);
		err = read_file(show, &policy);
		if (err)
			debar_error_system(&error, err, paths[0], "cannot show it");
	}
	if (!err)
		return print(show);
	debar_print_error(&error);
	return err == -EINVAL || err == -EFBIG ? DEBARCTL_REFUSED : DEBARCTL_FAILED;
}

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "indicators", no_argument, NULL, 'i' },
		DEBARCTL_PROFILE_OPTION,
		DEBARCTL_CONFIG_OPTION,
		{}
	};
	_cleanup_host_ struct debarctl_host host = {};
	struct show show = {};
	int option, result;

	while ((option = debarctl_option(WHERE, argc, argv, "", options)) != -1) {
		if (option == 'j')
			show.json = true;
		else if (option == 'i')
			show.with_indicators = true;
		else if (!debarctl_host_option(&host, WHERE, option))
			return debarctl_usage("debarctl policy show");
	}
	result = debarctl_host_read(&host, WHERE, optind < argc);
	if (result)
		return result;
	if (optind == argc)
		result = show_kernel(&show);
	else
		result = show_files(&show, &host, (const char *const *)argv + optind,
				    argc - optind);
	json_decref(show.head);
	json_decref(show.next_ban.changes);
	json_decref(show.next_waiver.changes);
	json_decref(show.bans);
	json_decref(show.waivers);
	json_decref(show.indicators);
	debar_table_free(show.ban_table);
	debar_table_free(show.waiver_table);
	debar_table_free(show.indicator_table);
	return result;
}

const struct debarctl_cmd debarctl_cmd_policy_show = {
	.name = "show",
	.run = run,
	.summary = "show what a policy holds",
	.help = "usage: debarctl policy show [--indicators] [--json] [FILE...]\n"
		DEBARCTL_HOST_USAGE
		"\n"
		"Show the policy in force, or that of a blob or of files of policy source.\n"
		"\n"
		"  --indicators  show the indicators too\n"
		"  --json        one JSON object\n"
		DEBARCTL_HOST_HELP,
};
