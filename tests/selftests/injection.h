/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fault injection: one after the other, every allocation, disk read or page of the page cache
 * that a system call asks for is made to fail; and what of debar's was hit is known afterwards.
 *
 * For a kernel with failslab, fail_page_alloc, fail_make_request and fail_function. Functions
 * return 0 or -errno.
 */
#ifndef DEBAR_SELFTESTS_INJECTION_H
#define DEBAR_SELFTESTS_INJECTION_H

#include <stdbool.h>
#include <stddef.h>

/* injection_begin - get ready; what the calling thread asks for can fail from now on */
int injection_begin(void);
void injection_end(void);

/* injection_disk - let reads of a block device fail, too */
int injection_disk(const char *device);

/* injection_arm - let fail what the thread asks for the nth time from now on */
int injection_arm(unsigned int nth);
/* injection_disarm - whether it has failed; nothing fails any more */
bool injection_disarm(void);

/* injection_init - as injection_arm(), for the module's init function when it is loaded next */
int injection_init(unsigned int nth);
/* injection_init_hit - whether something has failed in it; nothing fails any more */
bool injection_init_hit(void);
/*
 * injection_init_all - let large allocations of the module's init function fail, and all small ones
 * from the moment on when it has got this many bytes
 */
int injection_init_all(unsigned int bytes);

/* injection_sites - the functions of debar in which something has failed, a line for each place */
int injection_sites(char *sites, size_t size);

#endif /* DEBAR_SELFTESTS_INJECTION_H */
