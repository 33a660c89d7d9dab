# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of a cluster that submits, reads and watches the clock, from outside.

Runs on a host that is no part of the cluster, with nothing but Python:

    ha_client.py ADDRESS --messages 2000 --rate 20 --stop FILE

It submits the messages over TLS with authentication, in sessions that it opens anew where they break, and probes SMTP
and IMAP several times a second. It ends when FILE exists and all is sent. Printed is one JSON object: the subjects of
the messages that were acknowledged, those that were not, and for each probe when it began and ended and whether it
worked.
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

TIMEOUT = 5.0
PAUSE = 0.2
SENDER, READER = ("alice@example.test", "alice-test-password"), ("bob@example.test", "bob-test-password")
TLS = ssl.create_default_context()
# The nodes have certificates of their own; who they are is another test.
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE


class Submitter(threading.Thread):
    """Sends its share of the messages, at its share of the rate."""

    def __init__(self, address: str, messages: int, rate: float):
        super().__init__()
        self.address, self.messages, self.pause = address, messages, 1.0 / rate
        self.acknowledged: list[str] = []
        self.refused: list[str] = []

    def run(self) -> None:
        session = None
        for _message in range(self.messages):
            begun, subject = time.monotonic(), f"ha-{uuid.uuid4()}"
            text = f"From: {SENDER[0]}\r\nTo: {READER[0]}\r\nSubject: {subject}\r\n\r\nHello.\r\n"
            try:
                session = session or self.session()
                session.sendmail(SENDER[0], [READER[0]], text)
                self.acknowledged.append(subject)
            except (OSError, smtplib.SMTPException):
                self.refused.append(subject)
                session = None
            time.sleep(max(0.0, self.pause - (time.monotonic() - begun)))

    def session(self) -> smtplib.SMTP:
        session = smtplib.SMTP(self.address, 587, local_hostname="client.example.net", timeout=2 * TIMEOUT)
        session.starttls(context=TLS)
        session.login(*SENDER)
        return session


class Probe(threading.Thread):
    """Tries the same thing again and again, whatever became of the tries before, and notes which worked."""

    def __init__(self, attempt: Callable[[str], None], address: str, ending: threading.Event):
        super().__init__()
        self.attempt, self.address, self.ending = attempt, address, ending
        self.found: list[tuple[float, float, bool]] = []

    def run(self) -> None:
        tries = []
        while not self.ending.wait(PAUSE):
            tries.append(threading.Thread(target=self.try_once))
            tries[-1].start()
        for one in tries:
            one.join()

    def try_once(self) -> None:
        begun, worked = time.time(), True
        try:
            self.attempt(self.address)
        except (OSError, smtplib.SMTPException, imaplib.IMAP4.error):
            worked = False
        self.found.append((begun, time.time(), worked))


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
    ending = threading.Event()
    share = options.messages // options.sessions
    submitters = [Submitter(options.address, share, options.rate / options.sessions) for _ in range(options.sessions)]
    probes = {"smtp": Probe(try_smtp, options.address, ending), "imap": Probe(try_imap, options.address, ending)}
    for thread in (*submitters, *probes.values()):
        thread.start()
    while not os.path.exists(options.stop):
        time.sleep(PAUSE)
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
