# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmark of the mail log."""

from __future__ import annotations

import json
import os
from statistics import median

import pflogsumm
from bed import HERE, Bed
from result import Result

LOG = "/var/tmp/mail.log"
EXACT_BYTES = 40_000_000
# A machine that others use, too, may take a smaller log: both read it at the same speed from some 200 MB on.
LOG_BYTES = int(os.environ.get("BENCH_LOG_BYTES", "1000000000"))
# Prints what a command says, and the most memory in kB that it and its children had, as JSON.
PEAK = """
import json, resource, subprocess, sys, threading, time
peak = 0
def pages(pid):
    try:
        with open(f"/proc/{pid}/smaps_rollup") as file:
            own = sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return own + sum(map(pages, file.read().split()))
    except OSError:
        return 0
running = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
def watch():
    global peak
    while running.poll() is None:
        peak = max(peak, pages(running.pid))
        time.sleep(0.1)
watcher = threading.Thread(target=watch)
watcher.start()
said = running.communicate()[0]
watcher.join()
print(json.dumps([json.loads(said), peak]))
"""


def log_1gb(bed: Bed) -> Result:
    """A mail log of 1 GB (BENCH_LOG_BYTES), seven million lines of Postfix and Dovecot, made by ``mail_log.py``.

    Ours: the packed module ``mail_log_info`` on the target, Python's start included. It counts more than the peer does,
    and must come to the same totals, in less than 200 MB of memory. Peer: ``pflogsumm``.
    """
    bed.sh(
        f"export DEBIAN_FRONTEND=noninteractive; apt-get -qq install -y --no-install-recommends pflogsumm >/dev/null;"
        f"python3 - {LOG} {LOG_BYTES}",
        stdin=(HERE / "mail_log.py").read_text(),
    )
    # Numbers above 524,288 are rounded by pflogsumm; those of the beginning are compared to the last message.
    bed.sh(f"head -c {EXACT_BYTES} {LOG} | head -n -1 >{LOG}.part")
    for path in (f"{LOG}.part", LOG):
        packed = bed.packed("postfix_manager.mail.mail_log_info", {"paths": [path]})
        said, kilobytes = json.loads(bed.sh(f"python3 -c '{PEAK}' python3 {packed}"))
        totals = pflogsumm.totals(bed.sh(f"pflogsumm {path}"))
        assert pflogsumm.ours(said["messages"]) == totals, (said["messages"], totals)
        assert not said["log"]["broken_lines"] and not said["log"]["other_lines"], said["log"]
    assert kilobytes < 200_000, f"{kilobytes} kB of memory"
    ours, peer = bed.timed((":", f"python3 {packed}"), (":", f"pflogsumm {LOG}"), runs=2)
    return Result(median(ours), median(peer), f"pflogsumm, the same totals, {LOG_BYTES / 1e6:,.0f} MB", goal=0.33)


CASES = {case.__name__: case for case in (log_1gb,)}
