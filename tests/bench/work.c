// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One piece of work, many times: work exec|load|deny|open|map|dlopen|fresh|hash ARGUMENT...; prints
 * how many instructions one takes.
 *
 * The machine runs with one instruction for each tick of the time stamp counter, so that ticks are
 * instructions. Output: the mean of the middle half, which leaves the timer's interrupts out, the
 * lower and the upper quartile.
 */
#include <dlfcn.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_alg.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#define FRESH_FILE	"fresh"
/* A file must not have changed in the last moments when its verdict is to be remembered. */
#define SETTLE_NS	(200 * 1000 * 1000)

static char **arguments;
/* What a program says would stand among the figures. */
static posix_spawn_file_actions_t silence;

static void run(char *const argv[])
{
	static char *const environment[] = { NULL };
	int status;
	pid_t pid;

	errno = posix_spawn(&pid, argv[0], &silence, NULL, argv, environment);
	if (errno)
		err(1, "%s", argv[0]);
	if (waitpid(pid, &status, 0) != pid || status)
		errx(1, "%s: status %d", argv[0], status);
}

static void do_exec(void)
{
	run(arguments);
}

/* No program is begun, so none has to be waited for. */
static void do_deny(void)
{
	char *const argv[] = { arguments[0], NULL };

	execv(argv[0], argv);
	if (errno != EPERM)
		err(1, "%s was not refused", argv[0]);
}

static void do_open(void)
{
	int fd = open(arguments[0], O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", arguments[0]);
	close(fd);
}

/* map FILE - nothing but the two system calls */
static void do_map(void)
{
	static int fd = -1;
	void *address;

	if (fd < 0)
		fd = open(arguments[0], O_RDONLY | O_CLOEXEC);
	address = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	if (address == MAP_FAILED)
		err(1, "%s", arguments[0]);
	munmap(address, 4096);
}

static void do_dlopen(void)
{
	void *library = dlopen(arguments[0], RTLD_NOW);

	if (!library)
		errx(1, "%s", dlerror());
	dlclose(library);
}

/* fresh PROGRAM SIZE - the program, made longer to SIZE bytes, as a file that is new each time */
static void prepare_fresh(void)
{
	static char piece[1 << 20];
	long long left = atoll(arguments[1]);
	int in = open(arguments[0], O_RDONLY), out;
	ssize_t n;

	unlink(FRESH_FILE);
	out = open(FRESH_FILE, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	if (in < 0 || out < 0)
		err(1, "%s or %s", arguments[0], FRESH_FILE);
	for (; left; left -= n) {
		n = read(in, piece, sizeof(piece));
		if (n <= 0)
			n = sizeof(piece);
		if (n > left)
			n = left;
		if (write(out, piece, n) != n)
			err(1, "%s", FRESH_FILE);
	}
	close(in);
	if (fsync(out) || close(out))
		err(1, "%s", FRESH_FILE);
	nanosleep(&(struct timespec){ .tv_nsec = SETTLE_NS }, NULL);
}

static void do_fresh(void)
{
	run((char *[]){ "./" FRESH_FILE, NULL });
}

static int algorithm = -1;

/* hash FILE - what the kernel's driver takes for the file's bytes, without copying them */
static void do_hash(void)
{
	int in = open(arguments[0], O_RDONLY | O_CLOEXEC), hash = accept(algorithm, NULL, NULL);
	off_t offset = 0;
	struct stat st;
	char digest[32];

	if (in < 0 || hash < 0 || fstat(in, &st))
		err(1, "%s", arguments[0]);
	while (offset < st.st_size)
		if (sendfile(hash, in, &offset, st.st_size - offset) <= 0)
			err(1, "sendfile");
	if (read(hash, digest, sizeof(digest)) != sizeof(digest))
		err(1, "no digest");
	close(hash);
	close(in);
}

static void prepare_hash(void)
{
	const struct sockaddr_alg address = {
		.salg_family = AF_ALG, .salg_type = "hash", .salg_name = "sha256",
	};

	if (algorithm >= 0)
		return;
	algorithm = socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (bind(algorithm, (const struct sockaddr *)&address, sizeof(address)))
		err(1, "AF_ALG");
}

static const struct work {
	const char *name;
	void (*prepare)(void); /* before each time, not counted */
	void (*once)(void);
} works[] = {
	{ "exec", NULL, do_exec },
	{ "load", NULL, do_exec },
	{ "deny", NULL, do_deny },
	{ "open", NULL, do_open },
	{ "map", NULL, do_map },
	{ "dlopen", NULL, do_dlopen },
	{ "fresh", prepare_fresh, do_fresh },
	{ "hash", prepare_hash, do_hash },
};

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/*
 * The mean of the middle half: where two ways are taken by turns, the median jumps from one to the
 * other.
 */
static uint64_t middle_mean(const uint64_t *sorted, size_t times)
{
	size_t begin = times / 4, end = times - begin, i;
	uint64_t sum = 0;

	for (i = begin; i < end; i++)
		sum += sorted[i];
	return sum / (end - begin);
}

static void measure(const struct work *work, size_t times)
{
	uint64_t *took = calloc(times, sizeof(*took)), begin;
	size_t i;

	if (!took)
		err(1, NULL);
	for (i = 0; i < times; i++) {
		if (work->prepare)
			work->prepare();
		begin = __rdtsc();
		work->once();
		took[i] = __rdtsc() - begin;
	}
	qsort(took, times, sizeof(*took), compare);
	printf("%llu %llu %llu\n", (unsigned long long)middle_mean(took, times),
	       (unsigned long long)took[times / 4], (unsigned long long)took[times * 3 / 4]);
	free(took);
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 4 || atol(argv[2]) < 1)
		errx(2, "usage: work WORK TIMES ARGUMENT...");
	arguments = argv + 3;
	if (posix_spawn_file_actions_init(&silence))
		err(1, NULL);
	if (!strcmp(argv[1], "load") &&
	    posix_spawn_file_actions_addopen(&silence, STDOUT_FILENO, "/dev/null", O_WRONLY, 0))
		err(1, NULL);
	for (i = 0; i < sizeof(works) / sizeof(*works); i++) {
		if (strcmp(argv[1], works[i].name))
			continue;
		measure(&works[i], atol(argv[2]));
		return 0;
	}
	errx(2, "no such work: %s", argv[1]);
}
