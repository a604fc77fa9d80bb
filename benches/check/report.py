#!/usr/bin/env python3
"""What a run of the device check found of what is planted, and the tables of all runs.

    report.py row WHO INPUT ENDED NUMBERS OUT PLANTED   one line of JSON: cost, bytes written, planted things that were raised
    report.py table RESULTS                             the tables, in Markdown

A planted thing is raised if its value stands in something that the program presents to a person as a result: MVT's
`alerts.json`, Asservat's findings. Faint are MVT's LOW and INFO, and what Asservat calls weak. What is raised and names nothing planted is counted as well: it may be right (a crash, an
old update) and is looked at by hand.
"""

import json
import statistics
import sys
from pathlib import Path

# How the inputs are called in the table, in their order.
INPUTS = {
    "start": "start, all indicators, nothing to check",
    "ios-locked": "encrypted iPhone backup, 20,000 files, 1.1 GB, password to result",
    "ios-locked-tenth": "the same, a tenth",
    "ios-large": "iPhone backup, 1,000,000 messages, list of 500,000 files",
    "ios-large-tenth": "the same, a tenth",
    "androidqf": "AndroidQF, 60 MB dumpstate, 20,000 hashed files, 500 apps",
    "androidqf-tenth": "the same, a tenth",
    "bugreport": "bug report, small, newer form of the tables",
    "sysdiagnose": "sysdiagnose, small",
    "capture": "capture, 100,000 connections",
}


def raised(who, out):
    """What was presented as a result: each as one text, and whether it is one of the faint ones."""
    if who == "MVT":
        return [(json.dumps(alert, ensure_ascii=False), str(alert.get("level")).upper() in ("LOW", "INFO", "INFORMATIONAL"))
                for path in out.rglob("alerts.json") for alert in json.loads(path.read_text(encoding="utf-8"))]
    path = out / "found.json"
    if not path.exists() or not path.stat().st_size:
        return []
    text = path.read_text(encoding="utf-8")
    answer = json.loads(text[text.index("{"):])
    answer = answer if "devices" in answer else answer.get("result", answer)
    return [(json.dumps(finding, ensure_ascii=False), finding.get("sure") == "weak")
            for device in answer.get("devices", []) for finding in device.get("findings", [])]


def row(who, name, ended, numbers, out, planted):
    wall, user, system, peak_kib = Path(numbers).read_text(encoding="utf-8").split("\n")[-2].split()
    found = raised(who, out)
    truth = json.loads(planted.read_text(encoding="utf-8")).get(name, []) if planted.exists() else []
    lower = [text.lower() for text, _ in found]
    missed = [f'{thing["what"]} {thing["value"]}' for thing in truth
              if not any(thing["value"].lower() in text for text in lower)]
    other = [text for text in lower if not any(thing["value"].lower() in text for thing in truth)]
    written = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    print(json.dumps({
        "who": who, "input": name, "ended": int(ended), "wall": float(wall), "cpu": float(user) + float(system),
        "peak_mib": int(peak_kib) / 1024, "written": written, "raised": len(found),
        "faint": sum(faint for _, faint in found), "planted": len(truth),
        "missed": missed, "other": len(other), "other_samples": [text[:300] for text in other[:5]],
    }, ensure_ascii=False))


def size(count):
    return f"{count / 1e6:,.1f} MB" if count < 1e9 else f"{count / 1e9:,.2f} GB"


def table(results):
    runs = [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines()]
    groups = {}
    for run in runs:
        groups.setdefault((run["input"], run["who"]), []).append(run)

    def middle(name, who, key):
        group = groups.get((name, who))
        return statistics.median(run[key] for run in group) if group else None

    print("| input | | CPU | peak memory | written | raised, of them faint | of what is planted | names nothing planted |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, title in INPUTS.items():
        for who in ("Asservat", "MVT"):
            if (name, who) not in groups:
                continue
            last = groups[(name, who)][-1]
            title_now = title if who == "Asservat" or (name, "Asservat") not in groups else "the same"
            there = f'{last["planted"] - len(last["missed"])} of {last["planted"]}' if last["planted"] else ""
            print(f'| {title_now} | {"**Asservat**" if who == "Asservat" else who} | {middle(name, who, "cpu"):.2f} s '
                  f'| {middle(name, who, "peak_mib"):,.0f} MiB | {size(middle(name, who, "written"))} | {last["raised"]}, {last.get("faint", 0)} '
                  f'| {there} | {last["other"]} |')
    print("\n| input | MVT needs times our CPU |\n| --- | ---: |")
    for name, title in INPUTS.items():
        ours, theirs = middle(name, "Asservat", "cpu"), middle(name, "MVT", "cpu")
        if ours and theirs:
            print(f"| {title} | {theirs / ours:.1f} |")
    print("\n| ten times the input | | CPU of the tenth | CPU | times |\n| --- | --- | ---: | ---: | ---: |")
    for name in INPUTS:
        for who in ("Asservat", "MVT"):
            small, large = middle(f"{name}-tenth", who, "cpu"), middle(name, who, "cpu")
            if small and large:
                print(f"| {name} | {who} | {small:.2f} s | {large:.2f} s | {large / small:.1f} |")
    print("\nMissed of what is planted, in the last round:\n")
    for (name, who), group in groups.items():
        if group[-1]["missed"]:
            print(f'- {name}, {who}: {"; ".join(group[-1]["missed"])}')


def main():
    if sys.argv[1] == "row":
        who, name, ended, numbers, out, planted = sys.argv[2:]
        row(who, name, ended, numbers, Path(out), Path(planted))
    else:
        table(Path(sys.argv[2]))


if __name__ == "__main__":
    main()
