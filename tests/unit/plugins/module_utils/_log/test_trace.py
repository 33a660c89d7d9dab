# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.privacy import Privacy
from ansible_collections.postfix_manager.mail.plugins.module_utils._log import trace

LOG = (Path(__file__).parent / "golden/two_hosts.txt").read_bytes()
MESSAGE_ID = "<20261125093857.1@out.test>"


def read():
    return [LOG]


def traced(clock, privacy, **wanted):
    return trace.events(trace.traced(read, {name: [value] for name, value in wanted.items()}), clock, privacy)


@pytest.mark.parametrize(
    "wanted",
    [
        {"message_id": MESSAGE_ID},
        {"message_id": MESSAGE_ID.strip("<>")},
        {"queue_id": "4jZF4K5gKh"},
        {"queue_id": "4jZF4K56HM"},
    ],
)
def test_a_message_is_traced_from_connect_to_mailbox_across_hosts(clock, wanted):
    found = traced(clock, Privacy(), **wanted)
    assert found["queue_ids"] == ["4jZF4K56HM", "4jZF4K5gKh"]
    assert MESSAGE_ID in found["message_ids"]
    told = [(event["host"], event["program"].partition("[")[0].partition("(")[0]) for event in found["events"]]
    assert told == [
        ("relay", "postfix/smtpd"),
        ("relay", "postfix/smtpd"),
        ("relay", "postfix/cleanup"),
        ("relay", "postfix/qmgr"),
        ("relay", "postfix/smtpd"),
        ("store", "postfix/smtpd"),
        ("store", "postfix/smtpd"),
        ("store", "opendkim"),
        ("store", "postfix/cleanup"),
        ("store", "postfix/qmgr"),
        ("relay", "postfix/smtp"),
        ("relay", "postfix/qmgr"),
        ("store", "dovecot"),
        ("store", "postfix/lmtp"),
        ("store", "postfix/qmgr"),
    ]
    assert "connect from" in found["events"][0]["text"]
    assert not found["cut"]


def test_other_messages_of_the_same_process_stay_out(clock):
    found = traced(clock, Privacy(), message_id=MESSAGE_ID)
    assert not [event for event in found["events"] if "other" in event["text"]]


def test_an_address_brings_its_messages_and_refusals(clock):
    found = traced(clock, Privacy(), address="other@example.test")
    assert any("NOQUEUE: reject" in event["text"] for event in found["events"])


def test_addresses_are_hidden_on_request(clock):
    found = traced(clock, Privacy("dropped"), message_id=MESSAGE_ID)
    assert "alice" not in str(found)


def test_nothing_found_is_an_empty_trace(clock):
    found = traced(clock, Privacy(), queue_id="4jZFNONE1")
    assert found["events"] == []
