// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Follows the denials from the kernel into the log, each one once, over the end of debard and of
 * the module.
 *
 * The order is what makes it so: lines are on the disk before the place says so, and at the start
 * the later of the log's last line and the place is believed.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "debard.h"

/* Lines are written when there are so many bytes of them, and at the end of a pull. */
#define FLUSH_AT	65536

static uint64_t start(uint64_t generation, void *data)
{
	struct debard_follower *follower = data;
	struct debard_place *place = &follower->place;

	place->count.generation = generation;
	place->next = debard_place_start(&place->count, follower->saved,
					 ARRAY_SIZE(follower->saved));
	return place->next;
}

static void say_lines(struct debard_follower *follower)
{
	const char *line = follower->lines.data;
	const char *end = line + follower->lines.length;

	for (; line < end; line += strlen(line) + 1)
		debard_say(LOG_WARNING, "%s", line);
	follower->lines.length = 0;
}

/* Write what was added and move the place behind it. */
static int flush(struct debard_follower *follower)
{
	struct debar_error text;
	int error;

	follower->trouble = debard_log_flush(&follower->log);
	if (follower->trouble) {
		follower->lines.length = 0;
		return follower->trouble;
	}
	say_lines(follower);
	follower->place.next = follower->added;
	error = debard_place_write(follower->place_path, &follower->place);
	if (error) {
		/* The log knows it too, so this is no reason to stop. */
		debar_error_system(&text, error, follower->place_path, "cannot keep the place");
		debard_say_error(&text);
	}
	return 0;
}

/*
 * Add a line to the log and to the journal; @next is the sequence number behind it. Takes over
 * @object.
 */
static int add(struct debard_follower *follower, json_t *object, const char *line, uint64_t next)
{
	int error = debard_log_add(&follower->log, object);

	if (error)
		return error;
	if (!line || debar_buffer_add(&follower->lines, line, strlen(line) + 1))
		return -ENOMEM;
	follower->added = next;
	return follower->log.lines.length < FLUSH_AT ? 0 : flush(follower);
}

static int take_denial(const struct debar_denial *denial, void *data)
{
	_cleanup_free_ char *user = debar_user_name(denial->uid);
	_cleanup_free_ char *line = debar_denial_line(denial, user);
	struct debard_follower *follower = data;

	debard_warn(&follower->warner, denial);
	return add(follower, debar_denial_json(denial, &follower->place.count, user), line,
		   denial->sequence + 1);
}

static int take_gap(uint64_t first, uint64_t last, void *data)
{
	struct debard_follower *follower = data;
	char line[128];

	snprintf(line, sizeof(line), "denials %" PRIu64 " to %" PRIu64
		 " were overwritten before they could be read", first, last);
	return add(follower, debar_gap_json(first, last, &follower->place.count), line, last + 1);
}

void debard_follower_init(struct debard_follower *follower, const char *log_path,
			  const char *place_path)
{
	*follower = (struct debard_follower){
		.log = DEBARD_LOG_CLOSED(log_path),
		.place_path = place_path,
		.reader = {
			.start = start,
			.denial = take_denial,
			.gap = take_gap,
			.data = follower,
		},
	};
}

/* Learn where an earlier debard ended. */
static int read_saved(struct debard_follower *follower)
{
	struct debar_error text;
	int error = debar_boot_id(follower->place.count.boot_id);

	if (error)
		return error;
	error = debard_place_read(follower->place_path, &follower->saved[0]);
	if (error && error != -ENOENT) {
		debar_error_system(&text, error, follower->place_path,
				   "the place is unreadable, the log alone is believed");
		debard_say_error(&text);
	}
	error = debard_log_last(&follower->log, &follower->saved[1]);
	if (error == -EINVAL)
		debard_say(LOG_WARNING, "%s: the last line is strange, the place alone is believed",
			   follower->log.path);
	else if (error && error != -ENOENT)
		return error;
	follower->known = true;
	return 0;
}

static int pull(struct debard_follower *follower, struct debar_client *client)
{
	int error;

	follower->trouble = debard_log_open(&follower->log);
	if (!follower->trouble && !follower->known)
		follower->trouble = read_saved(follower);
	if (follower->trouble)
		return follower->trouble;
	error = debar_reader_pull(&follower->reader, client);
	/* What came before an error is worth keeping. */
	if (follower->log.lines.length && flush(follower))
		error = follower->trouble;
	follower->reader.next = follower->place.next;
	return error;
}

/* Each trouble and its end are told once. */
static void say_change(struct debard_follower *follower, const struct debar_client *client,
		       int error)
{
	const char *where = follower->trouble ? follower->log.path : "kernel";
	const char *message = follower->trouble ? "" : debar_client_message(client);

	if (error && error != follower->error)
		debard_say(LOG_ERR, "%s: cannot log denials: %s%s%s: they wait in the kernel",
			   where, strerror(-error), *message ? ": " : "", message);
	else if (!error && follower->error)
		debard_say(LOG_NOTICE, "%s: denials are logged again", follower->log.path);
	follower->error = error;
}

int debard_follower_pull(struct debard_follower *follower, struct debar_client *client)
{
	int error = pull(follower, client);

	if (error == -ENOENT && !follower->trouble)
		return -ENOENT;
	say_change(follower, client, error);
	return error == -ENOENT ? -EIO : error;
}

void debard_follower_free(struct debard_follower *follower)
{
	debard_log_close(&follower->log);
	debar_buffer_free(&follower->lines);
}
