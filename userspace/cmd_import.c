// SPDX-License-Identifier: GPL-2.0-or-later
/* debarctl import: make a policy source of software packages. */
#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "client.h"
#include "cmd_import.h"
#include "compile.h"
#include "names.h"
#include "output.h"
#include "policy_blob.h"

#define WHERE	"import"

/* Longest part of a source that names the package file, so that the path inside has room. */
#define FILE_NAME_MAX	80

/*
 * Less code than this, in bytes, is no mark of a program: libraries without functions of their own
 * and mere launchers of something else are alike whoever made them.
 */
#define CODE_MIN	2048

/* What each file of a package gets unless other kinds are named. */
static const uint32_t default_kinds = 1U << DEBAR_INDICATOR_KIND_FILE_SHA256;

/* Whole characters only. */
const char *debar_import_cut_front(const char *text, size_t keep)
{
	size_t length = strlen(text);

	if (length <= keep)
		return text;
	text += length - keep;
	while ((*text & 0xc0) == 0x80)
		text++;
	return text;
}

char *debar_import_file_name(const char *path)
{
	_cleanup_free_ char *whole = strdup(path), *name = NULL;
	size_t end = strlen(path);

	while (whole && end > 1 && whole[end - 1] == '/')
		whole[--end] = 0;
	if (whole)
		name = debar_escape(basename(whole), strlen(basename(whole)));
	return name ? strdup(debar_import_cut_front(name, FILE_NAME_MAX)) : NULL;
}

/* What a source says: `FILE sha256:DIGEST PATH`, the beginning of what is too long cut off. */
static char *make_source(const char *path, const struct debar_package *package,
			 const struct debar_package_file *file)
{
	_cleanup_free_ char *base = debar_import_file_name(path);
	char digest[sizeof(" sha256:") + DEBAR_HEX_SIZE] = "", *source;
	const char *inside;
	size_t room;

	if (!base)
		return NULL;
	if (package->has_digest)
		debar_hex(stpcpy(digest, " sha256:"), package->digest, sizeof(package->digest));
	room = DEBAR_BLOB_STRING_MAX - strlen(base) - strlen(digest) - 1;
	inside = debar_import_cut_front(file->path, room);
	return asprintf(&source, "%s%s%s%s", base, digest, inside[0] ? " " : "", inside) < 0 ?
	       NULL : source;
}

const char *debar_import_fitting(const char *text)
{
	return text && text[0] && strlen(text) <= DEBAR_BLOB_STRING_MAX ? text : NULL;
}

int debar_import_reserve(struct import *import, size_t more)
{
	struct debar_source_indicator *grown =
		reallocarray(import->indicators, import->indicator_count + more + 1,
			     sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	import->indicators = grown;
	return 0;
}

int debar_import_add(struct import *import, struct debar_source_indicator it, char *source)
{
	uint8_t key[1 + DEBAR_DIGEST_SIZE] = { it.kind };
	size_t before = import->seen.count;
	uint32_t offset;
	int err = source ? 0 : -ENOMEM;

	memcpy(key + 1, it.digest, DEBAR_DIGEST_SIZE);
	if (!err)
		err = debar_intern_add(&import->seen, key, sizeof(key), &offset);
	if (err || import->seen.count == before) {
		free(source);
		return err ? -ENOMEM : 0;
	}
	it.source = source;
	import->indicators[import->indicator_count++] = it;
	return 0;
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

static int read_packages(struct import *import, char **paths, size_t count)
{
	struct debar_error error;
	size_t i;

	for (i = 0; i < count; i++) {
		struct debar_package *package = &import->packages[i];
		int err = debar_package_read(paths[i], &debar_package_limits, import->kinds,
					     package, &error);

		if (!err) {
			import->package_count++;
			err = add_package(import, paths[i], package);
			if (err)
				debar_error_system(&error, err, paths[i], "cannot import it");
		}
		if (err) {
			debar_print_error(&error);
			return err == -EINVAL || err == -EFBIG ? DEBARCTL_REFUSED : DEBARCTL_FAILED;
		}
		if (!package->file_count)
			debar_print_problem(paths[i], "leave it out",
					    "warning: no ELF file, script or kernel module in it");
	}
	if (import->indicator_count)
		return DEBARCTL_DONE;
	debar_print_problem(WHERE, "give the package that holds the programs",
			    "nothing to ban was found");
	return DEBARCTL_REFUSED;
}

/* A ban needs an id: when none is given, it is named after the first package. */
static int write_source(struct import *import)
{
	static const char header[] =
		"# Policy source for debar, written by debarctl import; see debar-policy(5).\n";
	_cleanup_buffer_ struct debar_buffer text = {};
	struct debar_error error;
	int err;

	if (!import->ban.id && import->package_count)
		import->ban.id = debar_import_fitting(debar_package_name(&import->packages[0], 0));
	if (!import->ban.id)
		import->ban.id = "imported";
	import->ban.indicators = import->indicators;
	import->ban.indicator_count = import->indicator_count;
	import->source.bans = &import->ban;
	import->source.ban_count = 1;
	err = debar_buffer_add(&text, header, strlen(header));
	if (!err)
		err = debar_source_write(&import->source, &text, &error);
	else
		debar_error_system(&error, err, WHERE, "cannot write the source");
	if (!err && import->output) {
		err = debar_file_write(import->output, text.data, text.length);
		if (err)
			debar_error_system(&error, err, import->output, "cannot write it");
	}
	if (err) {
		debar_print_error(&error);
		return err == -EINVAL ? DEBARCTL_REFUSED : DEBARCTL_FAILED;
	}
	if (import->output)
		printf("imported %zu indicator%s from %zu %s%s: %s\n",
		       import->indicator_count, debar_plural(import->indicator_count),
		       import->file_count, import->format < 0 ? "package" : "list",
		       debar_plural(import->file_count), import->output);
	else
		fwrite(text.data, 1, text.length, stdout);
	return DEBARCTL_DONE;
}

/* Reads a list of kinds, separated by commas. */
static int parse_kinds(const char *list, uint32_t *kinds)
{
	_cleanup_free_ char *copy = strdup(list);
	char *rest = copy, *word;

	*kinds = 0;
	while ((word = strsep(&rest, ","))) {
		int kind = debar_kind_parse(word);

		if (kind < 0) {
			debar_print_problem(WHERE,
					    "give sha256, code-sha256, fsverity-sha256 or build-id",
					    "no such kind of indicator: '%s'", word);
			return -EINVAL;
		}
		*kinds |= 1U << kind;
	}
	return *kinds ? 0 : -ENOMEM;
}

static int parse(struct import *import, int argc, char **argv)
{
	static const struct option options[] = {
		{ "ban", required_argument, NULL, 'b' },
		{ "vendor", required_argument, NULL, 'v' },
		{ "product", required_argument, NULL, 'p' },
		{ "authority", required_argument, NULL, 'a' },
		{ "citation", required_argument, NULL, 'c' },
		{ "name", required_argument, NULL, 'n' },
		{ "kind", required_argument, NULL, 'k' },
		{ "format", required_argument, NULL, 'f' },
		{ "output", required_argument, NULL, 'o' },
		{}
	};
	int option;

	while ((option = debarctl_option(WHERE, argc, argv, "o:", options)) != -1) {
		switch (option) {
		case 'b':
			import->ban.id = optarg;
			break;
		case 'v':
			import->ban.vendor = optarg;
			break;
		case 'p':
			import->ban.product = optarg;
			break;
		case 'a':
			import->ban.authority = optarg;
			break;
		case 'c':
			import->ban.citation = optarg;
			break;
		case 'n':
			import->source.name = optarg;
			break;
		case 'k':
			if (parse_kinds(optarg, &import->kinds))
				return -EINVAL;
			break;
		case 'f':
			import->format = debar_list_format_parse(optarg);
			if (import->format < 0) {
				debar_print_problem(WHERE,
						    "give sha256sum, csv, misp-csv, stix, santa or fapolicyd",
						    "no such format of lists: '%s'", optarg);
				return -EINVAL;
			}
			break;
		case 'o':
			import->output = optarg;
			break;
		default:
			return -EINVAL;
		}
	}
	if (optind == argc) {
		debar_print_problem(WHERE, NULL, "a package or a list is missing");
		return -EINVAL;
	}
	if (import->format >= 0 && import->kinds != default_kinds) {
		debar_print_problem(WHERE, "leave it out: lists have sha256 only",
				    "--kind goes with packages only");
		return -EINVAL;
	}
	return 0;
}

/* What is wrong with an option shows here, not when the policy is built. */
static int check_options(struct import *import)
{
	_cleanup_buffer_ struct debar_buffer blob = {};
	struct debar_source_ban ban = import->ban;
	struct debar_source source = import->source;
	struct debar_error error;

	if (!ban.id)
		ban.id = "imported";
	source.bans = &ban;
	source.ban_count = 1;
	if (!debar_compile(&source, &blob, &error))
		return 0;
	debar_print_problem(WHERE, error.remedy, "%s", error.what);
	return -EINVAL;
}

static int run(int argc, char **argv)
{
	struct import import = {
		.format = -1,
		.source = { .name = "imported", .serial = 1 },
		.kinds = default_kinds,
		.ban = {
			.vendor = "unspecified",
			.authority = "policy of this organisation",
			.mode = DEBAR_MODE_ENFORCE,
		},
	};
	_cleanup_client_ struct debar_client *scan = NULL;
	int result;
	size_t i;

	if (parse(&import, argc, argv) || check_options(&import))
		return debarctl_usage("debarctl import");
	import.packages = calloc(argc - optind, sizeof(*import.packages));
	if (!import.packages) {
		debar_print_problem(WHERE, NULL, "out of memory");
		return DEBARCTL_FAILED;
	}
	debarctl_scan(&scan);
	import.file_count = argc - optind;
	result = import.format < 0 ? read_packages(&import, argv + optind, import.file_count) :
				     debar_import_lists(&import, argv + optind, import.file_count);
	if (result == DEBARCTL_DONE)
		result = write_source(&import);
	for (i = 0; i < import.indicator_count; i++)
		free((void *)import.indicators[i].source);
	for (i = 0; i < import.package_count; i++)
		debar_package_free(&import.packages[i]);
	debar_import_free_lists(&import);
	free(import.indicators);
	free(import.packages);
	debar_intern_free(&import.seen);
	return result;
}

const struct debarctl_cmd debarctl_cmd_import = {
	.name = "import",
	.run = run,
	.summary = "make a policy source of software packages, or of lists",
	.help = "usage: debarctl import [OPTION...] PACKAGE...\n"
		"       debarctl import --format FORMAT [OPTION...] LIST...\n"
		"\n"
		"Write a policy source with indicators for every ELF file, script and kernel module in the\n"
		"packages: deb, rpm, tar, cpio, zip, 7z or iso, container images (docker save, OCI), single\n"
		"programs, and folders of these; in packages within packages, too. Or, with --format, for every\n"
		"file that lists name by its SHA-256.\n"
		"\n"
		"  --ban ID          id of the ban; default: the name of the first package\n"
		"  --vendor NAME     vendor that is prohibited\n"
		"  --product NAME    product of the vendor; default: none, the ban is about all\n"
		"  --authority TEXT  what prohibits the vendor\n"
		"  --citation TEXT   where that can be read\n"
		"  --name NAME       name of the policy; default: imported\n"
		"  --kind KIND,...   kinds of indicator that each file gets, as far as it has them: sha256,\n"
		"                    code-sha256, fsverity-sha256, build-id; default: sha256\n"
		"  --format FORMAT   what the lists are: sha256sum, csv, misp-csv, stix, santa, fapolicyd\n"
		"  -o, --output FILE write it there, not to standard output\n",
};
