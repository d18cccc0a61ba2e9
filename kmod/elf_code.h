/* SPDX-License-Identifier: GPL-2.0-only */
/* Finds the code and the build id in an ELF file, for kernel and userspace alike. */
#ifndef DEBAR_ELF_CODE_H
#define DEBAR_ELF_CODE_H

#include <linux/types.h>
#ifdef __KERNEL__
#include <uapi/linux/debar.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <linux/debar.h>
#endif

/**
 * struct debar_elf - an ELF file that is being looked at
 * @read: fills @buffer with @size bytes from @offset on; returns 0 or a negative error number
 * @context: for @read
 * @size: of the file in bytes; @read is never asked for anything beyond
 * @is_64: wide form
 * @swap: its byte order is not this machine's
 * @header_size: length of the ELF header
 * @segments: where the program headers are
 * @segment_size: length of each
 * @segment_count: how many there are
 * @sections: where the section headers are
 * @section_size: length of each
 * @section_count: how many there are
 */
struct debar_elf {
	int (*read)(void *context, __u64 offset, void *buffer, size_t size);
	void *context;
	__u64 size;
	bool is_64;
	bool swap;
	__u32 header_size;
	__u64 segments;
	__u32 segment_size;
	__u32 segment_count;
	__u64 sections;
	__u32 section_size;
	__u32 section_count;
};

int debar_elf_open(struct debar_elf *elf);
int debar_elf_code(const struct debar_elf *elf,
		   int (*piece)(void *context, __u64 offset, __u64 length), void *context,
		   __u64 *size);
int debar_elf_build_id(const struct debar_elf *elf, __u8 *id);

#endif /* DEBAR_ELF_CODE_H */
