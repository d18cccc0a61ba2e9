// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * debarctl: the operator's one command. Finds the command to run, and the way to the kernel for
 * all of them.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "client.h"
#include "debarctl.h"
#include "output.h"

static const struct debarctl_cmd *const commands[] = {
	&debarctl_cmd_module, &debarctl_cmd_import, &debarctl_cmd_policy, &debarctl_cmd_check,
	&debarctl_cmd_mode, &debarctl_cmd_seal, &debarctl_cmd_denials, &debarctl_cmd_status,
};

static void print_commands(const char *prefix, const struct debarctl_cmd *const *cmds, size_t count)
{
	size_t i;

	printf("usage: %s COMMAND [OPTION...] [ARGUMENT...]\n\ncommands:\n", prefix);
	for (i = 0; i < count; i++)
		printf("  %-10s%s\n", cmds[i]->name, cmds[i]->summary);
	printf("\n%s COMMAND --help tells more.\n", prefix);
}

static bool is_help(const char *argument)
{
	return !strcmp(argument, "--help") || !strcmp(argument, "-h");
}

int debarctl_usage(const char *command)
{
	fprintf(stderr, "%s --help shows what can be given.\n", command);
	return DEBARCTL_USAGE;
}

int debarctl_dispatch(const char *prefix, const struct debarctl_cmd *const *cmds, size_t count,
		      int argc, char **argv)
{
	size_t i;

	if (argc < 2) {
		debar_print_problem(prefix, NULL, "a command is missing");
		return debarctl_usage(prefix);
	}
	if (is_help(argv[1])) {
		print_commands(prefix, cmds, count);
		return DEBARCTL_DONE;
	}
	for (i = 0; i < count; i++) {
		if (strcmp(argv[1], cmds[i]->name))
			continue;
		if (argc > 2 && cmds[i]->help && is_help(argv[2])) {
			fputs(cmds[i]->help, stdout);
			return DEBARCTL_DONE;
		}
		return cmds[i]->run(argc - 1, argv + 1);
	}
	debar_print_problem(prefix, NULL, "no such command: %s", argv[1]);
	return debarctl_usage(prefix);
}

int debarctl_option(const char *where, int argc, char **argv, const char *short_options,
		    const struct option *options)
{
	int option;

	opterr = 0;
	option = getopt_long(argc, argv, short_options, options, NULL);
	if (option == '?')
		debar_print_problem(where, NULL, "unknown option, or its value is missing: %s",
				    argv[optind - 1]);
	return option;
}

int debarctl_connect(struct debar_client **client)
{
	int err = debar_client_open(client);

	if (!err)
		return 0;
	if (err == -ENOENT)
		debar_print_problem("kernel", "load it: debarctl module load",
				    "the module debar is not loaded");
	else
		debar_print_problem("kernel", "check that this kernel has generic netlink",
				    "cannot open netlink: %s", strerror(-err));
	return DEBARCTL_FAILED;
}

void debarctl_scan(struct debar_client **client)
{
	if (!debar_client_open(client))
		(void)debar_client_scan_begin(*client);
}

int debarctl_kernel_error(const struct debar_client *client, const char *where, int code)
{
	const char *message = debar_client_message(client);

	switch (code) {
	case -ENOENT:
		debar_print_problem(where, "load it: debarctl module load",
				    "the module debar is not loaded any more");
		return DEBARCTL_FAILED;
	case -EPERM:
	case -EACCES:
		debar_print_problem(where, "run it as root, outside of any container",
				    "the kernel demands CAP_MAC_ADMIN%s%s",
				    message[0] ? ": " : "", message);
		return DEBARCTL_FAILED;
	case -ENOMEM:
		debar_print_problem(where, "free memory and try again", "out of memory");
		return DEBARCTL_FAILED;
	default:
		debar_print_problem(where, "correct what it objects to",
				    "the kernel refused: %s%s%s",
				    message[0] ? message : strerror(-code),
				    message[0] ? ": " : "", message[0] ? strerror(-code) : "");
		return DEBARCTL_REFUSED;
	}
}

/* What could not be written is no success, whatever the command thought. */
static int flush(int result)
{
	if (!fflush(stdout) && !ferror(stdout))
		return result;
	debar_print_problem("standard output", "make room and try again", "cannot write: %s",
			    strerror(errno));
	return DEBARCTL_FAILED;
}

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "--version")) {
		puts("debarctl " DEBAR_VERSION);
		return flush(DEBARCTL_DONE);
	}
	return flush(debarctl_dispatch("debarctl", commands, ARRAY_SIZE(commands), argc, argv));
}
