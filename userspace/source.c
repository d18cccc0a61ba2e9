// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads files of policy source into plain structs, merges them into one policy, and writes the
 * reverse.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

#include "names.h"
#include "policy_blob.h"
#include "source.h"
#include "source_yaml.h"

/**
 * struct file - one file of a policy source
 * @path: the caller's
 * @text: its content, kept to find places in it
 * @yaml: its parsed content; owns the strings of the bans
 * @first_ban: index of its first ban in the merged source
 */
struct file {
	const char *path;
	struct debar_buffer text;
	struct debar_yaml_policy *yaml;
	size_t first_ban;
};

/**
 * struct loaded - what debar_source_load() makes
 * @source: what the caller sees; first, so that either can be had from the other
 * @bans: the same as in @source, to be written
 * @files: where it all comes from
 * @file_count: of @files
 * @head: the file that gives name and serial
 */
struct loaded {
	struct debar_source source;
	struct debar_source_ban *bans;
	struct file *files;
	size_t file_count;
	struct file *head;
};

static void place(const struct debar_source *source, const struct debar_source_ref *ref, char *text,
		  size_t size)
{
	const struct loaded *l = (const struct loaded *)source;
	struct debar_source_ref local = *ref;
	size_t i = l->file_count - 1;

	if (ref->ban == DEBAR_SOURCE_NONE) {
		debar_yaml_place(l->head->path, &l->head->text, ref, text, size);
		return;
	}
	while (l->files[i].first_ban > ref->ban)
		i--;
	local.ban -= l->files[i].first_ban;
	debar_yaml_place(l->files[i].path, &l->files[i].text, &local, text, size);
}

/* Says what is wrong with something in a file. */
_printf_(5, 6)
static int refuse(const struct file *file, const struct debar_source_ref *ref,
		  struct debar_error *error, const char *remedy, const char *format, ...)
{
	char where[sizeof(error->where)], what[sizeof(error->what)];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	debar_yaml_place(file->path, &file->text, ref, where, sizeof(where));
	return debar_error_set(error, -EINVAL, where, remedy, "%s", what);
}

/* Decimal digits and nothing else; 0 when it is no number from 1 to @max. */
static uint64_t parse_number(const char *text, uint64_t max)
{
	uint64_t number = 0;

	for (; *text; text++) {
		unsigned int digit = *text - '0';

		if (digit > 9 || number > (max - digit) / 10)
			return 0;
		number = 10 * number + digit;
	}
	return number;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A build id may be shorter than the other digests, and is filled up. */
static int parse_digest(const char *text, enum debar_indicator_kind kind, uint8_t *digest)
{
	size_t length = strlen(text), i;

	if (kind == DEBAR_INDICATOR_KIND_BUILD_ID ?
	    !length || length % 2 || length > 2 * DEBAR_DIGEST_SIZE :
	    length != 2 * DEBAR_DIGEST_SIZE)
		return -EINVAL;
	for (i = 0; i < length / 2; i++) {
		int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return -EINVAL;
		digest[i] = high << 4 | low;
	}
	return 0;
}

/* Finds the one digest that an indicator has. */
static int find_digest(const struct file *file, struct debar_source_ref *ref,
		       const struct debar_yaml_indicator *yaml, enum debar_indicator_kind *kind,
		       const char **text, struct debar_error *error)
{
	const char *const digests[DEBAR_INDICATOR_KIND_MAX + 1] = {
		[DEBAR_INDICATOR_KIND_FILE_SHA256] = yaml->sha256,
		[DEBAR_INDICATOR_KIND_CODE_SHA256] = yaml->code_sha256,
		[DEBAR_INDICATOR_KIND_FSVERITY_SHA256] = yaml->fsverity_sha256,
		[DEBAR_INDICATOR_KIND_BUILD_ID] = yaml->build_id,
	};
	uint32_t i;

	*text = NULL;
	for (i = 0; i < ARRAY_SIZE(digests); i++) {
		if (!digests[i])
			continue;
		ref->key = debar_kind_key(i);
		if (*text)
			return refuse(file, ref, error, "make an indicator of each",
				      "'%s' stands beside '%s'", ref->key, debar_kind_key(*kind));
		*text = digests[i];
		*kind = i;
	}
	return *text ? 0 : refuse(file, ref, error,
		"add one of sha256, code_sha256, fsverity_sha256 and build_id",
		"an indicator without a digest");
}

static int convert_digest(const struct file *file, struct debar_source_ref *ref,
			  const struct debar_yaml_indicator *yaml,
			  struct debar_source_indicator *it, struct debar_error *error)
{
	const char *text;
	int err = find_digest(file, ref, yaml, &it->kind, &text, error);

	if (err || !parse_digest(text, it->kind, it->digest))
		return err;
	if (it->kind == DEBAR_INDICATOR_KIND_BUILD_ID)
		return refuse(file, ref, error, "write it as 2 to 64 hexadecimal digits",
			      "'%s' is no build id", text);
	return refuse(file, ref, error, "write its 64 hexadecimal digits",
		      "'%s' is no SHA-256 digest", text);
}

static int convert_indicator(const struct file *file, size_t ban, size_t i,
			     struct debar_source_indicator *it, struct debar_error *error)
{
	const struct debar_yaml_indicator *yaml = &file->yaml->bans[ban].indicators[i];
	struct debar_source_ref ref = { ban, i, NULL };

	it->product = yaml->product;
	it->version = yaml->version;
	it->source = yaml->source;
	if (convert_digest(file, &ref, yaml, it, error))
		return -EINVAL;
	if (!yaml->size)
		return 0;
	ref.key = "size";
	it->size = parse_number(yaml->size, INT64_MAX);
	if (!it->size)
		return refuse(file, &ref, error,
			      "write a number of bytes in decimal digits, or leave size out",
			      "'%s' is no size", yaml->size);
	return 0;
}

static int convert_operations(const struct file *file, size_t ban, uint32_t *operations,
			      struct debar_error *error)
{
	const struct debar_yaml_ban *yaml = &file->yaml->bans[ban];
	const struct debar_source_ref ref = { ban, DEBAR_SOURCE_NONE, "operations" };
	uint32_t i, bit;

	for (i = 0; i < yaml->operations_count; i++) {
		int operation = debar_operation_parse(yaml->operations[i]);

		if (operation < 0)
			return refuse(file, &ref, error,
				      "choose out of execute, map, protect, load and open",
				      "no such operation: '%s'", yaml->operations[i]);
		bit = DEBAR_BLOB_OPERATION(operation);
		if (*operations & bit)
			return refuse(file, &ref, error, "write it once",
				      "the operation '%s' stands twice", yaml->operations[i]);
		*operations |= bit;
	}
	return 0;
}

static int convert_ban(const struct file *file, size_t i, struct debar_source_ban *ban,
		       struct debar_error *error)
{
	const struct debar_yaml_ban *yaml = &file->yaml->bans[i];
	const struct debar_source_ref ref = { i, DEBAR_SOURCE_NONE, "mode" };
	struct debar_source_indicator *indicators;
	int mode = yaml->mode ? debar_mode_parse(yaml->mode) : DEBAR_MODE_ENFORCE;
	size_t j;

	if (mode < 0)
		return refuse(file, &ref, error, "write monitor or enforce", "no such mode: '%s'",
			      yaml->mode);
	ban->id = yaml->id;
	ban->vendor = yaml->vendor;
	ban->product = yaml->product;
	ban->authority = yaml->authority;
	ban->citation = yaml->citation;
	ban->mode = mode;
	if (convert_operations(file, i, &ban->operations, error))
		return -EINVAL;
	indicators = calloc(yaml->indicators_count + 1, sizeof(*indicators));
	if (!indicators)
		return debar_error_system(error, -ENOMEM, file->path, "cannot load it");
	ban->indicators = indicators;
	ban->indicator_count = yaml->indicators_count;
	for (j = 0; j < ban->indicator_count; j++)
		if (convert_indicator(file, i, j, &indicators[j], error))
			return -EINVAL;
	return 0;
}

static int compare_ids(const void *left, const void *right, void *data)
{
	const struct debar_yaml_ban *bans = data;
	size_t a = *(const size_t *)left, b = *(const size_t *)right;
	int order = strcmp(bans[a].id, bans[b].id);

	return order ? order : (a > b) - (a < b);
}

/* Within one file a repeated id is a slip; in several files it means parts of one ban. */
static int check_ids(const struct file *file, struct debar_error *error)
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
		struct debar_source_ref ref = { order[i - 1], DEBAR_SOURCE_NONE, "id" };
		char first[256];

		if (strcmp(bans[order[i - 1]].id, bans[order[i]].id))
			continue;
		debar_yaml_place(file->path, &file->text, &ref, first, sizeof(first));
		ref.ban = order[i];
		return refuse(file, &ref, error,
			      "give each ban its own id, or make one ban of the two",
			      "ban id '%s' is the same as at %s", bans[order[i]].id, first);
	}
	return 0;
}

/* Takes over name and serial from a file that gives them. */
static int take_head(struct loaded *l, struct file *file, struct debar_error *error)
{
	const struct debar_yaml_policy *yaml = file->yaml, *head;
	struct debar_source_ref ref = { DEBAR_SOURCE_NONE, DEBAR_SOURCE_NONE, "name" };
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
		return refuse(file, &ref, error,
			      "give the same in every file, or leave name and serial out of all but one",
			      "policy '%s', serial %s, is '%s', serial %s, in %s", yaml->name,
			      yaml->serial, head->name, head->serial, l->head->path);
	}
	serial = parse_number(yaml->serial, INT64_MAX);
	ref.key = "serial";
	if (!serial)
		return refuse(file, &ref, error, "begin with 1 and count up with every change",
			      "'%s' is no serial", yaml->serial);
	l->head = file;
	l->source.name = yaml->name;
	l->source.serial = serial;
	return 0;
}

static int add_bans(struct loaded *l, struct file *file, struct debar_error *error)
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
		err = convert_ban(file, i, ban, error);
	}
	return err;
}

static int load_file(struct loaded *l, struct file *file, struct debar_error *error)
{
	struct stat st;
	int err = debar_file_read(file->path, DEBAR_SOURCE_MAX, &file->text);

	if (err == -EFBIG)
		return debar_error_set(error, err, file->path, "split it into several files",
				       "larger than %lu MiB", DEBAR_SOURCE_MAX >> 20);
	if (err)
		return debar_error_system(error, err, file->path, "cannot read it");
	if (!stat(file->path, &st) && (uint64_t)st.st_mtime > l->source.issued)
		l->source.issued = st.st_mtime;
	err = debar_yaml_load(file->path, &file->text, &file->yaml, error);
	if (!err)
		err = take_head(l, file, error);
	if (!err)
		err = check_ids(file, error);
	if (!err)
		err = add_bans(l, file, error);
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
		struct file *file = &l->files[l->file_count];

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
	for (i = 0; i < l->file_count; i++) {
		debar_yaml_free(l->files[i].yaml);
		debar_buffer_free(&l->files[i].text);
	}
	free(l->files);
	free(l);
}
