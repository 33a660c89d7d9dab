# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A directory server fails and mail goes on; all fail and nobody is refused for good; they come back and all works."""

from __future__ import annotations

import imaplib
import smtplib
import time

import pytest
from clients import message, new_subject

ALICE = ("alice@example.test", "alice-test-password")
STRANGER = "somebody@example.net"


def directory(host, action, name):
    done = host.run(f"sh /srv/directory {action} {name}")
    assert done.rc == 0, done.stderr


def rcpt(server, recipient):
    with server.smtp() as session:
        session.mail(STRANGER)
        return session.rcpt(recipient)[0]


def knows_who_is_there(server):
    assert (rcpt(server, ALICE[0]), rcpt(server, "nobody@example.test")) == (250, 550)


def received(server):
    subject = new_subject()
    with server.submission(*ALICE) as session:
        session.sendmail(ALICE[0], [ALICE[0]], message(ALICE[0], ALICE[0], subject))
    return server.wait_for(*ALICE, subject)


def eventually(attempt, seconds=60):
    """The result of ``attempt`` once it succeeds: a daemon that met a dead server waits before it asks again."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return attempt()
        except (smtplib.SMTPException, imaplib.IMAP4.error, AssertionError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(1)


@pytest.fixture
def servers(host):
    """Whatever a test stops is started again after it."""
    stopped = []

    def stop(name):
        directory(host, "stop", name)
        stopped.append(name)

    def start(name):
        directory(host, "start", name)
        stopped.remove(name)

    yield stop, start
    for name in list(stopped):
        start(name)


@pytest.mark.parametrize("name", ["first", "second"])
def test_one_server_fails_and_mail_and_logins_go_on(server, servers, name):
    stop, _start = servers
    stop(name)
    assert received(server)
    knows_who_is_there(server)


def test_all_fail_and_nobody_is_told_that_a_user_is_unknown(server, servers):
    stop, start = servers
    stop("first")
    stop("second")
    assert rcpt(server, ALICE[0]) // 10 == 45
    assert rcpt(server, "nobody@example.test") // 10 == 45
    with pytest.raises(imaplib.IMAP4.error) as refused, server.imap(*ALICE):
        pass
    assert "UNAVAILABLE" in str(refused.value) or "Temporary" in str(refused.value), refused.value
    # Dovecot says that it cannot tell, but Postfix says 535 to a client whatever Dovecot's reason is.
    with pytest.raises(smtplib.SMTPAuthenticationError), server.submission(*ALICE):
        pass
    start("first")
    start("second")
    assert eventually(lambda: received(server))
    eventually(lambda: knows_who_is_there(server))
