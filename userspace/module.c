// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Load and unload the kernel module by libkmod.
 */
#include <errno.h>
#include <stdarg.h>
#include <time.h>
#include <libkmod.h>

#include "module.h"
#include "util.h"

#define UNLOAD_TRIES	20
#define UNLOAD_PAUSE_NS	50000000

DEBAR_DEFINE_CLEANUP(struct kmod_ctx *, kmod_unref);
DEBAR_DEFINE_CLEANUP(struct kmod_module *, kmod_module_unref);

#define _cleanup_ctx_ _cleanup_(debar_cleanup_kmod_unref)
#define _cleanup_module_ _cleanup_(debar_cleanup_kmod_module_unref)

/* The library would print; its return values say enough. */
static void say_nothing(void *data, int priority, const char *file, int line, const char *fn,
			const char *format, va_list args)
{
	(void)data;
	(void)priority;
	(void)file;
	(void)line;
	(void)fn;
	(void)format;
	(void)args;
}

static struct kmod_ctx *new_context(void)
{
	struct kmod_ctx *ctx = kmod_new(NULL, NULL);

	if (ctx)
		kmod_set_log_fn(ctx, say_nothing, NULL);
	return ctx;
}

/* Find the module where depmod put it. */
static int look_up(struct kmod_ctx *ctx, struct kmod_module **module)
{
	struct kmod_list *list = NULL;
	int error = kmod_module_new_from_lookup(ctx, DEBAR_MODULE_NAME, &list);

	if (error < 0)
		return error;
	if (!list)
		return -ENODEV;
	*module = kmod_module_get_module(list);
	kmod_module_unref_list(list);
	return kmod_module_get_path(*module) ? 0 : -ENODEV;
}

int debar_module_load(const char *path, const char *parameters)
{
	_cleanup_ctx_ struct kmod_ctx *ctx = new_context();
	_cleanup_module_ struct kmod_module *module = NULL;
	int error;

	if (!ctx)
		return -ENOMEM;
	if (debar_module_loaded())
		return -EEXIST;
	if (path)
		error = kmod_module_new_from_path(ctx, path, &module);
	else
		error = look_up(ctx, &module);
	if (error < 0)
		return error;
	if (path)
		error = kmod_module_insert_module(module, 0, parameters);
	else
		error = kmod_module_probe_insert_module(module, KMOD_PROBE_FAIL_ON_LOADED,
							parameters, NULL, NULL, NULL);
	/* The file is there, so this is the kernel missing a symbol. */
	return error == -ENOENT ? -ENOEXEC : error;
}

int debar_module_unload(void)
{
	static const struct timespec pause = {.tv_nsec = UNLOAD_PAUSE_NS};
	_cleanup_ctx_ struct kmod_ctx *ctx = new_context();
	_cleanup_module_ struct kmod_module *module = NULL;
	int error;

	if (!ctx)
		return -ENOMEM;
	if (debar_module_built_in())
		return -EOPNOTSUPP;
	error = kmod_module_new_from_name(ctx, DEBAR_MODULE_NAME, &module);
	for (int i = 0; !error && i < UNLOAD_TRIES; i++) {
		error = kmod_module_remove_module(module, 0);
		if (error != -EAGAIN || i + 1 == UNLOAD_TRIES)
			break;
		/* debard reading denials holds the module for a moment. */
		nanosleep(&pause, NULL);
		error = 0;
	}
	return error;
}

bool debar_module_loaded(void)
{
	return access("/sys/module/" DEBAR_MODULE_NAME, F_OK) == 0;
}

bool debar_module_built_in(void)
{
	return debar_module_loaded() &&
	       access("/sys/module/" DEBAR_MODULE_NAME "/initstate", F_OK) != 0;
}
