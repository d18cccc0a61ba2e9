// SPDX-License-Identifier: GPL-2.0-only
/*
 * Executes and maps ELF files with a few wrong bytes, under a policy that makes debar read each by
 * every kind of indicator. What debar says of one must be what userspace finds in it; whatever
 * checks the kernel must have nothing to say.
 */
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common.h"
#include "elf_file.h"
#include "kselftest_harness.h"
#include "random.h"

#define NOBODY		65534
#define MODPROBE	"/proc/sys/kernel/modprobe"

FIXTURE(fuzz)
{
	struct world world;
	struct debar_source_indicator indicators[3];
	struct elf_file *original, *mutant;
	unsigned long executed, refused;
};

/* A program that really runs, and what makes up its indicators; none has a size. */
static int ban_original(FIXTURE_DATA(fuzz) *self)
{
	const struct debar_content content = { -1, self->original->bytes, self->original->size };
	struct debar_source_indicator *it = self->indicators;
	struct policy policy;
	uint64_t size;
	int ret;

	it[0].kind = DEBAR_INDICATOR_KIND_FILE_SHA256;
	it[1].kind = DEBAR_INDICATOR_KIND_CODE_SHA256;
	it[2].kind = DEBAR_INDICATOR_KIND_BUILD_ID;
	ret = debar_sha256(content.data, content.size, it[0].digest);
	if (!ret)
		ret = debar_code_sha256(&content, it[1].digest, &size);
	if (!ret)
		ret = debar_build_id(&content, it[2].digest);
	if (ret)
		return ret;
	policy_init(&policy, "fuzz");
	policy.ban.indicators = self->indicators;
	policy.ban.indicator_count = ARRAY_SIZE(self->indicators);
	ret = policy_load(&policy, self->world.client);
	policy_free(&policy);
	return ret;
}

/* For a program of no known format the kernel asks for a module, which takes longest. */
FIXTURE_SETUP(fuzz)
{
	random_begin();
	ASSERT_EQ(0, rewrite_file(MODPROBE, "\n", 1));
	ASSERT_EQ(0, world_begin(&self->world));
	self->original = calloc(1, sizeof(*self->original));
	self->mutant = calloc(1, sizeof(*self->mutant));
	ASSERT_NE(NULL, self->original);
	ASSERT_NE(NULL, self->mutant);
	elf_program(self->original, true, false);
	ASSERT_EQ(0, ban_original(self));
}

FIXTURE_TEARDOWN(fuzz)
{
	EXPECT_EQ(0, rewrite_file(MODPROBE, "/sbin/modprobe\n", strlen("/sbin/modprobe\n")));
	free(self->original);
	free(self->mutant);
	world_end(&self->world);
}

/* Mostly in the headers, where one byte decides; sometimes another form, sometimes cut off. */
static void mutate(FIXTURE_DATA(fuzz) *self)
{
	struct elf_file *file = self->mutant;
	bool wide = random_below(4), big = !random_below(4);

	if (random_below(8))
		elf_program(file, wide, big);
	else
		elf_module(file, wide, big);
	random_damage(file->bytes, random_below(4) ? ELF_NOTES + ELF_NOTE_SIZE : file->size);
	if (!random_below(8))
		file->size = random_below(file->size);
	else if (!random_below(8))
		file->size += random_below(8192);
}

/* Whether userspace finds one of the indicators. */
static bool is_banned(const FIXTURE_DATA(fuzz) *self)
{
	const struct debar_content content = { -1, self->mutant->bytes, self->mutant->size };
	const struct debar_source_indicator *it = self->indicators;
	uint8_t digest[DEBAR_DIGEST_SIZE];
	uint64_t size;

	if (!debar_sha256(content.data, content.size, digest) &&
	    !memcmp(digest, it[0].digest, sizeof(digest)))
		return true;
	if (!debar_code_sha256(&content, digest, &size) &&
	    !memcmp(digest, it[1].digest, sizeof(digest)))
		return true;
	return !debar_build_id(&content, digest) && !memcmp(digest, it[2].digest, sizeof(digest));
}

/* As nobody, with little time: what runs may do anything. Whether it was refused. */
static bool is_refused_execution(void)
{
	const struct rlimit second = { 1, 1 };
	pid_t child = fork();
	int status = 0;

	if (!child) {
		char *const arguments[] = { (char *)"mutant", NULL };

		setrlimit(RLIMIT_CPU, &second);
		if (setgid(NOBODY) || setuid(NOBODY))
			_exit(0);
		alarm(2);
		execv("./mutant", arguments);
		_exit(errno == EPERM);
	}
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

TEST_F_TIMEOUT(fuzz, programs, 3600)
{
	unsigned long wrong = 0;

	ASSERT_EQ(0, chmod(self->world.dir, 0755));
	while (random_goes_on()) {
		bool banned, refused;

		mutate(self);
		banned = is_banned(self);
		ASSERT_EQ(0, write_file("mutant", self->mutant->bytes, self->mutant->size, 0755));
		refused = is_refused_execution();
		self->executed++;
		self->refused += refused;
		wrong += refused != banned;
		if (self->mutant->size)
			wrong += (map("mutant", PROT_READ | PROT_EXEC) == -EPERM) != banned;
		unlink("mutant");
	}
	printf("# %lu programs, %lu of them refused\n", self->executed, self->refused);
	EXPECT_LT(0, self->refused);
	EXPECT_EQ(0, wrong);
	ASSERT_EQ(0, write_file("mutant", self->original->bytes, self->original->size, 0755));
	EXPECT_TRUE(is_refused_execution());
}

DEBAR_TEST_MAIN
