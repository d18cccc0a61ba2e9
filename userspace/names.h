/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of kmod/netlink/debar.yaml for the numbers of the netlink interface, as shown to
 * people and in JSON.
 */
#ifndef DEBAR_NAMES_H
#define DEBAR_NAMES_H

#include <stdint.h>

/* Each returns a static word, "unknown" for a number that only a newer kernel has a word for. */
const char *debar_form_name(uint32_t form);
const char *debar_mode_name(uint32_t mode);
const char *debar_operation_name(uint32_t operation);
const char *debar_verdict_name(uint32_t verdict);
const char *debar_reason_name(uint32_t reason);
const char *debar_kind_name(uint32_t kind);
const char *debar_health_name(uint32_t health);

/* debar_mode_parse - the enum debar_mode called @word, or -EINVAL */
int debar_mode_parse(const char *word);

#endif /* DEBAR_NAMES_H */
