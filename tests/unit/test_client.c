// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading the kernel's replies: what is required, wrong forms, unknown attributes, a message cut
 * short anywhere.
 */
#include <errno.h>
#include <stdlib.h>
#include <linux/genetlink.h>

#include "client_internal.h"
#include "tap.h"
#include "util.h"

static char buffer[8192];
static const uint8_t digest[DEBAR_DIGEST_SIZE] = {1, 2, 3};

static struct nlmsghdr *begin(uint8_t command)
{
	struct nlmsghdr *message;
	struct genlmsghdr *genl;

	memset(buffer, 0, sizeof(buffer));
	message = mnl_nlmsg_put_header(buffer);
	message->nlmsg_type = NLMSG_MIN_TYPE;
	genl = mnl_nlmsg_put_extra_header(message, sizeof(*genl));
	genl->cmd = command;
	return message;
}

/* A denial without the attribute @without. */
static struct nlmsghdr *denial_message(uint16_t without)
{
	struct nlmsghdr *message = begin(DEBAR_CMD_DENIAL_DUMP);

	if (without != DEBAR_A_DENIAL_SEQUENCE)
		mnl_attr_put_u64(message, DEBAR_A_DENIAL_SEQUENCE, 5);
	if (without != DEBAR_A_DENIAL_WALL_TIME)
		mnl_attr_put_u64(message, DEBAR_A_DENIAL_WALL_TIME, 6);
	if (without != DEBAR_A_DENIAL_BOOT_TIME)
		mnl_attr_put_u64(message, DEBAR_A_DENIAL_BOOT_TIME, 7);
	if (without != DEBAR_A_DENIAL_OPERATION)
		mnl_attr_put_u32(message, DEBAR_A_DENIAL_OPERATION, DEBAR_OPERATION_MAP);
	if (without != DEBAR_A_DENIAL_VERDICT)
		mnl_attr_put_u32(message, DEBAR_A_DENIAL_VERDICT, DEBAR_VERDICT_DENY);
	if (without != DEBAR_A_DENIAL_REASON)
		mnl_attr_put_u32(message, DEBAR_A_DENIAL_REASON, DEBAR_REASON_INDICATOR);
	return message;
}

static void test_denial(void)
{
	static const uint16_t required[] = {
		DEBAR_A_DENIAL_SEQUENCE, DEBAR_A_DENIAL_WALL_TIME, DEBAR_A_DENIAL_BOOT_TIME,
		DEBAR_A_DENIAL_OPERATION, DEBAR_A_DENIAL_VERDICT, DEBAR_A_DENIAL_REASON,
	};
	struct nlmsghdr *message = denial_message(0);
	struct debar_denial denial;

	ok(!debar_client_read_denial(message, &denial), "the least that a denial has");
	ok(denial.sequence == 5 && denial.operation == DEBAR_OPERATION_MAP, "its numbers");
	ok(!*denial.ban_id && !*denial.filesystem, "a string left out is empty");
	ok(!denial.digest && !denial.file_sha256 && !denial.path.data, "bytes left out are NULL");
	ok(denial.size == DEBAR_SIZE_UNKNOWN && denial.loginuid == DEBAR_ID_NONE &&
	   denial.session == DEBAR_ID_NONE, "numbers left out are not 0 where 0 means something");
	for (size_t i = 0; i < ARRAY_SIZE(required); i++)
		ok(debar_client_read_denial(denial_message(required[i]), &denial) == -EBADMSG,
		   "attribute %u is required", required[i]);
	message = denial_message(0);
	mnl_attr_put_strz(message, DEBAR_A_DENIAL_BAN_ID, "acme");
	mnl_attr_put(message, DEBAR_A_DENIAL_PATH, 4, "/a\xffz");
	mnl_attr_put(message, DEBAR_A_DENIAL_DIGEST, sizeof(digest), digest);
	mnl_attr_put(message, 1000, 3, "new");
	ok(!debar_client_read_denial(message, &denial), "an unknown attribute is passed over");
	ok(!strcmp(denial.ban_id, "acme") && denial.path.length == 4 &&
	   !memcmp(denial.path.data, "/a\xffz", 4) &&
	   !memcmp(denial.digest, digest, sizeof(digest)), "text, bytes and digest");
}

/* A denial with one attribute more, of the wrong form. */
static void check_form(uint16_t attribute, size_t length, const char *name)
{
	struct nlmsghdr *message = denial_message(0);
	struct debar_denial denial;

	mnl_attr_put(message, attribute, length, "01234567890123456789012345678901234567890");
	ok(debar_client_read_denial(message, &denial) == -EBADMSG, "%s", name);
}

static void test_forms(void)
{
	check_form(DEBAR_A_DENIAL_PID, 0, "an empty u32");
	check_form(DEBAR_A_DENIAL_PID, 3, "a short u32");
	check_form(DEBAR_A_DENIAL_PID, 8, "a long u32");
	check_form(DEBAR_A_DENIAL_SIZE, 4, "a short u64");
	check_form(DEBAR_A_DENIAL_SIZE, 9, "a long u64");
	check_form(DEBAR_A_DENIAL_BAN_ID, 5, "a string without its NUL");
	check_form(DEBAR_A_DENIAL_BAN_ID, 0, "an empty string without its NUL");
	check_form(DEBAR_A_DENIAL_DIGEST, 31, "a short digest");
	check_form(DEBAR_A_DENIAL_DIGEST, 33, "a long digest");
}

static struct nlmsghdr *status_message(void)
{
	static const uint16_t numbers[] = {
		DEBAR_A_STATUS_JUDGED, DEBAR_A_STATUS_CLEARED_BY_SIZE, DEBAR_A_STATUS_CACHE_HITS,
		DEBAR_A_STATUS_CACHE_MISSES, DEBAR_A_STATUS_HASHED_FILES,
		DEBAR_A_STATUS_HASHED_BYTES, DEBAR_A_STATUS_DENIED, DEBAR_A_STATUS_AUDITED,
		DEBAR_A_STATUS_DENIALS_NEXT, DEBAR_A_STATUS_DENIALS_LOST,
		DEBAR_A_STATUS_GENERATION,
	};
	struct nlmsghdr *message = begin(DEBAR_CMD_STATUS_GET);

	mnl_attr_put_strz(message, DEBAR_A_STATUS_VERSION, "0.1");
	mnl_attr_put_u32(message, DEBAR_A_STATUS_FORM, DEBAR_FORM_LOADABLE);
	mnl_attr_put_u32(message, DEBAR_A_STATUS_MODE, DEBAR_MODE_ENFORCE);
	mnl_attr_put_u32(message, DEBAR_A_STATUS_FAIL_CLOSED, 1);
	mnl_attr_put_u32(message, DEBAR_A_STATUS_CACHE_ENTRIES, 2);
	mnl_attr_put_u32(message, DEBAR_A_STATUS_CACHE_SIZE, 3);
	mnl_attr_put_u32(message, DEBAR_A_STATUS_RING_SIZE, 4);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		mnl_attr_put_u64(message, numbers[i], 100 + i);
	return message;
}

static void add_failure(struct nlmsghdr *message, uint32_t reason, uint64_t count)
{
	struct nlattr *nest = mnl_attr_nest_start(message, DEBAR_A_STATUS_FAILURE);

	mnl_attr_put_u32(message, DEBAR_A_FAILURE_REASON, reason);
	mnl_attr_put_u64(message, DEBAR_A_FAILURE_COUNT, count);
	mnl_attr_nest_end(message, nest);
}

static void test_status(void)
{
	struct nlmsghdr *message = status_message();
	struct debar_status status;

	ok(!debar_client_read_status(message, &status), "the least that a status has");
	ok(!*status.policy_name && !status.policy_digest && !status.health, "no policy, no health");
	ok(status.fail_closed && status.cache_size == 3 && status.generation == 110, "numbers");
	add_failure(message, DEBAR_REASON_IO_ERROR, 8);
	add_failure(message, DEBAR_REASON_MAX + 1, 9);
	mnl_attr_put_u32(message, DEBAR_A_STATUS_HEALTH, DEBAR_HEALTH_NO_POLICY);
	mnl_attr_put_u32(message, DEBAR_A_STATUS_HEALTH, DEBAR_HEALTH_UNIDENTIFIED);
	mnl_attr_put_u32(message, DEBAR_A_STATUS_HEALTH, 4000000000);
	ok(!debar_client_read_status(message, &status), "with failures and health");
	ok(status.failures[DEBAR_REASON_IO_ERROR] == 8, "a failure's count");
	ok(status.health == (1 << DEBAR_HEALTH_NO_POLICY | 1 << DEBAR_HEALTH_UNIDENTIFIED),
	   "reasons of health, one that nobody knows left out");
	mnl_attr_put(message, DEBAR_A_STATUS_FAILURE, 2, "xx");
	ok(debar_client_read_status(message, &status) == -EBADMSG, "a failure that is no nest");
	message = status_message();
	mnl_attr_put(message, DEBAR_A_STATUS_HEALTH, 2, "xx");
	ok(debar_client_read_status(message, &status) == -EBADMSG, "a health that is no number");
}

/*
 * Cut and spoil a message everywhere, in memory of just its length: the sanitizers see what is
 * read beyond it.
 */
static void test_spoiled(const struct nlmsghdr *message, bool status)
{
	union {
		struct debar_status status;
		struct debar_denial denial;
	} out;
	uint32_t length = message->nlmsg_len;

	for (uint32_t i = 0; i < 2 * length; i++) {
		uint32_t cut = i < length ? i : length;
		struct nlmsghdr *copy = malloc(cut < NLMSG_HDRLEN ? NLMSG_HDRLEN : cut);

		memcpy(copy, message, cut < NLMSG_HDRLEN ? NLMSG_HDRLEN : cut);
		copy->nlmsg_len = cut < NLMSG_HDRLEN ? NLMSG_HDRLEN : cut;
		if (i >= length && i - length >= NLMSG_HDRLEN)
			((uint8_t *)copy)[i - length] ^= 0xff;
		if (status)
			debar_client_read_status(copy, &out.status);
		else
			debar_client_read_denial(copy, &out.denial);
		free(copy);
	}
	ok(true, "%u bytes cut and spoiled", length);
}

int main(void)
{
	struct nlmsghdr *message;

	test_denial();
	test_forms();
	test_status();
	message = status_message();
	add_failure(message, DEBAR_REASON_IO_ERROR, 8);
	test_spoiled(message, true);
	message = denial_message(0);
	mnl_attr_put_strz(message, DEBAR_A_DENIAL_BAN_ID, "acme");
	mnl_attr_put(message, DEBAR_A_DENIAL_DIGEST, sizeof(digest), digest);
	test_spoiled(message, false);
	return tap_done();
}
