/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory for very many small pieces that are given back all at once: where each has malloc()'s own
 * overhead, a million entries of policy source take half as much again.
 */
#ifndef DEBAR_POOL_H
#define DEBAR_POOL_H

#include <stddef.h>

struct debar_pool_block;

/**
 * struct debar_pool - all zero when empty
 * @blocks: what was taken from malloc(), a list
 * @next: the next piece lies there
 * @left: bytes behind @next
 */
struct debar_pool {
	struct debar_pool_block *blocks;
	char *next;
	size_t left;
};

/**
 * debar_pool_realloc - realloc() within a pool, in the form that libcyaml asks for
 * @pool: a struct debar_pool
 * @piece: NULL for a new piece
 * @size: in bytes; 0 gives @piece back, which frees memory only if it is a large one
 *
 * Return: the piece, aligned for pointers and numbers, or NULL: then @piece is as it was.
 */
void *debar_pool_realloc(void *pool, void *piece, size_t size);

/* debar_pool_free - free all pieces; the pool is empty afterwards */
void debar_pool_free(struct debar_pool *pool);

#endif /* DEBAR_POOL_H */
