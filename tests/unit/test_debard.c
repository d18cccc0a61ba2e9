// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * debard as a whole, against a fake kernel: every denial once, over kill -9, rotation, a full
 * disk, a module that goes and comes; the policy of a folder that changes. Runs debard-fake,
 * which lies beside it.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "debard_place.h"
#include "fake_kernel.h"
#include "tap.h"

/* How long something that debard is to do may take before it counts as failed. */
#define PATIENCE_MS	10000
/* How long nothing is to happen where nothing should. */
#define QUIET_MS	600

static char folder[32];
static char log_path[64], rotated_path[64], state_path[64], policy_path[64], said_path[64];
static char config_path[64];
static const char *profile;
static char program[PATH_MAX];
static struct fake_kernel *kernel;
static pid_t daemon_pid;
static rlim_t file_limit = RLIM_INFINITY;

static void wait_ms(unsigned int milliseconds)
{
	usleep(milliseconds * 1000);
}

static void start_daemon(void)
{
	struct rlimit limit = {.rlim_cur = file_limit, .rlim_max = RLIM_INFINITY};
	int said;

	daemon_pid = fork();
	if (daemon_pid)
		return;
	said = open(said_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	dup2(said, STDERR_FILENO);
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &limit);
	execl(program, program, "--policy-dir", policy_path, "--log", log_path, "--state-dir",
	      state_path, "--config", config_path, profile ? "--profile" : NULL, profile,
	      (char *)NULL);
	_exit(127);
}

/* Return: the exit code, or minus the signal. */
static int end_daemon(int signal)
{
	int status;

	kill(daemon_pid, signal);
	waitpid(daemon_pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/*
 * Note a place that each line of a log leads to. Return: false when a number is missing or comes
 * twice.
 */
static bool follow_lines(const char *path, uint64_t *next, unsigned int *gaps)
{
	FILE *file = fopen(path, "r");
	struct debard_place place;
	char line[8192];
	bool good = true;

	while (file && fgets(line, sizeof(line), file)) {
		size_t length = strlen(line);

		if (line[length - 1] != '\n')
			break;
		if (debard_place_of_line(line, length, &place)) {
			printf("# no line of the log: %s", line);
			good = false;
		} else if (strstr(line, "\"gap\"")) {
			++*gaps;
			*next = place.next;
		} else {
			good = good && place.next == *next + 1;
			*next = place.next;
		}
	}
	if (file)
		fclose(file);
	return good;
}

/* Whether the log holds each denial before @next once; waits until it is so. */
static bool is_logged(uint64_t next, unsigned int gaps)
{
	for (unsigned int waited = 0; waited < PATIENCE_MS; waited += 20) {
		uint64_t seen = 1;
		unsigned int seen_gaps = 0;

		if (!follow_lines(log_path, &seen, &seen_gaps))
			return false;
		if (seen == next)
			return seen_gaps == gaps;
		wait_ms(20);
	}
	return false;
}

static bool becomes(const uint32_t *value, uint32_t expected)
{
	for (unsigned int waited = 0; waited < PATIENCE_MS && *value != expected; waited += 20)
		wait_ms(20);
	return *value == expected;
}

static bool has_said(const char *words)
{
	struct debar_buffer text = {0};
	bool found = false;

	for (unsigned int waited = 0; waited < PATIENCE_MS && !found; waited += 20) {
		if (!debar_file_read(said_path, 1 << 24, &text))
			found = strstr(text.data, words);
		debar_buffer_free(&text);
		if (!found)
			wait_ms(20);
	}
	return found;
}

static void clear(void)
{
	unlink(log_path);
	unlink(rotated_path);
	truncate(said_path, 0);
	*kernel = (struct fake_kernel){.loaded = true, .generation = 1, .oldest = 1, .next = 1};
	char place[80];

	snprintf(place, sizeof(place), "%s/place", state_path);
	unlink(place);
}

static void deny(unsigned int number)
{
	kernel->next += number;
	fake_kernel_ring(DEBAR_EVENT_DENIALS);
}

static void put_policy(const char *name, const char *text)
{
	char path[128], new[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", policy_path, name);
	snprintf(new, sizeof(new), "%s/.new", policy_path);
	file = fopen(new, "w");
	fputs(text, file);
	fclose(file);
	rename(new, path);
}

static void drop_policy(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", policy_path, name);
	unlink(path);
}

static void test_following(void)
{
	clear();
	deny(1000);
	start_daemon();
	ok(is_logged(1001, 0), "1000 denials from before the start");
	deny(1);
	ok(is_logged(1002, 0), "one more");
	ok(end_daemon(SIGTERM) == 0, "SIGTERM ends it well");
	deny(500);
	start_daemon();
	ok(is_logged(1502, 0), "500 from while it was away");
	kernel->oldest = 1600;
	deny(200);
	ok(is_logged(1702, 1), "a gap where the kernel kept too few");
	kernel->next++;
	ok(end_daemon(SIGTERM) == 0 && is_logged(1703, 1), "the last one is logged before the end");
}

static void test_kills(void)
{
	unsigned int denials = 0;

	clear();
	kernel->pause = 50;
	srand(1);
	for (int i = 0; i < 60; i++) {
		start_daemon();
		for (int j = 0; j < 5; j++) {
			wait_ms(rand() % 15);
			deny(300);
			denials += 300;
		}
		wait_ms(rand() % 10);
		if (end_daemon(SIGKILL) != -SIGKILL)
			break;
	}
	start_daemon();
	ok(is_logged(denials + 1, 0), "%u denials over 60 times kill -9", denials);
	ok(end_daemon(SIGTERM) == 0, "ends well");
}

static void test_rotation(void)
{
	uint64_t next = 1;
	unsigned int gaps = 0;
	bool good;

	clear();
	deny(10);
	start_daemon();
	ok(is_logged(11, 0), "before the rotation");
	rename(log_path, rotated_path);
	deny(10);
	for (int i = 0; i < 100 && access(log_path, F_OK); i++)
		wait_ms(20);
	rename(log_path, said_path);
	kill(daemon_pid, SIGUSR1);
	for (int i = 0; i < 100 && access(log_path, F_OK); i++)
		wait_ms(20);
	ok(!access(log_path, F_OK), "SIGUSR1 opens the log anew at once");
	deny(10);
	ok(end_daemon(SIGTERM) == 0, "ends well");
	good = follow_lines(rotated_path, &next, &gaps) && follow_lines(said_path, &next, &gaps) &&
	       follow_lines(log_path, &next, &gaps);
	ok(good && next == 31 && !gaps, "each denial is in one of the files");
}

static void test_full_disk(void)
{
	clear();
	file_limit = 20000;
	deny(100);
	start_daemon();
	ok(has_said("cannot log denials: File too large"), "a full disk is told");
	deny(10);
	file_limit = RLIM_INFINITY;
	prlimit(daemon_pid, RLIMIT_FSIZE, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY}, NULL);
	ok(is_logged(111, 0), "with room again, nothing is missing and nothing twice");
	ok(has_said("are logged again"), "and that is told");
	ok(end_daemon(SIGTERM) == 0, "ends well");
}

static void test_module(void)
{
	clear();
	kernel->loaded = false;
	start_daemon();
	ok(has_said("is not loaded"), "a missing module is told");
	kernel->next = 6;
	kernel->loaded = true;
	fake_kernel_ring(DEBAR_EVENT_MODULE);
	ok(is_logged(6, 0), "it has come");
	kernel->loaded = false;
	fake_kernel_ring(DEBAR_EVENT_MODULE);
	wait_ms(100);
	unlink(log_path);
	*kernel = (struct fake_kernel){.loaded = true, .generation = 2, .oldest = 1, .next = 4};
	fake_kernel_ring(DEBAR_EVENT_MODULE);
	ok(is_logged(4, 0), "it was loaded anew: its numbers begin at 1");
	ok(end_daemon(SIGTERM) == 0, "ends well");
}

#define POLICY(serial) \
	"name: house\nserial: " serial "\nbans:\n- id: acme\n  vendor: Acme\n" \
	"  authority: Order 7\n  indicators:\n" \
	"  - sha256: 1111111111111111111111111111111111111111111111111111111111111111\n" \
	"    size: 7\n    source: a test\n"

static void test_policy(void)
{
	clear();
	rmdir(policy_path);
	start_daemon();
	ok(has_said("no policy there"), "a missing folder is told");
	mkdir(policy_path, 0700);
	put_policy("a.yaml", POLICY("1"));
	ok(becomes(&kernel->loads, 1) && kernel->serial == 1, "it has come, with a policy");
	put_policy("a.yaml", POLICY("2"));
	ok(becomes(&kernel->loads, 2) && kernel->serial == 2, "a change is loaded");
	put_policy("a.yaml", POLICY("2"));
	kill(daemon_pid, SIGHUP);
	ok(has_said("in force already"), "what is in force already is noticed");
	wait_ms(QUIET_MS);
	ok(kernel->loads == 2, "and not loaded again");
	put_policy("a.yaml", "name: [\n");
	ok(has_said("a.yaml:"), "a broken policy is told with its place");
	wait_ms(QUIET_MS);
	ok(kernel->loads == 2, "and not loaded");
	put_policy("b.debar", "not a blob");
	ok(has_said("not the only policy"), "a blob beside a source is told");
	drop_policy("b.debar");
	kernel->refuse = EEXIST;
	put_policy("a.yaml", POLICY("3"));
	ok(has_said("the kernel refused the policy: File exists: so says the fake"),
	   "the kernel's refusal is told in its words");
	wait_ms(QUIET_MS);
	ok(kernel->loads == 2 && kernel->serial == 2, "the policy in force stays");
	kill(daemon_pid, SIGHUP);
	ok(becomes(&kernel->loads, 3) && kernel->serial == 3, "SIGHUP reads the folder");
	kernel->in_force = false;
	kernel->generation = 2;
	fake_kernel_ring(DEBAR_EVENT_MODULE);
	ok(becomes(&kernel->loads, 4), "a module loaded anew gets the policy");
	ok(end_daemon(SIGTERM) == 0, "ends well");
	drop_policy("a.yaml");
}

static void put_config(const char *text)
{
	debar_file_write(config_path, text, strlen(text));
}

static void test_profiles(void)
{
	int status;

	clear();
	put_config("profiles: [server]\n");
	put_policy("a.yaml", POLICY("1") "- id: desk\n  vendor: Acme\n  authority: Order 8\n"
		   "  applies_to: [workstation]\n  indicators: []\n");
	start_daemon();
	ok(has_said("ban desk: left out, it applies to workstation"), "a ban for others is told");
	ok(becomes(&kernel->loads, 1), "the rest is loaded");
	put_config("profiles: [server]\nprofile: 1\n");
	kill(daemon_pid, SIGHUP);
	ok(has_said(".conf:2:1: Unexpected key: profile"), "a broken configuration is told");
	wait_ms(QUIET_MS);
	ok(kernel->loads == 1 && kernel->in_force, "the policy in force stays");
	put_config("profiles: [workstation]\n");
	kill(daemon_pid, SIGHUP);
	ok(becomes(&kernel->loads, 2), "SIGHUP reads the configuration");
	ok(end_daemon(SIGTERM) == 0, "ends well");
	clear();
	profile = "kiosk";
	start_daemon();
	ok(has_said("ban desk: left out"), "the command line takes its place");
	ok(end_daemon(SIGTERM) == 0, "ends well");
	profile = "Kiosk";
	start_daemon();
	waitpid(daemon_pid, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 2 &&
	   has_said("--profile: 'Kiosk' is no name"), "a profile that is none ends it");
	profile = NULL;
	put_config("");
	drop_policy("a.yaml");
}

static void test_start(void)
{
	pid_t first;
	int status;

	clear();
	start_daemon();
	ok(has_said("no policy there"), "the first one runs");
	first = daemon_pid;
	start_daemon();
	waitpid(daemon_pid, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 5 && has_said("another debard"),
	   "a second one does not");
	daemon_pid = first;
	ok(end_daemon(SIGTERM) == 0, "ends well");
}

static void make_paths(void)
{
	static char kernel_path[64];

	snprintf(log_path, sizeof(log_path), "%s/log", folder);
	snprintf(rotated_path, sizeof(rotated_path), "%s/log.1", folder);
	snprintf(state_path, sizeof(state_path), "%s/state", folder);
	snprintf(policy_path, sizeof(policy_path), "%s/policy.d", folder);
	snprintf(said_path, sizeof(said_path), "%s/said", folder);
	snprintf(config_path, sizeof(config_path), "%s/debar.conf", folder);
	snprintf(kernel_path, sizeof(kernel_path), "%s/kernel", folder);
	setenv(FAKE_KERNEL_VARIABLE, kernel_path, 1);
}

int main(int argc, char **argv)
{
	char command[64];

	(void)argc;
	snprintf(program, sizeof(program), "%s/debard-fake", dirname(argv[0]));
	strcpy(folder, "/tmp/debar-debard.XXXXXX");
	if (access(program, X_OK) || !mkdtemp(folder))
		return 2;
	make_paths();
	kernel = fake_kernel_map();
	if (!kernel)
		return 2;
	put_config("");
	test_following();
	test_kills();
	test_rotation();
	test_full_disk();
	test_module();
	test_policy();
	test_profiles();
	test_start();
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command) || tap_done();
}
