/* SPDX-License-Identifier: GPL-2.0-only */
/* Chance and time for fuzzers: the same seed gives the same inputs. */
#ifndef DEBAR_SELFTESTS_RANDOM_H
#define DEBAR_SELFTESTS_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* random_begin - by fuzz_seed and fuzz_time (seconds) of the environment; says which on stdout */
void random_begin(void);
/* random_goes_on - whether there is time for another input */
bool random_goes_on(void);

uint64_t random_number(void);
/* random_below - less than @limit, which is not 0 */
uint64_t random_below(uint64_t limit);
/* random_odd - one that parsers stumble over: at an end of a range, or any */
uint64_t random_odd(void);
/* random_bytes - fill memory */
void random_bytes(void *memory, size_t length);
/* random_damage - overwrite a few places of what has @length bytes */
void random_damage(uint8_t *bytes, size_t length);

#endif /* DEBAR_SELFTESTS_RANDOM_H */
