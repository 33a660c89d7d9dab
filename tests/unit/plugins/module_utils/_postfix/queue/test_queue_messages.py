# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of postqueue(1) and envelopes of postcat(1), as data."""

import json

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.privacy import Privacy
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue import messages
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.messages import (
    Envelope,
    Message,
    Recipient,
)

LINE = {
    "queue_name": "deferred",
    "queue_id": "EDAF61FF213",
    "arrival_time": 1795599706,
    "message_size": 2342,
    "forced_expire": False,
    "sender": "me@example.test",
    "recipients": [{"address": "you@Dead.example", "delay_reason": "no"}, {"address": "they@example.net"}],
}
MESSAGE = Message(
    "deferred",
    "EDAF61FF213",
    1795599706,
    2342,
    "me@example.test",
    [Recipient("you@Dead.example", "no"), Recipient("they@example.net", "")],
)
PRINTED = """*** ENVELOPE RECORDS deferred/E/EDAF61FF213 ***
message_size:            2342             695               1               0            2342               0
named_attribute: rewrite_context=local
sender: me@example.test
named_attribute: log_client_name=mail.example.net
named_attribute: log_client_address=192.0.2.1
named_attribute: client_name=localhost
named_attribute: client_address=127.0.0.1
named_attribute: sasl_username=me=too@example.test
recipient: you@dead.example
*** HEADER EXTRACTED deferred/E/EDAF61FF213 ***
*** ENVELOPE RECORDS hold/4Zx1Lq0fYyz12ab ***
named_attribute: client_name=unknown
named_attribute: client_address=unknown
"""


def test_a_line():
    assert messages.parse(json.dumps(LINE)) == MESSAGE


def test_a_line_of_a_release_that_does_not_know_expiry():
    line = {key: value for key, value in LINE.items() if key != "forced_expire"}
    assert messages.parse(json.dumps(line)) == MESSAGE
    assert messages.parse(json.dumps({**line, "forced_expire": True})).expired is True


def test_a_line_of_a_release_that_says_more():
    before, after = LINE["recipients"]
    recipients = [{"orig_address": "", **before}, {**after, "orig_address": "x", "delay_reason": None}]
    assert messages.parse(json.dumps({**LINE, "recipients": recipients})) == MESSAGE


def test_where_messages_came_from():
    assert messages.envelopes(PRINTED) == {
        "EDAF61FF213": Envelope("mail.example.net", "192.0.2.1", "me=too@example.test"),
        "4Zx1Lq0fYyz12ab": Envelope("unknown", "", ""),
    }


@pytest.mark.parametrize(
    ("address", "domain"), [("a@B.test", "b.test"), ('"a@b"@c.test', "c.test"), ("root", ""), ("", "")]
)
def test_the_domain_of_an_address(address, domain):
    assert messages.domain_of(address) == domain


def test_as_a_return_value_it_is_bounded_and_private():
    said = messages.shown(MESSAGE, MESSAGE.arrival + 90.7, 1, Privacy("dropped"))
    assert said["recipients"] == [{"address": "(dropped)@dead.example", "reason": "no"}]
    assert (said["sender"], said["recipient_count"], said["age"]) == ("(dropped)@example.test", 2, 90)
    assert messages.shown(MESSAGE, 0, 9, Privacy())["age"] == 0


def test_the_sender_of_a_bounce_is_nobody():
    bounce = MESSAGE._replace(sender="MAILER-DAEMON", recipients=())
    assert messages.shown(bounce, 0, 1, Privacy("dropped"))["sender"] == "MAILER-DAEMON"
    assert messages.headline(bounce, Privacy("dropped")) == "deferred EDAF61FF213 MAILER-DAEMON -> nobody"


def test_a_line_of_a_diff():
    line = messages.headline(MESSAGE._replace(expired=True), Privacy(), "hold")
    assert line == "hold EDAF61FF213 me@example.test -> you@Dead.example and 1 more (expired)"
