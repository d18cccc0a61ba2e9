/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Follows the kernel's denials: each one exactly once and in order, and what the kernel no longer
 * keeps as gaps.
 */
#ifndef DEBAR_READER_H
#define DEBAR_READER_H

#include "client.h"

/**
 * struct debar_reader - where a reader stands
 * @generation: the count that @next belongs to; 0 before the first pull
 * @next: the sequence number that is wanted next
 * @start: tells where to start in the count @generation, which the reader did not know yet: 1 or
 *   later
 * @denial: takes a denial; returns 0 or -errno
 * @gap: takes the fact that the denials @first to @last are lost; returns 0 or -errno
 * @data: handed to the three
 */
struct debar_reader {
	uint64_t generation;
	uint64_t next;
	uint64_t (*start)(uint64_t generation, void *data);
	int (*denial)(const struct debar_denial *denial, void *data);
	int (*gap)(uint64_t first, uint64_t last, void *data);
	void *data;
};

/**
 * debar_reader_pull - take all denials that the kernel has and the reader has not
 * @reader: @next moves with each denial and each gap that was taken
 * @client: to ask with
 *
 * Return: 0, an error of client.h, or that of a callback; @next is then what was not taken.
 */
int debar_reader_pull(struct debar_reader *reader, struct debar_client *client);

#endif /* DEBAR_READER_H */
