// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel code that the policy bans is not loaded: modules, from a file or from memory, firmware,
 * and kexec images.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include "common.h"
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
#define FIRMWARE_DIR	"/lib/firmware"
#define FIRMWARE_TEST	"/sys/devices/virtual/misc/test_firmware"

/* The denials that a test has caused: how many, and what the last one says. */
struct caused {
	int count;
	uint32_t operation;
	uint32_t verdict;
	char path[256];
	char filesystem[32];
	uint64_t size;
	bool has_sha256;
};

static int take_denial(const struct debar_denial *denial, const struct debar_denial_state *state,
		       void *data)
{
	struct caused *caused = data;

	(void)state;
	if (!denial)
		return 0;
	caused->count++;
	caused->operation = denial->operation;
	caused->verdict = denial->verdict;
	caused->size = denial->size;
	caused->has_sha256 = denial->file_sha256;
	snprintf(caused->path, sizeof(caused->path), "%.*s", (int)denial->path.length,
		 denial->path.data);
	snprintf(caused->filesystem, sizeof(caused->filesystem), "%s", denial->filesystem);
	return 0;
}

FIXTURE(load)
{
	struct world world;
	uint64_t denials;
	char path[64];
};

FIXTURE_SETUP(load)
{
	ASSERT_EQ(0, world_begin(&self->world));
	self->denials = world_status(&self->world).denials_next;
}

FIXTURE_TEARDOWN(load)
{
	world_end(&self->world);
}

static struct caused caused_since(struct world *world, uint64_t since)
{
	struct caused caused = {};

	if (debar_client_denial_dump(world->client, since, take_denial, &caused))
		caused.count = -1;
	return caused;
}

/* A copy of the stock module in the current folder, with a mark. */
static int make_module(const char *path, const char *mark)
{
	struct utsname name;
	char from[256];

	uname(&name);
	snprintf(from, sizeof(from), "/lib/modules/%s/kernel/" MODULE_PATH, name.release);
	return copy_with_mark(from, path, mark);
}

static int load_file(const char *path, int flags)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return syscall(SYS_finit_module, fd, "", flags) ? -errno : 0;
}

static int load_memory(const char *path)
{
	_cleanup_buffer_ struct debar_buffer content = {};
	int ret = debar_file_read(path, SIZE_MAX, &content);

	if (ret)
		return ret;
	return syscall(SYS_init_module, content.data, content.length, "") ? -errno : 0;
}

static int unload(void)
{
	return syscall(SYS_delete_module, MODULE, O_NONBLOCK) ? -errno : 0;
}

TEST_F(load, module_file)
{
	struct caused caused;

	ASSERT_EQ(0, make_module("banned.ko", "b"));
	ASSERT_EQ(0, make_module("innocent.ko", "i"));
	ASSERT_EQ(0, ban_one(&self->world, "banned.ko"));
	EXPECT_EQ(-EPERM, load_file("banned.ko", 0));
	EXPECT_EQ(-ENOENT, unload());
	EXPECT_EQ(0, load_file("innocent.ko", 0));
	EXPECT_EQ(0, unload());

	caused = caused_since(&self->world, self->denials);
	EXPECT_EQ(1, caused.count);
	EXPECT_EQ(DEBAR_OPERATION_LOAD, caused.operation);
	EXPECT_EQ(DEBAR_VERDICT_DENY, caused.verdict);
	EXPECT_NE(NULL, strstr(caused.path, "/banned.ko"));
	EXPECT_TRUE(caused.has_sha256);
}

TEST_F(load, module_in_memory)
{
	struct caused caused;
	struct stat st;

	ASSERT_EQ(0, make_module("banned.ko", "b"));
	ASSERT_EQ(0, make_module("innocent.ko", "i"));
	ASSERT_EQ(0, ban_one(&self->world, "banned.ko"));
	EXPECT_EQ(-EPERM, load_memory("banned.ko"));
	EXPECT_EQ(-ENOENT, unload());
	EXPECT_EQ(0, load_memory("innocent.ko"));
	EXPECT_EQ(0, unload());

	/* There is no file, and nothing is said of one. */
	caused = caused_since(&self->world, self->denials);
	EXPECT_EQ(1, caused.count);
	EXPECT_EQ(DEBAR_OPERATION_LOAD, caused.operation);
	EXPECT_STREQ("", caused.path);
	EXPECT_STREQ("", caused.filesystem);
	ASSERT_EQ(0, stat("banned.ko", &st));
	EXPECT_EQ(st.st_size, caused.size);
	EXPECT_TRUE(caused.has_sha256);
}

/* What is banned is the compressed file: it is what the kernel is handed. */
TEST_F(load, compressed_module)
{
	const char *const compress[] = { "/usr/bin/xz", "--check=crc32", "-0",
					 "banned.ko", "innocent.ko", NULL };
	int ret;

	ASSERT_EQ(0, make_module("banned.ko", "b"));
	ASSERT_EQ(0, make_module("innocent.ko", "innocent"));
	ASSERT_EQ(0, run_with(compress));
	ASSERT_EQ(0, ban_one(&self->world, "banned.ko.xz"));
	ret = load_file("innocent.ko.xz", MODULE_INIT_COMPRESSED_FILE);
	if (ret) {
		/*
		 * This kernel leaves it to userspace, which hands it the module as in the tests
		 * above.
		 */
		TH_LOG("the kernel does not decompress modules itself: %s", strerror(-ret));
		EXPECT_TRUE(kernel_before(6, 12));
		EXPECT_NE(-EPERM, ret);
		return;
	}
	EXPECT_EQ(0, unload());
	EXPECT_EQ(-EPERM, load_file("banned.ko.xz", MODULE_INIT_COMPRESSED_FILE));
	EXPECT_EQ(-ENOENT, unload());
	EXPECT_EQ(1, caused_since(&self->world, self->denials).count);
}

static int write_attribute(const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), FIRMWARE_TEST "/%s", name);
	return rewrite_file(path, value, strlen(value));
}

/* Pieces of firmware with this content; the name is what the kernel is asked for. */
static int make_firmware(const char *name, const char *content)
{
	char path[128];

	snprintf(path, sizeof(path), FIRMWARE_DIR "/%s", name);
	return write_file(path, content, strlen(content), 0644);
}

static void remove_firmware(void)
{
	unlink(FIRMWARE_DIR "/debar-banned.bin");
	unlink(FIRMWARE_DIR "/debar-innocent.bin");
	unlink(FIRMWARE_DIR "/debar-in-part.bin");
}

static int begin_firmware(struct world *world)
{
	const char *const load[] = { "/sbin/modprobe", "test_firmware", NULL };
	int ret = run_with(load);

	if (ret)
		return -ENODEV;
	mkdir(FIRMWARE_DIR, 0755);
	ret = make_firmware("debar-banned.bin", "banned firmware");
	if (!ret)
		ret = make_firmware("debar-innocent.bin", "another content");
	/* What was requested whole once cannot be requested in part. */
	if (!ret)
		ret = make_firmware("debar-in-part.bin", "another content");
	return ret ? ret : ban_one(world, FIRMWARE_DIR "/debar-banned.bin");
}

TEST_F(load, firmware)
{
	struct caused caused;

	ASSERT_EQ(0, begin_firmware(&self->world));
	EXPECT_EQ(-EPERM, write_attribute("trigger_request", "debar-banned.bin"));
	EXPECT_EQ(0, write_attribute("trigger_request", "debar-innocent.bin"));
	caused = caused_since(&self->world, self->denials);
	EXPECT_EQ(1, caused.count);
	EXPECT_EQ(DEBAR_OPERATION_LOAD, caused.operation);
	EXPECT_NE(NULL, strstr(caused.path, "/debar-banned.bin"));
	remove_firmware();
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

/* A part of a firmware file is read without the rest, but judged whole. */
TEST_F(load, part_of_firmware)
{
	struct caused caused;

	ASSERT_EQ(0, begin_firmware(&self->world));
	EXPECT_EQ(-EPERM, request_part("debar-banned.bin"));
	EXPECT_EQ(0, request_part("debar-in-part.bin"));
	EXPECT_EQ(0, write_attribute("release_all_firmware", "1"));
	EXPECT_EQ(0, write_attribute("reset", "1"));
	caused = caused_since(&self->world, self->denials);
	EXPECT_EQ(1, caused.count);
	EXPECT_NE(NULL, strstr(caused.path, "/debar-banned.bin"));
	remove_firmware();
}

static int load_kernel(const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	return syscall(SYS_kexec_file_load, fd, -1, 1, "", KEXEC_FILE_NO_INITRAMFS) ? -errno : 0;
}

/* Neither is a kernel; what is not banned is refused by the kernel's own look at it. */
TEST_F(load, kexec_image)
{
	struct caused caused;

	ASSERT_EQ(0, make_program("banned", "b"));
	ASSERT_EQ(0, make_program("innocent", "i"));
	ASSERT_EQ(0, ban_one(&self->world, "banned"));
	EXPECT_EQ(-ENOEXEC, load_kernel("innocent"));
	EXPECT_EQ(-EPERM, load_kernel("banned"));
	caused = caused_since(&self->world, self->denials);
	EXPECT_EQ(1, caused.count);
	EXPECT_EQ(DEBAR_OPERATION_LOAD, caused.operation);
}

DEBAR_TEST_MAIN
