# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail to, from and in the accounts that the modules wrote to the directory."""

from __future__ import annotations

import imaplib

import pytest
from clients import message, messages, new_subject

ALICE = ("alice@example.test", "alice-test-password")
BOB = ("bob@example.test", "bob-test-password")
DAVE = ("dave@example.test", "dave-test-password")
STRANGER = "somebody@example.net"


def deliver(server, recipient):
    subject = new_subject()
    with server.smtp() as session:
        session.sendmail(STRANGER, [recipient], message(STRANGER, recipient, subject))
    return subject


@pytest.mark.parametrize(
    ("recipient", "readers"),
    [
        (ALICE[0], [ALICE]),
        ("team@example.test", [ALICE, BOB]),
        ("postmaster@example.test", [ALICE]),
        (DAVE[0], [ALICE, DAVE]),
        ("anybody@example.test", [BOB]),
    ],
    ids=["mailbox", "alias", "role address", "forward with a copy", "catch-all"],
)
def test_mail_arrives(server, recipient, readers):
    subject = deliver(server, recipient)
    for reader in readers:
        assert server.wait_for(*reader, subject)


def test_a_catch_all_takes_no_mail_of_others(server):
    subject, later = deliver(server, ALICE[0]), deliver(server, BOB[0])
    assert server.wait_for(*ALICE, subject)
    assert server.wait_for(*BOB, later)
    with server.imap(*BOB) as session:
        assert messages(session, subject) == []


@pytest.mark.parametrize(
    ("sender", "allowed"),
    [(BOB[0], True), ("sales@example.net", True), ("team@example.test", False), (ALICE[0], False)],
)
def test_whoever_logged_in_sends_as_what_is_declared(server, sender, allowed):
    with server.submission(*BOB) as session:
        session.mail(sender)
        assert (session.rcpt(ALICE[0])[0] == 250) is allowed


def test_a_mailbox_that_is_switched_off_neither_receives_nor_logs_in(server):
    with server.smtp() as session:
        session.mail(STRANGER)
        code, said = session.rcpt("carol@example.test")
    assert (code, "does not accept mail" in said.decode()) == (550, True)
    with pytest.raises(imaplib.IMAP4.error), server.imap("carol@example.test", "carol-test-password"):
        pass


def test_a_quota_is_that_of_the_mailbox(host):
    limits = [
        host.run(f"doveadm -f tab quota get -u {name}@example.test").stdout.splitlines()[1].split("\t")[3]
        for name in ("alice", "bob")
    ]
    assert limits == [str(50 * 1024), "-"]


def test_an_alias_leads_to_its_destinations_alone(host):
    """Not to itself: nobody is there, and the sender would be told so."""
    ran = host.run("postmap -q team@example.test ldap:/etc/postfix/ldap/lone_groups.cf")
    assert sorted(ran.stdout.strip().split(",")) == [ALICE[0], BOB[0]]
    assert host.run("postmap -q team@example.test ldap:/etc/postfix/ldap/groups.cf").stdout == ""
