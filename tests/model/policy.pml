/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether an answer from the verdict cache was found out under the policy that it is used for, while policies follow one
 * another, and whether a policy is there as long as somebody uses it.
 *
 * debar_policy_publish() and replace() of kmod/policy.c replace the policy in force. Two tasks judge a file, which does not
 * change, with clear_or_keep(), is_remembered() and match_file() of kmod/judge.c. A policy's memory is used again for the
 * next one but one, as kzalloc() may do.
 *
 * Memory is sequentially consistent, as always in Promela: that the generation is written before the policy is in force is
 * here the order of the program, and in kmod/policy.c that of rcu_assign_pointer().
 */
#define POLICIES	4
#define JUDGEMENTS	2

/* Two places in memory, and the policy that lies there: the same number is never another policy. */
byte policy_number[2];
byte policy_generation[2];
byte policy_refs[2];
bit in_force;
/* Tasks in an RCU read section. */
bool reading[2];

/* Two places of the cache. The answer stands for the policy that it was found out under. */
bool entry[2];
byte entry_policy[2], entry_answer[2];

#ifdef BREAK_KNOWN_BY_ADDRESS
#define GENERATION(policy)	policy
#else
#define GENERATION(policy)	policy_generation[policy]
#endif
#ifdef BREAK_GENERATION_NOT_COMPARED
#define IS_OF(policy, generation)	true
#else
#define IS_OF(policy, generation)	(policy == generation)
#endif

init {
	atomic {
		policy_number[0] = 1;
		policy_generation[0] = 1;
		policy_refs[0] = 1;
		run publisher();
		run judge(0);
		run judge(1)
	}
}

/* debar_policy_create(), debar_policy_publish() and replace() */
proctype publisher() {
	bit old, new;
	byte number = 1;

	do
	:: number == POLICIES -> break
	:: else ->
		old = in_force;
		new = 1 - old;
		/* kzalloc(): the last reference to what was here is gone */
		policy_refs[new] == 0;
		number++;
		d_step {
			policy_number[new] = number;
			policy_generation[new] = 0;
			policy_refs[new] = 1
		}
#ifdef BREAK_GENERATION_AFTER_PUBLISHING
		in_force = new;
		policy_generation[new] = number;
#else
		policy_generation[new] = number;
		in_force = new;
#endif
#ifndef BREAK_READERS_NOT_AWAITED
		/* synchronize_rcu() */
		!reading[0];
		!reading[1];
#endif
		policy_refs[old]--
	od
}

/* debar_cache_find() */
inline cache_find() {
	d_step {
		if
		:: entry[0] && IS_OF(entry_policy[0], generation) -> found = true; assert(entry_answer[0] == number)
		:: else
		fi;
		if
		:: entry[1] && IS_OF(entry_policy[1], generation) -> found = true; assert(entry_answer[1] == number)
		:: else
		fi
	}
}

/* debar_cache_add(): in either place, which is more than choose_place() does */
inline cache_add(place) {
	entry[place] = true;
	entry_policy[place] = generation;
	entry_answer[place] = number
}

/* What debar reads of a policy is its own: it was not freed, nor is another policy in its place. */
inline use() {
	assert(policy_refs[policy] > 0 && policy_number[policy] == number)
}

inline peek() {
	policy = in_force;
	number = policy_number[policy]
}

proctype judge(bit me) {
	bit policy;
	byte number, generation, judgements;
	bool found;

	do
	:: judgements == JUDGEMENTS -> break
	:: else ->
		judgements++;
		/* clear_or_keep() and is_remembered(), the same as debar_judge_clears() */
		reading[me] = true;
		d_step { peek() }
		generation = GENERATION(policy);
		cache_find();
		if
		:: found -> reading[me] = false
		:: else ->
#ifdef BREAK_POLICY_NOT_KEPT
			reading[me] = false;
#else
			/* debar_policy_tryget(), or else debar_policy_get() */
			d_step {
				if
				:: policy_refs[policy] == 0 -> peek()
				:: else
				fi;
				policy_refs[policy]++
			}
			reading[me] = false;
#endif
			/* match_file() and read_and_match() */
			use();
			generation = GENERATION(policy);
			cache_find();
			if
			:: !found ->
				use();
				if
				:: d_step { cache_add(0) }
				:: d_step { cache_add(1) }
				fi
			:: else
			fi;
#ifndef BREAK_POLICY_NOT_KEPT
			/* debar_judgement_put() */
			policy_refs[policy]--
#endif
		fi;
		found = false
	od
}
