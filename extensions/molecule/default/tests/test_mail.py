# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a mail client meets: what goes through, and what comes of it."""

from __future__ import annotations

import pytest
from clients import message, messages, new_subject

ALICE = ("alice@example.test", "alice-test-password")
BOB = ("bob@example.test", "bob-test-password")


def deliver(server, recipient, sender="somebody@example.net", **parts):
    """Hand a message to port 25 as any other server would; return its subject."""
    subject = new_subject()
    with server.smtp() as session:
        session.sendmail(sender, [recipient], message(sender, recipient, subject, **parts))
    return subject


@pytest.mark.parametrize("port", [587, 465])
def test_submission_is_delivered_and_read(server, port):
    subject = new_subject()
    with server.submission(*ALICE, port=port) as session:
        session.sendmail(ALICE[0], [BOB[0]], message(ALICE[0], BOB[0], subject))
    text = server.wait_for(*BOB, subject)
    assert "ESMTPSA" in text, "the message does not say that it was submitted with authentication over TLS"
    assert "LMTP" in text, "the message does not say that it was delivered by LMTP"


def test_mail_from_outside_is_delivered(server):
    assert server.wait_for(*ALICE, deliver(server, ALICE[0]))


def test_mail_from_outside_may_be_encrypted(server):
    subject = new_subject()
    with server.encrypted(25) as session:
        session.sendmail("somebody@example.net", [BOB[0]], message("somebody@example.net", BOB[0], subject))
    assert server.wait_for(*BOB, subject)


def test_detail_after_plus_is_delivered(server):
    assert server.wait_for(*ALICE, deliver(server, "alice+lists@example.test"))


def test_address_is_case_insensitive(server):
    assert server.wait_for(*ALICE, deliver(server, "Alice@Example.TEST"))


def test_alias_reaches_every_destination(server):
    subject = deliver(server, "info@example.test")
    assert server.wait_for(*ALICE, subject)
    assert server.wait_for(*BOB, subject)


def test_catch_all_takes_any_address_of_its_domain(server):
    assert server.wait_for(*BOB, deliver(server, "whatever@catchall.test"))


@pytest.mark.parametrize("recipient", ["postmaster@example.test", "abuse@example.test", "postmaster@catchall.test"])
def test_role_addresses_are_accepted(server, recipient):
    with server.smtp() as session:
        session.mail("somebody@example.net")
        assert session.rcpt(recipient)[0] == 250


def test_special_use_folders_exist_and_are_subscribed(server):
    with server.imap(*ALICE) as session:
        session._simple_command("LIST", "(SPECIAL-USE)", '""', '"*"')
        listed = b"\n".join(session.untagged_responses["LIST"]).decode()
        _status, subscribed = session.lsub()
    for use in ("Drafts", "Sent", "Junk", "Trash", "Archive"):
        assert f"\\{use}" in listed
        assert any(line.decode().endswith(use) for line in subscribed), f"{use} is not subscribed"


def test_quota_is_shown(server):
    with server.imap("small@example.test", "small-test-password") as session:
        _status, (roots, quota) = session.getquotaroot("INBOX")
    assert roots
    assert b"STORAGE" in quota[0]
    assert quota[0].rstrip(b")").split()[-1] == b"100"


def test_full_mailbox_is_refused_at_rcpt(server):
    user = ("small@example.test", "small-test-password")
    for _message in range(2):
        server.wait_for(*user, deliver(server, user[0], body="x" * 70 + "\n" + ("y" * 70 + "\n") * 800))
        with server.smtp() as session:
            session.mail("somebody@example.net", ["SIZE=60000"])
            code, words = session.rcpt(user[0])
        if code != 250:
            break
    assert code in (452, 552), words
    assert b"full" in words.lower()


def test_mailbox_can_be_changed(server):
    subject = deliver(server, ALICE[0])
    server.wait_for(*ALICE, subject)
    with server.imap(*ALICE) as session:
        session.select("INBOX")
        _status, (numbers,) = session.search(None, "SUBJECT", f'"{subject}"')
        session.copy(numbers.decode(), "Archive")
        session.store(numbers.decode(), "+FLAGS", "\\Deleted")
        session.expunge()
        assert messages(session, subject) == []
        assert len(messages(session, subject, "Archive")) == 1
