// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fuzzes the reading of denials: the input is what a dump brings, message behind message; whatever
 * is accepted can be shown as JSON, as a row and as a line.
 */
#include <string.h>

#include "client_denial.c"
#include "denial.h"
#include "fuzz.h"

static int show(const struct debar_denial *denial, const struct debar_denial_state *state,
		void *data)
{
	const struct debar_count count = { .generation = state->generation };
	char *cells[DEBAR_DENIAL_COLUMNS], *text;
	json_t *object;

	(void)data;
	if (!denial)
		return 0;
	object = debar_denial_json(denial, &count, NULL);
	must(object);
	text = json_dumps(object, JSON_COMPACT);
	must(text && !strchr(text, '\n'));
	free(text);
	json_decref(object);
	must(!debar_denial_row(denial, "user", cells));
	debar_denial_row_free(cells);
	text = debar_denial_line(denial, NULL);
	must(text && strcspn(text, "\n\r\033") == strlen(text));
	free(text);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *bytes = fuzz_copy(data, size);
	const struct nlmsghdr *message = bytes;
	struct denial_dump dump = { .cb = show };
	int left = size, error = 0;

	while (!error && debar_message_ok(message, left)) {
		error = read_message(message, &dump);
		must(!error || error == -EBADMSG);
		message = mnl_nlmsg_next(message, &left);
	}
	free(bytes);
	return 0;
}
