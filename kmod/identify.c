// SPDX-License-Identifier: GPL-2.0-only
/*
 * Computes the digests by which a file is identified. No locks; may sleep for as long as the
 * filesystem takes to read.
 *
 * Files are read with the kernel's own credentials: the subject may be allowed to execute a file
 * and not to read it, and what it may read is not the question here.
 */
#include <crypto/hash.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/init_task.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <uapi/linux/debar.h>

#include "counters.h"
#include "identify.h"
#include "limits.h"

/* Set once at load; shared by everyone, since a hash in progress lives on the stack. */
static struct crypto_shash *sha256;
static const struct cred *reader_cred;

/**
 * debar_identify_init() - get the hash driver and the credentials to read with
 *
 * Return: 0, -ENOMEM, or what the crypto layer returns when it has no SHA-256.
 */
int debar_identify_init(void)
{
	int ret;

	sha256 = crypto_alloc_shash("sha256", 0, 0);
	if (IS_ERR(sha256))
		return PTR_ERR(sha256);
	ret = -ENOMEM;
	reader_cred = prepare_kernel_cred(&init_task);
	if (!reader_cred)
		goto free_sha256;
	return 0;

free_sha256:
	crypto_free_shash(sha256);
	return ret;
}

/**
 * debar_identify_exit() - give them back; nobody identifies any more
 */
void debar_identify_exit(void)
{
	put_cred(reader_cred);
	crypto_free_shash(sha256);
}

/*
 * Reads exactly @size bytes: a file that is shorter has changed, one that is longer will be found
 * to have.
 */
static int hash_content(struct shash_desc *desc, struct file *file, u64 size, void *buffer)
{
	loff_t position = 0;
	int ret = crypto_shash_init(desc);

	while (!ret && (u64)position < size) {
		size_t wanted = min_t(u64, size - position, DEBAR_READ_SIZE);
		ssize_t got;

		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
		got = kernel_read(file, buffer, wanted, &position);
		if (got < 0)
			return got;
		if (!got)
			return -ESTALE;
		ret = crypto_shash_update(desc, buffer, got);
		debar_count_many(DEBAR_COUNT_HASHED_BYTES, got);
	}
	return ret;
}

static int hash_file(struct file *file, u64 size, u8 *digest)
{
	SHASH_DESC_ON_STACK(desc, sha256);
	void *buffer;
	int ret;

	buffer = kvmalloc(min_t(u64, max_t(u64, size, 1), DEBAR_READ_SIZE),
			  GFP_KERNEL | __GFP_NOWARN);
	if (!buffer)
		return -ENOMEM;
	desc->tfm = sha256;
	ret = hash_content(desc, file, size, buffer);
	if (!ret)
		ret = crypto_shash_final(desc, digest);
	shash_desc_zero(desc);
	kvfree(buffer);
	return ret;
}

/**
 * debar_identify_file() - the SHA-256 of a file
 * @file: a regular file; its position is not moved
 * @size: of the file in bytes, as the caller knows it
 * @digest: set to DEBAR_DIGEST_SIZE bytes
 *
 * Context: process, sleeps; holds no lock of debar's that another file's reader could need.
 * Return: 0, -EINTR (the task is killed), -ENOMEM, -ESTALE (shorter than @size), or what reading
 * returns.
 */
int debar_identify_file(struct file *file, u64 size, u8 *digest)
{
	const struct cred *subject;
	struct file *own = NULL;
	int ret;

	might_sleep();
	subject = override_creds(reader_cred);
	/*
	 * The subject's own handle may not be readable, or may bypass the page cache and so demand
	 * alignment.
	 */
	if (!(file->f_mode & FMODE_READ) || (file->f_flags & O_DIRECT)) {
		own = dentry_open(&file->f_path, O_RDONLY | O_LARGEFILE, reader_cred);
		ret = PTR_ERR_OR_ZERO(own);
		if (ret)
			goto revert;
	}
	ret = hash_file(own ?: file, size, digest);
	if (!ret)
		debar_count(DEBAR_COUNT_HASHED_FILES);
	if (own)
		fput(own);
revert:
	revert_creds(subject);
	return ret;
}

/**
 * debar_identify_buffer() - the SHA-256 of what is in memory already
 * @data: the content
 * @size: of @data in bytes
 * @digest: set to DEBAR_DIGEST_SIZE bytes
 *
 * Context: process, may sleep.
 * Return: 0, or what the hash driver returns.
 */
int debar_identify_buffer(const void *data, size_t size, u8 *digest)
{
	SHASH_DESC_ON_STACK(desc, sha256);
	size_t done = 0;
	int ret;

	might_sleep();
	desc->tfm = sha256;
	ret = crypto_shash_init(desc);
	while (!ret && done < size) {
		size_t piece = min_t(size_t, size - done, DEBAR_READ_SIZE);

		ret = crypto_shash_update(desc, data + done, piece);
		done += piece;
		cond_resched();
	}
	if (!ret)
		ret = crypto_shash_final(desc, digest);
	shash_desc_zero(desc);
	debar_count_many(DEBAR_COUNT_HASHED_BYTES, done);
	debar_count(DEBAR_COUNT_HASHED_FILES);
	return ret;
}
