// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the program that it is told to on a terminal of its own, and writes what is shown there.
 */
#include <pty.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char shown[4096];
	ssize_t length;
	int terminal;
	pid_t pid = argc < 2 ? -1 : forkpty(&terminal, NULL, NULL, NULL);

	if (pid < 0)
		return 127;
	if (!pid) {
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	/* The terminal is gone with its last process. */
	while ((length = read(terminal, shown, sizeof(shown))) > 0)
		if (write(STDOUT_FILENO, shown, length) != length)
			return 1;
	return 0;
}
