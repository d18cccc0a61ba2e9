// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A denial as JSON, as a row of a table and as a line.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <string.h>
#include <time.h>

#include "dates.h"
#include "denial.h"
#include "names.h"

#define SECOND_NS	1000000000
#define USER_ROOM	16384

const char *const debar_denial_headings[DEBAR_DENIAL_COLUMNS] = {
	[DEBAR_DENIAL_TIME] = "TIME",
	[DEBAR_DENIAL_SEQUENCE] = "SEQ",
	[DEBAR_DENIAL_VERDICT] = "VERDICT",
	[DEBAR_DENIAL_OPERATION] = "OPERATION",
	[DEBAR_DENIAL_USER] = "USER",
	[DEBAR_DENIAL_PROCESS] = "PROCESS",
	[DEBAR_DENIAL_PATH] = "PATH",
	[DEBAR_DENIAL_VENDOR] = "VENDOR/PRODUCT",
	[DEBAR_DENIAL_BAN] = "BAN",
};

int debar_boot_id(char boot_id[DEBAR_BOOT_ID_SIZE])
{
	_cleanup_close_ int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (read(fd, boot_id, DEBAR_BOOT_ID_SIZE) != DEBAR_BOOT_ID_SIZE)
		return -EIO;
	boot_id[DEBAR_BOOT_ID_SIZE - 1] = '\0';
	return 0;
}

char *debar_user_name(uint32_t uid)
{
	_cleanup_free_ char *room = malloc(USER_ROOM);
	struct passwd entry, *found = NULL;

	if (!room || getpwuid_r(uid, &entry, room, USER_ROOM, &found) || !found)
		return NULL;
	return strdup(found->pw_name);
}

/* Add a key; false without memory, as jansson's _new functions take over what they get. */
static bool add(json_t *object, const char *key, json_t *value)
{
	return value && !json_object_set_new(object, key, value);
}

static bool add_text(json_t *object, const char *key, const char *text)
{
	_cleanup_free_ char *safe = NULL;
	json_t *value;

	if (!text || !*text)
		return add(object, key, json_null());
	value = json_string(text);
	if (!value) {
		/*
		 * The kernel's strings are printable UTF-8; should one not be, show it all the
		 * same.
		 */
		safe = debar_escape(text, strlen(text));
		value = safe ? json_string(safe) : NULL;
	}
	return add(object, key, value);
}

static bool add_bytes(json_t *object, const char *key, const struct debar_bytes *bytes)
{
	_cleanup_free_ char *safe = NULL;

	if (!bytes->length)
		return add(object, key, json_null());
	safe = debar_escape(bytes->data, bytes->length);
	return safe && add(object, key, json_string(safe));
}

static bool add_digest(json_t *object, const char *key, const uint8_t *digest)
{
	char hex[DEBAR_HEX_SIZE];

	if (!digest)
		return add(object, key, json_null());
	return add(object, key, json_string(debar_hex(hex, digest, DEBAR_DIGEST_SIZE)));
}

static bool add_number(json_t *object, const char *key, uint64_t number)
{
	return add(object, key, json_integer((json_int_t)number));
}

/* A user or a session, which there may be none of. */
static bool add_id(json_t *object, const char *key, uint32_t id)
{
	return add(object, key, id == DEBAR_ID_NONE ? json_null() : json_integer(id));
}

static bool add_big_number(json_t *object, const char *key, uint64_t number)
{
	return add(object, key, json_sprintf("%" PRIu64, number));
}

/* @time in nanoseconds since 1970, written as RFC 3339 has it, in UTC */
static bool add_time(json_t *object, const char *key, uint64_t time)
{
	time_t seconds = (time_t)(time / SECOND_NS);
	char text[32];
	struct tm tm;

	if (!gmtime_r(&seconds, &tm) || !strftime(text, sizeof(text), "%FT%T", &tm))
		return false;
	return add(object, key,
		   json_sprintf("%s.%09uZ", text, (unsigned int)(time % SECOND_NS)));
}

static bool add_count(json_t *object, const struct debar_count *count)
{
	return add_text(object, "boot_id", count->boot_id) &&
	       add(object, "generation", json_sprintf("%016" PRIx64, count->generation));
}

static bool add_matched(json_t *object, const struct debar_denial *denial)
{
	char hex[DEBAR_HEX_SIZE];

	if (!denial->digest)
		return add_text(object, "kind", NULL) && add_text(object, "digest", NULL);
	return add_text(object, "kind", debar_kind_name(denial->kind)) &&
	       add_text(object, "digest", debar_digest_text(hex, denial->kind, denial->digest));
}

static bool add_date(json_t *object, const char *key, uint64_t seconds)
{
	char text[DEBAR_DATE_SIZE];

	return add_text(object, key, seconds ? debar_date_text(text, seconds) : NULL);
}

bool debar_law_json(json_t *object, const struct debar_law *law, bool banned)
{
	return add_text(object, "citation", law->citation) &&
	       add_text(object, "stage", banned ? debar_stage_name(law->stage) : NULL) &&
	       add_text(object, "override", law->override) &&
	       add_text(object, "derived", law->derived) &&
	       add_text(object, "waiver", law->waiver_id) &&
	       add_text(object, "waiver_owner", law->waiver_owner) &&
	       add_text(object, "waiver_ticket", law->waiver_ticket) &&
	       add_date(object, "waiver_expires", law->waiver_expires) &&
	       !json_object_set_new(object, "spared", json_boolean(law->spared));
}

static bool add_what(json_t *object, const struct debar_denial *denial)
{
	return add_text(object, "operation", debar_operation_name(denial->operation)) &&
	       add_text(object, "verdict", debar_verdict_name(denial->verdict)) &&
	       add_text(object, "reason", debar_reason_name(denial->reason)) &&
	       add_text(object, "ban_id", denial->ban_id) &&
	       add_text(object, "vendor", denial->vendor) &&
	       add_text(object, "product", denial->product) &&
	       add_text(object, "authority", denial->authority) &&
	       debar_law_json(object, &denial->law, *denial->ban_id) &&
	       add_matched(object, denial);
}

static bool add_file(json_t *object, const struct debar_denial *denial)
{
	json_t *size = denial->size == DEBAR_SIZE_UNKNOWN ?
		json_null() : json_integer((json_int_t)denial->size);

	return add_digest(object, "file_sha256", denial->file_sha256) &&
	       add(object, "size", size) &&
	       add_bytes(object, "path", &denial->path) &&
	       add(object, "device",
		   json_sprintf("%u:%u", denial->device >> 20, denial->device & 0xfffff)) &&
	       add_big_number(object, "inode", denial->inode) &&
	       add_text(object, "filesystem", denial->filesystem);
}

static bool add_subject(json_t *object, const struct debar_denial *denial, const char *user)
{
	return add_number(object, "pid", denial->pid) &&
	       add_number(object, "tgid", denial->tgid) &&
	       add_number(object, "ppid", denial->ppid) &&
	       add_number(object, "uid", denial->uid) &&
	       add_text(object, "user", user) &&
	       add_number(object, "euid", denial->euid) &&
	       add_id(object, "loginuid", denial->loginuid) &&
	       add_id(object, "session", denial->session) &&
	       add_bytes(object, "comm", &denial->comm) &&
	       add_bytes(object, "subject_exe", &denial->subject_exe) &&
	       add_big_number(object, "cgroup", denial->cgroup) &&
	       add_number(object, "pid_ns", denial->pid_ns) &&
	       add_number(object, "mnt_ns", denial->mnt_ns);
}

static bool add_policy(json_t *object, const struct debar_denial *denial)
{
	return add_text(object, "policy_name", denial->policy_name) &&
	       add_number(object, "policy_serial", denial->policy_serial) &&
	       add_digest(object, "policy_digest", denial->policy_digest) &&
	       add_text(object, "policy_signer", denial->policy_signer);
}

/* Return: @object when it became @complete, otherwise NULL. */
static json_t *complete_or_free(json_t *object, bool complete)
{
	if (complete)
		return object;
	json_decref(object);
	return NULL;
}

json_t *debar_denial_json(const struct debar_denial *denial, const struct debar_count *count,
			  const char *user)
{
	json_t *object = json_object();
	bool complete;

	complete = object &&
		   add_text(object, "type", "denial") &&
		   add_time(object, "time", denial->wall_time) &&
		   add_number(object, "sequence", denial->sequence) &&
		   add_count(object, count) &&
		   add(object, "boot_time",
		       json_sprintf("%" PRIu64 ".%09u", denial->boot_time / SECOND_NS,
				    (unsigned int)(denial->boot_time % SECOND_NS))) &&
		   add_what(object, denial) &&
		   add_file(object, denial) &&
		   add_subject(object, denial, user) &&
		   add_policy(object, denial);
	return complete_or_free(object, complete);
}

json_t *debar_gap_json(uint64_t first, uint64_t last, const struct debar_count *count)
{
	json_t *object = json_object();
	struct timespec now;
	bool complete;

	clock_gettime(CLOCK_REALTIME, &now);
	complete = object &&
		   add_text(object, "type", "gap") &&
		   add_time(object, "time", (uint64_t)now.tv_sec * SECOND_NS + now.tv_nsec) &&
		   add_number(object, "first", first) &&
		   add_number(object, "last", last) &&
		   add_number(object, "count", last - first + 1) &&
		   add_count(object, count);
	return complete_or_free(object, complete);
}

/* printf into memory of its own; NULL without memory */
_printf_(1, 2) static char *text_of(const char *format, ...)
{
	va_list args;
	char *text;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	return length < 0 ? NULL : text;
}

static char *local_time(uint64_t time)
{
	time_t seconds = (time_t)(time / SECOND_NS);
	char text[32];
	struct tm tm;

	if (!localtime_r(&seconds, &tm) || !strftime(text, sizeof(text), "%F %T", &tm))
		return NULL;
	return strdup(text);
}

static char *user_of(const struct debar_denial *denial, const char *user)
{
	return user ? strdup(user) : text_of("%" PRIu32, denial->uid);
}

static char *process_of(const struct debar_denial *denial)
{
	if (!denial->comm.length)
		return text_of("?[%" PRIu32 "]", denial->tgid);
	return text_of("%.*s[%" PRIu32 "]", (int)denial->comm.length, denial->comm.data,
		       denial->tgid);
}

static char *path_of(const struct debar_denial *denial)
{
	return denial->path.length ? strndup(denial->path.data, denial->path.length) : strdup("?");
}

static char *vendor_of(const struct debar_denial *denial)
{
	if (!*denial->product)
		return strdup(denial->vendor);
	return text_of("%s/%s", denial->vendor, denial->product);
}

/* Without a ban, the reason why there is a denial all the same. */
static char *ban_of(const struct debar_denial *denial)
{
	if (*denial->ban_id)
		return strdup(denial->ban_id);
	return text_of("(%s)", debar_reason_name(denial->reason));
}

int debar_denial_row(const struct debar_denial *denial, const char *user,
		     char *cells[DEBAR_DENIAL_COLUMNS])
{
	cells[DEBAR_DENIAL_TIME] = local_time(denial->wall_time);
	cells[DEBAR_DENIAL_SEQUENCE] = text_of("%" PRIu64, denial->sequence);
	cells[DEBAR_DENIAL_VERDICT] = strdup(debar_verdict_name(denial->verdict));
	cells[DEBAR_DENIAL_OPERATION] = strdup(debar_operation_name(denial->operation));
	cells[DEBAR_DENIAL_USER] = user_of(denial, user);
	cells[DEBAR_DENIAL_PROCESS] = process_of(denial);
	cells[DEBAR_DENIAL_PATH] = path_of(denial);
	cells[DEBAR_DENIAL_VENDOR] = vendor_of(denial);
	cells[DEBAR_DENIAL_BAN] = ban_of(denial);
	for (size_t i = 0; i < DEBAR_DENIAL_COLUMNS; i++) {
		if (!cells[i]) {
			debar_denial_row_free(cells);
			return -ENOMEM;
		}
	}
	return 0;
}

void debar_denial_row_free(char *cells[DEBAR_DENIAL_COLUMNS])
{
	for (size_t i = 0; i < DEBAR_DENIAL_COLUMNS; i++) {
		free(cells[i]);
		cells[i] = NULL;
	}
}

bool debar_denial_is_warning(const struct debar_denial *denial)
{
	return *denial->ban_id && denial->verdict == DEBAR_VERDICT_AUDIT &&
	       denial->law.stage == DEBAR_STAGE_WARN && !denial->law.spared &&
	       !*denial->law.waiver_id;
}

char *debar_denial_warning(const struct debar_denial *denial)
{
	_cleanup_free_ char *path = path_of(denial), *vendor = vendor_of(denial);
	_cleanup_free_ char *line = NULL;

	if (!path || !vendor)
		return NULL;
	line = text_of("warning: %s of %s is banned by %s (%s%s%s): %s", path, vendor,
		       denial->ban_id, denial->authority, *denial->law.citation ? ", " : "",
		       denial->law.citation, "it runs still, and that was recorded");
	return line ? debar_escape(line, strlen(line)) : NULL;
}

/* The end of the line: the ban, or why there is none. */
static char *why_of(const struct debar_denial *denial)
{
	_cleanup_free_ char *vendor = vendor_of(denial);
	const char *spared = denial->law.spared ? ", spared: process 1 needs it" : "";
	char expires[DEBAR_DATE_SIZE];

	if (!vendor)
		return NULL;
	if (!*denial->ban_id)
		return text_of("not identified, %s%s", debar_reason_name(denial->reason), spared);
	if (denial->law.spared)
		return text_of("ban %s, %s%s", denial->ban_id, vendor, spared);
	if (*denial->law.waiver_id)
		return text_of("ban %s, %s, waived by %s until %s", denial->ban_id, vendor,
			       denial->law.waiver_id,
			       debar_date_text(expires, denial->law.waiver_expires));
	if (debar_denial_is_warning(denial))
		return text_of("warning, ban %s, %s, will be refused", denial->ban_id, vendor);
	if (*denial->law.derived)
		return text_of("ban %s, %s, derived from %s", denial->ban_id, vendor,
			       denial->law.derived);
	return text_of("ban %s, %s", denial->ban_id, vendor);
}

char *debar_denial_line(const struct debar_denial *denial, const char *user)
{
	_cleanup_free_ char *process = process_of(denial), *path = path_of(denial);
	_cleanup_free_ char *name = user_of(denial, user), *why = why_of(denial);
	_cleanup_free_ char *line = NULL;

	if (!process || !path || !name || !why)
		return NULL;
	line = text_of("%s %s of %s by %s, user %s: %s (denial %" PRIu64 ")",
		       debar_verdict_name(denial->verdict),
		       debar_operation_name(denial->operation), path, process, name, why,
		       denial->sequence);
	return line ? debar_escape(line, strlen(line)) : NULL;
}
