# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a dialogue makes of the lines that servers send, through a pair of sockets."""

from __future__ import annotations

import socket
import time

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.dialogue import (
    Dialogue,
    cut,
    plain_credentials,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.hops import Reply
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.target import Target


@pytest.fixture
def heard():
    """A function from what a server says to the dialogue that hears it; the server hangs up afterwards."""
    talks = []

    def hear(words):
        ours, theirs = socket.socketpair()
        theirs.sendall(words)
        theirs.close()
        talks.append(Dialogue(Target("127.0.0.1", None, time.monotonic() + 5), ours))
        return talks[-1]

    yield hear
    for talk in talks:
        talk.close()


def test_imap_answer_with_what_comes_before(heard):
    talk = heard(b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\na OK Pre-login capabilities listed.\r\n")
    assert talk.imap_answer("a") == (
        ["CAPABILITY IMAP4rev1 LOGINDISABLED"],
        Reply("OK", "Pre-login capabilities listed."),
    )


def test_imap_answer_that_asks_for_more(heard):
    assert heard(b"+ \r\n").imap_answer("a") == ([], Reply("+", ""))


def test_capabilities_in_an_imap_login_are_left_out(heard):
    talk = heard(b"a OK [CAPABILITY IMAP4rev1 IDLE] Logged in\r\n")
    assert talk.imap_answer("a")[1] == Reply("OK", "Logged in")


def test_sieve_answer(heard):
    talk = heard(b'"SASL" "PLAIN"\r\n"STARTTLS"\r\nOK "Dovecot ready."\r\nNO "Authentication failed."\r\n')
    assert talk.sieve_answer() == Reply("OK", "Dovecot ready.")
    assert talk.sieve_answer() == Reply("NO", "Authentication failed.")


def test_a_closed_connection_is_an_error(heard):
    with pytest.raises(ConnectionError, match="closed"):
        heard(b"").line()


def test_an_endless_line_is_cut(heard):
    assert len(heard(b"x" * 20000).line()) == 8192


def test_bytes_that_are_no_text_do_not_stop_us(heard):
    assert heard(b"\xff\xfe\r\n").line() == "\ufffd\ufffd"


def test_credentials_are_those_of_rfc_4616():
    assert plain_credentials("tim", "tanstaaftanstaaf") == "AHRpbQB0YW5zdGFhZnRhbnN0YWFm"


@pytest.mark.parametrize(("line", "parts"), [("OK done now", ("OK", "done now")), ("OK", ("OK", "")), ("", ("", ""))])
def test_cut(line, parts):
    assert cut(line) == parts
