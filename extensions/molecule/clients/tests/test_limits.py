# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much one client may ask of the server. The machine that runs the tests is a client by itself here."""

from __future__ import annotations

import contextlib
import smtplib

import pytest
from clients import message, new_subject

ALICE = ("alice@example.test", "alice-test-password")
BOB = ("bob@example.test", "bob-test-password")


def test_more_connections_than_allowed_are_turned_away(server):
    with contextlib.ExitStack() as stack:
        for _allowed in range(20):
            stack.enter_context(server.smtp())
        with pytest.raises(smtplib.SMTPConnectError, match="421"):
            stack.enter_context(server.smtp())
    with server.smtp() as session:
        assert session.noop()[0] == 250


def test_logins_are_limited_and_clients_are_apart(server, host):
    refused = None
    for _login in range(61):
        with server.encrypted(465) as session:
            try:
                session.login(*ALICE)
            except smtplib.SMTPResponseException as error:
                refused = error
                break
    assert refused is not None, "61 logins in a row were taken"
    assert (refused.smtp_code, b"too many AUTH" in refused.smtp_error) == (450, True)
    # Port 25 is as open as before to the same client, and every port to another.
    subject = new_subject()
    with server.smtp() as session:
        session.sendmail("x@example.net", [BOB[0]], message("x@example.net", BOB[0], subject))
    assert server.wait_for(*BOB, subject)


def test_message_over_the_limit_is_refused(server):
    large = message("x@example.net", BOB[0], new_subject(), ("x" * 70 + "\n") * 15_000)
    with server.smtp() as session:
        session.mail("x@example.net")
        session.rcpt(BOB[0])
        code, words = session.data(large)
    assert code == 552, words
