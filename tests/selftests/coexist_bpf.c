// SPDX-License-Identifier: GPL-2.0-only
/*
 * debar beside BPF: a small program of ours, attached to the same hook or to the very function that
 * debar is attached to, decides before debar and behind its back, and both come and go in any
 * order.
 */
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "common.h"
#include "kselftest_harness.h"

/* Whom the BPF program does not let execute anything. */
#define ALICE	1000

/* Bytes behind a type's head; see the kernel's Documentation/bpf/btf.rst. */
static size_t bytes_behind(const struct btf_type *type)
{
	const size_t members = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return 4;
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return members * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return members * sizeof(struct btf_enum);
	case BTF_KIND_FUNC_PROTO:
		return members * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return members * sizeof(struct btf_var_secinfo);
	case BTF_KIND_ENUM64:
		return members * sizeof(struct btf_enum64);
	default:
		return 0;
	}
}

/* The number of a function in the kernel's own type information; 0 when it is not there. */
static uint32_t find_function(const char *name)
{
	_cleanup_buffer_ struct debar_buffer btf = {};
	const struct btf_header *header;
	const char *at, *end, *strings;
	uint32_t id;

	if (debar_file_read("/sys/kernel/btf/vmlinux", SIZE_MAX, &btf) ||
	    btf.length < sizeof(*header))
		return 0;
	header = (const void *)btf.data;
	at = btf.data + header->hdr_len + header->type_off;
	end = at + header->type_len;
	strings = btf.data + header->hdr_len + header->str_off;
	for (id = 1; at < end; id++) {
		const struct btf_type *type = (const void *)at;

		if (BTF_INFO_KIND(type->info) == BTF_KIND_FUNC &&
		    !strcmp(strings + type->name_off, name))
			return id;
		at += sizeof(*type) + bytes_behind(type);
	}
	return 0;
}

static int bpf(int command, union bpf_attr *attr)
{
	int ret = syscall(SYS_bpf, command, attr, sizeof(*attr));

	return ret < 0 ? -errno : ret;
}

/* Runs a program as ALICE; its exit code, or -errno of execve(). */
static int run_as_alice(const char *path)
{
	pid_t child = fork();
	int status;

	if (!child) {
		char *const arguments[] = { (char *)path, NULL };

		if (setgid(ALICE) || setuid(ALICE))
			_exit(127);
		execv(path, arguments);
		_exit(errno);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
}

FIXTURE(beside_bpf)
{
	struct world world;
	uint64_t denials;
};

FIXTURE_VARIANT(beside_bpf)
{
	enum bpf_prog_type type;
	enum bpf_attach_type attach;
	const char *function;
};

FIXTURE_VARIANT_ADD(beside_bpf, security_module) {
	.type = BPF_PROG_TYPE_LSM, .attach = BPF_LSM_MAC, .function = "bpf_lsm_bprm_check_security",
};
FIXTURE_VARIANT_ADD(beside_bpf, same_function) {
	.type = BPF_PROG_TYPE_TRACING, .attach = BPF_MODIFY_RETURN, .function = "security_bprm_check",
};

FIXTURE_SETUP(beside_bpf)
{
	_cleanup_buffer_ struct debar_buffer list = {};

	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, debar_file_read("/sys/kernel/security/lsm", 65536, &list));
	if (!strstr(list.data, "bpf"))
		SKIP(return, "the kernel's list of security modules is without bpf");
	ASSERT_EQ(0, chmod(".", 0755));
	ASSERT_EQ(0, make_program("banned", "b"));
	ASSERT_EQ(0, make_program("innocent", "i"));
	ASSERT_EQ(0, ban_one(&self->world, "banned"));
	self->denials = world_status(&self->world).denials_next;
}

FIXTURE_TEARDOWN(beside_bpf)
{
	world_end(&self->world);
}

/* Attaches a program that refuses every execution by ALICE with EACCES; a descriptor, or -errno. */
static int attach(const FIXTURE_VARIANT(beside_bpf) *variant)
{
	const struct bpf_insn program[] = {
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_get_current_uid_gid },
		{ .code = BPF_ALU64 | BPF_LSH | BPF_K, .dst_reg = BPF_REG_0, .imm = 32 },
		{ .code = BPF_ALU64 | BPF_RSH | BPF_K, .dst_reg = BPF_REG_0, .imm = 32 },
		{ .code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = BPF_REG_0, .imm = ALICE, .off = 2 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 0 },
		{ .code = BPF_JMP | BPF_EXIT },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = -EACCES },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr load = {
		.prog_type = variant->type,
		.expected_attach_type = variant->attach,
		.attach_btf_id = find_function(variant->function),
		.insns = (uintptr_t)program,
		.insn_cnt = ARRAY_SIZE(program),
		.license = (uintptr_t)"GPL",
	};
	union bpf_attr open = {};
	int loaded = bpf(BPF_PROG_LOAD, &load), link;

	if (loaded < 0)
		return loaded;
	open.raw_tracepoint.prog_fd = loaded;
	link = bpf(BPF_RAW_TRACEPOINT_OPEN, &open);
	close(loaded);
	return link;
}

/* How many denials there were since the last time. */
static int new_denials(FIXTURE_DATA(beside_bpf) *self)
{
	uint64_t before = self->denials;

	self->denials = world_status(&self->world).denials_next;
	return self->denials - before;
}

TEST_F(beside_bpf, each_refuses_its_own)
{
	int link = attach(variant);

	ASSERT_LE(0, link) TH_LOG("%s", strerror(-link));
	EXPECT_EQ(0, run("innocent"));
	EXPECT_EQ(-EPERM, run("banned"));
	EXPECT_EQ(1, new_denials(self));
	/* What the kernel refuses anyway is nothing that debar would be asked about. */
	EXPECT_EQ(-EACCES, run_as_alice("./innocent"));
	EXPECT_EQ(-EACCES, run_as_alice("./banned"));
	EXPECT_EQ(0, new_denials(self));

	close(link);
	EXPECT_EQ(0, run_as_alice("./innocent"));
	EXPECT_EQ(-EPERM, run_as_alice("./banned"));
	EXPECT_EQ(1, new_denials(self));
}

TEST_F(beside_bpf, debar_comes_and_goes)
{
	int link = attach(variant), i;

	ASSERT_LE(0, link) TH_LOG("%s", strerror(-link));
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(-EACCES, run_as_alice("./innocent"));
		ASSERT_EQ(0, world_reload(&self->world, NULL));
		EXPECT_EQ(-EACCES, run_as_alice("./innocent"));
		EXPECT_EQ(0, run("banned"));
		ASSERT_EQ(0, ban_one(&self->world, "banned"));
		EXPECT_EQ(-EPERM, run("banned"));
	}
	close(link);
	EXPECT_EQ(0, run_as_alice("./innocent"));
	EXPECT_EQ(-EPERM, run_as_alice("./banned"));
}

TEST_F(beside_bpf, bpf_comes_and_goes)
{
	int link, i;

	for (i = 0; i < 3; i++) {
		link = attach(variant);
		ASSERT_LE(0, link) TH_LOG("%s", strerror(-link));
		EXPECT_EQ(-EACCES, run_as_alice("./innocent"));
		EXPECT_EQ(-EPERM, run("banned"));
		close(link);
		EXPECT_EQ(0, run_as_alice("./innocent"));
		EXPECT_EQ(-EPERM, run("banned"));
	}
}

DEBAR_TEST_MAIN
