// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds the line and column of something in a policy source; read a second time, and only when
 * there is an error.
 */
#include <stdbool.h>
#include <string.h>
#include <yaml.h>

#include "source_yaml.h"

/**
 * struct walk - a walk through the events of a YAML file
 * @parser: libyaml's
 * @event: the current one
 * @mark: the best place known so far
 */
struct walk {
	yaml_parser_t parser;
	yaml_event_t event;
	yaml_mark_t mark;
};

/* Goes to the next event; false at the end and when the file is no YAML. */
static bool next(struct walk *w)
{
	yaml_event_delete(&w->event);
	return yaml_parser_parse(&w->parser, &w->event) &&
	       w->event.type != YAML_STREAM_END_EVENT && w->event.type != YAML_NO_EVENT;
}

/* From the first event of a node to its last. */
static bool skip_node(struct walk *w)
{
	int depth = 0;

	do {
		switch (w->event.type) {
		case YAML_MAPPING_START_EVENT:
		case YAML_SEQUENCE_START_EVENT:
			depth++;
			break;
		case YAML_MAPPING_END_EVENT:
		case YAML_SEQUENCE_END_EVENT:
			depth--;
			break;
		default:
			break;
		}
	} while (depth && next(w));
	return !depth;
}

/* In a mapping, goes to the value of a key and marks the key. */
static bool enter_key(struct walk *w, const char *key)
{
	if (w->event.type != YAML_MAPPING_START_EVENT)
		return false;
	while (next(w) && w->event.type != YAML_MAPPING_END_EVENT) {
		bool found = w->event.type == YAML_SCALAR_EVENT &&
			     !strcmp((char *)w->event.data.scalar.value, key);
		yaml_mark_t mark = w->event.start_mark;

		if (!skip_node(w) || !next(w))
			return false;
		if (found) {
			w->mark = mark;
			return true;
		}
		if (!skip_node(w))
			return false;
	}
	return false;
}

/* In a sequence, goes to an entry and marks it. */
static bool enter_entry(struct walk *w, size_t index)
{
	if (w->event.type != YAML_SEQUENCE_START_EVENT)
		return false;
	while (next(w) && w->event.type != YAML_SEQUENCE_END_EVENT) {
		if (!index--) {
			w->mark = w->event.start_mark;
			return true;
		}
		if (!skip_node(w))
			return false;
	}
	return false;
}

static void walk_to(struct walk *w, const struct debar_source_ref *ref)
{
	/* stream start, document start, root node */
	if (!next(w) || !next(w) || !next(w))
		return;
	w->mark = w->event.start_mark;
	if (ref->ban != DEBAR_SOURCE_NONE &&
	    (!enter_key(w, ref->is_waiver ? "waivers" : "bans") || !enter_entry(w, ref->ban)))
		return;
	if (ref->indicator != DEBAR_SOURCE_NONE &&
	    (!enter_key(w, "indicators") || !enter_entry(w, ref->indicator)))
		return;
	if (ref->key)
		enter_key(w, ref->key);
}

/* libyaml tells where bytes are no UTF-8 by their offset alone. */
static yaml_mark_t mark_of_offset(const struct debar_buffer *text, size_t offset)
{
	yaml_mark_t mark = {};
	size_t i;

	for (i = 0; i < offset && i < text->length; i++) {
		mark.column++;
		if (text->data[i] == '\n') {
			mark.line++;
			mark.column = 0;
		}
	}
	return mark;
}

void debar_yaml_place(const char *path, const struct debar_buffer *text,
		      const struct debar_source_ref *ref, char *where, size_t size)
{
	struct walk w = {};

	if (!yaml_parser_initialize(&w.parser)) {
		snprintf(where, size, "%s", path);
		return;
	}
	yaml_parser_set_input_string(&w.parser, (const uint8_t *)text->data, text->length);
	if (ref)
		walk_to(&w, ref);
	else
		while (next(&w))
			;
	if (w.parser.error == YAML_READER_ERROR)
		w.mark = mark_of_offset(text, w.parser.problem_offset);
	else if (w.parser.error)
		w.mark = w.parser.problem_mark;
	snprintf(where, size, "%s:%zu:%zu", path, w.mark.line + 1, w.mark.column + 1);
	yaml_event_delete(&w.event);
	yaml_parser_delete(&w.parser);
}
