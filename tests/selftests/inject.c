// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything that debar asks the kernel for fails once: each operation is tried again and again,
 * first with its first allocation failing, then the second, and so on until there is none left.
 * After each, what happened must be what is documented. For a kernel that injects failures.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common.h"
#include "injection.h"
#include "kselftest_harness.h"
#include "loopfs.h"

/* More than any operation here asks for. */
#define MANY	2000

/* Files that are no program, so that execve() of one that is let through returns. */
#define BANNED_CONTENT		"banned content\n"
#define INNOCENT_CONTENT	"other content.\n"

static int attempt_execute(const char *path)
{
	char *const arguments[] = { (char *)path, NULL };

	execv(path, arguments);
	return errno == ENOEXEC ? 0 : -errno;
}

static int attempt_map(const char *path)
{
	return map(path, PROT_READ | PROT_EXEC);
}

static int attempt_protect(const char *path)
{
	return protect(path, PROT_READ | PROT_EXEC);
}

FIXTURE(inject)
{
	struct world world;
	struct loopfs fs;
};

FIXTURE_VARIANT(inject)
{
	bool closed;
};

FIXTURE_VARIANT_ADD(inject, fail_open) { .closed = false };
FIXTURE_VARIANT_ADD(inject, fail_closed) { .closed = true };

FIXTURE_SETUP(inject)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, world_reload(&self->world, variant->closed ? "fail_closed=1" : NULL));
	ASSERT_EQ(0, loopfs_make("image", "ext4"));
	ASSERT_EQ(0, loopfs_mount(&self->fs, "image", "ext4", "mnt"));
	ASSERT_EQ(0, chdir("mnt"));
	ASSERT_EQ(0, write_file("banned", BANNED_CONTENT, strlen(BANNED_CONTENT), 0755));
	ASSERT_EQ(0, write_file("innocent", INNOCENT_CONTENT, strlen(INNOCENT_CONTENT), 0755));
	ASSERT_EQ(0, ban_one(&self->world, "banned"));
	sync();
	loopfs_settle();
	ASSERT_EQ(0, injection_begin());
	ASSERT_EQ(0, injection_disk(self->fs.device));
}

FIXTURE_TEARDOWN(inject)
{
	injection_end();
	ASSERT_EQ(0, chdir(self->world.dir));
	EXPECT_EQ(0, loopfs_unmount(&self->fs));
	if (variant->closed)
		ASSERT_EQ(0, world_reload(&self->world, NULL));
	world_end(&self->world);
}

/* Nothing is known of a file, nor is it in memory. */
static void forget_file(struct world *world, const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	(void)debar_client_cache_flush(world->client);
}

/* struct account - what one attempt has added to what debar counts */
struct account {
	int result;
	uint64_t given;
	uint64_t lost;
	uint64_t no_memory;
	uint64_t unidentified;
};

static uint64_t failures_of(const struct debar_status *status)
{
	uint64_t sum = 0;
	size_t i;

	for (i = DEBAR_REASON_INDICATOR + 1; i <= DEBAR_REASON_MAX; i++)
		sum += status->failures[i];
	return sum;
}

static bool account_for(struct world *world, int (*attempt)(const char *path), const char *path,
			unsigned int nth, struct account *account)
{
	struct debar_status before, after;
	bool hit;

	forget_file(world, path);
	before = world_status(world);
	(void)injection_arm(nth);
	account->result = attempt(path);
	hit = injection_disarm();
	after = world_status(world);
	account->given = after.denials_next - before.denials_next;
	account->lost = after.denials_lost - before.denials_lost;
	account->unidentified = failures_of(&after) - failures_of(&before);
	account->no_memory = after.failures[DEBAR_REASON_NO_MEMORY] -
			     before.failures[DEBAR_REASON_NO_MEMORY];
	return hit;
}

/*
 * The attempt may fail for the kernel's own lack of memory, before debar or behind it. What debar
 * could not identify is recorded, and refused if it fails closed; a banned file is not let through
 * in any other way.
 */
static const char *complaint(const struct account *a, bool banned, bool closed)
{
	if (a->given > 1 || a->unidentified > a->given)
		return "the numbers given are not those of one attempt";
	if (a->unidentified && closed && a->result != -EPERM)
		return "what could not be identified was not refused";
	if (a->unidentified && !closed && a->result == -EPERM)
		return "what could not be identified was refused";
	if (a->lost > a->given || (a->lost && a->unidentified))
		return "more was lost than failed";
	if (a->unidentified)
		return NULL;
	if (banned && (!a->result || (a->result == -EPERM && !a->given)))
		return "what is banned was let through, or its denial is not counted";
	if (!banned && (a->result == -EPERM || a->given))
		return "what is not banned was refused, or recorded";
	return NULL;
}

/* Both sums over all failures of one operation. */
struct sums {
	unsigned int tries;
	uint64_t no_memory;
	uint64_t lost;
};

static const char *sweep(struct world *world, int (*attempt)(const char *path), const char *path,
			 bool banned, bool closed, struct sums *sums)
{
	struct account account;
	unsigned int nth;

	for (nth = 1; nth < MANY; nth++) {
		bool hit = account_for(world, attempt, path, nth, &account);
		const char *wrong = complaint(&account, banned, closed);

		sums->tries++;
		sums->no_memory += account.no_memory;
		sums->lost += account.lost;
		if (wrong) {
			printf("# failure %u: result %d\n", nth, account.result);
			return wrong;
		}
		if (!hit)
			return account.result == (banned ? -EPERM : 0) ? NULL :
				"without a failure it is not as it should be";
	}
	return "there is no end of failures";
}

#define EXPECT_SWEPT(attempt, path, banned)						\
	do {										\
		const char *wrong_ = sweep(&self->world, attempt, path, banned,		\
					   variant->closed, &sums);			\
											\
		EXPECT_EQ(NULL, wrong_) TH_LOG(#attempt " %s: %s", path, wrong_);	\
	} while (0)

TEST_F_TIMEOUT(inject, judgements, 240)
{
	struct sums sums = {};
	int round;

	/* The kernel's own demand for memory varies, and may hide one of debar's once. */
	for (round = 0; round < 3 && !(sums.no_memory && sums.lost); round++) {
		EXPECT_SWEPT(attempt_map, "innocent", false);
		EXPECT_SWEPT(attempt_map, "banned", true);
		EXPECT_SWEPT(attempt_protect, "innocent", false);
		EXPECT_SWEPT(attempt_protect, "banned", true);
		EXPECT_SWEPT(attempt_execute, "innocent", false);
		EXPECT_SWEPT(attempt_execute, "banned", true);
	}
	TH_LOG("%u failures", sums.tries);
	EXPECT_LT(0, sums.no_memory);
	EXPECT_LT(0, sums.lost);
}

/* -ENOBUFS: it is not known whether the kernel did it, for there was no memory to say so. */
static bool may_happen(int result)
{
	return !result || result == -ENOMEM || result == -ENOBUFS;
}

TEST_F_TIMEOUT(inject, policy_load, 240)
{
	uint8_t digest[DEBAR_DIGEST_SIZE];
	struct policy old, new;
	unsigned int nth;
	bool hit = true, is_old, is_new;
	int ret = 0;

	for (nth = 1; nth < MANY && hit; nth++) {
		policy_init(&old, "old");
		ASSERT_EQ(0, policy_add(&old, "banned"));
		ASSERT_EQ(0, policy_load(&old, self->world.client));
		policy_init(&new, "new");
		ASSERT_EQ(0, policy_add(&new, "innocent"));
		ASSERT_EQ(0, policy_compile(&new));
		ASSERT_EQ(0, injection_arm(nth));
		ret = debar_client_policy_load(self->world.client, new.blob.data, new.blob.length,
					       new.digest);
		hit = injection_disarm();
		EXPECT_TRUE(may_happen(ret)) TH_LOG("failure %u: %d", nth, ret);
		ASSERT_EQ(0, policy_in_force(self->world.client, digest));
		is_old = !memcmp(digest, old.digest, sizeof(digest));
		is_new = !memcmp(digest, new.digest, sizeof(digest));
		EXPECT_TRUE(is_old || is_new);
		EXPECT_TRUE(ret == -ENOBUFS || (ret ? is_old : is_new));
		policy_free(&old);
		policy_free(&new);
	}
	EXPECT_EQ(0, ret);
	EXPECT_LT(3, nth);
	TH_LOG("%u failures", nth);
}

TEST_F_TIMEOUT(inject, policy_unload, 120)
{
	uint8_t digest[DEBAR_DIGEST_SIZE];
	unsigned int nth;
	bool hit = true;
	int ret = 0;

	for (nth = 1; nth < MANY && hit; nth++) {
		ASSERT_EQ(0, ban_one(&self->world, "banned"));
		ASSERT_EQ(0, injection_arm(nth));
		ret = debar_client_policy_unload(self->world.client);
		hit = injection_disarm();
		EXPECT_TRUE(may_happen(ret)) TH_LOG("failure %u: %d", nth, ret);
		if (!ret)
			EXPECT_EQ(-ENODATA, policy_in_force(self->world.client, digest));
	}
	EXPECT_EQ(0, ret);
}

static int take_denial(const struct debar_denial *denial, const struct debar_denial_state *state,
		       void *data)
{
	(void)denial;
	(void)state;
	++*(int *)data;
	return 0;
}

static int take_indicator(const struct debar_indicator_info *info, void *data)
{
	(void)info;
	++*(int *)data;
	return 0;
}

static int ask_everything(struct debar_client *client, int fd)
{
	struct debar_policy_info policy;
	struct debar_status status;
	struct debar_check check;
	int count = 0, ret;

	ret = debar_client_status(client, &status);
	if (!ret)
		ret = debar_client_policy_get(client, &policy);
	if (!ret)
		ret = debar_client_indicator_dump(client, take_indicator, &count);
	if (!ret)
		ret = debar_client_denial_dump(client, 0, take_denial, &count);
	if (!ret)
		ret = debar_client_check_fd(client, fd, &check);
	return ret;
}

TEST_F_TIMEOUT(inject, questions, 120)
{
	_cleanup_close_ int fd = open("banned", O_RDONLY | O_CLOEXEC);
	unsigned int nth;
	bool hit = true;
	int ret = 0;

	EXPECT_EQ(-EPERM, attempt_map("banned"));
	for (nth = 1; nth < MANY && hit; nth++) {
		ASSERT_EQ(0, injection_arm(nth));
		ret = ask_everything(self->world.client, fd);
		hit = injection_disarm();
		EXPECT_TRUE(may_happen(ret)) TH_LOG("failure %u: %d", nth, ret);
		/* A reader that lost an answer begins anew. */
		if (ret) {
			debar_client_close(self->world.client);
			ASSERT_EQ(0, debar_client_open(&self->world.client));
		}
	}
	EXPECT_EQ(0, ret);
	EXPECT_LT(10, nth);
}

FIXTURE(module)
{
	struct world world;
};

FIXTURE_SETUP(module)
{
	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, make_program("banned", "b"));
	ASSERT_EQ(0, injection_begin());
	debar_client_close(self->world.client);
	ASSERT_EQ(0, debar_module_unload());
}

FIXTURE_TEARDOWN(module)
{
	if (!debar_module_loaded())
		ASSERT_EQ(0, debar_module_load(NULL, NULL));
	ASSERT_EQ(0, debar_client_open(&self->world.client));
	injection_end();
	world_end(&self->world);
}

/* It works, and goes away again. */
static int use_and_unload(struct world *world)
{
	int ret = debar_client_open(&world->client);

	if (ret)
		return ret;
	ret = ban_one(world, "banned");
	if (!ret && run("banned") != -EPERM)
		ret = -EIO;
	debar_client_close(world->client);
	return ret ?: debar_module_unload();
}

/* What cannot be loaded leaves nothing behind, or it could not be loaded the next time. */
TEST_F_TIMEOUT(module, load, 300)
{
	unsigned int nth;
	bool hit = true;
	int ret = 0;

	for (nth = 1; nth < MANY && hit; nth++) {
		ASSERT_EQ(0, injection_init(nth));
		ret = debar_module_load(NULL, NULL);
		hit = injection_init_hit();
		EXPECT_EQ(!ret, debar_module_loaded());
		EXPECT_TRUE(!ret || ret == -ENOMEM) TH_LOG("failure %u: %d", nth, ret);
		if (!ret)
			ASSERT_EQ(0, use_and_unload(&self->world));
	}
	EXPECT_EQ(0, ret);
	EXPECT_LT(10, nth);
	TH_LOG("%u failures", nth);
}

/* Some allocations have a second way, which must be closed, too. */
TEST_F_TIMEOUT(module, load_without_any_memory, 120)
{
	unsigned int bytes;
	int ret;

	for (bytes = 0; bytes < 48 * 1024; bytes += 1024) {
		ASSERT_EQ(0, injection_init_all(bytes));
		ret = debar_module_load(NULL, NULL);
		(void)injection_init_hit();
		EXPECT_EQ(!ret, debar_module_loaded());
		EXPECT_TRUE(!ret || ret == -ENOMEM) TH_LOG("%u bytes: %d", bytes, ret);
		if (!ret)
			ASSERT_EQ(0, use_and_unload(&self->world));
	}
	ASSERT_EQ(0, debar_module_load(NULL, NULL));
}

TEST_F_TIMEOUT(module, unload, 120)
{
	unsigned int nth;
	bool hit = true;
	long ret = 0;

	for (nth = 1; nth < MANY && hit; nth++) {
		if (!debar_module_loaded())
			ASSERT_EQ(0, debar_module_load(NULL, NULL));
		ASSERT_EQ(0, injection_arm(nth));
		ret = syscall(SYS_delete_module, "debar", O_NONBLOCK);
		hit = injection_disarm();
		EXPECT_TRUE(!ret || errno == ENOMEM);
	}
	EXPECT_EQ(0, ret);
	EXPECT_FALSE(debar_module_loaded());
}

/* Where debar asks for something, by the names of what the compiler made of its functions. */
static const char *const places[] = {
	"debar_content_init", "debar_identify_init", "debar_cache_init", "debar_denials_init",
	"attach+", "debar_netlink_init",
	"debar_nl_policy_begin_doit", "debar_policy_create", "hash",
	"debar_inflight_enter", "debar_content_open", "debar_cache_add", "debar_postpone",
	"debar_denial_fill", "new_message",
};

static int missed(const char *sites)
{
	int count = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		if (strstr(sites, places[i]))
			continue;
		printf("# nothing failed in %s\n", places[i]);
		count++;
	}
	return count;
}

FIXTURE(places)
{
};

FIXTURE_SETUP(places)
{
}

FIXTURE_TEARDOWN(places)
{
}

/* The last one: what the others have reached since the machine was started. */
TEST_F(places, all_were_reached)
{
	static char sites[65536];

	ASSERT_EQ(0, injection_sites(sites, sizeof(sites)));
	printf("# something failed in:\n%s", sites);
	EXPECT_EQ(0, missed(sites));
}

DEBAR_TEST_MAIN
