// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A second socket that only listens: the module coming and going (from the kernel's family
 * controller), denials, policy.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "client.h"
#include "client_socket.h"

/*
 * The controller's group `notify` has the controller's own number; the kernel keeps that so for
 * old listeners.
 */
#define CONTROLLER_GROUP GENL_ID_CTRL

/* A storm of denials must not keep the listener from ever fetching them. */
#define READS 1000

#define EVERYTHING (DEBAR_EVENT_MODULE | DEBAR_EVENT_DENIALS | DEBAR_EVENT_POLICY)

/**
 * struct debar_watch - a listening socket
 * @sock: owned
 * @family: as it was at the last join; all 0 before
 */
struct debar_watch {
	struct debar_socket *sock;
	struct debar_family family;
};

static int join(struct debar_watch *watch, uint32_t group)
{
	if (mnl_socket_setsockopt(watch->sock->mnl, NETLINK_ADD_MEMBERSHIP, &group,
				  sizeof(group)) < 0)
		return -errno;
	return 0;
}

int debar_watch_open(struct debar_watch **watch)
{
	struct debar_watch *new;
	int error;

	*watch = NULL;
	new = calloc(1, sizeof(*new));
	if (!new)
		return -ENOMEM;
	error = debar_socket_open(&new->sock, SOCK_NONBLOCK);
	if (!error)
		error = join(new, CONTROLLER_GROUP);
	if (error) {
		debar_watch_close(new);
		return error;
	}
	*watch = new;
	return 0;
}

void debar_watch_close(struct debar_watch *watch)
{
	if (!watch)
		return;
	debar_socket_close(watch->sock);
	free(watch);
}

int debar_watch_join(struct debar_watch *watch)
{
	struct debar_socket *asking;
	int error;

	/* Events would come between question and answer on the watch's own socket. */
	error = debar_socket_open(&asking, 0);
	if (error)
		return error;
	error = debar_socket_family(asking, &watch->family);
	debar_socket_close(asking);
	if (!error)
		error = join(watch, watch->family.denials);
	if (!error)
		error = join(watch, watch->family.policy);
	return error;
}

int debar_watch_fd(const struct debar_watch *watch)
{
	return mnl_socket_get_fd(watch->sock->mnl);
}

/* Return: true when the controller's message is about debar. */
static bool is_about_debar(const struct nlmsghdr *message)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_NAME &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) == 0)
			return !strcmp(mnl_attr_get_str(attr), DEBAR_FAMILY_NAME);
	}
	return false;
}

static int event_of(const struct debar_watch *watch, const struct nlmsghdr *message)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(message);

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*genl))
		return 0;
	if (message->nlmsg_type == GENL_ID_CTRL) {
		if (genl->cmd != CTRL_CMD_NEWFAMILY && genl->cmd != CTRL_CMD_DELFAMILY)
			return 0;
		return is_about_debar(message) ? DEBAR_EVENT_MODULE : 0;
	}
	if (message->nlmsg_type != watch->family.id)
		return 0;
	if (genl->cmd == DEBAR_CMD_DENIAL_NTF)
		return DEBAR_EVENT_DENIALS;
	return genl->cmd == DEBAR_CMD_POLICY_NTF ? DEBAR_EVENT_POLICY : 0;
}

int debar_watch_read(struct debar_watch *watch)
{
	struct debar_socket *sock = watch->sock;
	const struct nlmsghdr *message;
	ssize_t received;
	int events = 0;
	int left;

	for (int i = 0; i < READS; i++) {
		received = mnl_socket_recvfrom(sock->mnl, sock->buffer, sizeof(sock->buffer));
		if (received < 0 && errno == EAGAIN)
			return events;
		if (received < 0 && errno == ENOBUFS)
			events = EVERYTHING;
		else if (received < 0 && errno != EINTR)
			return -errno;
		left = received < 0 ? 0 : (int)received;
		message = (const struct nlmsghdr *)sock->buffer;
		for (; debar_message_ok(message, left); message = mnl_nlmsg_next(message, &left))
			events |= event_of(watch, message);
	}
	return events;
}
