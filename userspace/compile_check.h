/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the two halves of the compiler share: the one that checks and sorts, and the one that
 * writes. For compile*.c alone.
 */
#ifndef DEBAR_COMPILE_CHECK_H
#define DEBAR_COMPILE_CHECK_H

#include "compile.h"
#include "intern.h"

/* Number of a ban that is not about this host. */
#define DEBAR_COMPILE_LEFT_OUT	UINT32_MAX

/**
 * struct debar_compile_entry - an indicator on its way into the blob
 * @it: in the source
 * @part: index of its ban in the source
 * @index: its index there
 */
struct debar_compile_entry {
	const struct debar_source_indicator *it;
	size_t part;
	size_t index;
};

/**
 * struct debar_compiler - one run of debar_compile()
 * @source: what is compiled
 * @error: where to say what is wrong
 * @order: indexes of the source's bans, ascending by id, in the source's order where ids are equal
 * @number: for each of the source's bans its number in the blob, or DEBAR_COMPILE_LEFT_OUT
 * @merged: the bans of the blob, each with what its parts say together but for the lists
 * @ban_count: bans in the blob
 * @entries: ascending by kind and digest, each once
 * @entry_count: of @entries
 * @header: counts are filled in as sections are written
 * @bans: section of bans
 * @waivers: section of waivers
 * @details: section of details
 * @strings: section of strings
 * @out: the blob
 */
struct debar_compiler {
	const struct debar_source *source;
	struct debar_error *error;
	size_t *order;
	uint32_t *number;
	struct debar_source_ban *merged;
	uint32_t ban_count;
	struct debar_compile_entry *entries;
	size_t entry_count;
	struct debar_blob_header header;
	struct debar_buffer bans;
	struct debar_buffer waivers;
	struct debar_intern details;
	struct debar_intern strings;
	struct debar_buffer *out;
};

/*
 * debar_compile_check - check the source and fill in @order, @number, @merged, @ban_count,
 * @entries and @entry_count; 0, -EINVAL, -EFBIG or -ENOMEM with the error filled in
 */
int debar_compile_check(struct debar_compiler *c);

/* debar_compile_check_profiles - check whom a ban applies to; 0, or -EINVAL with the error */
int debar_compile_check_profiles(struct debar_compiler *c, size_t i);

/* debar_compile_merge_profiles - take over what a part says; false when another part disagrees */
bool debar_compile_merge_profiles(struct debar_source_ban *merged,
				  const struct debar_source_ban *part);

/*
 * debar_compile_select - take the bans out of @merged that do not apply to the host; 0 or -ENOMEM
 * with the error filled in
 */
int debar_compile_select(struct debar_compiler *c);

/* debar_compile_is_left_out - whether a ban of this id was taken out */
bool debar_compile_is_left_out(const struct debar_compiler *c, const char *id);

/*
 * debar_compile_waivers - check the waivers and write their section, after debar_compile_check();
 * 0, -EINVAL or -ENOMEM with the error filled in
 */
int debar_compile_waivers(struct debar_compiler *c);

/* debar_compile_refuse - say what is wrong at a place of the source; returns -EINVAL */
_printf_(4, 5)
int debar_compile_refuse(struct debar_compiler *c, const struct debar_source_ref *ref,
			 const char *remedy, const char *format, ...);

/* debar_compile_place - what debar_compile_refuse() puts in front */
void debar_compile_place(const struct debar_compiler *c, const struct debar_source_ref *ref,
			 char *text, size_t size);

/* debar_compile_string - whether a text can be a string of the blob; NULL can; 0 or -EINVAL */
int debar_compile_string(struct debar_compiler *c, const struct debar_source_ref *ref,
			 const char *text);

/* debar_compile_product - the product that an indicator of a ban is of, or "" */
const char *debar_compile_product(const struct debar_compiler *c,
				  const struct debar_compile_entry *entry);

/* debar_compile_add_string - put a string, or NULL, into the blob; 0 or -ENOMEM */
int debar_compile_add_string(struct debar_compiler *c, const char *text, __le32 *field);

/* debar_compile_too_large - say that the blob exceeds DEBAR_POLICY_MAX; returns -EFBIG */
int debar_compile_too_large(struct debar_compiler *c);

/* debar_compile_no_memory - returns -ENOMEM */
int debar_compile_no_memory(struct debar_compiler *c);

#endif /* DEBAR_COMPILE_CHECK_H */
