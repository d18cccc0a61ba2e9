// SPDX-License-Identifier: GPL-2.0-or-later
/* The folder of policies: which files are the policy, and what counts as a change. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "debard_folder.h"
#include "tap.h"

static char root[32];
static char folder[64];

static const char *in_folder(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void put(const char *name)
{
	close(open(in_folder(name), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static void replace(const char *from, const char *to)
{
	char source[128];

	strcpy(source, in_folder(from));
	if (rename(source, in_folder(to)))
		exit(1);
}

static void empty(void)
{
	char command[192];

	snprintf(command, sizeof(command), "rm -rf %s && mkdir %s", folder, folder);
	if (system(command))
		exit(1);
}

/* Compare the names that were selected with @expected, in which a blank stands behind each. */
static void check_select(int result, const char *expected, const char *name)
{
	struct debar_error error = {0};
	struct debard_files files = {0};
	char names[256] = "";

	ok(debard_folder_select(folder, &files, &error) == result, "%s: result", name);
	for (size_t i = 0; i < files.count; i++) {
		strcat(names, strrchr(files.paths[i], '/') + 1);
		strcat(names, " ");
	}
	same_text(names, expected, "%s", name);
	ok(!result == !error.what[0], "%s: an error has words", name);
	debard_files_free(&files);
}

static void test_select(void)
{
	check_select(0, "", "no folder");
	empty();
	check_select(0, "", "an empty folder");
	put("b.yaml");
	put("a.yaml");
	put("README");
	put(".hidden.yaml");
	put("c.yaml~");
	put(".yaml");
	mkdir(in_folder("d.yaml"), 0700);
	check_select(0, "a.yaml b.yaml ", "sources by name");
	put("x.debar");
	check_select(-EINVAL, "", "a blob and sources");
	unlink(in_folder("a.yaml"));
	unlink(in_folder("b.yaml"));
	check_select(0, "x.debar ", "one blob");
	put("y.debar");
	check_select(-EINVAL, "", "two blobs");
	empty();
	if (symlink("/nowhere", in_folder("a.yaml")))
		exit(1);
	check_select(0, "a.yaml ", "a link that leads nowhere is for the reader to complain about");
}

static void test_changes(void)
{
	struct debard_folder watched;
	int fd;

	empty();
	rmdir(folder);
	ok(!debard_folder_open(&watched, folder), "watching");
	ok(!debard_folder_arm(&watched), "a missing folder is not watched");
	empty();
	ok(debard_folder_arm(&watched), "it has come");
	ok(!debard_folder_arm(&watched), "it is watched already");
	ok(!debard_folder_read(&watched), "nothing has happened");
	fd = open(in_folder("a.yaml"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	ok(!debard_folder_read(&watched), "a file is being written");
	close(fd);
	ok(debard_folder_read(&watched), "it is written");
	put("notes");
	ok(!debard_folder_read(&watched), "another name");
	put(".a.yaml.new");
	ok(!debard_folder_read(&watched), "a hidden name");
	replace(".a.yaml.new", "a.yaml");
	ok(debard_folder_read(&watched), "a file is replaced at once");
	if (symlink("a.yaml", in_folder("b.yaml")))
		exit(1);
	ok(debard_folder_read(&watched), "a link");
	unlink(in_folder("a.yaml"));
	ok(debard_folder_read(&watched), "a removal");
	empty();
	ok(debard_folder_read(&watched), "the folder is gone");
	ok(watched.watch < 0 && debard_folder_arm(&watched), "the new one is watched anew");
	put("a.debar");
	ok(debard_folder_read(&watched), "a change in the new one");
	debard_folder_close(&watched);
}

int main(void)
{
	char command[64];

	strcpy(root, "/tmp/debar-folder.XXXXXX");
	if (!mkdtemp(root))
		return 1;
	snprintf(folder, sizeof(folder), "%s/policy.d", root);
	test_select();
	test_changes();
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command) || tap_done();
}
