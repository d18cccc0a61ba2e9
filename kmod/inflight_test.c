// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of inflight.h: one task reads a file, the others that want to wait. */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>

#include "inflight.h"

/* A file's name is its address alone, which is never followed. */
#define FILE	((const struct inode *)8UL)
#define OTHER	((const struct inode *)16UL)

/**
 * struct reader - a task that wants to read a file
 * @inode: the file
 * @started: it is about to
 * @inside: it does
 */
struct reader {
	const struct inode *inode;
	struct completion started;
	bool inside;
};

static int read_a_file(void *data)
{
	struct reader *reader = data;
	struct debar_inflight *inflight;

	complete(&reader->started);
	inflight = debar_inflight_enter(reader->inode);
	if (IS_ERR(inflight))
		return PTR_ERR(inflight);
	WRITE_ONCE(reader->inside, true);
	debar_inflight_leave(inflight);
	return 0;
}

static struct task_struct *start(struct kunit *test, struct reader *reader)
{
	struct task_struct *task;

	init_completion(&reader->started);
	task = kthread_create(read_a_file, reader, "debar-reader");
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, task);
	get_task_struct(task);
	wake_up_process(task);
	wait_for_completion(&reader->started);
	return task;
}

static int end(struct task_struct *task)
{
	int ret = kthread_stop(task);

	put_task_struct(task);
	return ret;
}

static void lets_one_read_at_a_time(struct kunit *test)
{
	struct debar_inflight *inflight = debar_inflight_enter(FILE);
	struct reader same = { .inode = FILE }, other = { .inode = OTHER };
	struct task_struct *waits, *reads;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, inflight);
	waits = start(test, &same);
	reads = start(test, &other);
	KUNIT_EXPECT_EQ(test, end(reads), 0);
	KUNIT_EXPECT_TRUE(test, READ_ONCE(other.inside));
	msleep(20);
	KUNIT_EXPECT_FALSE(test, READ_ONCE(same.inside));
	debar_inflight_leave(inflight);
	KUNIT_EXPECT_EQ(test, end(waits), 0);
	KUNIT_EXPECT_TRUE(test, READ_ONCE(same.inside));
}

static void needs_no_memory(struct kunit *test)
{
	debar_inflight_leave(NULL);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(lets_one_read_at_a_time),
	KUNIT_CASE(needs_no_memory),
	{}
};

static struct kunit_suite suite = {
	.name = "debar-inflight",
	.test_cases = cases,
};

kunit_test_suite(suite);
