# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._probe.message import (
    LEFTOVER_SECONDS,
    compose,
    difference,
    is_leftover,
)

GOLDEN = Path(__file__).parent / "golden" / "message.eml"
NOW = 1_780_000_000.25
SENT = compose("probe@example.test", "inbox@example.org", "0123456789abcdef", NOW)


def test_the_message_is_as_the_golden_file():
    # Git keeps the golden file with line feeds; mail has CRLF.
    assert GOLDEN.read_bytes().replace(b"\n", b"\r\n") == SENT


def test_headers_added_on_the_way_and_other_line_ends_make_no_difference():
    came_back = b"Return-Path: <probe@example.test>\nReceived: from a by b\n" + SENT.replace(b"\r\n", b"\n")
    assert difference(SENT, came_back) is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"This message proves", b"This massage proves", "body"),
        (b"X-Postfix-Manager-Probe: 0123", b"X-Postfix-Manager-Probe: 9123", "X-Postfix-Manager-Probe"),
        (b"Subject: Mail", b"Subject: [SPAM] Mail", "Subject"),
        (b"Message-ID: <postfix", b"Message-ID: <other", "Message-ID"),
    ],
)
def test_a_change_is_named(old, new, said):
    assert said in (difference(SENT, SENT.replace(old, new)) or "")


def test_an_appended_footer_is_a_change():
    assert "SHA-256" in (difference(SENT, SENT + b"-- \r\nChecked by somebody\r\n") or "")


def test_an_empty_answer_is_a_change():
    assert difference(SENT, b"") is not None


@pytest.mark.parametrize(
    ("age", "left"), [(0, False), (LEFTOVER_SECONDS - 1, False), (LEFTOVER_SECONDS + 1, True), (9_000_000, True)]
)
def test_a_message_is_left_over_when_it_is_old(age, left):
    assert is_leftover(SENT, NOW + age) is left


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"\r\n",
        b"X-Postfix-Manager-Probe: what somebody else wrote\r\n",
        b"X-Postfix-Manager-Probe: abc; time=\r\n",
        b"X-Postfix-Manager-Probe: abc; time=99999999999999999999\r\n",
        b"Subject: X-Postfix-Manager-Probe: abc; time=1\r\n",
    ],
)
def test_what_is_not_ours_is_never_left_over(header):
    assert not is_leftover(header, NOW)
