// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of judge.h: by what but the digest of a file it is judged, and what is waived. */
#include <kunit/test.h>
#include <linux/magic.h>
#include <linux/sched/signal.h>
#include <linux/task_work.h>

#include "denials.h"
#include "identify.h"
#include "judge.h"
#include "policy.h"
#include "test_blob.h"
#include "test_elf.h"
#include "test_file.h"

static const struct debar_test_policy bans_abc = {
	.bans = 1,
	.indicators = {
		{ DEBAR_INDICATOR_KIND_FILE_SHA256, 3, 0, debar_test_abc, DEBAR_DIGEST_SIZE },
	},
};

static struct elf_image *new_program(struct kunit *test)
{
	static const struct elf_form form = { "x86-64", EM_X86_64, true };
	struct elf_image *image = kunit_kzalloc(test, sizeof(*image), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, image);
	elf_make(image, &form);
	return image;
}

static int execute(struct kunit *test, struct vfsmount *mount, const struct elf_image *image)
{
	struct file *file = debar_test_file(test, mount, "program", image->bytes, image->size);

	return debar_judge_file(file, DEBAR_OPERATION_EXECUTE);
}

static void judges_programs_by_their_code(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *script = debar_test_file(test, mount, "script", "abc", 3);
	struct elf_image *image = new_program(test);
	u8 digest[DEBAR_DIGEST_SIZE];
	const struct debar_test_policy policy = {
		.bans = 1,
		.indicators = { { DEBAR_INDICATOR_KIND_CODE_SHA256, ELF_CODE_SIZE, 0, digest,
				  sizeof(digest) } },
	};

	debar_identify_buffer(image->bytes + ELF_CODE, ELF_CODE_SIZE, digest);
	debar_test_publish(test, &policy);
	KUNIT_EXPECT_EQ(test, execute(test, mount, image), -EPERM);
	image->bytes[ELF_END - 1] = 1;
	KUNIT_EXPECT_EQ(test, execute(test, mount, image), -EPERM);
	image->bytes[ELF_CODE] = 1;
	KUNIT_EXPECT_EQ(test, execute(test, mount, image), 0);
	elf_put_segment(image, 1, PT_LOAD, PF_X, ELF_CODE, ELF_CODE_SIZE - 1);
	KUNIT_EXPECT_EQ(test, execute(test, mount, image), 0);
	KUNIT_EXPECT_EQ(test, debar_judge_file(script, DEBAR_OPERATION_EXECUTE), 0);
}

static void judges_programs_by_their_build_id(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct elf_image *image = new_program(test);
	u8 id[ELF_ID_SIZE];
	const struct debar_test_policy policy = {
		.bans = 1,
		.indicators = { { DEBAR_INDICATOR_KIND_BUILD_ID, 0, 0, id, sizeof(id) } },
	};

	memcpy(id, image->bytes + ELF_NOTES + 16, sizeof(id));
	debar_test_publish(test, &policy);
	image->bytes[ELF_CODE] = 1;
	KUNIT_EXPECT_EQ(test, execute(test, mount, image), -EPERM);
	image->bytes[ELF_NOTES + 16]++;
	KUNIT_EXPECT_EQ(test, execute(test, mount, image), 0);
}

/* What is refused else is recorded, with the waiver. */
static void lets_through_what_is_waived(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, RAMFS_MAGIC);
	struct file *file = debar_test_file(test, mount, "abc", "abc", 3);
	struct debar_test_policy policy = bans_abc;
	struct debar_denials_state state;
	struct debar_denial *d;

	policy.waivers = 1;
	debar_test_publish(test, &policy);
	debar_denials_state(&state);
	KUNIT_EXPECT_EQ(test, debar_judge_file(file, DEBAR_OPERATION_EXECUTE), 0);
	d = debar_denials_get(state.next, U64_MAX);
	KUNIT_ASSERT_NOT_NULL(test, d);
	KUNIT_EXPECT_EQ(test, d->verdict, DEBAR_VERDICT_AUDIT);
	KUNIT_EXPECT_EQ(test, d->stage, DEBAR_STAGE_ENFORCE);
	KUNIT_EXPECT_STREQ(test, d->waiver, "Waiver");
	KUNIT_EXPECT_STREQ(test, d->waiver_owner, "Authority");
	KUNIT_EXPECT_STREQ(test, d->waiver_ticket, "other");
	KUNIT_EXPECT_EQ(test, d->waiver_expires, DEBAR_BLOB_DATE_MAX);
	debar_denial_put(d);
}

/* ext4 without a device is none: what has the file may have changed it. */
static void asks_anew_where_a_size_may_be_old(struct kunit *test)
{
	struct vfsmount *mount = debar_test_mount(test, EXT4_SUPER_MAGIC);
	struct file *banned = debar_test_file(test, mount, "abc", "abc", 3);
	struct file *longer = debar_test_file(test, mount, "longer", "abcd", 4);

	debar_test_publish(test, &bans_abc);
	KUNIT_EXPECT_FALSE(test, debar_judge_clears(longer));
	KUNIT_EXPECT_EQ(test, debar_judge_file(longer, DEBAR_OPERATION_EXECUTE), 0);
	KUNIT_EXPECT_EQ(test, debar_judge_file(banned, DEBAR_OPERATION_EXECUTE), -EPERM);
	KUNIT_EXPECT_EQ(test, debar_judge_under_lock(longer, DEBAR_OPERATION_PROTECT),
			-ERESTARTNOINTR);
	clear_notify_signal();
	task_work_run();
	KUNIT_EXPECT_EQ(test, debar_judge_under_lock(longer, DEBAR_OPERATION_PROTECT), 0);
	KUNIT_EXPECT_EQ(test, debar_judge_under_lock(banned, DEBAR_OPERATION_PROTECT),
			-ERESTARTNOINTR);
	clear_notify_signal();
	task_work_run();
	KUNIT_EXPECT_EQ(test, debar_judge_under_lock(banned, DEBAR_OPERATION_PROTECT), -EPERM);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(judges_programs_by_their_code),
	KUNIT_CASE(judges_programs_by_their_build_id),
	KUNIT_CASE(lets_through_what_is_waived),
	KUNIT_CASE(asks_anew_where_a_size_may_be_old),
	{}
};

static struct kunit_suite suite = {
	.name = "debar-judge-content",
	.init = debar_test_no_policy,
	.exit = debar_test_withdraw,
	.test_cases = cases,
};

kunit_test_suite(suite);
