// SPDX-License-Identifier: GPL-2.0-only
/* A filesystem with one file, whose reads the test controls; see slowfs.h. */
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "common.h"
#include "slowfs.h"

#define FILE_NODE	2
#define MAX_HELD	64
/* Largest message that the kernel may send, and largest read that it may ask for. */
#define BUFFER_SIZE	(FUSE_MIN_READ_BUFFER + 1024 * 1024)

/* struct held_read - a read that waits for its answer */
struct held_read {
	uint64_t unique;
	struct fuse_read_in in;
};

/* struct server - the serving process */
struct server {
	struct slowfs *fs;
	int fd;
	struct held_read held[MAX_HELD];
	unsigned int held_count;
	char *buffer;
};

static void answer(struct server *s, uint64_t unique, int error, const void *data, size_t size)
{
	struct fuse_out_header header = {
		.len = sizeof(header) + size,
		.error = error,
		.unique = unique,
	};
	struct iovec parts[] = {
		{ &header, sizeof(header) },
		{ (void *)data, size },
	};

	/* ENOENT: who asked has been killed meanwhile. */
	(void)!writev(s->fd, parts, 2);
}

static void fill_attr(const struct slowfs *fs, uint64_t node, struct fuse_attr *attr)
{
	*attr = (struct fuse_attr){
		.ino = node,
		.size = node == FILE_NODE ? fs->size : 0,
		.blocks = (fs->size + 511) / 512,
		.mode = node == FILE_NODE ? S_IFREG | 0755 : S_IFDIR | 0755,
		.nlink = 1,
		.blksize = 4096,
	};
}

static void answer_init(struct server *s, uint64_t unique, const struct fuse_init_in *in)
{
	struct fuse_init_out out = {
		.major = FUSE_KERNEL_VERSION,
		.minor = FUSE_KERNEL_MINOR_VERSION,
		.max_readahead = in->max_readahead,
		/* A reader then waits for pages and not for an answer, and so can be killed. */
		.flags = FUSE_ASYNC_READ,
		.max_background = MAX_HELD,
		.congestion_threshold = MAX_HELD,
		.max_write = 4096,
	};

	answer(s, unique, 0, &out, sizeof(out));
}

static void answer_lookup(struct server *s, uint64_t unique, const char *name)
{
	struct fuse_entry_out out = {
		.nodeid = FILE_NODE,
		.entry_valid = 3600,
		.attr_valid = 3600,
	};

	if (strcmp(name, SLOWFS_FILE)) {
		answer(s, unique, -ENOENT, NULL, 0);
		return;
	}
	fill_attr(s->fs, FILE_NODE, &out.attr);
	answer(s, unique, 0, &out, sizeof(out));
}

static void answer_getattr(struct server *s, uint64_t unique, uint64_t node)
{
	struct fuse_attr_out out = { .attr_valid = 3600 };

	fill_attr(s->fs, node, &out.attr);
	answer(s, unique, 0, &out, sizeof(out));
}

static void answer_read(struct server *s, const struct held_read *read)
{
	size_t size = read->in.size;

	if (s->fs->fail && read->in.offset + size > s->fs->fail_from) {
		answer(s, read->unique, -EIO, NULL, 0);
		return;
	}
	if (read->in.offset >= s->fs->size)
		size = 0;
	else if (size > s->fs->size - read->in.offset)
		size = s->fs->size - read->in.offset;
	answer(s, read->unique, 0, (const char *)s->fs->content + read->in.offset, size);
}

static void take_read(struct server *s, uint64_t unique, const struct fuse_read_in *in)
{
	struct held_read read = { .unique = unique, .in = *in };

	if (!s->fs->hold || s->held_count == MAX_HELD) {
		answer_read(s, &read);
		return;
	}
	s->held[s->held_count++] = read;
	s->fs->held = s->held_count;
}

static void release_reads(struct server *s)
{
	unsigned int i;

	for (i = 0; i < s->held_count; i++)
		answer_read(s, &s->held[i]);
	s->held_count = 0;
	s->fs->held = 0;
}

static void take_request(struct server *s, const struct fuse_in_header *header, const void *in)
{
	const struct fuse_open_out opened = {};
	const struct fuse_statfs_out statfs = { .st = { .bsize = 4096, .namelen = 255 } };

	switch (header->opcode) {
	case FUSE_INIT:
		answer_init(s, header->unique, in);
		break;
	case FUSE_LOOKUP:
		answer_lookup(s, header->unique, in);
		break;
	case FUSE_GETATTR:
		answer_getattr(s, header->unique, header->nodeid);
		break;
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		answer(s, header->unique, 0, &opened, sizeof(opened));
		break;
	case FUSE_READ:
		take_read(s, header->unique, in);
		break;
	case FUSE_STATFS:
		answer(s, header->unique, 0, &statfs, sizeof(statfs));
		break;
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
	case FUSE_FLUSH:
		answer(s, header->unique, 0, NULL, 0);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break; /* want no answer */
	default:
		answer(s, header->unique, -ENOSYS, NULL, 0);
	}
}

/* Until it is unmounted. */
static void serve(struct server *s)
{
	struct pollfd poll_fd = { .fd = s->fd, .events = POLLIN };
	ssize_t got;

	for (;;) {
		if (!s->fs->hold)
			release_reads(s);
		if (poll(&poll_fd, 1, 5) <= 0)
			continue;
		got = read(s->fd, s->buffer, BUFFER_SIZE);
		if (got >= (ssize_t)sizeof(struct fuse_in_header))
			take_request(s, (const void *)s->buffer,
				     s->buffer + sizeof(struct fuse_in_header));
		else if (errno == ENODEV)
			return;
	}
}

static int start_server(struct slowfs *fs, int fd)
{
	struct server server = { .fs = fs, .fd = fd };
	pid_t child = fork();

	if (child < 0)
		return -errno;
	fs->server = child;
	if (child)
		return 0;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	server.buffer = malloc(BUFFER_SIZE);
	if (server.buffer)
		serve(&server);
	_exit(0);
}

static void *shared_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static struct slowfs *slowfs_new(const char *path)
{
	_cleanup_buffer_ struct debar_buffer content = {};
	struct slowfs *fs = shared_memory(sizeof(*fs));

	if (!fs || debar_file_read(path, SIZE_MAX, &content))
		return NULL;
	fs->size = content.length;
	fs->content = shared_memory(fs->size);
	if (!fs->content)
		return NULL;
	memcpy(fs->content, content.data, fs->size);
	return fs;
}

int slowfs_mount(struct slowfs **result, const char *path, const char *dir)
{
	const char *const load[] = { "/sbin/modprobe", "fuse", NULL };
	struct slowfs *fs = slowfs_new(path);
	char options[96];
	int fd, ret;

	if (!fs)
		return -ENOMEM;
	(void)run_with(load);
	fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	snprintf(fs->dir, sizeof(fs->dir), "%s", dir);
	snprintf(options, sizeof(options), "fd=%d,rootmode=40755,user_id=0,group_id=0,allow_other",
		 fd);
	if ((mkdir(dir, 0755) && errno != EEXIST) || mount("slowfs", dir, "fuse", 0, options))
		ret = -errno;
	else
		ret = start_server(fs, fd);
	close(fd);
	*result = fs;
	return ret;
}

int slowfs_unmount(struct slowfs *fs)
{
	int ret = 0;

	fs->hold = false;
	if (umount(fs->dir))
		ret = -errno;
	if (ret)
		kill(fs->server, SIGKILL);
	waitpid(fs->server, NULL, 0);
	munmap(fs->content, fs->size);
	munmap(fs, sizeof(*fs));
	return ret;
}

int slowfs_await_reader(const struct slowfs *fs)
{
	int i;

	for (i = 0; i < 500; i++) {
		if (fs->held)
			return 0;
		sleep_ms(10);
	}
	return -ETIMEDOUT;
}

void slowfs_forget(void)
{
	(void)rewrite_file("/proc/sys/vm/drop_caches", "1", 1);
}
