// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes a compiled policy of any length: make_policy OUT NAME COUNT [size=BYTES]... [ban=FILE]
 * [sizeless] [open]
 *
 * COUNT indicators have digests and sizes from a generator that always gives the same; the others
 * are what the further arguments say: a digest of nothing with this size, a file, a digest without
 * a size.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "compile.h"
#include "digest.h"

#define EXTRA_MAX	16
/*
 * The length of most ELF files is a multiple of eight. The generator's are one longer, from here
 * on: those of the files that are measured are not.
 */
#define SIZE_MIN	200001
#define SIZE_SPAN	100000000
#define SIZE_STEP	8

static uint64_t state = 0x9e3779b97f4a7c15;

static uint64_t next(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static void generate(struct debar_source_indicator *it)
{
	uint64_t part;
	size_t i;

	for (i = 0; i < DEBAR_DIGEST_SIZE; i += sizeof(part)) {
		part = next();
		memcpy(it->digest + i, &part, sizeof(part));
	}
	it->kind = DEBAR_INDICATOR_KIND_FILE_SHA256;
	it->size = SIZE_MIN + next() % (SIZE_SPAN / SIZE_STEP) * SIZE_STEP;
}

static void ban_file(struct debar_source_indicator *it, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) || debar_sha256_fd(fd, it->digest))
		err(1, "%s", path);
	it->size = st.st_size;
	close(fd);
}

static void add(struct debar_source_indicator *it, const char *what)
{
	generate(it);
	if (!strncmp(what, "size=", 5))
		it->size = strtoull(what + 5, NULL, 10);
	else if (!strncmp(what, "ban=", 4))
		ban_file(it, what + 4);
	else if (!strcmp(what, "sizeless"))
		it->size = 0;
	else
		errx(2, "what is %s?", what);
}

static void write_blob(const char *path, const struct debar_buffer *blob)
{
	FILE *file = fopen(path, "wb");

	if (!file || fwrite(blob->data, 1, blob->length, file) != blob->length || fclose(file))
		err(1, "%s", path);
}

int main(int argc, char **argv)
{
	struct debar_source_ban ban = {
		.id = "BENCH", .vendor = "Nobody", .authority = "measurement",
		.mode = DEBAR_MODE_ENFORCE,
	};
	struct debar_source source = { .serial = 1, .issued = 1, .bans = &ban, .ban_count = 1 };
	struct debar_source_indicator *indicators;
	struct debar_buffer blob = { 0 };
	struct debar_error error = { 0 };
	size_t n, count;
	int i;

	if (argc < 4 || argc > EXTRA_MAX)
		errx(2, "usage: make_policy OUT NAME COUNT [size=BYTES]... [ban=FILE] [sizeless] [open]");
	source.name = argv[2];
	count = strtoul(argv[3], NULL, 10);
	indicators = calloc(count + EXTRA_MAX, sizeof(*indicators));
	if (!indicators)
		err(1, NULL);
	for (n = 0; n < count; n++)
		generate(&indicators[n]);
	for (i = 4; i < argc; i++) {
		if (!strcmp(argv[i], "open"))
			ban.operations = DEBAR_BLOB_OPERATIONS_ALL;
		else
			add(&indicators[n++], argv[i]);
	}
	ban.indicators = indicators;
	ban.indicator_count = n;
	if (debar_compile(&source, &blob, &error))
		errx(1, "%s", argv[1]);
	write_blob(argv[1], &blob);
	return 0;
}
