// SPDX-License-Identifier: GPL-2.0-or-later
/* Keeps an administrator from loading a policy that would lock him out of the machine. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "judge.h"
#include "lockout.h"

/* Needed where they are: who gets in, and who repairs. */
static const char *const needed[] = {
	"/proc/1/exe", "/sbin/init", "/sbin/agetty", "/usr/sbin/sshd", "/usr/bin/login",
	"/usr/bin/su", "/usr/bin/sudo",
	"/usr/bin/dpkg", "/usr/bin/apt", "/usr/bin/apt-get",
	"/usr/bin/rpm", "/usr/bin/dnf", "/usr/bin/yum", "/usr/bin/zypper", "/usr/bin/pacman",
};

/* Beside the running program. */
static const char *const own[] = { "debarctl", "debard" };

/* More than one line of /proc/self/maps or /etc/shells takes. */
#define LINE_ROOM	(PATH_MAX + 128)

/* Processes above this one that are looked at, at most. */
#define ANCESTORS_MAX	64

/**
 * struct guard - one run of debar_lockout_check()
 * @policy: the policy
 * @allowed: the caller's
 * @count: of @allowed
 * @error: the caller's
 */
struct guard {
	const struct debar_policy *policy;
	const char *const *allowed;
	size_t count;
	struct debar_error *error;
};

static bool is_allowed(const struct guard *guard, const char *path)
{
	char resolved[PATH_MAX];
	size_t i;

	for (i = 0; i < guard->count; i++)
		if (!strcmp(guard->allowed[i], path) ||
		    (realpath(guard->allowed[i], resolved) && !strcmp(resolved, path)))
			return true;
	return false;
}

static int refuse(const struct guard *guard, const char *path, const struct debar_check *check)
{
	if (is_allowed(guard, path))
		return 0;
	return debar_error_set(guard->error, -EKEYREJECTED, path,
			       "correct the policy, or force it by --allow-lockout with this path",
			       "ban '%s' of the policy would lock you out of this machine",
			       check->ban_id);
}

/* In the end, when all its dates have come and all waivers have expired. */
static int judge(const struct guard *guard, const char *path, int fd, uint64_t size)
{
	static const enum debar_operation operations[] = {
		DEBAR_OPERATION_EXECUTE, DEBAR_OPERATION_MAP, DEBAR_OPERATION_OPEN,
	};
	struct debar_subject subject = { .content = { .fd = fd, .size = size } };
	struct debar_circumstances in = { .host = "", .now = DEBAR_BLOB_DATE_MAX };
	struct debar_check check;
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(operations); i++) {
		in.operation = operations[i];
		err = debar_judge(guard->policy, &subject, &in, &check);
		if (err)
			return debar_error_system(guard->error, err, path,
						  "cannot tell whether the policy would refuse it");
		if (check.verdict == DEBAR_VERDICT_DENY)
			return refuse(guard, path, &check);
	}
	return 0;
}

/* The programs of other processes are sometimes kept even from root; /sbin/init is on the list. */
static bool is_absent(const char *path, int error)
{
	if (!strncmp(path, "/proc/", 6) && (error == EACCES || error == EPERM))
		return true;
	return error == ENOENT || error == ENOTDIR;
}

static int check_file(const struct guard *guard, const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char resolved[PATH_MAX];
	struct stat st;

	if (fd < 0 && is_absent(path, errno))
		return 0;
	if (fd < 0 || fstat(fd, &st))
		return debar_error_system(guard->error, -errno, path,
					  "cannot tell whether the policy would refuse it");
	if (!S_ISREG(st.st_mode))
		return 0;
	return judge(guard, realpath(path, resolved) ? resolved : path, fd, st.st_size);
}

/* This program, its loader and its libraries: what is mapped executable. */
static int check_own_mappings(const struct guard *guard)
{
	_cleanup_fclose_ FILE *maps = fopen("/proc/self/maps", "re");
	char line[LINE_ROOM];
	int err = 0;

	while (!err && maps && fgets(line, sizeof(line), maps)) {
		char *path = strchr(line, '/');

		if (!path || !strstr(line, " r-xp "))
			continue;
		path[strcspn(path, "\n")] = '\0';
		err = check_file(guard, path);
	}
	return err;
}

static int check_own_folder(const struct guard *guard)
{
	char exe[PATH_MAX], path[PATH_MAX + 16];
	char *folder;
	size_t i;
	int err = 0;

	if (!realpath("/proc/self/exe", exe))
		return 0;
	folder = dirname(exe);
	for (i = 0; i < ARRAY_SIZE(own) && !err; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, own[i]);
		err = check_file(guard, path);
	}
	return err;
}

static int parent_of(int pid)
{
	char path[32], line[512];
	_cleanup_fclose_ FILE *file = NULL;
	char *behind_name;
	int parent = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file || !fgets(line, sizeof(line), file))
		return 0;
	behind_name = strrchr(line, ')');
	if (!behind_name || sscanf(behind_name, ") %*c %d", &parent) != 1)
		return 0;
	return parent;
}

static int check_ancestors(const struct guard *guard)
{
	int pid = getppid(), i, err = 0;
	char path[32];

	for (i = 0; i < ANCESTORS_MAX && pid > 1 && !err; i++, pid = parent_of(pid)) {
		snprintf(path, sizeof(path), "/proc/%d/exe", pid);
		err = check_file(guard, path);
	}
	return err;
}

static int check_shells(const struct guard *guard)
{
	_cleanup_fclose_ FILE *shells = fopen("/etc/shells", "re");
	char line[LINE_ROOM];
	int err = 0;

	while (!err && shells && fgets(line, sizeof(line), shells)) {
		line[strcspn(line, " \t\n#")] = '\0';
		if (line[0] == '/')
			err = check_file(guard, line);
	}
	return err;
}

int debar_lockout_check(const struct debar_policy *policy, const char *const *allowed, size_t count,
			struct debar_error *error)
{
	const struct guard guard = { policy, allowed, count, error };
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(needed); i++) {
		err = check_file(&guard, needed[i]);
		if (err)
			return err;
	}
	err = check_own_mappings(&guard);
	if (!err)
		err = check_own_folder(&guard);
	if (!err)
		err = check_ancestors(&guard);
	return err ? err : check_shells(&guard);
}
