// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes the record of a denial: who attempted what with which file, under which policy. No locks;
 * may sleep.
 */
#include <linux/audit.h>
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include "compat/compat.h"
#include "denial_fill.h"
#include "judge.h"
#include "policy.h"

/* The strings of a denial: at first they lie where they come from, then in its text. */
static const size_t string_fields[] = {
	offsetof(struct debar_denial, ban_id),
	offsetof(struct debar_denial, vendor),
	offsetof(struct debar_denial, product),
	offsetof(struct debar_denial, authority),
	offsetof(struct debar_denial, citation),
	offsetof(struct debar_denial, override),
	offsetof(struct debar_denial, derived),
	offsetof(struct debar_denial, waiver),
	offsetof(struct debar_denial, waiver_owner),
	offsetof(struct debar_denial, waiver_ticket),
	offsetof(struct debar_denial, policy_name),
	offsetof(struct debar_denial, policy_signer),
	offsetof(struct debar_denial, filesystem),
	offsetof(struct debar_denial, path),
	offsetof(struct debar_denial, subject_exe),
};

/* One buffer for the paths of the file and of the subject's program. */
#define PATHS_SIZE	(2 * PATH_MAX)

static void fill_subject(struct debar_denial *d)
{
	const struct cred *cred = current_cred();

	d->pid = task_pid_nr(current);
	d->tgid = task_tgid_nr(current);
	d->uid = from_kuid(&init_user_ns, cred->uid);
	d->euid = from_kuid(&init_user_ns, cred->euid);
	d->loginuid = from_kuid(&init_user_ns, audit_get_loginuid(current));
	d->session = audit_get_sessionid(current);
	d->pid_ns = task_active_pid_ns(current)->ns.inum;
	d->mnt_ns = debar_compat_mnt_ns_inum();
	get_task_comm(d->comm, current);
	rcu_read_lock();
	d->ppid = task_tgid_nr(rcu_dereference(current->real_parent));
	d->cgroup = cgroup_id(task_dfl_cgroup(current));
	rcu_read_unlock();
}

/*
 * Never fails: a path that is too long, or has no memory, ends in its last components, or is empty.
 */
static const char *path_of(struct file *file, char *buffer)
{
	char *path;

	if (!file || !buffer)
		return "";
	path = d_path(debar_compat_user_path(file), buffer, PATH_MAX);
	if (!IS_ERR(path))
		return path;
	scnprintf(buffer, PATH_MAX, ".../%pD4", file);
	return buffer;
}

static void fill_file(struct debar_denial *d, struct file *file, char *buffer)
{
	const struct inode *inode;

	d->path = path_of(file, buffer);
	if (!file)
		return;
	inode = file_inode(file);
	d->device = inode->i_sb->s_dev;
	d->inode = inode->i_ino;
	d->filesystem = inode->i_sb->s_type->name;
}

static void fill_ban(struct debar_denial *d, const struct debar_judgement *j)
{
	const struct debar_blob *blob = &debar_policy_layer(j->policy, j->layer)->blob;
	const struct debar_blob_ban *ban = debar_blob_ban(blob, j->indicator);

	d->kind = j->kind;
	memcpy(d->digest, j->indicator->digest, DEBAR_DIGEST_SIZE);
	d->stage = j->stage;
	d->ban_id = debar_blob_string(blob, ban->id);
	d->vendor = debar_blob_string(blob, ban->vendor);
	d->product = debar_blob_product(blob, j->indicator);
	d->authority = debar_blob_string(blob, ban->authority);
	d->citation = debar_blob_string(blob, ban->citation);
	d->override = debar_blob_string(blob, ban->override);
	d->derived = debar_policy_derived(j->policy, j->layer, j->indicator);
	if (!j->waiver)
		return;
	d->waiver = debar_blob_string(blob, j->waiver->id);
	d->waiver_owner = debar_blob_string(blob, j->waiver->owner);
	d->waiver_ticket = debar_blob_string(blob, j->waiver->ticket);
	d->waiver_expires = le64_to_cpu(j->waiver->expires);
}

static void fill_judgement(struct debar_denial *d, const struct debar_judgement *j)
{
	d->verdict = j->verdict;
	d->reason = j->reason;
	d->spared = j->spared;
	d->size = j->size;
	d->has_sha256 = j->found.has_sha256;
	memcpy(d->sha256, j->found.sha256, DEBAR_DIGEST_SIZE);
	if (j->policy) {
		d->policy_name = debar_policy_name(j->policy);
		d->policy_signer = j->policy->signer ?: "";
		d->policy_serial = debar_policy_serial(j->policy);
		memcpy(d->policy_digest, j->policy->digest, DEBAR_DIGEST_SIZE);
	}
	if (j->indicator)
		fill_ban(d, j);
}

static const char **string_of(struct debar_denial *d, size_t i)
{
	return (void *)d + string_fields[i];
}

/* A record of its own, with its strings behind it. */
static struct debar_denial *copy_with_text(struct debar_denial *draft)
{
	struct debar_denial *d;
	size_t size = 0, i;
	char *text;

	for (i = 0; i < ARRAY_SIZE(string_fields); i++)
		size += strlen(*string_of(draft, i)) + 1;
	d = kmalloc(struct_size(d, text, size), GFP_KERNEL);
	if (!d)
		return NULL;
	*d = *draft;
	text = d->text;
	for (i = 0; i < ARRAY_SIZE(string_fields); i++) {
		size_t length = strlen(*string_of(draft, i)) + 1;

		*string_of(d, i) = memcpy(text, *string_of(draft, i), length);
		text += length;
	}
	return d;
}

/**
 * debar_denial_fill() - make the record of a denial
 * @file: what the operation was attempted with, or NULL
 * @judgement: the verdict on it
 *
 * Context: process, may sleep.
 * Return: a record with one reference and no sequence number yet, or NULL without memory.
 */
struct debar_denial *debar_denial_fill(struct file *file,
				       const struct debar_judgement *judgement)
{
	char *paths = kmalloc(PATHS_SIZE, GFP_KERNEL);
	struct debar_denial draft = {
		.operation = judgement->operation,
		.wall_time = ktime_get_real_ns(),
		.boot_time = ktime_get_boottime_ns(),
	};
	struct debar_denial *d;
	struct file *exe;
	size_t i;

	might_sleep();
	for (i = 0; i < ARRAY_SIZE(string_fields); i++)
		*string_of(&draft, i) = "";
	/* A kernel thread runs none. */
	exe = current->mm ? debar_compat_exe_of(current->mm) : NULL;
	fill_subject(&draft);
	fill_file(&draft, file, paths);
	fill_judgement(&draft, judgement);
	draft.subject_exe = path_of(exe, paths ? paths + PATH_MAX : NULL);
	d = copy_with_text(&draft);
	if (d)
		kref_init(&d->ref);
	if (exe)
		fput(exe);
	kfree(paths);
	return d;
}
