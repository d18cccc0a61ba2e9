/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the commands that compile policy source have in common: the profiles of the host that it is
 * compiled for, and telling which bans are left out.
 */
#ifndef DEBAR_CMD_HOST_H
#define DEBAR_CMD_HOST_H

#include "config.h"

/* The options of such a command. */
#define DEBARCTL_PROFILE_OPTION	{ "profile", required_argument, NULL, 'P' }
#define DEBARCTL_CONFIG_OPTION	{ "config", required_argument, NULL, 'C' }

/* For its help: behind the usage line, and at the end. */
#define DEBARCTL_HOST_USAGE \
	"           [--profile NAME]... [--config FILE]\n"
#define DEBARCTL_HOST_HELP						\
	"  --profile NAME  compile source for a host of this profile, not for those of the\n" \
	"                  configuration; may be repeated\n"		\
	"  --config FILE   the configuration (" DEBAR_CONFIG_PATH ")\n"

/**
 * struct debarctl_host - the host that source is compiled for; all zero at first
 * @names: of --profile, pointers
 * @config_path: of --config, or NULL
 * @config: its content; profiles of @names take the place of its own
 */
struct debarctl_host {
	struct debar_buffer names;
	const char *config_path;
	struct debar_config config;
};

/*
 * debarctl_host_option - take one of these options with its value, optarg; false when it is
 * another one, or wrong, which has been told
 */
bool debarctl_host_option(struct debarctl_host *host, const char *where, int option);

/**
 * debarctl_host_read - learn the host's profiles
 * @host: with its options
 * @where: the command
 * @compiles: there are files that can be policy source; otherwise the options are refused
 *
 * Return: 0, or an enum debarctl_exit when it has been told what is wrong.
 */
int debarctl_host_read(struct debarctl_host *host, const char *where, bool compiles);

/* debarctl_host_tell - tell which bans were left out */
void debarctl_host_tell(const struct debarctl_host *host);

void debarctl_host_free(struct debarctl_host *host);

#define _cleanup_host_ _cleanup_(debarctl_host_free)

#endif /* DEBAR_CMD_HOST_H */
