// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's ring of denials: none is missed, what is lost is counted, and readers are told and
 * do not disturb.
 */
#include <poll.h>
#include <string.h>

#include "client_socket.h"
#include "common.h"
#include "kselftest_harness.h"

#define SMALL_RING	16

FIXTURE(denials)
{
	struct world world;
};

FIXTURE_SETUP(denials)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, make_program("banned", "b"));
	ASSERT_EQ(0, ban_one(&self->world, "banned"));
}

FIXTURE_TEARDOWN(denials)
{
	world_end(&self->world);
}

/* Attempts it that often; how often it was not refused. */
static int attempt(int times)
{
	int wrong = 0;

	while (times--)
		wrong += run("banned") != -EPERM;
	return wrong;
}

/**
 * struct seen - what a dump has shown
 * @state: as it was at the beginning
 * @count: denials
 * @first: their first number
 * @gaps: numbers that did not follow the one before, and times that went back
 * @last: the number of the last one
 * @time: boot time of the last one
 */
struct seen {
	struct debar_denial_state state;
	int count;
	uint64_t first;
	int gaps;
	uint64_t last;
	uint64_t time;
};

static int take(const struct debar_denial *denial, const struct debar_denial_state *state,
		void *data)
{
	struct seen *seen = data;

	if (!denial) {
		seen->state = *state;
		return 0;
	}
	if (!seen->count++)
		seen->first = denial->sequence;
	else if (denial->sequence != seen->last + 1 || denial->boot_time < seen->time)
		seen->gaps++;
	seen->last = denial->sequence;
	seen->time = denial->boot_time;
	return 0;
}

static struct seen dump(struct debar_client *client, uint64_t since)
{
	struct seen seen = {};

	if (debar_client_denial_dump(client, since, take, &seen))
		seen.count = -1;
	return seen;
}

#define EXPECT_SEEN(seen, first_, last_)					\
	do {									\
		EXPECT_EQ((int)((last_) - (first_) + 1), (seen).count);		\
		EXPECT_EQ(first_, (seen).first);				\
		EXPECT_EQ(last_, (seen).last);					\
		EXPECT_EQ(0, (seen).gaps);					\
	} while (0)

TEST_F(denials, a_thousand_in_order)
{
	struct debar_status before = world_status(&self->world);
	uint64_t next = before.denials_next;
	struct seen seen;

	EXPECT_EQ(0, attempt(1000));
	seen = dump(self->world.client, next);
	EXPECT_SEEN(seen, next, next + 999);
	EXPECT_EQ(next + 1000, seen.state.next);
	EXPECT_EQ(before.denials_lost, seen.state.lost);
	EXPECT_EQ(before.generation, seen.state.generation);
	EXPECT_EQ(before.denied + 1000, world_status(&self->world).denied);
}

TEST_F(denials, from_any_number_on)
{
	uint64_t next = world_status(&self->world).denials_next;
	struct seen seen;

	EXPECT_EQ(0, attempt(10));
	seen = dump(self->world.client, next + 4);
	EXPECT_SEEN(seen, next + 4, next + 9);
	seen = dump(self->world.client, next + 9);
	EXPECT_SEEN(seen, next + 9, next + 9);
	EXPECT_EQ(0, dump(self->world.client, next + 10).count);
	EXPECT_EQ(0, dump(self->world.client, next + 1000).count);
	EXPECT_EQ(0, dump(self->world.client, UINT64_MAX).count);
	EXPECT_EQ(next + 10, dump(self->world.client, UINT64_MAX).state.next);
	seen = dump(self->world.client, 0);
	EXPECT_SEEN(seen, seen.state.oldest, next + 9);
}

TEST_F(denials, overwritten_ones_are_counted)
{
	struct debar_status status;
	struct seen seen;
	char parameter[32];
	uint64_t last;

	snprintf(parameter, sizeof(parameter), "ring_size=%d", SMALL_RING);
	ASSERT_EQ(0, world_configure(&self->world, parameter));
	ASSERT_EQ(SMALL_RING, world_status(&self->world).ring_size);
	ASSERT_EQ(0, ban_one(&self->world, "banned"));
	/* What was read is not lost, whoever caused it. */
	seen = dump(self->world.client, 0);
	last = seen.state.next - 1;

	EXPECT_EQ(0, attempt(40));
	seen = dump(self->world.client, last + 1);
	EXPECT_EQ(last + 25, seen.state.oldest);
	EXPECT_EQ(last + 41, seen.state.next);
	EXPECT_EQ(24, seen.state.lost);
	EXPECT_SEEN(seen, last + 25, last + 40);
	status = world_status(&self->world);
	EXPECT_EQ(24, status.denials_lost);
	EXPECT_TRUE(status.health & 1U << DEBAR_HEALTH_DENIALS_LOST);

	/* What was read is not lost when it is overwritten. */
	EXPECT_EQ(0, attempt(SMALL_RING));
	seen = dump(self->world.client, last + 41);
	EXPECT_SEEN(seen, last + 41, last + 56);
	EXPECT_EQ(24, seen.state.lost);
	EXPECT_EQ(0, attempt(SMALL_RING + 4));
	seen = dump(self->world.client, last + 57);
	EXPECT_SEEN(seen, last + 61, last + 76);
	EXPECT_EQ(28, seen.state.lost);
	ASSERT_EQ(0, world_configure(&self->world, NULL));
}

/* struct reader - a reader in whose dump something else happens, once */
struct reader {
	struct seen seen;
	struct debar_client *other;
	uint64_t since;
	struct seen others;
};

static int take_with_another(const struct debar_denial *denial,
			     const struct debar_denial_state *state, void *data)
{
	struct reader *reader = data;
	int ret = take(denial, state, &reader->seen);

	if (reader->seen.count == 50)
		reader->others = dump(reader->other, reader->since);
	return ret;
}

TEST_F(denials, two_readers)
{
	struct reader reader = { .since = world_status(&self->world).denials_next };

	ASSERT_EQ(0, debar_client_open(&reader.other));
	EXPECT_EQ(0, attempt(100));
	ASSERT_EQ(0, debar_client_denial_dump(self->world.client, reader.since, take_with_another,
					      &reader));
	EXPECT_SEEN(reader.seen, reader.since, reader.since + 99);
	EXPECT_SEEN(reader.others, reader.since, reader.since + 99);
	debar_client_close(reader.other);
}

static int take_and_attempt(const struct debar_denial *denial,
			    const struct debar_denial_state *state, void *data)
{
	(void)attempt(2);
	return take(denial, state, data);
}

/* A dump ends, however many denials come while it goes on; the next one goes on where it ended. */
TEST_F(denials, while_they_are_read)
{
	uint64_t next = world_status(&self->world).denials_next;
	struct seen seen = {};

	EXPECT_EQ(0, attempt(100));
	ASSERT_EQ(0, debar_client_denial_dump(self->world.client, next, take_and_attempt, &seen));
	EXPECT_LE(100, seen.count);
	EXPECT_GE(300, seen.count);
	EXPECT_EQ(0, seen.gaps);
	next = seen.last + 1;
	seen = dump(self->world.client, next);
	EXPECT_EQ(next, seen.first);
	EXPECT_EQ(world_status(&self->world).denials_next, seen.last + 1);
	EXPECT_EQ(0, seen.gaps);
}

/* What happens to a listener within a second. */
static int events(struct debar_watch *watch)
{
	struct pollfd poll_fd = { .fd = debar_watch_fd(watch), .events = POLLIN };
	int seen = 0, ret;

	while (poll(&poll_fd, 1, seen ? 100 : 1000) > 0) {
		ret = debar_watch_read(watch);
		if (ret < 0)
			return ret;
		seen |= ret;
	}
	return seen;
}

TEST_F(denials, doorbell)
{
	struct debar_watch *watch;

	ASSERT_EQ(0, debar_watch_open(&watch));
	ASSERT_EQ(0, debar_watch_join(watch));
	EXPECT_EQ(0, attempt(1));
	EXPECT_EQ(DEBAR_EVENT_DENIALS, events(watch));
	EXPECT_EQ(0, attempt(20));
	EXPECT_EQ(DEBAR_EVENT_DENIALS, events(watch));
	ASSERT_EQ(0, ban_one(&self->world, "banned"));
	EXPECT_EQ(DEBAR_EVENT_POLICY, events(watch));
	ASSERT_EQ(0, debar_client_mode_set(self->world.client, DEBAR_MODE_MONITOR));
	EXPECT_EQ(DEBAR_EVENT_POLICY, events(watch));
	/* What is so already is no news. */
	ASSERT_EQ(0, debar_client_mode_set(self->world.client, DEBAR_MODE_MONITOR));
	ASSERT_EQ(0, debar_client_cache_flush(self->world.client));
	EXPECT_EQ(0, events(watch));
	EXPECT_EQ(0, run("banned"));
	EXPECT_EQ(DEBAR_EVENT_DENIALS, events(watch));
	ASSERT_EQ(0, debar_client_policy_unload(self->world.client));
	EXPECT_EQ(DEBAR_EVENT_POLICY, events(watch));
	debar_watch_close(watch);
}

TEST_F(denials, doorbell_of_the_module)
{
	struct debar_watch *watch;

	ASSERT_EQ(0, debar_watch_open(&watch));
	ASSERT_EQ(0, debar_watch_join(watch));
	ASSERT_EQ(0, world_reload(&self->world, NULL));
	EXPECT_TRUE(events(watch) & DEBAR_EVENT_MODULE);
	debar_watch_close(watch);
}

/* A dump that nobody reads to its end holds the module, and nothing else. */
TEST_F(denials, dump_half_way)
{
	struct debar_socket *sock;
	struct debar_family family;
	struct nlmsghdr *request;

	EXPECT_EQ(0, attempt(500));
	ASSERT_EQ(0, debar_socket_open(&sock, 0));
	ASSERT_EQ(0, debar_socket_family(sock, &family));
	request = debar_socket_request(sock, family.id, DEBAR_CMD_DENIAL_DUMP, NLM_F_DUMP);
	ASSERT_LT(0, mnl_socket_sendto(sock->mnl, request, request->nlmsg_len));
	ASSERT_LT(0, mnl_socket_recvfrom(sock->mnl, sock->buffer, sizeof(sock->buffer)));
	EXPECT_EQ(-EAGAIN, debar_module_unload());
	EXPECT_EQ(0, attempt(10));
	debar_socket_close(sock);
	EXPECT_EQ(0, world_reload(&self->world, NULL));
}

DEBAR_TEST_MAIN
