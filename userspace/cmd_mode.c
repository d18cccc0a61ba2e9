// SPDX-License-Identifier: GPL-2.0-or-later
/* debarctl mode: show or set what happens to banned files. */
#include <string.h>

#include "client.h"
#include "debarctl.h"
#include "names.h"
#include "output.h"

#define WHERE	"mode"

static int set(struct debar_client *client, uint32_t mode, uint32_t wanted)
{
	int err;

	if (mode == wanted) {
		printf("unchanged: %s\n", debar_mode_name(mode));
		return DEBARCTL_UNCHANGED;
	}
	err = debar_client_mode_set(client, wanted);
	if (err)
		return debarctl_kernel_error(client, WHERE, err);
	printf("%s\n", debar_mode_name(wanted));
	return DEBARCTL_DONE;
}

static int run(int argc, char **argv)
{
	_cleanup_client_ struct debar_client *client = NULL;
	struct debar_status status;
	int wanted = 0, err;

	if (argc > 1)
		wanted = debar_mode_parse(argv[1]);
	if (argc > 2 || wanted < 0) {
		debar_print_problem(WHERE, NULL, "give monitor, enforce or nothing");
		return debarctl_usage("debarctl mode");
	}
	err = debarctl_connect(&client);
	if (err)
		return err;
	err = debar_client_status(client, &status);
	if (err)
		return debarctl_kernel_error(client, WHERE, err);
	if (argc > 1)
		return set(client, status.mode, wanted);
	puts(debar_mode_name(status.mode));
	return DEBARCTL_DONE;
}

const struct debarctl_cmd debarctl_cmd_mode = {
	.name = "mode",
	.run = run,
	.summary = "show or set what happens to banned files",
	.help = "usage: debarctl mode [monitor|enforce]\n"
		"\n"
		"Show the mode, or set it. In the mode monitor nothing is refused, only recorded; in the mode\n"
		"enforce each ban does what the policy says. When the mode is set already, the exit code is 3.\n",
};
