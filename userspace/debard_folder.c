// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Selects the files that make up the policy, and watches their folder by inotify.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include "debard_folder.h"
#include "sign.h"

#define BLOB_ENDING	".debar"
#define SOURCE_ENDING	".yaml"

/*
 * A file that is still being written says IN_CLOSE_WRITE at its end; IN_CREATE is for links,
 * which are complete at once.
 */
#define WHAT_CHANGES (IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | \
		      IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

static bool ends_in(const char *name, const char *ending)
{
	size_t length = strlen(name), end = strlen(ending);

	return length > end && !strcmp(name + length - end, ending);
}

static bool is_policy_name(const char *name)
{
	return name[0] != '.' && (ends_in(name, BLOB_ENDING) || ends_in(name, SOURCE_ENDING));
}

static int is_policy(const struct dirent *entry)
{
	return is_policy_name(entry->d_name);
}

static int by_name(const struct dirent **left, const struct dirent **right)
{
	return strcmp((*left)->d_name, (*right)->d_name);
}

/* Return: 0, also for what is no file or is gone meanwhile; or -ENOMEM. */
static int add_file(struct debard_files *files, const char *folder, const char *name)
{
	struct stat st;
	char *path;

	if (asprintf(&path, "%s/%s", folder, name) < 0)
		return -ENOMEM;
	/* A link that leads nowhere is kept: opening it will tell. */
	if (!stat(path, &st) && !S_ISREG(st.st_mode)) {
		free(path);
		return 0;
	}
	files->paths[files->count++] = path;
	return 0;
}

static int add_files(struct debard_files *files, const char *folder, struct dirent **entries,
		     size_t number)
{
	int error = 0;

	files->paths = calloc(number + 1, sizeof(*files->paths));
	if (!files->paths)
		error = -ENOMEM;
	for (size_t i = 0; i < number; i++) {
		if (!error)
			error = add_file(files, folder, entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	return error;
}

/* Either one blob or nothing but sources. */
static int check_files(const char *folder, const struct debard_files *files,
		       struct debar_error *error)
{
	const char *blob = NULL;

	for (size_t i = 0; i < files->count; i++) {
		if (ends_in(files->paths[i], BLOB_ENDING))
			blob = files->paths[i];
	}
	if (!blob || files->count == 1)
		return 0;
	return debar_error_set(error, -EINVAL, folder,
			       "leave one blob (*.debar), or policy sources (*.yaml) alone",
			       "%s is not the only policy there", strrchr(blob, '/') + 1);
}

int debard_folder_select(const char *folder, struct debard_files *files, struct debar_error *error)
{
	struct dirent **entries;
	int number = scandir(folder, &entries, is_policy, by_name);
	int result;

	if (number < 0 && errno == ENOENT)
		return 0;
	if (number < 0)
		return debar_error_system(error, -errno, folder, "cannot read the folder");
	result = add_files(files, folder, entries, (size_t)number);
	if (result)
		debar_error_system(error, result, folder, "cannot list the policies");
	else
		result = check_files(folder, files, error);
	if (result)
		debard_files_free(files);
	return result;
}

void debard_files_free(struct debard_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->paths[i]);
	free(files->paths);
	*files = (struct debard_files){0};
}

int debard_folder_open(struct debard_folder *folder, const char *path)
{
	folder->path = path;
	folder->watch = -1;
	folder->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	return folder->fd < 0 ? -errno : 0;
}

void debard_folder_close(struct debard_folder *folder)
{
	if (folder->fd >= 0)
		close(folder->fd);
	folder->fd = -1;
}

bool debard_folder_arm(struct debard_folder *folder)
{
	if (folder->watch >= 0)
		return false;
	folder->watch = inotify_add_watch(folder->fd, folder->path, WHAT_CHANGES);
	return folder->watch >= 0;
}

/* Whether a name that has just appeared is a whole file already: a link of either kind. */
static bool is_link(const struct debard_folder *folder, const char *name)
{
	_cleanup_free_ char *path = NULL;
	struct stat st;

	if (asprintf(&path, "%s/%s", folder->path, name) < 0) {
		path = NULL;
		return false;
	}
	return !lstat(path, &st) && (S_ISLNK(st.st_mode) || st.st_nlink > 1);
}

static bool is_change(struct debard_folder *folder, const struct inotify_event *event)
{
	if (event->mask & IN_Q_OVERFLOW)
		return true;
	if (event->wd != folder->watch)
		return false;
	if (event->mask & IN_MOVE_SELF)
		inotify_rm_watch(folder->fd, folder->watch);
	if (event->mask & (IN_MOVE_SELF | IN_DELETE_SELF | IN_IGNORED | IN_UNMOUNT)) {
		folder->watch = -1;
		return true;
	}
	if (!event->len)
		return false;
	/* A signature is no policy, but may make one acceptable. */
	if (!is_policy_name(event->name) &&
	    !ends_in(event->name, BLOB_ENDING DEBAR_SIGNATURE_SUFFIX))
		return false;
	return !(event->mask & IN_CREATE) || is_link(folder, event->name);
}

bool debard_folder_read(struct debard_folder *folder)
{
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	const struct inotify_event *event;
	bool changed = false;
	ssize_t length;
	const char *at;

	while ((length = read(folder->fd, events, sizeof(events))) > 0) {
		for (at = events; at < events + length; at += sizeof(*event) + event->len) {
			event = (const struct inotify_event *)at;
			changed |= is_change(folder, event);
		}
	}
	return changed;
}
