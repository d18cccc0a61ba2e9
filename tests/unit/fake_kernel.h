/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel for tests of what stands on client.h: fake_kernel.c takes the place of client*.c when
 * it is linked first.
 *
 * Its state lies in a file that the test and the tested program map, named by the environment
 * variable FAKE_KERNEL; the doorbell is a datagram socket beside it.
 */
#ifndef FAKE_KERNEL_H
#define FAKE_KERNEL_H

#include "client.h"

#define FAKE_KERNEL_VARIABLE "FAKE_KERNEL"

/**
 * struct fake_kernel - what the kernel holds
 * @loaded: the module is there
 * @generation: of this load
 * @oldest: first denial that is kept
 * @next: number of the next denial
 * @in_force: a policy is in force; then the next four are about it
 * @serial: see above
 * @issued: see above
 * @length: see above
 * @digest: see above
 * @name: see above
 * @loads: policies loaded so far
 * @refuse: errno, positive, to answer the next policy_load with; 0 for none
 * @pause: after so many denials of a dump, sleep for a millisecond; 0 for never
 */
struct fake_kernel {
	bool loaded;
	uint64_t generation;
	uint64_t oldest;
	uint64_t next;
	bool in_force;
	uint64_t serial;
	uint64_t issued;
	uint64_t length;
	uint8_t digest[DEBAR_DIGEST_SIZE];
	char name[256];
	uint32_t loads;
	int refuse;
	uint32_t pause;
};

/* fake_kernel_map - the state, created when it is missing; NULL on an error */
struct fake_kernel *fake_kernel_map(void);

/* fake_kernel_ring - tell the program that listens of @events, a set of enum debar_event */
void fake_kernel_ring(int events);

#endif /* FAKE_KERNEL_H */
