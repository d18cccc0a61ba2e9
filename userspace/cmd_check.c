// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * debarctl check: the verdict about files, without running them; from the kernel, or offline from
 * a policy file.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include "client.h"
#include "cmd_host.h"
#include "debarctl.h"
#include "denial.h"
#include "explain.h"
#include "judge.h"
#include "names.h"
#include "output.h"
#include "policy_dump.h"
#include "policy_json.h"

#define WHERE	"check"

static const char *const headings[] = {
	"VERDICT", "REASON", "BAN", "VENDOR", "STAGE", "WAIVER", "KIND", "SHA256", "PATH",
};

/**
 * struct checker - one run of the command
 * @json: one JSON object a line, not a table
 * @alone: there is but one file
 * @client: to ask the kernel, or NULL
 * @policy: to be asked where @client is NULL
 * @host: this one
 * @table: for people
 * @banned: a ban concerns some file
 * @failed: some file could not be judged
 */
struct checker {
	bool json;
	bool alone;
	struct debar_client *client;
	struct debar_policy policy;
	struct utsname host;
	struct debar_table *table;
	bool banned;
	bool failed;
};

/* An execution here and today. */
static struct debar_circumstances circumstances(const struct checker *c)
{
	return (struct debar_circumstances){
		.operation = DEBAR_OPERATION_EXECUTE,
		.host = c->host.nodename,
		.now = debar_policy_now(&c->policy),
	};
}

/* What the kernel would say in the mode enforce. */
static int judge(const struct checker *c, struct debar_subject *subject, struct debar_check *check)
{
	const struct debar_circumstances in = circumstances(c);

	return debar_judge(&c->policy, subject, &in, check);
}

static int add_row(struct checker *c, const char *path, const char *digest,
		   const struct debar_check *check)
{
	bool banned = check->reason == DEBAR_REASON_INDICATOR;
	const char *const cells[] = {
		debar_verdict_name(check->verdict), debar_reason_name(check->reason),
		check->ban_id, check->vendor, banned ? debar_stage_name(check->law.stage) : NULL,
		check->law.waiver_id, banned ? debar_kind_name(check->kind) : NULL, digest, path,
	};

	return debar_table_add(c->table, cells);
}

static json_t *verdict_json(const char *path, const char *digest, uint64_t size,
			    const struct debar_check *check)
{
	bool banned = check->reason == DEBAR_REASON_INDICATOR;
	json_t *object;

	object = json_pack("{s:s,s:s,s:s,s:s?,s:s?,s:s?,s:s?,s:s?,s:s,s:I}", "path", path,
			   "verdict", debar_verdict_name(check->verdict),
			   "reason", debar_reason_name(check->reason),
			   "ban_id", debar_or_null(check->ban_id),
			   "vendor", debar_or_null(check->vendor),
			   "product", debar_or_null(check->product),
			   "authority", debar_or_null(check->authority),
			   "kind", banned ? debar_kind_name(check->kind) : NULL, "sha256", digest,
			   "size", (json_int_t)size);
	if (object && debar_law_json(object, &check->law, check->ban_id[0]))
		return object;
	json_decref(object);
	return NULL;
}

static int explain(struct checker *c, json_t *object, struct debar_subject *subject)
{
	struct debar_circumstances in;

	if (c->client)
		return debar_explain_kernel(object, c->client, subject);
	in = circumstances(c);
	return debar_explain_policy(object, &c->policy, subject, &in);
}

/* In a table each file has its row, and the only one has its steps below. */
static int show(struct checker *c, const char *path, struct debar_subject *subject,
		const struct debar_check *check)
{
	_cleanup_free_ char *safe = debar_escape(path, strlen(path));
	_cleanup_json_ json_t *object = NULL;
	char digest[DEBAR_HEX_SIZE];
	int err;

	if (!safe)
		return -ENOMEM;
	debar_hex(digest, subject->sha256, DEBAR_DIGEST_SIZE);
	if (!c->json) {
		err = add_row(c, path, digest, check);
		if (err || !c->alone)
			return err;
	}
	object = verdict_json(safe, digest, subject->content.size, check);
	if (!object)
		return -ENOMEM;
	err = explain(c, object, subject);
	if (err)
		return err;
	if (c->json)
		return debar_print_json(json_incref(object));
	debar_table_print(c->table);
	putchar('\n');
	debar_explain_print(object);
	return 0;
}

/*
 * Gives the kernel the digests of a file, as far as it has them; its strictest answer counts.
 * @answered tells whose error it is. An answer lives until the next question, hence the last one.
 */
static int ask_by_digests(struct checker *c, struct debar_subject *subject,
			  struct debar_check *check, bool *answered)
{
	uint8_t digest[DEBAR_DIGEST_SIZE], strictest[DEBAR_DIGEST_SIZE];
	uint32_t kind = 0, verdict = 0;
	bool found = false;
	uint64_t size;
	size_t i;

	for (i = 0; i < DEBAR_BLOB_KINDS; i++) {
		int err;

		*answered = false;
		err = debar_subject_digest(subject, debar_kinds_in_order[i], digest, &size);
		if (err == -ENODATA)
			continue;
		if (err)
			return err;
		*answered = true;
		err = debar_client_check_digest(c->client, debar_kinds_in_order[i], digest, check);
		if (err)
			return err;
		if (check->reason != DEBAR_REASON_INDICATOR || (found && check->verdict <= verdict))
			continue;
		found = true;
		kind = debar_kinds_in_order[i];
		verdict = check->verdict;
		memcpy(strictest, digest, DEBAR_DIGEST_SIZE);
	}
	*answered = true;
	return found ? debar_client_check_digest(c->client, kind, strictest, check) : 0;
}

/* The kernel reads no large file for a check. */
static int ask_kernel(struct checker *c, struct debar_subject *subject, struct debar_check *check,
		      bool *answered)
{
	int err = debar_client_check_fd(c->client, subject->content.fd, check);

	*answered = true;
	return err == -EFBIG ? ask_by_digests(c, subject, check, answered) : err;
}

static int check_subject(struct checker *c, const char *path, struct debar_subject *subject)
{
	struct debar_check check;
	bool answered = false;
	int err = debar_subject_hash(subject);

	if (err)
		return err;
	if (c->client)
		err = ask_kernel(c, subject, &check, &answered);
	else
		err = judge(c, subject, &check);
	if (err && answered) {
		debarctl_kernel_error(c->client, path, err);
		c->failed = true;
		return 0;
	}
	if (err)
		return err;
	if (check.reason == DEBAR_REASON_INDICATOR)
		c->banned = true;
	else if (check.reason != DEBAR_REASON_NONE)
		c->failed = true;
	return show(c, path, subject, &check);
}

static int check_file(struct checker *c, const char *path)
{
	/* Whoever names a FIFO or a terminal must not be kept waiting. */
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct debar_subject subject = {};
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode)) {
		debar_print_problem(path, "give a regular file", "is no regular file");
		c->failed = true;
		return 0;
	}
	subject.content = (struct debar_content){ .fd = fd, .size = st.st_size };
	return check_subject(c, path, &subject);
}

static int check_files(struct checker *c, char **paths, size_t count)
{
	struct debar_error error;
	size_t i;

	for (i = 0; i < count; i++) {
		int err = check_file(c, paths[i]);

		if (!err)
			continue;
		debar_error_system(&error, err, paths[i], "cannot check it");
		debar_print_error(&error);
		c->failed = true;
	}
	if (!c->json)
		debar_table_print(c->table);
	if (c->failed)
		return DEBARCTL_FAILED;
	return c->banned ? DEBARCTL_FOUND : DEBARCTL_DONE;
}

static int open_policy(struct checker *c, struct debarctl_host *host, const char *path)
{
	struct debar_error error;
	int err;

	if (!path)
		return debarctl_connect(&c->client);
	uname(&c->host);
	c->policy.host = &host->config.profiles;
	err = debar_policy_open(&path, 1, &c->policy, &error);
	if (!err) {
		debarctl_host_tell(host);
		return 0;
	}
	debar_print_error(&error);
	return err == -EINVAL || err == -EFBIG ? DEBARCTL_REFUSED : DEBARCTL_FAILED;
}

static int run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "policy", required_argument, NULL, 'p' },
		{ "json", no_argument, NULL, 'j' },
		DEBARCTL_PROFILE_OPTION,
		DEBARCTL_CONFIG_OPTION,
		{}
	};
	_cleanup_client_ struct debar_client *scan = NULL;
	_cleanup_host_ struct debarctl_host host = {};
	struct checker c = {};
	const char *policy = NULL;
	int option, result;

	while ((option = debarctl_option(WHERE, argc, argv, "", options)) != -1) {
		if (option == 'p')
			policy = optarg;
		else if (option == 'j')
			c.json = true;
		else if (!debarctl_host_option(&host, WHERE, option))
			return debarctl_usage("debarctl check");
	}
	if (optind == argc) {
		debar_print_problem(WHERE, NULL, "a file is missing");
		return debarctl_usage("debarctl check");
	}
	result = debarctl_host_read(&host, WHERE, policy);
	if (result)
		return result;
	c.alone = optind + 1 == argc;
	c.table = debar_table_new(ARRAY_SIZE(headings), headings);
	if (!c.table) {
		debar_print_problem(WHERE, "free memory and try again", "out of memory");
		return DEBARCTL_FAILED;
	}
	result = open_policy(&c, &host, policy);
	debarctl_scan(&scan);
	if (!result)
		result = check_files(&c, argv + optind, argc - optind);
	debar_client_close(c.client);
	debar_policy_close(&c.policy);
	debar_table_free(c.table);
	return result;
}

const struct debarctl_cmd debarctl_cmd_check = {
	.name = "check",
	.run = run,
	.summary = "show the verdict about files, without running them",
	.help = "usage: debarctl check [--policy FILE] [--json] FILE...\n"
		DEBARCTL_HOST_USAGE
		"\n"
		"Show what the kernel would say to each file, and of a single one how that came about: digests,\n"
		"indicator, ban, date, waiver. The exit code is 0 when no ban concerns any of them, 1 when a ban\n"
		"concerns some, 5 when some could not be judged.\n"
		"\n"
		"  --policy FILE  judge by this blob or policy source, without the kernel\n"
		"  --json         one JSON object a line\n"
		DEBARCTL_HOST_HELP,
};
