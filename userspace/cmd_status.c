// SPDX-License-Identifier: GPL-2.0-or-later
/* debarctl status: what debar is doing, and whether it does its work in full. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "client.h"
#include "dates.h"
#include "debarctl.h"
#include "names.h"
#include "output.h"

#define WHERE	"status"

static json_t *local_json(const struct debar_status *s)
{
	char digest[DEBAR_HEX_SIZE];

	if (!s->local_digest)
		return json_null();
	return json_pack("{s:s,s:I}", "digest",
			 debar_hex(digest, s->local_digest, DEBAR_DIGEST_SIZE),
			 "indicators", (json_int_t)s->local_indicators);
}

static json_t *policy_json(const struct debar_status *s)
{
	char digest[DEBAR_HEX_SIZE], next[DEBAR_DATE_SIZE];

	if (!s->policy_digest)
		return json_null();
	debar_date_text(next, s->next_date);
	return json_pack("{s:s,s:I,s:s,s:s?,s:I,s:I,s:I,s:s?,s:o}", "name", s->policy_name,
			 "serial", (json_int_t)s->policy_serial,
			 "digest", debar_hex(digest, s->policy_digest, DEBAR_DIGEST_SIZE),
			 "signer", s->policy_signer[0] ? s->policy_signer : NULL,
			 "bans", (json_int_t)s->bans, "indicators", (json_int_t)s->indicators,
			 "waivers", (json_int_t)s->waivers,
			 "next_date", s->next_date == DEBAR_BLOB_NEVER ? NULL : next,
			 "local", local_json(s));
}

static json_t *failures_json(const struct debar_status *s)
{
	json_t *failures = json_object();
	uint32_t i;

	for (i = 0; i <= DEBAR_REASON_MAX; i++)
		if (s->failures[i])
			json_object_set_new(failures, debar_reason_name(i),
					    json_integer(s->failures[i]));
	return failures;
}

static json_t *health_json(const struct debar_status *s)
{
	json_t *health = json_array();
	uint32_t i;

	for (i = 0; i < 32; i++)
		if (s->health >> i & 1)
			json_array_append_new(health, json_string(debar_health_name(i)));
	return health;
}

static json_t *status_json(const struct debar_status *s)
{
	const struct {
		const char *key;
		uint64_t value;
	} counters[] = {
		{ "judged", s->judged },
		{ "cleared_by_size", s->cleared_by_size },
		{ "cache_hits", s->cache_hits },
		{ "cache_misses", s->cache_misses },
		{ "cache_entries", s->cache_entries },
		{ "cache_size", s->cache_size },
		{ "hashed_files", s->hashed_files },
		{ "hashed_bytes", s->hashed_bytes },
		{ "denied", s->denied },
		{ "audited", s->audited },
		{ "denials_next", s->denials_next },
		{ "denials_lost", s->denials_lost },
		{ "ring_size", s->ring_size },
		{ "scanners", s->scanners },
		{ "refused_early", s->refused_early },
	};
	char generation[24];
	json_t *object;
	size_t i;

	snprintf(generation, sizeof(generation), "%" PRIu64, s->generation);
	object = json_pack("{s:s,s:s,s:s,s:b,s:b,s:o,s:o,s:o}", "version", s->version,
			   "form", debar_form_name(s->form), "mode", debar_mode_name(s->mode),
			   "fail_closed", s->fail_closed, "sealed", s->sealed,
			   "policy", policy_json(s),
			   "health", health_json(s), "failures", failures_json(s));
	for (i = 0; i < ARRAY_SIZE(counters); i++)
		json_object_set_new(object, counters[i].key, json_integer(counters[i].value));
	json_object_set_new(object, "generation", json_string(generation));
	return object;
}

static int print_json(const struct debar_status *s)
{
	json_t *object = status_json(s);

	if (object && !debar_print_json(object))
		return 0;
	debar_print_problem(WHERE, NULL, "cannot write it as JSON");
	return -EIO;
}

static void print_policy(const struct debar_status *s)
{
	char digest[DEBAR_HEX_SIZE], next[DEBAR_DATE_SIZE];

	if (!s->policy_digest) {
		puts("policy     none");
		return;
	}
	printf("policy     %s, serial %" PRIu64 ", %" PRIu32 " ban%s, %" PRIu32 " indicator%s\n",
	       s->policy_name, s->policy_serial, s->bans, debar_plural(s->bans), s->indicators,
	       debar_plural(s->indicators));
	printf("digest     %s\n", debar_hex(digest, s->policy_digest, DEBAR_DIGEST_SIZE));
	printf("signed by  %s\n", s->policy_signer[0] ? s->policy_signer : "nobody");
	if (s->local_digest)
		printf("local      %" PRIu32 " indicator%s added by this machine\n",
		       s->local_indicators, debar_plural(s->local_indicators));
	if (s->waivers)
		printf("waivers    %" PRIu32 "\n", s->waivers);
	if (s->next_date != DEBAR_BLOB_NEVER)
		printf("next date  %s: a ban or a waiver changes, see debarctl policy show\n",
		       debar_date_text(next, s->next_date));
}

static void print_health(const struct debar_status *s)
{
	const char *between = "";
	uint32_t i;

	printf("health     ");
	for (i = 0; i < 32; i++) {
		if (s->health >> i & 1) {
			printf("%s%s", between, debar_health_name(i));
			between = ", ";
		}
	}
	puts(s->health ? "" : "good");
}

static void print_status(const struct debar_status *s)
{
	uint32_t i;

	printf("debar      %s, %s\n", s->version, debar_form_name(s->form));
	printf("mode       %s, files that cannot be identified are %s\n", debar_mode_name(s->mode),
	       s->fail_closed ? "refused" : "let through and recorded");
	if (s->sealed)
		puts("sealed     until the machine starts anew");
	print_policy(s);
	print_health(s);
	printf("judged     %" PRIu64 " operations, %" PRIu64 " cleared by size, %" PRIu64
	       " denied, %" PRIu64 " audited\n",
	       s->judged, s->cleared_by_size, s->denied, s->audited);
	printf("hashed     %" PRIu64 " files, %" PRIu64 " bytes\n",
	       s->hashed_files, s->hashed_bytes);
	printf("cache      %" PRIu64 " hits, %" PRIu64 " misses, %" PRIu32 " of %" PRIu32
	       " places taken\n", s->cache_hits, s->cache_misses, s->cache_entries, s->cache_size);
	printf("denials    next number %" PRIu64 ", %" PRIu64 " lost, the last %" PRIu32
	       " are kept\n", s->denials_next, s->denials_lost, s->ring_size);
	if (s->scanners)
		printf("scanning   %" PRIu32 " process%s may open files whose opening is banned\n",
		       s->scanners, s->scanners == 1 ? "" : "es");
	if (s->refused_early)
		printf("start      %" PRIu64
		       " operations refused before the required policy was in force\n",
		       s->refused_early);
	for (i = 0; i <= DEBAR_REASON_MAX; i++)
		if (s->failures[i])
			printf("failures   %" PRIu64 " files not identified: %s\n", s->failures[i],
			       debar_reason_name(i));
}

static int run(int argc, char **argv)
{
	static const struct option options[] = { { "json", no_argument, NULL, 'j' }, {} };
	_cleanup_client_ struct debar_client *client = NULL;
	struct debar_status status;
	bool json = false;
	int option, err;

	while ((option = debarctl_option(WHERE, argc, argv, "", options)) != -1) {
		if (option != 'j')
			return debarctl_usage("debarctl status");
		json = true;
	}
	if (optind != argc) {
		debar_print_problem(WHERE, NULL, "takes no argument: %s", argv[optind]);
		return debarctl_usage("debarctl status");
	}
	err = debarctl_connect(&client);
	if (err)
		return err;
	err = debar_client_status(client, &status);
	if (err)
		return debarctl_kernel_error(client, WHERE, err);
	if (!json)
		print_status(&status);
	else if (print_json(&status))
		return DEBARCTL_FAILED;
	return status.health ? DEBARCTL_FOUND : DEBARCTL_DONE;
}

const struct debarctl_cmd debarctl_cmd_status = {
	.name = "status",
	.run = run,
	.summary = "show what debar is doing, and whether it is healthy",
	.help = "usage: debarctl status [--json]\n"
		"\n"
		"Show mode, policy, health and counters. The exit code is 0 when debar does its work in full, 1 when\n"
		"something keeps it from that, 5 when it is not loaded.\n"
		"\n"
		"  --json  one JSON object\n",
};
