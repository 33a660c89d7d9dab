# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to mail that comes now is the same with 2.3 and with 2.4."""

from __future__ import annotations

import smtplib

import pytest
from clients import message, new_subject

ALICE = ("alice@example.test", "alice-test-password")
BOB = ("bob@example.test", "bob-test-password")


def deliver(server, user, text):
    with smtplib.LMTP(server.address, 24, timeout=20) as session:
        session.sendmail("sender@example.net", [user], text)


def test_a_users_filter_files_and_marks(server):
    subject = f"a list {new_subject()}"
    deliver(server, ALICE[0], message("sender@example.net", ALICE[0], subject))
    server.wait_for(*ALICE, subject, folder="Lists/Dovecot")
    with server.imap(*ALICE) as session:
        session.select("Lists/Dovecot")
        assert session.search(None, "KEYWORD", "$Label1", "SUBJECT", f'"{subject}"')[1][0].split()


def test_the_filter_for_all_comes_first(server):
    subject = f"a list of spam {new_subject()}"
    deliver(server, ALICE[0], message("sender@example.net", ALICE[0], subject, headers="X-Spam-Flag: YES\n"))
    assert server.wait_for(*ALICE, subject, folder="Spam")


def test_the_name_of_a_user_in_capitals_is_the_same_user(server):
    subject = new_subject()
    deliver(server, BOB[0].upper(), message("sender@example.net", BOB[0], subject))
    assert server.wait_for(*BOB, subject)


def test_who_is_over_quota_gets_no_mail(server):
    big = "x\n" * 60_000
    deliver(server, BOB[0], message("sender@example.net", BOB[0], new_subject(), body=big))
    with pytest.raises(smtplib.SMTPResponseException) as caught:
        deliver(server, BOB[0], message("sender@example.net", BOB[0], new_subject(), body=big))
    assert caught.value.smtp_code == 552


def test_who_does_not_exist_gets_no_mail(server):
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        deliver(server, "nobody@example.test", message("a@example.net", "nobody@example.test", "x"))
