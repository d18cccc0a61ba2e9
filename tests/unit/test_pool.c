// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of pool.c: pieces keep what is in them, grow, and are given back in any order. */
#include <stdint.h>
#include <string.h>

#include "pool.h"
#include "tap.h"

#define PIECES	2000

static unsigned char byte_of(size_t piece)
{
	return piece * 7 + 1;
}

static bool holds(const unsigned char *piece, size_t size, unsigned char byte)
{
	size_t i;

	for (i = 0; i < size; i++)
		if (piece[i] != byte)
			return false;
	return true;
}

static void test_pieces(void)
{
	static unsigned char *pieces[PIECES];
	struct debar_pool pool = {};
	bool had = true, whole = true, aligned = true, gone = true;
	size_t i;

	for (i = 0; i < PIECES; i++) {
		pieces[i] = debar_pool_realloc(&pool, NULL, i + 1);
		had &= !!pieces[i];
		aligned &= (uintptr_t)pieces[i] % sizeof(uint64_t) == 0;
		memset(pieces[i], byte_of(i), i + 1);
	}
	ok(had && aligned, "pieces of all sizes, aligned");
	for (i = 0; i < PIECES; i++)
		whole &= holds(pieces[i], i + 1, byte_of(i));
	ok(whole, "none lies in another");
	for (i = 0; i < PIECES; i += 3) {
		pieces[i] = debar_pool_realloc(&pool, pieces[i], 3 * i + 100);
		whole &= holds(pieces[i], i + 1, byte_of(i));
		memset(pieces[i], byte_of(i), 3 * i + 100);
	}
	ok(whole, "a piece that grows keeps its content");
	for (i = 1; i < PIECES; i += 3)
		gone &= !debar_pool_realloc(&pool, pieces[i], 0);
	for (i = 0; i < PIECES; i++)
		if (i % 3 != 1)
			whole &= holds(pieces[i], i + 1, byte_of(i));
	ok(gone && whole, "where some are given back, the others stay as they are");
	debar_pool_free(&pool);
	ok(!pool.blocks && !pool.left, "the pool is empty");
}

static void test_one_that_grows(void)
{
	struct debar_pool pool = {};
	unsigned char *piece = NULL;
	bool whole = true;
	size_t size;

	for (size = 80; size < 500000; size += 80) {
		piece = debar_pool_realloc(&pool, piece, size);
		memset(piece + size - 80, byte_of(size), 80);
	}
	for (size = 80; size < 500000; size += 80)
		whole &= holds(piece + size - 80, 80, byte_of(size));
	ok(whole, "a list that grows by one entry after the other");
	ok(!debar_pool_realloc(&pool, piece, SIZE_MAX), "too large a piece is not had");
	ok(holds(piece, 80, byte_of(80)), "and the one before is left alone");
	ok(!debar_pool_realloc(&pool, NULL, 0), "nothing is nothing");
	debar_pool_free(&pool);
}

int main(void)
{
	test_pieces();
	test_one_that_grows();
	return tap_done();
}
