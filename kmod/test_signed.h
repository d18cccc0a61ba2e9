/* SPDX-License-Identifier: GPL-2.0-only */
/* Signatures for KUnit tests, and certificates of those who made them. */
#ifndef DEBAR_TEST_SIGNED_H
#define DEBAR_TEST_SIGNED_H

#include <linux/types.h>

extern const u8 debar_test_trusted_cert[517];
extern const u8 debar_test_expired_cert[515];
extern const u8 debar_test_signed_by_trusted[284];
extern const u8 debar_test_signed_at_a_time[393];
extern const u8 debar_test_signed_by_expired[393];
extern const u8 debar_test_signed_by_expired_named[912];
extern const u8 debar_test_signed_by_other[282];

#endif /* DEBAR_TEST_SIGNED_H */
