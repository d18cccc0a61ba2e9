// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads a folder as if it were a package: every regular file below it. */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <string.h>
#include <sys/stat.h>

#include "package_reader.h"

DEBAR_DEFINE_CLEANUP(FTS *, fts_close);
#define _cleanup_fts_ _cleanup_(debar_cleanup_fts_close)

static int failed(struct debar_package_reader *reader, const FTSENT *entry, int code)
{
	return debar_error_system(reader->error, code, entry->fts_path, "cannot read it");
}

static int compare(const FTSENT **left, const FTSENT **right)
{
	return strcmp((*left)->fts_name, (*right)->fts_name);
}

static int take(struct debar_package_reader *reader, const FTSENT *entry)
{
	const char *path = entry->fts_path + strlen(reader->path);
	_cleanup_close_ int fd = open(entry->fts_accpath,
				      O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return failed(reader, entry, -errno);
	if (!S_ISREG(st.st_mode) || !st.st_size)
		return 0;
	path += strspn(path, "/");
	reader->input += st.st_size;
	return debar_package_take_fd(reader, fd, debar_escape(path, strlen(path)));
}

int debar_package_read_folder(struct debar_package_reader *reader)
{
	char *const paths[] = { (char *)reader->path, NULL };
	_cleanup_fts_ FTS *fts = fts_open(paths, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR,
					  compare);
	FTSENT *entry;
	int err = 0;

	if (!fts)
		return debar_package_no_memory(reader);
	while (!err && (errno = 0, entry = fts_read(fts))) {
		switch (entry->fts_info) {
		case FTS_DP:
			break;
		case FTS_DNR:
		case FTS_ERR:
		case FTS_NS:
			err = failed(reader, entry, -entry->fts_errno);
			break;
		default:
			err = debar_package_count_entry(reader);
			if (!err && entry->fts_info == FTS_F)
				err = take(reader, entry);
		}
	}
	if (!err && errno)
		err = debar_error_system(reader->error, -errno, reader->path, "cannot read it");
	return err;
}
