// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a ban says by its dates, status, prohibitions and waivers, while the clock is set and nobody
 * touches the policy.
 */
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "common.h"
#include "kselftest_harness.h"
#include "recorded.h"

/* The day on which the policies count as issued, and those that follow. */
#define ISSUED	UINT64_C(2000000000)
#define AUDIT	(ISSUED + 1000)
#define WARN	(ISSUED + 2000)
#define ENFORCE	(ISSUED + 3000)

FIXTURE(dates)
{
	struct world world;
	struct policy policy;
	struct debar_source_waiver waiver;
	struct recorded *record;
	struct timespec real, boot;
	struct utsname host;
};

static void set_clock(uint64_t seconds)
{
	clock_settime(CLOCK_REALTIME, &(struct timespec){ .tv_sec = seconds });
}

/* As if it had never been set. */
static void restore_clock(const struct timespec *real, const struct timespec *boot)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	set_clock(real->tv_sec + (now.tv_sec - boot->tv_sec));
}

FIXTURE_SETUP(dates)
{
	ASSERT_EQ(0, world_begin(&self->world));
	self->record = calloc(1, sizeof(*self->record));
	ASSERT_NE(NULL, self->record);
	clock_gettime(CLOCK_REALTIME, &self->real);
	clock_gettime(CLOCK_BOOTTIME, &self->boot);
	uname(&self->host);
	ASSERT_EQ(0, make_program("banned", "b"));
	policy_init(&self->policy, "dates");
	ASSERT_EQ(0, policy_add(&self->policy, "banned"));
	self->policy.source.issued = ISSUED;
	self->waiver = (struct debar_source_waiver){
		.id = "W-7", .ban = "TEST-1", .owner = "ops", .ticket = "T-12", .expires = WARN,
	};
}

FIXTURE_TEARDOWN(dates)
{
	restore_clock(&self->real, &self->boot);
	sethostname(self->host.nodename, strlen(self->host.nodename));
	policy_free(&self->policy);
	free(self->record);
	world_end(&self->world);
}

/* Runs the banned program on a day; what is recorded of its execution is in @record. */
static int run_on(struct world *world, uint64_t day, struct recorded *record)
{
	uint64_t since = world_status(world).denials_next;
	int ret;

	set_clock(day);
	ret = run("banned");
	recorded_since(world, since, record);
	return ret;
}

#define RUN_ON(day)	run_on(&self->world, day, self->record)

#define EXPECT_RECORDED(verdict_, stage_)					\
	do {									\
		EXPECT_LE(1, self->record->count);				\
		EXPECT_EQ(verdict_, self->record->denial.verdict);		\
		EXPECT_EQ(stage_, self->record->denial.law.stage);		\
		EXPECT_STREQ("1 EX 23", self->record->citation);		\
	} while (0)

TEST_F(dates, stages)
{
	self->policy.ban.audit_from = AUDIT;
	self->policy.ban.warn_from = WARN;
	self->policy.ban.enforce_from = ENFORCE;
	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));

	EXPECT_EQ(0, RUN_ON(AUDIT - 5));
	EXPECT_EQ(0, self->record->count);
	EXPECT_EQ(AUDIT, world_status(&self->world).next_date);
	EXPECT_EQ(0, RUN_ON(AUDIT));
	EXPECT_RECORDED(DEBAR_VERDICT_AUDIT, DEBAR_STAGE_AUDIT);
	EXPECT_EQ(WARN, world_status(&self->world).next_date);
	EXPECT_EQ(0, RUN_ON(WARN));
	EXPECT_RECORDED(DEBAR_VERDICT_AUDIT, DEBAR_STAGE_WARN);
	EXPECT_EQ(ENFORCE, world_status(&self->world).next_date);
	EXPECT_EQ(-EPERM, RUN_ON(ENFORCE));
	EXPECT_RECORDED(DEBAR_VERDICT_DENY, DEBAR_STAGE_ENFORCE);
	EXPECT_EQ(DEBAR_BLOB_NEVER, world_status(&self->world).next_date);

	/* A clock that is set back takes the ban back, but never to before its issue. */
	EXPECT_EQ(0, RUN_ON(AUDIT));
	EXPECT_RECORDED(DEBAR_VERDICT_AUDIT, DEBAR_STAGE_AUDIT);
}

TEST_F(dates, nobody_touches_the_machine)
{
	set_clock(ISSUED + 10);
	self->policy.ban.enforce_from = ISSUED + 12;
	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
	EXPECT_EQ(0, run("banned"));
	sleep(3);
	EXPECT_EQ(-EPERM, run("banned"));
}

/* The battery of a clock is empty: the machine believes that it is 1970. */
TEST_F(dates, clock_before_the_issue)
{
	self->policy.ban.enforce_from = ISSUED;
	self->policy.source.waivers = &self->waiver;
	self->policy.source.waiver_count = 1;
	self->waiver.expires = ISSUED;
	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
	EXPECT_EQ(-EPERM, RUN_ON(1));
	EXPECT_RECORDED(DEBAR_VERDICT_DENY, DEBAR_STAGE_ENFORCE);
}

TEST_F(dates, what_never_refuses)
{
	const struct {
		enum debar_ban_status status;
		uint32_t prohibits;
	} bans[] = {
		{ DEBAR_BAN_STATUS_PROPOSED, 0 },
		{ DEBAR_BAN_STATUS_RUMOURED, DEBAR_BLOB_PROHIBITS_ALL },
		{ DEBAR_BAN_STATUS_FINAL, DEBAR_BLOB_PROHIBITION(DEBAR_PROHIBITION_SUPPLY) },
	};
	size_t i;

	self->policy.ban.enforce_from = ENFORCE;
	for (i = 0; i < ARRAY_SIZE(bans); i++) {
		self->policy.ban.status = bans[i].status;
		self->policy.ban.prohibits = bans[i].prohibits;
		self->policy.source.serial++;
		ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
		EXPECT_EQ(0, RUN_ON(ENFORCE + 1));
		EXPECT_RECORDED(DEBAR_VERDICT_AUDIT, DEBAR_STAGE_AUDIT);
		EXPECT_STREQ("", self->record->override);
	}
	/* The last one, with the operator's own reason. */
	self->policy.ban.override = "board decision 5";
	self->policy.source.serial++;
	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
	EXPECT_EQ(-EPERM, RUN_ON(ENFORCE + 1));
	EXPECT_RECORDED(DEBAR_VERDICT_DENY, DEBAR_STAGE_ENFORCE);
	EXPECT_STREQ("board decision 5", self->record->override);
}

#define EXPECT_WAIVED								\
	do {									\
		EXPECT_RECORDED(DEBAR_VERDICT_AUDIT, DEBAR_STAGE_ENFORCE);	\
		EXPECT_STREQ("W-7", self->record->waiver_id);			\
		EXPECT_STREQ("ops", self->record->waiver_owner);		\
		EXPECT_STREQ("T-12", self->record->waiver_ticket);		\
		EXPECT_EQ(WARN, self->record->denial.law.waiver_expires);	\
	} while (0)

TEST_F(dates, waiver)
{
	self->policy.source.waivers = &self->waiver;
	self->policy.source.waiver_count = 1;
	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
	EXPECT_EQ(1, world_status(&self->world).waivers);
	EXPECT_EQ(0, RUN_ON(WARN - 10));
	EXPECT_WAIVED;
	EXPECT_EQ(WARN, world_status(&self->world).next_date);
	EXPECT_EQ(-EPERM, RUN_ON(WARN));
	EXPECT_RECORDED(DEBAR_VERDICT_DENY, DEBAR_STAGE_ENFORCE);
	EXPECT_STREQ("", self->record->waiver_id);
	EXPECT_EQ(DEBAR_BLOB_NEVER, world_status(&self->world).next_date);
}

TEST_F(dates, waiver_of_a_host)
{
	const char *hosts[] = { "another", "allowed" };

	self->waiver.hosts = hosts;
	self->waiver.host_count = 2;
	self->policy.source.waivers = &self->waiver;
	self->policy.source.waiver_count = 1;
	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
	EXPECT_EQ(2, world_status(&self->world).waivers);
	ASSERT_EQ(0, sethostname("elsewhere", 9));
	EXPECT_EQ(-EPERM, RUN_ON(AUDIT));
	ASSERT_EQ(0, sethostname("allowed", 7));
	EXPECT_EQ(0, RUN_ON(AUDIT));
	EXPECT_WAIVED;
}

/* A waiver of one file of a product, of the product, and of the other product. */
TEST_F(dates, waiver_of_a_digest_and_of_a_product)
{
	ASSERT_EQ(0, make_program("other", "o"));
	ASSERT_EQ(0, policy_add(&self->policy, "other"));
	self->policy.indicators[0].product = "One";
	self->policy.indicators[1].product = "Two";
	self->policy.source.waivers = &self->waiver;
	self->policy.source.waiver_count = 1;
	self->waiver.has_digest = true;
	memcpy(self->waiver.digest, self->policy.indicators[0].digest, DEBAR_DIGEST_SIZE);
	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
	EXPECT_EQ(0, RUN_ON(AUDIT));
	EXPECT_WAIVED;
	EXPECT_EQ(-EPERM, run("other"));

	self->waiver.has_digest = false;
	self->waiver.product = "Two";
	self->policy.source.serial++;
	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
	EXPECT_EQ(-EPERM, run("banned"));
	EXPECT_EQ(0, run("other"));
}

TEST_F(dates, exempt_product)
{
	const char *const exemptions[] = { "Training" };

	ASSERT_EQ(0, make_program("training", "t"));
	ASSERT_EQ(0, policy_add(&self->policy, "training"));
	self->policy.indicators[1].product = "Training";
	self->policy.ban.exemptions = exemptions;
	self->policy.ban.exemption_count = 1;
	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
	EXPECT_EQ(-EPERM, run("banned"));
	EXPECT_EQ(0, run("training"));
}

/* struct shown - the last ban and waiver in force */
struct shown {
	struct debar_ban_info ban;
	struct debar_waiver_info waiver;
	char override[32], host[32];
};

static int take_ban(const struct debar_ban_info *ban, void *data)
{
	struct shown *shown = data;

	if (!ban)
		return 0;
	shown->ban = *ban;
	snprintf(shown->override, sizeof(shown->override), "%s", ban->override);
	return 0;
}

static int take_waiver(const struct debar_waiver_info *waiver, void *data)
{
	struct shown *shown = data;

	if (!waiver)
		return 0;
	shown->waiver = *waiver;
	snprintf(shown->host, sizeof(shown->host), "%s", waiver->host);
	return 0;
}

TEST_F(dates, shown)
{
	const char *hosts[] = { "here" };
	struct shown shown = {};

	self->policy.ban.audit_from = AUDIT;
	self->policy.ban.enforce_from = ENFORCE;
	self->policy.ban.status = DEBAR_BAN_STATUS_AMENDED;
	self->policy.ban.prohibits = DEBAR_BLOB_PROHIBITION(DEBAR_PROHIBITION_RESALE);
	self->policy.ban.override = "why";
	self->waiver.hosts = hosts;
	self->waiver.host_count = 1;
	self->policy.source.waivers = &self->waiver;
	self->policy.source.waiver_count = 1;
	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
	set_clock(AUDIT);
	ASSERT_EQ(0, debar_client_ban_dump(self->world.client, take_ban, &shown));
	ASSERT_EQ(0, debar_client_waiver_dump(self->world.client, take_waiver, &shown));
	EXPECT_EQ(DEBAR_BAN_STATUS_AMENDED, shown.ban.status);
	EXPECT_EQ(DEBAR_BLOB_PROHIBITION(DEBAR_PROHIBITION_RESALE), shown.ban.prohibits);
	EXPECT_STREQ("why", shown.override);
	EXPECT_EQ(AUDIT, shown.ban.audit_from);
	EXPECT_EQ(DEBAR_BLOB_NEVER, shown.ban.warn_from);
	EXPECT_EQ(ENFORCE, shown.ban.enforce_from);
	EXPECT_EQ(DEBAR_STAGE_AUDIT, shown.ban.stage);
	EXPECT_EQ(ENFORCE, shown.ban.next_date);
	EXPECT_STREQ("here", shown.host);
	EXPECT_EQ(NULL, shown.waiver.digest);
	EXPECT_EQ(WARN, shown.waiver.expires);
}

DEBAR_TEST_MAIN
