// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel code that the policy bans is not loaded: modules, from a file or from memory, firmware,
 * and kexec images.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include "ways.h"
#include "kselftest_harness.h"

#ifndef MODULE_INIT_COMPRESSED_FILE
#define MODULE_INIT_COMPRESSED_FILE	4
#endif
#ifndef KEXEC_FILE_NO_INITRAMFS
#define KEXEC_FILE_NO_INITRAMFS		4
#endif

/* A stock module that nothing needs, and another one that asks for firmware on command. */
#define MODULE		"dummy"
#define MODULE_PATH	"drivers/net/dummy.ko"
#define INSMOD		"/usr/sbin/insmod"
#define FIRMWARE_DIR	"/usr/lib/firmware"
#define FIRMWARE_TEST	"/sys/devices/virtual/misc/test_firmware"

FIXTURE(load)
{
	struct world world;
};

FIXTURE_SETUP(load)
{
	ASSERT_EQ(0, world_begin(&self->world));
}

FIXTURE_TEARDOWN(load)
{
	world_end(&self->world);
}

#define EXPECT_LOAD_REFUSED(what, how, ...)					\
	EXPECT_CLOSED(&self->world, .banned = what, .attempt = how, .path = what,	\
		      .operation = DEBAR_OPERATION_LOAD, ##__VA_ARGS__)

/* A copy of the stock module in the current folder, with a mark. */
static int make_module(const char *path, const char *mark)
{
	struct utsname name;
	char from[256];

	uname(&name);
	snprintf(from, sizeof(from), "/lib/modules/%s/kernel/" MODULE_PATH, name.release);
	return copy_with_mark(from, path, mark);
}

static int unload(void)
{
	return syscall(SYS_delete_module, MODULE, O_NONBLOCK) ? -errno : 0;
}

/* What was loaded is unloaded again; what was refused is not there. */
static int end_of(int loaded)
{
	int ret = unload();

	if (!loaded)
		return ret;
	return ret == -ENOENT ? loaded : -EEXIST;
}

static int attempt_file(const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	return end_of(syscall(SYS_finit_module, fd, "", 0) ? -errno : 0);
}

static int attempt_compressed_file(const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	return end_of(syscall(SYS_finit_module, fd, "", MODULE_INIT_COMPRESSED_FILE) ? -errno : 0);
}

static int attempt_memory(const char *path)
{
	_cleanup_buffer_ struct debar_buffer content = {};
	int ret = debar_file_read(path, SIZE_MAX, &content);

	if (ret)
		return ret;
	return end_of(syscall(SYS_init_module, content.data, content.length, "") ? -errno : 0);
}

/* It ends with 1 for whatever reason. */
static int attempt_command(const char *path)
{
	char command[128];

	snprintf(command, sizeof(command), INSMOD " ./%s", path);
	return end_of(run_silently(command) ? -EPERM : 0);
}

TEST_F(load, module_file)
{
	ASSERT_EQ(0, make_module("banned.ko", "b"));
	ASSERT_EQ(0, make_module("innocent.ko", "i"));
	EXPECT_LOAD_REFUSED("banned.ko", attempt_file);
	EXPECT_EQ(0, attempt_file("innocent.ko"));
}

/* There is no file, and nothing is said of one. */
TEST_F(load, module_in_memory)
{
	ASSERT_EQ(0, make_module("banned.ko", "b"));
	ASSERT_EQ(0, make_module("innocent.ko", "i"));
	EXPECT_LOAD_REFUSED("banned.ko", attempt_memory, .recorded = "");
	EXPECT_EQ(0, attempt_memory("innocent.ko"));
}

/* Two modules, compressed and not; whether the kernel unpacks them itself. */
static int make_compressed_modules(bool *unpacks)
{
	int ret = make_module("banned.ko", "b");

	if (!ret)
		ret = make_module("innocent.ko", "innocent");
	if (!ret && run_silently("xz -k --check=crc32 -0 banned.ko innocent.ko"))
		ret = -EIO;
	*unpacks = !ret && !attempt_compressed_file("innocent.ko.xz");
	return ret;
}

/* What is banned is the compressed file: it is what the kernel is handed. */
TEST_F(load, compressed_module)
{
	bool unpacks;

	ASSERT_EQ(0, make_compressed_modules(&unpacks));
	/* An older kernel leaves it to userspace, as in the next test. */
	EXPECT_EQ(kernel_before(6, 12), !unpacks);
	if (!unpacks) {
		way_ends("not offered");
		return;
	}
	EXPECT_LOAD_REFUSED("banned.ko.xz", attempt_compressed_file);
	EXPECT_EQ(0, attempt_compressed_file("innocent.ko.xz"));
}

/* What is banned is what the compressed file holds, and userspace unpacks. */
TEST_F(load, unpacked_module)
{
	bool unpacks;

	ASSERT_EQ(0, make_compressed_modules(&unpacks));
	EXPECT_CLOSED(&self->world, .banned = "banned.ko", .attempt = attempt_command,
		      .path = "banned.ko.xz", .recorded = "", .subject = INSMOD,
		      .operation = DEBAR_OPERATION_LOAD);
	EXPECT_EQ(0, attempt_command("innocent.ko.xz"));
}

/* Or the kernel does, which only of late shows what it has unpacked; README says so. */
TEST_F(load, module_unpacked_by_the_kernel)
{
	bool unpacks;

	ASSERT_EQ(0, make_compressed_modules(&unpacks));
	if (kernel_before(6, 17)) {
		ASSERT_EQ(0, ban_one(&self->world, "banned.ko"));
		EXPECT_EQ(unpacks ? 0 : -EOPNOTSUPP, attempt_compressed_file("banned.ko.xz"));
		way_ends(unpacks ? "out of scope" : "not offered");
		return;
	}
	EXPECT_CLOSED(&self->world, .banned = "banned.ko", .attempt = attempt_compressed_file,
		      .path = "banned.ko.xz", .recorded = "banned.ko.xz",
		      .operation = DEBAR_OPERATION_LOAD);
	EXPECT_EQ(0, attempt_compressed_file("innocent.ko.xz"));
}

static int write_attribute(const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), FIRMWARE_TEST "/%s", name);
	return rewrite_file(path, value, strlen(value));
}

/* Pieces of firmware, equally long. */
static int make_firmware(const char *banned, const char *innocent)
{
	static const char content[] = "banned firmware", other[] = "another content";

	if (run_silently("modprobe test_firmware"))
		return -ENODEV;
	mkdir(FIRMWARE_DIR, 0755);
	return write_file(banned, content, strlen(content), 0644) ?:
	       write_file(innocent, other, strlen(other), 0644);
}

static int attempt_firmware(const char *path)
{
	return write_attribute("trigger_request", basename(path));
}

TEST_F(load, firmware)
{
	static const char *const banned = FIRMWARE_DIR "/debar-banned.bin";
	static const char *const innocent = FIRMWARE_DIR "/debar-innocent.bin";

	ASSERT_EQ(0, make_firmware(banned, innocent));
	EXPECT_LOAD_REFUSED(banned, attempt_firmware);
	EXPECT_EQ(0, attempt_firmware(innocent));
	unlink(banned);
	unlink(innocent);
}

/* Asks for five bytes of a file, from its third on; returns what the request returned. */
static int request_part(const char *name)
{
	static const char *const settings[][2] = {
		{ "release_all_firmware", "1" }, { "reset", "1" },
		{ "config_num_requests", "1" }, { "config_into_buf", "1" },
		{ "config_buf_size", "5" }, { "config_file_offset", "2" },
		{ "config_partial", "1" },
	};
	_cleanup_buffer_ struct debar_buffer result = {};
	size_t i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(settings) && !ret; i++)
		ret = write_attribute(settings[i][0], settings[i][1]);
	if (!ret)
		ret = write_attribute("config_name", name);
	if (!ret)
		ret = write_attribute("trigger_batched_requests", "1");
	if (!ret)
		ret = debar_file_read(FIRMWARE_TEST "/test_result", 65536, &result);
	return ret ? ret : atoi(result.data);
}

static int attempt_part(const char *path)
{
	int ret = request_part(basename(path));

	/* Its thread still writes to the request when it has said that it is done. */
	usleep(100000);
	return write_attribute("release_all_firmware", "1") ?: write_attribute("reset", "1") ?: ret;
}

/*
 * A part of a firmware file is read without the rest, but judged whole. The kernel's own threads
 * read it. What was requested whole once cannot be requested in part: these are other files than
 * above.
 */
TEST_F(load, part_of_firmware)
{
	static const char *const banned = FIRMWARE_DIR "/debar-banned-part.bin";
	static const char *const innocent = FIRMWARE_DIR "/debar-innocent-part.bin";

	ASSERT_EQ(0, make_firmware(banned, innocent));
	EXPECT_LOAD_REFUSED(banned, attempt_part, .subject = "");
	EXPECT_EQ(0, attempt_part(innocent));
	unlink(banned);
	unlink(innocent);
}

/* Neither is a kernel: let through, it is refused by the kernel's own look at it. */
static int attempt_kernel(const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	int ret = syscall(SYS_kexec_file_load, fd, -1, 1, "", KEXEC_FILE_NO_INITRAMFS);

	return ret && errno != ENOEXEC ? -errno : 0;
}

TEST_F(load, kexec_image)
{
	ASSERT_EQ(0, make_program("banned", "b"));
	ASSERT_EQ(0, make_program("innocent", "i"));
	if (attempt_kernel("innocent") == -ENOSYS)
		SKIP(return, "this kernel takes no kexec image from a file");
	EXPECT_LOAD_REFUSED("banned", attempt_kernel);
	EXPECT_EQ(0, attempt_kernel("innocent"));
}

DEBAR_TEST_MAIN
