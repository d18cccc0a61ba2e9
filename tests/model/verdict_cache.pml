/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether what the verdict cache remembers of a file is true when it is used, while the file is written.
 *
 * Two tasks judge one file: match_file() of kmod/judge.c reads it, is_remembered() finds what is remembered; with
 * debar_identity_take(), debar_identity_lasts(), debar_cache_find() and debar_cache_add() of kmod/verdict_cache.c. Another
 * task writes the file as the kernel does: get_write_access(), file_update_time(), the content at any moment after that, and
 * put_write_access(). A store through a shared mapping is no different: the fault updates the time, and the mapping keeps
 * the file open for writing.
 *
 * What is promised: an answer from the cache is that of the content which the file had at one moment between the beginning
 * of the judgement and its end. So is an answer that was read while debar_identity_lasts(). It is not promised of what is
 * read while somebody has the file open for writing, or in the tick of the last change: that is used once, and not
 * remembered. Nor does it hold once the judgement is over: debar denies no writing.
 *
 * Left out: the policy (policy.pml); the memory of the entries: finding and adding are one step each; the
 * file's size, which only tells more states apart; kmod/inflight.c, which saves work, and on which no answer may depend; the
 * loss of entries, after which less is found. A clock that is set back is not promised anything. The two words of a ctime
 * are one here: a mix of two is taken for the ctime of no state, since their nanoseconds differ. Memory is sequentially
 * consistent, as always in Promela.
 */
#define WRITES		2
#define TICKS		3
#define NO_CONTENT	255

/* The content is two pieces, which a write changes one after the other; this counts these steps. */
byte content;
#define PIECE(n)	((content + 1 - n) / 2)

byte open_for_write;
/* In ticks of the coarse clock: two changes within a tick leave the same ctime. */
byte now = 1;
byte ctime;
/* Counts a change only when somebody has asked since the last one; not every filesystem has it. */
bool has_version;
byte version;
bool version_queried;

/* The cache's only place: the entries for one file all have the same. The answer stands for what it was made of. */
bool entry;
byte entry_version, entry_ctime, entry_answer;

init {
	atomic {
		if
		:: has_version = true
		:: has_version = false
		fi;
		run clock();
		run writer();
		run reader();
		run finder()
	}
}

proctype clock() {
	do
	:: now < TICKS -> now++
	:: else -> break
	od
}

proctype writer() {
	byte written, time;

	do
	:: written == WRITES -> break
	:: else ->
		open_for_write++;
		do
		:: break
		:: written < WRITES ->
			/* file_update_time(): the time is that of its beginning */
			time = now;
			d_step {
				if
				:: has_version && version_queried -> version++; version_queried = false
				:: else
				fi
			}
			ctime = time;
			content++;
			content++;
			written++
		od;
		open_for_write--
	od
}

inline take_version(to_version) {
	d_step {
		to_version = version;
		version_queried = has_version
	}
}

/* debar_identity_take(): the compiler may read the two in either order */
inline identity_take(to_version, to_ctime) {
	if
	:: take_version(to_version); to_ctime = ctime
	:: to_ctime = ctime; take_version(to_version)
	fi
}

/* The two questions of debar_identity_lasts() */
#ifdef BREAK_OPEN_FOR_WRITE_IGNORED
#define NOBODY_WRITES	true
#else
#define NOBODY_WRITES	(open_for_write == 0)
#endif
#ifdef BREAK_YOUNG_CTIME_TRUSTED
#define SETTLED(time)	true
#else
#define SETTLED(time)	(now > time)
#endif

/* debar_cache_find() */
inline cache_find() {
	d_step {
		found = lasts && entry && entry_version == seen_version && entry_ctime == seen_ctime;
		assert(!found || (begun <= entry_answer && entry_answer <= content))
	}
}

/* debar_cache_add() */
inline cache_add() {
	d_step {
		entry = true;
		entry_version = after_version;
		entry_ctime = after_ctime;
		entry_answer = answer
	}
}

/* The answer is the step at which the content was what was read, if there was such a step. */
inline read_and_match() {
	answer = PIECE(0);
	d_step {
		if
		:: answer == PIECE(1) || answer == PIECE(1) + 1 -> answer = answer + PIECE(1)
		:: else -> answer = NO_CONTENT
		fi
	}
}

/*
 * debar_identity_lasts(): the clock comes first. Whoever opens the file after the second question writes with a later time
 * than the first has seen.
 */
inline identity_lasts(of_ctime, asked) {
#ifdef BREAK_CLOCK_READ_LAST
	asked = asked && NOBODY_WRITES;
	asked = asked && SETTLED(of_ctime)
#else
	asked = asked && SETTLED(of_ctime);
	asked = asked && NOBODY_WRITES
#endif
}

/* Whoever opens the file after the question changes the identity that was taken before. */
inline take_and_ask() {
	begun = content;
	lasts = true;
#ifdef BREAK_OPEN_FOR_WRITE_ASKED_FIRST
	lasts = NOBODY_WRITES;
	identity_take(seen_version, seen_ctime);
	lasts = lasts && SETTLED(seen_ctime)
#else
	identity_take(seen_version, seen_ctime);
	identity_lasts(seen_ctime, lasts)
#endif
}

/* is_remembered() */
proctype finder() {
	byte begun, seen_version, seen_ctime;
	bool lasts, found;

	take_and_ask();
	cache_find()
}

/* match_file(), one attempt: the next one is like a judgement of its own */
proctype reader() {
	byte begun, answer, seen_version, seen_ctime, after_version, after_ctime;
	bool lasts;

	take_and_ask();
	read_and_match();
	identity_take(after_version, after_ctime);
#ifdef BREAK_LASTS_NOT_ASKED_BEFORE_READING
	lasts = true;
#endif
#ifndef BREAK_IDENTITY_NOT_COMPARED
	if
	:: after_version != seen_version || after_ctime != seen_ctime -> goto unstable
	:: else
	fi;
#endif
	assert(!lasts || (begun <= answer && answer <= content));
	identity_lasts(after_ctime, lasts);
	if
	:: lasts -> cache_add()
	:: else
	fi;
unstable:
	skip
}
