// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The words of kmod/netlink/debar.yaml for the numbers of the netlink interface.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <linux/debar.h>

#include "names.h"

/* Build ids are 8, 16, 20 or 32 bytes long; with NULs behind it, one's length cannot be told. */
#define BUILD_ID_STEP	4

static const char *const forms[] = {
	[DEBAR_FORM_LOADABLE] = "loadable",
	[DEBAR_FORM_BUILT_IN] = "built-in",
};

static const char *const modes[] = {
	[DEBAR_MODE_MONITOR] = "monitor",
	[DEBAR_MODE_ENFORCE] = "enforce",
};

static const char *const operations[] = {
	[DEBAR_OPERATION_EXECUTE] = "execute",
	[DEBAR_OPERATION_MAP] = "map",
	[DEBAR_OPERATION_PROTECT] = "protect",
	[DEBAR_OPERATION_LOAD] = "load",
	[DEBAR_OPERATION_OPEN] = "open",
};

static const char *const verdicts[] = {
	[DEBAR_VERDICT_ALLOW] = "allow",
	[DEBAR_VERDICT_AUDIT] = "audit",
	[DEBAR_VERDICT_DENY] = "deny",
};

static const char *const reasons[] = {
	[DEBAR_REASON_NONE] = "none",
	[DEBAR_REASON_INDICATOR] = "indicator",
	[DEBAR_REASON_IO_ERROR] = "io-error",
	[DEBAR_REASON_NO_MEMORY] = "no-memory",
	[DEBAR_REASON_INTERRUPTED] = "interrupted",
	[DEBAR_REASON_UNSTABLE] = "unstable",
	[DEBAR_REASON_HASH_ERROR] = "hash-error",
};

static const char *const kinds[] = {
	[DEBAR_INDICATOR_KIND_FILE_SHA256] = "file-sha256",
	[DEBAR_INDICATOR_KIND_CODE_SHA256] = "code-sha256",
	[DEBAR_INDICATOR_KIND_FSVERITY_SHA256] = "fsverity-sha256",
	[DEBAR_INDICATOR_KIND_BUILD_ID] = "build-id",
};

/* As the keys of policy source are called: debar-policy(5). */
static const char *const kind_keys[] = {
	[DEBAR_INDICATOR_KIND_FILE_SHA256] = "sha256",
	[DEBAR_INDICATOR_KIND_CODE_SHA256] = "code_sha256",
	[DEBAR_INDICATOR_KIND_FSVERITY_SHA256] = "fsverity_sha256",
	[DEBAR_INDICATOR_KIND_BUILD_ID] = "build_id",
};

static const char *const healths[] = {
	[DEBAR_HEALTH_NO_POLICY] = "no-policy",
	[DEBAR_HEALTH_MONITOR_ONLY] = "monitor-only",
	[DEBAR_HEALTH_DENIALS_LOST] = "denials-lost",
	[DEBAR_HEALTH_UNIDENTIFIED] = "unidentified",
	[DEBAR_HEALTH_HOOK_DETACHED] = "hook-detached",
};

static const char *const statuses[] = {
	[DEBAR_BAN_STATUS_FINAL] = "final",
	[DEBAR_BAN_STATUS_AMENDED] = "amended",
	[DEBAR_BAN_STATUS_PROPOSED] = "proposed",
	[DEBAR_BAN_STATUS_RUMOURED] = "rumoured",
};

static const char *const prohibitions[] = {
	[DEBAR_PROHIBITION_SUPPLY] = "supply",
	[DEBAR_PROHIBITION_UPDATE] = "update",
	[DEBAR_PROHIBITION_INTEGRATE] = "integrate",
	[DEBAR_PROHIBITION_RESALE] = "resale",
	[DEBAR_PROHIBITION_PROCURE] = "procure",
	[DEBAR_PROHIBITION_USE] = "use",
};

static const char *const stages[] = {
	[DEBAR_STAGE_DORMANT] = "dormant",
	[DEBAR_STAGE_AUDIT] = "audit",
	[DEBAR_STAGE_WARN] = "warn",
	[DEBAR_STAGE_ENFORCE] = "enforce",
};

static const char *name_of(const char *const *words, size_t count, uint32_t number)
{
	return number < count ? words[number] : "unknown";
}

const char *debar_form_name(uint32_t form)
{
	return name_of(forms, ARRAY_SIZE(forms), form);
}

const char *debar_mode_name(uint32_t mode)
{
	return name_of(modes, ARRAY_SIZE(modes), mode);
}

const char *debar_operation_name(uint32_t operation)
{
	return name_of(operations, ARRAY_SIZE(operations), operation);
}

const char *debar_verdict_name(uint32_t verdict)
{
	return name_of(verdicts, ARRAY_SIZE(verdicts), verdict);
}

const char *debar_reason_name(uint32_t reason)
{
	return name_of(reasons, ARRAY_SIZE(reasons), reason);
}

const char *debar_kind_name(uint32_t kind)
{
	return name_of(kinds, ARRAY_SIZE(kinds), kind);
}

const char *debar_kind_key(uint32_t kind)
{
	return name_of(kind_keys, ARRAY_SIZE(kind_keys), kind);
}

const char *debar_health_name(uint32_t health)
{
	return name_of(healths, ARRAY_SIZE(healths), health);
}

const char *debar_status_name(uint32_t status)
{
	return name_of(statuses, ARRAY_SIZE(statuses), status);
}

const char *debar_prohibition_name(uint32_t prohibition)
{
	return name_of(prohibitions, ARRAY_SIZE(prohibitions), prohibition);
}

const char *debar_stage_name(uint32_t stage)
{
	return name_of(stages, ARRAY_SIZE(stages), stage);
}

static int number_of(const char *const *words, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(word, words[i]))
			return (int)i;
	}
	return -EINVAL;
}

int debar_mode_parse(const char *word)
{
	return number_of(modes, ARRAY_SIZE(modes), word);
}

int debar_operation_parse(const char *word)
{
	return number_of(operations, ARRAY_SIZE(operations), word);
}

int debar_status_parse(const char *word)
{
	return number_of(statuses, ARRAY_SIZE(statuses), word);
}

int debar_prohibition_parse(const char *word)
{
	return number_of(prohibitions, ARRAY_SIZE(prohibitions), word);
}

int debar_kind_parse(const char *word)
{
	if (!strcmp(word, "sha256"))
		return DEBAR_INDICATOR_KIND_FILE_SHA256;
	return number_of(kinds, ARRAY_SIZE(kinds), word);
}

char *debar_digest_text(char *hex, uint32_t kind, const uint8_t *digest)
{
	size_t length = DEBAR_DIGEST_SIZE;

	if (kind == DEBAR_INDICATOR_KIND_BUILD_ID) {
		while (length > 1 && !digest[length - 1])
			length--;
		length += -length % BUILD_ID_STEP;
	}
	return debar_hex(hex, digest, length);
}
