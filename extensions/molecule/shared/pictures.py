# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody sees of an account over IMAP and ManageSieve, and the means to fill it."""

from __future__ import annotations

import hashlib
import imaplib
import re
import time
from dataclasses import dataclass, field

from clients import MailServer, message

PASSWORDS = {
    "alice@example.test": "alice-test-password",
    "bob@example.test": "bob-test-password",
    "carol@second.test": "carol-test-password",
}
FETCH = "(UID FLAGS INTERNALDATE BODY.PEEK[])"


@dataclass
class Picture:
    """Everything of one account: UIDVALIDITY by folder; by folder and UID the flags, time and content of a message."""

    validity: dict[str, str] = field(default_factory=dict)
    messages: dict[tuple[str, int], tuple[frozenset[str], str, str]] = field(default_factory=dict)
    subscriptions: frozenset[str] = frozenset()
    scripts: tuple[str, ...] = ()

    def contents(self) -> list[tuple[str, frozenset[str], str, str]]:
        """The messages without their UIDs."""
        return sorted((folder, *rest) for (folder, _uid), rest in self.messages.items())


def picture(server: MailServer, user: str) -> Picture:
    found = Picture()
    with server.imap(user, PASSWORDS[user]) as session:
        for folder in _folders(session.list()[1]):
            status, answer = session.select(f'"{folder}"', readonly=True)
            assert status == "OK", answer
            found.validity[folder] = session.response("UIDVALIDITY")[1][0].decode()
            for uid, rest in _messages(session):
                found.messages[folder, uid] = rest
        found.subscriptions = frozenset(_folders(session.lsub()[1]))
    with server.sieve(user, PASSWORDS[user]) as session:
        names = session.command("LISTSCRIPTS")
        scripts = [session.command(f"GETSCRIPT {name.removesuffix(' ACTIVE')}") for name in names]
        found.scripts = (*names, *("\n".join(script) for script in scripts))
    return found


def fill(server: MailServer, user: str, count: int) -> None:
    """Folders, subscriptions, a script, and messages with all kinds of flags and keywords."""
    with server.imap(user, PASSWORDS[user]) as session:
        for folder in ("Projects", "Projects/2026 [new]", "Left"):
            session.create(f'"{folder}"')
        session.subscribe('"Projects/2026 [new]"')
        session.unsubscribe("Junk")
        flags = ["", r"\Seen", r"\Seen \Flagged Work", r"\Answered $Forwarded", "Work Later", r"\Draft"]
        for number in range(count):
            folder = "INBOX" if number % 10 else '"Projects/2026 [new]"'
            put(session, folder, f"number {number}", flags[number % len(flags)])
    with server.sieve(user, PASSWORDS[user]) as session:
        session.put("rules", 'require ["fileinto"]; if header :contains "Subject" "left" { fileinto "Left"; }')
        session.command('SETACTIVE "rules"')


def put(session: imaplib.IMAP4, folder: str, subject: str, flags: str = "") -> None:
    text = message(
        "somebody@example.net", "you@example.test", subject, body=f"{subject}\n" * 40, headers=headers(subject)
    )
    status, answer = session.append(folder, f"({flags})", imaplib.Time2Internaldate(time.time() - 86400), text.encode())
    assert status == "OK", answer


def headers(subject: str) -> str:
    return f"Message-ID: <{subject.replace(' ', '-')}@example.net>\n"


def _folders(lines: list[bytes]) -> list[str]:
    return sorted(re.fullmatch(r'\(.*?\) "." "?(.*?)"?', line.decode())[1] for line in lines if line)


def _messages(session: imaplib.IMAP4):
    _status, answer = session.fetch("1:*", FETCH) if session.untagged_responses.get("EXISTS") != [b"0"] else ("OK", [])
    for head, body in (part for part in answer if isinstance(part, tuple)):
        uid = int(re.search(rb"UID (\d+)", head)[1])
        flags = frozenset(re.search(rb"FLAGS \((.*?)\)", head)[1].decode().split()) - {r"\Recent"}
        date = re.search(rb'INTERNALDATE "(.*?)"', head)[1].decode()
        yield uid, (flags, date, hashlib.sha256(body).hexdigest())
