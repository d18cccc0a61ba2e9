/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words of kmod/netlink/debar.yaml for the numbers of the netlink interface, as shown to
 * people and in JSON.
 */
#ifndef DEBAR_NAMES_H
#define DEBAR_NAMES_H

#include <stdint.h>
#include "util.h"

/* Each returns a static word, "unknown" for a number that only a newer kernel has a word for. */
const char *debar_form_name(uint32_t form);
const char *debar_mode_name(uint32_t mode);
const char *debar_operation_name(uint32_t operation);
const char *debar_verdict_name(uint32_t verdict);
const char *debar_reason_name(uint32_t reason);
const char *debar_kind_name(uint32_t kind);
const char *debar_health_name(uint32_t health);
const char *debar_status_name(uint32_t status);
const char *debar_prohibition_name(uint32_t prohibition);
const char *debar_stage_name(uint32_t stage);

/* debar_kind_key - the key that an indicator of this kind has in policy source */
const char *debar_kind_key(uint32_t kind);

/* debar_mode_parse - the enum debar_mode called @word, or -EINVAL */
int debar_mode_parse(const char *word);

/* debar_operation_parse - the enum debar_operation called @word, or -EINVAL */
int debar_operation_parse(const char *word);

/* debar_status_parse - the enum debar_ban_status called @word, or -EINVAL */
int debar_status_parse(const char *word);

/* debar_prohibition_parse - the enum debar_prohibition called @word, or -EINVAL */
int debar_prohibition_parse(const char *word);

/*
 * debar_kind_parse - the enum debar_indicator_kind called @word, "sha256" for short being that of
 * the file, or -EINVAL
 */
int debar_kind_parse(const char *word);

/**
 * debar_digest_text - a digest in hexadecimal digits
 * @hex: room for DEBAR_HEX_SIZE
 * @kind: enum debar_indicator_kind
 * @digest: DEBAR_DIGEST_SIZE bytes, a shorter one filled up with NULs
 *
 * Of a build id, the NULs behind it are left out, down to a multiple of four bytes.
 * Return: @hex.
 */
char *debar_digest_text(char *hex, uint32_t kind, const uint8_t *digest);

#endif /* DEBAR_NAMES_H */
