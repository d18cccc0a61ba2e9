// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may speak to debar: nobody without CAP_MAC_ADMIN, from another user namespace or another
 * network namespace; and who may listen to its groups.
 */
#include <linux/capability.h>
#include <linux/genetlink.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "client_socket.h"
#include "common.h"
#include "kselftest_harness.h"

#define NEEDED	"CAP_MAC_ADMIN in the initial user namespace is needed"

static int drop_capability(int capability)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data))
		return -errno;
	data[capability / 32].permitted &= ~(1U << capability % 32);
	data[capability / 32].effective &= ~(1U << capability % 32);
	return syscall(SYS_capset, &header, data) ? -errno : 0;
}

/* Becomes a stranger, with a socket to debar's family @family. */
typedef int (*become)(struct debar_socket **sock);

static int without_capability(struct debar_socket **sock)
{
	int ret = drop_capability(CAP_MAC_ADMIN);

	return ret ? ret : debar_socket_open(sock, 0);
}

static int dropped_capability(struct debar_socket **sock)
{
	int ret = debar_socket_open(sock, 0);

	return ret ? ret : drop_capability(CAP_MAC_ADMIN);
}

static int in_user_namespace(struct debar_socket **sock)
{
	if (unshare(CLONE_NEWUSER))
		return -errno;
	return debar_socket_open(sock, 0);
}

static int socket_into_user_namespace(struct debar_socket **sock)
{
	int ret = debar_socket_open(sock, 0);

	if (!ret && unshare(CLONE_NEWUSER))
		ret = -errno;
	return ret;
}

FIXTURE(access)
{
	struct world world;
	struct debar_family family;
	uint8_t digest[DEBAR_DIGEST_SIZE];
};

FIXTURE_VARIANT(access)
{
	become become;
};

FIXTURE_VARIANT_ADD(access, without_capability) { .become = without_capability };
FIXTURE_VARIANT_ADD(access, dropped_capability) { .become = dropped_capability };
FIXTURE_VARIANT_ADD(access, in_user_namespace) { .become = in_user_namespace };
FIXTURE_VARIANT_ADD(access, socket_into_user_namespace) { .become = socket_into_user_namespace };

FIXTURE_SETUP(access)
{
	struct debar_socket *sock;

	ASSERT_EQ(0, world_begin(&self->world));
	ASSERT_EQ(0, ban_one(&self->world, PAYLOAD));
	ASSERT_EQ(0, policy_in_force(self->world.client, self->digest));
	ASSERT_EQ(0, debar_socket_open(&sock, 0));
	ASSERT_EQ(0, debar_socket_family(sock, &self->family));
	debar_socket_close(sock);
}

FIXTURE_TEARDOWN(access)
{
	world_end(&self->world);
}

static bool is_dump(uint8_t command)
{
	return command == DEBAR_CMD_BAN_DUMP || command == DEBAR_CMD_WAIVER_DUMP ||
	       command == DEBAR_CMD_INDICATOR_DUMP || command == DEBAR_CMD_DENIAL_DUMP;
}

/* What the kernel tells, and cannot be asked for. */
static bool is_announcement(uint8_t command)
{
	return command == DEBAR_CMD_DENIAL_NTF || command == DEBAR_CMD_POLICY_NTF;
}

/* What the kernel would do, were it asked by someone entitled to. */
static struct nlmsghdr *well_formed(struct debar_socket *sock, uint16_t family, uint8_t command)
{
	struct nlmsghdr *request = debar_socket_request(sock, family, command,
							is_dump(command) ? NLM_F_DUMP : NLM_F_ACK);
	const uint8_t digest[DEBAR_DIGEST_SIZE] = {};

	switch (command) {
	case DEBAR_CMD_POLICY_BEGIN:
		mnl_attr_put_u64(request, DEBAR_A_TRANSFER_LENGTH, 1);
		mnl_attr_put(request, DEBAR_A_TRANSFER_DIGEST, sizeof(digest), digest);
		break;
	case DEBAR_CMD_POLICY_CHUNK:
		mnl_attr_put_u64(request, DEBAR_A_TRANSFER_OFFSET, 0);
		mnl_attr_put(request, DEBAR_A_TRANSFER_DATA, sizeof(digest), digest);
		break;
	case DEBAR_CMD_CHECK:
		mnl_attr_put(request, DEBAR_A_CHECK_DIGEST, sizeof(digest), digest);
		break;
	case DEBAR_CMD_MODE_SET:
		mnl_attr_put_u32(request, DEBAR_A_STATUS_MODE, DEBAR_MODE_MONITOR);
		break;
	default:
		break;
	}
	return request;
}

static int count_reply(const struct nlmsghdr *reply, void *data)
{
	(void)reply;
	++*(int *)data;
	return 0;
}

TEST_F(access, every_command_refused)
{
	uint8_t digest[DEBAR_DIGEST_SIZE] = {};
	struct debar_socket *sock;
	uint8_t command;
	int status, replies = 0;
	pid_t child;

	child = fork();
	ASSERT_LE(0, child);
	if (!child) {
		EXPECT_EQ(0, variant->become(&sock));
		for (command = DEBAR_CMD_STATUS_GET; command <= DEBAR_CMD_MAX; command++) {
			struct nlmsghdr *request;

			if (is_announcement(command))
				continue;
			request = well_formed(sock, self->family.id, command);
			EXPECT_EQ(-EPERM,
				  debar_socket_exchange(sock, request, count_reply, &replies))
				TH_LOG("command %u", command);
			/* A kernel this old drops the words of a dump that does not even begin. */
			if (is_dump(command) && kernel_before(6, 12))
				continue;
			EXPECT_STREQ(NEEDED, sock->message)
				TH_LOG("command %u", command);
		}
		EXPECT_EQ(0, replies);
		_exit(0);
	}
	ASSERT_EQ(child, waitpid(child, &status, 0));
	EXPECT_EQ(0, status);
	ASSERT_EQ(0, policy_in_force(self->world.client, digest));
	EXPECT_EQ(0, memcmp(digest, self->digest, sizeof(digest)));
	EXPECT_EQ(DEBAR_MODE_ENFORCE, world_status(&self->world).mode);
}

FIXTURE(outside)
{
	struct world world;
};

FIXTURE_SETUP(outside)
{
	ASSERT_EQ(0, world_begin(&self->world));
}

FIXTURE_TEARDOWN(outside)
{
	world_end(&self->world);
}

/* Neither is the family to be found there, nor does it answer to its number. */
TEST_F(outside, other_network_namespace)
{
	struct debar_family family;
	struct debar_client *client;
	struct debar_socket *sock;
	struct nlmsghdr *request;

	ASSERT_EQ(0, debar_socket_open(&sock, 0));
	ASSERT_EQ(0, debar_socket_family(sock, &family));
	debar_socket_close(sock);
	ASSERT_EQ(0, unshare(CLONE_NEWNET));
	EXPECT_EQ(-ENOENT, debar_client_open(&client));
	ASSERT_EQ(0, debar_socket_open(&sock, 0));
	request = debar_socket_request(sock, family.id, DEBAR_CMD_STATUS_GET, NLM_F_ACK);
	EXPECT_EQ(-ENOENT, debar_socket_exchange(sock, request, NULL, NULL));
	debar_socket_close(sock);
}

static int join_as(int capability, bool user_namespace)
{
	struct debar_watch *watch;
	int ret;

	if (capability >= 0 && drop_capability(capability))
		return -errno;
	if (user_namespace && unshare(CLONE_NEWUSER))
		return -errno;
	ret = debar_watch_open(&watch);
	if (ret)
		return ret;
	ret = debar_watch_join(watch);
	debar_watch_close(watch);
	return ret;
}

static int join_in_child(int capability, bool user_namespace)
{
	int status;
	pid_t child = fork();

	if (!child)
		_exit(-join_as(capability, user_namespace));
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
}

TEST_F(outside, groups)
{
	EXPECT_EQ(0, join_in_child(-1, false));
	EXPECT_EQ(-EPERM, join_in_child(CAP_SYS_ADMIN, false));
	EXPECT_EQ(-EPERM, join_in_child(-1, true));
	/*
	 * A doorbell tells nothing secret, so the kernel's own check may be another than debar's.
	 */
	EXPECT_EQ(0, join_in_child(CAP_MAC_ADMIN, false));
}

DEBAR_TEST_MAIN
