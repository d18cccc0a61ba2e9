#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts the KTAP results of all parts of the tests: tally.py FOLDER PART...

Only leaves count: a test with subtests stands for them, unless it alone failed. Output that ends before its plan says,
a part that left no result, and a part that ended with an error code without a failed test each count as a failure.
Skipped tests are printed with their reasons; with CI=1 they count as failures.
"""
import os
import re
import sys

RESULT = re.compile(r"^(?P<indent>[ ]*)(?P<no>not )?ok\b\s*\d*\s*(?:-\s*)?(?P<rest>.*)$")
PLAN = re.compile(r"^(?P<indent>[ ]*)1\.\.(?P<count>\d+)")
SKIP = re.compile(r"#\s*skip\b", re.IGNORECASE)


class Level:
    """Results at one indentation, since the last result of the level around it."""

    def __init__(self):
        self.plan = None  # of the program that is writing, where it has told
        self.seen = 0  # results of that program
        self.total = 0
        self.failed = 0


class Part:
    """One part of the tests: its passed, failed and skipped leaves."""

    def __init__(self, name):
        self.name = name
        self.passed = 0
        self.failed = []
        self.skipped = []
        self.levels = {}

    def settle(self, level):
        """Compare what was seen with the plan; the next program of this level has a plan of its own."""
        if level.plan is not None and level.plan != level.seen:
            self.failed.append(f"plan says {level.plan} tests, {level.seen} were seen")
            level.failed += 1
        level.plan = None
        level.seen = 0

    def close(self, indent):
        """Judge what lies deeper than indent; returns how many results that were, and how many failed."""
        deeper = [self.levels.pop(i) for i in sorted(self.levels) if i > indent]
        for level in deeper:
            self.settle(level)
        return sum(level.total for level in deeper), sum(level.failed for level in deeper)

    def announce(self, indent, count):
        """A plan: it stands before the results, or behind them."""
        self.close(indent)
        level = self.levels.setdefault(indent, Level())
        behind = level.plan is None and level.seen
        if not behind:
            self.settle(level)
        level.plan = count
        if behind:
            self.settle(level)

    def result(self, indent, passed, text):
        children, failed_children = self.close(indent)
        level = self.levels.setdefault(indent, Level())
        level.seen += 1
        level.total += 1
        if children and (passed or failed_children):
            level.failed += failed_children
        elif not passed:
            level.failed += 1
            self.failed.append(text)
        elif SKIP.search(text):
            self.skipped.append(text)
        else:
            self.passed += 1

    def line(self, line):
        if match := PLAN.match(line):
            self.announce(len(match["indent"]), int(match["count"]))
        elif match := RESULT.match(line):
            self.result(len(match["indent"]), not match["no"], match["rest"])

    def finish(self, code):
        self.close(-1)
        if code != 0 and not self.failed:
            self.failed.append(f"ended with exit code {code}")
        if not (self.passed or self.failed or self.skipped):
            self.failed.append("no test was run")


def read_part(folder, name):
    part = Part(name)
    try:
        with open(f"{folder}/{name}.tap", encoding="utf-8", errors="replace") as tap:
            for line in tap:
                part.line(line.replace("\r", "").rstrip("\n"))
        with open(f"{folder}/{name}.code", encoding="utf-8") as code:
            part.finish(int(code.read()))
    except OSError as error:
        part.failed.append(f"left no result: {error.strerror}; what it needs was not built")
    return part


def main():
    strict = os.environ.get("CI") == "1"
    parts = [read_part(sys.argv[1], name) for name in sys.argv[2:]]
    for part in parts:
        for text in part.skipped:
            print(f"{part.name}: skipped: {text}")
        for text in part.failed:
            print(f"{part.name}: FAILED: {text}")
    for part in parts:
        print(f"{part.name}: {part.passed} passed, {len(part.failed)} failed, {len(part.skipped)} skipped")
    passed = sum(part.passed for part in parts)
    failed = sum(len(part.failed) + (len(part.skipped) if strict else 0) for part in parts)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
