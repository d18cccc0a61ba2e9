/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of debard share: how it speaks, the time, and its way to the kernel.
 */
#ifndef DEBARD_H
#define DEBARD_H

#include <stdbool.h>
#include <stdint.h>
#include <syslog.h>

#include "client.h"
#include "debard_log.h"
#include "debard_place.h"
#include "debard_warn.h"
#include "error.h"
#include "reader.h"

/* A time that never comes. */
#define DEBARD_NEVER	INT64_MAX
/* How long to wait before something that failed is tried again, in milliseconds. */
#define DEBARD_RETRY	1000

/* debard_now - milliseconds of the monotonic clock */
int64_t debard_now(void);

/* debard_say - one line on stderr, where the journal takes it with its priority (syslog's) */
_printf_(2, 3) void debard_say(int priority, const char *format, ...);

/* debard_say_error - `<where>: <what>: <remedy>` */
void debard_say_error(const struct debar_error *error);

/* debard_say_notice - the same of what is no fault */
void debard_say_notice(const struct debar_error *text);

/* debard_notify - tell the service manager, see sd_notify(3); nothing when there is none */
void debard_notify(const char *state);

/**
 * struct debard_follower - follows the denials into the log
 * @log: where they go
 * @place_path: file of the place
 * @place: behind what is in the log
 * @saved: what was known at the start: the file's place and the log's
 * @known: @saved was read
 * @reader: at @place between two pulls
 * @added: behind what was added to the log and not flushed
 * @lines: the same in short for the journal, each with its NUL
 * @warner: tells users on their terminals
 * @trouble: with the log, met in this pull
 * @error: of the last pull, so that the same is told once
 */
struct debard_follower {
	struct debard_log log;
	const char *place_path;
	struct debard_place place;
	struct debard_place saved[2];
	bool known;
	struct debar_reader reader;
	uint64_t added;
	struct debar_buffer lines;
	struct debard_warner warner;
	int trouble;
	int error;
};

/* debard_follower_init - nothing is opened yet; the paths must outlive @follower */
void debard_follower_init(struct debard_follower *follower, const char *log_path,
			  const char *place_path);

/**
 * debard_follower_pull - write what the kernel has and the log has not
 *
 * Return: 0; -ENOENT when the module is gone; or another error, which has been told: try again
 * later, nothing is lost as long as the kernel keeps it.
 */
int debard_follower_pull(struct debard_follower *follower, struct debar_client *client);

void debard_follower_free(struct debard_follower *follower);

/**
 * struct debard_lockout - files that a policy may refuse although the machine needs them
 * @paths: see debar_lockout_check()
 * @count: of @paths
 */
struct debard_lockout {
	const char **paths;
	size_t count;
};

/**
 * struct debard_host - the host that sources are compiled for
 * @config_path: see debar_config_load()
 * @profiles: names that take the place of those in the configuration
 * @count: of @profiles
 */
struct debard_host {
	const char *config_path;
	const char **profiles;
	size_t count;
};

/**
 * debard_policy_load - put what is in the folder in force
 * @folder: see debard_folder_select()
 * @floor_path: see debard_floor.h
 * @host: that it is compiled for; its configuration is read anew
 * @allowed: what it may refuse
 * @client: to the kernel
 * @again: set when it could succeed later without any change
 *
 * All that is worth telling is told.
 * Return: 0 (also when nothing had to be done), -ENOENT when the module is gone, or another
 * error; the policy that was in force is so still.
 */
int debard_policy_load(const char *folder, const char *floor_path,
		       const struct debard_host *host, const struct debard_lockout *allowed,
		       struct debar_client *client, bool *again);

#endif /* DEBARD_H */
