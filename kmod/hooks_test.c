// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of hooks.h and clears.h: what is judged at each hook, and as which operation. */
#include <kunit/test.h>
#include <linux/magic.h>
#include <linux/mman.h>
#include <linux/personality.h>
#include <linux/sched/signal.h>
#include <linux/task_work.h>

#include "clears.h"
#include "denials.h"
#include "hooks.h"
#include "test_blob.h"
#include "test_file.h"

static const struct debar_test_policy bans_abc = {
	.bans = 1,
	.operations = { DEBAR_BLOB_OPERATIONS_ALL },
	.indicators = {
		{ DEBAR_INDICATOR_KIND_FILE_SHA256, 3, 0, debar_test_abc, DEBAR_DIGEST_SIZE },
	},
};

/* A banned file, on a filesystem of its own. */
static struct file *banned_file(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *file = debar_test_file(test, mount, "abc", "abc", 3);

	debar_test_publish(test, &bans_abc);
	return file;
}

/* The operation of the last denial. */
static int refused_as(void)
{
	struct debar_denials_state state;
	struct debar_denial *d;
	int operation;

	debar_denials_state(&state);
	d = debar_denials_get(state.next - 1, U64_MAX);
	operation = d ? (int)d->operation : -1;
	debar_denial_put(d);
	return operation;
}

static void judges_an_execution(struct kunit *test)
{
	struct linux_binprm bprm = { .file = banned_file(test) };

	KUNIT_EXPECT_FALSE(test, debar_hook_bprm_check_clears(&bprm));
	KUNIT_EXPECT_EQ(test, debar_hook_bprm_check(&bprm), -EPERM);
	KUNIT_EXPECT_EQ(test, refused_as(), DEBAR_OPERATION_EXECUTE);
}

static void judges_an_executable_mapping(struct kunit *test)
{
	struct file *file = banned_file(test);

	KUNIT_EXPECT_TRUE(test, debar_hook_mmap_file_clears(NULL, PROT_EXEC));
	KUNIT_EXPECT_EQ(test, debar_hook_mmap_file(NULL, PROT_EXEC), 0);
	KUNIT_EXPECT_TRUE(test, debar_hook_mmap_file_clears(file, PROT_READ | PROT_WRITE));
	KUNIT_EXPECT_EQ(test, debar_hook_mmap_file(file, PROT_READ | PROT_WRITE), 0);
	KUNIT_EXPECT_FALSE(test, debar_hook_mmap_file_clears(file, PROT_EXEC));
	KUNIT_EXPECT_EQ(test, debar_hook_mmap_file(file, PROT_EXEC), -EPERM);
	KUNIT_EXPECT_EQ(test, refused_as(), DEBAR_OPERATION_MAP);
}

/* Old programs get executable what they want to read, unless the mount forbids it. */
static void judges_what_becomes_executable(struct kunit *test)
{
	struct file *file = banned_file(test);
	unsigned int personality = current->personality;

	KUNIT_EXPECT_FALSE(test, debar_may_hold_code(PROT_READ));
	KUNIT_EXPECT_FALSE(test, debar_maps_code(file, PROT_READ));
	current->personality |= READ_IMPLIES_EXEC;
	KUNIT_EXPECT_TRUE(test, debar_may_hold_code(PROT_READ));
	KUNIT_EXPECT_TRUE(test, debar_maps_code(file, PROT_READ));
	KUNIT_EXPECT_FALSE(test, debar_maps_code(file, PROT_WRITE));
	file->f_path.mnt->mnt_sb->s_iflags |= SB_I_NOEXEC;
	KUNIT_EXPECT_FALSE(test, debar_maps_code(file, PROT_READ));
	file->f_path.mnt->mnt_sb->s_iflags &= ~SB_I_NOEXEC;
	current->personality = personality;
}

static void judges_a_change_of_protection(struct kunit *test)
{
	struct vm_area_struct *vma = kunit_kzalloc(test, sizeof(*vma), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, vma);
	KUNIT_EXPECT_TRUE(test, debar_hook_file_mprotect_clears(vma, PROT_EXEC));
	KUNIT_EXPECT_EQ(test, debar_hook_file_mprotect(vma, PROT_EXEC), 0);
	vma->vm_file = banned_file(test);
	KUNIT_EXPECT_TRUE(test, debar_hook_file_mprotect_clears(vma, PROT_READ));
	KUNIT_EXPECT_FALSE(test, debar_hook_file_mprotect_clears(vma, PROT_EXEC));
	KUNIT_EXPECT_EQ(test, debar_hook_file_mprotect(vma, PROT_EXEC), -ERESTARTNOINTR);
	clear_notify_signal();
	task_work_run();
	KUNIT_EXPECT_EQ(test, debar_hook_file_mprotect(vma, PROT_EXEC), -EPERM);
	KUNIT_EXPECT_EQ(test, refused_as(), DEBAR_OPERATION_PROTECT);
}

/* Only where what is mapped is not what was judged. */
static void judges_a_mapping_of_another_file(struct kunit *test)
{
	struct vm_area_struct *vma = kunit_kzalloc(test, sizeof(*vma), GFP_KERNEL);
	struct file *banned = banned_file(test);
	struct file *user = debar_test_file(test, debar_test_mount(test, RAMFS_MAGIC), "user", "",
					    0);

	KUNIT_ASSERT_NOT_NULL(test, vma);
	KUNIT_EXPECT_EQ(test, debar_hook_mmap_backing_file(vma, banned, user), 0);
	vma->__vm_flags = VM_EXEC;
	KUNIT_EXPECT_EQ(test, debar_hook_mmap_backing_file(vma, banned, banned), 0);
	KUNIT_EXPECT_EQ(test, debar_hook_mmap_backing_file(vma, banned, user), -ERESTARTNOINTR);
	clear_notify_signal();
	task_work_run();
	KUNIT_EXPECT_EQ(test, debar_hook_mmap_backing_file(vma, banned, user), -EPERM);
	KUNIT_EXPECT_EQ(test, refused_as(), DEBAR_OPERATION_MAP);
}

static void judges_an_opening_to_read(struct kunit *test)
{
	struct file *file = banned_file(test);
	struct file *writer = debar_test_open(test, file->f_path.mnt, "abc", O_WRONLY);

	KUNIT_EXPECT_FALSE(test, debar_hook_file_post_open_clears(file, MAY_OPEN | MAY_READ));
	KUNIT_EXPECT_EQ(test, debar_hook_file_post_open(file, MAY_OPEN | MAY_READ), -EPERM);
	KUNIT_EXPECT_EQ(test, refused_as(), DEBAR_OPERATION_OPEN);
	KUNIT_EXPECT_EQ(test, debar_hook_file_post_open(file, MAY_OPEN | MAY_EXEC), 0);
	KUNIT_EXPECT_TRUE(test, debar_hook_file_post_open_clears(writer, MAY_OPEN | MAY_WRITE));
	KUNIT_EXPECT_EQ(test, debar_hook_file_post_open(writer, MAY_OPEN | MAY_WRITE), 0);
}

static void judges_what_the_kernel_reads(struct kunit *test)
{
	static const struct {
		enum kernel_read_file_id id;
		bool code;
	} reads[] = {
		{ READING_FIRMWARE, true },
		{ READING_MODULE, true },
		{ READING_KEXEC_IMAGE, true },
		{ READING_KEXEC_INITRAMFS, false },
		{ READING_POLICY, false },
	};
	struct file *file = banned_file(test);
	size_t i;

	KUNIT_EXPECT_EQ(test, debar_hook_kernel_read_file(NULL, READING_MODULE, false), 0);
	for (i = 0; i < ARRAY_SIZE(reads); i++) {
		int expected = reads[i].code ? -EPERM : 0;

		/* What is read whole is judged when it has been read. */
		KUNIT_EXPECT_EQ(test, debar_hook_kernel_read_file(file, reads[i].id, true), 0);
		KUNIT_EXPECT_EQ(test, debar_hook_kernel_read_file(file, reads[i].id, false),
				expected);
		KUNIT_EXPECT_EQ(test, debar_hook_kernel_post_read_file(file, "abc", 3,
								       reads[i].id), expected);
	}
	KUNIT_EXPECT_EQ(test, refused_as(), DEBAR_OPERATION_LOAD);
}

static void judges_what_the_kernel_gets_from_memory(struct kunit *test)
{
	static const struct {
		enum kernel_load_data_id id;
		int expected;
	} loads[] = {
		{ LOADING_FIRMWARE, -EPERM },
		{ LOADING_MODULE, -EPERM },
		{ LOADING_KEXEC_IMAGE, -EPERM },
		{ LOADING_POLICY, 0 },
	};
	size_t i;

	debar_test_publish(test, &bans_abc);
	for (i = 0; i < ARRAY_SIZE(loads); i++)
		KUNIT_EXPECT_EQ(test, debar_hook_kernel_post_load_data("abc", 3, loads[i].id),
				loads[i].expected);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(judges_an_execution),
	KUNIT_CASE(judges_an_executable_mapping),
	KUNIT_CASE(judges_what_becomes_executable),
	KUNIT_CASE(judges_a_change_of_protection),
	KUNIT_CASE(judges_a_mapping_of_another_file),
	KUNIT_CASE(judges_an_opening_to_read),
	KUNIT_CASE(judges_what_the_kernel_reads),
	KUNIT_CASE(judges_what_the_kernel_gets_from_memory),
	{}
};

static struct kunit_suite suite = {
	.name = "debar-hooks",
	.init = debar_test_no_policy,
	.exit = debar_test_withdraw,
	.test_cases = cases,
};

kunit_test_suite(suite);
