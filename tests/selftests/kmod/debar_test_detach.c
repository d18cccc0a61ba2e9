// SPDX-License-Identifier: GPL-2.0-only
/*
 * Takes another module's ftrace operations away from the kernel while it is loaded, as only kernel
 * code can do.
 */
#include <linux/ftrace.h>
#include <linux/module.h>

static unsigned long ops;
module_param(ops, ulong, 0444);
MODULE_PARM_DESC(ops, "Where they are");

static int __init detach_init(void)
{
	return ops ? unregister_ftrace_function((struct ftrace_ops *)ops) : -EINVAL;
}

static void __exit detach_exit(void)
{
	WARN_ON(register_ftrace_function((struct ftrace_ops *)ops));
}

module_init(detach_init);
module_exit(detach_exit);

MODULE_DESCRIPTION("Detaches debar for its tests");
MODULE_LICENSE("GPL");
