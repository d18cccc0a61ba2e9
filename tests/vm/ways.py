#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Holds the checklist tests/ways.md against what ran in the virtual machines: ways.py check|write TABLE RESULTS

A line of the table names the tests that prove it, each as `program case`, with * for any words. A test that passed
ends its way as "refused", unless it says otherwise in a line "# way: WORD" before its result. check compares, and
prints KTAP: a result for each line, and one for each case of a program ways_* that no line names. write puts the
results of the last run into the table; what did not run then is left as it is.
"""
import fnmatch
import os
import re
import sys

RESULT = re.compile(r"^ {4}(?P<no>not )?ok \d+ (?:- )?(?P<case>.*?)(?P<skip>\s*# SKIP.*)?$")
PROGRAM = re.compile(r"^# (?:\./)?(?P<program>\S+)")
WORD = re.compile(r"^ {4}# way: (?P<word>.*)$")
TEST = re.compile(r"`(?P<program>\S+) (?P<case>[^`]+)`")
OUT_OF_SCOPE = "out of scope"


def read_tap(path):
    """How each case ended: {program: {case: word}}."""
    programs = {}
    cases, word = {}, "refused"
    with open(path, encoding="utf-8", errors="replace") as tap:
        for line in (line.replace("\r", "").rstrip("\n") for line in tap):
            if match := PROGRAM.match(line):
                cases, word = programs.setdefault(match["program"], {}), "refused"
            elif match := WORD.match(line):
                word = match["word"]
            elif match := RESULT.match(line):
                if match["no"] or match["skip"]:
                    word = "FAILED" if match["no"] else "skipped"
                cases[match["case"]], word = word, "refused"
    return programs


class Line:
    """One line of the table: a way in, its tests, and a result for each kernel."""

    def __init__(self, cells):
        self.way, self.tests, *self.results = cells

    def matches(self, program, case):
        return any(test["program"] == program and fnmatch.fnmatchcase(case, test["case"])
                   for test in TEST.finditer(self.tests))

    def result(self, programs):
        """What the tests of this line say of one kernel."""
        words = set()
        for test in TEST.finditer(self.tests):
            cases = programs.get(test["program"], {})
            found = {cases[case] for case in fnmatch.filter(cases, test["case"])}
            words |= found or {"not run"}
        if not words:
            return OUT_OF_SCOPE
        bad = words & {"FAILED", "not run", "skipped"}
        return ", ".join(sorted(bad or words))

    def ran(self, programs):
        return all(test["program"] in programs for test in TEST.finditer(self.tests))

    def good(self, taps):
        expected = [self.result(tap) for tap in taps]
        return self.results == expected and not re.search("FAILED|not run|skipped", " ".join(expected))

    def text(self):
        return "| " + " | ".join([self.way, self.tests, *self.results]) + " |"


def read_table(path):
    """The table's text, with a Line in the place of each of its lines; and the kernels."""
    parts, kernels = [], []
    with open(path, encoding="utf-8") as table:
        for text in table.read().splitlines():
            cells = [cell.strip() for cell in text.strip("|").split("|")] if text.startswith("|") else []
            if cells[:2] == ["way in", "test"]:
                kernels = cells[2:]
                parts.append(text)
            elif cells and not cells[0].startswith("---"):
                parts.append(Line(cells))
            else:
                parts.append(text)
    return parts, kernels


def check(lines, kernels, taps):
    """One KTAP result for each line, and for each case of a program ways_* that is in none."""
    results = []
    for line in lines:
        seen = "; ".join(f"{kernel}: {line.result(tap)}" for kernel, tap in zip(kernels, taps))
        good = line.good(taps)
        results.append((good, line.way if good else f"{line.way}: the table says otherwise: seen on {seen}"))
    cases = {(program, case) for tap in taps for program in tap for case in tap[program]
             if program.startswith("ways_")}
    for program, case in sorted(cases):
        if not any(line.matches(program, case) for line in lines):
            results.append((False, f"{program} {case} is in no line of the table"))
    print(f"KTAP version 1\n1..{len(results)}")
    for number, (good, text) in enumerate(results, 1):
        print(f"{'ok' if good else 'not ok'} {number} - {text}")
    return 0 if all(good for good, _ in results) else 1


def write(path, parts, taps):
    for line in (part for part in parts if isinstance(part, Line)):
        results = line.results + [""] * (len(taps) - len(line.results))
        line.results = [line.result(tap) if line.ran(tap) else old for old, tap in zip(results, taps)]
    with open(path, "w", encoding="utf-8") as table:
        table.writelines((part.text() if isinstance(part, Line) else part) + "\n" for part in parts)
    return 0


def main():
    command, path, results = sys.argv[1:]
    parts, kernels = read_table(path)
    files = [f"{results}/vm-{kernel}.tap" for kernel in kernels]
    taps = [read_tap(file) if os.path.exists(file) else {} for file in files]
    if command == "write":
        return write(path, parts, taps)
    return check([part for part in parts if isinstance(part, Line)], kernels, taps)


if __name__ == "__main__":
    sys.exit(main())
