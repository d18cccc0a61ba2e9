// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * debarctl denials: show what the kernel refused, once or as it happens.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>

#include "client.h"
#include "debarctl.h"
#include "denial.h"
#include "output.h"
#include "reader.h"
#include "util.h"

#define WHERE "denials"

/**
 * struct show - how denials are shown
 * @json: one JSON object a line, not a table
 * @follow: go on with those to come
 * @since: sequence number of the first one wanted, 0 for all that there are
 * @count: the count that the numbers belong to
 * @table: rows not printed yet
 */
struct show {
	bool json;
	bool follow;
	uint64_t since;
	struct debar_count count;
	struct debar_table *table;
};

/* A number belongs to one count only; in the next one, everything is shown. */
static uint64_t start(uint64_t generation, void *data)
{
	struct show *show = data;
	uint64_t first = show->count.generation ? 1 : show->since;

	show->count.generation = generation;
	return first ? first : 1;
}

static int show_row(struct show *show, const struct debar_denial *denial, const char *user)
{
	char *cells[DEBAR_DENIAL_COLUMNS];
	int error = debar_denial_row(denial, user, cells);

	if (error)
		return error;
	error = debar_table_add(show->table, (const char *const *)cells);
	debar_denial_row_free(cells);
	return error;
}

static int show_denial(const struct debar_denial *denial, void *data)
{
	_cleanup_free_ char *user = debar_user_name(denial->uid);
	struct show *show = data;
	json_t *object;

	if (!show->json)
		return show_row(show, denial, user);
	object = debar_denial_json(denial, &show->count, user);
	return object ? debar_print_json(object) : -ENOMEM;
}

static int show_gap(uint64_t first, uint64_t last, void *data)
{
	struct show *show = data;
	json_t *object;

	if (!show->json) {
		debar_print_problem(WHERE, "look for them in the log of debard",
				    "the kernel no longer keeps the denials %" PRIu64
				    " to %" PRIu64, first, last);
		return 0;
	}
	object = debar_gap_json(first, last, &show->count);
	return object ? debar_print_json(object) : -ENOMEM;
}

/* Show what there is. Return: enum debarctl_exit. */
static int pull(struct show *show, struct debar_reader *reader, struct debar_client *client)
{
	int error = debar_reader_pull(reader, client);

	if (error)
		return debarctl_kernel_error(client, WHERE, error);
	if (!show->json)
		debar_table_print(show->table);
	if (fflush(stdout)) {
		debar_print_problem(WHERE, NULL, "cannot write: %s", strerror(errno));
		return DEBARCTL_FAILED;
	}
	return DEBARCTL_DONE;
}

/* Wait until something happens. Return: a set of enum debar_event or -errno. */
static int wait_for_events(struct debar_watch *watch)
{
	struct pollfd fd = {.fd = debar_watch_fd(watch), .events = POLLIN};

	if (poll(&fd, 1, -1) < 0)
		return -errno;
	return debar_watch_read(watch);
}

/* Return: when the module went or something failed; enum debarctl_exit. */
static int follow(struct show *show, struct debar_reader *reader, struct debar_client *client,
		  struct debar_watch *watch)
{
	int events, exit;

	for (;;) {
		exit = pull(show, reader, client);
		if (exit != DEBARCTL_DONE)
			return exit;
		events = wait_for_events(watch);
		if (events < 0) {
			debar_print_problem(WHERE, NULL, "cannot wait for denials: %s",
					    strerror(-events));
			return DEBARCTL_FAILED;
		}
		if (events & DEBAR_EVENT_MODULE) {
			debar_print_problem(WHERE, "load it and begin anew",
					    "the module was unloaded");
			return DEBARCTL_FAILED;
		}
	}
}

static int open_watch(struct debar_client *client, struct debar_watch **watch)
{
	int error = debar_watch_open(watch);

	if (!error)
		error = debar_watch_join(*watch);
	if (error == -EPERM) {
		debar_print_problem(WHERE, "run it as root, outside of any container",
				    "the kernel demands CAP_SYS_ADMIN of whoever follows");
		return DEBARCTL_FAILED;
	}
	return error ? debarctl_kernel_error(client, WHERE, error) : DEBARCTL_DONE;
}

static int show_denials(struct show *show)
{
	_cleanup_client_ struct debar_client *client = NULL;
	_cleanup_watch_ struct debar_watch *watch = NULL;
	struct debar_reader reader = {
		.next = show->since,
		.start = start,
		.denial = show_denial,
		.gap = show_gap,
		.data = show,
	};
	int exit = debarctl_connect(&client);

	if (exit != DEBARCTL_DONE)
		return exit;
	if (!show->follow)
		return pull(show, &reader, client);
	/* Join first: what happens between the first pull and the first wait must ring. */
	exit = open_watch(client, &watch);
	return exit == DEBARCTL_DONE ? follow(show, &reader, client, watch) : exit;
}

static int parse_since(const char *text, uint64_t *since)
{
	char *end;

	errno = 0;
	*since = strtoull(text, &end, 10);
	if (errno || end == text || *end || *text < '0' || *text > '9') {
		debar_print_problem("--since", "give the sequence number of a denial",
				    "\"%s\" is no number", text);
		return -EINVAL;
	}
	return 0;
}

static int parse(int argc, char **argv, struct show *show)
{
	static const struct option options[] = {
		{"follow", no_argument, NULL, 'f'},
		{"since", required_argument, NULL, 's'},
		{"json", no_argument, NULL, 'j'},
		{0},
	};
	int option;

	optind = 0;
	while ((option = getopt_long(argc, argv, "f", options, NULL)) != -1) {
		if (option == 'f')
			show->follow = true;
		else if (option == 'j')
			show->json = true;
		else if (option != 's' || parse_since(optarg, &show->since))
			return -EINVAL;
	}
	return optind == argc ? 0 : -EINVAL;
}

static int run(int argc, char **argv)
{
	_cleanup_table_ struct debar_table *table = NULL;
	struct show show = {0};
	int error;

	if (parse(argc, argv, &show))
		return debarctl_usage("debarctl denials");
	table = debar_table_new(DEBAR_DENIAL_COLUMNS, debar_denial_headings);
	error = table ? debar_boot_id(show.count.boot_id) : -ENOMEM;
	if (error) {
		debar_print_problem(WHERE, NULL, "%s", strerror(-error));
		return DEBARCTL_FAILED;
	}
	show.table = table;
	return show_denials(&show);
}

const struct debarctl_cmd debarctl_cmd_denials = {
	.name = "denials",
	.run = run,
	.summary = "show what was refused",
	.help = "usage: debarctl denials [--follow] [--since NUMBER] [--json]\n"
		"\n"
		"Show the denials that the kernel keeps, oldest first.\n"
		"\n"
		"  -f, --follow    go on with those to come\n"
		"  --since NUMBER  begin with the denial of this sequence number\n"
		"  --json          one JSON object a line, as in the log of debard(8)\n",
};
