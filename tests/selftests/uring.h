/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An io_uring with one place and one registered file, which writes for whoever has it.
 *
 * Functions return 0 or -errno.
 */
#ifndef DEBAR_SELFTESTS_URING_H
#define DEBAR_SELFTESTS_URING_H

#include <stddef.h>

/**
 * struct uring - a ring
 * @fd: of the ring
 * @rings: both queues, @rings_size bytes
 * @rings_size: of @rings
 * @entry: the one that is submitted, again and again
 * @tail: of the submission queue, in @rings
 * @head: of the completion queue, in @rings
 * @completions: the completion queue's entries, in @rings
 * @mask: of their number
 */
struct uring {
	int fd;
	void *rings;
	size_t rings_size;
	struct io_uring_sqe *entry;
	unsigned int *tail;
	unsigned int *head;
	struct io_uring_cqe *completions;
	unsigned int mask;
};

/* uring_open - make a ring that keeps the file @fd open, also when @fd is closed */
int uring_open(struct uring *ring, int fd);
/* uring_write - write to the beginning of the file */
int uring_write(struct uring *ring, const void *bytes, size_t length);
/* uring_close - let go of the ring, and some time later of the file */
void uring_close(struct uring *ring);

#endif /* DEBAR_SELFTESTS_URING_H */
