// SPDX-License-Identifier: GPL-2.0-or-later
/* Keeps byte sequences once: an open-addressed hash table of places in one buffer. */
#include <errno.h>
#include <string.h>

#include "intern.h"

/* First size of the table; it doubles whenever it is half full. */
#define FIRST_SLOTS	64

/* FNV-1a, 64 bits (draft-eastlake-fnv), folded to 32. */
static uint32_t hash_of(const uint8_t *bytes, size_t length)
{
	uint64_t hash = 0xcbf29ce484222325;

	while (length--)
		hash = (hash ^ *bytes++) * 0x100000001b3;
	return hash ^ hash >> 32;
}

static int grow(struct debar_intern *set)
{
	size_t count = set->slot_count ? 2 * set->slot_count : FIRST_SLOTS, i, j;
	struct debar_intern_slot *slots = calloc(count, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	for (i = 0; i < set->slot_count; i++) {
		if (!set->slots[i].place)
			continue;
		j = set->slots[i].hash & (count - 1);
		while (slots[j].place)
			j = (j + 1) & (count - 1);
		slots[j] = set->slots[i];
	}
	free(set->slots);
	set->slots = slots;
	set->slot_count = count;
	return 0;
}

static struct debar_intern_slot *find_slot(const struct debar_intern *set, uint32_t hash,
					   const void *bytes, size_t length)
{
	size_t i = hash & (set->slot_count - 1);

	for (; set->slots[i].place; i = (i + 1) & (set->slot_count - 1)) {
		size_t offset = set->slots[i].place - 1;

		if (set->slots[i].hash == hash && set->data.length - offset >= length &&
		    !memcmp(set->data.data + offset, bytes, length))
			break;
	}
	return &set->slots[i];
}

int debar_intern_add(struct debar_intern *set, const void *bytes, size_t length, uint32_t *offset)
{
	uint32_t hash = hash_of(bytes, length);
	struct debar_intern_slot *slot;

	if (2 * set->count >= set->slot_count && grow(set))
		return -ENOMEM;
	slot = find_slot(set, hash, bytes, length);
	if (!slot->place) {
		if (set->data.length + length > UINT32_MAX)
			return -EFBIG;
		slot->hash = hash;
		slot->place = set->data.length + 1;
		if (debar_buffer_add(&set->data, bytes, length)) {
			slot->place = 0;
			return -ENOMEM;
		}
		set->count++;
	}
	*offset = slot->place - 1;
	return 0;
}

void debar_intern_free(struct debar_intern *set)
{
	debar_buffer_free(&set->data);
	free(set->slots);
	*set = (struct debar_intern){};
}
