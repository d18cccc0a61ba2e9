// SPDX-License-Identifier: GPL-2.0-only
/* Ways in, tried without a policy and with one; see ways.h. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ways.h"

static const char *complaint(const char *format, ...)
{
	static char text[3 * PATH_MAX];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return text;
}

/* What is wrong with a field of a denial, or NULL. */
static const char *number_complaint(const char *field, uint64_t seen, uint64_t expected)
{
	if (seen == expected)
		return NULL;
	return complaint("recorded is %s %ju, not %ju", field, (uintmax_t)seen,
			 (uintmax_t)expected);
}

static const char *text_complaint(const char *field, const char *seen, const char *expected)
{
	if (!strcmp(seen, expected))
		return NULL;
	return complaint("recorded is %s \"%s\", not \"%s\"", field, seen, expected);
}

static const char *digest_complaint(const char *field, const uint8_t *seen,
				    const uint8_t *expected)
{
	if (seen && !memcmp(seen, expected, DEBAR_DIGEST_SIZE))
		return NULL;
	return complaint("%s is recorded as %s", seen ? "another digest" : "none", field);
}

static const char *policy_complaint(const struct debar_denial *d, const struct policy *policy)
{
	return text_complaint("ban", d->ban_id, policy->ban.id) ?:
	       text_complaint("vendor", d->vendor, policy->ban.vendor) ?:
	       text_complaint("product", d->product, policy->ban.product) ?:
	       text_complaint("authority", d->authority, policy->ban.authority) ?:
	       text_complaint("policy", d->policy_name, policy->source.name) ?:
	       number_complaint("serial", d->policy_serial, policy->source.serial) ?:
	       digest_complaint("policy", d->policy_digest, policy->digest);
}

static const char *indicator_complaint(const struct debar_denial *d,
				       const struct debar_source_indicator *indicator)
{
	const char *wrong = number_complaint("kind", d->kind, indicator->kind) ?:
			    number_complaint("size", d->size, indicator->size) ?:
			    digest_complaint("indicator", d->digest, indicator->digest);

	if (wrong || indicator->kind != DEBAR_INDICATOR_KIND_FILE_SHA256)
		return wrong;
	return digest_complaint("file", d->file_sha256, indicator->digest);
}

static const char *file_complaint(struct world *world, const struct debar_denial *d,
				  const struct way *way)
{
	const char *path = way->recorded ?: way->banned;
	char expected[PATH_MAX + 64] = "";
	struct place place = {};
	const char *wrong;
	int ret;

	if (*path)
		snprintf(expected, sizeof(expected), "%s%s%s", *path == '/' ? "" : world->dir,
			 *path == '/' ? "" : "/", path);
	wrong = text_complaint("path", d->path.data, expected);
	if (wrong || (*path && way->file && !*way->file))
		return wrong;
	ret = *path ? place_of(way->file ?: expected, &place) : 0;
	if (ret)
		return complaint("where the file is cannot be found: %d", ret);
	return text_complaint("filesystem", d->filesystem, place.filesystem) ?:
	       number_complaint("device", d->device, place.device) ?:
	       number_complaint("inode", d->inode, place.inode);
}

/* The kernel names a subject by the first 15 bytes of its program's name. */
static const char *subject_complaint(const struct debar_denial *d, const struct way *way)
{
	char exe[PATH_MAX] = "", comm[16];

	if (!way->subject || *way->subject) {
		if (!realpath(way->subject ?: "/proc/self/exe", exe))
			return complaint("the subject cannot be found: %d", -errno);
		snprintf(comm, sizeof(comm), "%s", basename(way->subject ?: exe));
	} else {
		/* It may be called anything. */
		snprintf(comm, sizeof(comm), "%s", d->comm.data);
	}
	return text_complaint("subject", d->subject_exe.data, exe) ?:
	       text_complaint("name", d->comm.data, comm) ?:
	       number_complaint("user", d->uid, way->uid) ?:
	       number_complaint("effective user", d->euid, way->uid) ?:
	       number_complaint("login", d->loginuid, DEBAR_ID_NONE) ?:
	       number_complaint("session", d->session, DEBAR_ID_NONE);
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

static const char *record_complaint(struct world *world, const struct way *way,
				    const struct policy *policy, uint64_t since, uint64_t began)
{
	const struct debar_denial *d;
	struct recorded recorded;

	recorded_since(world, since, &recorded);
	if (recorded.count < 1)
		return complaint("%d denials were recorded", recorded.count);
	d = &recorded.denial;
	if (d->wall_time < began || d->wall_time > now())
		return complaint("recorded is another time");
	return number_complaint("operation", d->operation, way->operation) ?:
	       number_complaint("verdict", d->verdict, DEBAR_VERDICT_DENY) ?:
	       number_complaint("reason", d->reason, DEBAR_REASON_INDICATOR) ?:
	       file_complaint(world, d, way) ?:
	       indicator_complaint(d, policy->indicators) ?:
	       policy_complaint(d, policy) ?:
	       subject_complaint(d, way);
}

static int fsverity_of(const char *path, uint8_t *digest)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : debar_fsverity_measure(fd, digest);
}

static int ban_way(struct world *world, const struct way *way, struct policy *policy)
{
	int ret;

	policy_init(policy, "way");
	policy->ban.operations = way->operations;
	ret = policy_add(policy, way->banned);
	if (!ret && way->kind == DEBAR_INDICATOR_KIND_FSVERITY_SHA256)
		ret = fsverity_of(way->banned, policy->indicators[0].digest);
	policy->indicators[0].kind = way->kind;
	return ret ?: policy_load(policy, world->client);
}

static const char *refusal_complaint(struct world *world, const struct way *way)
{
	uint64_t since = world_status(world).denials_next, began = now();
	const char *wrong;
	struct policy policy;
	int ret;

	ret = ban_way(world, way, &policy);
	if (ret) {
		wrong = complaint("the file cannot be banned: %d", ret);
	} else {
		ret = way->attempt(way->path);
		wrong = ret == -EPERM ? record_complaint(world, way, &policy, since, began) :
					complaint("with a ban it gives %d", ret);
	}
	policy_free(&policy);
	return wrong;
}

const char *way_complaint(struct world *world, const struct way *way)
{
	int ret = debar_client_policy_unload(world->client);

	if (ret && ret != -ENODATA)
		return complaint("the policy cannot be unloaded: %d", ret);
	ret = way->attempt(way->path);
	if (ret)
		return complaint("without a ban it gives %d", ret);
	return refusal_complaint(world, way);
}

int exit_of(pid_t child)
{
	int status;

	if (child < 0 || waitpid(child, &status, 0) != child)
		return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

int run_descriptor(int fd)
{
	char *const arguments[] = { "descriptor", NULL };
	pid_t child = fork();

	if (!child) {
		syscall(SYS_execveat, fd, "", arguments, NULL, AT_EMPTY_PATH);
		_exit(errno);
	}
	return exit_of(child);
}

int attempt_run(const char *path)
{
	return run(path);
}

int attempt_map(const char *path)
{
	return map(path, PROT_READ | PROT_EXEC);
}

int attempt_protect(const char *path)
{
	return protect(path, PROT_READ | PROT_EXEC);
}

int run_silently(const char *command)
{
	char line[2 * PATH_MAX];
	const char *const arguments[] = { "/bin/sh", "-c", line, NULL };

	snprintf(line, sizeof(line), "exec >/dev/null 2>&1; %s", command);
	return run_with(arguments);
}
