// SPDX-License-Identifier: GPL-2.0-or-later
/* debarctl import of packages: files of them, and those that are installed. */
#include <errno.h>
#include <string.h>

#include "cmd_import.h"
#include "output.h"
#include "policy_blob.h"

/*
 * Less code than this, in bytes, is no mark of a program: libraries without functions of their own
 * and mere launchers of something else are alike whoever made them.
 */
#define CODE_MIN	2048

/* What a source says of what is installed: `dpkg NAME VERSION /PATH`, cut likewise. */
static char *make_installed_source(const struct debar_package *package,
				   const struct debar_package_file *file)
{
	const char *name = debar_package_name(package, file->part);
	const char *version = debar_package_version(package, file->part);
	_cleanup_free_ char *head = NULL;
	char *source;

	if (asprintf(&head, "dpkg %s %s", name, version ? version : "?") < 0)
		return NULL;
	if (strlen(head) > DEBAR_BLOB_STRING_MAX / 2)
		head[DEBAR_BLOB_STRING_MAX / 2] = 0;
	return asprintf(&source, "%s /%s", head,
			debar_import_cut_front(file->path, DEBAR_BLOB_STRING_MAX - strlen(head) -
					       2)) < 0 ? NULL : source;
}

/* What a source says: `FILE sha256:DIGEST PATH`, the beginning of what is too long cut off. */
static char *make_source(const char *path, const struct debar_package *package,
			 const struct debar_package_file *file)
{
	_cleanup_free_ char *base = debar_import_file_name(path);
	char digest[sizeof(" sha256:") + DEBAR_HEX_SIZE] = "", *source;
	const char *inside;
	size_t room;

	if (package->installed)
		return make_installed_source(package, file);
	if (!base)
		return NULL;
	if (package->has_digest)
		debar_hex(stpcpy(digest, " sha256:"), package->digest, sizeof(package->digest));
	room = DEBAR_BLOB_STRING_MAX - strlen(base) - strlen(digest) - 1;
	inside = debar_import_cut_front(file->path, room);
	return asprintf(&source, "%s%s%s%s", base, digest, inside[0] ? " " : "", inside) < 0 ?
	       NULL : source;
}

static int add_indicator(struct import *import, const char *path,
			 const struct debar_package *package,
			 const struct debar_package_file *file, uint32_t kind)
{
	const struct debar_package_digest *digest = &file->digests[kind];
	struct debar_source_indicator it = {
		.kind = kind,
		.size = digest->size,
		.product = debar_import_fitting(debar_package_name(package, file->part)),
		.version = debar_import_fitting(debar_package_version(package, file->part)),
	};

	memcpy(it.digest, digest->bytes, sizeof(it.digest));
	return debar_import_add(import, it, make_source(path, package, file));
}

static bool is_wanted(const struct import *import, const struct debar_package_file *file,
		      uint32_t kind)
{
	if (kind == DEBAR_INDICATOR_KIND_CODE_SHA256 && file->digests[kind].size < CODE_MIN)
		return false;
	return (import->kinds & (1U << kind)) && file->digests[kind].known;
}

/* Adds a file's indicators; how many of the kinds wanted it has, or -ENOMEM. */
static int add_file(struct import *import, const char *path, const struct debar_package *package,
		    const struct debar_package_file *file)
{
	int count = 0;
	uint32_t kind;

	for (kind = 0; kind <= DEBAR_INDICATOR_KIND_MAX; kind++) {
		if (!is_wanted(import, file, kind))
			continue;
		if (add_indicator(import, path, package, file, kind))
			return -ENOMEM;
		count++;
	}
	return count;
}

static int add_package(struct import *import, const char *path, const struct debar_package *package)
{
	size_t i, without = 0;

	if (debar_import_reserve(import, package->file_count * (DEBAR_INDICATOR_KIND_MAX + 1)))
		return -ENOMEM;
	for (i = 0; i < package->file_count; i++) {
		int count = add_file(import, path, package, &package->files[i]);

		if (count < 0)
			return count;
		without += !count;
		if (package->files[i].too_large)
			debar_print_problem(path, "keep sha256 in --kind for it",
					    "warning: too large to be looked into: %s",
					    package->files[i].path);
	}
	if (package->skipped_count)
		debar_print_problem(path, "take out and import by themselves those that matter",
				    "warning: %zu file%s within it look%s like a package and cannot be read, %s%s",
				    package->skipped_count, debar_plural(package->skipped_count),
				    package->skipped_count == 1 ? "s" : "",
				    package->skipped_count == 1 ? "" : "the first: ",
				    package->skipped);
	if (without)
		debar_print_problem(path, "add sha256 to --kind",
				    "warning: %zu file%s without a digest of these kinds",
				    without, debar_plural(without));
	return 0;
}

/* Adds what was read, unless that failed; an exit code. */
static int take_package(struct import *import, const char *path, int err,
			struct debar_error *error)
{
	struct debar_package *package = &import->packages[import->package_count];

	if (!err) {
		import->package_count++;
		err = add_package(import, path, package);
		if (err)
			debar_error_system(error, err, path, "cannot import it");
	}
	if (err) {
		debar_print_error(error);
		return err == -EINVAL || err == -EFBIG ? DEBARCTL_REFUSED : DEBARCTL_FAILED;
	}
	if (!package->file_count)
		debar_print_problem(path, "leave it out",
				    "warning: no ELF file, script or kernel module in it");
	return DEBARCTL_DONE;
}

static int anything_found(const struct import *import)
{
	if (import->indicator_count)
		return DEBARCTL_DONE;
	debar_print_problem(WHERE, "give the package that holds the programs",
			    "nothing to ban was found");
	return DEBARCTL_REFUSED;
}

int debar_import_packages(struct import *import, char **paths, size_t count)
{
	struct debar_error error;
	size_t i;

	for (i = 0; i < count; i++) {
		int err = debar_package_read(paths[i], &debar_package_limits, import->kinds,
					     &import->packages[i], &error);
		int result = take_package(import, paths[i], err, &error);

		if (result != DEBARCTL_DONE)
			return result;
	}
	return anything_found(import);
}

/* Those that are installed; a file of theirs may be a package, too. */
static size_t count_outermost(const struct debar_package *package)
{
	size_t i, sum = 0;

	for (i = 1; i < package->part_count; i++)
		sum += !package->parts[i].parent;
	return sum;
}

int debar_import_installed(struct import *import, char **names, size_t count)
{
	const struct debar_installed wanted = {
		.root = import->root,
		.names = (const char *const *)names,
		.name_count = count,
		.maintainer = import->maintainer,
	};
	struct debar_error error;
	int err = debar_package_read_installed(&wanted, &debar_package_limits, import->kinds,
					       &import->packages[0], &error);
	int result = take_package(import, import->root, err, &error);

	if (result != DEBARCTL_DONE)
		return result;
	import->file_count = count_outermost(&import->packages[0]);
	return anything_found(import);
}
