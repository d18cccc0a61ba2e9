/* SPDX-License-Identifier: GPL-2.0-only */
/* Keeps the last denials, numbered without a gap, until readers have fetched them. */
#ifndef DEBAR_DENIALS_H
#define DEBAR_DENIALS_H

#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <linux/uidgid.h>
#include <uapi/linux/debar.h>

struct debar_judgement;

/**
 * struct debar_denial - one recorded refusal, or would-be refusal; immutable once it is in the ring
 * @ref: the ring holds one reference, each reader another
 * @sequence: number, from 1
 * @wall_time: nanoseconds since 1970
 * @boot_time: nanoseconds since the start of the machine
 * @operation: what was attempted
 * @verdict: deny or audit
 * @reason: why
 * @spared: it would have been refused, but process 1 needs it
 * @kind: of the indicator that matched, when @reason is that
 * @digest: the digest that matched, when @reason is that
 * @stage: where the ban stood, when @reason is that
 * @waiver_expires: date on which the waiver expires, when there is one: @waiver is not empty
 * @has_sha256: @sha256 is set
 * @sha256: of the file
 * @size: of the file in bytes
 * @device: of the file's filesystem; 0 when there is no file
 * @inode: the file's inode number
 * @pid: thread of the subject, like the next two in the initial PID namespace
 * @tgid: process of the subject
 * @ppid: its parent
 * @uid: real user, like the next two in the initial user namespace
 * @euid: effective user
 * @loginuid: user that logged in, or -1
 * @session: audit session, or -1
 * @cgroup: id of the cgroup in the unified hierarchy
 * @pid_ns: inode number of the PID namespace
 * @mnt_ns: inode number of the mount namespace
 * @comm: the thread's name
 * @policy_serial: of the policy judged under; 0 when there was none
 * @policy_digest: of that policy
 * @ban_id: strings, in @text; empty when unknown
 * @vendor: see @ban_id
 * @product: see @ban_id
 * @authority: see @ban_id
 * @citation: see @ban_id
 * @override: see @ban_id
 * @derived: where the indicator is from, if this machine added it to the policy, see @ban_id
 * @waiver: see @ban_id
 * @waiver_owner: see @ban_id
 * @waiver_ticket: see @ban_id
 * @policy_name: see @ban_id
 * @policy_signer: see @ban_id
 * @filesystem: type of the filesystem, see @ban_id
 * @path: of the file, see @ban_id
 * @subject_exe: path of the subject's own program, see @ban_id
 * @text: storage of the strings
 */
struct debar_denial {
	struct kref ref;
	u64 sequence;
	u64 wall_time;
	u64 boot_time;
	enum debar_operation operation;
	enum debar_verdict verdict;
	enum debar_reason reason;
	bool spared;
	enum debar_indicator_kind kind;
	u8 digest[DEBAR_DIGEST_SIZE];
	enum debar_stage stage;
	u64 waiver_expires;
	bool has_sha256;
	u8 sha256[DEBAR_DIGEST_SIZE];
	u64 size;
	dev_t device;
	u64 inode;
	pid_t pid;
	pid_t tgid;
	pid_t ppid;
	uid_t uid;
	uid_t euid;
	uid_t loginuid;
	u32 session;
	u64 cgroup;
	u32 pid_ns;
	u32 mnt_ns;
	char comm[TASK_COMM_LEN];
	u64 policy_serial;
	u8 policy_digest[DEBAR_DIGEST_SIZE];
	const char *ban_id;
	const char *vendor;
	const char *product;
	const char *authority;
	const char *citation;
	const char *override;
	const char *derived;
	const char *waiver;
	const char *waiver_owner;
	const char *waiver_ticket;
	const char *policy_name;
	const char *policy_signer;
	const char *filesystem;
	const char *path;
	const char *subject_exe;
	char text[];
};

/**
 * struct debar_denials_state - where the ring stands
 * @oldest: oldest sequence number that is kept; equals @next when none is
 * @next: sequence number that the next denial will have
 * @lost: denials that went before anyone had fetched them
 */
struct debar_denials_state {
	u64 oldest;
	u64 next;
	u64 lost;
};

int debar_denials_init(unsigned int size, void (*announce)(void));
void debar_denials_quiet(void);
void debar_denials_exit(void);

void debar_denials_record(struct file *file, const struct debar_judgement *judgement);
void debar_denials_state(struct debar_denials_state *state);
struct debar_denial *debar_denials_get(u64 from, u64 before);
void debar_denials_fetched(u64 sequence);
void debar_denial_put(struct debar_denial *denial);
u64 debar_denials_generation(void);
unsigned int debar_denials_size(void);

#endif /* DEBAR_DENIALS_H */
