// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lets a function that allocates memory fail for tasks of one name, on kernels that have no fault
 * injection of their own.
 */
#include <linux/compiler.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/string.h>

static char *function;
module_param(function, charp, 0444);
MODULE_PARM_DESC(function, "What fails; it returns a pointer");

static char *task;
module_param(task, charp, 0444);
MODULE_PARM_DESC(task, "Name of the tasks for which it fails");

static noinline void *no_memory(void)
{
	return NULL;
}

/* What returns something else than 0 has chosen itself where the task goes on. */
static int divert(struct kprobe *probe, struct pt_regs *regs)
{
	if (strcmp(current->comm, task))
		return 0;
	instruction_pointer_set(regs, (unsigned long)no_memory);
	return 1;
}
NOKPROBE_SYMBOL(divert);

static struct kprobe probe = { .pre_handler = divert };

static int __init nomem_init(void)
{
	if (!function || !task)
		return -EINVAL;
	probe.symbol_name = function;
	return register_kprobe(&probe);
}

static void __exit nomem_exit(void)
{
	unregister_kprobe(&probe);
}

module_init(nomem_init);
module_exit(nomem_exit);

MODULE_DESCRIPTION("Fault injection for debar's tests");
MODULE_LICENSE("GPL");
