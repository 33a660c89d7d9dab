# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A hundred thousand messages go through a filter into a report, and what is left of each is small."""

import subprocess
import sys
from pathlib import Path

LIBRARY = Path(__file__).resolve().parents[6] / "plugins"
MEGABYTES = 100
PROGRAM = """
import json
from module_utils._engine.privacy import Privacy
from module_utils._postfix.queue.filters import read_filter, select
from module_utils._postfix.queue.messages import parse
from module_utils._postfix.queue.report import Report

def lines():
    for number in range(100_000):
        reason = f"connect to h{number}: timed out"
        recipients = [{"address": f"r{number}@d{number % 5000}.test", "delay_reason": reason}]
        yield json.dumps({"queue_name": "deferred", "queue_id": f"{number:012X}", "arrival_time": number,
            "message_size": number, "forced_expire": False, "sender": f"s{number}@example.test",
            "recipients": recipients})

wanted, problems = read_filter({"sender": "*@example.test"})
report, kept = Report(200_000), []
for message in select(map(parse, lines()), wanted, 200_000, None):
    report.add(message)
    kept.append(message._replace(sender="", recipients=()))
said = report.result(10, Privacy())
# Not ru_maxrss: a program inherits that of the one which started it.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(len(kept), said["total"], int(peak.split()[1]) // 1024)
"""


def test_memory_stays_bounded():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, env={"PYTHONPATH": str(LIBRARY)}
    )
    kept, total, megabytes = map(int, done.stdout.split())
    assert (kept, total) == (100_000, 100_000)
    assert megabytes < MEGABYTES
