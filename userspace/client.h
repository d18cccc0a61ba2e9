/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * All of debar's generic netlink: one function for each command of kmod/netlink/debar.yaml, typed
 * structs out.
 *
 * Every function that returns int returns 0 or -errno and prints nothing. What the errors mean
 * for all of them:
 *
 *	-ENOENT		the kernel has no family `debar`: the module is not loaded (any more)
 *	-EPERM		CAP_MAC_ADMIN in the initial user namespace is missing
 *	-EBADMSG	the kernel's answer lacks something required or has it in the wrong form
 *	-EPROTO		the kernel's answer ended before it was complete
 *	-ENOMEM		no memory
 *
 * and whatever else the kernel answers; its own words for the last error are in
 * debar_client_message().
 *
 * Strings and digests in the structs point into the client's receive buffer: they live until the
 * next call with the same client, in dumps until the callback returns, which must not use the
 * client. A string that the kernel left out is "", a digest is NULL. Attributes that a newer
 * kernel adds are ignored. A client is not to be shared between threads.
 */
#ifndef DEBAR_CLIENT_H
#define DEBAR_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/debar.h>
#include "policy_blob.h"
#include "util.h"

/* Size of a file that is not known. */
#define DEBAR_SIZE_UNKNOWN	UINT64_MAX
/* Login uid or session that is not set, or that the kernel left out. */
#define DEBAR_ID_NONE		UINT32_MAX

struct debar_client;

/**
 * struct debar_status - what debar is doing
 * @version: version of the module
 * @form: how it got into the kernel
 * @mode: mode in force
 * @fail_closed: a file that cannot be identified is refused
 * @policy_name: "" when no policy is loaded; then the other policy fields are 0 and NULL
 * @policy_serial: its edition
 * @policy_digest: SHA-256 of the blob, DEBAR_DIGEST_SIZE bytes
 * @policy_signer: who signed it, or ""
 * @local_digest: SHA-256 of what this machine adds to the policy, DEBAR_DIGEST_SIZE bytes, or NULL
 * @local_indicators: how many indicators that are
 * @bans: bans in force
 * @indicators: indicators in force
 * @judged: operations judged since the module was loaded
 * @cleared_by_size: of these, allowed because no indicator has the file's size
 * @cache_hits: of these, answered from the verdict cache
 * @cache_misses: of these, not found there
 * @cache_entries: verdicts in the cache
 * @cache_size: places in the cache
 * @hashed_files: files hashed
 * @hashed_bytes: bytes hashed
 * @denied: operations refused
 * @audited: operations that would have been refused and were let through
 * @denials_next: sequence number that the next denial will have
 * @denials_lost: denials overwritten before anyone read them
 * @ring_size: denials that the kernel keeps
 * @generation: random number of this load of the module
 * @failures: files that could not be identified, for each reason
 * @health: bit (1 << enum debar_health) for each reason why debar is not fully at work; 0 when
 *   healthy
 * @scanners: processes that may open files whose opening is banned
 * @waivers: waivers in force, also those that have expired
 * @sealed: debar cannot be unloaded or weakened until the machine starts anew
 * @next_date: when the policy will say something else by itself, in seconds since 1970;
 *   DEBAR_BLOB_NEVER when it will not
 * @refused_early: operations refused while the kernel started, because the policy that is required
 *   was not in force yet
 */
struct debar_status {
	const char *version;
	uint32_t form;
	uint32_t mode;
	bool fail_closed;
	const char *policy_name;
	uint64_t policy_serial;
	const uint8_t *policy_digest;
	const char *policy_signer;
	const uint8_t *local_digest;
	uint32_t local_indicators;
	uint32_t bans;
	uint32_t indicators;
	uint64_t judged;
	uint64_t cleared_by_size;
	uint64_t cache_hits;
	uint64_t cache_misses;
	uint32_t cache_entries;
	uint32_t cache_size;
	uint64_t hashed_files;
	uint64_t hashed_bytes;
	uint64_t denied;
	uint64_t audited;
	uint64_t denials_next;
	uint64_t denials_lost;
	uint32_t ring_size;
	uint64_t generation;
	uint64_t failures[DEBAR_REASON_MAX + 1];
	uint32_t health;
	uint32_t scanners;
	uint32_t waivers;
	bool sealed;
	uint64_t next_date;
	uint64_t refused_early;
};

/**
 * struct debar_policy_info - the policy in force
 * @name: its name
 * @serial: its edition
 * @issued: when the blob was built, in seconds since 1970
 * @digest: SHA-256 of the blob, DEBAR_DIGEST_SIZE bytes
 * @length: length of the blob in bytes
 * @bans: number of bans
 * @indicators: number of indicators
 */
struct debar_policy_info {
	const char *name;
	uint64_t serial;
	uint64_t issued;
	const uint8_t *digest;
	uint64_t length;
	uint32_t bans;
	uint32_t indicators;
};

/**
 * struct debar_ban_info - a ban in force
 * @id: its id
 * @vendor: the vendor that it prohibits
 * @product: "" when it is about all products
 * @authority: what prohibits the vendor
 * @citation: where to read it, or ""
 * @mode: enum debar_mode
 * @operations: what it is about, bit (1 << enum debar_operation) for each
 * @indicators: how many indicators belong to it
 * @status: enum debar_ban_status
 * @prohibits: what the authority prohibits, bit (1 << enum debar_prohibition) for each
 * @override: why it refuses although the authority does not ask for it, or ""
 * @audit_from: when it begins to record, in seconds since 1970, 0 for since ever, DEBAR_BLOB_NEVER
 *   for not at all; the next two likewise
 * @warn_from: when its records become warnings
 * @enforce_from: when it begins to refuse
 * @stage: enum debar_stage, where it stands today
 * @next_date: when the stage changes, or DEBAR_BLOB_NEVER
 */
struct debar_ban_info {
	const char *id;
	const char *vendor;
	const char *product;
	const char *authority;
	const char *citation;
	uint32_t mode;
	uint32_t operations;
	uint32_t indicators;
	uint32_t status;
	uint32_t prohibits;
	const char *override;
	uint64_t audit_from;
	uint64_t warn_from;
	uint64_t enforce_from;
	uint32_t stage;
	uint64_t next_date;
};

/**
 * struct debar_waiver_info - a waiver in force, or one that has expired
 * @id: its id
 * @ban_id: the ban that it is from
 * @product: the only product that is waived, or ""
 * @host: the only host where it is waived, or ""
 * @owner: who answers for it
 * @ticket: where it was decided
 * @reason: or ""
 * @kind: enum debar_indicator_kind; meaningful with @digest
 * @digest: of the only indicator that is waived, DEBAR_DIGEST_SIZE bytes, a shorter one filled up
 *   with NULs, or NULL
 * @expires: from then on it is one no more, in seconds since 1970
 */
struct debar_waiver_info {
	const char *id;
	const char *ban_id;
	const char *product;
	const char *host;
	const char *owner;
	const char *ticket;
	const char *reason;
	uint32_t kind;
	const uint8_t *digest;
	uint64_t expires;
};

/**
 * struct debar_indicator_info - an indicator in force
 * @kind: enum debar_indicator_kind
 * @digest: DEBAR_DIGEST_SIZE bytes, a shorter one filled up with NULs
 * @size: in bytes, of the file or with a code-sha256 of its code, or DEBAR_SIZE_UNKNOWN
 * @ban_id: the ban that it belongs to
 * @product: or ""
 * @version: or ""
 * @source: where the indicator comes from
 * @local: this machine added it to the policy
 */
struct debar_indicator_info {
	uint32_t kind;
	const uint8_t *digest;
	uint64_t size;
	const char *ban_id;
	const char *product;
	const char *version;
	const char *source;
	bool local;
};

/**
 * struct debar_law - what a verdict rests on besides the indicator
 * @spared: it would be refused, but is the program or the loader of process 1
 * @citation: of the ban, or ""
 * @override: why it refuses although the authority does not ask for it, or ""
 * @derived: where the indicator is from, if this machine added it to the policy, or ""
 * @stage: enum debar_stage, where the ban stood
 * @waiver_id: the waiver because of which it was not refused, or ""; then the next three are
 *   empty, too
 * @waiver_owner: who answers for the waiver
 * @waiver_ticket: where it was decided
 * @waiver_expires: when it expires, in seconds since 1970
 */
struct debar_law {
	bool spared;
	const char *citation;
	const char *override;
	const char *derived;
	uint32_t stage;
	const char *waiver_id;
	const char *waiver_owner;
	const char *waiver_ticket;
	uint64_t waiver_expires;
};

/**
 * struct debar_check - the kernel's verdict about a file or a digest
 * @verdict: enum debar_verdict
 * @reason: enum debar_reason
 * @ban_id: the ban that concerns it, or ""; then the next three are "" too
 * @vendor: of the ban
 * @product: of the ban or of the indicator
 * @authority: of the ban
 * @kind: kind of the indicator that matched
 * @digest: the file's SHA-256 when it was needed, DEBAR_DIGEST_SIZE bytes, or NULL
 * @size: length of the file in bytes, or DEBAR_SIZE_UNKNOWN
 * @law: of the ban
 */
struct debar_check {
	uint32_t verdict;
	uint32_t reason;
	const char *ban_id;
	const char *vendor;
	const char *product;
	const char *authority;
	uint32_t kind;
	const uint8_t *digest;
	uint64_t size;
	struct debar_law law;
};

/**
 * struct debar_denial_state - where the kernel's count of denials stands
 * @oldest: the oldest sequence number that the kernel still keeps; equal to @next when it keeps
 *   none
 * @next: the sequence number that the next denial will have; the first one is 1
 * @lost: denials overwritten before anyone read them
 * @generation: random number of this load of the module, which the sequence numbers belong to
 */
struct debar_denial_state {
	uint64_t oldest;
	uint64_t next;
	uint64_t lost;
	uint64_t generation;
};

/*
 * struct debar_bytes - bytes that need not be UTF-8 and have no NUL; @data is NULL when the
 * kernel left them out
 */
struct debar_bytes {
	const char *data;
	size_t length;
};

/**
 * struct debar_denial - one recorded refusal, or would-be refusal
 * @sequence: its number, without gaps within a generation
 * @wall_time: when, in nanoseconds since 1970
 * @boot_time: when, in nanoseconds since the start of the machine
 * @operation: enum debar_operation
 * @verdict: enum debar_verdict
 * @reason: enum debar_reason
 * @ban_id: the ban that concerns the file, or "" when the file could not be identified
 * @vendor: of the ban
 * @product: of the ban or of the indicator, or ""
 * @authority: of the ban
 * @kind: enum debar_indicator_kind; meaningful with @digest
 * @digest: the digest that matched, DEBAR_DIGEST_SIZE bytes, a shorter one filled up with NULs,
 *   or NULL
 * @file_sha256: SHA-256 of the file, DEBAR_DIGEST_SIZE bytes, or NULL when it is not known
 * @size: length of the file in bytes, or DEBAR_SIZE_UNKNOWN
 * @path: of the file; the last bytes of a path that is too long
 * @device: of its filesystem, major in the upper 12 bits, minor in the lower 20
 * @inode: of the file
 * @filesystem: type of the filesystem, or ""
 * @pid: of the subject, in the initial pid namespace, as all ids here are
 * @tgid: its process
 * @ppid: its parent
 * @uid: its real user
 * @euid: its effective user
 * @loginuid: the user that logged in, or DEBAR_ID_NONE
 * @session: of the login, or DEBAR_ID_NONE
 * @comm: the subject's name
 * @subject_exe: path of the subject's own program
 * @cgroup: id of its cgroup
 * @pid_ns: its pid namespace
 * @mnt_ns: its mount namespace
 * @policy_name: the policy that judged
 * @policy_serial: its edition
 * @policy_digest: SHA-256 of its blob, DEBAR_DIGEST_SIZE bytes, or NULL
 * @policy_signer: who signed it, or ""
 * @law: of the ban
 */
struct debar_denial {
	uint64_t sequence;
	uint64_t wall_time;
	uint64_t boot_time;
	uint32_t operation;
	uint32_t verdict;
	uint32_t reason;
	const char *ban_id;
	const char *vendor;
	const char *product;
	const char *authority;
	uint32_t kind;
	const uint8_t *digest;
	const uint8_t *file_sha256;
	uint64_t size;
	struct debar_bytes path;
	uint32_t device;
	uint64_t inode;
	const char *filesystem;
	uint32_t pid;
	uint32_t tgid;
	uint32_t ppid;
	uint32_t uid;
	uint32_t euid;
	uint32_t loginuid;
	uint32_t session;
	struct debar_bytes comm;
	struct debar_bytes subject_exe;
	uint64_t cgroup;
	uint32_t pid_ns;
	uint32_t mnt_ns;
	const char *policy_name;
	uint64_t policy_serial;
	const uint8_t *policy_digest;
	const char *policy_signer;
	struct debar_law law;
};

/**
 * debar_client_open - find the kernel's family `debar` and open a socket to it
 * @client: set on success, NULL on error
 *
 * Needs no capability; the commands do.
 */
int debar_client_open(struct debar_client **client);

/* debar_client_close - close the socket, dropping an open policy transaction; NULL is allowed */
void debar_client_close(struct debar_client *client);

DEBAR_DEFINE_CLEANUP(struct debar_client *, debar_client_close);
#define _cleanup_client_ _cleanup_(debar_cleanup_debar_client_close)

/**
 * debar_client_message - what the kernel said about the last call's error
 *
 * Return: a sentence without a full stop, or "" when it said nothing; lives until the next call
 * with @client
 */
const char *debar_client_message(const struct debar_client *client);

/* debar_client_status - status-get */
int debar_client_status(struct debar_client *client, struct debar_status *status);

/**
 * debar_client_policy_load_signed - policy-begin, policy-chunk, policy-commit: put one in force
 * @client: of this process alone
 * @blob: the compiled policy (see policy_blob.h)
 * @length: in bytes
 * @digest: SHA-256 of @blob, DEBAR_DIGEST_SIZE bytes
 * @signature: its detached signature, in DER; empty when it has none
 *
 * On any error the policy that was in force before stays. Loading what is in force already is not
 * noticed here: compare debar_client_policy_get() first. -EINVAL is the kernel's answer to a
 * malformed blob; -ENOKEY when it is signed by nobody whom it trusts, -EKEYREJECTED when the
 * signature is not one of this policy.
 */
int debar_client_policy_load_signed(struct debar_client *client, const void *blob, size_t length,
				    const uint8_t *digest, const struct debar_buffer *signature);

/* debar_client_policy_load - the same of a policy without a signature */
int debar_client_policy_load(struct debar_client *client, const void *blob, size_t length,
			     const uint8_t *digest);

/**
 * debar_client_local_load - policy-begin, -chunk, -commit: put in force what this machine adds to
 *   the policy, in the place of what it added before
 * @client: of this process alone
 * @blob: compiled, as a policy is; it can only add refusals
 * @length: in bytes
 * @digest: SHA-256 of @blob, DEBAR_DIGEST_SIZE bytes
 *
 * It needs no signature, stays when the policy is replaced, and goes with it.
 * -ENODATA: no policy is in force. On any error nothing is changed.
 */
int debar_client_local_load(struct debar_client *client, const void *blob, size_t length,
			    const uint8_t *digest);

/* debar_client_local_unload - policy-unload; add nothing any more; -ENODATA when nothing is */
int debar_client_local_unload(struct debar_client *client);

/* debar_client_policy_unload - policy-unload; put no policy in force; -EBUSY when it is sealed */
int debar_client_policy_unload(struct debar_client *client);

/* debar_client_policy_get - policy-get; -ENODATA when no policy is in force */
int debar_client_policy_get(struct debar_client *client, struct debar_policy_info *policy);

/*
 * Callbacks of the dumps. They return 0 to go on or -errno, which the dump then returns.
 *
 * Those of bans, waivers and indicators are called with NULL whenever the dump begins: once, and
 * once more for each time that the policy was replaced during the dump. What came before NULL is to
 * be forgotten.
 */
typedef int (*debar_ban_cb)(const struct debar_ban_info *ban, void *data);
typedef int (*debar_waiver_cb)(const struct debar_waiver_info *waiver, void *data);
typedef int (*debar_indicator_cb)(const struct debar_indicator_info *indicator, void *data);
typedef int (*debar_denial_cb)(const struct debar_denial *denial,
			       const struct debar_denial_state *state, void *data);

/* debar_client_ban_dump - ban-dump; -EAGAIN when the policy is replaced over and over */
int debar_client_ban_dump(struct debar_client *client, debar_ban_cb cb, void *data);

/* debar_client_waiver_dump - waiver-dump; -EAGAIN when the policy is replaced over and over */
int debar_client_waiver_dump(struct debar_client *client, debar_waiver_cb cb, void *data);

/*
 * debar_client_indicator_dump - indicator-dump; -EAGAIN when the policy is replaced over and over
 */
int debar_client_indicator_dump(struct debar_client *client, debar_indicator_cb cb, void *data);

/* debar_client_check_fd - check; judge the file behind @fd, open for reading, without running it */
int debar_client_check_fd(struct debar_client *client, int fd, struct debar_check *check);

/**
 * debar_client_check_digest - check; judge a digest
 * @client: of this process alone
 * @kind: enum debar_indicator_kind
 * @digest: DEBAR_DIGEST_SIZE bytes, a shorter one filled up with NULs
 * @check: the answer
 */
int debar_client_check_digest(struct debar_client *client, uint32_t kind, const uint8_t *digest,
			      struct debar_check *check);

/* debar_client_mode_set - mode-set; @mode is an enum debar_mode; -EBUSY when it is sealed */
int debar_client_mode_set(struct debar_client *client, uint32_t mode);

/*
 * debar_client_seal - seal; -ENODATA when no policy is in force, -EINVAL when the mode is monitor
 */
int debar_client_seal(struct debar_client *client);

/* debar_client_cache_flush - cache-flush; forget every cached verdict */
int debar_client_cache_flush(struct debar_client *client);

/*
 * debar_client_scan_begin - scan-begin; until the client is closed, let this process, but not what
 * it starts, open files whose opening is banned
 */
int debar_client_scan_begin(struct debar_client *client);

/**
 * debar_client_denial_dump - denial-dump; read the denials from a sequence number on
 * @client: of this process alone
 * @since: the first one wanted; 0 means the oldest kept
 * @cb: called first with NULL and the state, then with each denial in order
 * @data: handed to @cb
 *
 * When the state's oldest is greater than @since, the denials between are lost to this reader.
 * Numbers may also jump within a dump, when the kernel overwrites what was not read yet.
 */
int debar_client_denial_dump(struct debar_client *client, uint64_t since, debar_denial_cb cb,
			     void *data);

/*
 * A watch tells that something happened, never what: the reader then asks with a client. It needs
 * no capability to be opened and outlives unloading and loading the module.
 */
struct debar_watch;

enum debar_event {
	DEBAR_EVENT_MODULE = 1,		/* the module came or went: open a new client, join again */
	DEBAR_EVENT_DENIALS = 2,	/* there may be denials to be dumped */
	DEBAR_EVENT_POLICY = 4,		/* the policy or the mode may have changed */
};

/* debar_watch_open - watch the module come and go; @watch is set on success, NULL on error */
int debar_watch_open(struct debar_watch **watch);

/* debar_watch_close - NULL is allowed */
void debar_watch_close(struct debar_watch *watch);

DEBAR_DEFINE_CLEANUP(struct debar_watch *, debar_watch_close);
#define _cleanup_watch_ _cleanup_(debar_cleanup_debar_watch_close)

/**
 * debar_watch_join - be told of denials and of the policy as well
 *
 * To be called anew after each DEBAR_EVENT_MODULE.
 * -EPERM: CAP_SYS_ADMIN in the initial user namespace is missing, which the kernel asks for here.
 */
int debar_watch_join(struct debar_watch *watch);

/* debar_watch_fd - to be polled for reading */
int debar_watch_fd(const struct debar_watch *watch);

/**
 * debar_watch_read - take what has happened, without waiting
 *
 * Return: a set of enum debar_event, 0 when nothing happened, or -errno. When the socket
 * overflowed, all of them.
 */
int debar_watch_read(struct debar_watch *watch);

#endif /* DEBAR_CLIENT_H */
