// SPDX-License-Identifier: GPL-2.0-only
/*
 * Making memory executable is neither a hole nor a deadlock: threads of one process, which share
 * mmap_lock, write to files from memory that is mapped from files, and so fault under the
 * filesystem's lock, while others make the same files executable, and debar has to read them.
 *
 * A deadlock shows as a test that does not end; where the kernel proves its locking, it says so
 * before it comes to one.
 */
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#include "common.h"
#include "kselftest_harness.h"
#include "loopfs.h"

/* Of each file, behind a program: so long that a write from it faults many times. */
#define LONG_MARK	(64 * 1024)

/* How long the threads are let go on, and how often all verdicts are forgotten meanwhile. */
#define ROUNDS		60
#define ROUND_MS	50

/**
 * struct actor - one thread
 * @act: done again and again; 0 or -errno
 * @path: file that it writes, or makes executable
 * @source: file that is mapped, and written from
 * @expected: what @act must return
 * @done: how often it has
 * @wrong: how often it has returned something else
 * @last: what it was then
 * @stop: ends it
 * @thread: it
 */
struct actor {
	int (*act)(const struct actor *actor);
	const char *path;
	const char *source;
	int expected;
	unsigned int done;
	unsigned int wrong;
	int last;
	volatile bool stop;
	pthread_t thread;
};

/* A new mapping has no pages: each is faulted in while the file that is written is locked. */
static int act_write(const struct actor *actor)
{
	_cleanup_close_ int fd = open(actor->source, O_RDONLY | O_CLOEXEC);
	void *memory = mmap(NULL, LONG_MARK, PROT_READ, MAP_PRIVATE, fd, 0);
	int ret;

	if (memory == MAP_FAILED)
		return -errno;
	ret = rewrite_file(actor->path, memory, LONG_MARK);
	munmap(memory, LONG_MARK);
	return ret;
}

static int act_protect(const struct actor *actor)
{
	return protect(actor->path, PROT_READ | PROT_EXEC);
}

static int act_map(const struct actor *actor)
{
	return map(actor->path, PROT_READ | PROT_EXEC);
}

static void *perform(void *data)
{
	struct actor *actor = data;

	while (!actor->stop) {
		int ret = actor->act(actor);

		if (ret != actor->expected) {
			actor->last = ret;
			actor->wrong++;
		}
		actor->done++;
	}
	return NULL;
}

FIXTURE(protect)
{
	struct world world;
	struct loopfs fs;
};

FIXTURE_VARIANT(protect)
{
	const char *type;
};

FIXTURE_VARIANT_ADD(protect, ext4) { .type = "ext4" };
FIXTURE_VARIANT_ADD(protect, xfs) { .type = "xfs" };

static int make_file(const char *path, char byte)
{
	static char mark[LONG_MARK + 1];

	memset(mark, byte, LONG_MARK);
	return make_program(path, mark);
}

/* All files are as long as the banned one, so that each has to be read. */
FIXTURE_SETUP(protect)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, loopfs_make("image", variant->type));
	ASSERT_EQ(0, loopfs_mount(&self->fs, "image", variant->type, "mnt"));
	ASSERT_EQ(0, chdir("mnt"));
	ASSERT_EQ(0, make_file("banned", 'b'));
	ASSERT_EQ(0, make_file("quiet", 'q'));
	ASSERT_EQ(0, make_file("written", 'w'));
	ASSERT_EQ(0, ban_one(&self->world, "banned"));
}

FIXTURE_TEARDOWN(protect)
{
	ASSERT_EQ(0, chdir(self->world.dir));
	EXPECT_EQ(0, loopfs_unmount(&self->fs));
	world_end(&self->world);
}

/* The banned file stays what it is: it is only written with the same content. */
TEST_F(protect, while_files_are_written_from_mappings)
{
	struct actor actors[] = {
		{ .act = act_write, .path = "written", .source = "written" },
		{ .act = act_write, .path = "written", .source = "quiet" },
		{ .act = act_write, .path = "banned", .source = "banned" },
		{ .act = act_protect, .path = "written" },
		{ .act = act_protect, .path = "quiet" },
		{ .act = act_protect, .path = "banned", .expected = -EPERM },
		{ .act = act_map, .path = "written" },
		{ .act = act_map, .path = "quiet" },
		{ .act = act_map, .path = "banned", .expected = -EPERM },
	};
	struct actor *actor;
	int i;

	for (actor = actors; actor < actors + ARRAY_SIZE(actors); actor++)
		ASSERT_EQ(0, pthread_create(&actor->thread, NULL, perform, actor));
	for (i = 0; i < ROUNDS; i++) {
		sleep_ms(ROUND_MS);
		EXPECT_EQ(0, debar_client_cache_flush(self->world.client));
	}
	for (actor = actors; actor < actors + ARRAY_SIZE(actors); actor++) {
		actor->stop = true;
		ASSERT_EQ(0, pthread_join(actor->thread, NULL));
		TH_LOG("actor %td on %s: %u times, %u wrong, %d", actor - actors, actor->path,
		       actor->done, actor->wrong, actor->last);
		EXPECT_EQ(0, actor->wrong);
		EXPECT_LT(10, actor->done);
	}
}

DEBAR_TEST_MAIN
