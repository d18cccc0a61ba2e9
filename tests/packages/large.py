#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A source of a million indicators and a package of 2 GiB: what compiling and importing them takes. TAP on stdout.

large.py FOLDER: debarctl is found by PATH, and is not the one with sanitizers. Processor time is measured, since other
tests run beside this one; an otherwise idle machine needs less of it.
"""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile

MIB = 1 << 20
INDICATORS = 1000000
MEMBERS, MEMBER_SIZE = 16, 128 * MIB

count = failed = 0


def result(what, passed, seen):
    global count, failed
    count += 1
    failed += not passed
    print(f"# {seen}\n{'ok' if passed else 'not ok'} {count} - {what}")


def run(*command):
    """Exit code, seconds of the processor and bytes of memory of a command."""
    pid = subprocess.Popen(command, stdout=sys.stderr).pid
    _, status, usage = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def write_source(path):
    with open(path, "w") as source:
        source.write("name: million\nserial: 1\nbans:\n- id: B\n  vendor: V\n  authority: A\n  indicators:\n")
        for i in range(INDICATORS):
            source.write(f"  - sha256: {hashlib.sha256(str(i).encode()).hexdigest()}\n    size: {4096 + 8 * (i % 50000)}\n"
                         f"    product: P{i % 100}\n    version: 1.{i % 10}\n    source: list {i % 1000}\n")


def write_package(path, members):
    """A tar of ELF files, with holes: it takes no room on the disk."""
    with open(path, "wb") as package:
        for i in range(members):
            member = tarfile.TarInfo(f"opt/vendor/program{i}")
            member.size = MEMBER_SIZE
            package.write(member.tobuf())
            package.write(b"\x7fELF%d" % i)
            package.seek(MEMBER_SIZE - len(b"\x7fELF%d" % i), os.SEEK_CUR)
        package.write(bytes(2 * tarfile.BLOCKSIZE))


def test_source(folder):
    write_source(folder / "million.yaml")
    code, seconds, size = run("debarctl", "policy", "build", folder / "million.yaml", "-o", folder / "million.debar")
    seen = f"{seconds:.1f} s of the processor, {size / MIB:.0f} MiB"
    result("a source of a million indicators is compiled", code == 0, f"exit code {code}")
    result("in the time of a few seconds", seconds < 8, seen)
    result("with less than 500 MB", size < 500e6, seen)


def test_package(folder):
    sizes = []
    for members in (1, MEMBERS):
        write_package(folder / "large.tar", members)
        code, seconds, size = run("debarctl", "import", folder / "large.tar", "--ban", "B", "--vendor", "V", "-o",
                                  folder / "large.yaml")
        sizes.append(size)
        result(f"a package of {members * MEMBER_SIZE // MIB} MiB is imported", code == 0,
               f"exit code {code}, {seconds:.1f} s of the processor, {size / MIB:.0f} MiB")
    result("its size costs no memory", sizes[1] < sizes[0] + MIB, f"{sizes[1] - sizes[0]} bytes more")


def main():
    folder = pathlib.Path(sys.argv[1])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    test_source(folder)
    test_package(folder)
    shutil.rmtree(folder)
    print(f"1..{count}")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
