# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._log.journal import cursor_of, line_of

ENTRY = {
    "__CURSOR": "s=1;i=2",
    "__REALTIME_TIMESTAMP": "1795599535123456",
    "_HOSTNAME": "mx",
    "SYSLOG_IDENTIFIER": "postfix/smtpd",
    "SYSLOG_PID": "4935",
    "MESSAGE": "connect from client.example.org[192.0.2.7]",
}


def line(**changes):
    return line_of(json.dumps({**ENTRY, **changes}).encode())


def test_an_entry_is_a_line_of_a_log():
    assert line() == (
        b"2026-11-25T09:38:55.123456+00:00 mx postfix/smtpd[4935]: connect from client.example.org[192.0.2.7]\n"
    )


@pytest.mark.parametrize(
    ("changes", "end"),
    [
        ({"MESSAGE": [0x62, 0xFC, 0x20]}, b": b\xfc \n"),
        ({"MESSAGE": "two\nlines"}, b": two lines\n"),
        ({"SYSLOG_PID": None, "_PID": "7"}, b"postfix/smtpd[7]: connect from client.example.org[192.0.2.7]\n"),
        ({"SYSLOG_PID": None}, b"postfix/smtpd: connect from client.example.org[192.0.2.7]\n"),
        ({"SYSLOG_IDENTIFIER": ["dovecot", "x"]}, b"dovecot[4935]: connect from client.example.org[192.0.2.7]\n"),
    ],
)
def test_odd_fields_are_taken(changes, end):
    assert line(**changes).endswith(end)


@pytest.mark.parametrize("entry", [b"", b"{", b"[]", b"{}", b'{"__REALTIME_TIMESTAMP": "x"}'])
def test_what_is_no_entry_stays_as_it_is(entry):
    assert line_of(entry) == entry + b"\n"
    assert cursor_of(entry) is None


def test_the_place_of_an_entry_is_known():
    assert cursor_of(json.dumps(ENTRY).encode()) == "s=1;i=2"
