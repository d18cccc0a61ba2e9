// SPDX-License-Identifier: GPL-2.0-or-later
/* Keeps the highest serial of a signed policy. */
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "debard_floor.h"
#include "output.h"

#define FLOOR_MAX	4096

int debard_floor_read(const char *path, struct debard_floor *floor)
{
	_cleanup_buffer_ struct debar_buffer text = {0};
	_cleanup_json_ json_t *object = NULL;
	struct debard_floor found = {0};
	const char *serial, *digest;
	char *end;
	int error = debar_file_read(path, FLOOR_MAX, &text);

	if (error)
		return error;
	object = json_loadb(text.data, text.length, 0, NULL);
	if (!object || json_unpack(object, "{s:s, s:s}", "serial", &serial, "digest", &digest))
		return -EINVAL;
	found.serial = strtoull(serial, &end, 10);
	if (*end || !found.serial || strlen(digest) != sizeof(found.digest) - 1)
		return -EINVAL;
	strcpy(found.digest, digest);
	*floor = found;
	return 0;
}

static uint64_t serial_of(const struct debar_policy *policy)
{
	return le64toh(policy->blob.header->serial);
}

int debard_floor_check(const struct debard_floor *floor, const struct debar_policy *policy,
		       const char *where, struct debar_error *error)
{
	uint64_t serial = serial_of(policy);
	char digest[DEBAR_HEX_SIZE];

	debar_hex(digest, policy->digest, sizeof(policy->digest));
	if (serial > floor->serial || !strcmp(digest, floor->digest))
		return 0;
	return debar_error_set(error, -ESTALE, where, "raise the serial",
			       "its serial is %" PRIu64
			       ", and this machine has had another policy, signed, of serial %"
			       PRIu64, serial, floor->serial);
}

int debard_floor_raise(struct debard_floor *floor, const struct debar_policy *policy,
		       const char *path)
{
	_cleanup_free_ char *text = NULL;
	int length;

	if (serial_of(policy) <= floor->serial)
		return 0;
	floor->serial = serial_of(policy);
	debar_hex(floor->digest, policy->digest, sizeof(policy->digest));
	length = asprintf(&text, "{\"serial\": \"%" PRIu64 "\", \"digest\": \"%s\"}\n",
			  floor->serial, floor->digest);
	if (length < 0) {
		text = NULL;
		return -ENOMEM;
	}
	return debar_file_write(path, text, (size_t)length);
}
