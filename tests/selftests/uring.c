// SPDX-License-Identifier: GPL-2.0-only
/* An io_uring with one place and one registered file; see uring.h. */
#include <errno.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "uring.h"

static void *map_ring(int fd, size_t size, off_t what)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, what);
}

int uring_open(struct uring *ring, int fd)
{
	struct io_uring_params p = {};

	ring->fd = syscall(SYS_io_uring_setup, 1, &p);
	if (ring->fd < 0)
		return -errno;
	/* Both queues lie in one piece of memory, in which the submission queue's array is last. */
	ring->rings_size = p.sq_off.array + p.sq_entries * sizeof(uint32_t);
	ring->rings = map_ring(ring->fd, ring->rings_size, IORING_OFF_SQ_RING);
	ring->entry = map_ring(ring->fd, sizeof(*ring->entry), IORING_OFF_SQES);
	if (ring->rings == MAP_FAILED || ring->entry == MAP_FAILED)
		return -errno;
	ring->tail = ring->rings + p.sq_off.tail;
	ring->head = ring->rings + p.cq_off.head;
	ring->completions = ring->rings + p.cq_off.cqes;
	ring->mask = p.cq_entries - 1;
	return syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_FILES, &fd, 1) ? -errno : 0;
}

int uring_write(struct uring *ring, const void *bytes, size_t length)
{
	unsigned int head = *ring->head;
	int ret;

	*ring->entry = (struct io_uring_sqe){
		.opcode = IORING_OP_WRITE,
		.flags = IOSQE_FIXED_FILE,
		.addr = (uintptr_t)bytes,
		.len = length,
	};
	/* The array's one place names the one entry from the beginning. */
	__atomic_store_n(ring->tail, *ring->tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, ring->fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		return -errno;
	ret = ring->completions[head & ring->mask].res;
	__atomic_store_n(ring->head, head + 1, __ATOMIC_RELEASE);
	if (ret < 0)
		return ret;
	return (size_t)ret == length ? 0 : -EIO;
}

void uring_close(struct uring *ring)
{
	munmap(ring->entry, sizeof(*ring->entry));
	munmap(ring->rings, ring->rings_size);
	close(ring->fd);
}
