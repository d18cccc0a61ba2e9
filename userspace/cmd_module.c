// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * debarctl module load|unload: put the kernel module in and take it out.
 */
#include <errno.h>
#include <getopt.h>
#include <string.h>

#include "debarctl.h"
#include "module.h"
#include "output.h"
#include "util.h"

/**
 * struct answer - what to tell about an error
 * @code: errno, positive
 * @exit: what to exit with
 * @what: went wrong
 * @remedy: what to do
 */
struct answer {
	int code;
	enum debarctl_exit exit;
	const char *what;
	const char *remedy;
};

static const struct answer load_answers[] = {
	{ENODEV, DEBARCTL_FAILED, "there is no module debar for the running kernel",
	 "install it for this kernel and run depmod, or name its file"},
	{ENOENT, DEBARCTL_FAILED, "there is no such file", "name the file of the module, debar.ko"},
	{EACCES, DEBARCTL_FAILED, "the file cannot be read", "run as root"},
	{ENOEXEC, DEBARCTL_REFUSED, "the file is no module for the running kernel",
	 "build it with the headers of this kernel (see uname -r); dmesg says more"},
	{ENOKEY, DEBARCTL_REFUSED, "the kernel demands a signature and does not know the signer",
	 "sign the module with a key that the kernel trusts"},
	{EKEYREJECTED, DEBARCTL_REFUSED, "the kernel demands a valid signature",
	 "sign the module with a key that the kernel trusts"},
	{EPERM, DEBARCTL_REFUSED, "the kernel does not permit it",
	 "look for lockdown or kernel.modules_disabled; dmesg says more"},
	{EINVAL, DEBARCTL_REFUSED, "the kernel takes the file or a parameter for invalid",
	 "correct it; dmesg says more"},
};

static const struct answer unload_answers[] = {
	{EOPNOTSUPP, DEBARCTL_REFUSED, "debar is built into this kernel",
	 "start the kernel without debar in lsm= to do without it"},
	{EAGAIN, DEBARCTL_REFUSED, "the module is in use", "try again, dmesg may say who uses it"},
	{EBUSY, DEBARCTL_REFUSED, "the module cannot be unloaded now",
	 "see whether it is being loaded or unloaded, or whether it is sealed"},
	{EPERM, DEBARCTL_REFUSED, "the kernel does not permit it",
	 "look for kernel.modules_disabled"},
};

static int answer(const char *where, int code, const struct answer *answers, size_t count)
{
	if (code == -EPERM && geteuid() != 0) {
		debar_print_problem(where, "run as root", "needs the capability CAP_SYS_MODULE");
		return DEBARCTL_FAILED;
	}
	for (size_t i = 0; i < count; i++) {
		if (answers[i].code == -code) {
			debar_print_problem(where, answers[i].remedy, "%s", answers[i].what);
			return answers[i].exit;
		}
	}
	debar_print_problem(where, "see dmesg", "%s", strerror(-code));
	return DEBARCTL_FAILED;
}

/* Append to the parameters that the kernel gets as one line. */
static int add_parameter(struct debar_buffer *parameters, const char *parameter)
{
	if (parameters->length && debar_buffer_add(parameters, " ", 1))
		return -ENOMEM;
	return debar_buffer_add(parameters, parameter, strlen(parameter));
}

static int insert(const char *path, const char *parameters)
{
	const char *where = path ? path : "module load";
	int error = debar_module_load(path, parameters);

	if (error == -EEXIST) {
		puts(debar_module_built_in() ? "unchanged: debar is built into this kernel" :
					       "unchanged: the module is loaded already");
		return DEBARCTL_UNCHANGED;
	}
	if (error)
		return answer(where, error, load_answers, ARRAY_SIZE(load_answers));
	puts("loaded");
	return DEBARCTL_DONE;
}

static int run_load(int argc, char **argv)
{
	static const struct option options[] = {
		{"param", required_argument, NULL, 'p'},
		{0},
	};
	_cleanup_buffer_ struct debar_buffer parameters = {0};
	int option;

	optind = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option != 'p')
			return debarctl_usage("debarctl module load");
		if (add_parameter(&parameters, optarg))
			return answer("module load", -ENOMEM, NULL, 0);
	}
	if (argc - optind > 1)
		return debarctl_usage("debarctl module load");
	/* The buffer has no NUL of its own. */
	if (debar_buffer_add(&parameters, NULL, 1))
		return answer("module load", -ENOMEM, NULL, 0);
	return insert(argv[optind], parameters.data);
}

static int run_unload(int argc, char **argv)
{
	int error;

	(void)argv;
	if (argc != 1)
		return debarctl_usage("debarctl module unload");
	error = debar_module_unload();
	if (error == -ENOENT) {
		puts("unchanged: the module is not loaded");
		return DEBARCTL_UNCHANGED;
	}
	if (error)
		return answer("module unload", error, unload_answers, ARRAY_SIZE(unload_answers));
	puts("unloaded");
	return DEBARCTL_DONE;
}

static const struct debarctl_cmd cmd_load = {
	.name = "load",
	.run = run_load,
	.summary = "load the kernel module",
	.help = "usage: debarctl module load [--param NAME=VALUE]... [FILE]\n"
		"\n"
		"Load the kernel module debar: FILE, or the one that depmod knows for the running kernel.\n"
		"\n"
		"  --param NAME=VALUE  set a parameter of the module; may be given several times\n",
};

static const struct debarctl_cmd cmd_unload = {
	.name = "unload",
	.run = run_unload,
	.summary = "unload the kernel module; nothing is banned any more",
	.help = "usage: debarctl module unload\n"
		"\n"
		"Unload the kernel module debar. Its policy and the denials that it keeps are gone with it.\n",
};

static int run(int argc, char **argv)
{
	static const struct debarctl_cmd *const cmds[] = {&cmd_load, &cmd_unload};

	return debarctl_dispatch("debarctl module", cmds, ARRAY_SIZE(cmds), argc, argv);
}

const struct debarctl_cmd debarctl_cmd_module = {
	.name = "module",
	.run = run,
	.summary = "load and unload the kernel module",
};
