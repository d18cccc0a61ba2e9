/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ways in: an attempt that succeeds while nothing is banned, and is refused, and recorded as it
 * happened, once one file is.
 */
#ifndef DEBAR_SELFTESTS_WAYS_H
#define DEBAR_SELFTESTS_WAYS_H

#include "common.h"
#include "recorded.h"

/**
 * struct way - a way in
 * @banned: the file that the policy bans
 * @attempt: 0 when it got through, -EPERM when it was refused; anything else is an error
 * @path: that @attempt takes
 * @recorded: path in the denial; NULL for @banned, "" when it has none, relative to the test's
 *	folder unless it begins with a slash
 * @file: whose device and inode are in the denial; NULL for @recorded, "" when it cannot be seen
 *	any more or never could
 * @subject: program of the subject in the denial; NULL for the test itself, "" for a thread of the
 *	kernel
 * @uid: user of the subject
 * @kind: of the indicator
 * @operation: in the denial
 * @operations: of the ban; 0 for the default
 */
struct way {
	const char *banned;
	int (*attempt)(const char *path);
	const char *path;
	const char *recorded;
	const char *file;
	const char *subject;
	uint32_t uid;
	enum debar_indicator_kind kind;
	enum debar_operation operation;
	uint32_t operations;
};

/*
 * way_complaint - try a way without a policy and with one, and compare the denial with what was
 * attempted; NULL when it is closed, or else what is wrong
 */
const char *way_complaint(struct world *world, const struct way *way);

#define EXPECT_CLOSED(world, ...)						\
	do {									\
		const struct way way_ = { __VA_ARGS__ };			\
		const char *complaint_ = way_complaint(world, &way_);		\
										\
		EXPECT_EQ(NULL, complaint_) TH_LOG("%s", complaint_);		\
	} while (0)

/* run_descriptor - run what a descriptor stands for; its exit code, or -errno of execveat() */
int run_descriptor(int fd);
/*
 * exit_of - wait for a child whose exit code is an error number; that, negative, or -EINTR when it
 * was killed
 */
int exit_of(pid_t child);
/* attempt_run - run a program without arguments */
int attempt_run(const char *path);
/* attempt_map - map a file to be executed */
int attempt_map(const char *path);
/* attempt_protect - make a mapped file executable */
int attempt_protect(const char *path);
/* run_silently - run a command of the shell, without what it prints; its exit code */
int run_silently(const char *command);

#endif /* DEBAR_SELFTESTS_WAYS_H */
