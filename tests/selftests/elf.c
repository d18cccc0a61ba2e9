// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hostile ELF files, judged by the kernel by their code and their build id: it finds in each what
 * userspace finds, refuses it or not accordingly, and is never kept busy for long.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "common.h"
#include "elf_cases.h"
#include "kselftest_harness.h"

/* Fewer, and some are gone. */
#define CASES_AT_LEAST	370
/* More than any file may take, on an emulated processor that others use as well. */
#define SECONDS_MAX	5
#define MODPROBE	"/proc/sys/kernel/modprobe"

/**
 * struct hostile - what the cases are judged with
 * @client: to ask the kernel
 * @indicators: of all of them, each once
 * @count: of @indicators
 * @by_code: there are indicators of code
 * @wrong: how many were not judged as they should be
 * @slowest: longest time that the kernel took to judge one, in nanoseconds
 */
struct hostile {
	struct debar_client *client;
	struct debar_source_indicator indicators[1024];
	size_t count;
	bool by_code;
	size_t wrong;
	uint64_t slowest;
};

FIXTURE(elf)
{
	struct world world;
	struct hostile *hostile;
};

/*
 * For a program of no known format the kernel asks for a module, which takes longer than all the
 * rest.
 */
FIXTURE_SETUP(elf)
{
	ASSERT_EQ(0, world_begin(&self->world));
	self->hostile = calloc(1, sizeof(*self->hostile));
	ASSERT_NE(NULL, self->hostile);
	self->hostile->client = self->world.client;
	ASSERT_EQ(0, rewrite_file(MODPROBE, "\n", 1));
}

FIXTURE_TEARDOWN(elf)
{
	EXPECT_EQ(0, rewrite_file(MODPROBE, "/sbin/modprobe\n", strlen("/sbin/modprobe\n")));
	free(self->hostile);
	world_end(&self->world);
}

static void add(struct hostile *h, enum debar_indicator_kind kind, const uint8_t *digest,
		uint64_t size)
{
	struct debar_source_indicator *it = &h->indicators[h->count];
	size_t i;

	for (i = 0; i < h->count; i++)
		if (h->indicators[i].kind == kind &&
		    !memcmp(h->indicators[i].digest, digest, DEBAR_DIGEST_SIZE))
			return;
	*it = (struct debar_source_indicator){ .kind = kind, .size = size };
	memcpy(it->digest, digest, DEBAR_DIGEST_SIZE);
	h->count++;
}

/* Takes what userspace finds in a file, which must be what the table says. */
static void collect(const char *name, const struct elf_file *file, void *data)
{
	const struct debar_content content = { -1, file->bytes, file->size };
	uint8_t digest[DEBAR_DIGEST_SIZE];
	struct hostile *h = data;
	uint64_t size;
	int code = debar_code_sha256(&content, digest, &size);

	if (!code && h->by_code)
		add(h, DEBAR_INDICATOR_KIND_CODE_SHA256, digest, size);
	if (code != (file->code ? 0 : -ENODATA)) {
		printf("# %s: userspace finds other code\n", name);
		h->wrong++;
	}
	if (!debar_build_id(&content, digest))
		add(h, DEBAR_INDICATOR_KIND_BUILD_ID, digest, 0);
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

/* Asks the kernel for the verdict about the file "hostile"; true when it is known by this kind. */
static bool check(struct hostile *h, bool banned, enum debar_indicator_kind kind)
{
	int fd = open("hostile", O_RDONLY | O_CLOEXEC);
	struct debar_check check = {};
	uint64_t begun = now();
	int ret = debar_client_check_fd(h->client, fd, &check);

	if (now() - begun > h->slowest)
		h->slowest = now() - begun;
	close(fd);
	if (!banned)
		return !ret && check.verdict == DEBAR_VERDICT_ALLOW &&
		       check.reason == DEBAR_REASON_NONE;
	return !ret && check.verdict == DEBAR_VERDICT_DENY && check.kind == kind;
}

static void judge(const char *name, const struct elf_file *file, void *data)
{
	struct hostile *h = data;
	bool by_code = h->by_code && file->code, banned = by_code || file->id_size;
	enum debar_indicator_kind kind = by_code ? DEBAR_INDICATOR_KIND_CODE_SHA256 :
						   DEBAR_INDICATOR_KIND_BUILD_ID;
	const char *what = NULL;

	if (write_file("hostile", file->bytes, file->size, 0755))
		what = "cannot be written";
	else if (!check(h, banned, kind))
		what = "check gives another verdict";
	else if (run("hostile") != (banned ? -EPERM : -ENOEXEC))
		what = "execve() gives something else";
	else if (map("hostile", PROT_READ | PROT_EXEC) != (banned ? -EPERM : 0))
		what = "mmap() gives something else";
	unlink("hostile");
	if (!what)
		return;
	printf("# %s: %s: %s\n", elf_form(file->wide, file->big), name, what);
	h->wrong++;
}

static void judge_all(struct __test_metadata *_metadata, struct hostile *h)
{
	struct policy policy;
	size_t cases;

	elf_cases(collect, h);
	policy_init(&policy, "hostile");
	policy.ban.indicators = h->indicators;
	policy.ban.indicator_count = h->count;
	ASSERT_EQ(0, policy_load(&policy, h->client));
	policy_free(&policy);
	cases = elf_cases(judge, h);
	TH_LOG("%zu files, %zu indicators; the slowest took %ju us", cases, h->count,
	       (uintmax_t)h->slowest / 1000);
	EXPECT_LE(CASES_AT_LEAST, cases);
	EXPECT_EQ(0, h->wrong);
	EXPECT_GT(SECONDS_MAX * UINT64_C(1000000000), h->slowest);
}

TEST_F_TIMEOUT(elf, by_code_and_build_id, 120)
{
	self->hostile->by_code = true;
	judge_all(_metadata, self->hostile);
}

/* Whatever code a file has is hashed, since nobody says how much it is; but it is nobody's. */
TEST_F_TIMEOUT(elf, by_build_id_with_all_code_hashed, 120)
{
	const uint8_t nobodys[DEBAR_DIGEST_SIZE] = { 1 };

	add(self->hostile, DEBAR_INDICATOR_KIND_CODE_SHA256, nobodys, 0);
	judge_all(_metadata, self->hostile);
}

DEBAR_TEST_MAIN
