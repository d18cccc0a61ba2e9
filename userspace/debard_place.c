// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads and writes the place, and finds it in a line of the log.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "debard_place.h"
#include "output.h"

#define PLACE_MAX	4096

static int count_of(json_t *object, struct debar_count *count)
{
	const char *boot_id, *generation;
	char *end;

	if (json_unpack(object, "{s:s, s:s}", "boot_id", &boot_id, "generation", &generation))
		return -EINVAL;
	if (strlen(boot_id) >= sizeof(count->boot_id) || strlen(generation) != 16)
		return -EINVAL;
	strcpy(count->boot_id, boot_id);
	count->generation = strtoull(generation, &end, 16);
	return *end ? -EINVAL : 0;
}

static int number_of(json_t *object, const char *key, uint64_t *number)
{
	json_int_t value = json_integer_value(json_object_get(object, key));

	*number = (uint64_t)value;
	return value < 1 ? -EINVAL : 0;
}

int debard_place_read(const char *path, struct debard_place *place)
{
	_cleanup_buffer_ struct debar_buffer text = {0};
	_cleanup_json_ json_t *object = NULL;
	int error = debar_file_read(path, PLACE_MAX, &text);

	if (error)
		return error;
	object = json_loadb(text.data, text.length, 0, NULL);
	if (!object || count_of(object, &place->count) || number_of(object, "next", &place->next)) {
		*place = (struct debard_place){0};
		return -EINVAL;
	}
	return 0;
}

int debard_place_write(const char *path, const struct debard_place *place)
{
	_cleanup_free_ char *text = NULL;
	int length = asprintf(&text, "{\"boot_id\": \"%s\", \"generation\": \"%016" PRIx64
			      "\", \"next\": %" PRIu64 "}\n", place->count.boot_id,
			      place->count.generation, place->next);

	if (length < 0) {
		text = NULL;
		return -ENOMEM;
	}
	return debar_file_write(path, text, (size_t)length);
}

int debard_place_of_line(const char *line, size_t length, struct debard_place *place)
{
	_cleanup_json_ json_t *object = json_loadb(line, length, 0, NULL);
	struct debard_place found = {0};
	const char *type;
	bool gap;

	if (!object || json_unpack(object, "{s:s}", "type", &type))
		return -EINVAL;
	gap = !strcmp(type, "gap");
	if (!gap && strcmp(type, "denial"))
		return -EINVAL;
	if (count_of(object, &found.count) ||
	    number_of(object, gap ? "last" : "sequence", &found.next))
		return -EINVAL;
	found.next++;
	*place = found;
	return 0;
}

uint64_t debard_place_start(const struct debar_count *count, const struct debard_place *places,
			    size_t number)
{
	uint64_t next = 1;

	for (size_t i = 0; i < number; i++) {
		if (places[i].count.generation == count->generation &&
		    !strcmp(places[i].count.boot_id, count->boot_id) && places[i].next > next)
			next = places[i].next;
	}
	return next;
}
