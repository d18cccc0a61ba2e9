// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Small pieces lie one behind the other in blocks, each behind its size; a large one has a block of
 * its own, so that it can grow.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "pool.h"

/* Above this, a piece has a block of its own. */
#define SMALL		1024
#define BLOCK_SIZE	65536
/* Sizes of pieces are multiples of this. */
#define ALIGNMENT	sizeof(uint64_t)

/**
 * struct debar_pool_block - begins what was taken from malloc()
 * @next: in the pool's list, or NULL
 * @previous: likewise
 */
struct debar_pool_block {
	struct debar_pool_block *next;
	struct debar_pool_block *previous;
};

static uint64_t *size_of(void *piece)
{
	return (uint64_t *)piece - 1;
}

static struct debar_pool_block *block_of(void *piece)
{
	return (struct debar_pool_block *)size_of(piece) - 1;
}

/* Puts a block, new or moved, where its links say. */
static void link_block(struct debar_pool *pool, struct debar_pool_block *block)
{
	if (block->next)
		block->next->previous = block;
	if (block->previous)
		block->previous->next = block;
	else
		pool->blocks = block;
}

static struct debar_pool_block *new_block(struct debar_pool *pool, size_t size)
{
	struct debar_pool_block *block = malloc(sizeof(*block) + size);

	if (!block)
		return NULL;
	*block = (struct debar_pool_block){ .next = pool->blocks };
	link_block(pool, block);
	return block;
}

static void *new_small(struct debar_pool *pool, size_t size)
{
	size_t whole = sizeof(uint64_t) + size;
	void *piece;

	if (whole > pool->left) {
		struct debar_pool_block *block = new_block(pool, BLOCK_SIZE);

		if (!block)
			return NULL;
		pool->next = (char *)(block + 1);
		pool->left = BLOCK_SIZE;
	}
	piece = pool->next + sizeof(uint64_t);
	pool->next += whole;
	pool->left -= whole;
	*size_of(piece) = size;
	return piece;
}

static void *piece_in(struct debar_pool_block *block, size_t size)
{
	uint64_t *head = (uint64_t *)(block + 1);

	*head = size;
	return head + 1;
}

static void *new_large(struct debar_pool *pool, size_t size)
{
	struct debar_pool_block *block = new_block(pool, sizeof(uint64_t) + size);

	return block ? piece_in(block, size) : NULL;
}

static void *resize_large(struct debar_pool *pool, void *piece, size_t size)
{
	struct debar_pool_block *block = realloc(block_of(piece), sizeof(*block) +
						 sizeof(uint64_t) + size);

	if (!block)
		return NULL;
	link_block(pool, block);
	return piece_in(block, size);
}

static void drop(struct debar_pool *pool, void *piece)
{
	struct debar_pool_block *block = block_of(piece);

	if (*size_of(piece) <= SMALL)
		return;
	if (block->next)
		block->next->previous = block->previous;
	if (block->previous)
		block->previous->next = block->next;
	else
		pool->blocks = block->next;
	free(block);
}

void *debar_pool_realloc(void *context, void *piece, size_t size)
{
	struct debar_pool *pool = context;
	void *moved;

	if (!size) {
		if (piece)
			drop(pool, piece);
		return NULL;
	}
	if (size > SIZE_MAX / 2)
		return NULL;
	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (piece && size <= *size_of(piece))
		return piece;
	if (piece && *size_of(piece) > SMALL)
		return resize_large(pool, piece, size);
	moved = size > SMALL ? new_large(pool, size) : new_small(pool, size);
	if (moved && piece)
		memcpy(moved, piece, *size_of(piece));
	return moved;
}

void debar_pool_free(struct debar_pool *pool)
{
	struct debar_pool_block *block = pool->blocks, *next;

	for (; block; block = next) {
		next = block->next;
		free(block);
	}
	*pool = (struct debar_pool){};
}
