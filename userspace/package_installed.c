// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads what dpkg has installed as if it were one package, with a part for each package: the
 * database is dpkg's own files, as in dpkg(1), "FILES".
 */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "package_reader.h"

/* A full desktop's has 5 MB. */
#define DATABASE_MAX	(256 * 1024 * 1024)

#define INFO	"var/lib/dpkg/info"

static int open_in(int root, const char *path, uint64_t flags)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags,
		.resolve = RESOLVE_IN_ROOT,
	};

	return syscall(SYS_openat2, root, path, &how, sizeof(how));
}

static int failed(struct debar_package_reader *reader, int code, const char *path)
{
	_cleanup_free_ char *whole = NULL;

	if (asprintf(&whole, "%s/%s", strcmp(reader->path, "/") ? reader->path : "", path) < 0)
		return debar_package_no_memory(reader);
	return debar_error_system(reader->error, code, whole, "cannot read it");
}

/* The stanzas end at an empty line; this one is a string of its own afterwards. */
static char *next_stanza(char **rest)
{
	char *stanza = *rest + strspn(*rest, "\n"), *end;

	if (!*stanza)
		return NULL;
	end = strstr(stanza, "\n\n");
	if (end)
		*end++ = 0;
	*rest = end ? end : stanza + strlen(stanza);
	return stanza;
}

static bool is_named(const struct debar_installed *wanted, const char *name)
{
	size_t i;

	for (i = 0; i < wanted->name_count; i++)
		if (!fnmatch(wanted->names[i], name, 0))
			return true;
	return !wanted->name_count;
}

/* Its files may be there: it is installed, or half so. */
static bool has_files(const char *stanza)
{
	_cleanup_free_ char *status = debar_package_field(stanza, "Status");
	const char *state = status ? strrchr(status, ' ') : NULL;

	return state && strcmp(state, " not-installed") && strcmp(state, " config-files");
}

static bool is_wanted(const struct debar_installed *wanted, const char *stanza, const char *name)
{
	_cleanup_free_ char *maintainer = NULL;

	if (!name || !is_named(wanted, name) || !has_files(stanza))
		return false;
	if (!wanted->maintainer)
		return true;
	maintainer = debar_package_field(stanza, "Maintainer");
	return maintainer && !fnmatch(wanted->maintainer, maintainer, FNM_CASEFOLD);
}

/* What dpkg did not unpack, or somebody removed, is not there to be banned. */
static int take(struct debar_package_reader *reader, int root, const char *path)
{
	_cleanup_close_ int fd = open_in(root, path, O_NOFOLLOW);
	struct stat st;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == ENXIO))
		return 0;
	if (fd < 0 || fstat(fd, &st))
		return failed(reader, -errno, path);
	if (!S_ISREG(st.st_mode) || !st.st_size)
		return 0;
	reader->input += st.st_size;
	return debar_package_count_entry(reader) ?:
	       debar_package_take_fd(reader, fd, debar_escape(path, strlen(path)));
}

/* With the architecture in its name where several can be installed side by side. */
static int open_list(int root, const char *name, const char *architecture)
{
	_cleanup_free_ char *path = NULL, *with = NULL;
	int fd;

	if (asprintf(&path, INFO "/%s.list", name) < 0 ||
	    asprintf(&with, INFO "/%s:%s.list", name, architecture ? architecture : "") < 0)
		return -1;
	fd = open_in(root, path, 0);
	return fd < 0 && errno == ENOENT ? open_in(root, with, 0) : fd;
}

static int read_all(struct debar_package_reader *reader, int fd, const char *path,
		    struct debar_buffer *text)
{
	char name[32];
	int err;

	if (fd < 0)
		return failed(reader, -errno, path);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	err = debar_file_read(name, DATABASE_MAX, text);
	return err ? failed(reader, err, path) : 0;
}

static int take_listed(struct debar_package_reader *reader, int root, char *list)
{
	char *line;
	int err = 0;

	while (!err && (line = strsep(&list, "\n"))) {
		line += strspn(line, "/");
		if (*line && strcmp(line, "."))
			err = take(reader, root, line);
	}
	return err;
}

/* Takes over the name. */
static int take_package(struct debar_package_reader *reader, int root, const char *stanza,
			char *name)
{
	_cleanup_free_ char *architecture = debar_package_field(stanza, "Architecture");
	_cleanup_close_ int fd = open_list(root, name, architecture);
	_cleanup_buffer_ struct debar_buffer list = {};
	_cleanup_free_ char *path = NULL;
	struct debar_package_part *part;
	int err;

	reader->part = 0;
	if (asprintf(&path, INFO "/%s.list", name) < 0 || debar_package_part(reader)) {
		free(name);
		return debar_package_no_memory(reader);
	}
	part = &reader->package->parts[reader->part];
	part->name = name;
	part->version = debar_package_field(stanza, "Version");
	err = read_all(reader, fd, path, &list);
	return err ? err : take_listed(reader, root, list.data);
}

/**
 * read_installed - see debar_package_read_installed()
 * @reader: its path is the root
 * @data: struct debar_installed
 */
static int read_installed(struct debar_package_reader *reader, const void *data)
{
	static const char path[] = "var/lib/dpkg/status";
	_cleanup_close_ int root = open(reader->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	_cleanup_close_ int fd = -1;
	_cleanup_buffer_ struct debar_buffer status = {};
	char *rest, *stanza;
	int err;

	if (root < 0)
		return debar_error_system(reader->error, -errno, reader->path, "cannot open it");
	fd = open_in(root, path, 0);
	err = read_all(reader, fd, path, &status) ?: debar_package_part(reader);
	reader->package->installed = true;
	rest = status.data;
	while (!err && (stanza = next_stanza(&rest))) {
		char *name = debar_package_field(stanza, "Package");

		if (is_wanted(data, stanza, name))
			err = take_package(reader, root, stanza, name);
		else
			free(name);
	}
	if (!err && reader->package->part_count == 1)
		err = debar_error_set(reader->error, -EINVAL, reader->path,
				      "see dpkg-query -W for those that are",
				      "no package that is installed is meant");
	return err;
}

int debar_package_read_installed(const struct debar_installed *wanted,
				 const struct debar_package_limits *limits, uint32_t kinds,
				 struct debar_package *package, struct debar_error *error)
{
	return debar_package_run(wanted->root, limits, kinds, package, error, read_installed,
				 wanted);
}
