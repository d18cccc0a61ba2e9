// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Tells users on their terminals that what they run will be refused one day.
 *
 * Nothing here may stop debard: terminals are opened and written without waiting, and of all that
 * can go wrong nothing is told, as the log has the denial anyway.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "debard.h"
#include "debard_warn.h"
#include "denial.h"

#define SECOND_NS	1000000000ULL
/* A denial that is older was told before debard was started anew, or comes too late. */
#define FRESH_NS	(5 * SECOND_NS)
/* Programs load many libraries, and scripts start programs again and again. */
#define AGAIN_MS	60000

/* Of the kernel's initial pid namespace: in a container, the same number is another terminal's. */
#define INITIAL_PID_NS	0xeffffffcU

/* Major number of all pseudoterminals, the kernel's UNIX98_PTY_SLAVE_MAJOR. */
#define PTS_MAJOR	136

/* In /proc/PID/stat, what is between the terminal of a process and its start. */
#define SKIPPED_FIELDS	"%*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d"

/* The kernel's number of a terminal, as in /proc/PID/stat. */
static dev_t device_of(uint32_t number)
{
	return makedev(number >> 8 & 0xfff, (number & 0xff) | (number >> 12 & 0xfff00));
}

/*
 * The terminal of a process, 0 when it has none or is gone. One that was started after the denial
 * has only its number.
 */
static dev_t terminal_of(uint32_t pid, uint64_t denied_at)
{
	_cleanup_buffer_ struct debar_buffer stat = {0};
	char path[32];
	const char *fields;
	int number, length = 0;
	uint64_t started;

	snprintf(path, sizeof(path), "/proc/%" PRIu32 "/stat", pid);
	if (!pid || debar_file_read(path, 4096, &stat))
		return 0;
	/* The name may hold anything, also this. */
	fields = strrchr(stat.data, ')');
	if (!fields || sscanf(fields, ") %*c %*d %*d %*d %d%n", &number, &length) != 1 ||
	    sscanf(fields + length, SKIPPED_FIELDS " %" SCNu64, &started) != 1)
		return 0;
	if (started > denied_at / (SECOND_NS / (uint64_t)sysconf(_SC_CLK_TCK)))
		return 0;
	return device_of((uint32_t)number);
}

/* Path of a terminal that is no pseudoterminal, as the kernel calls it. 0 or -errno. */
static int name_of(dev_t device, char *path, size_t size)
{
	_cleanup_buffer_ struct debar_buffer text = {0};
	char uevent[64];
	const char *name;
	int error;

	snprintf(uevent, sizeof(uevent), "/sys/dev/char/%u:%u/uevent", major(device),
		 minor(device));
	error = debar_file_read(uevent, 4096, &text);
	if (error)
		return error;
	name = strstr(text.data, "DEVNAME=");
	if (!name)
		return -ENOENT;
	name += strlen("DEVNAME=");
	snprintf(path, size, "/dev/%.*s", (int)strcspn(name, "\n"), name);
	return 0;
}

/* Open a terminal if it is the user's. Return: its descriptor, or -1. */
static int open_terminal(dev_t device, const struct debar_denial *denial)
{
	char path[64];
	struct stat st;
	int fd;

	if (major(device) == PTS_MAJOR)
		snprintf(path, sizeof(path), "/dev/pts/%u", minor(device));
	else if (name_of(device, path, sizeof(path)))
		return -1;
	fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (!fstat(fd, &st) && S_ISCHR(st.st_mode) && st.st_rdev == device &&
	    (st.st_uid == denial->uid || st.st_uid == denial->loginuid))
		return fd;
	close(fd);
	return -1;
}

/* FNV-1a */
static uint64_t hash(uint64_t so_far, const void *bytes, size_t length)
{
	const uint8_t *byte = bytes;

	while (length--)
		so_far = (so_far ^ *byte++) * 0x100000001b3ULL;
	return so_far;
}

/* Whether this has been told there a moment ago; otherwise it is kept in mind. */
static bool is_repeated(struct debard_warner *warner, dev_t device,
			const struct debar_denial *denial)
{
	uint64_t key = hash(0xcbf29ce484222325ULL, &device, sizeof(device));
	int64_t now = debard_now();

	key = hash(key, denial->ban_id, strlen(denial->ban_id));
	key = hash(key, denial->path.data, denial->path.length);
	for (unsigned int i = 0; i < DEBARD_WARNINGS; i++) {
		if (warner->told[i] == key && now - warner->told_at[i] < AGAIN_MS)
			return true;
	}
	warner->told[warner->next] = key;
	warner->told_at[warner->next] = now;
	warner->next = (warner->next + 1) % DEBARD_WARNINGS;
	return false;
}

static bool is_fresh(const struct debar_denial *denial)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return denial->boot_time + FRESH_NS >
	       (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

void debard_warn(struct debard_warner *warner, const struct debar_denial *denial)
{
	_cleanup_free_ char *line = NULL;
	_cleanup_close_ int fd = -1;
	dev_t device;

	if (!debar_denial_is_warning(denial) || denial->pid_ns != INITIAL_PID_NS ||
	    !is_fresh(denial))
		return;
	device = terminal_of(denial->tgid, denial->boot_time);
	if (!device)
		device = terminal_of(denial->ppid, denial->boot_time);
	if (!device || is_repeated(warner, device, denial))
		return;
	fd = open_terminal(device, denial);
	line = fd < 0 ? NULL : debar_denial_warning(denial);
	/* What a terminal does not take at once it does not get. */
	if (line)
		dprintf(fd, "\r\ndebard: %s\r\n", line);
}
