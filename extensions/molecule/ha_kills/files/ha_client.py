# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of a cluster that submits, reads and watches the clock, from outside.

Runs on a host that is no part of the cluster, with nothing but Python:

    ha_client.py ADDRESS --messages 2000 --rate 20 --stop FILE

It submits messages over TLS with authentication, in sessions that it opens anew where they break, and tries SMTP and
IMAP several times a second, each try by itself. No message is submitted twice. It ends when FILE exists and that many
messages were submitted at least. Printed is one JSON object: the subjects of the messages that were acknowledged, those
that were not, and for each try when it began and ended and what went wrong.
"""

from __future__ import annotations

import argparse
import imaplib
import json
import os
import smtplib
import ssl
import threading
import time
import uuid
from collections.abc import Callable

# A try that takes longer has failed.
TIMEOUT = float(os.environ.get("TIMEOUT", "2"))
PAUSE = 0.25
SENDER, READER = ("alice@example.test", "alice-test-password"), ("bob@example.test", "bob-test-password")
TLS = ssl.create_default_context()
# The nodes have certificates of their own; who they are is another test.
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE


class Submitter(threading.Thread):
    """Sends its share of the messages, at its share of the rate, and goes on until it may end."""

    def __init__(self, address: str, messages: int, rate: float, ending: threading.Event):
        super().__init__()
        self.address, self.messages, self.pause, self.ending = address, messages, 1.0 / rate, ending
        self.acknowledged: list[str] = []
        self.refused: list[str] = []

    def run(self) -> None:
        session, due = None, time.monotonic()
        while len(self.acknowledged) + len(self.refused) < self.messages or not self.ending.is_set():
            subject = f"ha-{uuid.uuid4()}"
            text = f"From: {SENDER[0]}\r\nTo: {READER[0]}\r\nSubject: {subject}\r\n\r\nHello.\r\n"
            try:
                session = session or self.session()
                session.sendmail(SENDER[0], [READER[0]], text)
                self.acknowledged.append(subject)
            except (OSError, smtplib.SMTPException):
                self.refused.append(subject)
                session = None
            due = max(due + self.pause, time.monotonic() - 1)
            time.sleep(max(0.0, due - time.monotonic()))

    def session(self) -> smtplib.SMTP:
        session = smtplib.SMTP(self.address, 587, local_hostname="client.example.net", timeout=5 * TIMEOUT)
        session.starttls(context=TLS)
        session.login(*SENDER)
        return session


class Probe(threading.Thread):
    """Tries the same thing again and again, without waiting for the last try, and notes what came of it."""

    def __init__(self, attempt: Callable[[str], None], address: str, ending: threading.Event):
        super().__init__()
        self.attempt, self.address, self.ending = attempt, address, ending
        self.found: list[tuple[float, float, str]] = []

    def run(self) -> None:
        tries = []
        while not self.ending.wait(PAUSE):
            tries.append(threading.Thread(target=self.one))
            tries[-1].start()
        for one in tries:
            one.join()

    def one(self) -> None:
        begun, failure = time.time(), ""
        try:
            self.attempt(self.address)
        except (OSError, smtplib.SMTPException, imaplib.IMAP4.error) as error:
            failure = str(error) or type(error).__name__
        self.found.append((begun, time.time(), failure))


def try_smtp(address: str) -> None:
    with smtplib.SMTP(address, 25, local_hostname="client.example.net", timeout=TIMEOUT) as session:
        code, said = session.ehlo()
        if code != 250:
            raise smtplib.SMTPResponseException(code, said)


def try_imap(address: str) -> None:
    with imaplib.IMAP4_SSL(address, 993, ssl_context=TLS, timeout=TIMEOUT) as session:
        session.login(*READER)
        session.select("INBOX", readonly=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("address")
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--rate", type=float, default=20.0, help="messages a second")
    parser.add_argument("--sessions", type=int, default=4)
    parser.add_argument("--stop", required=True)
    options = parser.parse_args()
    over, ending = threading.Event(), threading.Event()
    share = options.messages // options.sessions
    rate = options.rate / options.sessions
    submitters = [Submitter(options.address, share, rate, over) for _session in range(options.sessions if share else 0)]
    probes = {"smtp": Probe(try_smtp, options.address, ending), "imap": Probe(try_imap, options.address, ending)}
    for thread in (*submitters, *probes.values()):
        thread.start()
    while not os.path.exists(options.stop):
        time.sleep(PAUSE)
    over.set()
    for submitter in submitters:
        submitter.join()
    ending.set()
    for probe in probes.values():
        probe.join()
    print(
        json.dumps(
            {
                "acknowledged": [subject for submitter in submitters for subject in submitter.acknowledged],
                "not_acknowledged": [subject for submitter in submitters for subject in submitter.refused],
                "probes": {name: probe.found for name, probe in probes.items()},
            }
        )
    )


if __name__ == "__main__":
    main()
