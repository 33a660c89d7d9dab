# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write accounts on a mail server while clients look them up, send and log in; fail when any of them notices.

Runs as root on a host that the playbook ``site`` has set up, with nothing but Python and what is installed there:

    accounts_under_load.py --library DIRECTORY [--seconds 20]

DIRECTORY is a copy of the collection's ``plugins/module_utils``: the writer is the very store of the modules. Each
phase lasts ``--seconds``: in the first, 50 transactions a second, each by a process of its own; in the second, whole
calls that create, change and delete 10,000 mailboxes. Meanwhile these run:

- ``postmap -q`` through proxymap and directly, as the user that Postfix looks up as, for every kind of lookup,
- SMTP sessions with many recipients, known and unknown, and messages that must arrive,
- submissions with authentication and a sender that must match,
- IMAP logins.

A summary is printed as JSON. The exit code is 0 when nothing failed, nothing was put off, all messages arrived and
neither Postfix nor Dovecot logged an error about it; else 1.
"""

from __future__ import annotations

import argparse
import imaplib
import json
import os
import random
import smtplib
import ssl
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

TABLES = "/etc/postfix/sqlite"
# Words by which Postfix and Dovecot say that a lookup failed; "locked" and "readonly" are SQLite's own.
COMPLAINTS = "locked|readonly|unable to open|sqlite|dict_|proxymap.*(fatal|warning)|table lookup problem|[Tt]emporary"
PAUSE = 0.02
MANY = 10_000


class Load:
    """What the clients did and what failed. ``stop`` ends them all."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.token = uuid.uuid4().hex
        self.stop = threading.Event()
        self.counts: Counter[str] = Counter()
        self.failures: list[str] = []
        self.lock = threading.Lock()

    def count(self, what: str, number: int = 1) -> None:
        with self.lock:
            self.counts[what] += number

    def fail(self, message: str) -> None:
        with self.lock:
            self.failures.append(message)

    def expect(self, what: str, got: Any, wanted: Any) -> None:
        if got != wanted:
            self.fail(f"{what}: {got!r} instead of {wanted!r}")

    def repeat(self, client: Callable[[Load], None]) -> None:
        """Run a client until the end; whatever it raises is a failure."""
        while not self.stop.is_set():
            try:
                client(self)
            except Exception as error:
                self.fail(f"{client.__name__}: {type(error).__name__}: {error}")
            time.sleep(PAUSE)

    @property
    def domain(self) -> str:
        return str(self.options.address.rpartition("@")[2])


# --- clients ---------------------------------------------------------------------------------------------------------


def lookups(load: Load, kind: str, prefix: list[str]) -> None:
    """Many keys in one postmap: each known one must be found, each unknown one not."""
    address = load.options.address
    wanted = {
        "domains": (load.domain, load.domain),
        "mailboxes": (address, address),
        "aliases": (address, address),
        "sender_logins": (address, address),
        "recipient_access": (address, None),
    }
    name, (key, value) = random.choice(list(wanted.items()))
    keys = [key, f"nobody-{random.random()}@{load.domain}"] * 10
    argv = [*prefix, "postmap", "-q", "-", f"{kind}:{TABLES}/{name}.cf"]
    done = subprocess.run(argv, input="\n".join(keys) + "\n", capture_output=True, text=True, check=False)
    found = [line.split("\t", 1)[1] for line in done.stdout.splitlines()]
    load.expect(f"{kind} {name}", found, [] if value is None else [value] * 10)
    load.expect(f"{kind} {name}", done.stderr, "")
    load.count(f"{kind} lookups", len(keys))


def proxied_lookups(load: Load) -> None:
    lookups(load, "proxy:sqlite", [])


def direct_lookups(load: Load) -> None:
    lookups(load, "sqlite", ["runuser", "-u", "postfix", "-g", "postfix", "--"])


def recipients(load: Load) -> None:
    """One SMTP session with known and unknown recipients, and a message for the known one."""
    address = load.options.address
    with smtplib.SMTP("127.0.0.1", 25, local_hostname="client.example.net", timeout=30) as session:
        session.ehlo()
        for _turn in range(5):
            session.mail("somebody@example.net")
            load.expect("known recipient", session.rcpt(address)[0], 250)
            load.expect("unknown recipient", session.rcpt(f"nobody-{random.random()}@{load.domain}")[0], 550)
            session.rset()
            load.count("recipients", 2)
        session.sendmail("somebody@example.net", [address], message(load, "somebody@example.net"))
        load.count("messages")


def submissions(load: Load) -> None:
    """A message by authenticated submission, from the owner's address."""
    address, password = load.options.address, load.options.password
    with smtplib.SMTP("127.0.0.1", 587, local_hostname="client.example.net", timeout=30) as session:
        session.starttls(context=tls())
        session.login(address, password)
        session.sendmail(address, [address], message(load, address))
        load.count("submissions")
        load.count("messages")


def logins(load: Load) -> None:
    with imaplib.IMAP4_SSL("127.0.0.1", 993, ssl_context=tls(), timeout=30) as session:
        session.login(load.options.address, load.options.password)
        load.expect("SELECT", session.select("INBOX", readonly=True)[0], "OK")
        load.count("logins")


def message(load: Load, sender: str) -> str:
    head = {"From": sender, "To": load.options.address, "Subject": load.token, "Message-ID": f"<{uuid.uuid4()}@test>"}
    return "".join(f"{name}: {value}\r\n" for name, value in head.items()) + "\r\nAccounts under load.\r\n"


def tls() -> ssl.SSLContext:
    """The server is ourselves: its name is nothing to check here."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


CLIENTS = (proxied_lookups, proxied_lookups, direct_lookups, recipients, submissions, logins, logins)


# --- writers ---------------------------------------------------------------------------------------------------------


class Writer:
    """Calls of the modules' store, each in a process of its own, as on a real host."""

    def __init__(self, options: argparse.Namespace) -> None:
        sys.path.insert(0, os.path.dirname(os.path.abspath(options.library)))
        package = os.path.basename(os.path.abspath(options.library))
        store = __import__(f"{package}._accounts.sqlite_store", fromlist=["SqliteStore"])
        self.model = __import__(f"{package}._accounts.model", fromlist=["Changes"])
        self.store = store.SqliteStore
        self.options = options
        self.domain = options.address.rpartition("@")[2]
        self.counts: Counter[str] = Counter()

    def mailbox(self, number: int, name: str) -> Any:
        local = f"load-{number}"
        address = f"{local}@{self.domain}"
        facts = (f"{self.domain}/{local}/", 0, True, (address,), True, True, True, False, ())
        return self.model.Mailbox(address, "{SHA512-CRYPT}$6$none$" + "x" * 86, name, *facts)

    def call(self, changes: list[tuple[Any, Any]], what: str) -> None:
        """One call of a module: read everything, then write the changes (before, after) in one transaction."""
        child = os.fork()
        if child == 0:
            status = 1
            try:
                store = self.store(self.options.database, "root", "postfix")
                store.read()
                list_of = [self.model.Change((after or before).address, before, after) for before, after in changes]
                store.write(self.model.Changes(mailboxes=list_of))
                status = 0
            finally:
                os._exit(status)
        if os.waitpid(child, 0)[1] != 0:
            self.counts[f"failed {what}"] += 1
        self.counts[what] += 1

    def small(self, seconds: float, per_second: int = 50) -> None:
        """One mailbox is created, then changed all the time, then deleted."""
        present = None
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            started = time.monotonic()
            after = self.mailbox(0, f"at {started}")
            self.call([(present, after)], "small transactions")
            present = after
            time.sleep(max(0.0, 1 / per_second - (time.monotonic() - started)))
        self.call([(present, None)], "small transactions")

    def bulk(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            first = [self.mailbox(number, "first") for number in range(MANY)]
            second = [self.mailbox(number, "second") for number in range(MANY)]
            self.call([(None, box) for box in first], f"calls that create {MANY} mailboxes")
            self.call(list(zip(first, second)), f"calls that change {MANY} mailboxes")
            self.call([(box, None) for box in second], f"calls that delete {MANY} mailboxes")
            time.sleep(0.5)


# --- the whole -------------------------------------------------------------------------------------------------------


def delivered(load: Load, seconds: float = 60.0) -> int:
    """How many of our messages arrived; waits for the last. They are deleted."""
    end = time.monotonic() + seconds
    while True:
        with imaplib.IMAP4_SSL("127.0.0.1", 993, ssl_context=tls(), timeout=30) as session:
            session.login(load.options.address, load.options.password)
            session.select("INBOX")
            found = session.search(None, "SUBJECT", load.token)[1][0].split()
            if len(found) >= load.counts["messages"] or time.monotonic() > end:
                if found:
                    session.store(b",".join(found).decode(), "+FLAGS.SILENT", r"(\Deleted)")
                    session.expunge()
                return len(found)
        time.sleep(1)


def complaints(since: float) -> list[str]:
    """Lines in the journal by which a daemon says that it could not look something up."""
    units = ["-u", "postfix*", "-u", "dovecot*"]
    argv = ["journalctl", "-q", "-o", "cat", f"--since=@{int(since)}", *units, f"--grep={COMPLAINTS}"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()


def start_writer(options: argparse.Namespace) -> Callable[[], dict[str, int]]:
    """Start both phases in a process without threads; returns what waits for its end and says what it did."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        writer = Writer(options)
        try:
            writer.small(options.seconds)
            writer.bulk(options.seconds)
        finally:
            os.write(writing, json.dumps(writer.counts).encode())
            os._exit(0)
    os.close(writing)

    def wait() -> dict[str, int]:
        with os.fdopen(reading) as pipe:
            said = pipe.read()
        os.waitpid(child, 0)
        return dict(json.loads(said or '{"failed to start": 1}'))

    return wait


def run(load: Load) -> dict[str, Any]:
    started = time.time()
    written = start_writer(load.options)
    threads = [threading.Thread(target=load.repeat, args=(client,)) for client in CLIENTS]
    for thread in threads:
        thread.start()
    calls = written()
    load.stop.set()
    for thread in threads:
        thread.join()
    load.failures += [f"writer: {what}: {number}" for what, number in calls.items() if what.startswith("failed")]
    arrived = delivered(load)
    load.expect("messages that arrived", arrived, load.counts["messages"])
    load.failures += [f"logged: {line}" for line in complaints(started)]
    seconds = round(time.time() - started, 1)
    return {"seconds": seconds, **calls, **load.counts, "arrived": arrived, "failures": load.failures}


def main() -> int:
    parser = argparse.ArgumentParser(description="Write accounts while clients look them up.")
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "module_utils")
    parser.add_argument("--library", default=beside, help="copy of the collection's plugins/module_utils")
    parser.add_argument("--database", default="/var/lib/postfix_manager/accounts.sqlite")
    parser.add_argument("--address", default="alice@example.test")
    parser.add_argument("--password", default="alice-test-password")
    parser.add_argument("--seconds", type=float, default=20.0, help="duration of each of the two phases")
    options = parser.parse_args()
    if not os.path.isdir(os.path.join(options.library, "_accounts")):
        parser.error(f"{options.library} is no copy of plugins/module_utils; name one with --library")
    summary = run(Load(options))
    print(json.dumps(summary, indent=2))
    return 1 if summary["failures"] else 0


if __name__ == "__main__":
    sys.exit(main())
