// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Warnings on terminals: who gets them, and that neither a terminal nor a process can hold debard
 * up.
 */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "debard.h"
#include "debard_warn.h"
#include "tap.h"

/* The terminal puts a carriage return before each newline. */
#define TEXT "\r\r\ndebard: warning: /opt/acme/anvil of Acme/Anvil is banned by acme (Order 7, Gazette 12): it runs still, and that was recorded\r\r\n"

#define END "recorded\r\r\n"

/* How long something that a terminal is to get may take, and how long nothing is to come. */
#define PATIENCE_MS	5000
#define QUIET_MS	50

static int terminal = -1;
static pid_t user;

/* A process that waits, on a terminal of its own or on none; it has got there. */
static pid_t start(int *master)
{
	int ready[2];
	char byte;
	pid_t pid = pipe(ready) ? -1 : master ? forkpty(master, NULL, NULL, NULL) : fork();

	if (!pid) {
		if (!master)
			setsid();
		if (write(ready[1], "", 1) == 1)
			pause();
		_exit(0);
	}
	close(ready[1]);
	if (pid > 0 && read(ready[0], &byte, 1) != 1)
		pid = -1;
	close(ready[0]);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static struct debar_denial denial_of(pid_t pid, pid_t parent)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (struct debar_denial){
		/* Processes begin at a tick of the clock. */
		.boot_time = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec,
		.verdict = DEBAR_VERDICT_AUDIT,
		.reason = DEBAR_REASON_INDICATOR,
		.ban_id = "acme",
		.vendor = "Acme",
		.product = "Anvil",
		.authority = "Order 7",
		.path = {.data = "/opt/acme/anvil", .length = 15},
		.tgid = (uint32_t)pid,
		.ppid = (uint32_t)parent,
		.uid = getuid(),
		.loginuid = DEBAR_ID_NONE,
		.pid_ns = 0xeffffffc,
		.law = {.citation = "Gazette 12", .override = "", .stage = DEBAR_STAGE_WARN,
			.waiver_id = ""},
	};
}

/* What the terminal gets: one message, which may come in pieces; "" when nothing comes in time. */
static const char *seen(int patience)
{
	struct pollfd ready = {.fd = terminal, .events = POLLIN};
	static char text[1024];
	size_t have = 0;
	ssize_t length;

	text[0] = '\0';
	while (have < sizeof(text) - 1 && !strstr(text, END) && poll(&ready, 1, patience) > 0) {
		length = read(terminal, text + have, sizeof(text) - 1 - have);
		if (length <= 0)
			break;
		have += (size_t)length;
		text[have] = '\0';
	}
	return text;
}

/* What a debard that has told nothing yet tells of this. */
static const char *told(const struct debar_denial *denial, int patience)
{
	struct debard_warner warner = {0};

	debard_warn(&warner, denial);
	return seen(patience);
}

static void test_told(void)
{
	struct debar_denial denial = denial_of(user, 0);
	struct debard_warner warner = {0};

	debard_warn(&warner, &denial);
	same_text(seen(PATIENCE_MS), TEXT, "the terminal of the process");
	debard_warn(&warner, &denial);
	same_text(seen(QUIET_MS), "", "not again at once");
	denial.path.data = "/opt/acme/Anvil";
	debard_warn(&warner, &denial);
	ok(strstr(seen(PATIENCE_MS), "/opt/acme/Anvil"), "but another file");
	warner = (struct debard_warner){0};
	for (int i = 0; i < DEBARD_WARNINGS; i++)
		warner.told_at[i] = debard_now();
	debard_warn(&warner, &denial);
	ok(*seen(PATIENCE_MS), "what others were told does not count");
	denial.uid++;
	denial.loginuid = getuid();
	ok(*told(&denial, PATIENCE_MS), "who logged in is the user, too");
}

static void test_not_told(void)
{
	struct debar_denial denial = denial_of(user, 0);

	denial.uid++;
	same_text(told(&denial, QUIET_MS), "", "a terminal of somebody else");
	denial = denial_of(user, 0);
	denial.law.stage = DEBAR_STAGE_AUDIT;
	same_text(told(&denial, QUIET_MS), "", "what is only recorded");
	denial = denial_of(user, 0);
	denial.verdict = DEBAR_VERDICT_DENY;
	same_text(told(&denial, QUIET_MS), "", "what is refused");
	denial = denial_of(user, 0);
	denial.law.waiver_id = "W-1";
	same_text(told(&denial, QUIET_MS), "", "what is waived");
	denial = denial_of(user, 0);
	denial.pid_ns++;
	same_text(told(&denial, QUIET_MS), "", "in a container, whose terminals are others");
	denial = denial_of(user, 0);
	denial.boot_time -= 2000000000;
	same_text(told(&denial, QUIET_MS), "", "a process that was started afterwards");
}

static void test_late(void)
{
	struct debar_denial denial = denial_of(user, 0);

	sleep(5);
	same_text(told(&denial, QUIET_MS), "", "what is no news");
	denial = denial_of(user, 0);
	denial.boot_time -= 3000000000;
	ok(*told(&denial, PATIENCE_MS), "what is news");
}

static void test_processes(void)
{
	pid_t alone = start(NULL), gone = start(NULL);
	struct debar_denial denial = denial_of(alone, 0);

	same_text(told(&denial, QUIET_MS), "", "a process without a terminal");
	end(gone);
	denial = denial_of(gone, user);
	same_text(told(&denial, PATIENCE_MS), TEXT, "the parent of one that is gone");
	denial = denial_of(gone, gone);
	same_text(told(&denial, QUIET_MS), "", "both are gone");
	end(alone);
}

/* What nobody reads fills the terminal: the last test on this one. */
static void test_full(void)
{
	struct debar_denial denial = denial_of(user, 0);
	char path[32];

	alarm(30);
	for (int i = 0; i < 2000; i++) {
		struct debard_warner warner = {0};

		snprintf(path, sizeof(path), "/opt/acme/%d", i);
		denial.path.data = path;
		denial.path.length = strlen(path);
		debard_warn(&warner, &denial);
	}
	ok(true, "nobody has to read");
	alarm(0);
}

static void test_stopped(void)
{
	int slave = open(ptsname(terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct debar_denial denial = denial_of(user, 0);

	alarm(30);
	ok(!tcflow(slave, TCOOFF), "stop the terminal");
	same_text(told(&denial, QUIET_MS), "", "a stopped one is not waited for");
	ok(!tcflow(slave, TCOON) && *told(&denial, PATIENCE_MS), "it goes on");
	alarm(0);
	close(slave);
}


int main(void)
{
	user = start(&terminal);
	if (user < 0)
		return 2;
	/* The process has to be older than the denials, by more than a tick of the clock. */
	usleep(50000);
	test_told();
	test_not_told();
	test_processes();
	test_stopped();
	test_late();
	test_full();
	end(user);
	return tap_done();
}
