/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What debarctl and its commands share: the table of commands, exit codes, and the way to the
 * kernel.
 */
#ifndef DEBARCTL_H
#define DEBARCTL_H

#include <getopt.h>
#include <stddef.h>

/**
 * enum debarctl_exit - what debarctl exits with, the same for every command
 * @DEBARCTL_DONE: done, or: what was asked about is in order
 * @DEBARCTL_FOUND: asked and answered: a file is banned, debar is not healthy
 * @DEBARCTL_USAGE: the command line is wrong; nothing was done
 * @DEBARCTL_UNCHANGED: what was asked for was so already; nothing was done
 * @DEBARCTL_REFUSED: the input is invalid, or the kernel refused it; nothing was changed
 * @DEBARCTL_FAILED: could not be tried: no module, no permission, no file, no memory
 */
enum debarctl_exit {
	DEBARCTL_DONE = 0,
	DEBARCTL_FOUND = 1,
	DEBARCTL_USAGE = 2,
	DEBARCTL_UNCHANGED = 3,
	DEBARCTL_REFUSED = 4,
	DEBARCTL_FAILED = 5,
};

/**
 * struct debarctl_cmd - a command, or a command of a command
 * @name: as typed
 * @run: gets its own name as argv[0]; returns an enum debarctl_exit
 * @summary: one line for the list of commands
 * @help: what `--help` prints: the usage line and the options, ending in a newline
 */
struct debarctl_cmd {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
	const char *help;
};

/* Each is defined in cmd_<name>.c */
extern const struct debarctl_cmd debarctl_cmd_check;
extern const struct debarctl_cmd debarctl_cmd_denials;
extern const struct debarctl_cmd debarctl_cmd_import;
extern const struct debarctl_cmd debarctl_cmd_mode;
extern const struct debarctl_cmd debarctl_cmd_module;
extern const struct debarctl_cmd debarctl_cmd_policy;
extern const struct debarctl_cmd debarctl_cmd_seal;
extern const struct debarctl_cmd debarctl_cmd_status;

/**
 * debarctl_dispatch - run the command that argv[1] names, or show the help
 * @prefix: what stands before it on the command line: "debarctl", "debarctl module"
 * @cmds: commands to choose from
 * @count: of @cmds
 * @argc: as main() or a command's run() got it
 * @argv: as main() or a command's run() got it
 *
 * `--help` behind a command is answered here, so that run() never sees it as its first argument.
 * Return: enum debarctl_exit.
 */
int debarctl_dispatch(const char *prefix, const struct debarctl_cmd *const *cmds, size_t count,
		      int argc, char **argv);

/*
 * debarctl_usage - say that the command line is wrong and where its help is; returns
 * DEBARCTL_USAGE
 */
int debarctl_usage(const char *command);

/**
 * debarctl_option - the next option, as getopt_long(3)
 * @where: named when there is something to complain about
 * @argc: as run() got it
 * @argv: as run() got it; options may stand anywhere, arguments begin at optind in the end
 * @short_options: as for getopt(3)
 * @options: as for getopt_long(3)
 *
 * Return: the option's letter, -1 at the end, or '?' when a message has been printed.
 */
int debarctl_option(const char *where, int argc, char **argv, const char *short_options,
		    const struct option *options);

struct debar_client;

/* debarctl_connect - open a client, or say why not; 0 or an enum debarctl_exit */
int debarctl_connect(struct debar_client **client);

/*
 * debarctl_scan - let this process open what a ban keeps from being opened, where debar is loaded
 * and the one who asks may; otherwise opening such a file fails, and says so
 */
void debarctl_scan(struct debar_client **client);

/**
 * debarctl_kernel_error - say that the kernel refused, in its own words where it gave some
 * @client: the call was made with
 * @where: the command, or the file concerned
 * @code: -errno that the client returned
 *
 * Return: DEBARCTL_FAILED when nothing could be asked (no module, no permission, no memory),
 * otherwise DEBARCTL_REFUSED.
 */
int debarctl_kernel_error(const struct debar_client *client, const char *where, int code);

#endif /* DEBARCTL_H */
