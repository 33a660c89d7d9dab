# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the mailboxes of this node and its peers the same, with doveadm sync.

Follows Dovecot's log: a mailbox that changed is synchronised at once, from the state that its last synchronisation
left. Every --interval seconds, and at the start, all mailboxes are compared in full: what happened while nobody
followed is in no log, and two sides with the same number of new messages look equal to the quick comparison.

What is known goes to a status file, and to Prometheus where its node exporter has a folder. Signals end it between two
mailboxes. Standard library only: the nodes have no other.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import signal
import subprocess
import threading
import time

JOB = "mail_sync"
STATUS = "/var/lib/postfix_manager/status/mail_sync.json"
METRICS = "/var/lib/prometheus/node-exporter/postfix_manager_mail_sync.prom"
STATES = "/var/lib/postfix_manager/ha/sync"
# Delivery by LMTP, and what the plugin mail_log says of a session. Synchronisation itself logs under other names.
CHANGED = re.compile(
    r"(?:lmtp|lda|imap|pop3|sieve|managesieve)\(([^()\s]+@[^()\s]+)\)<.*?: .*?"
    r"(?:saved mail to|stored mail into|save: |copy: |append: |expunge: |delete: |undelete: |flag_change: "
    r"|mailbox_\w+: )"
)
# doveadm-sync(1): changes went past that it could not merge; once more.
AGAIN = 2
PAUSE = 5.0
SECONDS = 300


def changed_user(line: str) -> str | None:
    """Whose mailbox a line of Dovecot's log says was changed."""
    found = CHANGED.search(line)
    return found.group(1).lower() if found else None


class Waiting:
    """Mailboxes to synchronise, each once, the longest waiting first."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._since: dict[str, float] = {}
        self._full: set[str] = set()
        self._busy: set[str] = set()

    def add(self, user: str, full: bool = False, since: float | None = None) -> None:
        with self._lock:
            self._since.setdefault(user, time.time() if since is None else since)
            if full:
                self._full.add(user)
            self._lock.notify()

    def take(self, timeout: float) -> tuple[str, float, bool] | None:
        """A mailbox that no other worker has, since when it waits, and whether it is compared in full."""
        with self._lock:
            free = [user for user in self._since if user not in self._busy]
            if not free:
                self._lock.wait(timeout)
                free = [user for user in self._since if user not in self._busy]
            if not free:
                return None
            user = min(free, key=lambda name: self._since[name])
            self._busy.add(user)
            full = user in self._full
            self._full.discard(user)
            return user, self._since.pop(user), full

    def release(self, user: str) -> None:
        with self._lock:
            self._busy.discard(user)
            self._lock.notify()

    def state(self) -> tuple[int, float]:
        """How many wait, and since when the first of them."""
        with self._lock:
            return len(self._since), min(self._since.values(), default=time.time())


class Report:
    """What a person and Prometheus get to know."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.started = time.time()
        self.last_success = 0.0
        self.lag = 0.0
        self.failed: dict[str, str] = {}
        self.compared = 0.0

    def done(self, user: str, since: float, failure: str) -> None:
        with self._lock:
            if failure:
                self.failed[user] = failure
            else:
                self.failed.pop(user, None)
                self.last_success = time.time()
                self.lag = self.last_success - since

    def write(self, pending: int, oldest: float) -> None:
        with self._lock:
            now = time.time()
            lag = max(self.lag, now - oldest) if pending else self.lag
            failures = sorted(self.failed.items())
            # An idle node has nothing to do and is up to date.
            if not pending and not failures and self.compared:
                self.last_success = now
            message = (
                f"{len(failures)} mailboxes fail; {failures[0][0]}: {failures[0][1]}" if failures else "up to date"
            )
            if pending and not failures:
                message = f"{pending} mailboxes wait"
            status = {
                "job": JOB,
                "started": int(self.started),
                "finished": int(now),
                "success": not failures,
                "message": message,
                "last_success": int(self.last_success),
                "pending": pending,
                "lag_seconds": round(lag, 2),
                "compared_in_full": int(self.compared),
            }
        replace(STATUS, json.dumps(status) + "\n")
        if os.path.isdir(os.path.dirname(METRICS)):
            replace(METRICS, metrics(status))


def metrics(status: dict[str, object]) -> str:
    """The status as text for Prometheus."""
    label = f'{{job="{JOB}"}}'
    values = {
        f"postfix_manager_job_last_success_timestamp_seconds{label}": status["last_success"],
        f"postfix_manager_job_success{label}": int(bool(status["success"])),
        "postfix_manager_mail_sync_lag_seconds": status["lag_seconds"],
        "postfix_manager_mail_sync_pending": status["pending"],
    }
    return "".join(f"{name} {value}\n" for name, value in values.items())


def replace(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
    with open(f"{path}.new", "w", encoding="utf-8") as file:
        file.write(text)
    os.rename(f"{path}.new", path)


def state_path(user: str, peer: str) -> str:
    return os.path.join(STATES, re.sub(r"[^A-Za-z0-9@._+-]", "_", f"{user}@{peer}"))


def synchronise(user: str, peer: str, full: bool) -> str:
    """One mailbox with one peer; what went wrong, or nothing."""
    path, state = state_path(user, peer), ""
    if not full:
        with contextlib.suppress(OSError), open(path, encoding="ascii") as file:
            state = file.read().strip()
    mode = ["-f"] if full or not state else []
    argv = ["doveadm", "sync", "-u", user, "-l", "30", *mode, "-s", state, f"tcp:{peer}"]
    try:
        done = subprocess.run(argv, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"did not end within {SECONDS} seconds"
    if done.returncode == 0:
        replace(path, done.stdout)
        return ""
    # A state that does not fit any more would fail for ever.
    with contextlib.suppress(OSError):
        os.unlink(path)
    if done.returncode == AGAIN:
        return "changed while it was synchronised"
    said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
    return f"{peer}: exit code {done.returncode}: {said}"


def work(waiting: Waiting, report: Report, peers: list[str], ending: threading.Event) -> None:
    while not ending.is_set():
        taken = waiting.take(1.0)
        if taken is None:
            continue
        user, since, full = taken
        failure = "; ".join(filter(None, (synchronise(user, peer, full) for peer in peers)))
        report.done(user, since, failure)
        if failure:
            ending.wait(PAUSE * random.uniform(0.5, 1.0))
            waiting.add(user, full=True, since=since)
        waiting.release(user)


def follow(waiting: Waiting, ending: threading.Event) -> None:
    """Read Dovecot's log as it is written; start again where journalctl ends."""
    while not ending.is_set():
        argv = ["journalctl", "--follow", "--lines=0", "--output=cat", "--identifier=dovecot"]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, errors="replace") as journal:
            threading.Thread(target=lambda: (ending.wait(), journal.terminate()), daemon=True).start()
            for line in journal.stdout or ():
                user = changed_user(line)
                if user:
                    waiting.add(user)
        ending.wait(1.0)


def compare(waiting: Waiting, report: Report, interval: float, ending: threading.Event) -> None:
    """Have all mailboxes compared in full now and then, not at the same moment as a peer."""
    while not ending.is_set():
        listed = subprocess.run(["doveadm", "user", "*"], capture_output=True, text=True, check=False)
        if listed.returncode == 0:
            for user in listed.stdout.split():
                waiting.add(user, full=True)
            report.failed.pop("all mailboxes", None)
            report.compared = time.time()
        else:
            report.failed["all mailboxes"] = f"doveadm user lists nobody: {listed.stderr.strip()[-200:]}"
        ending.wait(interval * random.uniform(0.8, 1.2) if listed.returncode == 0 else PAUSE)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--peer", action="append", required=True, metavar="HOST:PORT")
    parser.add_argument("--interval", type=float, default=300.0, help="seconds between full comparisons")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    waiting, report, ending = Waiting(), Report(), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_signal: ending.set())
    os.makedirs(STATES, mode=0o700, exist_ok=True)
    threads = [
        threading.Thread(target=follow, args=(waiting, ending)),
        threading.Thread(target=compare, args=(waiting, report, options.interval, ending)),
        *(
            threading.Thread(target=work, args=(waiting, report, options.peer, ending))
            for _worker in range(options.workers)
        ),
    ]
    for thread in threads:
        thread.start()
    while not ending.wait(1.0):
        report.write(*waiting.state())
    for thread in threads:
        thread.join()
    report.write(*waiting.state())


if __name__ == "__main__":
    main()
