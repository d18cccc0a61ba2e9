// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starts debar, and unloads the loadable form: each part is made before those that use it, and goes
 * after them.
 *
 * The netlink family comes behind the hooks, which do nothing without a policy: once a reader has
 * begun a dump, a load that fails could not take the module's text away from under it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>

#include "attach.h"
#include "boot_policy.h"
#include "content.h"
#include "denials.h"
#include "identify.h"
#include "limits.h"
#include "netlink.h"
#include "policy.h"
#include "settle.h"
#include "signature.h"
#include "verdict_cache.h"

static bool fail_closed;
module_param(fail_closed, bool, 0444);
MODULE_PARM_DESC(fail_closed, "Refuse a file that cannot be identified (default: let it through and record it)");

static unsigned int ring_size = DEBAR_RING_DEFAULT;
module_param(ring_size, uint, 0444);
MODULE_PARM_DESC(ring_size, "Denials kept for readers, 16 to 1048576 (default: 4096)");

static bool require_signature = __is_defined(DEBAR_REQUIRE_SIGNATURE);
module_param(require_signature, bool, 0444);
MODULE_PARM_DESC(require_signature, "Take no policy that nobody trusted has signed (default: N, unless built to)");

/*
 * Whoever built it so has the last word. A parameter that says otherwise must not keep debar from
 * being loaded: then nothing would be banned.
 */
static void __init keep_requiring(void)
{
	if (!__is_defined(DEBAR_REQUIRE_SIGNATURE) || require_signature)
		return;
	require_signature = true;
	pr_warn("require_signature=0 is ignored: this debar was built to take signed policies alone\n");
}

static int __init debar_init(void)
{
	int ret;

	keep_requiring();
	if (ring_size < DEBAR_RING_MIN || ring_size > DEBAR_RING_MAX) {
		pr_err("ring_size is %u: choose one between %d and %d\n", ring_size, DEBAR_RING_MIN,
		       DEBAR_RING_MAX);
		return -EINVAL;
	}
	debar_settle_fail_closed(fail_closed);
	ret = debar_content_init();
	if (ret)
		return ret;
	ret = debar_identify_init();
	if (ret)
		goto exit_content;
	ret = debar_cache_init();
	if (ret)
		goto exit_identify;
	ret = debar_denials_init(ring_size, debar_netlink_announce_denials);
	if (ret)
		goto exit_cache;
	ret = debar_signature_init(debar_certs, debar_certs_end - debar_certs,
				   require_signature);
	if (ret)
		goto exit_denials;
	debar_policy_init(debar_attach_for);
	ret = debar_attach();
	if (ret)
		goto exit_signature;
	ret = debar_netlink_init();
	if (ret)
		goto detach;
	pr_info("version %s %s, mode %s, fail-%s\n", DEBAR_VERSION,
		debar_form() == DEBAR_FORM_LOADABLE ? "loaded" : "built in",
		debar_mode() == DEBAR_MODE_ENFORCE ? "enforce" : "monitor",
		fail_closed ? "closed" : "open");
	return 0;

detach:
	debar_detach();
exit_signature:
	debar_signature_exit();
exit_denials:
	debar_denials_exit();
exit_cache:
	debar_cache_exit();
exit_identify:
	debar_identify_exit();
exit_content:
	debar_content_exit();
	return ret;
}

#ifdef MODULE
static void __exit debar_exit(void)
{
	debar_detach();
	debar_denials_quiet();
	debar_netlink_exit();
	debar_policy_withdraw(NULL);
	debar_signature_exit();
	debar_denials_exit();
	debar_cache_exit();
	debar_identify_exit();
	debar_content_exit();
	pr_info("unloaded\n");
}

module_init(debar_init);
module_exit(debar_exit);
#else
/* The latest call of all, when what the kernel brings is there: hash drivers and netlink. */
static int __init debar_start(void)
{
	int ret = debar_init();

	debar_boot_policy_init(ret);
	return ret;
}
late_initcall(debar_start);
#endif

MODULE_DESCRIPTION("Blocks the execution of prohibited vendors' binaries");
MODULE_AUTHOR("debar maintainers");
MODULE_LICENSE("GPL");
MODULE_VERSION(DEBAR_VERSION);
