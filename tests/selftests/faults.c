// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that cannot be identified, because reading them fails, because they change all the time, or
 * because the subject is killed meanwhile; and the module's end while files are being read.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "common.h"
#include "kselftest_harness.h"
#include "loopfs.h"
#include "slowfs.h"

/* Far behind what a program needs to run. */
#define LONG_MARK	(1024 * 1024)

/* struct failure - what the denials since a number say */
struct failure {
	int count;
	uint32_t verdict;
	uint32_t reason;
	uint32_t operation;
	bool has_digest;
	bool has_ban;
};

static int take_failure(const struct debar_denial *denial, const struct debar_denial_state *state,
			void *data)
{
	struct failure *failure = data;

	(void)state;
	if (!denial)
		return 0;
	failure->count++;
	failure->verdict = denial->verdict;
	failure->reason = denial->reason;
	failure->operation = denial->operation;
	failure->has_digest = denial->digest || denial->file_sha256;
	failure->has_ban = *denial->ban_id;
	return 0;
}

static struct failure failures_since(struct world *world, uint64_t since)
{
	struct failure failure = {};

	if (debar_client_denial_dump(world->client, since, take_failure, &failure))
		failure.count = -1;
	return failure;
}

/* Makes a file that ends in that many bytes of @byte, behind a program. */
static int make_long_program(const char *path, char byte)
{
	static char mark[LONG_MARK + 1];

	memset(mark, byte, LONG_MARK);
	return make_program(path, mark);
}

FIXTURE(faults)
{
	struct world world;
	struct slowfs *slow;
	struct debar_status before;
};

FIXTURE_VARIANT(faults)
{
	bool closed;
};

FIXTURE_VARIANT_ADD(faults, fail_open) { .closed = false };
FIXTURE_VARIANT_ADD(faults, fail_closed) { .closed = true };

/* The file that is served is as long as the banned one, and another one. */
FIXTURE_SETUP(faults)
{
	ASSERT_EQ(0, world_begin(&self->world));
	if (variant->closed)
		ASSERT_EQ(0, world_configure(&self->world, "fail_closed=1"));
	EXPECT_EQ(variant->closed, world_status(&self->world).fail_closed);
	ASSERT_EQ(0, make_long_program("banned", 'b'));
	ASSERT_EQ(0, make_long_program("innocent", 'i'));
	ASSERT_EQ(0, ban_one(&self->world, "banned"));
	ASSERT_EQ(0, slowfs_mount(&self->slow, "innocent", "slow"));
	ASSERT_EQ(0, run("slow/" SLOWFS_FILE));
	slowfs_forget();
	self->before = world_status(&self->world);
}

FIXTURE_TEARDOWN(faults)
{
	EXPECT_EQ(0, slowfs_unmount(self->slow));
	if (variant->closed)
		ASSERT_EQ(0, world_configure(&self->world, NULL));
	world_end(&self->world);
}

/* What a failure must have left behind, once. */
#define EXPECT_FAILURE(reason_, verdict_)						\
	do {										\
		struct debar_status after = world_status(&self->world);			\
		struct failure seen =							\
			failures_since(&self->world, self->before.denials_next);	\
											\
		EXPECT_LT(0, seen.count);						\
		EXPECT_EQ(reason_, seen.reason);					\
		EXPECT_EQ(verdict_, seen.verdict);					\
		EXPECT_FALSE(seen.has_digest);						\
		EXPECT_FALSE(seen.has_ban);						\
		after = world_status(&self->world);					\
		EXPECT_EQ(self->before.failures[reason_] + seen.count,			\
			  after.failures[reason_]);					\
		EXPECT_TRUE(after.health & 1U << DEBAR_HEALTH_UNIDENTIFIED);		\
		if (verdict_ == DEBAR_VERDICT_AUDIT)					\
			way_ends("recorded");						\
	} while (0)

#define VERDICT	(variant->closed ? DEBAR_VERDICT_DENY : DEBAR_VERDICT_AUDIT)

TEST_F(faults, read_error)
{
	self->slow->fail_from = self->slow->size - LONG_MARK / 2;
	self->slow->fail = true;
	EXPECT_EQ(variant->closed ? -EPERM : 0, run("slow/" SLOWFS_FILE));
	EXPECT_FAILURE(DEBAR_REASON_IO_ERROR, VERDICT);

	/* Read to its end it is known again. */
	self->slow->fail = false;
	EXPECT_EQ(0, run("slow/" SLOWFS_FILE));
	EXPECT_EQ(0, run("innocent"));
	EXPECT_EQ(-EPERM, run("banned"));
}

TEST_F(faults, read_error_while_mapped)
{
	self->slow->fail_from = 0;
	self->slow->fail = true;
	EXPECT_EQ(variant->closed ? -EPERM : 0, map("slow/" SLOWFS_FILE, PROT_READ | PROT_EXEC));
	EXPECT_EQ(0, map("slow/" SLOWFS_FILE, PROT_READ));
	EXPECT_FAILURE(DEBAR_REASON_IO_ERROR, VERDICT);
	self->slow->fail = false;
}

/* In the mode monitor nothing is refused, whatever happens. */
TEST_F(faults, read_error_in_monitor)
{
	ASSERT_EQ(0, debar_client_mode_set(self->world.client, DEBAR_MODE_MONITOR));
	self->slow->fail_from = 0;
	self->slow->fail = true;
	EXPECT_EQ(0, map("slow/" SLOWFS_FILE, PROT_READ | PROT_EXEC));
	EXPECT_FAILURE(DEBAR_REASON_IO_ERROR, DEBAR_VERDICT_AUDIT);
	self->slow->fail = false;
}

/* What no indicator has the size of is not read, and so cannot fail. */
TEST_F(faults, read_error_of_another_size)
{
	ASSERT_EQ(0, ban_one(&self->world, PAYLOAD));
	self->slow->fail_from = 0;
	self->slow->fail = true;
	EXPECT_EQ(0, map("slow/" SLOWFS_FILE, PROT_READ | PROT_EXEC));
	EXPECT_EQ(0, failures_since(&self->world, self->before.denials_next).count);
	self->slow->fail = false;
}

static void *write_without_end(void *data)
{
	volatile bool *stop = data;
	int fd = open("restless", O_WRONLY | O_CLOEXEC);
	unsigned char byte = 0;

	while (!*stop && pwrite(fd, &byte, 1, LONG_MARK) == 1)
		byte++;
	close(fd);
	return NULL;
}

/*
 * A file that changes each time it is read never has an identity. The writer may be late, in this
 * machine: then the file is read to its end, and known.
 */
TEST_F(faults, changing_all_the_time)
{
	volatile bool stop = false;
	pthread_t writer;
	int tries, result = 0;

	ASSERT_EQ(0, copy_with_mark("innocent", "restless", ""));
	ASSERT_EQ(0, pthread_create(&writer, NULL, write_without_end, (void *)&stop));
	for (tries = 0; tries < 100; tries++) {
		result = map("restless", PROT_READ | PROT_EXEC);
		if (world_status(&self->world).denials_next != self->before.denials_next)
			break;
	}
	stop = true;
	ASSERT_EQ(0, pthread_join(writer, NULL));
	EXPECT_EQ(variant->closed ? -EPERM : 0, result);
	EXPECT_FAILURE(DEBAR_REASON_UNSTABLE, VERDICT);
	EXPECT_EQ(0, map("restless", PROT_READ | PROT_EXEC));
}

TEST_F(faults, killed_while_it_is_read)
{
	pid_t child;

	self->slow->hold = true;
	child = start("slow/" SLOWFS_FILE);
	ASSERT_EQ(0, slowfs_await_reader(self->slow));
	EXPECT_EQ(-ETIMEDOUT, await(child, 200));
	kill(child, SIGKILL);
	EXPECT_EQ(128 + SIGKILL, await(child, 5000));
	self->slow->hold = false;
	/* It may have been the kernel's own reading, before debar's; then nothing was judged. */
	if (world_status(&self->world).failures[DEBAR_REASON_INTERRUPTED] !=
	    self->before.failures[DEBAR_REASON_INTERRUPTED])
		EXPECT_FAILURE(DEBAR_REASON_INTERRUPTED, VERDICT);
	EXPECT_EQ(0, run("slow/" SLOWFS_FILE));
}

static pid_t start_mapping(const char *path)
{
	pid_t child = fork();

	if (!child)
		_exit(-map(path, PROT_READ | PROT_EXEC));
	return child;
}

TEST_F(faults, killed_while_it_is_mapped)
{
	pid_t child;

	self->slow->hold = true;
	child = start_mapping("slow/" SLOWFS_FILE);
	ASSERT_EQ(0, slowfs_await_reader(self->slow));
	EXPECT_EQ(-ETIMEDOUT, await(child, 200));
	kill(child, SIGKILL);
	EXPECT_EQ(128 + SIGKILL, await(child, 5000));
	EXPECT_FAILURE(DEBAR_REASON_INTERRUPTED, VERDICT);
	self->slow->hold = false;
}

/* Nobody else waits for a file that is slow to be read, and a policy can be replaced meanwhile. */
TEST_F(faults, others_go_on)
{
	pid_t child;

	self->slow->hold = true;
	child = start_mapping("slow/" SLOWFS_FILE);
	ASSERT_EQ(0, slowfs_await_reader(self->slow));
	EXPECT_EQ(0, run("innocent"));
	EXPECT_EQ(-EPERM, run("banned"));
	ASSERT_EQ(0, ban_one(&self->world, "innocent"));
	EXPECT_EQ(-EPERM, run("innocent"));
	ASSERT_EQ(0, debar_client_policy_unload(self->world.client));
	EXPECT_EQ(-ETIMEDOUT, await(child, 100));
	self->slow->hold = false;
	EXPECT_EQ(0, await(child, 5000));
}

/* Unloads the module from a process of its own. */
static pid_t start_unloading(struct world *world)
{
	pid_t child;

	debar_client_close(world->client);
	world->client = NULL;
	child = fork();
	if (!child)
		_exit(-debar_module_unload());
	return child;
}

TEST_F_TIMEOUT(faults, unloaded_while_files_are_read, 60)
{
	pid_t mapper, program, unloader;

	ASSERT_EQ(0, ban_one(&self->world, "innocent"));
	self->slow->hold = true;
	mapper = start_mapping("slow/" SLOWFS_FILE);
	ASSERT_EQ(0, slowfs_await_reader(self->slow));
	program = start("slow/" SLOWFS_FILE);
	unloader = start_unloading(&self->world);
	/* It waits for those who are inside, and nobody waits for it. */
	EXPECT_EQ(-ETIMEDOUT, await(unloader, 1000));
	EXPECT_EQ(0, run("innocent"));
	EXPECT_EQ(0, run("banned"));
	self->slow->hold = false;
	/* For their sake it does not wait longer than for the answer to one read. */
	EXPECT_EQ(variant->closed ? EPERM : 0, await(mapper, 10000));
	EXPECT_LE(0, await(program, 10000));
	EXPECT_EQ(0, await(unloader, 20000));
	EXPECT_FALSE(debar_module_loaded());
	ASSERT_EQ(0, debar_module_load(NULL, variant->closed ? "fail_closed=1" : NULL));
	ASSERT_EQ(0, debar_client_open(&self->world.client));
	way_ends("detected");
}

TEST_F_TIMEOUT(faults, unloaded_and_the_readers_killed, 60)
{
	pid_t mapper, unloader;

	self->slow->hold = true;
	mapper = start_mapping("slow/" SLOWFS_FILE);
	ASSERT_EQ(0, slowfs_await_reader(self->slow));
	unloader = start_unloading(&self->world);
	EXPECT_EQ(-ETIMEDOUT, await(unloader, 500));
	kill(mapper, SIGKILL);
	EXPECT_EQ(128 + SIGKILL, await(mapper, 5000));
	EXPECT_EQ(0, await(unloader, 20000));
	self->slow->hold = false;
	ASSERT_EQ(0, debar_module_load(NULL, variant->closed ? "fail_closed=1" : NULL));
	ASSERT_EQ(0, debar_client_open(&self->world.client));
	way_ends("detected");
}

DEBAR_TEST_MAIN
