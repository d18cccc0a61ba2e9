/* SPDX-License-Identifier: GPL-2.0-only */
/* What the callers of the kernel's security hooks get instead of them. */
#ifndef DEBAR_REPLACEMENTS_H
#define DEBAR_REPLACEMENTS_H

#include "compat/compat.h"

/*
 * Index in debar_replacements; the most frequent first, because it is looked through from the
 * beginning.
 */
enum debar_replaced {
	DEBAR_REPLACE_MMAP_FILE,
	DEBAR_REPLACE_FILE_MPROTECT,
	DEBAR_REPLACE_BPRM_CHECK,
#ifdef DEBAR_COMPAT_EXECVE_CHECK
	DEBAR_REPLACE_BPRM_CREDS_FOR_EXEC,
#endif
#ifdef DEBAR_COMPAT_MMAP_BACKING_FILE
	DEBAR_REPLACE_MMAP_BACKING_FILE,
#endif
	DEBAR_REPLACE_KERNEL_READ_FILE,
	DEBAR_REPLACE_KERNEL_POST_READ_FILE,
	DEBAR_REPLACE_KERNEL_POST_LOAD_DATA,
	DEBAR_REPLACE_SB_DELETE,
	DEBAR_ALWAYS_REPLACED,
	/* Attached only while the policy in force needs it. */
	DEBAR_REPLACE_FILE_POST_OPEN = DEBAR_ALWAYS_REPLACED,
	DEBAR_REPLACEMENTS
};

/**
 * struct debar_replacement - one function of the kernel and what debar has in its place
 * @symbol: name of the function
 * @replaced: address of what calls the function, and then asks debar
 * @passed: address of what only goes on to the function; NULL where every call is replaced
 * @set_original: makes both go on to an address
 */
struct debar_replacement {
	const char *symbol;
	void *replaced;
	void *passed;
	void (*set_original)(void *address);
};

extern const struct debar_replacement debar_replacements[DEBAR_REPLACEMENTS];

#endif /* DEBAR_REPLACEMENTS_H */
