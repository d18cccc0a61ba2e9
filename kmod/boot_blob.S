/* SPDX-License-Identifier: GPL-2.0-only */
/* The boot policy that is compiled in; empty when there is none. */
	.section .init.rodata, "a"
	.balign 8
	.globl debar_boot_blob
debar_boot_blob:
#ifdef CONFIG_SECURITY_DEBAR_HAS_BOOT_POLICY
	.incbin CONFIG_SECURITY_DEBAR_BOOT_POLICY
#endif
	.globl debar_boot_blob_end
debar_boot_blob_end:
