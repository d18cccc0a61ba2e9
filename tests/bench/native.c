// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * How long loading a policy takes this machine's own processor: native BLOB; prints nanoseconds of
 * processor time, the median of a few times.
 *
 * What the time of a load goes into is done here as debarctl and the kernel do it, by the same
 * code: each computes the digest of the blob, and each validates it.
 */
#include <err.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "policy_blob.h"
#include "util.h"

#define TIMES	9

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

static void load(const struct debar_buffer *bytes)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	struct debar_blob_error error;
	struct debar_blob blob;

	SHA256((const unsigned char *)bytes->data, bytes->length, digest);
	if (debar_blob_parse(&blob, bytes->data, bytes->length, &error))
		errx(1, "%s", error.what);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	struct debar_buffer bytes = { 0 };
	uint64_t took[TIMES], begin;
	int i;

	if (argc != 2 || debar_file_read(argv[1], SIZE_MAX, &bytes))
		errx(2, "usage: native BLOB");
	for (i = 0; i < TIMES; i++) {
		begin = now();
		load(&bytes);
		load(&bytes);
		took[i] = now() - begin;
	}
	qsort(took, TIMES, sizeof(*took), compare);
	printf("%llu\n", (unsigned long long)took[TIMES / 2]);
	debar_buffer_free(&bytes);
	return 0;
}
