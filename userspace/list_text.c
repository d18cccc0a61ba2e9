// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists with an entry a line: what sha256sum(1) prints, as coreutils' manual describes it, and the
 * rules of fapolicyd, as fapolicyd.rules(5) does.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "list_reader.h"

#define DIGITS	(2 * DEBAR_DIGEST_SIZE)
#define TAG	"SHA256 ("

/* The next line without its end, or NULL; counts it. */
static char *next_line(char **text, size_t *number)
{
	char *line = strsep(text, "\n");
	size_t length;

	if (!line || (!*line && !*text))
		return NULL;
	length = strlen(line);
	if (length && line[length - 1] == '\r')
		line[length - 1] = 0;
	(*number)++;
	return line;
}

static bool is_blank(const char *line)
{
	line += strspn(line, " \t");
	return !*line || *line == '#';
}

/* `SHA256 (NAME) = DIGEST`, as BSD's tools and --tag print it; the digest, or NULL. */
static const char *split_tagged(char *line, char **name)
{
	char *end = strstr(line, ") = "), *next;

	if (strncmp(line, TAG, strlen(TAG)) || !end)
		return NULL;
	while ((next = strstr(end + 1, ") = ")))
		end = next;
	*end = 0;
	*name = line + strlen(TAG);
	return end + strlen(") = ");
}

/* `DIGEST  NAME` or `DIGEST *NAME`; the digest, or NULL. */
static const char *split_plain(char *line, char **name)
{
	if (strnlen(line, DIGITS + 3) < DIGITS + 3 || line[DIGITS] != ' ' ||
	    (line[DIGITS + 1] != ' ' && line[DIGITS + 1] != '*'))
		return NULL;
	line[DIGITS] = 0;
	*name = line + DIGITS + 2;
	return line;
}

int debar_list_read_sha256sum(struct debar_list_reader *reader, char *text)
{
	size_t number = 0;
	char *line, *name;

	while ((line = next_line(&text, &number))) {
		const char *digest;
		int err;

		if (is_blank(line))
			continue;
		/* Then \n and \\ in the name mean what they do in C, and are left as they are. */
		line += *line == '\\';
		digest = split_tagged(line, &name) ?: split_plain(line, &name);
		err = digest ? debar_list_add(reader, number, digest, name, NULL) : -EINVAL;
		if (err == -EINVAL)
			return debar_list_refuse(reader, number,
						 "give what sha256sum or sha256sum --tag prints",
						 "no SHA-256 with the name of a file");
		if (err)
			return err;
	}
	return 0;
}

/* Adds the digests of a rule; how many there were, or -EINVAL or -ENOMEM. */
static int add_rule(struct debar_list_reader *reader, size_t number, const char *rule)
{
	static const char *const keys[] = { "sha256hash=", "filehash=" };
	_cleanup_free_ char *copy = strdup(rule);
	char *rest = copy, *word;
	int count = 0;
	size_t i;

	while ((word = strsep(&rest, " \t")))
		for (i = 0; i < ARRAY_SIZE(keys); i++)
			if (!strncmp(word, keys[i], strlen(keys[i]))) {
				int err = debar_list_add(reader, number, word + strlen(keys[i]),
							 NULL, NULL);

				if (err)
					return err;
				count++;
			}
	return copy ? count : -ENOMEM;
}

/* Of the rules those that deny an object by its hash. */
int debar_list_read_fapolicyd(struct debar_list_reader *reader, char *text)
{
	size_t number = 0;
	char *line;

	while ((line = next_line(&text, &number))) {
		const char *object = strchr(line, ':');
		int count = 0;

		if (is_blank(line) || *line == '%')
			continue;
		if (!object)
			return debar_list_refuse(reader, number, "give rules of fapolicyd",
						 "no rule: it has no colon");
		if (!strncmp(line, "deny", strlen("deny")))
			count = add_rule(reader, number, object + 1);
		if (count == -EINVAL)
			return debar_list_refuse(reader, number, "correct it, or leave it out",
						 "a hash that is no SHA-256");
		if (!count)
			count = debar_list_skip(reader, number, "denies no file by its hash");
		if (count < 0)
			return count;
	}
	return 0;
}
