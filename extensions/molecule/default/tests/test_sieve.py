# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of the users: uploaded by ManageSieve, and at work."""

from __future__ import annotations

from clients import message, new_subject

BOB = ("bob@example.test", "bob-test-password")

SCRIPT = """require ["fileinto", "mailbox"];
if header :contains "Subject" "to be filed" { fileinto :create "Filed"; }
"""


def deliver(server, subject, headers=""):
    with server.smtp() as session:
        sender = "somebody@example.net"
        session.sendmail(sender, [BOB[0]], message(sender, BOB[0], subject, headers=headers))


def test_script_is_stored_and_files_mail(server):
    with server.sieve(*BOB) as session:
        session.put("filter", SCRIPT)
        session.command('SETACTIVE "filter"')
        assert '"filter" ACTIVE' in session.command("LISTSCRIPTS")
    subject = f"to be filed {new_subject()}"
    deliver(server, subject)
    assert server.wait_for(*BOB, subject, folder="Filed")


def test_marked_spam_goes_to_junk(server):
    subject = new_subject()
    deliver(server, subject, headers="X-Spam-Flag: YES\n")
    assert server.wait_for(*BOB, subject, folder="Junk")
