// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Unit tests of source.h: what is written is read again; places in merged files. Messages are
 * tests/cli's part.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "compile.h"
#include "names.h"
#include "policy_file.h"
#include "source.h"
#include "tap.h"

static char folder[32];

static const char *write_file(const char *name, const char *text)
{
	static char paths[8][64];
	static int next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	if (debar_file_write(path, text, strlen(text)))
		printf("# cannot write %s\n", path);
	return path;
}

/* Strings that YAML could take for something else. */
static const struct debar_source_indicator odd_indicators[] = {
	{ .digest = { 0x12, 0x34 }, .size = 1,
	  .product = "123", .version = "1.10", .source = "null" },
	{ .digest = { 0xff }, .product = "- x: y # z", .version = "yes",
	  .source = "two  spaces, a very long path that has to be folded somewhere: /x\\x0a y" },
	{ .kind = DEBAR_INDICATOR_KIND_BUILD_ID, .digest = { 0x00 }, .source = "s" },
	{ .kind = DEBAR_INDICATOR_KIND_BUILD_ID, .digest = { 1, 2, 3, 4, 5, 0, 0, 6 },
	  .source = "s" },
	{ .kind = DEBAR_INDICATOR_KIND_BUILD_ID, .digest = { [31] = 1 }, .source = "s" },
	{ .kind = DEBAR_INDICATOR_KIND_CODE_SHA256, .digest = { 1 }, .size = 5, .source = "s" },
	{ .kind = DEBAR_INDICATOR_KIND_FSVERITY_SHA256, .digest = { 1 }, .source = "s" },
	{ .digest = { 0x01 }, .size = INT64_MAX,
	  .source = "\"quoted\" 'twice' \xc3\xa4 \xe2\x82\xac" },
};

static const char *const odd_profiles[] = { "no", "1-0" };

static const struct debar_source_ban odd_ban = {
	.id = "~", .vendor = " spaces ", .product = "&anchor", .authority = "*alias",
	.citation = "!tag", .mode = DEBAR_MODE_MONITOR,
	.operations = DEBAR_BLOB_OPERATION(DEBAR_OPERATION_OPEN) |
		      DEBAR_BLOB_OPERATION(DEBAR_OPERATION_EXECUTE),
	.profiles = odd_profiles, .profile_count = ARRAY_SIZE(odd_profiles),
	.indicators = odd_indicators, .indicator_count = ARRAY_SIZE(odd_indicators),
};

static void test_round_trip(void)
{
	const struct debar_source odd = { .name = "0x10", .serial = INT64_MAX, .bans = &odd_ban,
					  .ban_count = 1 };
	_cleanup_buffer_ struct debar_buffer yaml = {}, first = {}, second = {};
	_cleanup_source_ struct debar_source *source = NULL;
	struct debar_error error = {};
	const char *path;

	ok(!debar_source_write(&odd, &yaml, &error) && !debar_buffer_add(&yaml, "", 1), "write");
	path = write_file("odd.yaml", yaml.data);
	if (!ok(!debar_source_load(&path, 1, &source, &error), "read it again")) {
		printf("# %s: %s\n", error.where, error.what);
		return;
	}
	source->issued = 0;
	ok(source->bans[0].profile_count == 2, "the profiles");
	same_text(source->bans[0].profiles[0], "no", "the first one");
	ok(!debar_compile(&odd, &first, &error) && !debar_compile(source, &second, &error) &&
	   first.length == second.length && !memcmp(first.data, second.data, first.length),
	   "it is the same policy");
	ok(debar_source_write(&(struct debar_source){ .name = "\xff" }, &yaml, &error) == -EINVAL,
	   "what is no UTF-8 is refused");
}

#define DIGEST_1 "1111111111111111111111111111111111111111111111111111111111111111"

/* Of the NULs behind a build id, those stay that make its length a multiple of four. */
static void test_digest_text(void)
{
	static const uint8_t digest[DEBAR_DIGEST_SIZE] = { 0xab, 0, 0, 0, 0xcd };
	char hex[DEBAR_HEX_SIZE];

	same_text(debar_digest_text(hex, DEBAR_INDICATOR_KIND_BUILD_ID, digest),
		  "ab000000cd000000", "text of a build id");
	ok(strlen(debar_digest_text(hex, DEBAR_INDICATOR_KIND_CODE_SHA256, digest)) == 64,
	   "of another digest");
}

static void test_merge(void)
{
	const char *paths[3] = {
		write_file("head.yaml", "name: n\nserial: 3\nbans: []\n"),
		write_file("a.yaml", "bans:\n- id: a\n  vendor: v\n  authority: x\n  indicators:\n"
			   "  - sha256: " DIGEST_1 "\n    source: s\n"),
		write_file("b.yaml", "bans:\n- id: b\n  vendor: v\n  authority: x\n"
			   "  indicators: []\n- id: a\n  vendor: v\n  authority: x\n  indicators:\n"
			   "  - source: s\n    sha256: " DIGEST_1 "\n    size: 4\n"),
	};
	struct debar_source *source = NULL;
	struct debar_buffer out = {};
	struct debar_error error = {};
	char expected[128];
	struct stat st;

	if (!ok(!debar_source_load(paths, 3, &source, &error), "three files"))
		return;
	same_text(source->name, "n", "the name");
	ok(source->serial == 3 && source->ban_count == 3, "serial and bans");
	ok(!stat(paths[2], &st) && source->issued == (uint64_t)st.st_mtime, "time of issue");
	ok(debar_compile(source, &out, &error) == -EINVAL, "a digest with two sizes");
	snprintf(expected, sizeof(expected), "%s:11:5", paths[2]);
	same_text(error.where, expected, "its place");
	snprintf(expected, sizeof(expected), "the same as at %s:6:5", paths[1]);
	ok(strstr(error.what, expected), "the other place");
	debar_source_free(source);
	ok(debar_source_load(paths + 1, 2, &source, &error) == -EINVAL && !source, "no name");
}

static void test_policy_file(void)
{
	const char *yaml = write_file("p.yaml", "name: n\nserial: 1\nbans: []\n");
	const char *blob, *both[2];
	struct debar_policy policy = {}, again = {};
	struct debar_error error = {};
	char path[64];

	if (!ok(!debar_policy_open(&yaml, 1, &policy, &error), "open a source"))
		return;
	snprintf(path, sizeof(path), "%s/p.debar", folder);
	blob = path;
	ok(!debar_file_write(path, policy.data.data, policy.data.length), "write its blob");
	ok(!debar_policy_open(&blob, 1, &again, &error) &&
	   !memcmp(policy.digest, again.digest, sizeof(again.digest)), "open the blob");
	debar_policy_close(&again);
	debar_policy_close(&policy);
	ok(!policy.data.data, "closed");
	both[0] = yaml;
	both[1] = blob;
	ok(debar_policy_open(both, 2, &policy, &error) == -EINVAL, "both at once are refused");
	same_text(error.where, path, "and the blob is named");
}

int main(void)
{
	char command[64];

	snprintf(folder, sizeof(folder), "/tmp/debar-test-XXXXXX");
	if (!ok(mkdtemp(folder), "a folder"))
		return tap_done();
	test_round_trip();
	test_digest_text();
	test_merge();
	test_policy_file();
	snprintf(command, sizeof(command), "rm -r %s", folder);
	ok(!system(command), "clean up");
	return tap_done();
}
