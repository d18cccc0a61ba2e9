/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A filesystem with one file, whose reads the test controls: they can wait, and they can fail. It
 * speaks FUSE with the kernel from a process of its own, so that a task can be kept reading for as
 * long as a test wants.
 *
 * Functions return 0 or -errno.
 */
#ifndef DEBAR_SELFTESTS_SLOWFS_H
#define DEBAR_SELFTESTS_SLOWFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Name of the file in the filesystem. */
#define SLOWFS_FILE	"file"

/**
 * struct slowfs - shared by the test and the process that serves
 * @content: of the file; the test may overwrite it
 * @size: of @content in bytes
 * @hold: reads are not answered while this is set; set by the test
 * @fail: reads from @fail_from on are answered with an I/O error; set by the test
 * @fail_from: offset in bytes
 * @held: reads that wait to be answered; set by the server
 * @server: its process
 * @dir: where it is mounted
 */
struct slowfs {
	void *content;
	size_t size;
	volatile bool hold;
	volatile bool fail;
	uint64_t fail_from;
	volatile unsigned int held;
	pid_t server;
	char dir[64];
};

/*
 * slowfs_mount - serve a copy of the file @path on the folder @dir, which is made; @fs is set on
 * success
 */
int slowfs_mount(struct slowfs **fs, const char *path, const char *dir);
/* slowfs_unmount - answer what still waits, and unmount */
int slowfs_unmount(struct slowfs *fs);

/* slowfs_await_reader - wait until a read waits; -ETIMEDOUT after five seconds */
int slowfs_await_reader(const struct slowfs *fs);

/* slowfs_forget - drop what the page cache holds, so that the next read asks the server */
void slowfs_forget(void);

#endif /* DEBAR_SELFTESTS_SLOWFS_H */
