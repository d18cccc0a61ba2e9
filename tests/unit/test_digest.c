// SPDX-License-Identifier: GPL-2.0-or-later
/* Unit tests of digest.h: fs-verity digests as the program fsverity has them, however they come. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "digest.h"
#include "tap.h"

/*
 * What `fsverity digest` (fsverity-utils 1.5) says of SIZE bytes of a line `debar-SIZE`, repeated.
 * Sizes are those at which a block or a level of the tree begins or ends.
 */
static const struct {
	uint64_t size;
	const char *digest;
} known[] = {
	{ 0, "3d248ca542a24fc62d1c43b916eae5016878e2533c88238480b26128a1f1af95" },
	{ 1, "52f11d03ee060dea52d2ae3302806bd6eeefd0a4a9ead8e5d8c51e9f016b3b1f" },
	{ 4095, "ed864d026c0a1063b9995218d597bca7ddeaff5a9bc94ca3ce22eda543de4e7a" },
	{ 4096, "bd8b5471b6d6a3f5c9d3a092bf49ef8eb8a2ac33009e0e2b15736981019205bd" },
	{ 4097, "4409595e31f5d7b3728d395f2731a7c32faae4e5ef43cc6d5d8f622c9c360024" },
	{ 8192, "e11d86460b113ce955632332d944b6f8405552acfe445c38ed598bf5cc836fa1" },
	{ 524287, "2831fc8e9d707d72d0c3a22687e54554a88790faf89e769d6ae926b9ec2c9524" },
	{ 524288, "d975e372b17e85849a44eb8014327e47815c4811e7740d88bdf3860236f2c6e0" },
	{ 524289, "9ac284331ad4d25cc20bcf6ddd292409e4a91b5683602326b781c5f1601c4fac" },
	{ 1048576, "bc712836c48867e912c803a469b910a5d284cb134cdd3d0b1c93267fe4328603" },
	{ 67108864, "4566760a03a393c7cbb3a095fd26a6d9a671cfa2c15f3df2689fb9404956d482" },
	{ 67108865, "36f4141db519ad183000df7dfacf6d4161220a9c39ae98534296159d67eb76bd" },
};

static char *repeated_line(uint64_t size)
{
	char line[32], *text = malloc(size + 1);
	size_t length = snprintf(line, sizeof(line), "debar-%llu\n", (unsigned long long)size);
	uint64_t i;

	for (i = 0; text && i < size; i++)
		text[i] = line[i % length];
	return text;
}

static void test_fsverity(struct debar_fsverity *verity, uint64_t size, size_t step,
			  const char *expected)
{
	_cleanup_free_ char *text = repeated_line(size);
	uint8_t digest[DEBAR_DIGEST_SIZE];
	char hex[DEBAR_HEX_SIZE];
	uint64_t done;
	int err = text ? 0 : -ENOMEM;

	for (done = 0; done < size && !err; done += step)
		err = debar_fsverity_add(verity, text + done,
					 size - done < step ? size - done : step);
	if (!err)
		err = debar_fsverity_end(verity, digest);
	same_text(err ? "failed" : debar_hex(hex, digest, sizeof(digest)), expected,
		  "fs-verity of %llu bytes, %zu at a time", (unsigned long long)size, step);
}

static void test_measure(void)
{
	_cleanup_close_ int fd = memfd_create("plain", MFD_CLOEXEC);
	uint8_t digest[DEBAR_DIGEST_SIZE];

	ok(debar_fsverity_measure(fd, digest) == -ENODATA, "a file without fs-verity has none");
	ok(debar_fsverity_measure(-1, digest) == -EBADF, "what is no file gives an error");
}

int main(void)
{
	_cleanup_fsverity_ struct debar_fsverity *verity = debar_fsverity_new();
	size_t i;

	if (!ok(verity, "memory"))
		return tap_done();
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		test_fsverity(verity, known[i].size, 65536, known[i].digest);
		if (known[i].size < 1000000)
			test_fsverity(verity, known[i].size, 77, known[i].digest);
	}
	test_measure();
	return tap_done();
}
