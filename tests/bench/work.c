// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One piece of work, many times: work WORK TIMES ARGUMENT..., the works are at the end; prints how
 * many instructions one takes.
 *
 * The machine runs with one instruction for each tick of the time stamp counter, so that ticks are
 * instructions. The figure is the least: the timer interrupts what takes a millisecond up to every
 * third time, the kernel's own threads run in between, and memory is given back in batches; all of
 * them only add.
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
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#define PAGE		4096
#define FRESH_FILE	"fresh"
#define LABEL		"security.ima"
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
	if (errno != EPERM && errno != EACCES)
		err(1, "%s was not refused", argv[0]);
}

static void do_open(void)
{
	int fd = open(arguments[0], O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", arguments[0]);
	close(fd);
}

static int mapped = -1;

static void prepare_map(void)
{
	if (mapped < 0)
		mapped = open(arguments[0], O_RDONLY | O_CLOEXEC);
}

/* Nothing but the two system calls. */
static void map_and_unmap(int protection, int flags, int fd)
{
	void *address = mmap(NULL, PAGE, protection, flags, fd, 0);

	if (address == MAP_FAILED)
		err(1, "mmap");
	munmap(address, PAGE);
}

static void do_map(void)
{
	map_and_unmap(PROT_READ | PROT_EXEC, MAP_PRIVATE, mapped);
}

static void do_map_read(void)
{
	map_and_unmap(PROT_READ, MAP_PRIVATE, mapped);
}

static void do_map_anonymous(void)
{
	map_and_unmap(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

/* mprotect FILE - take a right of a mapping away, and give it back */
static void toggle(int protection)
{
	static void *address;

	if (!address)
		address = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, mapped, 0);
	if (mprotect(address, PAGE, protection) || mprotect(address, PAGE, PROT_READ))
		err(1, "mprotect");
}

static void do_protect(void)
{
	toggle(PROT_READ | PROT_WRITE);
}

static void do_protect_exec(void)
{
	toggle(PROT_READ | PROT_EXEC);
}

static void do_dlopen(void)
{
	void *library = dlopen(arguments[0], RTLD_NOW);

	if (!library)
		errx(1, "%s", dlerror());
	dlclose(library);
}

/*
 * IMA has a file that root writes hashed and labelled as soon as it is closed. Under a label that
 * was set, as a package manager does, it is hashed at the first execution, as by the others.
 */
static void label_anew(void)
{
	char label[256];
	ssize_t length = getxattr(FRESH_FILE, LABEL, label, sizeof(label));

	if (length > 0 && setxattr(FRESH_FILE, LABEL, label, length, 0))
		err(1, LABEL);
}

static long long fresh_size;

/* The program, made longer. */
static void make_fresh(void)
{
	static char piece[1 << 20];
	int in = open(arguments[0], O_RDONLY | O_CLOEXEC), out;
	long long left = fresh_size;
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
	close(out);
}

/*
 * fresh PROGRAM SIZE - a program of this size with a content that nobody has seen: its last bytes
 * are others each time.
 */
static void prepare_fresh(void)
{
	static uint64_t edition;
	int fd;

	if (!edition++) {
		fresh_size = atoll(arguments[1]);
		make_fresh();
	}
	fd = open(FRESH_FILE, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || pwrite(fd, &edition, sizeof(edition), fresh_size - sizeof(edition)) < 0 ||
	    fsync(fd) || close(fd))
		err(1, "%s", FRESH_FILE);
	label_anew();
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
	{ "silent", NULL, do_exec },
	{ "deny", NULL, do_deny },
	{ "open", NULL, do_open },
	{ "map", prepare_map, do_map },
	{ "map-read", prepare_map, do_map_read },
	{ "map-anon", NULL, do_map_anonymous },
	{ "mprotect", prepare_map, do_protect },
	{ "mprotect-exec", prepare_map, do_protect_exec },
	{ "dlopen", NULL, do_dlopen },
	{ "fresh", prepare_fresh, do_fresh },
	{ "hash", prepare_hash, do_hash },
};

static void measure(const struct work *work, size_t times)
{
	uint64_t least = UINT64_MAX, begin, took;

	while (times--) {
		if (work->prepare)
			work->prepare();
		begin = __rdtsc();
		work->once();
		took = __rdtsc() - begin;
		if (took < least)
			least = took;
	}
	printf("%llu\n", (unsigned long long)least);
}

int main(int argc, char **argv)
{
	size_t i;

	if (argc < 4 || atol(argv[2]) < 1)
		errx(2, "usage: work WORK TIMES ARGUMENT...");
	arguments = argv + 3;
	if (posix_spawn_file_actions_init(&silence))
		err(1, NULL);
	if (!strcmp(argv[1], "silent") &&
	    (posix_spawn_file_actions_addopen(&silence, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) ||
	     posix_spawn_file_actions_adddup2(&silence, STDOUT_FILENO, STDERR_FILENO)))
		err(1, NULL);
	for (i = 0; i < sizeof(works) / sizeof(*works); i++) {
		if (strcmp(argv[1], works[i].name))
			continue;
		measure(&works[i], atol(argv[2]));
		return 0;
	}
	errx(2, "no such work: %s", argv[1]);
}
