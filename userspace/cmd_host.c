// SPDX-License-Identifier: GPL-2.0-or-later
/* For which host debarctl compiles policy source, and which bans it leaves out therefore. */
#include <errno.h>

#include "cmd_host.h"
#include "debarctl.h"
#include "output.h"

bool debarctl_host_option(struct debarctl_host *host, const char *where, int option)
{
	if (option == 'C') {
		host->config_path = optarg;
		return true;
	}
	if (option != 'P')
		return false;
	if (!debar_profile_is_name(optarg)) {
		debar_print_problem("--profile", DEBAR_PROFILE_FORM,
				    "'%s' is no name of a profile", optarg);
		return false;
	}
	if (!debar_buffer_add(&host->names, &optarg, sizeof(optarg)))
		return true;
	debar_print_problem(where, "free memory and try again", "out of memory");
	return false;
}

int debarctl_host_read(struct debarctl_host *host, const char *where, bool compiles)
{
	struct debar_error error;
	int err;

	if (!compiles) {
		if (!host->names.length && !host->config_path)
			return 0;
		debar_print_problem(where, "give a policy source, too",
				    "--profile and --config are for compiling");
		return DEBARCTL_USAGE;
	}
	err = debar_config_load(host->config_path, &host->config, &error);
	if (err) {
		debar_print_error(&error);
		return err == -EINVAL ? DEBARCTL_REFUSED : DEBARCTL_FAILED;
	}
	if (host->names.length) {
		host->config.profiles.names = (const char *const *)host->names.data;
		host->config.profiles.count = host->names.length / sizeof(const char *);
	}
	return 0;
}

void debarctl_host_tell(const struct debarctl_host *host)
{
	struct debar_error text;
	size_t at = 0;

	while (debar_profiles_told(&host->config.profiles, &at, &text))
		debar_print_error(&text);
}

void debarctl_host_free(struct debarctl_host *host)
{
	debar_config_free(&host->config);
	debar_buffer_free(&host->names);
}
