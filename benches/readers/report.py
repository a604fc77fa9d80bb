#!/usr/bin/env python3
"""Makes the tables of `run` out of its results, and the picture of how cost grows.

    report.py table RESULTS MESSAGES FILES          the rows come from stdin
    report.py linear RESULTS PICTURE DATA

The picture is SVG written by hand: two panels with logarithmic axes, title and description for screen readers; the same
figures stand as a table in the text.
"""

import math
import os
import statistics
import sys

INPUTS = {
    "de": "WhatsApp txt, Android, de", "en": "WhatsApp txt, Android, dd/mm/yyyy", "en-US": "WhatsApp txt, Android, en-US",
    "ios-de": "WhatsApp txt, iPhone, de", "ar": "WhatsApp txt, iPhone, Arabic digits",
    "ios-de-small": "the same, iPhone, de, 10,000 messages", "ar-small": "the same, iPhone, Arabic, 10,000 messages",
    "signal": "Signal backup, Android, a fifth as many messages", "ios_sms": "sms.db", "whatsapp_android": "msgstore.db",
    "case": "case with WhatsApp txt, Android, de", "ios_backup": "encrypted iPhone backup",
    "ios_backup_one": "encrypted iPhone backup, one file",
}


def results(path):
    """Per row: medians of wall, CPU and peak, how it ended, and what was found last."""
    runs, last = {}, {}
    for line in open(path, encoding="utf-8"):
        name, data, wall, cpu, peak, ended, found = line.rstrip("\n").split("|")
        runs.setdefault((name, data), []).append((float(wall), sum(map(float, cpu.split())), int(peak) / 1024))
        last[name, data] = (int(ended), found)
    median = {row: [statistics.median(column) for column in zip(*values)] for row, values in runs.items()}
    return {row: (*median[row], *last[row]) for row in runs}


def table(path, messages, files):
    rows = results(path)
    print(f"{int(messages):,} messages unless said otherwise; {int(files):,} files in the phone's backup.\n")
    print("| | input | CPU | wall | peak memory | at most | found |\n| --- | --- | ---: | ---: | ---: | ---: | --- |")
    for line in sys.stdin:
        name, data, bar = line.split("|")[:3]
        if (name, data) not in rows:
            continue
        wall, cpu, peak, ended, found = rows[name, data]
        if ended not in (0, 124):
            found = f"fails ({ended}): `{found}`"
        shown = f"**{name}**" if name.startswith("Asservat") else name
        print(f"| {shown} | {INPUTS[data]} | {cpu:.2f} s | {wall:.2f} s | {peak:.0f} MiB | {bar} | {found} |")


def linear(path, picture, data):
    points = []
    print("| messages | size | CPU | CPU for each million | peak memory |\n| ---: | ---: | ---: | ---: | ---: |")
    for (_, kind), (_, cpu, peak, _, _) in results(path).items():
        messages = int(kind.removeprefix("linear-"))
        size = os.path.getsize(os.path.join(data, f"{kind}.txt")) / 1e6
        points.append((messages, max(cpu, 0.01), peak))
        print(f"| {messages:,} | {size:,.1f} MB | {cpu:.2f} s | {cpu * 1e6 / messages:.2f} s | {peak:.1f} MiB |")
    with open(picture, "w", encoding="utf-8") as file:
        file.write(svg(points))


def svg(points):
    told = "; ".join(f"{messages:,} messages: {cpu:.2f} s, {peak:.1f} MiB" for messages, cpu, peak in points)
    panels = (panel(0, "CPU seconds", [(x, cpu) for x, cpu, _ in points], (-2, 2))
              + panel(380, "peak memory, MiB", [(x, peak) for x, _, peak in points], (0, 3)))
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 320" role="img" aria-labelledby="t d">
<title id="t">Reading a WhatsApp export: cost against size</title>
<desc id="d">Both axes logarithmic. Left, CPU seconds grow in proportion to the number of messages. Right, peak memory. {told}.</desc>
<rect width="760" height="320" fill="#fff"/>
<g font-family="sans-serif" font-size="12" fill="#222">
{panels}</g>
</svg>
"""


def panel(left, title, points, decades):
    """One panel: ten thousand to ten million across, the decades upwards."""
    bottom, top = decades
    x_of = lambda value: left + 60 + (math.log10(value) - 4) / 3 * 290
    y_of = lambda value: 270 - (math.log10(value) - bottom) / (top - bottom) * 220
    out = [f'<text x="{left + 60}" y="30" font-weight="bold">{title}</text>\n']
    for decade in range(bottom, top + 1):
        y = y_of(10.0 ** decade)
        out.append(f'<path d="M{left + 60} {y:.0f}h290" stroke="#ccc"/>'
                   f'<text x="{left + 54}" y="{y + 4:.0f}" text-anchor="end">{10.0 ** decade:g}</text>\n')
    for decade in range(4, 8):
        x = x_of(10 ** decade)
        out.append(f'<text x="{x:.0f}" y="290" text-anchor="middle">10{"⁰¹²³⁴⁵⁶⁷⁸⁹"[decade]}</text>\n')
    out.append(f'<text x="{left + 205}" y="310" text-anchor="middle">messages</text>\n')
    line = " ".join(f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in points)
    out.append(f'<polyline points="{line}" fill="none" stroke="#0b5394" stroke-width="2"/>\n')
    for at, (x, y) in enumerate(points):
        # The first value stands right of the axis, so that it does not lie on its numbers.
        right, anchor = (8, "start") if at == 0 else (-4, "end")
        out.append(f'<circle cx="{x_of(x):.1f}" cy="{y_of(y):.1f}" r="4" fill="#0b5394"/>'
                   f'<text x="{x_of(x) + right:.1f}" y="{y_of(y) - 10:.1f}" text-anchor="{anchor}">{y:.3g}</text>\n')
    return "".join(out)


if __name__ == "__main__":
    {"table": table, "linear": linear}[sys.argv[1]](*sys.argv[2:])
