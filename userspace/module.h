/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All of libkmod: load and unload the kernel module `debar`.
 *
 * No reference on the module is kept. Nothing is printed.
 */
#ifndef DEBAR_MODULE_H
#define DEBAR_MODULE_H

#include <stdbool.h>

#define DEBAR_MODULE_NAME "debar"

/**
 * debar_module_load - load the module
 * @path: of the module's file, or NULL for the one that depmod knows for the running kernel
 * @parameters: `name=value` separated by blanks, or NULL
 *
 * Return: 0, or
 *	-EEXIST		it is loaded already
 *	-ENODEV		no file was named and depmod knows none for this kernel
 *	-ENOENT		there is no file @path
 *	-ENOEXEC	the file is no module, or none for this kernel, which may lack a symbol
 *	-EKEYREJECTED, -ENOKEY	the kernel asks for a valid signature
 *	-EPERM		CAP_SYS_MODULE is missing, or the kernel is locked down
 *	-EINVAL		a parameter has an invalid value
 * and whatever else the kernel or the module's own start answers.
 */
int debar_module_load(const char *path, const char *parameters);

/**
 * debar_module_unload - unload the module; tries for a second while it is in use
 *
 * Return: 0, or
 *	-ENOENT		it is not loaded
 *	-EOPNOTSUPP	it is built into the kernel
 *	-EAGAIN		it is in use
 *	-EBUSY		it cannot be unloaded, or someone else is loading or unloading it
 *	-EPERM		CAP_SYS_MODULE is missing
 */
int debar_module_unload(void);

/* debar_module_loaded - the module is there, be it loaded or built in */
bool debar_module_loaded(void);

/* debar_module_built_in - the module is a part of the kernel: nobody can load or unload it */
bool debar_module_built_in(void);

#endif /* DEBAR_MODULE_H */
