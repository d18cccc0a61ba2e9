// SPDX-License-Identifier: GPL-2.0-only
/*
 * The content of a banned file becomes executable memory in every way that does not execute the
 * file by its name.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ways.h"
#include "kselftest_harness.h"

#define PAGE	4096

FIXTURE(memory)
{
	struct world world;
};

/* Longer than the few pages that some of the attempts need. */
FIXTURE_SETUP(memory)
{
	static char mark[8 * PAGE];

	memset(mark, 'b', sizeof(mark) - 1);
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, make_program("banned", mark));
}

FIXTURE_TEARDOWN(memory)
{
	world_end(&self->world);
}

static int run_memory_file(const char *path, unsigned int flags, int seals)
{
	_cleanup_buffer_ struct debar_buffer content = {};
	_cleanup_close_ int fd = memfd_create("way", MFD_CLOEXEC | flags);
	int ret = debar_file_read(path, SIZE_MAX, &content);

	if (ret)
		return ret;
	if (fd < 0 || write(fd, content.data, content.length) != (ssize_t)content.length)
		return -EIO;
	if (seals && fcntl(fd, F_ADD_SEALS, seals))
		return -errno;
	return run_descriptor(fd);
}

static int attempt_memory_file(const char *path)
{
	return run_memory_file(path, 0, 0);
}

static int attempt_sealed_memory_file(const char *path)
{
	return run_memory_file(path, MFD_ALLOW_SEALING,
			       F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
}

TEST_F(memory, memory_file)
{
	EXPECT_CLOSED(&self->world, .banned = "banned", .attempt = attempt_memory_file,
		      .path = "banned", .recorded = "/memfd:way (deleted)", .file = "",
		      .operation = DEBAR_OPERATION_EXECUTE);
}

TEST_F(memory, sealed_memory_file)
{
	EXPECT_CLOSED(&self->world, .banned = "banned", .attempt = attempt_sealed_memory_file,
		      .path = "banned", .recorded = "/memfd:way (deleted)", .file = "",
		      .operation = DEBAR_OPERATION_EXECUTE);
}

static int map_with(const char *path, int protection, int flags)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *memory = mmap(NULL, PAGE, protection, flags, fd, 0);

	if (memory == MAP_FAILED)
		return -errno;
	return munmap(memory, PAGE) ? -errno : 0;
}

static int attempt_shared(const char *path)
{
	return map_with(path, PROT_READ | PROT_EXEC, MAP_SHARED);
}

static int attempt_execute_only(const char *path)
{
	return map_with(path, PROT_EXEC, MAP_PRIVATE);
}

#define EXPECT_MAP_REFUSED(how)							\
	EXPECT_CLOSED(&self->world, .banned = "banned", .attempt = how, .path = "banned",	\
		      .operation = DEBAR_OPERATION_MAP)

#define EXPECT_PROTECT_REFUSED(how)						\
	EXPECT_CLOSED(&self->world, .banned = "banned", .attempt = how, .path = "banned",	\
		      .operation = DEBAR_OPERATION_PROTECT)

TEST_F(memory, mapped)
{
	EXPECT_MAP_REFUSED(attempt_map);
	EXPECT_MAP_REFUSED(attempt_shared);
	EXPECT_MAP_REFUSED(attempt_execute_only);
}

static int attempt_read_implies_exec(const char *path)
{
	int ret;

	personality(READ_IMPLIES_EXEC);
	ret = map_with(path, PROT_READ, MAP_PRIVATE);
	personality(PER_LINUX);
	return ret;
}

TEST_F(memory, read_implies_exec)
{
	EXPECT_MAP_REFUSED(attempt_read_implies_exec);
}

/* Maps a file, and then does something to the memory; -errno of that. */
static int map_then(const char *path, int protection, int flags,
		    int (*change)(void *memory, size_t length))
{
	/* Only what could also be written counts as shared. */
	_cleanup_close_ int fd = open(path, O_RDWR | O_CLOEXEC);
	void *memory = mmap(NULL, 2 * PAGE, protection, flags, fd, 0);
	int ret;

	if (memory == MAP_FAILED)
		return -EIO;
	ret = change(memory, 2 * PAGE) ? -errno : 0;
	munmap(memory, 2 * PAGE);
	return ret;
}

static int make_executable(void *memory, size_t length)
{
	return mprotect(memory, length, PROT_READ | PROT_EXEC);
}

static int make_second_page_executable(void *memory, size_t length)
{
	return mprotect(memory + length / 2, length / 2, PROT_EXEC);
}

static int attempt_protect_shared(const char *path)
{
	return map_then(path, PROT_READ, MAP_SHARED, make_executable);
}

static int attempt_protect_page(const char *path)
{
	return map_then(path, PROT_NONE, MAP_PRIVATE, make_second_page_executable);
}

TEST_F(memory, protected)
{
	EXPECT_PROTECT_REFUSED(attempt_protect);
	EXPECT_PROTECT_REFUSED(attempt_protect_shared);
	EXPECT_PROTECT_REFUSED(attempt_protect_page);
}

/*
 * Written to, a private page is no longer the file's; it is refused as if it were, which is the
 * safe way.
 */
static int write_and_make_executable(void *memory, size_t length)
{
	*(volatile char *)memory ^= 0;
	return mprotect(memory, length, PROT_READ | PROT_EXEC);
}

static int attempt_protect_written(const char *path)
{
	return map_then(path, PROT_READ | PROT_WRITE, MAP_PRIVATE, write_and_make_executable);
}

TEST_F(memory, protected_after_a_write)
{
	EXPECT_PROTECT_REFUSED(attempt_protect_written);
}

static int make_executable_with_key(void *memory, size_t length)
{
	return syscall(SYS_pkey_mprotect, memory, length, PROT_READ | PROT_EXEC, -1);
}

static int attempt_pkey(const char *path)
{
	return map_then(path, PROT_READ, MAP_PRIVATE, make_executable_with_key);
}

TEST_F(memory, pkey_mprotect)
{
	EXPECT_PROTECT_REFUSED(attempt_pkey);
}

static int make_readable(void *memory, size_t length)
{
	int ret, error;

	personality(READ_IMPLIES_EXEC);
	ret = mprotect(memory, length, PROT_READ);
	error = errno;
	personality(PER_LINUX);
	errno = error;
	return ret;
}

static int attempt_protect_read(const char *path)
{
	return map_then(path, PROT_NONE, MAP_PRIVATE, make_readable);
}

TEST_F(memory, protected_with_read_implies_exec)
{
	EXPECT_PROTECT_REFUSED(attempt_protect_read);
}

/* Moved and grown to the double, then executable: what lies there now was never asked about. */
static int move_and_make_executable(void *memory, size_t length)
{
	void *moved = mremap(memory, length, 2 * length, MREMAP_MAYMOVE);
	int ret, error;

	if (moved == MAP_FAILED)
		return -1;
	ret = mprotect(moved + length, length, PROT_READ | PROT_EXEC);
	error = errno;
	munmap(moved, 2 * length);
	errno = error;
	return ret;
}

static int attempt_moved(const char *path)
{
	return map_then(path, PROT_READ, MAP_PRIVATE, move_and_make_executable);
}

TEST_F(memory, mremap)
{
	EXPECT_PROTECT_REFUSED(attempt_moved);
}

/*
 * The pages of a mapping in another order; it asks for no protection, but the subject may have
 * become an old program.
 */
static int reorder(void *memory, size_t length)
{
	int ret, error;

	personality(READ_IMPLIES_EXEC);
	ret = syscall(SYS_remap_file_pages, memory, length / 2, 0, 1, 0);
	error = errno;
	personality(PER_LINUX);
	errno = error;
	return ret;
}

static int attempt_reordered(const char *path)
{
	return map_then(path, PROT_READ, MAP_SHARED, reorder);
}

TEST_F(memory, remap_file_pages)
{
	EXPECT_MAP_REFUSED(attempt_reordered);
}

/* Where the filesystem offers huge pages, one of them holds the program. */
TEST_F(memory, huge_pages)
{
	static char mark[4 * 1024 * 1024];

	memset(mark, 'h', sizeof(mark) - 1);
	ASSERT_EQ(0, mkdir("mnt", 0755));
	ASSERT_EQ(0, mount("none", "mnt", "tmpfs", 0, "huge=always"));
	ASSERT_EQ(0, make_program("mnt/banned", mark));
	EXPECT_CLOSED(&self->world, .banned = "mnt/banned", .attempt = attempt_run,
		      .path = "mnt/banned", .operation = DEBAR_OPERATION_EXECUTE);
	EXPECT_CLOSED(&self->world, .banned = "mnt/banned", .attempt = attempt_map,
		      .path = "mnt/banned", .operation = DEBAR_OPERATION_MAP);
	EXPECT_CLOSED(&self->world, .banned = "mnt/banned", .attempt = attempt_protect,
		      .path = "mnt/banned", .operation = DEBAR_OPERATION_PROTECT);
	EXPECT_EQ(0, umount("mnt"));
}

DEBAR_TEST_MAIN
