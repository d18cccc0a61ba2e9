// SPDX-License-Identifier: GPL-2.0-or-later
/* debarctl policy build|load|unload: compile a policy, put it in force, take it out of force. */
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "client.h"
#include "cmd_host.h"
#include "cmd_policy.h"
#include "compile.h"
#include "in_force.h"
#include "lockout.h"
#include "output.h"
#include "policy_file.h"
#include "sign.h"
#include "source.h"

static int exit_for(int err)
{
	return err == -EINVAL || err == -EFBIG || err == -EKEYREJECTED ? DEBARCTL_REFUSED :
									 DEBARCTL_FAILED;
}

static int parse_time(const char *where, const char *text, uint64_t *seconds)
{
	char *end;

	errno = 0;
	*seconds = strtoull(text, &end, 10);
	if (text[0] >= '0' && text[0] <= '9' && !*end && !errno)
		return 0;
	debar_print_problem(where, "give seconds since 1970", "'%s' is no time", text);
	return -EINVAL;
}

/* When a blob counts as issued: as told, or as reproducible builds tell, or now. */
static int issued_at(const char *option, uint64_t *seconds)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");

	if (option)
		return parse_time("--issued", option, seconds);
	if (epoch)
		return parse_time("SOURCE_DATE_EPOCH", epoch, seconds);
	*seconds = time(NULL);
	return 0;
}

static uint32_t count_indicators(const struct debar_blob *blob)
{
	uint32_t count = 0;
	int kind;

	for (kind = 0; kind < DEBAR_BLOB_KINDS; kind++)
		count += blob->kinds[kind].indicator_count;
	return count;
}

static void print_policy(const char *done, const struct debar_blob *blob)
{
	uint32_t bans = le32toh(blob->header->ban_count), indicators = count_indicators(blob);

	printf("%s: policy %s, serial %" PRIu64 ", %" PRIu32 " ban%s, %" PRIu32 " indicator%s\n",
	       done, debar_blob_string(blob, blob->header->name), le64toh(blob->header->serial),
	       bans, debar_plural(bans), indicators, debar_plural(indicators));
}

static int build(const char *const *paths, size_t count, struct debarctl_host *host,
		 const char *output, uint64_t issued)
{
	_cleanup_source_ struct debar_source *source = NULL;
	_cleanup_buffer_ struct debar_buffer out = {};
	struct debar_blob_error wrong;
	struct debar_error error;
	struct debar_blob blob;
	int err = debar_source_load(paths, count, &source, &error);

	if (!err) {
		source->issued = issued;
		source->host = &host->config.profiles;
		err = debar_compile(source, &out, &error);
	}
	if (!err) {
		err = debar_file_write(output, out.data, out.length);
		if (err)
			debar_error_system(&error, err, output, "cannot write it");
	}
	if (err) {
		debar_print_error(&error);
		return exit_for(err);
	}
	debarctl_host_tell(host);
	if (!debar_blob_parse(&blob, out.data, out.length, &wrong))
		print_policy("built", &blob);
	return DEBARCTL_DONE;
}

static int run_build(int argc, char **argv)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "issued", required_argument, NULL, 'i' },
		DEBARCTL_PROFILE_OPTION,
		DEBARCTL_CONFIG_OPTION,
		{}
	};
	_cleanup_host_ struct debarctl_host host = {};
	const char *output = NULL, *time = NULL;
	uint64_t issued;
	int option, err;

	while ((option = debarctl_option("policy build", argc, argv, "o:", options)) != -1) {
		if (option == 'o')
			output = optarg;
		else if (option == 'i')
			time = optarg;
		else if (!debarctl_host_option(&host, "policy build", option))
			return debarctl_usage("debarctl policy build");
	}
	if (optind == argc || !output) {
		debar_print_problem("policy build", NULL, output ? "a policy source is missing" :
				    "the file to write is missing (-o FILE)");
		return debarctl_usage("debarctl policy build");
	}
	if (issued_at(time, &issued))
		return debarctl_usage("debarctl policy build");
	err = debarctl_host_read(&host, "policy build", true);
	return err ? err : build((const char *const *)argv + optind, argc - optind, &host, output,
				 issued);
}

static int load_local(const struct debar_policy *policy, const char *where)
{
	_cleanup_client_ struct debar_client *client = NULL;
	struct debar_status status;
	int err = debarctl_connect(&client);

	if (err)
		return err;
	err = debar_client_status(client, &status);
	if (!err && status.local_digest &&
	    !memcmp(status.local_digest, policy->digest, DEBAR_DIGEST_SIZE)) {
		print_policy("unchanged, added", &policy->blob);
		return DEBARCTL_UNCHANGED;
	}
	if (!err)
		err = debar_client_local_load(client, policy->data.data, policy->data.length,
					      policy->digest);
	if (err)
		return debarctl_kernel_error(client, where, err);
	print_policy("added", &policy->blob);
	return DEBARCTL_DONE;
}

static int load(const struct debar_policy *policy, const char *where)
{
	_cleanup_client_ struct debar_client *client = NULL;
	int err = debarctl_connect(&client);

	if (err)
		return err;
	err = debar_in_force(client, policy);
	if (err > 0) {
		print_policy("unchanged", &policy->blob);
		return DEBARCTL_UNCHANGED;
	}
	if (!err)
		err = debar_client_policy_load_signed(client, policy->data.data,
						      policy->data.length, policy->digest,
						      &policy->signature);
	if (err == -EKEYREJECTED) {
		debar_print_problem(where, "get both anew from who signed it",
				    "the kernel refused: %s",
				    debar_signature_fault(&policy->data, &policy->signature));
		return DEBARCTL_REFUSED;
	}
	if (err)
		return debarctl_kernel_error(client, where, err);
	print_policy("loaded", &policy->blob);
	return DEBARCTL_DONE;
}

static int run_load(int argc, char **argv)
{
	static const struct option options[] = {
		{ "allow-lockout", required_argument, NULL, 'a' },
		DEBARCTL_PROFILE_OPTION,
		DEBARCTL_CONFIG_OPTION,
		{ "local", no_argument, NULL, 'l' },
		{}
	};
	_cleanup_free_ const char **allowed = calloc(argc, sizeof(*allowed));
	_cleanup_host_ struct debarctl_host host = {};
	_cleanup_policy_ struct debar_policy policy = {};
	struct debar_error error;
	bool local = false;
	size_t count = 0;
	int option, err;

	if (!allowed) {
		debar_print_problem("policy load", "free memory and try again", "out of memory");
		return DEBARCTL_FAILED;
	}
	while ((option = debarctl_option("policy load", argc, argv, "", options)) != -1) {
		if (option == 'a')
			allowed[count++] = optarg;
		else if (option == 'l')
			local = true;
		else if (!debarctl_host_option(&host, "policy load", option))
			return debarctl_usage("debarctl policy load");
	}
	if (optind == argc) {
		debar_print_problem("policy load", NULL, "a policy is missing");
		return debarctl_usage("debarctl policy load");
	}
	err = debarctl_host_read(&host, "policy load", true);
	if (err)
		return err;
	policy.host = &host.config.profiles;
	err = debar_policy_open((const char *const *)argv + optind, argc - optind, &policy, &error);
	if (!err)
		err = debar_lockout_check(&policy, allowed, count, &error);
	if (err) {
		debar_print_error(&error);
		return exit_for(err);
	}
	debarctl_host_tell(&host);
	return local ? load_local(&policy, argv[optind]) : load(&policy, argv[optind]);
}

static int unload_local(struct debar_client *client)
{
	struct debar_status status;
	int err = debar_client_status(client, &status);

	if (!err && !status.local_digest) {
		puts("unchanged: this machine adds nothing to the policy");
		return DEBARCTL_UNCHANGED;
	}
	if (!err)
		err = debar_client_local_unload(client);
	if (err)
		return debarctl_kernel_error(client, "policy unload", err);
	puts("unloaded: this machine adds nothing to the policy any more");
	return DEBARCTL_DONE;
}

static int run_unload(int argc, char **argv)
{
	static const struct option options[] = { { "local", no_argument, NULL, 'l' }, {} };
	_cleanup_client_ struct debar_client *client = NULL;
	struct debar_policy_info info;
	bool local = false;
	int option, err;

	while ((option = debarctl_option("policy unload", argc, argv, "", options)) != -1) {
		if (option != 'l')
			return debarctl_usage("debarctl policy unload");
		local = true;
	}
	if (optind != argc) {
		debar_print_problem("policy unload", NULL, "takes no argument: %s", argv[optind]);
		return debarctl_usage("debarctl policy unload");
	}
	err = debarctl_connect(&client);
	if (err)
		return err;
	if (local)
		return unload_local(client);
	err = debar_client_policy_get(client, &info);
	if (err == -ENODATA) {
		puts("unchanged: no policy is in force");
		return DEBARCTL_UNCHANGED;
	}
	if (!err)
		err = debar_client_policy_unload(client);
	if (err)
		return debarctl_kernel_error(client, "policy unload", err);
	puts("unloaded: nothing is banned any more");
	return DEBARCTL_DONE;
}

static const struct debarctl_cmd cmd_build = {
	.name = "build",
	.run = run_build,
	.summary = "compile policy source to a blob",
	.help = "usage: debarctl policy build SOURCE... -o FILE [--issued SECONDS]\n"
		DEBARCTL_HOST_USAGE
		"\n"
		"Compile the policy source, one policy of all files, and write the blob.\n"
		"\n"
		"  -o, --output FILE  write the blob there\n"
		"  --issued SECONDS   time of issue, in seconds since 1970; default: $SOURCE_DATE_EPOCH, or now\n"
		DEBARCTL_HOST_HELP,
};

static const struct debarctl_cmd cmd_load = {
	.name = "load",
	.run = run_load,
	.summary = "put a policy in force",
	.help = "usage: debarctl policy load [--local] [--allow-lockout PATH]... FILE\n"
		"       debarctl policy load [--local] [--allow-lockout PATH]... SOURCE...\n"
		DEBARCTL_HOST_USAGE
		"\n"
		"Put a policy in force: one blob, or files of policy source, which are compiled first. When it is\n"
		"in force already, nothing is done and the exit code is 3. A policy that would refuse what this\n"
		"machine needs to be repaired is not loaded.\n"
		"\n"
		"  --allow-lockout PATH  load it although it would refuse this file\n"
		"  --local               add it to the policy in force, which stays: what this machine has found out\n"
		"                        for itself, in the place of what was added before\n"
		DEBARCTL_HOST_HELP,
};

static const struct debarctl_cmd cmd_unload = {
	.name = "unload",
	.run = run_unload,
	.summary = "put no policy in force; nothing is banned any more",
	.help = "usage: debarctl policy unload [--local]\n"
		"\n"
		"Take the policy out of force, and what this machine has added to it. Nothing is banned any more.\n"
		"\n"
		"  --local  take out only what was added\n",
};

static int run(int argc, char **argv)
{
	static const struct debarctl_cmd *const commands[] = {
		&cmd_build, &debarctl_cmd_policy_sign, &debarctl_cmd_policy_verify,
		&debarctl_cmd_policy_show, &debarctl_cmd_policy_diff, &cmd_load, &cmd_unload,
	};

	return debarctl_dispatch("debarctl policy", commands, ARRAY_SIZE(commands), argc, argv);
}

const struct debarctl_cmd debarctl_cmd_policy = {
	.name = "policy",
	.run = run,
	.summary = "build, sign, show, compare, load and unload a policy",
};
