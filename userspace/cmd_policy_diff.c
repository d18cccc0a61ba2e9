// SPDX-License-Identifier: GPL-2.0-or-later
/* debarctl policy diff: what one policy has that another has not, in words or as JSON. */
#include <errno.h>
#include <string.h>

#include "cmd_host.h"
#include "cmd_policy.h"
#include "output.h"
#include "policy_diff.h"

#define WHERE	"policy diff"

/* Of an object's string; "" for null. */
static const char *text_of(const json_t *record, const char *field)
{
	return json_string_value(json_object_get(record, field)) ?: "";
}

/* A value in words; null is a date that does not come, or nothing. */
static json_t *in_words(const char *field, const json_t *value)
{
	json_t *words = json_string(""), *item;
	bool is_date = strstr(field, "_from") || !strcmp(field, "next_date");
	size_t i;

	if (json_is_array(value)) {
		json_array_foreach(value, i, item) {
			json_t *longer = json_sprintf("%s%s%s", json_string_value(words),
						      i ? "," : "", json_string_value(item));

			json_decref(words);
			words = longer;
		}
		return words;
	}
	json_decref(words);
	if (json_is_integer(value))
		return json_sprintf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
	if (json_is_string(value))
		return json_string(json_string_value(value));
	return json_string(is_date ? "never" : "none");
}

/* What a record is called: takes over no reference; the string is the caller's. */
static json_t *name_of(const char *kind, const json_t *record)
{
	const char *product = text_of(record, "product"), *host = text_of(record, "host");

	if (!strcmp(kind, "ban"))
		return json_sprintf("ban %s", text_of(record, "id"));
	if (!strcmp(kind, "waiver"))
		return json_sprintf("waiver %s of ban %s%s%s%s%s", text_of(record, "id"),
				    text_of(record, "ban"), product[0] ? " for " : "", product,
				    host[0] ? " on host " : "", host);
	return json_sprintf("indicator %s %s of ban %s", text_of(record, "kind"),
			    text_of(record, "digest"), text_of(record, "ban"));
}

/* What there is to know at first of a record that was added. */
static json_t *summary_of(const char *kind, const json_t *record)
{
	const char *product = text_of(record, "product"), *version = text_of(record, "version");

	if (!strcmp(kind, "ban"))
		return json_sprintf(": %s, by %s, %s, at the stage %s", text_of(record, "vendor"),
				    text_of(record, "authority"), text_of(record, "status"),
				    text_of(record, "stage"));
	if (!strcmp(kind, "waiver"))
		return json_sprintf(": of %s, %s, until %s", text_of(record, "owner"),
				    text_of(record, "ticket"), text_of(record, "expires"));
	return json_sprintf("%s%s%s%s", product[0] ? ": " : "", product, version[0] ? " " : "",
			    version);
}

static int print_fields(const char *name, const json_t *change)
{
	const json_t *old = json_object_get(change, "old"), *new = json_object_get(change, "new");
	json_t *field;
	size_t i;
	int err = 0;

	json_array_foreach(json_object_get(change, "fields"), i, field) {
		const char *key = json_string_value(field);
		_cleanup_json_ json_t *before = in_words(key, json_object_get(old, key));
		_cleanup_json_ json_t *after = in_words(key, json_object_get(new, key));

		if (before && after)
			err |= debar_print_line("%s: %s: %s, was %s", name, key,
						json_string_value(after),
						json_string_value(before));
		else
			err = -ENOMEM;
	}
	return err;
}

static int print_changes(const char *kind, const json_t *changes)
{
	json_t *record;
	size_t i;
	int err = 0;

	json_array_foreach(json_object_get(changes, "removed"), i, record) {
		_cleanup_json_ json_t *name = name_of(kind, record);

		err |= name ? debar_print_line("%s: removed", json_string_value(name)) : -ENOMEM;
	}
	json_array_foreach(json_object_get(changes, "added"), i, record) {
		_cleanup_json_ json_t *name = name_of(kind, record);
		_cleanup_json_ json_t *summary = summary_of(kind, record);

		err |= name && summary ? debar_print_line("%s: added%s", json_string_value(name),
							  json_string_value(summary)) : -ENOMEM;
	}
	json_array_foreach(json_object_get(changes, "changed"), i, record) {
		_cleanup_json_ json_t *name = name_of(kind, json_object_get(record, "new"));

		err |= name ? print_fields(json_string_value(name), record) : -ENOMEM;
	}
	return err ? -ENOMEM : 0;
}

static int print_words(const json_t *diff, bool with_indicators)
{
	const json_t *old = json_object_get(diff, "old"), *new = json_object_get(diff, "new");
	const json_t *indicators = json_object_get(diff, "indicators");
	int err;

	err = debar_print_line("policy %s, serial %" JSON_INTEGER_FORMAT ": was %s, serial %"
			       JSON_INTEGER_FORMAT, text_of(new, "name"),
			       json_integer_value(json_object_get(new, "serial")),
			       text_of(old, "name"),
			       json_integer_value(json_object_get(old, "serial")));
	if (!err)
		err = print_changes("ban", json_object_get(diff, "bans"));
	if (!err)
		err = print_changes("waiver", json_object_get(diff, "waivers"));
	if (!err)
		err = debar_print_line("indicators: %zu added, %zu removed, %zu changed",
				       json_array_size(json_object_get(indicators, "added")),
				       json_array_size(json_object_get(indicators, "removed")),
				       json_array_size(json_object_get(indicators, "changed")));
	if (!err && with_indicators)
		err = print_changes("indicator", indicators);
	return err;
}

/* @diff's reference is taken over. */
static int print(json_t *diff, bool json, bool with_indicators)
{
	int err;

	if (json)
		return debar_print_json(diff);
	err = print_words(diff, with_indicators);
	json_decref(diff);
	return err;
}

static int open_policy(const char *path, struct debarctl_host *host, struct debar_policy *policy,
		       struct debar_error *error)
{
	int err;

	policy->host = &host->config.profiles;
	err = debar_policy_open(&path, 1, policy, error);
	if (!err)
		debarctl_host_tell(host);
	return err;
}

static int compare(char **paths, struct debarctl_host *host, bool json, bool with_indicators)
{
	_cleanup_policy_ struct debar_policy old = {}, new = {};
	struct debar_error error;
	json_t *diff;
	int err = open_policy(paths[0], host, &old, &error), changes;

	if (!err)
		err = open_policy(paths[1], host, &new, &error);
	if (err) {
		debar_print_error(&error);
		return err == -EINVAL || err == -EFBIG ? DEBARCTL_REFUSED : DEBARCTL_FAILED;
	}
	changes = debar_policy_diff(&old, &new, &diff);
	if (changes < 0 || print(diff, json, with_indicators)) {
		debar_print_problem(WHERE, "free memory and try again", "out of memory");
		return DEBARCTL_FAILED;
	}
	return changes ? DEBARCTL_FOUND : DEBARCTL_DONE;
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
	bool json = false, with_indicators = false;
	int option, err;

	while ((option = debarctl_option(WHERE, argc, argv, "", options)) != -1) {
		if (option == 'j')
			json = true;
		else if (option == 'i')
			with_indicators = true;
		else if (!debarctl_host_option(&host, WHERE, option))
			return debarctl_usage("debarctl policy diff");
	}
	if (argc - optind != 2) {
		debar_print_problem(WHERE, NULL,
				    "two policies are needed: the old and the new one");
		return debarctl_usage("debarctl policy diff");
	}
	err = debarctl_host_read(&host, WHERE, true);
	return err ? err : compare(argv + optind, &host, json, with_indicators);
}

const struct debarctl_cmd debarctl_cmd_policy_diff = {
	.name = "diff",
	.run = run,
	.summary = "tell in what two policies differ",
	.help = "usage: debarctl policy diff [--indicators] [--json] OLD NEW\n"
		DEBARCTL_HOST_USAGE
		"\n"
		"Tell in what NEW differs from OLD, each a blob or a file of policy source: bans, dates, waivers,\n"
		"and how many indicators. The exit code is 0 when they differ in none of these, 1 when they do.\n"
		"\n"
		"  --indicators  name the indicators, too\n"
		"  --json        one JSON object, which always names the indicators\n"
		DEBARCTL_HOST_HELP,
};
