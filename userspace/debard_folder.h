/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The folder of policies: which files in it are the policy, and when they change.
 */
#ifndef DEBARD_FOLDER_H
#define DEBARD_FOLDER_H

#include <stdbool.h>

#include "error.h"

/**
 * struct debard_files - paths, sorted by name
 * @paths: owned, as is each path
 * @count: of @paths
 */
struct debard_files {
	char **paths;
	size_t count;
};

/**
 * debard_folder_select - find the files that make up the policy
 * @folder: may be missing
 * @files: all zero; the one `*.debar`, or all `*.yaml`; none when the folder is empty or missing
 * @error: on an error, where, what and the remedy
 *
 * Other names, names that begin with a dot and what is no file are passed over.
 * Return: 0, -EINVAL when there are two blobs, or a blob and sources; -ENOMEM, or what reading
 * the folder gives.
 */
int debard_folder_select(const char *folder, struct debard_files *files,
			 struct debar_error *error);

/* debard_files_free - all zero afterwards */
void debard_files_free(struct debard_files *files);

#define _cleanup_files_ _cleanup_(debard_files_free)

/**
 * struct debard_folder - a folder that is watched
 * @path: not owned
 * @fd: of inotify, to be polled for reading
 * @watch: of @path, -1 while the folder is missing
 */
struct debard_folder {
	const char *path;
	int fd;
	int watch;
};

/* debard_folder_open - 0 or -errno; @path must outlive @folder */
int debard_folder_open(struct debard_folder *folder, const char *path);

void debard_folder_close(struct debard_folder *folder);

/**
 * debard_folder_arm - watch the folder unless that is so already
 *
 * Return: true when it is watched only from now on, so what is in it has not been seen.
 */
bool debard_folder_arm(struct debard_folder *folder);

/*
 * debard_folder_read - take what has happened, without waiting; true when the policy may have
 * changed
 */
bool debard_folder_read(struct debard_folder *folder);

#endif /* DEBARD_FOLDER_H */
