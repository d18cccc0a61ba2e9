/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What client.c, client_policy.c and client_denial.c share; what reads a reply is here for the unit
 * tests as well.
 */
#ifndef DEBAR_CLIENT_INTERNAL_H
#define DEBAR_CLIENT_INTERNAL_H

#include "client.h"
#include "client_socket.h"

/**
 * struct debar_client - a socket and the family behind it
 * @sock: owned
 * @family: as it was when the client was opened
 */
struct debar_client {
	struct debar_socket *sock;
	struct debar_family family;
};

/* debar_client_request - begin a request of the family; see debar_socket_request() */
struct nlmsghdr *debar_client_request(struct debar_client *client, uint8_t command,
				      uint16_t flags);

/* debar_client_plain - a command that carries nothing and is answered by an acknowledgment */
int debar_client_plain(struct debar_client *client, uint8_t command);

/* debar_client_read_status - @data is a struct debar_status */
int debar_client_read_status(const struct nlmsghdr *reply, void *data);

/* debar_client_read_denial - -EBADMSG when @reply is not one complete denial */
int debar_client_read_denial(const struct nlmsghdr *reply, struct debar_denial *denial);

#endif /* DEBAR_CLIENT_INTERNAL_H */
