#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes tables, results.json and results.svg of what was measured: report.py KERNEL FOLDER

A file in FOLDER without a suffix is a boot; its lines are `round variant work figure`, or `failed variant`. Of several
figures of a round the median counts. The clock counts instructions alike in all boots, so that all are compared with the
one that had nothing loaded.
"""
import json
import pathlib
import re
import statistics
import sys

import plot

VARIANTS = {"module": "debar, no policy", "n10": "debar, 10", "n100000": "debar, 100,000", "n1000000": "debar, 1,000,000",
            "sizeless": "debar, one size-less", "n10-open": "debar, 10, open", "n10-listed": "debar, 10, size listed",
            "ima-tcb": "IMA tcb", "ima-appraise": "IMA appraisal", "fapolicyd": "fapolicyd",
            "bpf": "BPF LSM", "ipe": "IPE"}
EXECS = {"exec-static": "exec, static, seen", "exec-dynamic": "exec, dynamic, seen"}
FRESH = {f"fresh-{n}m": f"first exec, {n} MiB" for n in (1, 16, 64)}
WORKS = EXECS | FRESH | {
    "configure": "./configure of libltdl", "dlopen": "dlopen", "open": "open, 4 KiB",
    "map": "mmap executable, munmap", "map-read": "mmap read-only, munmap", "map-anon": "mmap anonymous, munmap",
    "mprotect": "mprotect writable, back", "mprotect-exec": "mprotect executable, back"}
# Below this many instructions a difference says more than a share.
SHORT = 100000
MIB = 1 << 20
FIGURE = re.compile(r"(\d+) (\S+) (\S+) (-?\d+)")


def read(folder):
    """{variant: {work: [figure of each round]}}, without what was not in force; and that"""
    figures, failed = {}, set()
    for path in sorted(p for p in folder.iterdir() if not p.suffix):
        for line in path.read_text(errors="replace").splitlines():
            words = line.split()
            if found := FIGURE.fullmatch(line.strip()):
                rounds = figures.setdefault(found[2], {}).setdefault(found[3], {})
                rounds.setdefault(int(found[1]), []).append(int(found[4]))
            elif words[:1] == ["failed"]:
                failed.add(words[1])
    middles = {variant: {work: [statistics.median(rounds[n]) for n in sorted(rounds)] for work, rounds in works.items()}
               for variant, works in figures.items() if variant not in failed}
    return middles, sorted(failed)


def middle(figures, variant, work):
    values = figures.get(variant, {}).get(work)
    return statistics.median(values) if values else None


def difference(figures, variant, work):
    """What a variant costs over nothing: instructions, per cent; the least and the most of a round, in per cent."""
    base, values = figures["nothing"].get(work), figures.get(variant, {}).get(work)
    if not base or not values:
        return None
    middle_base = statistics.median(base)
    shares = [100 * (v - b) / middle_base for v, b in zip(values, base)]
    more = statistics.median(values) - middle_base
    return {"instructions": more, "percent": 100 * more / middle_base, "rounds": [min(shares), max(shares)]}


def at_most(what, value, limit, unit, rounds=None):
    return {"work": what, "target": f"at most {limit:g} {unit}",
            "figure": None if value is None else f"{value:,.2f} {unit}",
            "rounds": f"{rounds[0]:.2f} to {rounds[1]:.2f} {unit}" if rounds else "",
            "met": None if value is None else value <= limit}


def at_least(what, value, limit, unit):
    return {"work": what, "target": f"at least {limit:g} {unit}", "rounds": "",
            "figure": None if value is None else f"{value:,.1f} {unit}", "met": None if value is None else value >= limit}


def per_indicator(figures, work):
    """The slope between 10 and a million: what is there anyway drops out."""
    few, many = middle(figures, "n10", work), middle(figures, "n1000000", work)
    return None if few is None or many is None else (many - few) / (1000000 - 10)


def hash_speed(figures):
    """The driver's instructions for a byte as a share of debar's, which also reads the file, in per cent."""
    driver = middle(figures, "nothing", "hash-16m")
    long, short = (middle(figures, "n10-listed", f"fresh-{n}m") for n in (64, 16))
    if None in (driver, long, short):
        return None
    return 100 * (driver / (16 * MIB)) / ((long - short) / (48 * MIB))


def at_most_more(title, found, limit):
    return at_most(title, found and found["percent"], limit, "%", found and found["rounds"])


def targets(figures):
    rows = []
    for work, title in EXECS.items():
        ours, ima = difference(figures, "n10", work), difference(figures, "ima-tcb", work)
        rows.append(at_most_more(title, ours, 0.15))
        if ima:
            rows.append(at_most_more(f"{title}: below IMA tcb", ours, round(ima["percent"], 2)))
    for work, title in FRESH.items():
        rows.append(at_most_more(f"{title}, size not listed", difference(figures, "n10", work), 0.15))
    rows.append(at_least("hashing: share of the driver's speed", hash_speed(figures), 95, "%"))
    opened = difference(figures, "n10-open", "open")
    rows.append(at_most("open of another size, ban on open", opened and opened["instructions"], 100, "instructions"))
    for work, title in EXECS.items():
        few, many = middle(figures, "n10", work), middle(figures, "n1000000", work)
        rows.append(at_most(f"{title}: 1,000,000 over 10 indicators",
                            None if None in (few, many) else 100 * (many - few) / few, 2, "%"))
    rows.append(at_most("kernel memory of an indicator", per_indicator(figures, "memory"), 48, "bytes"))
    load = middle(figures, "native", "load-native")
    rows.append(at_most("load of an indicator, on this host's processor", load and load / 1e9, 1, "us"))
    return rows


def cell(figures, variant, work):
    found = difference(figures, variant, work)
    if not found:
        return "-"
    if middle(figures, "nothing", work) < SHORT:
        return f"{found['instructions']:+,.0f}"
    if found["percent"] >= 100:
        return f"x {1 + found['percent'] / 100:,.0f}"
    return f"{found['percent']:+.2f} %"


def costs(figures, variants):
    """Rows of cells: the head, works, and what is not compared with nothing."""
    rows = [["work", "nothing"] + list(variants)]
    for work, title in WORKS.items():
        base = middle(figures, "nothing", work)
        if base is not None:
            rows.append([title, f"{base:,.0f}"] + [cell(figures, v, work) for v in variants])
    for work, title, show in (("deny", "denials per second", lambda n: f"{1e9 / n:,.0f}"),
                              ("load", "load of the policy, million", lambda n: f"{n / 1e6:,.0f}"),
                              ("memory", "memory, KiB", lambda n: f"{n / 1024:,.0f}")):
        values = [middle(figures, v, work) for v in variants]
        rows.append([title, "-"] + ["-" if n is None else show(n) for n in values])
    return rows


def aligned(rows):
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def verdict(met):
    return "not measured" if met is None else "met" if met else "NOT MET"


def results(kernel, figures, failed):
    measured = [v for v in VARIANTS if v in figures]
    return {
        "kernel": kernel, "failed": failed,
        "variants": {v: VARIANTS[v] for v in measured},
        "instructions": {v: {w: middle(figures, v, w) for w in works} for v, works in figures.items()},
        "over_nothing": {v: {w: d for w in WORKS if (d := difference(figures, v, w))} for v in measured},
        "costs": costs(figures, measured),
        "targets": targets(figures)}


def picture(found):
    def values(variant):
        over = found["over_nothing"][variant]
        return [over.get(w, {}).get("percent") for w in ("exec-static", "exec-dynamic", "fresh-64m")]
    rows = [(title, title.startswith("debar"), values(v)) for v, title in found["variants"].items()]
    return plot.draw(found["kernel"], rows)


def main():
    kernel, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    figures, failed = read(folder)
    if "nothing" not in figures:
        sys.exit("report: nobody measured with nothing loaded")
    found = results(kernel, figures, failed)
    print(f"Linux {kernel}: instructions, and what each costs over nothing loaded\n")
    print(aligned(found["costs"]), end="\n\n")
    rows = [[t["work"], t["target"], t["figure"] or "-", t["rounds"], verdict(t["met"])] for t in found["targets"]]
    print(aligned([["work", "target", "figure", "by round", ""]] + rows), end="\n\n")
    (folder / "results.json").write_text(json.dumps(found, indent=1) + "\n")
    (folder / "results.svg").write_text(picture(found))
    if failed:
        sys.exit(f"report: left out, being not in force or not able to do all of the work: {', '.join(failed)}")


main()
