// SPDX-License-Identifier: GPL-2.0-or-later
/* debarctl seal: until the machine starts anew, let nobody unload debar or weaken it. */
#include <stdio.h>

#include "client.h"
#include "debarctl.h"
#include "output.h"

#define WHERE	"seal"

static int run(int argc, char **argv)
{
	_cleanup_client_ struct debar_client *client = NULL;
	struct debar_status status;
	int err;

	if (argc > 1) {
		debar_print_problem(WHERE, NULL, "takes no argument: %s", argv[1]);
		return debarctl_usage("debarctl seal");
	}
	err = debarctl_connect(&client);
	if (err)
		return err;
	err = debar_client_status(client, &status);
	if (!err && status.sealed) {
		puts("unchanged: sealed");
		return DEBARCTL_UNCHANGED;
	}
	if (!err)
		err = debar_client_seal(client);
	if (err)
		return debarctl_kernel_error(client, WHERE, err);
	puts("sealed until the machine starts anew");
	return DEBARCTL_DONE;
}

const struct debarctl_cmd debarctl_cmd_seal = {
	.name = "seal",
	.run = run,
	.summary = "until the machine starts anew, let nobody unload or weaken debar",
	.help = "usage: debarctl seal\n"
		"\n"
		"Until the machine starts anew, refuse to unload the module, to unload the policy or to put an older\n"
		"one in force, and to set the mode monitor. There must be a policy, and the mode be enforce. When debar\n"
		"is sealed already, the exit code is 3.\n",
};
