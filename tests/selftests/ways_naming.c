// SPDX-License-Identifier: GPL-2.0-only
/*
 * A banned program under every name that it can be given, and from every root and namespace that it
 * can be seen from.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ways.h"
#include "kselftest_harness.h"

/* Who is no one special; see the virtual machine's /etc/passwd. */
#define ALICE	1000

FIXTURE(naming)
{
	struct world world;
};

FIXTURE_SETUP(naming)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, chmod(".", 0755));
	ASSERT_EQ(0, make_program("banned", "b"));
}

FIXTURE_TEARDOWN(naming)
{
	world_end(&self->world);
}

#define EXPECT_RUN_REFUSED(name)						\
	EXPECT_CLOSED(&self->world, .banned = "banned", .attempt = attempt_run, .path = name,	\
		      .recorded = name, .operation = DEBAR_OPERATION_EXECUTE)

TEST_F(naming, copy)
{
	ASSERT_EQ(0, copy_with_mark("banned", "copy", ""));
	EXPECT_RUN_REFUSED("copy");
}

TEST_F(naming, hard_link)
{
	ASSERT_EQ(0, link("banned", "link"));
	EXPECT_RUN_REFUSED("link");
}

TEST_F(naming, symbolic_link)
{
	ASSERT_EQ(0, symlink("banned", "link"));
	EXPECT_CLOSED(&self->world, .banned = "banned", .attempt = attempt_run, .path = "link",
		      .operation = DEBAR_OPERATION_EXECUTE);
}

static int attempt_renamed(const char *path)
{
	int ret = rename("banned", path) ? -errno : run(path);

	return rename(path, "banned") ? -errno : ret;
}

TEST_F(naming, renamed)
{
	EXPECT_CLOSED(&self->world, .banned = "banned", .attempt = attempt_renamed,
		      .path = "other", .recorded = "other", .file = "banned",
		      .operation = DEBAR_OPERATION_EXECUTE);
}

TEST_F(naming, bind_mount)
{
	ASSERT_EQ(0, write_file("bound", "", 0, 0755));
	ASSERT_EQ(0, mount("banned", "bound", NULL, MS_BIND, NULL));
	EXPECT_RUN_REFUSED("bound");
	EXPECT_EQ(0, umount("bound"));
}

TEST_F(naming, another_mount)
{
	ASSERT_EQ(0, mkdir("mnt", 0755));
	ASSERT_EQ(0, mount("none", "mnt", "tmpfs", 0, NULL));
	ASSERT_EQ(0, copy_with_mark("banned", "mnt/program", ""));
	EXPECT_RUN_REFUSED("mnt/program");
	EXPECT_EQ(0, umount("mnt"));
}

static int attempt_proc_fd(const char *path)
{
	int fd = open(path, O_RDONLY), ret;
	char name[64];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	ret = run(name);
	close(fd);
	return ret;
}

TEST_F(naming, proc_fd)
{
	EXPECT_CLOSED(&self->world, .banned = "banned", .attempt = attempt_proc_fd,
		      .path = "banned", .operation = DEBAR_OPERATION_EXECUTE);
}

static int attempt_descriptor(const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC), ret = run_descriptor(fd);

	close(fd);
	return ret;
}

TEST_F(naming, empty_path)
{
	EXPECT_CLOSED(&self->world, .banned = "banned", .attempt = attempt_descriptor,
		      .path = "banned", .operation = DEBAR_OPERATION_EXECUTE);
}

static int attempt_deleted(const char *path)
{
	_cleanup_close_ int fd = -1;

	if (copy_with_mark(path, "deleted", ""))
		return -EIO;
	fd = open("deleted", O_RDONLY | O_CLOEXEC);
	return unlink("deleted") ? -errno : run_descriptor(fd);
}

TEST_F(naming, deleted)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/deleted (deleted)", self->world.dir);
	EXPECT_CLOSED(&self->world, .banned = "banned", .attempt = attempt_deleted,
		      .path = "banned", .recorded = path, .file = "",
		      .operation = DEBAR_OPERATION_EXECUTE);
}

/* 4,000 bytes; the kernel takes 4,095 at most. */
TEST_F(naming, long_path)
{
	char path[4001], name[200];

	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	strcpy(path, self->world.dir);
	while (strlen(path) + sizeof(name) + 1 < sizeof(path)) {
		strcat(path, "/");
		strcat(path, name);
		ASSERT_EQ(0, mkdir(path, 0755));
	}
	strcat(path, "/");
	memset(path + strlen(path), 'p', sizeof(path) - 1 - strlen(path));
	path[sizeof(path) - 1] = '\0';
	ASSERT_EQ(4000, strlen(path));
	ASSERT_EQ(0, rename("banned", path));
	EXPECT_CLOSED(&self->world, .banned = path, .attempt = attempt_run, .path = path,
		      .operation = DEBAR_OPERATION_EXECUTE);
}

/* Runs a program in a child that has taken a step first. */
static int run_behind(int (*step)(void), const char *path)
{
	pid_t child = fork();

	if (!child) {
		int ret = step();

		_exit(ret ? 200 : -run(path));
	}
	return exit_of(child);
}

static int change_root(void)
{
	return chroot(".");
}

static int attempt_chroot(const char *path)
{
	return run_behind(change_root, path);
}

TEST_F(naming, chroot)
{
	EXPECT_CLOSED(&self->world, .banned = "banned", .attempt = attempt_chroot,
		      .path = "/banned", .recorded = "/banned", .file = "banned",
		      .operation = DEBAR_OPERATION_EXECUTE);
}

/* The first root of a machine like this cannot be moved: a step aside comes first. */
static int pivot(void)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mkdir("aside", 0755) || mount("none", "aside", "tmpfs", 0, NULL) ||
	    mkdir("aside/new", 0755) || mount(".", "aside/new", NULL, MS_BIND, NULL) ||
	    chroot("aside") || chdir("/new"))
		return -errno;
	if (syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/"))
		return -errno;
	return 0;
}

static int attempt_pivot(const char *path)
{
	int ret = run_behind(pivot, path);

	rmdir("aside");
	return ret;
}

TEST_F(naming, pivot_root)
{
	EXPECT_CLOSED(&self->world, .banned = "banned", .attempt = attempt_pivot,
		      .path = "/banned", .recorded = "/banned", .file = "banned",
		      .operation = DEBAR_OPERATION_EXECUTE);
}

static int enter_user_namespace(void)
{
	return unshare(CLONE_NEWUSER | CLONE_NEWNS);
}

static int attempt_user_namespace(const char *path)
{
	return run_behind(enter_user_namespace, path);
}

TEST_F(naming, user_namespace)
{
	EXPECT_CLOSED(&self->world, .banned = "banned", .attempt = attempt_user_namespace,
		      .path = "banned", .operation = DEBAR_OPERATION_EXECUTE);
}

static int write_text(const char *path, const char *text)
{
	return rewrite_file(path, text, strlen(text));
}

/* What anyone may do: be root in a namespace of one's own, and mount a filesystem there. */
static int mount_as_alice(void)
{
	if (setresgid(ALICE, ALICE, ALICE) || setresuid(ALICE, ALICE, ALICE) ||
	    prctl(PR_SET_DUMPABLE, 1) || unshare(CLONE_NEWUSER | CLONE_NEWNS))
		return -errno;
	if (write_text("/proc/self/uid_map", "0 1000 1") ||
	    write_text("/proc/self/setgroups", "deny") ||
	    write_text("/proc/self/gid_map", "0 1000 1") || mount("none", "mnt", "tmpfs", 0, NULL))
		return -EIO;
	return copy_with_mark("banned", "mnt/program", "");
}

static int attempt_mounted_by_alice(const char *path)
{
	return run_behind(mount_as_alice, path);
}

TEST_F(naming, mounted_by_anyone)
{
	ASSERT_EQ(0, mkdir("mnt", 0755));
	EXPECT_CLOSED(&self->world, .banned = "banned", .attempt = attempt_mounted_by_alice,
		      .path = "mnt/program", .recorded = "mnt/program", .file = "", .uid = ALICE,
		      .operation = DEBAR_OPERATION_EXECUTE);
}

static int attempt_pid_namespace(const char *path)
{
	pid_t child = fork();

	if (!child) {
		pid_t first;

		if (unshare(CLONE_NEWPID))
			_exit(200);
		first = fork();
		if (!first)
			_exit(-run(path));
		_exit(-exit_of(first));
	}
	return exit_of(child);
}

TEST_F(naming, pid_namespace)
{
	EXPECT_CLOSED(&self->world, .banned = "banned", .attempt = attempt_pid_namespace,
		      .path = "banned", .operation = DEBAR_OPERATION_EXECUTE);
}

DEBAR_TEST_MAIN
