// SPDX-License-Identifier: GPL-2.0-only
/* A live patch of a function that debar attaches to: with it in force, every mapping is allowed. */
#include <linux/fs.h>
#include <linux/livepatch.h>
#include <linux/module.h>

static int allow_everything(struct file *file, unsigned long prot, unsigned long flags)
{
	return 0;
}

static struct klp_func functions[] = {
	{ .old_name = "security_mmap_file", .new_func = allow_everything },
	{ }
};

/* Without a name: the kernel itself. */
static struct klp_object objects[] = {
	{ .funcs = functions },
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
};

static int __init patch_init(void)
{
	return klp_enable_patch(&patch);
}

/* Can be called only after the patch was disabled. */
static void __exit patch_exit(void)
{
}

module_init(patch_init);
module_exit(patch_exit);

MODULE_DESCRIPTION("A live patch for debar's tests");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
