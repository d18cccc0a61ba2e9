#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Asks debarctl about every ELF file below FOLDER/VENDOR/PACKAGE, by KIND.debar: judge.py FOLDER KIND... TAP on stdout.

A file must be known by its own vendor's ban and by nobody else's. What no kind knows must lack what the kind is about:
readelf tells.
"""
import collections
import json
import os
import re
import subprocess
import sys

PACKAGES_MIN = 500
# 32 and 64 bits, little- and big-endian
FORMS = 4
# Less code is no mark of a program: debarctl import makes no indicator of it.
CODE_MIN = 2048
FILES_AT_ONCE = 1000


class Tap:
    """Results as they come; what failed is explained below its line."""

    def __init__(self):
        self.count = 0
        self.failed = 0

    def result(self, what, wrong):
        self.count += 1
        self.failed += bool(wrong)
        print(f"{'not ' if wrong else ''}ok {self.count} - {what}")
        for line in list(wrong)[:20]:
            print(f"# {line}")

    def finish(self):
        print(f"1..{self.count}")
        return 1 if self.failed else 0


def elf_files(folder):
    """{path: form} of all, the form being width and byte order; links lead to one of them, or nowhere."""
    found = {}
    for place, _, names in os.walk(folder):
        for path in (os.path.join(place, name) for name in names):
            if os.path.islink(path) or not os.path.isfile(path):
                continue
            with open(path, "rb") as file:
                magic = file.read(6)
            if magic[:4] == b"\x7fELF":
                found[path] = f"{32 * magic[4]} bits, {'big' if magic[5] == 2 else 'little'}-endian"
    return found


def vendor_of(path):
    return path.split("/")[1]


def check(kind, paths):
    """What debarctl says to each file; one that it did not judge is missing."""
    verdicts = {}
    for i in range(0, len(paths), FILES_AT_ONCE):
        some = paths[i : i + FILES_AT_ONCE]
        done = subprocess.run(["debarctl", "check", "--json", "--policy", f"{kind}.debar", "--", *some],
                              stdout=subprocess.PIPE, text=True, check=False)
        for line in done.stdout.splitlines():
            verdict = json.loads(line)
            verdicts[verdict["path"]] = verdict["vendor"]
    return verdicts


def readelf(option, path):
    return subprocess.run(["readelf", option, "-W", path], capture_output=True, text=True, check=False).stdout


def code_size(path):
    """Bytes in executable segments, by readelf; without the headers at the beginning of the file, if one begins there."""
    text = readelf("-l", path)
    count, start = map(int, re.search(r"There are (\d+) program headers, starting at offset (\d+)", text).groups())
    with open(path, "rb") as file:
        headers = start + count * (56 if file.read(5)[4] == 2 else 32)
    loads = re.findall(r"^ +LOAD +(\S+) \S+ \S+ (\S+) \S+ [R ][W ]E", text, re.MULTILINE)
    return sum(int(size, 16) - (0 if int(offset, 16) else headers) for offset, size in loads)


def should_be_known(kind, path):
    if kind == "code-sha256":
        return code_size(path) >= CODE_MIN
    if kind == "build-id":
        return "Build ID" in readelf("-n", path)
    return True


def judge(tap, kind, paths):
    vendors = len(os.listdir(kind))
    if not os.path.exists(f"{kind}.debar"):
        with open(f"{kind}.log", encoding="utf-8") as log:
            tap.result(f"{kind}: no two vendors share an indicator", log.readlines())
        return
    tap.result(f"{kind}: no two of {vendors} vendors share an indicator", [])
    verdicts = check(kind, paths)
    tap.result(f"{kind}: {len(paths)} ELF files judged", [path for path in paths if path not in verdicts])
    strangers = [f"{path} by {vendor}" for path, vendor in verdicts.items() if vendor not in (None, vendor_of(path))]
    tap.result(f"{kind}: none is caught by another vendor's ban", strangers)
    unknown = [path for path, vendor in verdicts.items() if vendor is None]
    tap.result(f"{kind}: {len(verdicts) - len(unknown)} are known, {len(unknown)} have nothing to be known by",
               [path for path in unknown if should_be_known(kind, path)])


def main():
    tap = Tap()
    folder, *kinds = sys.argv[1:]
    files = elf_files(folder)
    paths = sorted(files)
    packages = collections.Counter("/".join(path.split("/")[1:3]) for path in paths)
    what = f"{len(paths)} ELF files of {len(packages)} packages, at least {PACKAGES_MIN}"
    tap.result(what, [what] if len(packages) < PACKAGES_MIN else [])
    forms = collections.Counter(files.values())
    what = "; ".join(f"{form}: {count}" for form, count in sorted(forms.items()))
    tap.result(what, [what] if len(forms) < FORMS else [])
    for kind in kinds:
        judge(tap, kind, paths)
    return tap.finish()


if __name__ == "__main__":
    sys.exit(main())
