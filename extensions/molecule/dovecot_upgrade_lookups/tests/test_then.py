# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is written now takes the same way with 2.3 and with 2.4: filters, quotas, and what dictionaries hold."""

from __future__ import annotations

import smtplib

from clients import message, new_subject

ANNA = ("anna@example.test", "anna-test-password")
DORA = ("dora@example.test", "dora-test-password")
USED = "SELECT messages FROM quota2 WHERE username = 'dora@example.test'"


def test_the_spam_teaches_both_ways(server):
    with server.imap(*ANNA) as session:
        session.append("INBOX", "", None, b"Subject: spam\r\n\r\nbuy\r\n")
        _status, (number,) = session.select("INBOX")
        session.copy(number.decode(), "Junk")
        _status, (number,) = session.select("Junk")
        assert b"$Learned" in session.fetch(number.decode(), "(FLAGS)")[1][0]
        session.copy(number.decode(), "Project")
        _status, (number,) = session.select("Project")
        assert b"$Unlearned" in session.fetch(number.decode(), "(FLAGS)")[1][0]


def test_a_delivery_counts_where_others_look(server, host):
    before = int(host.check_output(f'sqlite3 /srv/accounts/accounts.db "{USED}"'))
    subject = new_subject()
    with smtplib.LMTP(server.address, 24, timeout=20) as session:
        session.sendmail("sender@example.net", [DORA[0]], message("sender@example.net", DORA[0], subject))
    assert server.wait_for(*DORA, subject)
    assert int(host.check_output(f'sqlite3 /srv/accounts/accounts.db "{USED}"')) == before + 1


def test_a_mailbox_is_shared_and_taken_back(server):
    shared = f"Shared/{ANNA[0]}/Project"
    with server.imap(*ANNA) as session:
        assert session.setacl("Project", DORA[0], "lr")[0] == "OK"
    with server.imap(*DORA) as other:
        assert any(shared in line.decode() for line in other.list()[1])
    with server.imap(*ANNA) as session:
        assert session.deleteacl("Project", DORA[0])[0] == "OK"
    with server.imap(*DORA) as other:
        assert other.select(shared, readonly=True)[0] == "NO"
