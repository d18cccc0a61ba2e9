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

/* Longest part of a source that names the package file, so that the path inside has room. */
#define FILE_NAME_MAX	80

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

static int read_arguments(struct import *import, char **arguments, size_t count)
{
	if (import->installed)
		return debar_import_installed(import, arguments, count);
	return import->format < 0 ? debar_import_packages(import, arguments, count) :
				    debar_import_lists(import, arguments, count);
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
		import->ban.id = debar_import_fitting(debar_package_name(&import->packages[0],
									 import->installed));
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

static int check_arguments(const struct import *import, int count)
{
	if (!count && !(import->installed && import->maintainer)) {
		debar_print_problem(WHERE, NULL, "a package or a list is missing");
		return -EINVAL;
	}
	if (import->format >= 0 && import->kinds != default_kinds) {
		debar_print_problem(WHERE, "leave it out: lists have sha256 only",
				    "--kind goes with packages only");
		return -EINVAL;
	}
	if (import->format >= 0 && import->installed) {
		debar_print_problem(WHERE, "leave one of them out",
				    "--installed and --format exclude each other");
		return -EINVAL;
	}
	if (!import->installed && (import->maintainer || strcmp(import->root, "/"))) {
		debar_print_problem(WHERE, "add --installed",
				    "--maintainer and --root go with --installed only");
		return -EINVAL;
	}
	return 0;
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
		{ "installed", no_argument, NULL, 'i' },
		{ "maintainer", required_argument, NULL, 'm' },
		{ "root", required_argument, NULL, 'r' },
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
		case 'i':
			import->installed = true;
			break;
		case 'm':
			import->maintainer = optarg;
			break;
		case 'r':
			import->root = optarg;
			break;
		case 'o':
			import->output = optarg;
			break;
		default:
			return -EINVAL;
		}
	}
	return check_arguments(import, argc - optind);
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
		.root = "/",
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
	import.packages = calloc(argc - optind + 1, sizeof(*import.packages));
	if (!import.packages) {
		debar_print_problem(WHERE, NULL, "out of memory");
		return DEBARCTL_FAILED;
	}
	debarctl_scan(&scan);
	import.file_count = argc - optind;
	result = read_arguments(&import, argv + optind, import.file_count);
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
		"       debarctl import --installed [OPTION...] NAME...\n"
		"       debarctl import --format FORMAT [OPTION...] LIST...\n"
		"\n"
		"Write a policy source with indicators for every ELF file, script and kernel module in the\n"
		"packages: deb, rpm, tar, cpio, zip, 7z or iso, container images (docker save, OCI), single\n"
		"programs, and folders of these; in packages within packages, too. Or, with --installed, in the\n"
		"packages that dpkg has installed here under these names, which may be patterns. Or, with --format,\n"
		"for every file that lists name by its SHA-256.\n"
		"\n"
		"  --ban ID          id of the ban; default: the name of the first package\n"
		"  --vendor NAME     vendor that is prohibited\n"
		"  --product NAME    product of the vendor; default: none, the ban is about all\n"
		"  --authority TEXT  what prohibits the vendor\n"
		"  --citation TEXT   where that can be read\n"
		"  --name NAME       name of the policy; default: imported\n"
		"  --kind KIND,...   kinds of indicator that each file gets, as far as it has them: sha256,\n"
		"                    code-sha256, fsverity-sha256, build-id; default: sha256\n"
		"  --maintainer GLOB with --installed: only those of this maintainer; names can be left out\n"
		"  --root DIR        with --installed: the machine whose files lie there; default: /\n"
		"  --format FORMAT   what the lists are: sha256sum, csv, misp-csv, stix, santa, fapolicyd\n"
		"  -o, --output FILE write it there, not to standard output\n",
};
