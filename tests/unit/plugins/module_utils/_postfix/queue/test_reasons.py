# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the words of Postfix and of other servers come down to."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.reasons import LONGEST, cause


@pytest.mark.parametrize(
    ("reason", "text", "status"),
    [
        ("", "not tried yet", ""),
        ("connect to mx.example.org[192.0.2.1]:25: Connection timed out", "connection timed out", "4.4.1"),
        ("connect to mx.example.org[192.0.2.1]:25: Connection refused", "connection refused", "4.4.1"),
        (
            "delivery temporarily suspended: connect to mx[192.0.2.1]:25: Network is unreachable",
            "no route to host",
            "4.4.1",
        ),
        ("lost connection with mx[192.0.2.1] while sending RCPT TO", "lost connection", "4.4.2"),
        ("conversation with mx[192.0.2.1] timed out while receiving the greeting", "conversation timed out", "4.4.2"),
        (
            "Host or domain name not found. Name service error for name=x.test type=MX: Host not found, try again",
            "name not found",
            "4.4.3",
        ),
        ("TLS is required, but was not offered by host mx[192.0.2.1]", "TLS is not available", "4.7.4"),
        ("Server certificate not trusted", "certificate not trusted", "4.7.5"),
        ("deferred transport", "deferred by defer_transports", "4.3.2"),
        ("mail transport unavailable", "transport unavailable", "4.3.0"),
        ("alias database lookup error", "lookup failed", "4.3.0"),
        (
            "host mx[192.0.2.1] said: 450 4.2.0 <a@x.test>: Recipient address rejected: Greylisted for 300 seconds"
            " (in reply to RCPT TO command)",
            "greylisted",
            "4.2.0",
        ),
        (
            "host mx[192.0.2.1] said: 452 4.2.2 <a@x.test> Mailbox 12345678 is over (in reply to end of DATA command)",
            "refused with 452 4.2.2: Mailbox is over",
            "4.2.2",
        ),
        (
            "host mx[192.0.2.1] said: 421 Too many connections from 192.0.2.9",
            "refused with 421 4.0.0: Too many connections from",
            "4.0.0",
        ),
        ("host mx[192.0.2.1] said: 550-5.7.1 no 5.7.1 thanks", "refused with 550 5.7.1: no thanks", "5.7.1"),
        ("something of its own about <a@x.test>", "something of its own about", "4.0.0"),
    ],
)
def test_a_reason(reason, text, status):
    assert cause(reason) == (text, status)


def test_the_same_words_to_different_people_are_one_cause():
    one, two = (
        cause(
            f"host mx[192.0.2.{n}] said: 451 4.7.1 <u{n}@x.test>: come back in {n} s, id {n}AB{n}CD (in reply to MAIL)"
        )
        for n in (11, 222)
    )
    assert one == two


def test_an_address_with_numbers_is_no_status():
    assert cause("connect to x[4.7.1.2]:25: strange").status == "4.0.0"


def test_a_long_one_is_cut():
    assert len(cause("word " * 100).text) == LONGEST + 3
