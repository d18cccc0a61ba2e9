/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A set of byte sequences, each kept once, one behind the other in the order in which they came.
 */
#ifndef DEBAR_INTERN_H
#define DEBAR_INTERN_H

#include "util.h"

/**
 * struct debar_intern_slot - a place in the hash table
 * @hash: of the sequence
 * @place: its offset in the data plus one, 0 when the slot is free
 */
struct debar_intern_slot {
	uint32_t hash;
	uint32_t place;
};

/**
 * struct debar_intern - the set; all zero when empty
 * @data: the sequences; may begin with bytes that belong to none
 * @slots: hash table, open addressing
 * @slot_count: of @slots, a power of two
 * @count: slots taken
 */
struct debar_intern {
	struct debar_buffer data;
	struct debar_intern_slot *slots;
	size_t slot_count;
	size_t count;
};

/**
 * debar_intern_add - find a sequence in the set, or add it
 * @set: the set
 * @bytes: all sequences of a set end in their only NUL, or all have the same length
 * @length: of @bytes
 * @offset: set to its place in @set->data
 *
 * Return: 0, -ENOMEM, or -EFBIG when the data would exceed 4 GiB.
 */
int debar_intern_add(struct debar_intern *set, const void *bytes, size_t length, uint32_t *offset);

/* debar_intern_free - the set is empty afterwards */
void debar_intern_free(struct debar_intern *set);

#endif /* DEBAR_INTERN_H */
