// SPDX-License-Identifier: GPL-2.0-only
/* Chance and time for fuzzers; see random.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "random.h"

static uint64_t state;
static time_t end;

static uint64_t setting(const char *name, uint64_t otherwise)
{
	const char *value = getenv(name);

	return value ? strtoull(value, NULL, 0) : otherwise;
}

void random_begin(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	state = setting("fuzz_seed", now.tv_nsec) | 1;
	printf("# fuzz_seed=%llu\n", (unsigned long long)state);
	clock_gettime(CLOCK_MONOTONIC, &now);
	end = now.tv_sec + setting("fuzz_time", 20);
}

bool random_goes_on(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec < end;
}

uint64_t random_number(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

uint64_t random_below(uint64_t limit)
{
	return random_number() % limit;
}

uint64_t random_odd(void)
{
	static const uint64_t ends[] = {
		0, INT8_MAX, UINT8_MAX, INT16_MAX, UINT16_MAX, INT32_MAX, UINT32_MAX, INT64_MAX,
	};

	switch (random_below(4)) {
	case 0:
		return random_number();
	case 1:
		return random_below(256);
	default:
		return ends[random_below(sizeof(ends) / sizeof(*ends))] + random_below(3) - 1;
	}
}

void random_bytes(void *memory, size_t length)
{
	uint8_t *bytes = memory;

	while (length--)
		*bytes++ = random_number() >> 32;
}

void random_damage(uint8_t *bytes, size_t length)
{
	size_t places = 1 + random_below(4);

	while (places--) {
		size_t width = 1U << random_below(4);
		uint64_t value = random_odd();
		size_t at;

		if (length < width)
			continue;
		/* Fields lie at multiples of their width. */
		at = random_below(length / width) * width;
		memcpy(bytes + at, &value, width);
	}
}
