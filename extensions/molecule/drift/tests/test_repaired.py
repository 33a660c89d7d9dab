# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The damage of side_effect.yml is gone, on the host and not only in a report."""

from __future__ import annotations

import smtplib
import ssl

import pytest
from clients import message, new_subject

ALICE = ("alice@example.test", "alice-test-password")


def test_the_relay_is_closed(host, server):
    assert host.check_output("postconf -h mynetworks") == "127.0.0.0/8, [::1]/128"
    with server.smtp() as session, pytest.raises(smtplib.SMTPRecipientsRefused, match="Relay access denied"):
        session.sendmail("somebody@example.net", ["victim@example.org"], "")


def test_the_mailbox_receives_and_reads_again(server):
    subject = new_subject()
    with server.submission(*ALICE) as session:
        session.sendmail(ALICE[0], [ALICE[0]], message(ALICE[0], ALICE[0], subject))
    assert server.wait_for(*ALICE, subject)


def test_the_modes_are_back(host):
    assert oct(host.file("/var/vmail").mode) == oct(0o750)
    assert host.file("/etc/ssl/postfix_manager/mail.key").mode & 0o007 == 0


def test_old_tls_is_off_again(host, server):
    assert "ssl_min_protocol = TLSv1.2" in host.file("/etc/dovecot/dovecot.conf").content_string
    with server.imap(*ALICE) as session:
        assert session.sock.version() in {"TLSv1.2", "TLSv1.3"}
    assert server.tls().verify_mode == ssl.CERT_REQUIRED


def test_the_alias_is_back(host):
    assert host.check_output("postalias -q root /etc/aliases") == "alice@example.test"
