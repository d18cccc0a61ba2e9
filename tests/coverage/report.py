#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Says which lines were never executed: report.py EXPLAINED PART=FOLDER...

PART is kmod or userspace, the files of which count; FOLDER holds what gcc's --coverage has left, *.gcda beside *.gcno.
EXPLAINED is a Markdown table of what these tests do not reach, with the reason: files by a pattern, and in them a function,
or lines by a /regular expression/. The last lines are the sums.
"""
import fnmatch
import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROW = re.compile(r"^\| `(?P<file>[^`]+)` \| `(?P<function>[^`]+)` \| (?P<why>.+) \|$")
# Tests themselves, and what is generated.
LEFT_OUT = re.compile(r"_test\.c$|/test_\w+\.[ch]$|/netlink_gen\.c$|/uapi/")


class File:
    """Lines of a source file: how often each was executed, and its function."""

    def __init__(self, name):
        self.name = name
        self.sums = defaultdict(int)
        self.functions = {}
        self.plain = set()

    def add(self, build, line):
        number = line["line_number"]
        self.sums[number] += line["count"]
        self.functions[number] = line.get("function_name", "")
        if not build.name.endswith("-asan"):
            self.plain.add(number)

    def counts(self):
        """Sanitizers make code of other lines, of declarations, too: only those count that it is made of without them."""
        return {number: self.sums[number] for number in self.plain or self.sums}

    def unreached(self):
        return sorted(number for number, count in self.counts().items() if not count)


class Explained:
    """The table of reasons."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as text:
            self.rows = [match for match in map(ROW.match, text) if match]
        self.used = set()

    def why(self, name, function, text):
        """The reason for a line, or None."""
        for row in self.rows:
            what = row["function"].replace("\\|", "|")
            if not fnmatch.fnmatch(name, row["file"]):
                continue
            if what in ("*", function) or what[0] == "/" and re.search(what[1:-1], text):
                self.used.add(row[0])
                return row["why"]
        return None

    def unused(self):
        return [row[0].strip() for row in self.rows if row[0] not in self.used]


def read_counts(part, folder):
    """What gcov says of each file of a part."""
    files = {}
    for data in sorted(Path(folder).rglob("*.gcda")):
        command = ["gcov", "--json-format", "--stdout", data.name]
        output = subprocess.run(command, cwd=data.parent, check=True, capture_output=True).stdout
        for document in output.splitlines():
            for file in json.loads(document)["files"]:
                name = re.sub(rf"^.*/{part}/", f"{part}/", "/" + file["file"])
                if not name.startswith(f"{part}/") or LEFT_OUT.search(name):
                    continue
                for line in file["lines"]:
                    files.setdefault(name, File(name)).add(data.parent, line)
    if not files:
        sys.exit(f"{folder}: nothing was counted")
    return files


def ranges(numbers):
    """1-3, 7"""
    text, begin = [], None
    for i, number in enumerate(numbers):
        if begin is None:
            begin = number
        if i + 1 == len(numbers) or numbers[i + 1] != number + 1:
            text.append(str(begin) if begin == number else f"{begin}-{number}")
            begin = None
    return ", ".join(text)


def percent(reached, lines):
    return f"{100 * reached / lines:5.1f} %"


def report_file(file, explained):
    """Prints a line for the file, and one for each reason why lines were not reached; how many have none."""
    unreached, lines = file.unreached(), len(file.counts())
    print(f"{percent(lines - len(unreached), lines)} of {lines:4} lines  {file.name}")
    with open(file.name, encoding="utf-8") as source:
        text = source.read().splitlines()
    reasons = defaultdict(list)
    for number in unreached:
        function = file.functions[number]
        why = explained.why(file.name, function, text[number - 1])
        reasons[why or f"{function}: NOT EXPLAINED"].append(number)
    for why, numbers in reasons.items():
        print(f"            {ranges(numbers)}: {why}")
    return sum(len(numbers) for why, numbers in reasons.items() if why.endswith("NOT EXPLAINED"))


def main():
    explained = Explained(sys.argv[1])
    totals = []
    for argument in sys.argv[2:]:
        part, folder = argument.split("=", 1)
        files = read_counts(part, folder)
        missing = sum(report_file(files[name], explained) for name in sorted(files))
        lines = sum(len(file.counts()) for file in files.values())
        reached = lines - sum(len(file.unreached()) for file in files.values())
        totals.append(f"{part}: {percent(reached, lines).strip()} of {lines} lines reached, "
                      f"{lines - reached} not, of which {missing} are not explained")
    print("\n".join(f"explains nothing: {row}" for row in explained.unused()))
    print("\n".join(totals))


if __name__ == "__main__":
    main()
