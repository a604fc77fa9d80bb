#!/usr/bin/env python3
"""Watches the processes of one program and notes the peak memory of each of its roles until it is told to stop.

    peaks.py PROGRAM FILE      the role is the first argument of a process: `read`, or the name of a worker
"""

import os
import signal
import sys
import time

program, target = os.path.realpath(sys.argv[1]), sys.argv[2]
peaks = {}
going = True


def stop(_number, _frame):
    global going
    going = False


signal.signal(signal.SIGTERM, stop)
while going:
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{number}/cmdline", encoding="utf-8", errors="replace") as file:
                words = file.read().split("\0")
            if len(words) < 2 or os.path.realpath(words[0]) != program:
                continue
            with open(f"/proc/{number}/status", encoding="ascii", errors="replace") as file:
                for line in file:
                    if line.startswith("VmHWM:"):
                        peaks[words[1]] = max(peaks.get(words[1], 0), int(line.split()[1]))
        except OSError:
            continue
    time.sleep(0.1)
with open(target, "w", encoding="utf-8") as file:
    file.write(", ".join(f"{role} {kib / 1024:.0f} MiB" for role, kib in sorted(peaks.items())))
