// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is large, much, or not there: sparse files of gibibytes, a hundred who start the same
 * program, more files than verdicts can be remembered, a task that is killed, memory that is
 * missing.
 */
#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loopfs.h"
#include "machine.h"
#include "ways.h"
#include "kselftest_harness.h"

#define KIB	1024LL
#define MIB	(1024 * KIB)
#define GIB	(1024 * MIB)

/* A program that ends in a hole and is @size bytes long. */
static int make_sparse(const char *path, const char *mark, off_t size)
{
	int ret = make_program(path, mark);

	return ret ?: truncate(path, size) ? -errno : 0;
}

/* Has a policy look for files of a size, by a digest that none of them has. */
static void list_size(struct policy *policy, uint64_t size)
{
	struct debar_source_indicator *it = &policy->indicators[policy->ban.indicator_count++];

	memset(it->digest, 0xee, DEBAR_DIGEST_SIZE);
	it->size = size;
}

static int load_size(struct world *world, uint64_t size)
{
	struct policy policy;
	int ret;

	policy_init(&policy, "size");
	list_size(&policy, size);
	ret = policy_load(&policy, world->client);
	policy_free(&policy);
	return ret;
}

static int64_t hashed_since(struct world *world, const struct debar_status *before)
{
	return world_status(world).hashed_bytes - before->hashed_bytes;
}

FIXTURE(sparse)
{
	struct world world;
	struct policy policy;
};

FIXTURE_SETUP(sparse)
{
	ASSERT_EQ(0, world_begin(&self->world));
	policy_init(&self->policy, "sparse");
}

FIXTURE_TEARDOWN(sparse)
{
	policy_free(&self->policy);
	world_end(&self->world);
}

/* One byte longer than what is looked for, or as long as that in 32 bits: not a byte is read. */
TEST_F(sparse, another_size)
{
	struct debar_status before;
	struct stat st;

	ASSERT_EQ(0, make_program("banned", "b"));
	ASSERT_EQ(0, stat("banned", &st));
	ASSERT_EQ(0, policy_add(&self->policy, "banned"));
	list_size(&self->policy, 2 * GIB);
	ASSERT_EQ(0, make_sparse("longer", "i", 2 * GIB + 1));
	ASSERT_EQ(0, make_sparse("much-longer", "b", 4 * GIB + st.st_size));
	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
	before = world_status(&self->world);
	EXPECT_EQ(0, run("longer"));
	EXPECT_EQ(0, run("much-longer"));
	EXPECT_EQ(0, hashed_since(&self->world, &before));
	EXPECT_EQ(-EPERM, run("banned"));
}

FIXTURE(far)
{
	struct world world;
	struct policy policy;
};

FIXTURE_VARIANT(far)
{
	off_t offset;
};

FIXTURE_VARIANT_ADD(far, above_31_bits) { .offset = 2 * GIB + 64 * KIB };
FIXTURE_VARIANT_ADD(far, above_32_bits) { .offset = 4 * GIB + 64 * KIB };

FIXTURE_SETUP(far)
{
	ASSERT_EQ(0, world_begin(&self->world));
	policy_init(&self->policy, "far");
}

FIXTURE_TEARDOWN(far)
{
	policy_free(&self->policy);
	world_end(&self->world);
}

/* struct code - ends with 0; and a mark */
struct code {
	unsigned char instructions[EXIT_CODE_SIZE];
	char mark;
};

static const struct code banned_code = { EXIT_CODE, 'b' };
static const struct code innocent_code = { EXIT_CODE, 'i' };

/*
 * A program with its code at an offset, and @decoy where the code would be by an offset that lost
 * its upper bits.
 */
static int make_far_program(const char *path, off_t offset, const struct code *code,
			    const struct code *decoy)
{
	const struct {
		Elf64_Ehdr header;
		Elf64_Phdr segment;
	} head = {
		.header = {
			.e_ident = ELFMAG "\2\1\1",
			.e_type = ET_EXEC,
			.e_machine = MACHINE,
			.e_version = EV_CURRENT,
			.e_entry = 0x400000,
			.e_phoff = sizeof(Elf64_Ehdr),
			.e_ehsize = sizeof(Elf64_Ehdr),
			.e_phentsize = sizeof(Elf64_Phdr),
			.e_phnum = 1,
		},
		.segment = {
			.p_type = PT_LOAD,
			.p_flags = PF_R | PF_X,
			.p_offset = offset,
			.p_vaddr = 0x400000,
			.p_filesz = sizeof(*code),
			.p_memsz = sizeof(*code),
			.p_align = 4096,
		},
	};
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0755);

	if (pwrite(fd, &head, sizeof(head), 0) != sizeof(head) ||
	    pwrite(fd, decoy, sizeof(*decoy), offset & INT32_MAX) != sizeof(*decoy) ||
	    pwrite(fd, code, sizeof(*code), offset) != sizeof(*code))
		return -EIO;
	return 0;
}

TEST_F(far, code)
{
	struct debar_source_indicator *it = self->policy.indicators;
	struct debar_status before;
	struct recorded r;

	it->kind = DEBAR_INDICATOR_KIND_CODE_SHA256;
	it->size = sizeof(banned_code);
	ASSERT_EQ(0, debar_sha256(&banned_code, sizeof(banned_code), it->digest));
	self->policy.ban.indicator_count = 1;
	ASSERT_EQ(0, make_far_program("banned", variant->offset, &banned_code, &innocent_code));
	ASSERT_EQ(0, make_far_program("innocent", variant->offset, &innocent_code, &banned_code));
	EXPECT_EQ(0, run("banned"));
	ASSERT_EQ(0, policy_load(&self->policy, self->world.client));
	before = world_status(&self->world);
	EXPECT_EQ(-EPERM, run("banned"));
	recorded_since(&self->world, before.denials_next, &r);
	EXPECT_EQ(1, r.count);
	EXPECT_EQ(DEBAR_OPERATION_EXECUTE, r.denial.operation);
	EXPECT_EQ(DEBAR_INDICATOR_KIND_CODE_SHA256, r.denial.kind);
	EXPECT_EQ(variant->offset + sizeof(banned_code), r.denial.size);
	EXPECT_EQ(0, memcmp(it->digest, r.digest, DEBAR_DIGEST_SIZE));
	EXPECT_EQ(0, run("innocent"));
	EXPECT_GT(4096, hashed_since(&self->world, &before));
}

FIXTURE(hashing)
{
	struct world world;
	struct loopfs fs;
};

FIXTURE_SETUP(hashing)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, loopfs_make("image", "ext4"));
	ASSERT_EQ(0, loopfs_mount(&self->fs, "image", "ext4", "mnt"));
}

FIXTURE_TEARDOWN(hashing)
{
	EXPECT_EQ(0, loopfs_unmount(&self->fs));
	world_end(&self->world);
}

/*
 * Has several start a program, and kills each while it is hashed; how many of them were still there
 * then, and gone at once.
 */
static size_t kill_all(struct world *world, const char *path, size_t count)
{
	const struct debar_status before = world_status(world);
	size_t i, gone = 0;
	pid_t children[8];
	int tries;

	for (i = 0; i < count; i++)
		children[i] = start(path);
	for (tries = 0; tries < 500 && hashed_since(world, &before) < MIB; tries++)
		sleep_ms(10);
	for (i = 0; i < count; i++) {
		bool there = await(children[i], 50) == -ETIMEDOUT;

		kill(children[i], SIGKILL);
		gone += await(children[i], 1000) == 128 + SIGKILL && there;
	}
	return gone;
}

#define EXPECT_KILLED(path, count)						\
	do {									\
		const struct debar_status before = world_status(&self->world);	\
		struct debar_status after;					\
										\
		EXPECT_EQ(count, kill_all(&self->world, path, count));		\
		after = world_status(&self->world);				\
		EXPECT_EQ(before.hashed_files, after.hashed_files);		\
		EXPECT_LE(before.failures[DEBAR_REASON_INTERRUPTED] + (count),	\
			  after.failures[DEBAR_REASON_INTERRUPTED]);		\
	} while (0)

/*
 * On a disk one of them reads the file and the others wait; elsewhere each reads for itself. One
 * that is let through in spite of it comes to mapping the program, too, before it is gone.
 */
TEST_F(hashing, killed)
{
	ASSERT_EQ(0, make_sparse("mnt/large", "b", 2 * GIB));
	ASSERT_EQ(0, make_sparse("large", "b", 2 * GIB));
	ASSERT_EQ(0, load_size(&self->world, 2 * GIB));
	loopfs_settle();
	EXPECT_KILLED("mnt/large", 4);
	EXPECT_KILLED("large", 2);
	way_ends("recorded");
}

#define STARTERS	100

/* Has many start a program at the same moment; how many of them end like this. */
static int start_at_once(const char *path, int result)
{
	pid_t children[STARTERS];
	int gate[2], count = 0;
	size_t i;
	char byte;

	if (pipe(gate))
		return -errno;
	for (i = 0; i < STARTERS; i++) {
		children[i] = fork();
		if (!children[i]) {
			close(gate[1]);
			(void)!read(gate[0], &byte, 1);
			_exit(-run(path));
		}
	}
	close(gate[0]);
	close(gate[1]);
	for (i = 0; i < STARTERS; i++)
		count += exit_of(children[i]) == result;
	return count;
}

#define EXPECT_HASHED_ONCE(path, size, result)					\
	do {									\
		const struct debar_status before = world_status(&self->world);	\
										\
		EXPECT_EQ(STARTERS, start_at_once(path, result));		\
		EXPECT_EQ(before.hashed_files + 1,				\
			  world_status(&self->world).hashed_files);		\
		EXPECT_EQ(size, hashed_since(&self->world, &before));		\
	} while (0)

TEST_F_TIMEOUT(hashing, once_for_a_hundred, 150)
{
	const off_t size = 200 * MIB;

	ASSERT_EQ(0, make_sparse("mnt/large", "b", size));
	ASSERT_EQ(0, load_size(&self->world, size));
	loopfs_settle();
	EXPECT_HASHED_ONCE("mnt/large", size, 0);
	ASSERT_EQ(0, ban_one(&self->world, "mnt/large"));
	EXPECT_HASHED_ONCE("mnt/large", size, -EPERM);
}

/* More than there are places for, and all in them at the same time. */
#define FILES		18000
#define BANNED		11

/* Maps every file; how many were judged wrong. */
static int map_all(void)
{
	char path[32];
	int i, wrong = 0;

	for (i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "mnt/%05d", i);
		wrong += map(path, PROT_READ | PROT_EXEC) != (i == BANNED ? -EPERM : 0);
	}
	return wrong;
}

TEST_F_TIMEOUT(hashing, cache_is_full, 150)
{
	struct debar_status status;
	char path[32], content[32];
	int i;

	for (i = 0; i < FILES; i++) {
		snprintf(path, sizeof(path), "mnt/%05d", i);
		snprintf(content, sizeof(content), "content %05d", i);
		ASSERT_EQ(0, write_file(path, content, strlen(content), 0755));
	}
	snprintf(path, sizeof(path), "mnt/%05d", BANNED);
	ASSERT_EQ(0, ban_one(&self->world, path));
	loopfs_settle();
	EXPECT_EQ(0, map_all());
	status = world_status(&self->world);
	EXPECT_LT(status.cache_size * 9 / 10, status.cache_entries);
	EXPECT_GE(status.cache_size, status.cache_entries);
	EXPECT_EQ(0, map_all());
	status = world_status(&self->world);
	EXPECT_GE(status.cache_size, status.cache_entries);
}

FIXTURE(no_memory)
{
	struct world world;
};

FIXTURE_VARIANT(no_memory)
{
	const char *parameters;
	int result;
	uint32_t verdict;
};

FIXTURE_VARIANT_ADD(no_memory, fail_open) {
	.parameters = NULL, .result = 0, .verdict = DEBAR_VERDICT_AUDIT,
};
FIXTURE_VARIANT_ADD(no_memory, fail_closed) {
	.parameters = "fail_closed=1", .result = -EPERM, .verdict = DEBAR_VERDICT_DENY,
};

#define INJECTOR	"/tests/modules/debar_test_nomem.ko"

/* Tasks of this name get none of the memory that hashing needs. */
#define POOR	"poor"

/* What kvmalloc() calls has had several names. */
static int take_memory_away(void)
{
	static const char *const functions[] = {
		"__kvmalloc_node_noprof", "kvmalloc_node_noprof", "kvmalloc_node",
	};
	char command[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(functions); i++) {
		snprintf(command, sizeof(command), "insmod %s function=%s task=" POOR, INJECTOR,
			 functions[i]);
		if (!run_silently(command))
			return 0;
	}
	return -ENOENT;
}

FIXTURE_SETUP(no_memory)
{
	ASSERT_EQ(0, take_memory_away());
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, world_reload(&self->world, variant->parameters));
	ASSERT_EQ(0, make_program("banned", "b"));
	ASSERT_EQ(0, ban_one(&self->world, "banned"));
}

FIXTURE_TEARDOWN(no_memory)
{
	EXPECT_EQ(0, world_reload(&self->world, NULL));
	world_end(&self->world);
	EXPECT_EQ(0, run_silently("rmmod debar_test_nomem"));
}

static int map_as_poor(const char *path)
{
	pid_t child = fork();

	if (!child) {
		prctl(PR_SET_NAME, POOR);
		_exit(-map(path, PROT_READ | PROT_EXEC));
	}
	return exit_of(child);
}

TEST_F(no_memory, for_hashing)
{
	const struct debar_status before = world_status(&self->world);
	struct recorded r;

	EXPECT_EQ(variant->result, map_as_poor("banned"));
	recorded_since(&self->world, before.denials_next, &r);
	EXPECT_EQ(1, r.count);
	EXPECT_EQ(DEBAR_OPERATION_MAP, r.denial.operation);
	EXPECT_EQ(variant->verdict, r.denial.verdict);
	EXPECT_EQ(DEBAR_REASON_NO_MEMORY, r.denial.reason);
	if (variant->verdict == DEBAR_VERDICT_AUDIT)
		way_ends("recorded");
	EXPECT_TRUE(world_status(&self->world).health & 1U << DEBAR_HEALTH_UNIDENTIFIED);
	/* Nothing of it is remembered. */
	EXPECT_EQ(-EPERM, map("banned", PROT_READ | PROT_EXEC));
	EXPECT_EQ(-EPERM, run("banned"));
}

DEBAR_TEST_MAIN
