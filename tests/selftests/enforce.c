// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is refused and what is not: programs, scripts and libraries, by whatever name, from whatever
 * subject, and in whatever way they become executable. Whatever is not banned goes on as ever.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "common.h"
#include "kselftest_harness.h"

/* Who is no one special; see the virtual machine's /etc/passwd. */
#define ALICE	1000

FIXTURE(program)
{
	struct world world;
};

/* The innocent one is as long as the banned one, so its content decides. */
FIXTURE_SETUP(program)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, make_program("banned", "b"));
	ASSERT_EQ(0, make_program("innocent", "i"));
	ASSERT_EQ(0, run("banned"));
	ASSERT_EQ(0, ban_one(&self->world, "banned"));
}

FIXTURE_TEARDOWN(program)
{
	world_end(&self->world);
}

TEST_F(program, executed)
{
	int i;

	for (i = 0; i < 3; i++) {
		EXPECT_EQ(-EPERM, run("banned"));
		EXPECT_EQ(0, run("innocent"));
	}
}

TEST_F(program, by_another_name)
{
	ASSERT_EQ(0, copy_with_mark("banned", "copy", ""));
	EXPECT_EQ(-EPERM, run("copy"));
	ASSERT_EQ(0, link("banned", "hardlink"));
	EXPECT_EQ(-EPERM, run("hardlink"));
	ASSERT_EQ(0, symlink("banned", "symlink"));
	EXPECT_EQ(-EPERM, run("symlink"));
	ASSERT_EQ(0, rename("banned", "renamed"));
	EXPECT_EQ(-EPERM, run("renamed"));
	ASSERT_EQ(0, rename("innocent", "banned"));
	EXPECT_EQ(0, run("banned"));
}

TEST_F(program, changed)
{
	ASSERT_EQ(0, copy_with_mark("banned", "longer", "x"));
	EXPECT_EQ(0, run("longer"));
	ASSERT_EQ(0, copy_with_mark("innocent", "other", ""));
	EXPECT_EQ(0, run("other"));
}

/* Runs what a descriptor stands for; the exit code, or -errno. */
static int run_descriptor(int fd)
{
	char *const arguments[] = { "descriptor", NULL };
	int status;
	pid_t child = fork();

	if (!child) {
		syscall(SYS_execveat, fd, "", arguments, NULL, AT_EMPTY_PATH);
		_exit(errno);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
}

TEST_F(program, by_descriptor)
{
	int fd = open("banned", O_RDONLY | O_CLOEXEC);

	EXPECT_EQ(-EPERM, run_descriptor(fd));
	close(fd);
	fd = open("innocent", O_PATH | O_CLOEXEC);
	EXPECT_EQ(0, run_descriptor(fd));
	close(fd);
}

TEST_F(program, in_memory_file)
{
	static const char *const names[] = { "banned", "innocent" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		_cleanup_buffer_ struct debar_buffer content = {};
		int fd = memfd_create(names[i], MFD_CLOEXEC);

		ASSERT_EQ(0, debar_file_read(names[i], SIZE_MAX, &content));
		ASSERT_EQ(content.length, write(fd, content.data, content.length));
		EXPECT_EQ(i ? 0 : -EPERM, run_descriptor(fd));
		close(fd);
	}
}

TEST_F(program, deleted)
{
	int fd = open("banned", O_RDONLY | O_CLOEXEC);

	ASSERT_EQ(0, unlink("banned"));
	EXPECT_EQ(-EPERM, run_descriptor(fd));
	close(fd);
}

TEST_F(program, from_another_subject)
{
	const char *const banned[] = { LAUNCHER, "banned", NULL };
	const char *const innocent[] = { LAUNCHER, "innocent", NULL };

	EXPECT_EQ(EPERM, run_with(banned));
	EXPECT_EQ(0, run_with(innocent));
}

/* The subject may execute the files and not read them; what it may read is not the question. */
TEST_F(program, not_readable_for_the_subject)
{
	int status;
	pid_t child;

	ASSERT_EQ(0, chmod(".", 0755));
	ASSERT_EQ(0, chmod("banned", 0711));
	ASSERT_EQ(0, chmod("innocent", 0711));
	child = fork();
	ASSERT_LE(0, child);
	if (!child) {
		EXPECT_EQ(0, setgid(ALICE));
		EXPECT_EQ(0, setuid(ALICE));
		EXPECT_EQ(-1, open("banned", O_RDONLY));
		EXPECT_EQ(-EPERM, run("banned"));
		EXPECT_EQ(0, run("innocent"));
		_exit(0);
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
}

TEST_F(program, larger_than_one_read)
{
	static char mark[3 * 1024 * 1024];

	memset(mark, 'm', sizeof(mark) - 1);
	ASSERT_EQ(0, make_program("large-banned", mark));
	mark[sizeof(mark) - 2] = 'n';
	ASSERT_EQ(0, make_program("large-innocent", mark));
	ASSERT_EQ(0, ban_one(&self->world, "large-banned"));
	EXPECT_EQ(-EPERM, run("large-banned"));
	EXPECT_EQ(0, run("large-innocent"));
	EXPECT_EQ(0, run("banned"));
}

/* Without a size in any indicator every file is read. */
TEST_F(program, of_unknown_size)
{
	struct policy policy;

	policy_init(&policy, "sizeless");
	ASSERT_EQ(0, policy_add(&policy, "banned"));
	policy.indicators[0].size = 0;
	ASSERT_EQ(0, policy_load(&policy, self->world.client));
	EXPECT_EQ(-EPERM, run("banned"));
	EXPECT_EQ(0, run("innocent"));
	ASSERT_EQ(0, copy_with_mark("innocent", "longer", "xyz"));
	EXPECT_EQ(0, run("longer"));
	policy_free(&policy);
}

/* A script is banned for itself, and for what interprets it. */
TEST_F(program, script)
{
	char banned[128], innocent[128];

	snprintf(banned, sizeof(banned), "#!%s/banned\n", self->world.dir);
	snprintf(innocent, sizeof(innocent), "#!%s/innocent\n", self->world.dir);
	ASSERT_EQ(0, write_file("by-banned", banned, strlen(banned), 0755));
	ASSERT_EQ(0, write_file("by-innocent", innocent, strlen(innocent), 0755));
	EXPECT_EQ(-EPERM, run("by-banned"));
	EXPECT_EQ(0, run("by-innocent"));
	ASSERT_EQ(0, copy_with_mark("by-innocent", "other", "# another script\n"));
	ASSERT_EQ(0, ban_one(&self->world, "by-innocent"));
	EXPECT_EQ(-EPERM, run("by-innocent"));
	EXPECT_EQ(0, run("other"));
	EXPECT_EQ(0, run("by-banned"));
}

TEST_F(program, after_the_policy)
{
	ASSERT_EQ(0, debar_client_policy_unload(self->world.client));
	EXPECT_EQ(0, run("banned"));
	ASSERT_EQ(0, ban_one(&self->world, "innocent"));
	EXPECT_EQ(0, run("banned"));
	EXPECT_EQ(-EPERM, run("innocent"));
}

FIXTURE(library)
{
	struct world world;
};

FIXTURE_SETUP(library)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, copy_with_mark(PAYLOAD_LIBRARY, "banned.so", "b"));
	ASSERT_EQ(0, copy_with_mark(PAYLOAD_LIBRARY, "innocent.so", "i"));
	ASSERT_EQ(0, ban_one(&self->world, "banned.so"));
}

FIXTURE_TEARDOWN(library)
{
	world_end(&self->world);
}

TEST_F(library, mapped)
{
	EXPECT_EQ(-EPERM, map("banned.so", PROT_READ | PROT_EXEC));
	EXPECT_EQ(-EPERM, map("banned.so", PROT_EXEC));
	EXPECT_EQ(0, map("banned.so", PROT_READ));
	EXPECT_EQ(0, map("banned.so", PROT_READ | PROT_WRITE));
	EXPECT_EQ(0, map("banned.so", PROT_NONE));
	EXPECT_EQ(0, map("innocent.so", PROT_READ | PROT_EXEC));
}

TEST_F(library, opened_by_the_loader)
{
	int (*payload)(void);
	const char *message;
	void *handle;

	EXPECT_EQ(NULL, dlopen("./banned.so", RTLD_NOW));
	message = dlerror();
	ASSERT_NE(NULL, message);
	EXPECT_NE(NULL, strstr(message, "failed to map segment")) TH_LOG("%s", message);
	handle = dlopen("./innocent.so", RTLD_NOW);
	ASSERT_NE(NULL, handle);
	payload = (int (*)(void))dlsym(handle, "debar_payload");
	ASSERT_NE(NULL, payload);
	EXPECT_EQ(42, payload());
	dlclose(handle);
}

TEST_F(library, anonymous_memory)
{
	void *memory = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	EXPECT_NE(MAP_FAILED, memory);
	munmap(memory, 4096);
}

/* Old programs ask for memory to be read and get it executable, unless the mount forbids it. */
TEST_F(library, read_implies_exec)
{
	ASSERT_EQ(0, mkdir("noexec", 0755));
	ASSERT_EQ(0, mount("none", "noexec", "tmpfs", MS_NOEXEC, NULL));
	ASSERT_EQ(0, copy_with_mark("banned.so", "noexec/banned.so", ""));
	ASSERT_LE(0, personality(READ_IMPLIES_EXEC));
	EXPECT_EQ(-EPERM, map("banned.so", PROT_READ));
	EXPECT_EQ(0, map("banned.so", PROT_NONE));
	EXPECT_EQ(0, map("innocent.so", PROT_READ));
	EXPECT_EQ(0, map("noexec/banned.so", PROT_READ));
	ASSERT_LE(0, personality(PER_LINUX));
	EXPECT_EQ(0, umount("noexec"));
}

TEST_F(library, protected)
{
	int i;

	for (i = 0; i < 3; i++) {
		EXPECT_EQ(-EPERM, protect("banned.so", PROT_READ | PROT_EXEC));
		EXPECT_EQ(0, protect("innocent.so", PROT_READ | PROT_EXEC));
	}
	EXPECT_EQ(0, protect("banned.so", PROT_READ));
	EXPECT_EQ(0, protect("banned.so", PROT_READ | PROT_WRITE));
	ASSERT_LE(0, personality(READ_IMPLIES_EXEC));
	/* Mapped without any access, it is not judged before it may be read, and so executed. */
	EXPECT_EQ(0, map("banned.so", PROT_NONE));
	ASSERT_LE(0, personality(PER_LINUX));
}

static void *protect_again_and_again(void *result)
{
	int i;

	for (i = 0; i < 50; i++)
		if (protect("innocent.so", PROT_READ | PROT_EXEC) ||
		    protect("banned.so", PROT_READ | PROT_EXEC) != -EPERM)
			++*(int *)result;
	return NULL;
}

/*
 * The call is broken off and begins again; threads of a process do not take each other's answers.
 */
TEST_F(library, protected_by_many_threads)
{
	pthread_t threads[4];
	int wrong[4] = {};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(threads); i++)
		ASSERT_EQ(0, pthread_create(&threads[i], NULL, protect_again_and_again, &wrong[i]));
	for (i = 0; i < ARRAY_SIZE(threads); i++) {
		ASSERT_EQ(0, pthread_join(threads[i], NULL));
		EXPECT_EQ(0, wrong[i]);
	}
}

DEBAR_TEST_MAIN
