# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import errno
import imaplib
import poplib
import smtplib
import socket
import ssl

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.advice import explain
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.settings import Service

IMAPS = Service("imaps", 993, "Dovecot", wrapped=True)


def unverified(code, message):
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code, error.verify_message = code, message
    return error


@pytest.mark.parametrize(
    ("error", "said", "cure"),
    [
        (unverified(10, "certificate has expired"), "certificate has expired", "renew"),
        (unverified(18, "self-signed certificate"), "self-signed certificate", "ca_path"),
        (unverified(62, "Hostname mismatch"), "Hostname mismatch", "server_name"),
        (unverified(99, "odd"), "odd", "certificate that this host can verify"),
        (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong"), "TLS failed", "TLS 1.2"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"), "connection refused", "is Dovecot running"),
        (socket.timeout("timed out"), "no answer in time", "firewall"),
        (TimeoutError(errno.ETIMEDOUT, "Connection timed out"), "no answer in time", "Dovecot"),
        (socket.gaierror(-2, "Name or service not known"), "does not resolve", "host"),
        (smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), "closed by the server", "SASL"),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), "Network is unreachable", "reachable"),
        (ConnectionError("connection closed by the server"), "connection closed by the server", "running"),
        (imaplib.IMAP4.error(b"[ALERT] go away"), "[ALERT] go away", "log of Dovecot"),
        (imaplib.IMAP4.abort("socket error: EOF"), "socket error: EOF", "log of Dovecot"),
        (poplib.error_proto(b"-ERR [AUTH] no"), "-ERR [AUTH] no", "log of Dovecot"),
        (imaplib.IMAP4.error(), "error", "log of Dovecot"),
    ],
)
def test_words_and_cure(error, said, cure):
    words, advice = explain(error, IMAPS)
    assert said.lower() in words.lower()
    assert cure in advice


def test_the_reason_that_smtplib_hides():
    try:
        try:
            raise socket.timeout("timed out")
        except OSError as error:
            raise smtplib.SMTPServerDisconnected(f"Connection unexpectedly closed: {error}") from error
    except smtplib.SMTPServerDisconnected as error:
        assert explain(error, IMAPS)[0] == "no answer in time"
