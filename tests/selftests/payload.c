// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program, and a library, that do nothing: copies with something appended play the files that a
 * policy bans.
 */

int debar_payload(void)
{
	return 42;
}

#ifndef PAYLOAD_LIBRARY
/* Without a C library, so that running it costs as little as running a program can. */
__attribute__((noreturn, used)) void _start(void)
{
	for (;;) {
#if defined(__x86_64__)
		__asm__ volatile("syscall" : : "a"(231), "D"(0) : "rcx", "r11", "memory");
#elif defined(__aarch64__)
		__asm__ volatile("mov x8, #94; mov x0, #0; svc #0" : : : "x0", "x8", "memory");
#else
#error "how does a program end here?"
#endif
	}
}
#endif
