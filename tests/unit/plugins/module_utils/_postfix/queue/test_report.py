# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report says of some messages."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.privacy import Privacy
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.messages import Message, Recipient
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.report import (
    BUCKETS,
    NAMES,
    Look,
    Report,
    amount,
    duration,
)

NOW = 1_800_000_000
TIMED_OUT = "connect to mx.example.org[192.0.2.1]:25: Connection timed out"


def to(*addresses, queue="deferred", age=60, reason="", sender="me@example.test", size=100):
    return Message(queue, "ABCDEF", NOW - age, size, sender, [Recipient(one, reason) for one in addresses])


SHOWN = Privacy()


def result(*messages, top=10, since=None, show=SHOWN):
    report = Report(NOW, since)
    for message in messages:
        report.add(message)
    return report.result(top, show)


def test_an_empty_queue():
    said = result()
    assert (said["total"], said["ages"], said["bottlenecks"], said["rates"]) == (0, [], [], None)
    assert said["summary"] == ["the queue is empty"]
    assert said["queues"]["hold"] == {"messages": 0, "size": 0, "recipients": 0, "oldest": 0}


def test_totals():
    said = result(to("a@x.test", "b@x.test", size=70), to("c@x.test", queue="hold", age=90, size=30))
    assert (said["total"], said["size"], said["largest"]) == (2, 100, 70)
    assert said["queues"]["deferred"] == {"messages": 1, "size": 70, "recipients": 2, "oldest": 60}
    assert said["queues"]["hold"] == {"messages": 1, "size": 30, "recipients": 1, "oldest": 90}


@pytest.mark.parametrize(
    ("age", "bucket"), [(0, "5"), (300, "5"), (301, "10"), (76800, "1280"), (76801, "1280+"), (-9, "5")]
)
def test_the_bucket_of_an_age(age, bucket):
    (row,) = result(to("a@x.test", age=age))["ages"]
    assert row["minutes"] == {**dict.fromkeys(NAMES, 0), bucket: 1}
    assert len(NAMES) == len(BUCKETS) + 1


def test_a_message_counts_once_for_each_destination():
    said = result(to("a@x.test", "b@X.test", "c@y.test"), to("d@y.test"))
    assert [(row["domain"], row["total"]) for row in said["ages"]] == [("y.test", 2), ("x.test", 1)]
    assert said["top_domains"] == [{"name": "y.test", "messages": 2}, {"name": "x.test", "messages": 1}]
    assert said["top_recipients"][0] == {"name": "a@x.test", "messages": 1}


def test_bottlenecks_in_words():
    said = result(
        *[to("a@example.org", reason=TIMED_OUT, age=7200 + number) for number in range(1200)],
        to("a@example.org", "b@example.org", reason=TIMED_OUT, age=3 * 3600 + 5),
        to("root", reason="something odd", age=61),
        to("x@y.test", queue="hold", age=2 * 86400),
        Message("corrupt", "ABCDEF", NOW - 5, 1),
        to("x@y.test", queue="incoming", age=301),
    )
    assert said["summary"] == [
        "1,205 messages, 1,202 deferred",
        "deferred to example.org: connection timed out, 1,201 messages, oldest 3 h",
        "deferred to this host: something odd, 1 message, oldest 1 min",
        "on hold: 1 message, oldest 2 d",
        "corrupt: 1 message, oldest 5 s",
        "waiting for the queue manager: 1 message, oldest 5 min",
    ]
    assert said["bottlenecks"][0] == {
        "domain": "example.org",
        "reason": "connection timed out",
        "status": "4.4.1",
        "messages": 1201,
        "oldest": 10805,
    }
    assert said["top_reasons"][0] == {"reason": "connection timed out", "status": "4.4.1", "messages": 1201}
    assert {"reason": "not tried yet", "status": "", "messages": 3} in said["top_reasons"]


def test_mail_that_has_just_come_in_is_no_bottleneck():
    assert result(to("x@y.test", queue="incoming", age=300))["summary"] == ["1 message, 0 deferred"]


def test_only_the_top_is_named():
    said = result(*[to(f"a{number}@x{number}.test", reason=f"odd {'x' * number}") for number in range(9)], top=2)
    assert [len(said[name]) for name in ("ages", "top_senders", "top_recipients", "top_domains", "top_reasons")] == [
        2,
        1,
        2,
        2,
        2,
    ]
    assert len(said["bottlenecks"]) == 2


def test_names_are_hidden_and_counts_of_the_same_words_added():
    said = result(to("a@x.test", sender="u1@e.test"), to("b@x.test", sender="MAILER-DAEMON"), show=Privacy("dropped"))
    assert said["top_recipients"] == [{"name": "(dropped)@x.test", "messages": 2}]
    assert {row["name"] for row in said["top_senders"]} == {"(dropped)@e.test", "MAILER-DAEMON"}


def test_rates():
    first = Report(NOW - 120)
    for age in (500, 400, 300, 119):
        first.add(to("a@x.test", age=age))
    # The last one came while the list was printed: it counts as arrived after that look.
    look = first.look("all")
    assert look == Look(NOW - 120, 3, "all")
    assert result(to("a@x.test", age=500), to("a@x.test", age=119), to("a@x.test", age=-1), since=look)["rates"] == {
        "seconds": 120,
        "arrived": 1,
        "left": 2,
        "arrived_per_minute": 0.5,
        "left_per_minute": 1.0,
        "growth": -1,
    }


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (59, "59 s"), (60, "1 min"), (7199, "1 h"), (86400, "1 d"), (10**6, "11 d")]
)
def test_a_time_in_words(seconds, text):
    assert duration(seconds) == text


def test_an_amount_in_words():
    assert (amount(0), amount(1), amount(8210)) == ("0 messages", "1 message", "8,210 messages")
