// SPDX-License-Identifier: GPL-2.0-only
/* Ways in, tried without a policy and with one; see ways.h. */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ways.h"

static int take_denial(const struct debar_denial *denial, const struct debar_denial_state *state,
		       void *data)
{
	struct refusals *r = data;

	(void)state;
	if (!denial)
		return 0;
	r->count++;
	r->operation = denial->operation;
	r->verdict = denial->verdict;
	r->size = denial->size;
	memset(r->digest, 0, DEBAR_DIGEST_SIZE);
	if (denial->digest)
		memcpy(r->digest, denial->digest, DEBAR_DIGEST_SIZE);
	snprintf(r->path, sizeof(r->path), "%.*s", (int)denial->path.length, denial->path.data);
	return 0;
}

void refusals_since(struct world *world, uint64_t since, struct refusals *refusals)
{
	*refusals = (struct refusals){};
	if (debar_client_denial_dump(world->client, since, take_denial, refusals))
		refusals->count = -1;
}

int ban_operations(struct world *world, const char *path, uint32_t operations)
{
	struct policy policy;
	int ret;

	policy_init(&policy, "way");
	policy.ban.operations = operations;
	ret = policy_add(&policy, path);
	if (!ret)
		ret = policy_load(&policy, world->client);
	policy_free(&policy);
	return ret;
}

static const char *complaint(const char *format, ...)
{
	static char text[2 * PATH_MAX + 256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return text;
}

static const char *record_complaint(struct world *world, const struct way *way, uint64_t since,
				    const uint8_t *digest, uint64_t size)
{
	const char *path = way->recorded ?: way->banned;
	char expected[PATH_MAX + 64];
	struct refusals r;

	snprintf(expected, sizeof(expected), "%s%s%s", *path == '/' ? "" : world->dir,
		 *path == '/' ? "" : "/", path);
	refusals_since(world, since, &r);
	if (r.count < 1)
		return complaint("%d denials were recorded", r.count);
	if (r.operation != way->operation || r.verdict != DEBAR_VERDICT_DENY)
		return complaint("recorded are operation %u, verdict %u", r.operation, r.verdict);
	if (strcmp(expected, r.path))
		return complaint("recorded is path %s, not %s", r.path, expected);
	if (size != r.size || memcmp(digest, r.digest, DEBAR_DIGEST_SIZE))
		return complaint("another file is recorded, of %ju bytes", (uintmax_t)r.size);
	return NULL;
}

const char *way_complaint(struct world *world, const struct way *way)
{
	uint8_t digest[DEBAR_DIGEST_SIZE];
	uint64_t since, size;
	int ret;

	ret = debar_client_policy_unload(world->client);
	if (ret && ret != -ENODATA)
		return complaint("the policy cannot be unloaded: %d", ret);
	ret = way->attempt(way->path);
	if (ret)
		return complaint("without a ban it gives %d", ret);
	ret = digest_of(way->banned, digest, &size);
	if (!ret)
		ret = ban_operations(world, way->banned, way->operations);
	if (ret)
		return complaint("the file cannot be banned: %d", ret);
	since = world_status(world).denials_next;
	ret = way->attempt(way->path);
	if (ret != -EPERM)
		return complaint("with a ban it gives %d", ret);
	return record_complaint(world, way, since, digest, size);
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

int run_silently(const char *command)
{
	char line[2 * PATH_MAX];
	const char *const arguments[] = { "/bin/sh", "-c", line, NULL };

	snprintf(line, sizeof(line), "exec >/dev/null 2>&1; %s", command);
	return run_with(arguments);
}
