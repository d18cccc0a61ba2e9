/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fs-verity's digest of a file, which kernels before 6.5 have but do not export to modules;
 * includes nothing of debar.
 */
#ifndef DEBAR_COMPAT_FSVERITY_H
#define DEBAR_COMPAT_FSVERITY_H

#include <linux/fsverity.h>
#include <linux/kprobes.h>
#include <linux/static_call.h>
#include <linux/string.h>
#include <linux/version.h>
#include <crypto/sha2.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
static inline void debar_compat_fsverity_init(void)
{
}

static inline bool debar_compat_fsverity_digest(struct inode *inode, u8 *raw,
						enum hash_algo *algorithm)
{
	return fsverity_get_digest(inode, raw, NULL, algorithm);
}
#elif !defined(MODULE)
static inline void debar_compat_fsverity_init(void)
{
}

static inline bool debar_compat_fsverity_digest(struct inode *inode, u8 *raw,
						enum hash_algo *algorithm)
{
	return !fsverity_get_digest(inode, raw, algorithm);
}
#else
DEFINE_STATIC_CALL_NULL(debar_compat_fsverity_get, fsverity_get_digest);
static bool debar_compat_fsverity_found;

/* Without the function no file has such a digest. */
static inline void debar_compat_fsverity_init(void)
{
	struct kprobe probe = {
		.symbol_name = "fsverity_get_digest",
		.flags = KPROBE_FLAG_DISABLED,
	};

	if (register_kprobe(&probe))
		return;
	static_call_update(debar_compat_fsverity_get, (typeof(fsverity_get_digest) *)probe.addr);
	debar_compat_fsverity_found = true;
	unregister_kprobe(&probe);
}

static inline bool debar_compat_fsverity_digest(struct inode *inode, u8 *raw,
						enum hash_algo *algorithm)
{
	return debar_compat_fsverity_found &&
	       !static_call(debar_compat_fsverity_get)(inode, raw, algorithm);
}
#endif

static inline int debar_compat_fsverity_sha256(struct inode *inode, u8 *digest)
{
	u8 raw[FS_VERITY_MAX_DIGEST_SIZE];
	enum hash_algo algorithm;

	if (!IS_VERITY(inode) || !debar_compat_fsverity_digest(inode, raw, &algorithm) ||
	    algorithm != HASH_ALGO_SHA256)
		return -ENODATA;
	memcpy(digest, raw, SHA256_DIGEST_SIZE);
	return 0;
}

#endif /* DEBAR_COMPAT_FSVERITY_H */
