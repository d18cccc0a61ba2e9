// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a denial says, field by field, compared with what is known of the subject, the file and the
 * policy.
 */
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>

#include "recorded.h"
#include "kselftest_harness.h"

#define CGROUP	"/sys/fs/cgroup/debar-test"

FIXTURE(record)
{
	struct world world;
	struct policy policy;
	struct recorded *record;
	uint64_t since;
	char path[PATH_MAX];
};

FIXTURE_SETUP(record)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, make_program("banned", "b"));
	ASSERT_NE(NULL, realpath("banned", self->path));
	policy_init(&self->policy, "record");
	ASSERT_EQ(0, policy_add(&self->policy, "banned"));
	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
	self->since = world_status(&self->world).denials_next;
	self->record = calloc(1, sizeof(*self->record));
	ASSERT_NE(NULL, self->record);
}

FIXTURE_TEARDOWN(record)
{
	free(self->record);
	policy_free(&self->policy);
	world_end(&self->world);
}

/* Fetches what came since the last time; the number of denials. */
static int fetch(FIXTURE_DATA(record) *self)
{
	recorded_since(&self->world, self->since, self->record);
	self->since = self->record->denial.sequence + 1;
	return self->record->count;
}

static uint64_t now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

/* The number of a namespace, from its link: `pid:[4026531836]`. */
static uint32_t namespace(const char *link)
{
	char text[64] = {};
	unsigned int number = 0;

	if (readlink(link, text, sizeof(text) - 1) > 0)
		sscanf(strchr(text, '[') ?: "", "[%u]", &number);
	return number;
}

static int write_text(const char *path, const char *text)
{
	return rewrite_file(path, text, strlen(text));
}

/* Becomes a subject of which everything is known, and attempts what is banned. */
static int attempt_as_alice(const char *path)
{
	char *const arguments[] = { (char *)path, NULL };

	if (write_text(CGROUP "/cgroup.procs", "0") || write_text("/proc/self/loginuid", "1234"))
		return EIO;
	if (prctl(PR_SET_NAME, "a subject") || setresgid(1000, 1000, 1000) ||
	    setresuid(1000, 1001, 1000))
		return EIO;
	execv(path, arguments);
	return errno;
}

static pid_t run_as_alice(const char *path, int *error)
{
	pid_t child = fork();
	int status;

	if (!child)
		_exit(attempt_as_alice(path));
	waitpid(child, &status, 0);
	*error = WIFEXITED(status) ? WEXITSTATUS(status) : EIO;
	return child;
}

TEST_F(record, of_an_execution)
{
	const struct debar_denial *d = &self->record->denial;
	uint64_t wall[2], boot[2];
	struct stat file, cgroup;
	struct place place;
	int error;
	pid_t child;

	ASSERT_EQ(0, chmod(".", 0755));
	mkdir(CGROUP, 0755);
	ASSERT_EQ(0, stat(CGROUP, &cgroup));
	ASSERT_EQ(0, stat("banned", &file));
	ASSERT_EQ(0, place_of("banned", &place));
	wall[0] = now(CLOCK_REALTIME);
	boot[0] = now(CLOCK_BOOTTIME);
	child = run_as_alice(self->path, &error);
	wall[1] = now(CLOCK_REALTIME);
	boot[1] = now(CLOCK_BOOTTIME);
	rmdir(CGROUP);
	ASSERT_EQ(EPERM, error);
	ASSERT_EQ(1, fetch(self));

	EXPECT_LE(wall[0], d->wall_time);
	EXPECT_GE(wall[1], d->wall_time);
	EXPECT_LE(boot[0], d->boot_time);
	EXPECT_GE(boot[1], d->boot_time);
	EXPECT_EQ(DEBAR_OPERATION_EXECUTE, d->operation);
	EXPECT_EQ(DEBAR_VERDICT_DENY, d->verdict);
	EXPECT_EQ(DEBAR_REASON_INDICATOR, d->reason);

	EXPECT_STREQ(self->path, self->record->path);
	EXPECT_EQ(file.st_size, d->size);
	EXPECT_EQ(file.st_ino, d->inode);
	EXPECT_EQ(place.device, d->device);
	EXPECT_EQ(major(file.st_dev) << 20 | minor(file.st_dev), d->device);
	EXPECT_STREQ(place.filesystem, self->record->filesystem);

	EXPECT_EQ(child, d->pid);
	EXPECT_EQ(child, d->tgid);
	EXPECT_EQ(getpid(), d->ppid);
	EXPECT_EQ(1000, d->uid);
	EXPECT_EQ(1001, d->euid);
	EXPECT_EQ(1234, d->loginuid);
	EXPECT_NE(DEBAR_ID_NONE, d->session);
	EXPECT_STREQ("a subject", self->record->comm);
	EXPECT_STREQ("/tests/record", self->record->subject_exe);
	EXPECT_EQ(cgroup.st_ino, d->cgroup);
	EXPECT_EQ(namespace("/proc/self/ns/pid"), d->pid_ns);
	EXPECT_EQ(namespace("/proc/self/ns/mnt"), d->mnt_ns);
}

TEST_F(record, of_what_matched)
{
	const struct debar_denial *d = &self->record->denial;

	self->policy.ban.product = NULL;
	self->policy.indicators[0].product = "Example Tool";
	self->policy.source.serial++;
	ASSERT_EQ(-EPERM, run("banned"));
	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
	ASSERT_EQ(-EPERM, run("banned"));
	ASSERT_EQ(2, fetch(self));

	EXPECT_STREQ("TEST-1", self->record->ban_id);
	EXPECT_STREQ("1 EX 23", self->record->citation);
	EXPECT_STREQ("", self->record->override);
	EXPECT_STREQ("", self->record->waiver_id);
	EXPECT_EQ(DEBAR_STAGE_ENFORCE, d->law.stage);
	EXPECT_STREQ("Example Vendor", self->record->vendor);
	EXPECT_STREQ("Example Tool", self->record->product);
	EXPECT_STREQ("Example order 1/2024", self->record->authority);
	EXPECT_EQ(DEBAR_INDICATOR_KIND_FILE_SHA256, d->kind);
	ASSERT_NE(NULL, d->digest);
	ASSERT_NE(NULL, d->file_sha256);
	EXPECT_EQ(0, memcmp(self->policy.indicators[0].digest, self->record->digest,
			    DEBAR_DIGEST_SIZE));
	EXPECT_EQ(0, memcmp(self->policy.indicators[0].digest, self->record->file_sha256,
			    DEBAR_DIGEST_SIZE));
	EXPECT_STREQ("record", self->record->policy_name);
	EXPECT_EQ(self->policy.source.serial, d->policy_serial);
	ASSERT_NE(NULL, d->policy_digest);
	EXPECT_EQ(0, memcmp(self->policy.digest, self->record->policy_digest, DEBAR_DIGEST_SIZE));
	/* No one logged in here. */
	EXPECT_EQ(DEBAR_ID_NONE, d->loginuid);
	EXPECT_EQ(DEBAR_ID_NONE, d->session);
}

TEST_F(record, of_a_mapping)
{
	ASSERT_EQ(-EPERM, map("banned", PROT_READ | PROT_EXEC));
	ASSERT_EQ(1, fetch(self));
	EXPECT_EQ(DEBAR_OPERATION_MAP, self->record->denial.operation);
	EXPECT_EQ(getpid(), self->record->denial.pid);
	EXPECT_STREQ(self->path, self->record->path);
}

static void *map_from_thread(void *data)
{
	(void)map("banned", PROT_READ | PROT_EXEC);
	*(pid_t *)data = syscall(SYS_gettid);
	return NULL;
}

TEST_F(record, of_a_thread)
{
	pthread_t thread;
	pid_t tid = 0;

	ASSERT_EQ(0, pthread_create(&thread, NULL, map_from_thread, &tid));
	ASSERT_EQ(0, pthread_join(thread, NULL));
	ASSERT_EQ(1, fetch(self));
	EXPECT_NE(getpid(), tid);
	EXPECT_EQ(tid, self->record->denial.pid);
	EXPECT_EQ(getpid(), self->record->denial.tgid);
}

/* struct container - what a container knows of itself; shared with the processes in it */
struct container {
	pid_t inner;
	pid_t inner_own;
	uint32_t pid_ns;
	uint32_t mnt_ns;
	int result;
};

static int run_in_container(struct container *c)
{
	char link[64], go = 0;
	int channel[2];
	pid_t inner;

	if (pipe(channel) || unshare(CLONE_NEWPID | CLONE_NEWNS))
		return -errno;
	inner = fork();
	if (!inner) {
		(void)!read(channel[0], &go, 1);
		c->inner_own = getpid();
		c->result = run("banned");
		_exit(0);
	}
	c->inner = inner;
	snprintf(link, sizeof(link), "/proc/%d/ns/pid", inner);
	c->pid_ns = namespace(link);
	snprintf(link, sizeof(link), "/proc/%d/ns/mnt", inner);
	c->mnt_ns = namespace(link);
	if (write(channel[1], &go, 1) != 1)
		return -EIO;
	return waitpid(inner, NULL, 0) == inner ? 0 : -errno;
}

/* Numbers of processes are those of the initial namespace, and the namespaces are named. */
TEST_F(record, of_a_container)
{
	struct container *c = mmap(NULL, sizeof(*c), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const struct debar_denial *d = &self->record->denial;
	int status;
	pid_t outer;

	ASSERT_NE(MAP_FAILED, c);
	outer = fork();
	if (!outer)
		_exit(-run_in_container(c));
	ASSERT_EQ(outer, waitpid(outer, &status, 0));
	ASSERT_EQ(0, status);
	ASSERT_EQ(-EPERM, c->result);
	ASSERT_EQ(1, c->inner_own);
	ASSERT_EQ(1, fetch(self));
	/* What runs a program here is a process of its own, the child of the inner one. */
	EXPECT_EQ(c->inner, d->ppid);
	EXPECT_LT(c->inner, d->pid);
	EXPECT_EQ(c->pid_ns, d->pid_ns);
	EXPECT_EQ(c->mnt_ns, d->mnt_ns);
	EXPECT_NE(namespace("/proc/self/ns/pid"), d->pid_ns);
	EXPECT_NE(namespace("/proc/self/ns/mnt"), d->mnt_ns);
}

/* Bytes that are no text, and more of them than a path may have. */
TEST_F(record, of_an_odd_path)
{
	const char odd[] = "\xff \n\"\\\xc3\x28";
	char deep[201];
	int i;

	ASSERT_EQ(0, rename("banned", odd));
	ASSERT_EQ(-EPERM, run(odd));
	ASSERT_EQ(1, fetch(self));
	EXPECT_STREQ(odd, strrchr(self->record->path, '/') + 1);

	memset(deep, 'd', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	ASSERT_EQ(0, rename(odd, "banned"));
	for (i = 0; i < 25; i++) {
		ASSERT_EQ(0, mkdir(deep, 0755));
		ASSERT_EQ(0, chdir(deep));
	}
	ASSERT_EQ(0, link(self->path, "deep-down"));
	ASSERT_EQ(-EPERM, run("deep-down"));
	ASSERT_EQ(1, fetch(self));
	EXPECT_STREQ("deep-down", strrchr(self->record->path, '/') + 1);
	EXPECT_LT(600, strlen(self->record->path));
}

TEST_F(record, of_a_deleted_file)
{
	char path[PATH_MAX + 16];
	int fd, status;
	pid_t child;

	fd = open("banned", O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, unlink("banned"));
	child = fork();
	if (!child) {
		syscall(SYS_execveat, fd, "", NULL, NULL, AT_EMPTY_PATH);
		_exit(errno);
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	ASSERT_EQ(EPERM, WEXITSTATUS(status));
	ASSERT_EQ(1, fetch(self));
	snprintf(path, sizeof(path), "%s (deleted)", self->path);
	EXPECT_STREQ(path, self->record->path);
}

DEBAR_TEST_MAIN
