#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes what the last tests in virtual machines gave into README: results.py README BUILD KERNEL...

The table stands between two comments, with a line for each kernel in the order given. A kernel that was not tested, or by
some of the tests only, keeps its line.
"""
import os
import re
import subprocess
import sys

from tally import read_part

BEGIN, END = "<!-- results: make results -->", "<!-- end of results -->"
HEAD = ["kernel", "release", "architecture", "debar", "passed", "failed", "skipped", "tested at"]
VERSION = re.compile(r"Linux version (\S+)")


def parts_of(kernel):
    kinds = ["vm", "fail-closed", "boot-policy"] if kernel.endswith("-in-tree") else ["vm"]
    return [f"{kind}-{kernel}" for kind in kinds]


def was_whole(results, part):
    return os.path.exists(f"{results}/{part}.code") and not os.path.exists(f"{results}/{part}.partial")


def release(build, kernel):
    """What the machine itself said."""
    with open(f"{build}/vm/{kernel}-test/console.log", encoding="utf-8", errors="replace") as log:
        return VERSION.search(log.read())[1]


def commit():
    command = ["git", "describe", "--always", "--abbrev=7", "--exclude=*", "--dirty= with changes"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def line(build, kernel, tested_at):
    """The cells of a kernel that was tested, or none."""
    results = f"{build}/results"
    names = parts_of(kernel)
    if not all(was_whole(results, name) for name in names):
        return None
    parts = [read_part(results, name) for name in names]
    counts = [sum(part.passed for part in parts)] + [sum(len(getattr(part, kind)) for part in parts)
                                                     for kind in ("failed", "skipped")]
    return [kernel, release(build, kernel), "arm64" if kernel.endswith("-arm64") else "x86-64",
            "built in" if kernel.endswith("-in-tree") else "loadable", *map(str, counts), tested_at]


def old_lines(table):
    lines = {}
    for text in table.splitlines():
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        if len(cells) == len(HEAD):
            lines[cells[0]] = cells
    return lines


def main():
    readme, build, *kernels = sys.argv[1:]
    with open(readme, encoding="utf-8") as file:
        before, rest = file.read().split(BEGIN)
    table, after = rest.split(END)
    old, tested_at = old_lines(table), commit()
    new = [line(build, kernel, tested_at) or old.get(kernel) for kernel in kernels]
    rows = [HEAD, ["---"] * len(HEAD)] + [cells for cells in new if cells]
    text = "\n".join("| " + " | ".join(cells) + " |" for cells in rows)
    with open(readme, "w", encoding="utf-8") as file:
        file.write(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")


if __name__ == "__main__":
    main()
