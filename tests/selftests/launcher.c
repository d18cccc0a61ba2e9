// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the program that it is told to; ends with the error number when that is refused. Stands for
 * any other subject.
 */
#include <errno.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 2)
		return 127;
	execv(argv[1], argv + 1);
	return errno;
}
