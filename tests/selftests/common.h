/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs that run in the virtual machine share: a fresh debar for each test, programs to
 * ban, policies.
 *
 * A test begins with world_begin() and ends with world_end(); between them the current folder is
 * one of its own, on a tmpfs. Functions that return int return 0 or -errno.
 */
#ifndef DEBAR_SELFTESTS_COMMON_H
#define DEBAR_SELFTESTS_COMMON_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "client.h"
#include "compile.h"
#include "digest.h"
#include "module.h"
#include "util.h"

/*
 * A program that ends with 0, a library, and a program that runs another; static, small, linked to
 * nothing.
 */
#define PAYLOAD		"/tests/payload"
#define PAYLOAD_LIBRARY	"/tests/payload.so"
#define LAUNCHER	"/tests/launcher"

/* Files in one policy. */
#define POLICY_FILES	16

/**
 * struct world - what a test starts from: debar is loaded, has no policy and enforces
 * @client: asks debar
 * @dir: the test's own folder, which is the current one
 */
struct world {
	struct debar_client *client;
	char dir[32];
};

int world_begin(struct world *world);
void world_end(struct world *world);

/*
 * world_reload - load the module anew, with parameters or NULL; the client is another one
 * afterwards
 */
int world_reload(struct world *world, const char *parameters);

/*
 * world_configure - as above; but where debar is built in nothing is done: it has got its
 * parameters with the kernel, and the test sees whether they are those
 */
int world_configure(struct world *world, const char *parameters);

/* world_status - what debar is doing; all zero when it cannot be asked */
struct debar_status world_status(struct world *world);

int write_file(const char *path, const void *bytes, size_t length, mode_t mode);
/*
 * rewrite_file - overwrite the first bytes of a file that exists; nothing else of it changes, its
 * times apart
 */
int rewrite_file(const char *path, const void *bytes, size_t length);
/*
 * copy_with_mark - copy a file and append a mark to it: another content, of a length that the
 * mark's decides
 */
int copy_with_mark(const char *from, const char *to, const char *mark);
/* make_program - a copy of PAYLOAD with a mark; runs and ends with 0 */
int make_program(const char *path, const char *mark);
/* digest_of - SHA-256 and size of a file */
int digest_of(const char *path, uint8_t *digest, uint64_t *size);

/* run - run a program without arguments; its exit code, or -errno of execve() */
int run(const char *path);
/*
 * run_with - run a program with arguments, NULL at the end; its exit code, 128 + signal, or -errno
 * of execve()
 */
int run_with(const char *const *arguments);
/* start - begin to run a program without arguments; an error of execve() is its exit code */
pid_t start(const char *path);
/*
 * await - how a child has ended: its exit code or 128 + signal; -ETIMEDOUT when it has not after
 * that many milliseconds
 */
int await(pid_t child, int milliseconds);
/* map - map the first page of a file */
int map(const char *path, int protection);
/* protect - map the first page of a file to be read, and ask for a protection afterwards */
int protect(const char *path, int protection);

/**
 * struct policy - a policy with one ban; filled in by the functions below, fields may be changed
 * before it is loaded
 * @source: points at @ban
 * @ban: points at @indicators
 * @indicators: as many as ban.indicator_count says
 * @blob: what was compiled
 * @digest: SHA-256 of the blob
 */
struct policy {
	struct debar_source source;
	struct debar_source_ban ban;
	struct debar_source_indicator indicators[POLICY_FILES];
	struct debar_buffer blob;
	uint8_t digest[DEBAR_DIGEST_SIZE];
};

/* policy_init - an empty policy, with a serial that is higher than that of any before */
void policy_init(struct policy *policy, const char *name);
/* policy_add - ban a file; also what is no executable file */
int policy_add(struct policy *policy, const char *path);
/* policy_compile - make @blob and @digest */
int policy_compile(struct policy *policy);
/* policy_load - compile it, and put it in force */
int policy_load(struct policy *policy, struct debar_client *client);
void policy_free(struct policy *policy);

/* ban - put a policy in force that bans these files, NULL at the end, and nothing else */
int ban(struct world *world, const char *const *paths);
/* ban_one - as above, for one file */
int ban_one(struct world *world, const char *path);
/* policy_in_force - digest of the policy in force; -ENODATA when there is none */
int policy_in_force(struct debar_client *client, uint8_t *digest);

/*
 * kernel_before - the running kernel is older than this; the oldest one of which a difference is
 * proven
 */
bool kernel_before(int major, int minor);

/* way_ends - tell the checklist, ways.md, how a way in ends, when that is not with a refusal */
void way_ends(const char *word);

void sleep_ms(unsigned int milliseconds);

/* debar_test_main - load debar, run all tests of the program by @harness, unload debar */
int debar_test_main(int (*harness)(int argc, char **argv), int argc, char **argv);

/* Like TEST_HARNESS_MAIN; debar is loaded for the program, and unloaded behind it. */
#define DEBAR_TEST_MAIN							\
	int main(int argc, char **argv)					\
	{								\
		return debar_test_main(test_harness_run, argc, argv);	\
	}

#endif /* DEBAR_SELFTESTS_COMMON_H */
