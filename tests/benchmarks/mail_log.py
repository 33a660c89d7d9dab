# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write a mail log as Postfix and Dovecot on a busy host do: ``mail_log.py PATH BYTES``.

The same log each time, in the order of time, messages interleaved. Every queue id is used once.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator

START = 1_793_000_000
PER_SECOND = 12
BATCH = 2000
ID_LETTERS = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"
TLS = "TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits) key-exchange x25519"
REFUSALS = [
    "454 4.7.1 <{to}>: Relay access denied",
    "550 5.1.1 <{to}>: Recipient address rejected: User unknown in virtual mailbox table",
    "554 5.7.1 Service unavailable; Client host [{ip}] blocked using bl.example.org",
    "450 4.1.8 <{sender}>: Sender address rejected: Domain not found",
]
DEFERRALS = [
    ("none", "4.4.1", "connect to {mx}[{ip}]:25: Connection timed out"),
    ("{mx}[{ip}]:25", "4.2.1", "host {mx}[{ip}] said: 450 4.2.1 <{to}>: try again later (in reply to RCPT TO command)"),
]
BOUNCE = "host {mx}[{ip}] said: 550 5.1.1 <{to}>: User unknown (in reply to RCPT TO command)"

Line = tuple[float, str]


class Host:
    """One mail host and what its chance brings."""

    def __init__(self) -> None:
        self.chance = random.Random(1)
        self.number = 0
        self.senders = [f"user{number}@sender{number % 700}.example.org" for number in range(6000)]
        self.recipients = [f"person{number}@domain{number % 40}.example.test" for number in range(3000)]
        self.outside = [f"contact{number}@outside{number % 900}.example.net" for number in range(5000)]
        self.clients = [
            f"out{number}.sender.example.org[198.51.{number % 100}.{number % 250}]" for number in range(2000)
        ]

    def queue_id(self) -> str:
        self.number += 1
        number, letters = self.number, ""
        for _place in range(6):
            number, rest = divmod(number, len(ID_LETTERS))
            letters = ID_LETTERS[rest] + letters
        return f"4j{letters}zHYWl"

    def pid(self) -> int:
        return self.chance.randint(4000, 4400)

    def message(self, at: float) -> Iterator[Line]:
        kind = self.chance.random()
        if kind < 0.12:
            yield from self.refused(at)
        elif kind < 0.27:
            yield from self.login(at)
        else:
            yield from self.accepted(at)

    def refused(self, at: float) -> Iterator[Line]:
        client, pid = self.chance.choice(self.clients), self.pid()
        sender, to = self.chance.choice(self.senders), self.chance.choice(self.recipients)
        ip = client.partition("[")[2][:-1]
        why = self.chance.choice(REFUSALS).format(to=to, sender=sender, ip=ip)
        yield at, f"postfix/smtpd[{pid}]: connect from {client}"
        yield (
            at + 0.4,
            f"postfix/smtpd[{pid}]: NOQUEUE: reject: RCPT from {client}: {why}; from=<{sender}> to=<{to}> proto=ESMTP "
            f"helo=<{client.partition('[')[0]}>",
        )
        yield at + 0.5, f"postfix/smtpd[{pid}]: disconnect from {client} ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4"

    def login(self, at: float) -> Iterator[Line]:
        user, session = self.chance.choice(self.recipients), f"{self.chance.getrandbits(60):x}"
        where = f"rip=203.0.113.{self.chance.randint(1, 250)}, lip=192.0.2.1"
        if self.chance.random() < 0.2:
            yield (
                at,
                "dovecot: imap-login: Login aborted: Connection closed (auth failed, 1 attempts in 2 secs) "
                f"(auth_failed): user=<{user}>, method=PLAIN, {where}, TLS, session=<{session}>",
            )
            return
        pid = self.pid()
        yield (
            at,
            f"dovecot: imap-login: Logged in: user=<{user}>, method=PLAIN, {where}, mpid={pid}, TLS, "
            f"session=<{session}>",
        )
        yield (
            at + 9,
            f"dovecot: imap({user})<{pid}><{session}>: Disconnected: Logged out in=132 out=1867 deleted=0 expunged=0 "
            "trashed=0 hdr_count=0 hdr_bytes=0 body_count=0 body_bytes=0",
        )

    def accepted(self, at: float) -> Iterator[Line]:
        chance, queue_id, pid = self.chance, self.queue_id(), self.pid()
        size = int(chance.lognormvariate(10, 1.2))
        outgoing = chance.random() < 0.3
        if outgoing:
            sender, to = chance.choice(self.recipients), chance.choice(self.outside)
            client = f"unknown[203.0.113.{chance.randint(1, 250)}]"
            name, how = "postfix/submission/smtpd", f", sasl_method=PLAIN, sasl_username={sender}"
        else:
            sender, to = chance.choice(self.senders), chance.choice(self.recipients)
            client, name, how = chance.choice(self.clients), "postfix/smtpd", ""
        yield at, f"{name}[{pid}]: connect from {client}"
        if outgoing or chance.random() < 0.7:
            yield at + 0.1, f"{name}[{pid}]: Anonymous TLS connection established from {client}: {TLS}"
        yield at + 0.2, f"{name}[{pid}]: {queue_id}: client={client}{how}"
        yield at + 0.3, f"postfix/cleanup[{pid}]: {queue_id}: message-id=<{chance.getrandbits(64):x}@{sender}>"
        yield at + 0.4, f"postfix/qmgr[929]: {queue_id}: from=<{sender}>, size={size}, nrcpt=1 (queue active)"
        yield (
            at + 0.5,
            f"{name}[{pid}]: disconnect from {client} ehlo=2 starttls=1 mail=1 rcpt=1 data=1 quit=1 commands=7",
        )
        send = self.sent if outgoing else self.stored
        yield from send(at + 0.6, queue_id, sender, to, size)

    def stored(self, at: float, queue_id: str, _sender: str, to: str, _size: int) -> Iterator[Line]:
        pid, session = self.pid(), f"{self.chance.getrandbits(60):x}"
        yield (
            at,
            f"dovecot: lmtp({to})<{pid}><{session}>: msgid=<{session}@mail.example.org>: saved mail to INBOX",
        )
        yield (
            at + 0.01,
            f"postfix/lmtp[{pid}]: {queue_id}: to=<{to}>, relay=mx.example.test[private/dovecot-lmtp], "
            f"{self.delays(0.2)}, dsn=2.0.0, status=sent (250 2.0.0 <{to}> {session} Saved)",
        )
        yield at + 0.02, f"postfix/qmgr[929]: {queue_id}: removed"

    def sent(self, at: float, queue_id: str, sender: str, to: str, size: int) -> Iterator[Line]:
        chance, pid = self.chance, self.pid()
        place = {"mx": f"mx.{to.partition('@')[2]}", "ip": f"192.0.2.{chance.randint(1, 250)}", "to": to}
        there = "{mx}[{ip}]:25".format(**place)
        tried = at
        while chance.random() < 0.15:
            relay, dsn, why = chance.choice(DEFERRALS)
            yield (
                tried,
                f"postfix/smtp[{pid}]: {queue_id}: to=<{to}>, relay={relay.format(**place)}, {self.delays(30)}, "
                f"dsn={dsn}, status=deferred ({why.format(**place)})",
            )
            tried += 300
            yield tried, f"postfix/qmgr[929]: {queue_id}: from=<{sender}>, size={size}, nrcpt=1 (queue active)"
        head = f"postfix/smtp[{pid}]: {queue_id}: to=<{to}>, relay={there}, {self.delays(2)}, "
        yield tried, f"postfix/smtp[{pid}]: Trusted TLS connection established to {there}: {TLS}"
        if chance.random() < 0.04:
            yield tried + 1, f"{head}dsn=5.1.1, status=bounced ({BOUNCE.format(**place)})"
            yield from self.notified(tried + 1.1, queue_id, sender)
        else:
            yield tried + 1, f"{head}dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as {chance.getrandbits(60):X})"
        yield tried + 1.2, f"postfix/qmgr[929]: {queue_id}: removed"

    def notified(self, at: float, queue_id: str, to: str) -> Iterator[Line]:
        notice = self.queue_id()
        yield at, f"postfix/cleanup[{self.pid()}]: {notice}: message-id=<{notice}@mx.example.test>"
        yield at + 0.01, f"postfix/bounce[{self.pid()}]: {queue_id}: sender non-delivery notification: {notice}"
        yield at + 0.02, f"postfix/qmgr[929]: {notice}: from=<>, size=2700, nrcpt=1 (queue active)"
        yield from self.stored(at + 0.1, notice, "", to, 2700)

    def delays(self, scale: float) -> str:
        parts = [rounded(self.chance.expovariate(1 / scale)) for _part in range(4)]
        return f"delay={sum(parts):.2g}, delays={'/'.join(f'{part:g}' for part in parts)}"


def rounded(seconds: float) -> float:
    """As Postfix does: two digits, and nothing below a hundredth of a second."""
    return float(f"{seconds:.2g}") if seconds >= 0.01 else 0


def lines() -> Iterator[str]:
    """Lines without end, in the order of time."""
    host, at = Host(), float(START)
    waiting: list[Line] = []
    while True:
        for _message in range(BATCH):
            at += host.chance.expovariate(PER_SECOND)
            waiting += host.message(at)
        waiting.sort()
        until = next((place for place, line in enumerate(waiting) if line[0] > at), len(waiting))
        for moment, text in waiting[:until]:
            yield f"{stamp(int(moment))} mx {text}\n"
        del waiting[:until]


def stamp(moment: int) -> str:
    parts = time.gmtime(moment)
    return f"{time.strftime('%b', parts)} {parts.tm_mday:2d} {time.strftime('%H:%M:%S', parts)}"


def main(path: str, size: int) -> None:
    written = 0
    with open(path, "w", encoding="ascii", buffering=1 << 20) as file:
        for line in lines():
            written += file.write(line)
            if written >= size:
                return


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
