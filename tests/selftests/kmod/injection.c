// SPDX-License-Identifier: GPL-2.0-only
/*
 * Helps fault injection: makes it begin with debar's init function, and not in the kernel's own
 * loading of the module around it, where the kernel warns; and says which of debar's calls each
 * failure was injected into, at once, for a module that fails to load is gone soon.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fault-inject.h>
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/sched.h>
#include <linux/stacktrace.h>
#include <linux/string.h>

#define TARGET	"debar"
#define DEPTH	32

static unsigned int nth;
module_param(nth, uint, 0644);
MODULE_PARM_DESC(nth, "Which allocation of the init function fails, from 1 on; 0 for none");

static bool filtered;
module_param(filtered, bool, 0644);
MODULE_PARM_DESC(filtered, "Let those fail that failslab and fail_page_alloc choose by their task filter");

static unsigned int left;
module_param(left, uint, 0444);
MODULE_PARM_DESC(left, "How many allocations were missing for the nth one");

static int when_a_module_comes(struct notifier_block *block, unsigned long event, void *data)
{
	const struct module *module = data;

	if (strcmp(module->name, TARGET))
		return NOTIFY_DONE;
	if (event == MODULE_STATE_COMING) {
		current->fail_nth = nth;
		current->make_it_fail = filtered;
		return NOTIFY_OK;
	}
	/* It is live, or could not be initialised, or goes. */
	left = current->fail_nth;
	current->fail_nth = 0;
	current->make_it_fail = 0;
	return NOTIFY_OK;
}

/* The last to be told before the init function is called. */
static struct notifier_block notifier = {
	.notifier_call = when_a_module_comes,
	.priority = INT_MIN,
};

static int when_decided(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	unsigned long entries[DEPTH];
	char place[KSYM_SYMBOL_LEN];
	unsigned int count, i;

	if (!(regs_return_value(regs) & 1))
		return 0;
	count = stack_trace_save(entries, DEPTH, 0);
	for (i = 0; i < count; i++) {
		snprintf(place, sizeof(place), "%pS", (void *)entries[i]);
		if (strstr(place, "[" TARGET "]")) {
			pr_info("failed in %s\n", place);
			break;
		}
	}
	return 0;
}

static struct kretprobe decision = {
	.kp.symbol_name = "should_fail_ex",
	.handler = when_decided,
};

static int __init injection_init(void)
{
	int ret = register_kretprobe(&decision);

	if (ret)
		return ret;
	ret = register_module_notifier(&notifier);
	if (ret)
		unregister_kretprobe(&decision);
	return ret;
}

static void __exit injection_exit(void)
{
	unregister_module_notifier(&notifier);
	unregister_kretprobe(&decision);
}

module_init(injection_init);
module_exit(injection_exit);

MODULE_DESCRIPTION("Lets allocations of debar fail, and says which did");
MODULE_LICENSE("GPL");
