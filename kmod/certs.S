/* SPDX-License-Identifier: GPL-2.0-only */
/* The certificates that debar trusts to sign policies, X.509 in DER, one behind the other. */
	.section .rodata, "a"
	.globl debar_certs
debar_certs:
#ifdef DEBAR_CERTS
	.incbin DEBAR_CERTS
#endif
	.globl debar_certs_end
debar_certs_end:
