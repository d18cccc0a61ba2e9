/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of debarctl import: cmd_import_package.c reads packages, cmd_import_list.c lists.
 */
#ifndef DEBAR_CMD_IMPORT_H
#define DEBAR_CMD_IMPORT_H

#include <stdbool.h>
#include "debarctl.h"
#include "intern.h"
#include "list.h"
#include "package.h"
#include "source.h"

#define WHERE	"import"

/**
 * struct import - one run of the command
 * @source: what is written; has the one ban
 * @ban: the ban that all indicators belong to
 * @kinds: bit (1 << enum debar_indicator_kind) for each kind of indicator wanted
 * @output: file to write, or NULL
 * @format: enum debar_list_format of what is read, or -1 for packages
 * @installed: the packages are those that are installed
 * @maintainer: of these, only those whose maintainer matches this, or NULL
 * @root: where they are installed
 * @packages: as many as arguments; own the strings
 * @package_count: of @packages
 * @lists: as many as arguments, or NULL; own the strings
 * @list_count: of @lists
 * @file_count: how many packages or lists were named
 * @indicators: of all packages, each digest once; own their sources
 * @indicator_count: of @indicators
 * @seen: kinds and digests of @indicators
 */
struct import {
	struct debar_source source;
	struct debar_source_ban ban;
	uint32_t kinds;
	const char *output;
	int format;
	bool installed;
	const char *maintainer;
	const char *root;
	struct debar_package *packages;
	size_t package_count;
	struct debar_list *lists;
	size_t list_count;
	size_t file_count;
	struct debar_source_indicator *indicators;
	size_t indicator_count;
	struct debar_intern seen;
};

/* debar_import_cut_front - @text without so many characters at its front that @keep bytes stay */
const char *debar_import_cut_front(const char *text, size_t keep);

/* debar_import_file_name - the last part of a path, safe to show, at most 80 bytes; to be freed */
char *debar_import_file_name(const char *path);

/* debar_import_fitting - @text if it can stand in a policy, or NULL */
const char *debar_import_fitting(const char *text);

/* debar_import_reserve - make room for more indicators; 0 or -ENOMEM */
int debar_import_reserve(struct import *import, size_t more);

/**
 * debar_import_add - add an indicator, unless the same digest was there before
 * @import: has room for it
 * @it: all but its source
 * @source: from malloc(), taken over also on errors; NULL when there was no memory for it
 *
 * Return: 0, or -ENOMEM.
 */
int debar_import_add(struct import *import, struct debar_source_indicator it, char *source);

/* debar_import_packages - read all packages named on the command line; an exit code */
int debar_import_packages(struct import *import, char **paths, size_t count);

/*
 * debar_import_installed - read the packages that are installed under the names on the command
 * line; an exit code
 */
int debar_import_installed(struct import *import, char **names, size_t count);

/* debar_import_lists - read all lists named on the command line; an exit code */
int debar_import_lists(struct import *import, char **paths, size_t count);

/* debar_import_free_lists - free what debar_import_lists() made */
void debar_import_free_lists(struct import *import);

#endif /* DEBAR_CMD_IMPORT_H */
