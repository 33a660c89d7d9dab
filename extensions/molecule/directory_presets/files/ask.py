# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks the mail server of this host as senders and readers of mail do: python3 ask.py ALICE BOB OFF, names to log in.

Prints as JSON what was answered. It knows nothing of the directory behind.
"""

from __future__ import annotations

import imaplib
import json
import pathlib
import smtplib
import socket
import subprocess
import sys

from clients import MailServer, message, new_subject

# By an address that is not one of the host's own networks, and so a stranger's.
SERVER = MailServer(
    socket.gethostbyname(socket.getfqdn()),
    "mail.example.test",
    pathlib.Path("/etc/ssl/postfix_manager/mail.pem").read_text(),
)
ALICE, BOB, OFF = ((login, f"{name}-test-password") for login, name in zip(sys.argv[1:], ("alice", "bob", "off")))
STRANGER = "somebody@example.net"
RECIPIENTS = (
    *("alice", "ALICE", "info", "team", "squad", "everybody", "off", "off-alias", "nobody", "gone", "left", "moved"),
    *("printer", "drop", "loop", "(*)"),
)
ADDRESSES = [*(f"{name}@example.test" for name in RECIPIENTS), "somebody@moved.test", "somebody@off.test"]


def rcpt(recipient):
    with SERVER.smtp() as session:
        session.mail(STRANGER)
        code, said = session.rcpt(recipient)
        return [code, said.decode()]


def logs_in(login, password):
    try:
        with SERVER.imap(login, password):
            return True
    except imaplib.IMAP4.error:
        return False


def may_submit(login, password):
    try:
        with SERVER.submission(login, password):
            return True
    except smtplib.SMTPAuthenticationError:
        return False


def may_send_as(sender):
    with SERVER.submission(*ALICE) as session:
        session.mail(sender)
        return session.rcpt("bob@example.test")[0] == 250


def arrives(recipient, *readers):
    """Whether a message to somebody comes to all of these mailboxes, once."""
    subject = new_subject()
    with SERVER.smtp() as session:
        session.sendmail(STRANGER, [recipient], message(STRANGER, recipient, subject))
    return [subject in SERVER.wait_for(*reader, subject) for reader in readers]


def said_by(*argv):
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


# Logins that succeed come first: after one that fails, Dovecot lets the same client wait.
answers = {
    "imap": {"alice": logs_in(*ALICE)},
    "submission": {"alice": may_submit(*ALICE)},
    "senders": {
        sender: may_send_as(sender)
        for sender in ("alice@example.test", "info@example.test", "bob@example.test", "press@partner.test")
    },
    "rcpt": {address: rcpt(address) for address in ADDRESSES},
    "arrives": {"everybody": arrives("everybody@example.test", ALICE, BOB), "gone": None},
    "quota": said_by("doveadm", "-f", "tab", "quota", "get", "-u", "alice@example.test").splitlines()[1].split("\t")[3],
    "users": sorted(said_by("doveadm", "user", "*").split()),
}
if answers["rcpt"]["gone@example.test"][0] == 250:
    answers["arrives"]["gone"] = arrives("gone@example.test", BOB)
answers["submission"]["off"] = may_submit(*OFF)
wrong = {"off": OFF, "wrong": (ALICE[0], "wrong-test-password"), "anybody": ("*", "alice-test-password")}
answers["imap"].update({name: logs_in(*login) for name, login in wrong.items()})
print(json.dumps(answers))
