# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A mail server with its accounts in a directory, as clients meet it."""

from __future__ import annotations

import imaplib
import smtplib

import pytest
from clients import message, new_subject

ALICE = ("alice@example.test", "alice-test-password")
BOB = ("bob@example.test", "bob-test-password")
STRANGER = "somebody@example.net"


def deliver(server, recipient, sender=STRANGER, **parts):
    subject = new_subject()
    with server.smtp() as session:
        session.sendmail(sender, [recipient], message(sender, recipient, subject, **parts))
    return subject


def answer(server, recipient, sender=STRANGER):
    with server.smtp() as session:
        code, said = session.mail(sender)
        if code == 250:
            code, said = session.rcpt(recipient)
        return code, said.decode()


@pytest.mark.parametrize("port", [587, 465])
def test_submission_is_delivered_and_read(server, port):
    subject = new_subject()
    with server.submission(*ALICE, port=port) as session:
        session.sendmail(ALICE[0], [BOB[0]], message(ALICE[0], BOB[0], subject))
    assert server.wait_for(*BOB, subject)


def test_an_alias_leads_to_its_mailbox(server):
    assert server.wait_for(*ALICE, deliver(server, "info@example.test"))


def test_a_group_in_a_group_reaches_every_member(server):
    subject = deliver(server, "everybody@example.test")
    assert server.wait_for(*ALICE, subject)
    assert server.wait_for(*BOB, subject)


def test_who_left_is_forwarded(server):
    assert server.wait_for(*BOB, deliver(server, "gone@example.test"))


@pytest.mark.parametrize(
    ("recipient", "code", "words"),
    [
        ("nobody@example.test", 550, "User unknown"),
        ("off@example.test", 550, "does not accept mail"),
        ("(*)@example.test", 550, "User unknown"),
        ("somebody@elsewhere.test", 554, "Relay access denied"),
    ],
)
def test_what_must_be_refused_is_refused(server, recipient, code, words):
    said = answer(server, recipient)
    assert (said[0], words in said[1]) == (code, True), said


def test_an_own_sender_has_to_log_in(server):
    code, said = answer(server, BOB[0], sender=ALICE[0])
    assert (code, "have to log in" in said) == (553, True), said
    assert answer(server, BOB[0], sender="alice@sub.example.test")[0] == 250


@pytest.mark.parametrize(("sender", "allowed"), [(ALICE[0], True), ("info@example.test", True), (BOB[0], False)])
def test_who_logged_in_sends_as_himself_and_his_aliases(server, sender, allowed):
    with server.submission(*ALICE) as session:
        session.mail(sender)
        assert (session.rcpt(BOB[0])[0] == 250) is allowed


def test_who_is_switched_off_cannot_log_in(server):
    with pytest.raises(imaplib.IMAP4.error), server.imap("off@example.test", "off-test-password"):
        pass
    with pytest.raises(smtplib.SMTPAuthenticationError), server.submission("off@example.test", "off-test-password"):
        pass


def test_each_mailbox_has_its_own_quota(host):
    limits = {
        name: host.run(f"doveadm -f tab quota get -u {name}@example.test").stdout.splitlines()[1].split("\t")[3]
        for name in ("alice", "small", "bob")
    }
    assert limits == {"alice": "2048", "small": "100", "bob": "-"}


def test_all_users_are_listed(host):
    listed = host.run("doveadm user '*'").stdout.split()
    names = ("alice", "bob", "small", "gone", "postfix-manager-probe")
    assert sorted(listed) == sorted(f"{name}@example.test" for name in names)


def test_only_the_daemons_read_the_password(host):
    password = "reader-test-password"
    files = host.run(f"grep -rl {password} /etc/postfix /etc/dovecot").stdout.split()
    assert files
    for path in files:
        file = host.file(path)
        assert (file.user, file.mode & 0o027, file.group in ("root", "postfix")) == ("root", 0, True), path
