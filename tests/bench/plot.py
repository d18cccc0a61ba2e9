# SPDX-License-Identifier: GPL-2.0-or-later
"""The plot of what was measured, as SVG: a row for each variant, what an execution costs more on a logarithmic axis."""
import math
from html import escape

OURS, OTHERS, TARGET, TEXT, GUIDE = "#1f6f8b", "#c8682b", "#b3261e", "#24292f", "#e3e6ea"
LEFT, ROW, TOP, PANEL, LABELS = 190, 26, 96, 330, 120
LIMIT = 0.15


class Axis:
    """A logarithmic axis of per cent; what is below it, or measured as less than nothing, lies at its beginning."""

    def __init__(self, left, decades):
        self.left, self.low, self.high = left, decades[0], decades[1]

    def at(self, value):
        exponent = math.log10(max(value, 10 ** self.low))
        return self.left + (min(exponent, self.high) - self.low) * PANEL / (self.high - self.low)

    def ticks(self):
        step = 1 if self.high - self.low <= 5 else 2
        return [10.0 ** e for e in range(self.low, self.high + 1, step)]


def text(x, y, what, **attributes):
    rest = "".join(f' {k.replace("_", "-")}="{v}"' for k, v in attributes.items())
    return f'<text x="{x:.1f}" y="{y:.1f}"{rest}>{escape(what)}</text>'


def line(x1, y1, x2, y2, colour, rest=""):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" {rest}/>'


def per_cent(value):
    return f"{value:,.2f} %" if value < 10 else f"{value:,.0f} %"


def frame(axis, title, bottom):
    """A panel's title, its grid and its target."""
    out = [text(axis.left, TOP - 34, title, font_size=13, font_weight="bold")]
    for tick in axis.ticks():
        out.append(line(axis.at(tick), TOP - 6, axis.at(tick), bottom, GUIDE))
        out.append(text(axis.at(tick), bottom + 16, f"{tick:,.10g} %", text_anchor="middle", font_size=11))
    x = axis.at(LIMIT)
    out.append(line(x, TOP - 12, x, bottom, TARGET, 'stroke-width="1.5" stroke-dasharray="5 3"'))
    out.append(text(x, TOP - 16, f"target: at most {LIMIT} %", text_anchor="middle", font_size=11, fill=TARGET))
    return out


def dot(axis, y, value, colour, hollow):
    fill = "white" if hollow else colour
    return f'<circle cx="{axis.at(value):.1f}" cy="{y:.1f}" r="5" fill="{fill}" stroke="{colour}" stroke-width="2"/>'


def row(axes, y, title, colour, values):
    """One variant: exec seen, static and dynamic, on the left; first exec of a long program on the right."""
    static, dynamic, fresh = values
    out = [text(LEFT - 16, y + 4, title, text_anchor="end", fill=colour, font_weight="bold")]
    for axis, found in ((axes[0], [static, dynamic]), (axes[1], [fresh])):
        shown = [v for v in found if v is not None]
        if not shown:
            out.append(text(axis.left + PANEL + 14, y + 4, "not measured", font_size=11))
            continue
        out.append(line(axis.left, y, axis.at(max(shown)), y, colour, 'stroke-width="2" stroke-opacity="0.35"'))
        out += [dot(axis, y, v, colour, hollow=i == 1) for i, v in enumerate(found) if v is not None]
        label = " / ".join(per_cent(v) for v in shown)
        out.append(text(axis.left + PANEL + 14, y + 4, label, font_size=11))
    return out


def draw(kernel, rows):
    """@rows: (title, ours, (exec static, exec dynamic, first exec of 64 MiB)), in per cent over nothing loaded"""
    bottom = TOP + len(rows) * ROW
    axes = Axis(LEFT, (-2, 2)), Axis(LEFT + PANEL + LABELS + 30, (-2, 6))
    width, height = axes[1].left + PANEL + LABELS, bottom + 62
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
           f'font-family="DejaVu Sans, Verdana, sans-serif" font-size="12" fill="{TEXT}">',
           '<rect width="100%" height="100%" fill="#ffffff"/>',
           text(20, 28, f"What an execution costs more than with nothing loaded (Linux {kernel})", font_size=16,
                font_weight="bold")]
    out += frame(axes[0], "program already seen: \u25cf static, \u25cb dynamic", bottom)
    out += frame(axes[1], "first execution of a new program of 64 MiB", bottom)
    for i, (title, ours, values) in enumerate(rows):
        out += row(axes, TOP + i * ROW + ROW / 2, title, OURS if ours else OTHERS, values)
    out.append(text(LEFT, bottom + 42, "instructions more, logarithmic scale; what is below 0.01 % lies at its beginning",
                    font_size=11))
    return "\n".join(out + ["</svg>", ""])
