# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two servers, one with 2.3 and one with 2.4 on a copy of its mail: what a client sees of the mail is the same.

What writes to the mail is in another file, which runs after this one.
"""

from __future__ import annotations

import imaplib
import os
import pathlib
import poplib
import re
import ssl
import subprocess

import pytest
import testinfra
from clients import MailServer

USERS = {"alice@example.test": "alice-test-password", "bob@example.test": "bob-test-password"}
FACTS = "(UID FLAGS RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (SUBJECT)])"
CERTIFICATE = "/etc/ssl/postfix_manager/mail.pem"


def server_of(platform: str) -> MailServer:
    name = "-".join([os.environ["TESTBED_PREFIX"], os.environ["MOLECULE_SCENARIO_NAME"], platform])
    argv = [pathlib.Path(os.environ["TESTBED_ROOT"], "tools/container"), "address", name]
    address = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()
    certificate = testinfra.get_host(f"podman://{name}").file(CERTIFICATE).content_string
    return MailServer(address, "mail.example.test", certificate)


@pytest.fixture(scope="module")
def both() -> tuple[MailServer, MailServer]:
    return server_of("debian12"), server_of("debian13")


def trusting() -> ssl.SSLContext:
    """For POP3, which is asked for by address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def folders(session: imaplib.IMAP4) -> list[str]:
    return sorted(line.decode() for line in session.list()[1])


def names(session: imaplib.IMAP4) -> list[str]:
    """Those that hold mail, and do not only hold others."""
    return [line.rpartition('"/" ')[2] for line in folders(session) if not re.match(r"\(.*\\No", line)]


def of_mail(server: MailServer, user: str) -> dict[str, object]:
    """Everything that a client can tell about the mail of a user."""
    with server.imap(user, USERS[user]) as session:
        seen: dict[str, object] = {
            "folders": folders(session),
            "subscribed": sorted(line.decode() for line in session.lsub()[1] if line),
            "quota": [line.decode() for part in session.getquotaroot("INBOX")[1] for line in part],
        }
        for name in names(session):
            _status, (status,) = session.status(name, "(MESSAGES UIDNEXT UIDVALIDITY UNSEEN)")
            session.select(name, readonly=True)
            _status, rows = session.uid("FETCH", "1:*", FACTS)
            # \Recent is for the first client that looks.
            messages = [re.sub(rb" ?\\Recent", b"", b"".join(row)) for row in rows if isinstance(row, tuple)]
            seen[name] = (status.decode(), messages)
        return seen


@pytest.mark.parametrize("user", USERS)
def test_folders_messages_flags_and_quota(both: tuple[MailServer, MailServer], user: str) -> None:
    old, new = (of_mail(server, user) for server in both)
    assert len(old["INBOX"][1]) == (4 if user.startswith("alice") else 5)
    assert {'"Lists/Dovecot"', "Lists/Dovecot"} & set(old) or user.startswith("bob")
    assert new == old


@pytest.mark.parametrize("user", USERS)
def test_names_of_messages_over_pop3(both: tuple[MailServer, MailServer], user: str) -> None:
    found = []
    for server in both:
        session = poplib.POP3(server.address)
        session.stls(context=trusting())
        session.user(user)
        session.pass_(USERS[user])
        found.append(session.uidl()[1])
        session.quit()
    assert found[0]
    assert found[1] == found[0]


def test_filters_of_users(both: tuple[MailServer, MailServer]) -> None:
    listed = []
    for server in both:
        with server.sieve("alice@example.test", USERS["alice@example.test"]) as session:
            listed.append((session.command("LISTSCRIPTS"), session.command('GETSCRIPT "filter"')))
    assert '"filter" ACTIVE' in listed[0][0]
    assert listed[1] == listed[0]


def test_wrong_passwords_and_clear_text_are_refused(both: tuple[MailServer, MailServer]) -> None:
    for server in both:
        with pytest.raises(imaplib.IMAP4.error, match="AUTHENTICATIONFAILED"), server.imap("bob@example.test", "wrong"):
            pass
        assert not server.is_open(143)
        session = poplib.POP3(server.address)
        with pytest.raises(poplib.error_proto):
            session.user("bob@example.test")
        session.close()
