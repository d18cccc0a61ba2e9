// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From the attributes of a message to a struct, by a table; nothing of a message is believed
 * unchecked.
 */
#include <errno.h>
#include <string.h>
#include <linux/debar.h>
#include <linux/genetlink.h>

#include "client.h"
#include "client_socket.h"

static int store_bytes(const struct nlattr *attr, struct debar_bytes *out)
{
	out->data = mnl_attr_get_payload(attr);
	out->length = mnl_attr_get_payload_len(attr);
	return 0;
}

static int store_string(const struct nlattr *attr, const char **out)
{
	if (mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) < 0)
		return -EBADMSG;
	*out = mnl_attr_get_str(attr);
	return 0;
}

static int store_digest(const struct nlattr *attr, const uint8_t **out)
{
	if (mnl_attr_get_payload_len(attr) != DEBAR_DIGEST_SIZE)
		return -EBADMSG;
	*out = mnl_attr_get_payload(attr);
	return 0;
}

static int store(const struct nlattr *attr, const struct debar_field *field, void *out)
{
	void *place = (char *)out + field->offset;

	switch (field->type) {
	case FIELD_U64:
		if (mnl_attr_validate(attr, MNL_TYPE_U64) < 0)
			return -EBADMSG;
		*(uint64_t *)place = mnl_attr_get_u64(attr);
		return 0;
	case FIELD_STRING:
		return store_string(attr, place);
	case FIELD_DIGEST:
		return store_digest(attr, place);
	case FIELD_BYTES:
		return store_bytes(attr, place);
	default:
		break;
	}
	if (mnl_attr_validate(attr, MNL_TYPE_U32) < 0)
		return -EBADMSG;
	if (field->type == FIELD_FLAG)
		*(bool *)place = mnl_attr_get_u32(attr) != 0;
	else
		*(uint32_t *)place = mnl_attr_get_u32(attr);
	return 0;
}

static size_t field_of(const struct debar_field *fields, size_t count, uint16_t attribute)
{
	size_t i = 0;

	while (i < count && fields[i].attribute != attribute)
		i++;
	return i;
}

int debar_fields_read(const struct nlmsghdr *message, const struct debar_field *fields,
		      size_t count, void *out)
{
	const struct nlattr *attr;
	uint64_t missing = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		if (fields[i].type == FIELD_STRING)
			*(const char **)((char *)out + fields[i].offset) = "";
		if (fields[i].required)
			missing |= UINT64_C(1) << i;
	}
	if (mnl_nlmsg_get_payload_len(message) < sizeof(struct genlmsghdr))
		return -EBADMSG;
	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr)) {
		i = field_of(fields, count, mnl_attr_get_type(attr));
		if (i == count)
			continue;
		if (store(attr, &fields[i], out))
			return -EBADMSG;
		missing &= ~(UINT64_C(1) << i);
	}
	return missing ? -EBADMSG : 0;
}
