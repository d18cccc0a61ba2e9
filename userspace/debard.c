// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * debard: keeps the policy of /etc/debar/policy.d in force and writes every denial to the log.
 * See debard(8).
 *
 * One thread, one poll(): signals, the kernel's events and the folder only set the time at which
 * something is due.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/stat.h>

#include "config.h"
#include "debard.h"
#include "debard_folder.h"

#define POLICY_FOLDER	"/etc/debar/policy.d"
#define LOG_PATH	"/var/log/debar/denials.jsonl"
#define STATE_FOLDER	"/var/lib/debar"

/*
 * Changes in the folder come in groups; this long after the last one, in milliseconds, the policy
 * is read.
 */
#define SETTLE		200

enum debard_exit {
	DEBARD_STOPPED = 0,		/* asked to stop, and did */
	DEBARD_USAGE = 2,		/* the command line is wrong */
	DEBARD_FAILED = 5,		/* cannot work: another debard, no permission, no state */
};

/**
 * struct debard - the daemon
 * @policy_folder: path
 * @log_path: path
 * @state_folder: path
 * @place_path: path, in @state_folder
 * @floor_path: path, in @state_folder
 * @host: that sources are compiled for
 * @allowed: what a policy may refuse although the machine needs it
 * @lock: descriptor of the file that keeps a second debard away
 * @signals: descriptor
 * @folder: of policies
 * @watch: of the kernel
 * @client: to the kernel, NULL while the module is not loaded
 * @generation: of the module that the policy was given to
 * @missing: the module is not loaded, and that was told
 * @follower: of denials
 * @connect_at: when to look for the module, DEBARD_NEVER when not due
 * @reload_at: when to read the policy
 * @pull_at: when to fetch denials
 * @arm_at: when to look for the folder
 * @stopping: asked to stop
 * @failed: cannot go on
 */
struct debard {
	const char *policy_folder;
	const char *log_path;
	const char *state_folder;
	char *place_path;
	char *floor_path;
	struct debard_host host;
	struct debard_lockout allowed;
	int lock;
	int signals;
	struct debard_folder folder;
	struct debar_watch *watch;
	struct debar_client *client;
	uint64_t generation;
	bool missing;
	struct debard_follower follower;
	int64_t connect_at;
	int64_t reload_at;
	int64_t pull_at;
	int64_t arm_at;
	bool stopping;
	bool failed;
};

/*
 * Open the way to the kernel, and learn whether the module is one that has not got the policy
 * yet.
 */
static int try_connect(struct debard *debard)
{
	struct debar_status status;
	int error;

	debar_client_close(debard->client);
	error = debar_client_open(&debard->client);
	if (!error)
		error = debar_watch_join(debard->watch);
	if (!error)
		error = debar_client_status(debard->client, &status);
	if (!error) {
		if (status.generation != debard->generation)
			debard->reload_at = 0;
		debard->generation = status.generation;
		debard->pull_at = 0;
		return 0;
	}
	debar_client_close(debard->client);
	debard->client = NULL;
	return error;
}

/* The module may be missing; anything else that fails is final. */
static void connect_kernel(struct debard *debard)
{
	int error = try_connect(debard);

	debard->connect_at = DEBARD_NEVER;
	if (!error) {
		debard->missing = false;
	} else if (error != -ENOENT) {
		debard_say(LOG_ERR, "kernel: cannot reach the module: %s: %s", strerror(-error),
			   error == -EPERM ? "run as root with CAP_MAC_ADMIN and CAP_SYS_ADMIN" :
			   "see that module and debard are of one version");
		debard->failed = true;
	} else if (!debard->missing) {
		debard->missing = true;
		debard_say(LOG_WARNING, "%s; waiting for it",
			   "the module debar is not loaded: nothing is banned");
		debard_notify("STATUS=Waiting for the module debar.");
	}
}

static void reload(struct debard *debard)
{
	bool again;
	int error = debard_policy_load(debard->policy_folder, debard->floor_path, &debard->host,
				       &debard->allowed, debard->client, &again);

	debard->reload_at = again ? debard_now() + DEBARD_RETRY : DEBARD_NEVER;
	if (error == -ENOENT)
		debard->connect_at = debard_now() + DEBARD_RETRY;
	else if (error)
		debard_notify("STATUS=The policy in the folder is refused; following denials.");
	else
		debard_notify("STATUS=Policy in force as in the folder; following denials.");
}

static void pull(struct debard *debard)
{
	int error = debard_follower_pull(&debard->follower, debard->client);

	debard->pull_at = error ? debard_now() + DEBARD_RETRY : DEBARD_NEVER;
	if (error == -ENOENT)
		debard->connect_at = debard_now() + DEBARD_RETRY;
}

/* Do what is due. */
static void work(struct debard *debard)
{
	if (debard_now() >= debard->arm_at) {
		if (debard_folder_arm(&debard->folder))
			debard->reload_at = debard_now() + SETTLE;
		debard->arm_at = DEBARD_NEVER;
		if (debard->folder.watch < 0)
			debard->arm_at = debard_now() + DEBARD_RETRY;
	}
	if (debard_now() >= debard->connect_at)
		connect_kernel(debard);
	if (debard->client && debard_now() >= debard->reload_at)
		reload(debard);
	if (debard->client && debard_now() >= debard->pull_at)
		pull(debard);
}

static int64_t earlier(int64_t left, int64_t right)
{
	return left < right ? left : right;
}

/* Milliseconds until something is due, -1 when nothing is. */
static int time_left(const struct debard *debard)
{
	int64_t due = earlier(debard->arm_at, debard->connect_at);
	int64_t now = debard_now();

	if (debard->client)
		due = earlier(due, earlier(debard->reload_at, debard->pull_at));
	if (due == DEBARD_NEVER)
		return -1;
	return due > now ? (int)(due - now) : 0;
}

static void reopen_log(struct debard *debard)
{
	int error = debard_log_reopen(&debard->follower.log);

	if (error)
		debard_say(LOG_ERR, "%s: cannot open it: %s: trying again with the next denial",
			   debard->log_path, strerror(-error));
}

/* The service manager waits from RELOADING to READY, and wants to know when the reload began. */
static void reload_asked(struct debard *debard)
{
	char state[64];

	snprintf(state, sizeof(state), "RELOADING=1\nMONOTONIC_USEC=%lld",
		 (long long)debard_now() * 1000);
	debard_notify(state);
	reopen_log(debard);
	if (debard->client)
		reload(debard);
	debard_notify("READY=1");
}

static void take_signal(struct debard *debard)
{
	struct signalfd_siginfo info;

	while (read(debard->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			reload_asked(debard);
		else if (info.ssi_signo == SIGUSR1)
			reopen_log(debard);
		else
			debard->stopping = true;
	}
}

static void take_events(struct debard *debard)
{
	int events = debar_watch_read(debard->watch);

	if (events < 0) {
		debard_say(LOG_ERR, "kernel: cannot read events: %s", strerror(-events));
		debard->failed = true;
		return;
	}
	if (events & DEBAR_EVENT_MODULE)
		debard->connect_at = 0;
	/* After a failure the retry is due already, and a storm of denials must not hasten it. */
	if ((events & DEBAR_EVENT_DENIALS) && !debard->follower.error)
		debard->pull_at = 0;
}

/* Wait for something to happen or to be due. */
static void wait_for_work(struct debard *debard)
{
	struct pollfd fds[] = {
		{.fd = debard->signals, .events = POLLIN},
		{.fd = debar_watch_fd(debard->watch), .events = POLLIN},
		{.fd = debard->folder.fd, .events = POLLIN},
	};

	if (poll(fds, ARRAY_SIZE(fds), time_left(debard)) < 0)
		return;
	if (fds[0].revents)
		take_signal(debard);
	if (fds[1].revents)
		take_events(debard);
	if (fds[2].revents && debard_folder_read(&debard->folder)) {
		debard->reload_at = debard_now() + SETTLE;
		debard->arm_at = 0;
	}
}

static int run(struct debard *debard)
{
	work(debard);
	debard_notify("READY=1");
	while (!debard->stopping && !debard->failed) {
		wait_for_work(debard);
		work(debard);
	}
	debard_notify("STOPPING=1");
	/* What happened until now belongs into the log. */
	if (debard->client && !debard->failed)
		pull(debard);
	return debard->failed ? DEBARD_FAILED : DEBARD_STOPPED;
}

static int fail(int error, const char *where, const char *what)
{
	struct debar_error text;

	debar_error_system(&text, error, where, what);
	debard_say_error(&text);
	return DEBARD_FAILED;
}

/* Create the folder that a file lies in, not the folders above. */
static int make_folder_of(const char *path)
{
	_cleanup_free_ char *folder = strdup(path);
	char *slash = folder ? strrchr(folder, '/') : NULL;

	if (!folder)
		return -ENOMEM;
	if (!slash || slash == folder)
		return 0;
	*slash = '\0';
	return mkdir(folder, 0750) && errno != EEXIST ? -errno : 0;
}

static int open_state(struct debard *debard)
{
	_cleanup_free_ char *path = NULL;

	if (asprintf(&path, "%s/lock", debard->state_folder) < 0)
		path = NULL;
	if (asprintf(&debard->place_path, "%s/place", debard->state_folder) < 0)
		debard->place_path = NULL;
	if (asprintf(&debard->floor_path, "%s/floor", debard->state_folder) < 0)
		debard->floor_path = NULL;
	if (!path || !debard->place_path || !debard->floor_path)
		return fail(-ENOMEM, debard->state_folder, "cannot open");
	(void)make_folder_of(path);
	debard->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (debard->lock < 0)
		return fail(-errno, path, "cannot open");
	if (flock(debard->lock, LOCK_EX | LOCK_NB)) {
		debard_say(LOG_ERR, "%s: another debard runs with this state: stop it first",
			   path);
		return DEBARD_FAILED;
	}
	return 0;
}

static int open_signals(struct debard *debard)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	debard->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	return debard->signals < 0 ? fail(-errno, "debard", "cannot take signals") : 0;
}

static int open_all(struct debard *debard)
{
	int exit = open_signals(debard);
	int error;

	if (!exit)
		exit = open_state(debard);
	if (exit)
		return exit;
	/* When this fails, opening the log tells why, again and again until it is mended. */
	(void)make_folder_of(debard->log_path);
	debard_follower_init(&debard->follower, debard->log_path, debard->place_path);
	error = debard_folder_open(&debard->folder, debard->policy_folder);
	if (error)
		return fail(error, debard->policy_folder, "cannot watch");
	error = debar_watch_open(&debard->watch);
	return error ? fail(error, "kernel", "cannot open netlink") : 0;
}

static void close_all(struct debard *debard)
{
	debar_client_close(debard->client);
	debar_watch_close(debard->watch);
	debard_folder_close(&debard->folder);
	debard_follower_free(&debard->follower);
	free(debard->place_path);
	free(debard->floor_path);
	debar_cleanup_close(&debard->signals);
	debar_cleanup_close(&debard->lock);
}

static void print_help(void)
{
	puts("usage: debard [OPTION...]\n"
	     "\n"
	     "Keep the policy of a folder in force and write every denial to a log.\n"
	     "\n"
	     "  --policy-dir FOLDER  one *.debar, or any number of *.yaml (" POLICY_FOLDER ")\n"
	     "  --log FILE           one JSON object a line (" LOG_PATH ")\n"
	     "  --state-dir FOLDER   for the place in the denials (" STATE_FOLDER ")\n"
	     "  --config FILE        what this host is (" DEBAR_CONFIG_PATH ")\n"
	     "  --profile NAME       compile sources for a host of this profile, not for those of FILE\n"
	     "  --allow-lockout PATH load a policy although it would refuse this file\n"
	     "  --help, --version\n"
	     "\n"
	     "SIGHUP reads the policy and opens the log anew, SIGUSR1 opens the log anew, SIGTERM stops.");
}

static int take_profile(struct debard_host *host, const char *name)
{
	if (!debar_profile_is_name(name)) {
		debard_say(LOG_ERR, "--profile: '%s' is no name of a profile: %s", name,
			   DEBAR_PROFILE_FORM);
		return -EINVAL;
	}
	host->profiles[host->count++] = name;
	return 0;
}

/* Return: -1 to go on, otherwise what to exit with. */
static int parse(int argc, char **argv, struct debard *debard)
{
	static const struct option options[] = {
		{"policy-dir", required_argument, NULL, 'p'},
		{"log", required_argument, NULL, 'l'},
		{"state-dir", required_argument, NULL, 's'},
		{"allow-lockout", required_argument, NULL, 'a'},
		{"config", required_argument, NULL, 'c'},
		{"profile", required_argument, NULL, 'r'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'v'},
		{0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'p':
			debard->policy_folder = optarg;
			break;
		case 'l':
			debard->log_path = optarg;
			break;
		case 's':
			debard->state_folder = optarg;
			break;
		case 'a':
			debard->allowed.paths[debard->allowed.count++] = optarg;
			break;
		case 'c':
			debard->host.config_path = optarg;
			break;
		case 'r':
			if (take_profile(&debard->host, optarg))
				return DEBARD_USAGE;
			break;
		case 'h':
			print_help();
			return DEBARD_STOPPED;
		case 'v':
			puts("debard " DEBAR_VERSION);
			return DEBARD_STOPPED;
		default:
			return DEBARD_USAGE;
		}
	}
	if (optind == argc)
		return -1;
	debard_say(LOG_ERR, "%s: there are no arguments but options: see --help", argv[optind]);
	return DEBARD_USAGE;
}

int main(int argc, char **argv)
{
	struct debard debard = {
		.policy_folder = POLICY_FOLDER,
		.log_path = LOG_PATH,
		.state_folder = STATE_FOLDER,
		.lock = -1,
		.signals = -1,
		.folder = {.fd = -1},
		.follower = {.log = {.fd = -1}},
	};
	int exit;

	debard.allowed.paths = calloc(argc, sizeof(*debard.allowed.paths));
	debard.host.profiles = calloc(argc, sizeof(*debard.host.profiles));
	exit = debard.allowed.paths && debard.host.profiles ? parse(argc, argv, &debard) :
				      fail(-ENOMEM, "debard", "cannot start");
	if (exit < 0) {
		exit = open_all(&debard);
		if (!exit)
			exit = run(&debard);
		close_all(&debard);
	}
	free(debard.allowed.paths);
	free(debard.host.profiles);
	return exit;
}
