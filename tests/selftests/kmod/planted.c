// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults made on purpose, one each time that the module is loaded: whatever checks the kernel must
 * report them, or its silence about debar would mean nothing. Never load it into a kernel that is
 * needed.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

static char *fault = "";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "The name of the one to make");

/* One; but neither the compiler nor sparse must know. */
static volatile int unknown;

static void planted_out_of_bounds(void)
{
	char *memory = kmalloc(16, GFP_KERNEL);

	if (!memory)
		return;
	OPTIMIZER_HIDE_VAR(memory);
	WRITE_ONCE(memory[15 + unknown], 1);
	kfree(memory);
}

static void planted_use_after_free(void)
{
	char *memory = kmalloc(16, GFP_KERNEL);

	kfree(memory);
	OPTIMIZER_HIDE_VAR(memory);
	WRITE_ONCE(memory[unknown], 1);
}

static DEFINE_SPINLOCK(first_lock);
static DEFINE_SPINLOCK(second_lock);

static void planted_lock_inversion(void)
{
	spin_lock(&first_lock);
	spin_lock(&second_lock);
	spin_unlock(&second_lock);
	spin_unlock(&first_lock);
	spin_lock(&second_lock);
	spin_lock(&first_lock);
	spin_unlock(&first_lock);
	spin_unlock(&second_lock);
}

static void planted_leak(void)
{
	int i;

	/* More than one: a copy of an address may be left somewhere. */
	for (i = 0; i < 8; i++)
		if (!kmalloc(200, GFP_KERNEL))
			return;
}

static void planted_undefined_shift(void)
{
	pr_info("%d\n", 1 << (unknown + 40));
}

static void planted_index(void)
{
	static int numbers[4];

	pr_info("%d\n", numbers[unknown + 3]);
}

static void planted_sleep_in_atomic(void)
{
	spin_lock(&first_lock);
	might_sleep();
	spin_unlock(&first_lock);
}

static void planted_rcu_misuse(void)
{
	static int __rcu *pointer;

	if (rcu_dereference(pointer))
		pr_info("it is set\n");
}

static void planted_list_corruption(void)
{
	LIST_HEAD(head);
	struct list_head first, second;

	list_add(&first, &head);
	head.next = &second;
	second.prev = &head;
	list_add(&second, &head);
}

static void planted_refcount(void)
{
	refcount_t count = REFCOUNT_INIT(0);

	refcount_inc(&count);
}

static void nothing(struct timer_list *timer)
{
}

static void planted_active_object(void)
{
	struct timer_list *timer = kmalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, nothing, 0);
	mod_timer(timer, jiffies + 3600 * HZ);
	kfree(timer);
}

/* Written by two at once, without a word to anybody. */
static long raced;

static int planted_racer(void *stop)
{
	while (!kthread_should_stop()) {
		raced += unknown;
		cond_resched();
	}
	return 0;
}

static void planted_data_race(void)
{
	struct task_struct *racers[2];
	int i;

	for (i = 0; i < ARRAY_SIZE(racers); i++)
		racers[i] = kthread_run(planted_racer, NULL, "racer");
	msleep(10000);
	for (i = 0; i < ARRAY_SIZE(racers); i++)
		if (!IS_ERR(racers[i]))
			kthread_stop(racers[i]);
}

#define FAULT(name) { #name, planted_##name }

static const struct {
	const char *name;
	void (*make)(void);
} faults[] = {
	FAULT(out_of_bounds),
	FAULT(use_after_free),
	FAULT(lock_inversion),
	FAULT(leak),
	FAULT(undefined_shift),
	FAULT(index),
	FAULT(sleep_in_atomic),
	FAULT(rcu_misuse),
	FAULT(list_corruption),
	FAULT(refcount),
	FAULT(active_object),
	FAULT(data_race),
};

static int __init planted_init(void)
{
	size_t i;

	unknown = 1;
	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (!strcmp(fault, faults[i].name)) {
			faults[i].make();
			return 0;
		}
	}
	return -EINVAL;
}

static void __exit planted_exit(void)
{
}

module_init(planted_init);
module_exit(planted_exit);

MODULE_DESCRIPTION("Faults made on purpose, to see that they are reported");
MODULE_LICENSE("GPL");
