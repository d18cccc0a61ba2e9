/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the fuzzers share. Each is a program of libFuzzer's that hands arbitrary bytes to debar's
 * own code, under AddressSanitizer and UBSan, and says what must hold whatever the bytes are.
 */
#ifndef DEBAR_FUZZ_H
#define DEBAR_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* libFuzzer calls the one with each input, the other before the first one; both return 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* must - ends the program, which libFuzzer reports with the input, unless the condition holds */
#define must(condition)								\
	do {									\
		if (!(condition)) {						\
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);	\
			abort();						\
		}								\
	} while (0)

/* Room for the name of a fuzz_file(). */
#define FUZZ_PATH_SIZE	32

/* fuzz_file - a file in memory with this content; its descriptor, and a path to open it by */
int fuzz_file(const void *data, size_t size, char path[static FUZZ_PATH_SIZE]);

/* fuzz_copy - the bytes in memory of their own length, as malloc() aligns it; to be freed */
void *fuzz_copy(const void *data, size_t size);

#endif /* DEBAR_FUZZ_H */
