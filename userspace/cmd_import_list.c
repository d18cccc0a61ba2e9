// SPDX-License-Identifier: GPL-2.0-or-later
/* debarctl import --format: make indicators of the files that lists of digests name. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd_import.h"
#include "list.h"
#include "output.h"
#include "policy_blob.h"

/* What a source says: `LIST sha256:DIGEST line NUMBER NOTE`, a long note without its beginning. */
static char *make_source(const char *name, const struct debar_list *list,
			 const struct debar_list_entry *entry)
{
	char digest[DEBAR_HEX_SIZE], *begin, *source = NULL;
	const char *note = entry->note ?: "";
	int length;

	debar_hex(digest, list->digest, sizeof(list->digest));
	length = asprintf(&begin, "%s sha256:%s line %zu", name, digest, entry->line);
	if (length < 0)
		return NULL;
	note = debar_import_cut_front(note, DEBAR_BLOB_STRING_MAX - length - 1);
	if (asprintf(&source, "%s%s%s", begin, note[0] ? " " : "", note) < 0)
		source = NULL;
	free(begin);
	return source;
}

static int add_list(struct import *import, const char *path, const struct debar_list *list)
{
	_cleanup_free_ char *name = debar_import_file_name(path);
	size_t i;

	if (!name || debar_import_reserve(import, list->count))
		return -ENOMEM;
	for (i = 0; i < list->count; i++) {
		const struct debar_list_entry *entry = &list->entries[i];
		struct debar_source_indicator it = {
			.kind = DEBAR_INDICATOR_KIND_FILE_SHA256,
			.size = entry->size,
			.product = debar_import_fitting(entry->product),
			.version = debar_import_fitting(entry->version),
		};

		memcpy(it.digest, entry->digest, sizeof(it.digest));
		if (debar_import_add(import, it, make_source(name, list, entry)))
			return -ENOMEM;
	}
	return 0;
}

static void warn(const char *path, const struct debar_list *list)
{
	size_t i, without = 0;

	for (i = 0; i < list->count; i++)
		without += !list->entries[i].size;
	if (list->skipped_count)
		debar_print_problem(path, "see that none of them matters",
				    "warning: %zu entr%s left out, the first at line %s",
				    list->skipped_count,
				    list->skipped_count == 1 ? "y is" : "ies are", list->skipped);
	if (without)
		debar_print_problem(path, "add the sizes where they are known",
				    "warning: %zu entr%s no size, for which every file will be read once",
				    without, without == 1 ? "y has" : "ies have");
}

int debar_import_lists(struct import *import, char **paths, size_t count)
{
	struct debar_error error;
	size_t i;

	import->lists = calloc(count, sizeof(*import->lists));
	if (!import->lists) {
		debar_print_problem("import", "free memory and try again", "out of memory");
		return DEBARCTL_FAILED;
	}
	for (i = 0; i < count; i++) {
		struct debar_list *list = &import->lists[i];
		int err = debar_list_read(paths[i], import->format, list, &error);

		if (!err) {
			import->list_count++;
			err = add_list(import, paths[i], list);
			if (err)
				debar_error_system(&error, err, paths[i], "cannot import it");
		}
		if (err) {
			debar_print_error(&error);
			return err == -EINVAL || err == -EFBIG ? DEBARCTL_REFUSED : DEBARCTL_FAILED;
		}
		warn(paths[i], list);
	}
	if (import->indicator_count)
		return DEBARCTL_DONE;
	debar_print_problem("import", "give a list that names files by their SHA-256",
			    "nothing to ban was found");
	return DEBARCTL_REFUSED;
}

void debar_import_free_lists(struct import *import)
{
	size_t i;

	for (i = 0; i < import->list_count; i++)
		debar_list_free(&import->lists[i]);
	free(import->lists);
}
