// SPDX-License-Identifier: GPL-2.0-or-later
/* The functions of client.h that debard needs, answered from a mapped file. */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fake_kernel.h"
#include "policy_blob.h"

struct debar_client {
	struct fake_kernel *kernel;
};

struct debar_watch {
	int fd;
};

struct fake_kernel *fake_kernel_map(void)
{
	int fd = open(getenv(FAKE_KERNEL_VARIABLE), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	void *map;

	if (fd < 0 || ftruncate(fd, sizeof(struct fake_kernel)))
		return NULL;
	map = mmap(NULL, sizeof(struct fake_kernel), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return map == MAP_FAILED ? NULL : map;
}

static struct sockaddr_un doorbell(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof(address.sun_path), "%s.bell",
		 getenv(FAKE_KERNEL_VARIABLE));
	return address;
}

void fake_kernel_ring(int events)
{
	struct sockaddr_un address = doorbell();
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	(void)sendto(fd, &events, sizeof(events), 0, (struct sockaddr *)&address, sizeof(address));
	close(fd);
}

int debar_client_open(struct debar_client **client)
{
	struct fake_kernel *kernel = fake_kernel_map();

	*client = NULL;
	if (!kernel)
		return -ENOMEM;
	if (!kernel->loaded) {
		munmap(kernel, sizeof(*kernel));
		return -ENOENT;
	}
	*client = malloc(sizeof(**client));
	(*client)->kernel = kernel;
	return 0;
}

void debar_client_close(struct debar_client *client)
{
	if (client)
		munmap(client->kernel, sizeof(*client->kernel));
	free(client);
}

const char *debar_client_message(const struct debar_client *client)
{
	(void)client;
	return "so says the fake";
}

int debar_client_status(struct debar_client *client, struct debar_status *status)
{
	*status = (struct debar_status){.generation = client->kernel->generation};
	return client->kernel->loaded ? 0 : -ENOENT;
}

int debar_client_policy_get(struct debar_client *client, struct debar_policy_info *policy)
{
	const struct fake_kernel *kernel = client->kernel;

	if (!kernel->loaded)
		return -ENOENT;
	*policy = (struct debar_policy_info){
		.name = kernel->name,
		.serial = kernel->serial,
		.issued = kernel->issued,
		.digest = kernel->digest,
		.length = kernel->length,
	};
	return kernel->in_force ? 0 : -ENODATA;
}

int debar_client_policy_load_signed(struct debar_client *client, const void *blob, size_t length,
				    const uint8_t *digest, const struct debar_buffer *signature)
{
	const struct debar_blob_header *header = blob;
	struct fake_kernel *kernel = client->kernel;

	(void)signature;
	if (!kernel->loaded)
		return -ENOENT;
	if (kernel->refuse) {
		int error = -kernel->refuse;

		kernel->refuse = 0;
		return error;
	}
	kernel->serial = le64toh(header->serial);
	kernel->issued = le64toh(header->issued);
	kernel->length = length;
	memcpy(kernel->digest, digest, DEBAR_DIGEST_SIZE);
	kernel->in_force = true;
	kernel->loads++;
	return 0;
}

static int dump_one(const struct fake_kernel *kernel, const struct debar_denial_state *state,
		    uint64_t sequence, debar_denial_cb cb, void *data)
{
	struct debar_denial denial = {
		.sequence = sequence,
		.operation = DEBAR_OPERATION_EXECUTE,
		.verdict = DEBAR_VERDICT_DENY,
		.reason = DEBAR_REASON_INDICATOR,
		.ban_id = "acme",
		.vendor = "Acme",
		.product = "Anvil",
		.authority = "Order 7",
		.path = {.data = "/opt/acme/anvil", .length = 15},
		.comm = {.data = "sh", .length = 2},
		.filesystem = "ext4",
		.loginuid = DEBAR_ID_NONE,
		.session = DEBAR_ID_NONE,
		.policy_name = "house",
		.policy_signer = "",
		.law = {.citation = "", .override = "", .derived = "", .stage = DEBAR_STAGE_ENFORCE,
			.waiver_id = "", .waiver_owner = "", .waiver_ticket = ""},
	};

	if (kernel->pause && sequence % kernel->pause == 0)
		usleep(1000);
	return cb(&denial, state, data);
}

int debar_client_denial_dump(struct debar_client *client, uint64_t since, debar_denial_cb cb,
			     void *data)
{
	const struct fake_kernel *kernel = client->kernel;
	struct debar_denial_state state = {
		.oldest = kernel->oldest,
		.next = kernel->next,
		.generation = kernel->generation,
	};
	uint64_t sequence = since > state.oldest ? since : state.oldest;
	int error;

	if (!kernel->loaded)
		return -ENOENT;
	error = cb(NULL, &state, data);
	for (; !error && sequence < state.next; sequence++)
		error = dump_one(kernel, &state, sequence, cb, data);
	return error;
}

int debar_watch_open(struct debar_watch **watch)
{
	struct sockaddr_un address = doorbell();

	*watch = malloc(sizeof(**watch));
	(*watch)->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	unlink(address.sun_path);
	return bind((*watch)->fd, (struct sockaddr *)&address, sizeof(address)) ? -errno : 0;
}

void debar_watch_close(struct debar_watch *watch)
{
	if (watch)
		close(watch->fd);
	free(watch);
}

int debar_watch_join(struct debar_watch *watch)
{
	(void)watch;
	return 0;
}

int debar_watch_fd(const struct debar_watch *watch)
{
	return watch->fd;
}

int debar_watch_read(struct debar_watch *watch)
{
	int events, all = 0;

	while (recv(watch->fd, &events, sizeof(events), 0) == sizeof(events))
		all |= events;
	return all;
}
