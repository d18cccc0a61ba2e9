// SPDX-License-Identifier: GPL-2.0-only
/* What the programs that run in the virtual machine share; see common.h. */
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>

#include "common.h"

int world_begin(struct world *world)
{
	int ret = debar_module_load(NULL, NULL);

	if (ret && ret != -EEXIST)
		return ret;
	ret = debar_client_open(&world->client);
	if (ret)
		return ret;
	ret = debar_client_policy_unload(world->client);
	if (ret && ret != -ENODATA)
		return ret;
	ret = debar_client_mode_set(world->client, DEBAR_MODE_ENFORCE);
	if (ret)
		return ret;
	ret = debar_client_cache_flush(world->client);
	if (ret)
		return ret;
	strcpy(world->dir, "/tmp/debar-XXXXXX");
	if (!mkdtemp(world->dir) || chdir(world->dir))
		return -errno;
	return 0;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

void world_end(struct world *world)
{
	(void)debar_client_policy_unload(world->client);
	(void)debar_client_mode_set(world->client, DEBAR_MODE_ENFORCE);
	debar_client_close(world->client);
	world->client = NULL;
	(void)!chdir("/");
	(void)nftw(world->dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

int world_reload(struct world *world, const char *parameters)
{
	int ret;

	debar_client_close(world->client);
	world->client = NULL;
	ret = debar_module_unload();
	if (ret)
		return ret;
	ret = debar_module_load(NULL, parameters);
	if (ret)
		return ret;
	return debar_client_open(&world->client);
}

int world_configure(struct world *world, const char *parameters)
{
	return debar_module_built_in() ? 0 : world_reload(world, parameters);
}

struct debar_status world_status(struct world *world)
{
	struct debar_status status = {};

	if (debar_client_status(world->client, &status))
		memset(&status, 0, sizeof(status));
	return status;
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length) {
		ssize_t written = write(fd, bytes, length);

		if (written < 0)
			return -errno;
		bytes += written;
		length -= written;
	}
	return 0;
}

static int write_opened(int fd, const void *bytes, size_t length)
{
	int ret;

	if (fd < 0)
		return -errno;
	ret = write_all(fd, bytes, length);
	close(fd);
	return ret;
}

int write_file(const char *path, const void *bytes, size_t length, mode_t mode)
{
	int ret = write_opened(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode), bytes,
			       length);

	if (!ret && chmod(path, mode))
		ret = -errno;
	return ret;
}

int rewrite_file(const char *path, const void *bytes, size_t length)
{
	return write_opened(open(path, O_WRONLY | O_CLOEXEC), bytes, length);
}

int copy_with_mark(const char *from, const char *to, const char *mark)
{
	_cleanup_buffer_ struct debar_buffer content = {};
	struct stat st;
	int ret;

	if (stat(from, &st))
		return -errno;
	ret = debar_file_read(from, SIZE_MAX, &content);
	if (!ret)
		ret = debar_buffer_add(&content, mark, strlen(mark));
	if (ret)
		return ret;
	return write_file(to, content.data, content.length, st.st_mode & 07777);
}

int make_program(const char *path, const char *mark)
{
	return copy_with_mark(PAYLOAD, path, mark);
}

int digest_of(const char *path, uint8_t *digest, uint64_t *size)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st))
		return -errno;
	*size = st.st_size;
	return debar_sha256_fd(fd, digest);
}

int run_with(const char *const *arguments)
{
	volatile int error = 0;
	pid_t child;
	int status;

	/* The child shares this memory until it has become another program, or could not. */
	child = vfork();
	if (child < 0)
		return -errno;
	if (!child) {
		execv(arguments[0], (char *const *)arguments);
		error = errno;
		_exit(127);
	}
	if (waitpid(child, &status, 0) != child)
		return -errno;
	if (error)
		return -error;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int run(const char *path)
{
	const char *const arguments[] = { path, NULL };

	return run_with(arguments);
}

pid_t start(const char *path)
{
	pid_t child = fork();

	if (!child) {
		char *const arguments[] = { (char *)path, NULL };

		execv(path, arguments);
		_exit(errno);
	}
	return child;
}

int await(pid_t child, int milliseconds)
{
	int status;

	for (; milliseconds > 0; milliseconds -= 10) {
		if (waitpid(child, &status, WNOHANG) == child)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		sleep_ms(10);
	}
	return -ETIMEDOUT;
}

/* Even this may need memory, and a test may not let it have any, once. */
static void unmap(void *memory)
{
	while (munmap(memory, 4096) && errno == ENOMEM)
		;
}

int map(const char *path, int protection)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *memory;

	if (fd < 0)
		return -errno;
	memory = mmap(NULL, 4096, protection, MAP_PRIVATE, fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	unmap(memory);
	return 0;
}

int protect(const char *path, int protection)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *memory;
	int ret = 0;

	if (fd < 0)
		return -errno;
	memory = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	if (mprotect(memory, 4096, protection))
		ret = -errno;
	unmap(memory);
	return ret;
}

void policy_init(struct policy *policy, const char *name)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	*policy = (struct policy){
		.source = {
			.name = name,
			.serial = now.tv_sec * UINT64_C(1000000000) + now.tv_nsec,
			.issued = now.tv_sec,
			.bans = &policy->ban,
			.ban_count = 1,
		},
		.ban = {
			.id = "TEST-1",
			.vendor = "Example Vendor",
			.product = "Example Suite",
			.authority = "Example order 1/2024",
			.citation = "1 EX 23",
			.mode = DEBAR_MODE_ENFORCE,
			.indicators = policy->indicators,
		},
	};
}

int policy_add(struct policy *policy, const char *path)
{
	struct debar_source_indicator *it = &policy->indicators[policy->ban.indicator_count];
	int ret;

	if (policy->ban.indicator_count == POLICY_FILES)
		return -E2BIG;
	ret = digest_of(path, it->digest, &it->size);
	if (!ret)
		policy->ban.indicator_count++;
	return ret;
}

int policy_compile(struct policy *policy)
{
	struct debar_error error = {};
	int ret;

	debar_buffer_free(&policy->blob);
	ret = debar_compile(&policy->source, &policy->blob, &error);
	if (ret) {
		printf("# policy: %s: %s\n", error.where, error.what);
		return ret;
	}
	return debar_sha256(policy->blob.data, policy->blob.length, policy->digest);
}

int policy_load(struct policy *policy, struct debar_client *client)
{
	int ret = policy_compile(policy);

	if (ret)
		return ret;
	return debar_client_policy_load(client, policy->blob.data, policy->blob.length,
					policy->digest);
}

void policy_free(struct policy *policy)
{
	debar_buffer_free(&policy->blob);
}

int ban(struct world *world, const char *const *paths)
{
	struct policy policy;
	int ret = 0;

	policy_init(&policy, "selftest");
	for (; *paths && !ret; paths++)
		ret = policy_add(&policy, *paths);
	if (!ret)
		ret = policy_load(&policy, world->client);
	policy_free(&policy);
	return ret;
}

int ban_one(struct world *world, const char *path)
{
	const char *const paths[] = { path, NULL };

	return ban(world, paths);
}

int policy_in_force(struct debar_client *client, uint8_t *digest)
{
	struct debar_policy_info policy;
	int ret = debar_client_policy_get(client, &policy);

	if (!ret)
		memcpy(digest, policy.digest, DEBAR_DIGEST_SIZE);
	return ret;
}

bool kernel_before(int major, int minor)
{
	int running_major = 0, running_minor = 0;
	struct utsname name;

	uname(&name);
	sscanf(name.release, "%d.%d", &running_major, &running_minor);
	return running_major < major || (running_major == major && running_minor < minor);
}

void way_ends(const char *word)
{
	fprintf(stderr, "# way: %s\n", word);
}

void sleep_ms(unsigned int milliseconds)
{
	struct timespec time = {
		.tv_sec = milliseconds / 1000,
		.tv_nsec = milliseconds % 1000 * 1000000L,
	};

	while (nanosleep(&time, &time) && errno == EINTR)
		;
}

int debar_test_main(int (*harness)(int argc, char **argv), int argc, char **argv)
{
	int ret = debar_module_load(NULL, NULL), code;

	if (ret && ret != -EEXIST) {
		printf("Bail out! debar cannot be loaded: %s\n", strerror(-ret));
		return 1;
	}
	code = harness(argc, argv);
	ret = debar_module_unload();
	/* What is built into the kernel stays. */
	if (ret && ret != -EOPNOTSUPP) {
		printf("# debar cannot be unloaded: %s\n", strerror(-ret));
		return 1;
	}
	return code;
}
