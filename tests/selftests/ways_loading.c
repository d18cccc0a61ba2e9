// SPDX-License-Identifier: GPL-2.0-only
/* A banned file comes in as what another file needs: its loader, its library, its interpreter. */
#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine.h"
#include "ways.h"
#include "kselftest_harness.h"

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK	0x10000
#endif

/* A stock program that is dynamically linked and position independent. */
#define DYNAMIC	"/usr/bin/true"
#define BINFMT	"/proc/sys/fs/binfmt_misc"

/*
 * Asks this program, instead of testing, to end with 0 when a library was loaded before it, and
 * else with EPERM.
 */
#define ASK	"WAYS_PRELOADED"

__attribute__((constructor)) static void answer(void)
{
	if (getenv(ASK))
		_exit(dlsym(RTLD_DEFAULT, "debar_payload") ? 0 : EPERM);
}

FIXTURE(loading)
{
	struct world world;
};

FIXTURE_SETUP(loading)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, make_program("static", "b"));
	ASSERT_EQ(0, copy_with_mark(DYNAMIC, "dynamic", "b"));
	ASSERT_EQ(0, copy_with_mark(PAYLOAD_LIBRARY, "library.so", "b"));
}

FIXTURE_TEARDOWN(loading)
{
	world_end(&self->world);
}

#define EXPECT_EXECUTE_REFUSED(what, through)					\
	EXPECT_CLOSED(&self->world, .banned = what, .attempt = attempt_run, .path = through,	\
		      .operation = DEBAR_OPERATION_EXECUTE)

#define EXPECT_MAP_REFUSED(what, how, name, by)					\
	EXPECT_CLOSED(&self->world, .banned = what, .attempt = how, .path = name,	\
		      .subject = by, .operation = DEBAR_OPERATION_MAP)

TEST_F(loading, static_and_dynamic)
{
	EXPECT_EXECUTE_REFUSED("static", "static");
	EXPECT_EXECUTE_REFUSED("dynamic", "dynamic");
}

/* The loader says so, and ends with 127. */
static int attempt_by_loader(const char *path)
{
	char command[128];
	int ret;

	snprintf(command, sizeof(command), LOADER " ./%s", path);
	ret = run_silently(command);
	return ret == 127 ? -EPERM : ret;
}

TEST_F(loading, by_the_loader)
{
	EXPECT_MAP_REFUSED("dynamic", attempt_by_loader, "dynamic", LOADER);
}

static int attempt_preload(const char *path)
{
	char command[PATH_MAX + 64], self[PATH_MAX];

	if (!realpath("/proc/self/exe", self))
		return -errno;
	snprintf(command, sizeof(command), ASK "=1 LD_PRELOAD=./%s exec %s", path, self);
	return -run_silently(command);
}

TEST_F(loading, preloaded)
{
	EXPECT_MAP_REFUSED("library.so", attempt_preload, "library.so", NULL);
}

/*
 * What is not fit to audit is unloaded again, but mapped it was: without it the loader finds
 * nothing to complain of.
 */
static int attempt_audit(const char *path)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "LD_AUDIT=./%s " DYNAMIC " 2>&1 | grep -q 'failed to map segment'", path);
	return run_silently(command) ? 0 : -EPERM;
}

TEST_F(loading, auditing)
{
	EXPECT_MAP_REFUSED("library.so", attempt_audit, "library.so", DYNAMIC);
}

static int attempt_open(const char *path)
{
	char name[128];
	void *handle;

	snprintf(name, sizeof(name), "./%s", path);
	handle = dlopen(name, RTLD_NOW);
	if (!handle)
		return strstr(dlerror(), "failed to map segment") ? -EPERM : -EIO;
	dlclose(handle);
	return 0;
}

TEST_F(loading, opened_as_a_library)
{
	EXPECT_MAP_REFUSED("library.so", attempt_open, "library.so", NULL);
}

/* A copy of a program that names another loader, which has a shorter path. */
static int make_interpreted(const char *path, const char *interpreter)
{
	_cleanup_buffer_ struct debar_buffer content = {};
	int ret = debar_file_read(DYNAMIC, SIZE_MAX, &content);
	char *name;

	if (ret)
		return ret;
	name = memmem(content.data, content.length, LOADER, sizeof(LOADER));
	if (!name || strlen(interpreter) >= sizeof(LOADER))
		return -ENOEXEC;
	strcpy(name, interpreter);
	return write_file(path, content.data, content.length, 0755);
}

/* Refused this late, there is no program to go back to: the kernel ends the process. */
static int attempt_interpreted(const char *path)
{
	int ret = run(path);

	return ret == 128 + SIGSEGV || ret == 128 + SIGKILL ? -EPERM : ret;
}

TEST_F(loading, interpreter_of_a_program)
{
	char loader[64];

	ASSERT_EQ(0, copy_with_mark(LOADER, "loader", "b"));
	snprintf(loader, sizeof(loader), "%s/loader", self->world.dir);
	ASSERT_EQ(0, make_interpreted("innocent", loader));
	EXPECT_MAP_REFUSED("loader", attempt_interpreted, "innocent", "innocent");
}

/* A program of 32 bits that ends with 0. */
static int make_program32(const char *path)
{
	static const unsigned char code[EXIT_CODE32_SIZE] = EXIT_CODE32;
	struct {
		Elf32_Ehdr header;
		Elf32_Phdr segment;
		unsigned char code[sizeof(code)];
	} p = {
		.header = {
			.e_ident = ELFMAG "\1\1\1",
			.e_type = ET_EXEC,
			.e_machine = MACHINE32,
			.e_flags = MACHINE32_FLAGS,
			.e_version = EV_CURRENT,
			.e_entry = 0x10000 + sizeof(Elf32_Ehdr) + sizeof(Elf32_Phdr),
			.e_phoff = sizeof(Elf32_Ehdr),
			.e_ehsize = sizeof(Elf32_Ehdr),
			.e_phentsize = sizeof(Elf32_Phdr),
			.e_phnum = 1,
		},
		.segment = {
			.p_type = PT_LOAD,
			.p_flags = PF_R | PF_X,
			.p_vaddr = 0x10000,
			.p_filesz = sizeof(p),
			.p_memsz = sizeof(p),
			.p_align = 4096,
		},
	};

	memcpy(p.code, code, sizeof(code));
	return write_file(path, &p, sizeof(p), 0755);
}

TEST_F(loading, program_of_32_bits)
{
	ASSERT_EQ(0, make_program32("program32"));
	EXPECT_EXECUTE_REFUSED("program32", "program32");
}

static int make_script(const char *path, const char *dir, const char *interpreter)
{
	char text[128];

	snprintf(text, sizeof(text), "#!%s/%s\n", dir, interpreter);
	return write_file(path, text, strlen(text), 0755);
}

/* Each of the scripts in a row may be the banned one, and so may the program behind them. */
TEST_F(loading, nested_scripts)
{
	ASSERT_EQ(0, make_script("inner", self->world.dir, "static"));
	ASSERT_EQ(0, make_script("middle", self->world.dir, "inner"));
	ASSERT_EQ(0, make_script("outermost", self->world.dir, "middle"));
	EXPECT_EXECUTE_REFUSED("outermost", "outermost");
	EXPECT_EXECUTE_REFUSED("middle", "outermost");
	EXPECT_EXECUTE_REFUSED("inner", "outermost");
	EXPECT_EXECUTE_REFUSED("static", "outermost");
}

static int register_format(const char *dir, const char *flags)
{
	char line[128];

	snprintf(line, sizeof(line), ":ways:M::WAYS::%s/static:%s", dir, flags);
	return rewrite_file(BINFMT "/register", line, strlen(line));
}

/* With the flag F the interpreter is opened when the format is registered. */
TEST_F(loading, binfmt_misc)
{
	static const char *const flags[] = { "", "F", "O" };
	size_t i;

	ASSERT_EQ(0, run_silently("modprobe binfmt_misc"));
	/* The kernel's own tests may have left it there. */
	(void)umount(BINFMT);
	ASSERT_EQ(0, mount("none", BINFMT, "binfmt_misc", 0, NULL));
	ASSERT_EQ(0, write_file("strange", "WAYS.", 5, 0755));
	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		ASSERT_EQ(0, register_format(self->world.dir, flags[i]));
		EXPECT_EXECUTE_REFUSED("static", "strange");
		EXPECT_EXECUTE_REFUSED("strange", "strange");
		EXPECT_EQ(0, rewrite_file(BINFMT "/ways", "-1", 2));
	}
	EXPECT_EQ(0, umount(BINFMT));
}

/* An interpreter asks whether the kernel would execute the script that it is about to read. */
static int attempt_ask(const char *path)
{
	char *const arguments[] = { (char *)path, NULL };
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	return syscall(SYS_execveat, fd, "", arguments, NULL, AT_EMPTY_PATH | AT_EXECVE_CHECK) ?
	       -errno : 0;
}

TEST_F(loading, asked_before)
{
	/* An older kernel knows no such question. */
	if (kernel_before(6, 14)) {
		EXPECT_EQ(-EINVAL, attempt_ask("static"));
		way_ends("not offered");
		return;
	}
	ASSERT_EQ(0, make_script("script", self->world.dir, "static"));
	EXPECT_CLOSED(&self->world, .banned = "static", .attempt = attempt_ask, .path = "static",
		      .operation = DEBAR_OPERATION_EXECUTE);
	EXPECT_CLOSED(&self->world, .banned = "script", .attempt = attempt_ask, .path = "script",
		      .operation = DEBAR_OPERATION_EXECUTE);
}

DEBAR_TEST_MAIN
