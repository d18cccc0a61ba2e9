/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether nobody is in debar's text when it goes away.
 *
 * Two tasks call a hook: redirect() of kmod/attach_ftrace.c, then a function of kmod/replacements.c, which counts itself in
 * and out with debar_enter() and debar_leave() of kmod/inside.h and may sleep, and may postpone a judgement as in
 * kmod/postpone.c, which is made on the way to user space. Another task unloads: debar_detach(), debar_drain() and
 * debar_postponed_drain().
 *
 * ftrace is only trusted to wait for those in redirect(), which cannot be preempted. synchronize_rcu_tasks() waits until
 * each task was once asleep of its own will, or in user space. Memory is sequentially consistent, as always in Promela.
 */
#define TASKS	2

bool attached = true;
bool gone;
bool in_redirect[TASKS];
bool in_text[TASKS];
/* Asleep of its own will, or in user space: what RCU tasks waits for. */
bool quiet[TASKS] = true;
/* debar_inside, on each of two processors; a short may be negative on one. */
short inside[2];
byte outstanding;

inline synchronize_rcu_tasks() {
	quiet[0];
	quiet[1]
}

inline await_none_inside() {
	do
	:: sum = inside[0];
		sum = sum + inside[1];
		if
		:: sum == 0 -> break
		:: else
		fi
	od;
	sum = 0
}

active proctype unloader() {
	short sum;

	/* unregister_ftrace_function() */
	attached = false;
	!in_redirect[0];
	!in_redirect[1];
	/* debar_drain() */
#ifndef BREAK_SENT_NOT_AWAITED
	synchronize_rcu_tasks();
#endif
#ifdef BREAK_POSTPONED_DRAINED_FIRST
	outstanding == 0;
	await_none_inside();
#else
#ifndef BREAK_INSIDE_NOT_AWAITED
	await_none_inside();
#endif
#ifndef BREAK_POSTPONED_NOT_AWAITED
	outstanding == 0;
#endif
#endif
#ifndef BREAK_RETURNING_NOT_AWAITED
	synchronize_rcu_tasks();
#endif
	gone = true;
	assert(!in_text[0] && !in_text[1])
}

/* It may run on another processor at each step. */
inline count(by) {
	if
	:: inside[0] = inside[0] + by
	:: inside[1] = inside[1] + by
	fi
}

inline sleep(me) {
	quiet[me] = true;
	quiet[me] = false
}

proctype task(bit me) {
	bool postponed;
	byte calls;

	do
	:: calls == 2 -> break
	:: else ->
		calls++;
		quiet[me] = false;
		atomic {
			if
			:: attached -> in_redirect[me] = true
			:: else -> goto user
			fi
		}
		assert(!gone);
		atomic { in_text[me] = true; in_redirect[me] = false }
		count(1);
		if
		:: sleep(me)
		:: true
		fi;
		if
		:: outstanding++; postponed = true
		:: true
		fi;
		assert(!gone);
		count(-1);
		in_text[me] = false;
user:
		if
		:: postponed ->
			/* judge_now(), from the task's work */
			in_text[me] = true;
			assert(!gone);
			sleep(me);
			outstanding--;
			in_text[me] = false;
			postponed = false
		:: else
		fi;
		quiet[me] = true
	od
}

init {
	atomic {
		run task(0);
		run task(1)
	}
}
