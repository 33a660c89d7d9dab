# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables in use: what a client on the network gets to see of them, on both instances."""

from __future__ import annotations

import os
import pathlib
import smtplib
import subprocess
import time

import pytest
from clients import MailServer, message, new_subject

SENDER = "somebody@example.net"


@pytest.fixture(scope="module")
def smtp_server(container):
    argv = [pathlib.Path(os.environ["TESTBED_ROOT"], "tools/container"), "address", container]
    address = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()
    return MailServer(address, "mail.example.test", "")


@pytest.fixture(scope="module", autouse=True)
def users(host):
    host.check_output("for name in alice bob; do id $name >/dev/null 2>&1 || useradd $name; done")


def send(server, recipient, subject, headers="", port=25):
    with server.smtp(port) as session:
        session.sendmail(SENDER, [recipient], message(SENDER, recipient, subject, headers=headers))


def mailbox(host, user, subject, seconds=30.0):
    """The mailbox of a local user once a message with that subject is in it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = host.file(f"/var/mail/{user}")
        if found.exists and subject in found.content_string:
            return found.content_string
        time.sleep(0.3)
    raise AssertionError(f"no message {subject!r} came to {user}: {host.run('postqueue -p').stdout}")


@pytest.mark.parametrize(
    ("recipient", "users_of_it"),
    [
        ("info@virtual.test", ["alice"]),
        ("anything@virtual.test", ["bob"]),
        ("all@virtual.test", ["alice", "bob"]),
        ("team@lists.test", ["alice", "bob"]),
        ("old@virtual.test", ["alice"]),
    ],
)
def test_addresses_aliases_and_a_migrated_table_lead_to_mailboxes(host, smtp_server, recipient, users_of_it):
    subject = new_subject()
    send(smtp_server, recipient, subject, headers="X-Secret: hidden-by-headers\n")
    for user in users_of_it:
        text = mailbox(host, user, subject)
        assert "X-From: the network" in text
        assert "hidden-by-headers" not in text


def test_mail_goes_through_the_second_instance(host, smtp_server):
    subject = new_subject()
    send(smtp_server, "carol@out.test", subject)
    text = mailbox(host, "alice", subject)
    received = text[: text.index(subject)].rpartition("\nFrom ")[2]
    assert "by out.example.test" in received
    assert "by mail.example.test" in received


def test_the_second_instance_accepts_mail_itself(host, smtp_server):
    subject = new_subject()
    send(smtp_server, "carol@out.test", subject, port=10025)
    mailbox(host, "alice", subject)


@pytest.mark.parametrize(
    ("sender", "recipient", "said"),
    [
        (SENDER, "closed@virtual.test", "closed for good"),
        (SENDER, "stale@virtual.test", "from the index"),
        (SENDER, "other@out.example.org", "Relay access denied"),
    ],
)
def test_what_is_refused(smtp_server, sender, recipient, said):
    with smtp_server.smtp() as session, pytest.raises(smtplib.SMTPRecipientsRefused, match=said):
        session.sendmail(sender, [recipient], "")


def test_a_header_is_refused(smtp_server):
    with smtp_server.smtp() as session, pytest.raises(smtplib.SMTPDataError, match="no lotteries"):
        session.sendmail(SENDER, ["info@virtual.test"], message(SENDER, "x@y", "You won the LOTTERY"))


def test_no_lookup_failed(host):
    said = host.check_output(
        "journalctl --no-pager --output=cat --unit 'postfix*' --grep 'error:|fatal|unsupported' || true"
    )
    assert [line for line in said.splitlines() if "no_text" not in line] == []
