// SPDX-License-Identifier: GPL-2.0-only
/*
 * A ban on opening: scripts are not fed to an interpreter, packages not unpacked, in whichever way
 * they are opened; what does not read them, and the administrator's scanner, goes on.
 */
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loopfs.h"
#include "ways.h"
#include "kselftest_harness.h"

#define OPEN_ONLY	DEBAR_BLOB_OPERATION(DEBAR_OPERATION_OPEN)
#define SCRIPT		"#!/bin/sh\nexit 0\n"
#define SHELL		"/usr/bin/dash"
#define FUNCTIONS	"/sys/kernel/tracing/enabled_functions"

FIXTURE(opening)
{
	struct world world;
};

FIXTURE_SETUP(opening)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, write_file("banned", SCRIPT, sizeof(SCRIPT) - 1, 0755));
	ASSERT_EQ(0, write_file("innocent", "#!/bin/sh\nexit 1\n", sizeof(SCRIPT) - 1, 0755));
	ASSERT_EQ(0, write_file("program.py", "exit(0) # b\n", 12, 0644));
}

FIXTURE_TEARDOWN(opening)
{
	world_end(&self->world);
}

/* ... by the test itself, or by a program that it starts */
#define EXPECT_OPEN_REFUSED(how, name)						\
	EXPECT_OPEN_REFUSED_BY(NULL, how, name)
#define EXPECT_OPEN_REFUSED_BY(program, how, name)				\
	EXPECT_CLOSED(&self->world, .banned = name, .attempt = how, .path = name,	\
		      .subject = program, .operation = DEBAR_OPERATION_OPEN,	\
		      .operations = OPEN_ONLY)

static int ban_opening(struct world *world, const char *path)
{
	struct policy policy;
	int ret;

	policy_init(&policy, "opening");
	policy.ban.operations = OPEN_ONLY;
	ret = policy_add(&policy, path);
	if (!ret)
		ret = policy_load(&policy, world->client);
	policy_free(&policy);
	return ret;
}

/* Runs a command of the shell; -EPERM when it says so. */
static int attempt_command(const char *format, const char *path)
{
	char command[256], line[512];
	int ret;

	snprintf(command, sizeof(command), format, path);
	snprintf(line, sizeof(line), "(%s) >out 2>&1", command);
	ret = run_silently(line);
	if (!ret)
		return 0;
	return run_silently("grep -q 'Operation not permitted' out") ? -EIO : -EPERM;
}

static int attempt_shell(const char *path)
{
	return attempt_command("dash ./%s", path);
}

static int attempt_standard_input(const char *path)
{
	return attempt_command("dash -c 'dash <./%s'", path);
}

static int attempt_pipe(const char *path)
{
	return attempt_command("bash -o pipefail -c 'cat ./%s | dash'", path);
}

static int attempt_python(const char *path)
{
	return attempt_command("python3 ./%s", path);
}

static int attempt_source(const char *path)
{
	return attempt_command("bash -c '. ./%s'", path);
}

TEST_F(opening, script_given_to_an_interpreter)
{
	EXPECT_OPEN_REFUSED_BY(SHELL, attempt_shell, "banned");
	EXPECT_OPEN_REFUSED_BY("/usr/bin/bash", attempt_source, "banned");
	EXPECT_OPEN_REFUSED_BY("/usr/bin/python3", attempt_python, "program.py");
}

TEST_F(opening, script_on_standard_input)
{
	EXPECT_OPEN_REFUSED_BY(SHELL, attempt_standard_input, "banned");
	EXPECT_OPEN_REFUSED_BY("/usr/bin/cat", attempt_pipe, "banned");
}

/* The kernel lets it be executed, as the ban says; the interpreter cannot read it. */
TEST_F(opening, script_executed)
{
	ASSERT_EQ(0, ban_opening(&self->world, "banned"));
	EXPECT_LT(0, run("banned"));
	EXPECT_EQ(1, run("innocent"));
}

/* Opened to be executed it is refused as such, and not twice. */
TEST_F(opening, executed_under_a_ban_on_both)
{
	EXPECT_CLOSED(&self->world, .banned = "banned", .attempt = attempt_run, .path = "banned",
		      .operation = DEBAR_OPERATION_EXECUTE,
		      .operations = OPEN_ONLY | DEBAR_BLOB_OPERATION(DEBAR_OPERATION_EXECUTE));
}

static int attempt_unpack(const char *path)
{
	return attempt_command("busybox dpkg-deb -c ./%s", path);
}

static int attempt_copy(const char *path)
{
	return attempt_command("cp ./%s copy", path);
}

TEST_F(opening, package)
{
	ASSERT_EQ(0, run_silently("cat /debs/sl_*.deb >banned.deb"));
	EXPECT_OPEN_REFUSED_BY("/usr/bin/busybox", attempt_unpack, "banned.deb");
	EXPECT_OPEN_REFUSED_BY("/usr/bin/cp", attempt_copy, "banned.deb");

	/* The administrator's own programs look into it, and it can be got rid of. */
	EXPECT_EQ(1, run_silently("debarctl check banned.deb"));
	EXPECT_EQ(0, run_silently("debarctl import banned.deb -o new.yaml && test -s new.yaml"));
	EXPECT_EQ(0, rename("banned.deb", "elsewhere.deb"));
	EXPECT_EQ(0, link("elsewhere.deb", "other.deb"));
	EXPECT_EQ(0, unlink("elsewhere.deb"));
	EXPECT_EQ(0, unlink("other.deb"));
}

static int opened(int fd)
{
	char byte;
	int ret = fd < 0 ? -errno : 0;

	if (fd >= 0) {
		ret = pread(fd, &byte, 1, 0) == 1 ? 0 : -EIO;
		close(fd);
	}
	return ret;
}

static int attempt_read(const char *path)
{
	return opened(open(path, O_RDONLY | O_CLOEXEC));
}

static int attempt_read_and_write(const char *path)
{
	return opened(open(path, O_RDWR | O_CLOEXEC));
}

static int attempt_direct(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECT | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int attempt_through_a_path(const char *path)
{
	_cleanup_close_ int fd = open(path, O_PATH | O_CLOEXEC);
	char name[64];

	if (fd < 0)
		return -EIO; /* Nothing is read by it. */
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	return attempt_read(name);
}

static int attempt_by_handle(const char *path)
{
	struct {
		struct file_handle head;
		unsigned char bytes[MAX_HANDLE_SZ];
	} handle = { .head.handle_bytes = MAX_HANDLE_SZ };
	_cleanup_close_ int folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int mount;

	if (name_to_handle_at(AT_FDCWD, path, &handle.head, &mount, 0))
		return -EIO;
	return opened(open_by_handle_at(folder, &handle.head, O_RDONLY | O_CLOEXEC));
}

/* The one entry of a ring that has just been made. */
static int submit(int ring, const struct io_uring_params *params,
		  const struct io_uring_sqe *request)
{
	size_t size = params->sq_off.array + params->sq_entries * sizeof(uint32_t);
	size_t cq_size = params->cq_off.cqes + params->cq_entries * sizeof(struct io_uring_cqe);
	void *sq = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
	void *cq = mmap(NULL, cq_size, PROT_READ, MAP_SHARED, ring, IORING_OFF_CQ_RING);
	struct io_uring_sqe *sqes = mmap(NULL, params->sq_entries * sizeof(*sqes),
					 PROT_READ | PROT_WRITE, MAP_SHARED, ring,
					 IORING_OFF_SQES);

	if (sq == MAP_FAILED || cq == MAP_FAILED || sqes == MAP_FAILED)
		return -EIO;
	sqes[0] = *request;
	*(uint32_t *)(sq + params->sq_off.array) = 0;
	__atomic_store_n((uint32_t *)(sq + params->sq_off.tail), 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		return -EIO;
	return ((struct io_uring_cqe *)(cq + params->cq_off.cqes))->res;
}

static int attempt_by_ring(const char *path)
{
	struct io_uring_params params = {};
	_cleanup_close_ int ring = syscall(SYS_io_uring_setup, 1, &params);
	const struct io_uring_sqe request = {
		.opcode = IORING_OP_OPENAT,
		.fd = AT_FDCWD,
		.addr = (uintptr_t)path,
		.open_flags = O_RDONLY | O_CLOEXEC,
	};
	int fd;

	if (ring < 0)
		return -EIO;
	fd = submit(ring, &params, &request);
	return fd < 0 ? fd : opened(fd);
}

TEST_F(opening, by_every_call)
{
	EXPECT_OPEN_REFUSED(attempt_read, "banned");
	EXPECT_OPEN_REFUSED(attempt_read_and_write, "banned");
	EXPECT_OPEN_REFUSED(attempt_through_a_path, "banned");
	EXPECT_OPEN_REFUSED(attempt_by_handle, "banned");
	EXPECT_OPEN_REFUSED(attempt_by_ring, "banned");
}

TEST_F(opening, not_for_reading)
{
	struct debar_status before;
	struct stat st;
	int fd;

	ASSERT_EQ(0, ban_opening(&self->world, "banned"));
	before = world_status(&self->world);
	EXPECT_EQ(0, stat("banned", &st));
	fd = open("banned", O_PATH | O_CLOEXEC);
	EXPECT_LE(0, fd);
	close(fd);
	fd = open("banned", O_WRONLY | O_CLOEXEC);
	EXPECT_LE(0, fd);
	close(fd);
	EXPECT_EQ(before.denials_next, world_status(&self->world).denials_next);
	EXPECT_EQ(-EPERM, attempt_read("banned"));
}

/* On an overlay the file below is judged, and by the overlay's name; copied up, it is the same. */
TEST_F(opening, on_an_overlay)
{
	ASSERT_EQ(0, mkdir("lower", 0755) | mkdir("upper", 0755) | mkdir("work", 0755) |
		  mkdir("merged", 0755));
	ASSERT_EQ(0, copy_with_mark("banned", "lower/file", ""));
	(void)run_silently("modprobe overlay");
	ASSERT_EQ(0, mount("none", "merged", "overlay", 0,
			   "lowerdir=lower,upperdir=upper,workdir=work"));
	EXPECT_OPEN_REFUSED(attempt_read, "merged/file");
	ASSERT_EQ(0, chmod("merged/file", 0700));
	EXPECT_OPEN_REFUSED(attempt_read, "merged/file");
	EXPECT_OPEN_REFUSED_BY(SHELL, attempt_shell, "merged/file");
	EXPECT_EQ(0, umount("merged"));
}

TEST_F(opening, direct_and_remembered_on_a_disk)
{
	struct debar_status before;
	struct loopfs fs;

	ASSERT_EQ(0, loopfs_make("image", "ext4"));
	ASSERT_EQ(0, loopfs_mount(&fs, "image", "ext4", "mnt"));
	ASSERT_EQ(0, copy_with_mark("banned", "mnt/banned", ""));
	ASSERT_EQ(0, copy_with_mark("innocent", "mnt/innocent", ""));
	loopfs_settle();
	EXPECT_OPEN_REFUSED(attempt_direct, "mnt/banned");
	EXPECT_EQ(0, attempt_read("mnt/innocent"));
	before = world_status(&self->world);
	EXPECT_EQ(0, attempt_read("mnt/innocent"));
	EXPECT_EQ(-EPERM, attempt_read("mnt/banned"));
	EXPECT_EQ(before.hashed_files, world_status(&self->world).hashed_files);
	EXPECT_EQ(0, loopfs_unmount(&fs));
}

/* What the kernel makes up when it is read is not read by debar, whatever the policy. */
TEST_F(opening, kernels_own_files)
{
	static const char *const files[] = {
		"/proc/self/status", "/proc/sys/kernel/ostype", "/sys/kernel/mm/transparent_hugepage/enabled",
		"/sys/kernel/security/lsm", "/sys/kernel/tracing/current_tracer",
		"/sys/fs/cgroup/cgroup.controllers",
	};
	struct debar_status before, after;
	struct policy policy;
	size_t i;

	policy_init(&policy, "sizeless");
	policy.ban.operations = OPEN_ONLY;
	ASSERT_EQ(0, policy_add(&policy, "banned"));
	policy.indicators[0].size = 0; /* not known */
	ASSERT_EQ(0, policy_load(&policy, self->world.client));
	policy_free(&policy);
	before = world_status(&self->world);
	for (i = 0; i < ARRAY_SIZE(files); i++)
		EXPECT_EQ(0, attempt_read(files[i])) TH_LOG("%s", files[i]);
	after = world_status(&self->world);
	EXPECT_EQ(before.hashed_files, after.hashed_files);
	EXPECT_EQ(before.denials_next, after.denials_next);
	EXPECT_EQ(0, attempt_read("innocent"));
	EXPECT_EQ(-EPERM, attempt_read("banned"));
}

static int read_in_a_child(const char *path)
{
	pid_t child = fork();

	if (!child)
		_exit(-attempt_read(path));
	return exit_of(child);
}

TEST_F(opening, by_a_scanner)
{
	struct debar_client *scanner;

	ASSERT_EQ(0, ban_opening(&self->world, "banned"));
	EXPECT_EQ(0, world_status(&self->world).scanners);
	ASSERT_EQ(0, debar_client_open(&scanner));
	EXPECT_EQ(-EPERM, attempt_read("banned"));
	ASSERT_EQ(0, debar_client_scan_begin(scanner));
	EXPECT_EQ(0, debar_client_scan_begin(scanner));
	EXPECT_EQ(1, world_status(&self->world).scanners);
	EXPECT_EQ(0, attempt_read("banned"));
	EXPECT_EQ(-EPERM, read_in_a_child("banned"));
	debar_client_close(scanner);
	EXPECT_EQ(0, world_status(&self->world).scanners);
	EXPECT_EQ(-EPERM, attempt_read("banned"));
}

TEST_F(opening, by_too_many_scanners)
{
	struct debar_client *scanners[17];
	int i;

	for (i = 0; i < 17; i++) {
		ASSERT_EQ(0, debar_client_open(&scanners[i]));
		EXPECT_EQ(i < 16 ? 0 : -EUSERS, debar_client_scan_begin(scanners[i]));
	}
	EXPECT_STREQ("too many processes are scanning: try again later",
		     debar_client_message(scanners[16]));
	for (i = 0; i < 17; i++)
		debar_client_close(scanners[i]);
	EXPECT_EQ(0, world_status(&self->world).scanners);
}

/* Lets every opening on a mount go on, until it is killed. */
static pid_t start_listener(const char *path)
{
	struct fanotify_event_metadata event;
	int fd = fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY | O_CLOEXEC);
	pid_t child;

	if (fd < 0 ||
	    fanotify_mark(fd, FAN_MARK_ADD | FAN_MARK_MOUNT, FAN_OPEN_PERM, AT_FDCWD, path))
		return -1;
	child = fork();
	if (!child) {
		while (read(fd, &event, sizeof(event)) == sizeof(event)) {
			const struct fanotify_response response = {
				.fd = event.fd, .response = FAN_ALLOW,
			};

			(void)!write(fd, &response, sizeof(response));
			close(event.fd);
		}
		_exit(0);
	}
	close(fd);
	return child;
}

/* Who is asked before each opening gets the file to look at, and is not asked about that. */
TEST_F_TIMEOUT(opening, while_a_listener_decides, 20)
{
	pid_t listener;

	ASSERT_EQ(0, mkdir("mnt", 0755));
	ASSERT_EQ(0, mount("none", "mnt", "tmpfs", 0, NULL));
	ASSERT_EQ(0, copy_with_mark("banned", "mnt/banned", ""));
	ASSERT_EQ(0, copy_with_mark("innocent", "mnt/innocent", ""));
	listener = start_listener("mnt");
	ASSERT_LT(0, listener);
	EXPECT_OPEN_REFUSED(attempt_read, "mnt/banned");
	EXPECT_EQ(0, attempt_read("mnt/innocent"));
	kill(listener, SIGKILL);
	waitpid(listener, NULL, 0);
	EXPECT_EQ(0, umount("mnt"));
}

/* Nobody who does not need it pays for it. */
TEST_F(opening, attached_only_when_needed)
{
	const char *const look = "grep -q -E 'ima_file_check|file_post_open' " FUNCTIONS;
	struct debar_status status;

	EXPECT_NE(0, run_silently(look));
	ASSERT_EQ(0, ban_one(&self->world, "banned"));
	EXPECT_NE(0, run_silently(look));
	ASSERT_EQ(0, ban_opening(&self->world, "banned"));
	EXPECT_EQ(0, run_silently(look));
	status = world_status(&self->world);
	EXPECT_EQ(0, status.health & 1 << DEBAR_HEALTH_HOOK_DETACHED);
	ASSERT_EQ(0, ban_one(&self->world, "innocent"));
	EXPECT_NE(0, run_silently(look));
	ASSERT_EQ(0, ban_opening(&self->world, "banned"));
	ASSERT_EQ(0, debar_client_policy_unload(self->world.client));
	EXPECT_NE(0, run_silently(look));
	/* With the hook attached the module goes, too. */
	ASSERT_EQ(0, ban_opening(&self->world, "banned"));
	ASSERT_EQ(0, world_reload(&self->world, NULL));
	EXPECT_EQ(0, attempt_read("banned"));
}

DEBAR_TEST_MAIN
