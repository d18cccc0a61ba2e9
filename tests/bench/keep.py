#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Keeps what `make bench` measured last: keep.py BUILD README RESULTS

Copies results.json and results.svg of every kernel from BUILD to the folder RESULTS, as KERNEL.json and KERNEL.svg, and
writes the tables of all that is kept between the two markers of README.
"""
import json
import pathlib
import re
import sys

BEGIN, END = "<!-- figures: make bench-keep -->\n", "<!-- end of figures -->\n"
# The kernel with the most to compare with.
SHOWN = "6.12"
COLUMNS = ("n10", "n1000000", "sizeless", "ima-tcb", "ima-appraise", "fapolicyd", "bpf", "ipe")


def by_version(name):
    return [int(n) for n in re.findall(r"\d+", name)]


def copy(build, results):
    for source in build.glob("*/results.*"):
        (results / (source.parent.name + source.suffix)).write_text(source.read_text())


def markdown(rows):
    head, *rest = [f"| {' | '.join(row)} |\n" for row in rows]
    return head + "|---" * len(rows[0]) + "|\n" + "".join(rest)


def target_table(kept):
    rows = [["work", "target"] + [f"Linux {k}" for k in kept]]
    names = {t["work"]: t["target"] for found in kept.values() for t in found["targets"]}
    for work, target in names.items():
        if "below" in work: # which is another figure on each kernel
            target = "below"
        cells = []
        for found in kept.values():
            each = next((t for t in found["targets"] if t["work"] == work and t["figure"]), None)
            cells.append("not measured" if not each else each["figure"] + ("" if each["met"] else ", **not met**"))
        rows.append([work, target] + cells)
    return markdown(rows)


def cost_table(found):
    head, *rest = found["costs"]
    chosen = [0, 1] + [head.index(v) for v in COLUMNS if v in head]
    titles = ["work", "nothing"] + [found["variants"][head[i]] for i in chosen[2:]]
    return markdown([titles] + [[row[i] for i in chosen] for row in rest])


def main():
    build, readme, results = map(pathlib.Path, sys.argv[1:])
    results.mkdir(exist_ok=True)
    copy(build, results)
    kept = {p.stem: json.loads(p.read_text()) for p in sorted(results.glob("*.json"), key=lambda p: by_version(p.stem))}
    shown = SHOWN if SHOWN in kept else next(iter(kept))
    before, rest = readme.read_text().split(BEGIN)
    after = rest.split(END)[1]
    where = results.relative_to(readme.parent)
    figures = (f"\n![What an execution costs more, by variant]({where}/{shown}.svg)\n\n{target_table(kept)}\n"
               f"On Linux {shown}, over nothing loaded; shares, or instructions where the work is short:\n\n"
               f"{cost_table(kept[shown])}\n")
    readme.write_text(before + BEGIN + figures + END + after)


main()
