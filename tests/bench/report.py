#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a table, JSON and a plot of what was measured: report.py KERNEL FOLDER JSON SVG

A file in FOLDER is a boot; its lines are `round variant work median low high`. Boots other than the one that measured
`nothing` are compared with that, too: the clock counts instructions alike in all of them.
"""
import json
import pathlib
import statistics
import sys

EXECS = {"exec-static": "exec, static, seen", "exec-dynamic": "exec, dynamic, seen"}
FRESH = {f"fresh-{n}m": f"first exec, {n} MiB" for n in (1, 16, 64)}
WORKS = EXECS | FRESH | {"dlopen": "dlopen", "map": "mmap and munmap", "open": "open, 4 KiB"}
MIB = 1 << 20


def read(folder):
    """{variant: {work: [median of each round]}}"""
    figures = {}
    for path in sorted(p for p in folder.iterdir() if not p.suffix):
        for line in path.read_text(errors="replace").splitlines():
            words = line.split()
            if len(words) == 6:
                figures.setdefault(words[1], {}).setdefault(words[2], []).append(int(words[3]))
    return figures


def middle(figures, variant, work):
    values = figures.get(variant, {}).get(work)
    return statistics.median(values) if values else None


def difference(figures, variant, work):
    """What a variant costs over nothing: instructions, spread over the rounds, per cent."""
    base = figures["nothing"].get(work)
    values = figures[variant].get(work)
    if not base or not values:
        return None
    each = [v - b for v, b in zip(values, base)] if len(values) == len(base) else [middle(figures, variant, work)
                                                                                   - statistics.median(base)]
    return {"instructions": statistics.median(each), "spread": max(each) - min(each),
            "percent": 100 * statistics.median(each) / statistics.median(base)}


def at_most(what, value, limit, unit):
    if value is None:
        return [what, f"at most {limit} {unit}", "not measured", "?"]
    return [what, f"at most {limit} {unit}", f"{value:.2f} {unit}", "met" if value <= limit else "not met"]


def percent(figures, variant, work):
    found = difference(figures, variant, work) if variant in figures else None
    return found and found["percent"]


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


def targets(figures):
    rows = []
    for work, title in EXECS.items():
        rows.append(at_most(title, percent(figures, "n10", work), 0.15, "%"))
        ima = percent(figures, "ima-tcb", work)
        if ima is not None:
            rows.append(at_most(f"{title}: below IMA tcb", percent(figures, "n10", work), round(ima, 2), "%"))
    for work, title in FRESH.items():
        rows.append(at_most(f"{title}, size not listed", percent(figures, "n10", work), 0.15, "%"))
    speed = hash_speed(figures)
    rows.append(["hashing: share of the driver's speed", "at least 95 %", f"{speed:.1f} %" if speed else "not measured",
                 "?" if speed is None else "met" if speed >= 95 else "not met"])
    opened = difference(figures, "n10-open", "open") if "n10-open" in figures else None
    rows.append(at_most("open of another size, with a ban on open", opened and opened["instructions"], 100,
                        "instructions"))
    for work, title in EXECS.items():
        few, many = middle(figures, "n10", work), middle(figures, "n1000000", work)
        rows.append(at_most(f"{title}: 1,000,000 over 10 indicators", None if None in (few, many)
                            else 100 * (many - few) / few, 2, "%"))
    rows.append(at_most("memory of an indicator", per_indicator(figures, "memory"), 48, "bytes"))
    slope = per_indicator(figures, "load")
    rows.append(["load of an indicator", "at most 1 us, native", f"{slope:.0f} instructions" if slope else "not measured",
                 "?" if slope is None else "met" if slope <= 1000 else "not met"])
    return rows


def table(rows):
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(rows[0]))]
    return "\n".join("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def costs(figures):
    rows = [["work", "nothing"] + [v for v in figures if v != "nothing"]]
    for work, title in WORKS.items():
        base = middle(figures, "nothing", work)
        if base is None:
            sys.exit(f"report: nobody measured {work} with nothing loaded")
        row = [title, f"{base:,.0f}"]
        for variant in rows[0][2:]:
            found = difference(figures, variant, work)
            row.append(f"{found['instructions']:+,.0f} ({found['percent']:+.2f} %)" if found else "-")
        rows.append(row)
    return rows


def plot(figures, kernel):
    """Bars of the cost of an exec already seen, by variant."""
    variants = [v for v in figures if v != "nothing"]
    bars = [(v, w, percent(figures, v, w)) for v in variants for w in EXECS]
    scale = 380 / max([abs(p) for _, _, p in bars if p is not None] + [0.2])
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="{len(bars) * 20 + 60}" '
           'font-family="sans-serif" font-size="12">', '<rect width="100%" height="100%" fill="white"/>',
           f'<text x="10" y="20" font-size="14">Instructions that an exec costs more, Linux {kernel}</text>']
    for i, (variant, work, value) in enumerate(bars):
        y = 36 + i * 20
        width = max(0, (value or 0) * scale)
        colour = "#b5651d" if variant.startswith("ima") else "#2a6f97"
        out.append(f'<text x="10" y="{y + 12}">{variant} {work[5:]}</text>')
        out.append(f'<rect x="170" y="{y}" width="{width:.0f}" height="15" fill="{colour}"/>')
        out.append(f'<text x="{175 + width:.0f}" y="{y + 12}">{value:+.2f} %</text>' if value is not None else "")
    x = 170 + 0.15 * scale
    out.append(f'<line x1="{x:.0f}" y1="30" x2="{x:.0f}" y2="{36 + len(bars) * 20}" stroke="#900" stroke-dasharray="4"/>')
    return "\n".join(out + ["</svg>", ""])


def main():
    kernel, folder, results, picture = sys.argv[1:]
    figures = read(pathlib.Path(folder))
    wanted = [["work", "target", "figure", ""]] + targets(figures)
    print(f"Linux {kernel}, instructions; what each costs over nothing loaded\n")
    print(table(costs(figures)), end="\n\n")
    print(table(wanted), end="\n\n")
    denied = middle(figures, "n10", "deny")
    if denied:
        print(f"denials: {denied:,.0f} instructions each, {1e9 / denied:,.0f} per second at 1 instruction per ns")
    pathlib.Path(results).write_text(json.dumps({"kernel": kernel, "medians": figures, "targets": wanted[1:]}, indent=1))
    pathlib.Path(picture).write_text(plot(figures, kernel))


main()
