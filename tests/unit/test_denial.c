// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A denial as JSON, as a row and as a line: golden texts, what is absent, bytes that are no text.
 */
#include <stdlib.h>
#include <time.h>

#include "denial.h"
#include "tap.h"

#define BYTES(text) ((struct debar_bytes){.data = (text), .length = sizeof(text) - 1})

static const uint8_t digest[DEBAR_DIGEST_SIZE] = {0xab, 0xcd, [31] = 0x01};

#define BOOT_ID "0f0e0d0c-0b0a-0908-0706-050403020100"
#define DIGEST "abcd000000000000000000000000000000000000000000000000000000000001"

static const struct debar_count count = {
	.boot_id = BOOT_ID,
	.generation = 0xfedcba9876543210,
};

static struct debar_denial full_denial(void)
{
	return (struct debar_denial){
		.sequence = 42,
		.wall_time = 1767225600123456789,
		.boot_time = 65000000007,
		.operation = DEBAR_OPERATION_MAP,
		.verdict = DEBAR_VERDICT_DENY,
		.reason = DEBAR_REASON_INDICATOR,
		.ban_id = "acme",
		.vendor = "Acme",
		.product = "Anvil",
		.authority = "Order 7",
		.kind = DEBAR_INDICATOR_KIND_FILE_SHA256,
		.digest = digest,
		.file_sha256 = digest,
		.size = 4096,
		.path = BYTES("/opt/acme/a\\b\n\xff\xc3\xa9"),
		.device = 8 << 20 | 1,
		.inode = UINT64_MAX,
		.filesystem = "ext4",
		.pid = 12,
		.tgid = 11,
		.ppid = 1,
		.uid = 0,
		.euid = 1000,
		.loginuid = 1000,
		.session = 3,
		.comm = BYTES("sh\x1b[2J"),
		.subject_exe = BYTES("/bin/sh"),
		.cgroup = 9007199254740993,
		.pid_ns = 4026531836,
		.mnt_ns = 4026531841,
		.policy_name = "house",
		.policy_serial = 5,
		.policy_digest = digest,
		.policy_signer = "Acme: 1f",
		.law = {
			.citation = "Gazette 12",
			.override = "board decision",
			.derived = "package example-agent 2.0-1",
			.stage = DEBAR_STAGE_ENFORCE,
			.waiver_id = "W-1",
			.waiver_owner = "ops",
			.waiver_ticket = "T-9",
			.waiver_expires = 1767225600,
		},
	};
}

/* What the kernel leaves out is as client_denial.c has it. */
static struct debar_denial empty_denial(void)
{
	return (struct debar_denial){
		.sequence = 1,
		.operation = DEBAR_OPERATION_EXECUTE,
		.verdict = DEBAR_VERDICT_AUDIT,
		.reason = DEBAR_REASON_IO_ERROR,
		.ban_id = "",
		.vendor = "",
		.product = "",
		.authority = "",
		.size = DEBAR_SIZE_UNKNOWN,
		.filesystem = "",
		.loginuid = DEBAR_ID_NONE,
		.session = DEBAR_ID_NONE,
		.policy_name = "",
		.policy_signer = "",
		.law = {
			.citation = "", .override = "", .derived = "", .waiver_id = "",
			.waiver_owner = "", .waiver_ticket = "", .spared = true,
		},
	};
}

/**
 * struct golden - a key and its value
 * @key: in the order of the line
 * @value: as JSON
 */
struct golden {
	const char *key;
	const char *value;
};

static const struct golden full_golden[] = {
	{ "type", "\"denial\"" },
	{ "time", "\"2026-01-01T00:00:00.123456789Z\"" },
	{ "sequence", "42" },
	{ "boot_id", "\"" BOOT_ID "\"" },
	{ "generation", "\"fedcba9876543210\"" },
	{ "boot_time", "\"65.000000007\"" },
	{ "operation", "\"map\"" },
	{ "verdict", "\"deny\"" },
	{ "reason", "\"indicator\"" },
	{ "ban_id", "\"acme\"" },
	{ "vendor", "\"Acme\"" },
	{ "product", "\"Anvil\"" },
	{ "authority", "\"Order 7\"" },
	{ "citation", "\"Gazette 12\"" },
	{ "stage", "\"enforce\"" },
	{ "override", "\"board decision\"" },
	{ "derived", "\"package example-agent 2.0-1\"" },
	{ "waiver", "\"W-1\"" },
	{ "waiver_owner", "\"ops\"" },
	{ "waiver_ticket", "\"T-9\"" },
	{ "waiver_expires", "\"2026-01-01T00:00:00Z\"" },
	{ "spared", "false" },
	{ "kind", "\"file-sha256\"" },
	{ "digest", "\"" DIGEST "\"" },
	{ "file_sha256", "\"" DIGEST "\"" },
	{ "size", "4096" },
	{ "path", "\"/opt/acme/a\\\\\\\\b\\\\x0a\\\\xff\xc3\xa9\"" },
	{ "device", "\"8:1\"" },
	{ "inode", "\"18446744073709551615\"" },
	{ "filesystem", "\"ext4\"" },
	{ "pid", "12" },
	{ "tgid", "11" },
	{ "ppid", "1" },
	{ "uid", "0" },
	{ "user", "\"root\"" },
	{ "euid", "1000" },
	{ "loginuid", "1000" },
	{ "session", "3" },
	{ "comm", "\"sh\\\\x1b[2J\"" },
	{ "subject_exe", "\"/bin/sh\"" },
	{ "cgroup", "\"9007199254740993\"" },
	{ "pid_ns", "4026531836" },
	{ "mnt_ns", "4026531841" },
	{ "policy_name", "\"house\"" },
	{ "policy_serial", "5" },
	{ "policy_digest", "\"" DIGEST "\"" },
	{ "policy_signer", "\"Acme: 1f\"" },
};

static const struct golden empty_golden[] = {
	{ "type", "\"denial\"" },
	{ "time", "\"1970-01-01T00:00:00.000000000Z\"" },
	{ "sequence", "1" },
	{ "boot_id", "\"" BOOT_ID "\"" },
	{ "generation", "\"fedcba9876543210\"" },
	{ "boot_time", "\"0.000000000\"" },
	{ "operation", "\"execute\"" },
	{ "verdict", "\"audit\"" },
	{ "reason", "\"io-error\"" },
	{ "ban_id", "null" },
	{ "vendor", "null" },
	{ "product", "null" },
	{ "authority", "null" },
	{ "citation", "null" },
	{ "stage", "null" },
	{ "override", "null" },
	{ "derived", "null" },
	{ "waiver", "null" },
	{ "waiver_owner", "null" },
	{ "waiver_ticket", "null" },
	{ "waiver_expires", "null" },
	{ "spared", "true" },
	{ "kind", "null" },
	{ "digest", "null" },
	{ "file_sha256", "null" },
	{ "size", "null" },
	{ "path", "null" },
	{ "device", "\"0:0\"" },
	{ "inode", "\"0\"" },
	{ "filesystem", "null" },
	{ "pid", "0" },
	{ "tgid", "0" },
	{ "ppid", "0" },
	{ "uid", "0" },
	{ "user", "null" },
	{ "euid", "0" },
	{ "loginuid", "null" },
	{ "session", "null" },
	{ "comm", "null" },
	{ "subject_exe", "null" },
	{ "cgroup", "\"0\"" },
	{ "pid_ns", "0" },
	{ "mnt_ns", "0" },
	{ "policy_name", "null" },
	{ "policy_serial", "0" },
	{ "policy_digest", "null" },
	{ "policy_signer", "null" },
};

static void check_json(const struct debar_denial *denial, const char *user,
		       const struct golden *golden, size_t number, const char *name)
{
	json_t *object = debar_denial_json(denial, &count, user), *value;
	const char *key;
	size_t i = 0;

	json_object_foreach(object, key, value) {
		char *text = json_dumps(value, JSON_ENCODE_ANY);

		same_text(key, i < number ? golden[i].key : NULL, "%s: key", name);
		same_text(text, i < number ? golden[i].value : NULL, "%s: %s", name, key);
		free(text);
		i++;
	}
	ok(i == number, "%s: as many keys as there should be", name);
	json_decref(object);
}

static void test_json(void)
{
	struct debar_denial full = full_denial(), empty = empty_denial();
	json_t *object;

	check_json(&full, "root", full_golden, ARRAY_SIZE(full_golden), "everything known");
	check_json(&empty, NULL, empty_golden, ARRAY_SIZE(empty_golden), "nothing known");
	full.operation = 77;
	full.vendor = "Acm\xe9";
	object = debar_denial_json(&full, &count, NULL);
	same_text(json_string_value(json_object_get(object, "operation")), "unknown",
		  "a number of a newer kernel");
	same_text(json_string_value(json_object_get(object, "vendor")), "Acm\\xe9",
		  "a string that is not UTF-8 is shown all the same");
	json_decref(object);
}

static void check_kind(uint32_t kind, uint32_t operation, const char *name, const char *words[3])
{
	static const char *const keys[] = { "kind", "operation", "digest" };
	static const uint8_t short_digest[DEBAR_DIGEST_SIZE] = { 0xab, 0xcd };
	struct debar_denial denial = full_denial();
	json_t *object;
	size_t i;

	denial.kind = kind;
	denial.operation = operation;
	denial.digest = short_digest;
	object = debar_denial_json(&denial, &count, NULL);
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		same_text(json_string_value(json_object_get(object, keys[i])), words[i],
			  "%s: %s", name, keys[i]);
	json_decref(object);
}

#define SHORT_DIGEST "abcd000000000000000000000000000000000000000000000000000000000000"

static void test_kinds(void)
{
	check_kind(DEBAR_INDICATOR_KIND_CODE_SHA256, DEBAR_OPERATION_OPEN, "code",
		   (const char *[]){ "code-sha256", "open", SHORT_DIGEST });
	check_kind(DEBAR_INDICATOR_KIND_FSVERITY_SHA256, DEBAR_OPERATION_PROTECT, "fs-verity",
		   (const char *[]){ "fsverity-sha256", "protect", SHORT_DIGEST });
	check_kind(DEBAR_INDICATOR_KIND_BUILD_ID, DEBAR_OPERATION_LOAD, "build id",
		   (const char *[]){ "build-id", "load", "abcd0000" });
}

static void test_gap(void)
{
	json_t *object = debar_gap_json(3, 9, &count);

	same_text(json_string_value(json_object_get(object, "type")), "gap", "type of a gap");
	ok(json_integer_value(json_object_get(object, "first")) == 3, "first of a gap");
	ok(json_integer_value(json_object_get(object, "last")) == 9, "last of a gap");
	ok(json_integer_value(json_object_get(object, "count")) == 7, "count of a gap");
	same_text(json_string_value(json_object_get(object, "generation")), "fedcba9876543210",
		  "generation of a gap");
	json_decref(object);
}

static void test_row(void)
{
	static const char *const expected[] = {
		"2026-01-01 00:00:00", "42", "deny", "map", "root", "sh\x1b[2J[11]",
		"/opt/acme/a\\b\n\xff\xc3\xa9", "Acme/Anvil", "acme",
	};
	struct debar_denial denial = full_denial();
	char *cells[DEBAR_DENIAL_COLUMNS];

	if (!ok(!debar_denial_row(&denial, "root", cells), "a row"))
		return;
	for (size_t i = 0; i < DEBAR_DENIAL_COLUMNS; i++)
		same_text(cells[i], expected[i], "column %s", debar_denial_headings[i]);
	debar_denial_row_free(cells);
	denial = empty_denial();
	if (!ok(!debar_denial_row(&denial, NULL, cells), "a row of nothing"))
		return;
	same_text(cells[DEBAR_DENIAL_USER], "0", "a user without a name");
	same_text(cells[DEBAR_DENIAL_PROCESS], "?[0]", "a process without a name");
	same_text(cells[DEBAR_DENIAL_PATH], "?", "a file without a path");
	same_text(cells[DEBAR_DENIAL_BAN], "(io-error)", "the reason stands where no ban is");
	debar_denial_row_free(cells);
}

#define LINE_START "deny " LINE_MIDDLE
#define LINE_MIDDLE "map of /opt/acme/a\\\\b\\x0a\\xff\xc3\xa9 by sh\\x1b[2J[11]"

#define WAIVED ", waived by W-1 until 2026-01-01T00:00:00Z"

static void test_line(void)
{
	struct debar_denial denial = full_denial();
	char *line = debar_denial_line(&denial, "root");

	same_text(line, LINE_START ", user root: ban acme, Acme/Anvil" WAIVED " (denial 42)",
		  "a line is safe to show");
	free(line);

	denial.law.waiver_id = "";
	line = debar_denial_line(&denial, "root");
	same_text(line,
		  LINE_START ", user root: ban acme, Acme/Anvil, derived from package example-agent 2.0-1 (denial 42)",
		  "a line of what this machine added");
	free(line);
	denial.law.derived = "";
	line = debar_denial_line(&denial, "root");
	same_text(line, LINE_START ", user root: ban acme, Acme/Anvil (denial 42)",
		  "a line without a waiver");
	free(line);

	denial.law.stage = DEBAR_STAGE_WARN;
	ok(!debar_denial_is_warning(&denial), "what is refused is no warning");
	denial.verdict = DEBAR_VERDICT_AUDIT;
	line = debar_denial_line(&denial, "root");
	same_text(line,
		  "audit " LINE_MIDDLE
		  ", user root: warning, ban acme, Acme/Anvil, will be refused (denial 42)",
		  "a warning");
	free(line);
	line = debar_denial_warning(&denial);
	same_text(line,
		  "warning: /opt/acme/a\\\\b\\x0a\\xff\xc3\xa9 of Acme/Anvil is banned by acme (Order 7, Gazette 12): it runs still, and that was recorded",
		  "what the user is told");
	free(line);
	denial.law.spared = true;
	line = debar_denial_line(&denial, "root");
	same_text(line,
		  "audit " LINE_MIDDLE ", user root: ban acme, Acme/Anvil, spared: process 1 needs it (denial 42)",
		  "a program that process 1 needs");
	free(line);
	denial = empty_denial();
	line = debar_denial_line(&denial, NULL);
	same_text(line, "audit execute of ? by ?[0], user 0: not identified, io-error, spared: process 1 needs it (denial 1)",
		  "a line without a ban");
	free(line);
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	test_json();
	test_kinds();
	test_gap();
	test_row();
	test_line();
	return tap_done();
}
