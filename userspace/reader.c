// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Follows the kernel's denials by their sequence numbers.
 */
#include <errno.h>
#include <stddef.h>

#include "reader.h"

/* Account for everything before @sequence. */
static int skip_to(struct debar_reader *reader, uint64_t sequence)
{
	int error;

	if (sequence <= reader->next)
		return 0;
	error = reader->gap(reader->next, sequence - 1, reader->data);
	if (!error)
		reader->next = sequence;
	return error;
}

/**
 * struct pull - one pull under way
 * @reader: the caller's
 * @again: the answer was about something else than was asked for
 */
struct pull {
	struct debar_reader *reader;
	bool again;
};

/*
 * Learn which count the answer is about; when the question was about another one, or beyond its
 * end, ask again.
 */
static int take_state(struct pull *pull, const struct debar_denial_state *state)
{
	struct debar_reader *reader = pull->reader;

	if (state->generation != reader->generation) {
		reader->generation = state->generation;
		reader->next = reader->start(state->generation, reader->data);
		pull->again = true;
	} else if (reader->next > state->next) {
		reader->next = state->oldest;
		pull->again = true;
	}
	return pull->again ? -ECANCELED : skip_to(reader, state->oldest);
}

static int take(const struct debar_denial *denial, const struct debar_denial_state *state,
		void *data)
{
	struct pull *pull = data;
	struct debar_reader *reader = pull->reader;
	int error;

	if (!denial)
		return take_state(pull, state);
	if (denial->sequence < reader->next)
		return 0;
	error = skip_to(reader, denial->sequence);
	if (!error)
		error = reader->denial(denial, reader->data);
	if (!error)
		reader->next = denial->sequence + 1;
	return error;
}

int debar_reader_pull(struct debar_reader *reader, struct debar_client *client)
{
	struct pull pull = {.reader = reader};
	int error;

	do {
		pull.again = false;
		error = debar_client_denial_dump(client, reader->next, take, &pull);
	} while (pull.again);
	return error;
}
