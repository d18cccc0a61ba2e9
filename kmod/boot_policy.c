// SPDX-License-Identifier: GPL-2.0-only
/*
 * Puts a policy in force before init starts, where debar is built into the kernel. No locks: only
 * the kernel's own first task comes here.
 *
 * The one that is compiled in is there as soon as debar can judge. The one that the command line
 * names lies in the root file system, which is there for certain only when the kernel executes
 * init; what runs before, a helper of the kernel in an initramfs, is judged by the one compiled in.
 * Where a policy is required and none is in force yet, programs and firmware are refused; there is
 * no other code to map or open then.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/err.h>
#include <linux/init.h>
#include <linux/kernel_read_file.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/netlink.h>
#include <linux/panic.h>
#include <linux/pid.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "boot_policy.h"
#include "counters.h"
#include "identify.h"
#include "policy.h"
#include "signature.h"

/* In boot_blob.S. */
extern const u8 debar_boot_blob[], debar_boot_blob_end[];

static char *path;
module_param_named(policy, path, charp, 0444);
MODULE_PARM_DESC(policy, "A compiled policy to put in force before init starts");

static bool required;
module_param_named(require_policy, required, bool, 0444);
MODULE_PARM_DESC(require_policy, "Stop the kernel when a boot policy cannot be put in force, or there is none");

bool debar_before_init = true;

/* The administrator has chosen what is worse: no policy, or no system. */
static void fail(const char *what, const char *why, int error)
{
	if (required)
		panic("debar: %s is not in force: %s (error %d), and debar.require_policy is set",
		      what, why, error);
	pr_err("%s is not in force: %s (error %d)\n", what, why, error);
}

/*
 * The blob is freed when it cannot be put in force, and so is the name of its signer, which may be
 * an error.
 */
static int put_in_force(void *data, size_t length, char *signer, struct netlink_ext_ack *extack)
{
	u8 digest[DEBAR_DIGEST_SIZE];
	struct debar_policy *policy;
	int ret = PTR_ERR_OR_ZERO(signer);

	if (ret)
		goto free_data;
	ret = debar_identify_buffer(data, length, digest);
	if (ret)
		goto free_signer;
	policy = debar_policy_create(data, length, digest, extack);
	if (IS_ERR(policy)) {
		ret = PTR_ERR(policy);
		goto free_signer;
	}
	policy->signer = signer;
	ret = debar_policy_publish(policy, extack);
	if (ret)
		debar_policy_put(policy);
	return ret;

free_signer:
	kfree(signer);
free_data:
	kvfree(data);
	return ret;
}

static void conclude(const char *what, int error, const struct netlink_ext_ack *extack)
{
	if (error)
		fail(what, extack->_msg ?: "it cannot be had", error);
	else
		pr_info("%s is in force\n", what);
}

/* Whoever built the kernel could trust himself as well. */
static char * __init image_signer(void)
{
	char *signer = kstrdup("the kernel's image", GFP_KERNEL);

	return signer ?: ERR_PTR(-ENOMEM);
}

static void __init use_compiled_in(void)
{
	struct netlink_ext_ack extack = {};
	size_t length = debar_boot_blob_end - debar_boot_blob;
	void *data;

	if (!length)
		return;
	data = kvmalloc(length, GFP_KERNEL);
	if (data)
		memcpy(data, debar_boot_blob, length);
	conclude("the boot policy that is compiled in",
		 data ? put_in_force(data, length, image_signer(), &extack) : -ENOMEM, &extack);
}

/**
 * debar_boot_policy_unguarded() - say that debar's hooks are not registered
 *
 * Context: before anything can be executed. Does not return when a policy is required.
 */
void __init debar_boot_policy_unguarded(void)
{
	if (required)
		fail("debar", "it is not among the security modules, see lsm=", -ENODEV);
}

/**
 * debar_boot_policy_init() - put the policy in force that is compiled in
 * @error: why debar cannot judge, or 0
 *
 * Does not return when debar cannot judge and a policy is required.
 */
void __init debar_boot_policy_init(int error)
{
	if (error) {
		fail("debar", "it cannot start", error);
		debar_before_init = false;
		return;
	}
	use_compiled_in();
}

/* By PATH.p7s, if there is one. */
static char *file_signer(const void *data, size_t length, struct netlink_ext_ack *extack)
{
	char *beside = kasprintf(GFP_KERNEL, "%s.p7s", path), *signer;
	void *signature = NULL;
	ssize_t ret;

	if (!beside)
		return ERR_PTR(-ENOMEM);
	ret = kernel_read_file_from_path(beside, 0, &signature, DEBAR_CHUNK_MAX, NULL,
					 READING_POLICY);
	kfree(beside);
	if (ret < 0)
		return ret == -ENOENT ? NULL : ERR_PTR(ret);
	signer = debar_signature_verify(data, length, signature, ret, extack);
	vfree(signature);
	return signer;
}

/* Does not return when a policy is required and cannot be had. */
static void read_from_file(void)
{
	struct netlink_ext_ack extack = {};
	struct debar_policy *policy;
	void *data = NULL;
	ssize_t ret;

	if (path) {
		ret = kernel_read_file_from_path(path, 0, &data, DEBAR_POLICY_MAX, NULL,
						 READING_POLICY);
		if (ret >= 0)
			ret = put_in_force(data, ret, file_signer(data, ret, &extack), &extack);
		conclude(path, ret, &extack);
	}
	policy = debar_policy_get();
	if (required && !policy)
		fail("a boot policy", "there is none", -ENODATA);
	debar_policy_put(policy);
}

/**
 * debar_boot_policy_refuses_early() - debar_boot_policy_refuses(), where init was not executed yet
 * @file: the file
 * @operation: what is attempted
 *
 * Return: like debar_boot_policy_refuses().
 */
bool debar_boot_policy_refuses_early(struct file *file, enum debar_operation operation)
{
	if (operation == DEBAR_OPERATION_EXECUTE && is_global_init(current)) {
		read_from_file();
		/* Now it is in force, or not required. */
		WRITE_ONCE(debar_before_init, false);
		return false;
	}
	if (!required || rcu_access_pointer(debar_policy_in_force))
		return false;
	debar_count(DEBAR_COUNT_REFUSED_EARLY);
	pr_warn_ratelimited("%pD is refused: the policy that is required is not in force yet\n",
			    file);
	return true;
}
