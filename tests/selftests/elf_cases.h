/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A table of hostile ELF files, each with what is to be found in it. Plain C: the kernel judges
 * them in elf.c, the same reader in userspace in tests/unit/test_elf.c, and the fuzzers begin with
 * them.
 */
#ifndef DEBAR_ELF_CASES_H
#define DEBAR_ELF_CASES_H

#include "elf_file.h"

/* typedef elf_case - called with each file; @name: what is wrong with it; @data: the caller's */
typedef void (*elf_case)(const char *name, const struct elf_file *file, void *data);

/* elf_cases - go through the table, in each of four forms; how many files, or 0 without memory */
size_t elf_cases(elf_case each, void *data);

#endif /* DEBAR_ELF_CASES_H */
