// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What debar is compared with: a BPF program that refuses to execute or map a file whose SHA-256,
 * as IMA gives it, is in a map: bpf_hash FILE; attached until it is killed.
 *
 * Written as instructions, so that no compiler for BPF is needed.
 */
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <err.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/hash_info.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "digest.h"

#define ENTRIES	10

#define LOAD(dst, src, offset) \
	{ .code = BPF_LDX | BPF_MEM | BPF_DW, .dst_reg = (dst), .src_reg = (src), .off = (offset) }
#define SET(dst, value) \
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = (dst), .imm = (value) }
#define COPY(dst, src) \
	{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = (dst), .src_reg = (src) }
#define ADD(dst, value) \
	{ .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = (dst), .imm = (value) }
#define AND(dst, value) \
	{ .code = BPF_ALU64 | BPF_AND | BPF_K, .dst_reg = (dst), .imm = (value) }
#define UNLESS(condition, dst, value, skip) \
	{ .code = BPF_JMP | (condition) | BPF_K, .dst_reg = (dst), .imm = (value), .off = (skip) }
#define CALL(function) \
	{ .code = BPF_JMP | BPF_CALL, .imm = (function) }
#define MAP(dst, descriptor) \
	{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = (dst), .src_reg = BPF_PSEUDO_MAP_FD, \
	  .imm = (descriptor) }, { .code = 0 }
#define EXIT	{ .code = BPF_JMP | BPF_EXIT }

/* From the file in register 1 to the end; JUDGE_LENGTH instructions, the last two of them allow. */
#define JUDGE(map) \
	COPY(BPF_REG_2, BPF_REG_10), \
	ADD(BPF_REG_2, -DEBAR_DIGEST_SIZE), \
	SET(BPF_REG_3, DEBAR_DIGEST_SIZE), \
	CALL(BPF_FUNC_ima_file_hash), \
	UNLESS(BPF_JNE, BPF_REG_0, HASH_ALGO_SHA256, 8), \
	COPY(BPF_REG_2, BPF_REG_10), \
	ADD(BPF_REG_2, -DEBAR_DIGEST_SIZE), \
	MAP(BPF_REG_1, map), \
	CALL(BPF_FUNC_map_lookup_elem), \
	UNLESS(BPF_JEQ, BPF_REG_0, 0, 2), \
	SET(BPF_REG_0, -1 /* EPERM */), \
	EXIT, \
	SET(BPF_REG_0, 0), \
	EXIT
#define JUDGE_LENGTH	15

static void attach(const char *hook, const struct bpf_insn *program, size_t count)
{
	static char log[1 << 16];
	LIBBPF_OPTS(bpf_prog_load_opts, options,
		    .expected_attach_type = BPF_LSM_MAC,
		    .attach_btf_id = libbpf_find_vmlinux_btf_id(hook, BPF_LSM_MAC),
		    .prog_flags = BPF_F_SLEEPABLE,
		    .log_level = 1, .log_buf = log, .log_size = sizeof(log));
	int loaded = bpf_prog_load(BPF_PROG_TYPE_LSM, hook, "GPL", program, count, &options);

	if (loaded < 0)
		err(1, "%s: %s", hook, log);
	if (bpf_raw_tracepoint_open(NULL, loaded) < 0)
		err(1, "%s", hook);
}

/* Where a struct linux_binprm has its file. */
static int offset_of_file(void)
{
	const struct btf *btf = btf__load_vmlinux_btf();
	const struct btf_type *type;
	int id, i;

	id = btf ? btf__find_by_name_kind(btf, "linux_binprm", BTF_KIND_STRUCT) : -1;
	if (id < 0)
		errx(1, "the kernel has no type information");
	type = btf__type_by_id(btf, id);
	for (i = 0; i < btf_vlen(type); i++)
		if (!strcmp(btf__name_by_offset(btf, btf_members(type)[i].name_off), "file"))
			return btf_member_bit_offset(type, i) / 8;
	errx(1, "linux_binprm has no file");
}

static void attach_execute(int map)
{
	const struct bpf_insn program[] = {
		LOAD(BPF_REG_1, BPF_REG_1, 0),
		LOAD(BPF_REG_1, BPF_REG_1, offset_of_file()),
		JUDGE(map),
	};

	attach("bprm_check_security", program, sizeof(program) / sizeof(*program));
}

/* Its arguments: the file, or NULL; the protection that was asked for, and the one that results. */
static void attach_map(int map)
{
	const struct bpf_insn program[] = {
		LOAD(BPF_REG_2, BPF_REG_1, 16),
		AND(BPF_REG_2, PROT_EXEC),
		UNLESS(BPF_JEQ, BPF_REG_2, 0, 2 + JUDGE_LENGTH - 2),
		LOAD(BPF_REG_1, BPF_REG_1, 0),
		UNLESS(BPF_JEQ, BPF_REG_1, 0, JUDGE_LENGTH - 2),
		JUDGE(map),
	};

	attach("mmap_file", program, sizeof(program) / sizeof(*program));
}

int main(int argc, char **argv)
{
	uint8_t digest[DEBAR_DIGEST_SIZE] = { 0 };
	int map, file, i, one = 1;

	if (argc != 2)
		errx(2, "usage: bpf_hash FILE");
	map = bpf_map_create(BPF_MAP_TYPE_HASH, "banned", sizeof(digest), sizeof(one), ENTRIES,
			     NULL);
	if (map < 0)
		err(1, "no map");
	for (i = 1; i < ENTRIES; i++) {
		digest[0] = i;
		bpf_map_update_elem(map, digest, &one, BPF_ANY);
	}
	file = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (file < 0 || debar_sha256_fd(file, digest))
		err(1, "%s", argv[1]);
	close(file);
	if (bpf_map_update_elem(map, digest, &one, BPF_ANY))
		err(1, "%s", argv[1]);
	attach_execute(map);
	attach_map(map);
	for (;;)
		pause();
}
