# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program that keeps the mailboxes of a node and its peers the same, with doveadm sync.

Follows Dovecot's log: a mailbox that changed is synchronised at once, from the state that its last synchronisation
left. Every --interval seconds, and at the start, all mailboxes are compared in full: what happened while nobody
followed may be in no log, and two sides with the same number of new messages look equal to the quick comparison.

Where both sides took mail, a merge may leave a message twice in a folder. One of the nodes, with --deduplicate, takes
away what has the same GUID after it compared a mailbox in full, as long as it is in doubt.

A signal ends it between two mailboxes.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import signal
import threading
import time
from collections.abc import Sequence
from typing import NamedTuple

from .._engine import commands, job_status
from .doubt import Doubt
from .report import JOB, Report, metrics
from .waiting import Waiting, changed_user

STATES = "/var/lib/postfix_manager/ha/sync"
# doveadm-sync(1): changes went past that it could not merge; once more.
AGAIN = 2
PAUSE = 5.0
SECONDS = 300


class Shared(NamedTuple):
    """What the threads share."""

    waiting: Waiting
    report: Report
    doubt: Doubt
    ending: threading.Event


def synchronise(user: str, peer: str, full: bool) -> str:
    """One mailbox with one peer; what went wrong, or nothing."""
    path, state = os.path.join(STATES, re.sub(r"[^A-Za-z0-9@._+-]", "_", f"{user}@{peer}")), ""
    if not full:
        with contextlib.suppress(OSError), open(path, encoding="ascii") as file:
            state = file.read().strip()
    mode = ["-f"] if full or not state else []
    argv = ["doveadm", "sync", "-u", user, "-l", "30", *mode, "-s", state, f"tcp:{peer}"]
    try:
        done = commands.run(argv, timeout=SECONDS, accept=None)
    except commands.CommandError as error:
        return error.message
    if done.rc == 0:
        draft = f"{path}.new"
        with open(draft, "w", encoding="ascii") as file:
            file.write(done.stdout)
        os.rename(draft, path)
        return ""
    # A state that does not fit any more would fail for ever.
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    if done.rc == AGAIN:
        return "changed while it was synchronised"
    said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    return f"{peer}: exit code {done.rc}: {said}"


def deduplicate(user: str, minutes: int) -> str:
    """Keep one of each message that was saved lately, in each folder; what went wrong, or nothing."""
    try:
        commands.run(["doveadm", "deduplicate", "-u", user, "mailbox", "*", "savedsince", f"{minutes}mins"])
    except commands.CommandError as error:
        return error.message
    return ""


def work(shared: Shared, peers: Sequence[str], deduplicating: bool) -> None:
    """Synchronise what waits; what failed waits on, and is compared in full."""
    waiting, doubt = shared.waiting, shared.doubt
    while not shared.ending.is_set():
        turn = waiting.take(1.0)
        if turn is None:
            continue
        failure = "; ".join(filter(None, (synchronise(turn.user, peer, turn.full) for peer in peers)))
        now = time.time()
        if failure:
            doubt.arise(now)
        elif turn.full and deduplicating and doubt.holds(now):
            failure = deduplicate(turn.user, doubt.minutes(now))
            waiting.add(turn.user)
        shared.report.done(turn.user, turn.since, failure, now)
        if failure:
            shared.ending.wait(PAUSE * random.uniform(0.5, 1.0))
            waiting.add(turn.user, full=True, since=turn.since)
        waiting.release(turn.user)


def follow(waiting: Waiting, ending: threading.Event) -> None:
    """Read Dovecot's log as it is written, from now on; go on where it was left when journalctl ends."""
    since = time.time()
    while not ending.is_set():
        argv = ["journalctl", "--follow", f"--since=@{since:.0f}", "--output=cat", "--identifier=dovecot"]
        with contextlib.suppress(commands.CommandError):
            for line in commands.lines(argv):
                since = time.time()
                user = changed_user(line)
                if user:
                    waiting.add(user)
        ending.wait(1.0)


def compare(waiting: Waiting, report: Report, interval: float, ending: threading.Event) -> None:
    """Have all mailboxes compared in full now and then, not at the same moment as a peer."""
    while not ending.is_set():
        failure = ""
        try:
            for user in commands.run(["doveadm", "user", "*"]).stdout.split():
                waiting.add(user, full=True)
        except commands.CommandError as error:
            failure = error.message[-200:]
        report.listed(failure, time.time())
        ending.wait(PAUSE if failure else interval * random.uniform(0.8, 1.2))


def tell(report: Report, waiting: Waiting) -> None:
    status = report.status(*waiting.state(), time.time())
    job_status.publish(JOB, json.dumps(status) + "\n", metrics(status))


def main() -> int:
    parser = argparse.ArgumentParser(description="Keep the mailboxes of this node and its peers the same.")
    parser.add_argument("--peer", action="append", required=True, metavar="HOST:PORT")
    parser.add_argument("--interval", type=float, default=300.0, help="seconds between full comparisons")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--deduplicate", action="store_true", help="for one node of the cluster alone")
    options = parser.parse_args()
    waiting, report, ending = Waiting(), Report(time.time()), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_signal: ending.set())
    os.makedirs(STATES, mode=0o700, exist_ok=True)
    # The comparison after the next one sees what is made while a node that was away hands over its queue.
    shared = Shared(waiting, report, Doubt(time.time(), 3 * options.interval), ending)
    workers = [
        threading.Thread(target=work, args=(shared, options.peer, options.deduplicate))
        for _worker in range(options.workers)
    ]
    # Nothing is lost when these end with the program, whatever they wait for.
    watchers = [
        threading.Thread(target=follow, args=(waiting, ending), daemon=True),
        threading.Thread(target=compare, args=(waiting, report, options.interval, ending), daemon=True),
    ]
    for thread in (*workers, *watchers):
        thread.start()
    while not ending.wait(1.0):
        tell(report, waiting)
    for thread in workers:
        thread.join()
    tell(report, waiting)
    return 0
