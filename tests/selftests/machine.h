/* SPDX-License-Identifier: GPL-2.0-only */
/* What the tests know of the processor that they run on: its ELF files, and code for it. */
#ifndef DEBAR_TEST_MACHINE_H
#define DEBAR_TEST_MACHINE_H

#include <elf.h>

#if defined(__x86_64__)
#define MACHINE			EM_X86_64
#define LOADER			"/lib64/ld-linux-x86-64.so.2"
/* mov eax, 231; xor edi, edi; syscall */
#define EXIT_CODE		{ 0xb8, 231, 0, 0, 0, 0x31, 0xff, 0x0f, 0x05 }
#define EXIT_CODE_SIZE		9
/* Programs of 32 bits: mov eax, 1; xor ebx, ebx; int 0x80 */
#define MACHINE32		EM_386
#define MACHINE32_FLAGS		0
#define EXIT_CODE32		{ 0xb8, 1, 0, 0, 0, 0x31, 0xdb, 0xcd, 0x80 }
#define EXIT_CODE32_SIZE	9
#elif defined(__aarch64__)
#define MACHINE			EM_AARCH64
#define LOADER			"/lib/ld-linux-aarch64.so.1"
/* mov x8, #94; mov x0, #0; svc #0 */
#define EXIT_CODE		{ 0xc8, 0x0b, 0x80, 0xd2, 0, 0, 0x80, 0xd2, 1, 0, 0, 0xd4 }
#define EXIT_CODE_SIZE		12
/* Programs of 32 bits: mov r7, #1; mov r0, #0; svc #0 */
#define MACHINE32		EM_ARM
#define MACHINE32_FLAGS		EF_ARM_EABI_VER5
#define EXIT_CODE32		{ 1, 0x70, 0xa0, 0xe3, 0, 0, 0xa0, 0xe3, 0, 0, 0, 0xef }
#define EXIT_CODE32_SIZE	12
#else
#error "the tests do not know this processor: say here what its programs are like"
#endif

#endif /* DEBAR_TEST_MACHINE_H */
