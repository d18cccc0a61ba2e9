// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads files of policy source and merges them into one policy.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "source_convert.h"

/**
 * struct loaded - what debar_source_load() makes
 * @source: what the caller sees; first, so that either can be had from the other
 * @bans: the same as in @source, to be written
 * @waivers: likewise
 * @files: where it all comes from
 * @file_count: of @files
 * @head: the file that gives name and serial
 */
struct loaded {
	struct debar_source source;
	struct debar_source_ban *bans;
	struct debar_source_waiver *waivers;
	struct debar_source_file *files;
	size_t file_count;
	struct debar_source_file *head;
};

static size_t first_of(const struct debar_source_file *file, const struct debar_source_ref *ref)
{
	return ref->is_waiver ? file->first_waiver : file->first_ban;
}

static void place(const struct debar_source *source, const struct debar_source_ref *ref, char *text,
		  size_t size)
{
	const struct loaded *l = (const struct loaded *)source;
	struct debar_source_ref local = *ref;
	size_t i = l->file_count - 1;

	if (ref->ban == DEBAR_SOURCE_NONE) {
		debar_source_place(l->head, ref, text, size);
		return;
	}
	while (first_of(&l->files[i], ref) > ref->ban)
		i--;
	local.ban -= first_of(&l->files[i], ref);
	debar_source_place(&l->files[i], &local, text, size);
}

static int compare_ids(const void *left, const void *right, void *data)
{
	const struct debar_yaml_ban *bans = data;
	size_t a = *(const size_t *)left, b = *(const size_t *)right;
	int order = strcmp(bans[a].id, bans[b].id);

	return order ? order : (a > b) - (a < b);
}

/* Within one file a repeated id is a slip; in several files it means parts of one ban. */
static int check_ids(const struct debar_source_file *file, struct debar_error *error)
{
	struct debar_yaml_ban *bans = file->yaml->bans;
	size_t count = file->yaml->bans_count, i;
	_cleanup_free_ size_t *order = calloc(count + 1, sizeof(*order));

	if (!order)
		return debar_error_system(error, -ENOMEM, file->path, "cannot load it");
	for (i = 0; i < count; i++)
		order[i] = i;
	qsort_r(order, count, sizeof(*order), compare_ids, bans);
	for (i = 1; i < count; i++) {
		struct debar_source_ref ref = { order[i - 1], DEBAR_SOURCE_NONE, "id", false };
		char first[256];

		if (strcmp(bans[order[i - 1]].id, bans[order[i]].id))
			continue;
		debar_source_place(file, &ref, first, sizeof(first));
		ref.ban = order[i];
		return debar_source_refuse(file, &ref, error,
			"give each ban its own id, or make one ban of the two",
			"ban id '%s' is the same as at %s", bans[order[i]].id, first);
	}
	return 0;
}

/* Takes over name and serial from a file that gives them. */
static int take_head(struct loaded *l, struct debar_source_file *file, struct debar_error *error)
{
	const struct debar_yaml_policy *yaml = file->yaml, *head;
	struct debar_source_ref ref = DEBAR_SOURCE_REF_NONE;
	uint64_t serial;

	if (!yaml->name && !yaml->serial)
		return 0;
	if (!yaml->name || !yaml->serial)
		return debar_error_set(error, -EINVAL, file->path, "give both, or neither",
				       "'%s' without '%s'", yaml->name ? "name" : "serial",
				       yaml->name ? "serial" : "name");
	if (l->head) {
		head = l->head->yaml;
		if (!strcmp(yaml->name, head->name) && !strcmp(yaml->serial, head->serial))
			return 0;
		if (!strcmp(yaml->name, head->name))
			ref.key = "serial";
		return debar_source_refuse(file, &ref, error,
			"give the same in every file, or leave name and serial out of all but one",
			"policy '%s', serial %s, is '%s', serial %s, in %s", yaml->name,
			yaml->serial, head->name, head->serial, l->head->path);
	}
	serial = debar_source_number(yaml->serial, INT64_MAX);
	ref.key = "serial";
	if (!serial)
		return debar_source_refuse(file, &ref, error,
					   "begin with 1 and count up with every change",
					   "'%s' is no serial", yaml->serial);
	l->head = file;
	l->source.name = yaml->name;
	l->source.serial = serial;
	return 0;
}

static int add_bans(struct loaded *l, struct debar_source_file *file, struct debar_error *error)
{
	size_t count = file->yaml->bans_count, i;
	struct debar_source_ban *bans;
	int err = 0;

	bans = reallocarray(l->bans, l->source.ban_count + count + 1, sizeof(*bans));
	if (!bans)
		return debar_error_system(error, -ENOMEM, file->path, "cannot load it");
	l->bans = bans;
	l->source.bans = bans;
	file->first_ban = l->source.ban_count;
	for (i = 0; i < count && !err; i++) {
		struct debar_source_ban *ban = &bans[l->source.ban_count++];

		memset(ban, 0, sizeof(*ban));
		err = debar_source_convert_ban(file, i, ban, error);
	}
	return err;
}

static int add_waivers(struct loaded *l, struct debar_source_file *file, struct debar_error *error)
{
	size_t count = file->yaml->waivers_count, i;
	struct debar_source_waiver *waivers;
	int err = 0;

	waivers = reallocarray(l->waivers, l->source.waiver_count + count + 1, sizeof(*waivers));
	if (!waivers)
		return debar_error_system(error, -ENOMEM, file->path, "cannot load it");
	l->waivers = waivers;
	l->source.waivers = waivers;
	file->first_waiver = l->source.waiver_count;
	for (i = 0; i < count && !err; i++)
		err = debar_source_convert_waiver(file, i, &waivers[l->source.waiver_count++],
						  error);
	return err;
}

static int load_file(struct loaded *l, struct debar_source_file *file, struct debar_error *error)
{
	struct stat st;
	int err = debar_file_read(file->path, DEBAR_SOURCE_MAX, &file->text);

	if (err == -EFBIG)
		return debar_error_set(error, err, file->path, "split it into several files",
				       "larger than %lu MiB", DEBAR_SOURCE_MAX >> 20);
	if (err)
		return debar_error_system(error, err, file->path, "cannot read it");
	if (stat(file->path, &st))
		st = (struct stat){};
	if ((uint64_t)st.st_mtime > l->source.issued)
		l->source.issued = st.st_mtime;
	err = debar_yaml_load(file->path, &file->text, &file->memory, &file->yaml, error);
	if (S_ISREG(st.st_mode))
		debar_buffer_free(&file->text);
	if (!err)
		err = take_head(l, file, error);
	if (!err)
		err = check_ids(file, error);
	if (!err)
		err = add_bans(l, file, error);
	if (!err)
		err = add_waivers(l, file, error);
	return err;
}

int debar_source_load(const char *const *paths, size_t count, struct debar_source **source,
		      struct debar_error *error)
{
	struct loaded *l = calloc(1, sizeof(*l));
	int err = 0;

	*source = NULL;
	if (l)
		l->files = calloc(count, sizeof(*l->files));
	if (!l || !l->files) {
		free(l);
		return debar_error_system(error, -ENOMEM, paths[0], "cannot load it");
	}
	l->source.place = place;
	while (!err && l->file_count < count) {
		struct debar_source_file *file = &l->files[l->file_count];

		file->path = paths[l->file_count++];
		err = load_file(l, file, error);
	}
	if (!err && !l->head)
		err = debar_error_set(error, -EINVAL, paths[0], "add them to one of the files",
				      "neither 'name' nor 'serial' is given");
	if (err)
		debar_source_free(&l->source);
	else
		*source = &l->source;
	return err;
}

void debar_source_free(struct debar_source *source)
{
	struct loaded *l = (struct loaded *)source;
	size_t i;

	if (!source)
		return;
	for (i = 0; i < source->ban_count; i++)
		free((void *)l->bans[i].indicators);
	free(l->bans);
	free(l->waivers);
	for (i = 0; i < l->file_count; i++) {
		debar_pool_free(&l->files[i].memory);
		debar_buffer_free(&l->files[i].text);
	}
	free(l->files);
	free(l);
}
