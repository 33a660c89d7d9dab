# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a filter selects, and everything that is wrong with one."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.filters import (
    BATCH,
    read_filter,
    select,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.messages import (
    QUEUES,
    Envelope,
    Message,
    Recipient,
)

NOW = 1_800_000_000
OLD = Message(
    "deferred",
    "3F1A2B4C5D",
    NOW - 7200,
    50_000,
    "Alice@Example.test",
    [
        Recipient("bob@dead.example", "connect to mx[192.0.2.1]:25: Connection timed out"),
        Recipient("carol@other.example", "host x said: 450 4.7.1 <carol@other.example>: Greylisted"),
    ],
)
NEW = Message("active", "4Zx1Lq0fYyz12ab", NOW - 30, 900, "MAILER-DAEMON", [Recipient("dave+x@sub.example.test")])
DAMAGED = Message("corrupt", "0A1B2C3D4E", NOW - 90, 10)
ALL = (OLD, NEW, DAMAGED)
ENVELOPES = {
    OLD.queue_id: Envelope("client.example.net", "192.0.2.7", "alice"),
    NEW.queue_id: Envelope("localhost", "127.0.0.1", ""),
}


def ids(data, messages=ALL):
    wanted, problems = read_filter(data)
    assert problems == []
    chosen = list(
        select(messages, wanted, NOW, lambda asked: {one: ENVELOPES[one] for one in asked if one in ENVELOPES})
    )
    return [message for message in messages if message in chosen]


@pytest.mark.parametrize(
    ("data", "chosen"),
    [
        ({"queue": "deferred"}, [OLD]),
        ({"queue": ["active", "corrupt"]}, [NEW, DAMAGED]),
        ({"queue_id": ["4Zx1Lq0fYyz12ab", "ABCDEF012345"]}, [NEW]),
        ({"queue_id": "4ZX1LQ0FYYZ12AB"}, []),
        ({"sender": "alice@example.test"}, [OLD]),
        ({"sender": "example.test"}, []),
        ({"sender": "*@example.???t"}, [OLD]),
        ({"sender": "<>"}, [NEW]),
        ({"sender": "/^ALICE@/"}, [OLD]),
        ({"sender": ["/^nobody@/", "<>"]}, [NEW]),
        ({"recipient": "carol@other.example"}, [OLD]),
        ({"recipient": "dave+x@*"}, [NEW]),
        ({"recipient": "dave?x@*"}, [NEW]),
        ({"sender_domain": "EXAMPLE.test"}, [OLD]),
        ({"recipient_domain": "example.test"}, []),
        ({"recipient_domain": ["*.example.test", "dead.example"]}, [OLD, NEW]),
        ({"reason": "connection timed out"}, [OLD]),
        ({"reason": "/timed out$/"}, [OLD]),
        ({"reason": "connect*out"}, [OLD]),
        ({"reason": "4.7.x"}, [OLD]),
        ({"reason": "4.4.1"}, [OLD]),
        ({"reason": ["4.7.10", "5.x.x"]}, []),
        ({"age": "2h"}, [OLD]),
        ({"age": {"min": 60}}, [OLD, DAMAGED]),
        ({"age": {"max": "0.5m"}}, [NEW]),
        ({"size": "1k"}, [OLD]),
        ({"size": {"min": 500, "max": "1K"}}, [NEW]),
        ({"recipients": 2}, [OLD]),
        ({"recipients": {"max": 0}}, [DAMAGED]),
        ({"client": "*.example.net"}, [OLD]),
        ({"client": "127.0.0.1"}, [NEW]),
        ({"sasl_user": "Alice"}, [OLD]),
        ({"not": {"sasl_user": "alice"}}, [NEW]),
        ({"any": [{"sasl_user": "alice"}, {"queue": "active"}]}, [OLD, NEW]),
        ({"all": [{"client": "*"}, {"queue": "active"}]}, [NEW]),
        ({"queue": "deferred", "age": {"max": "1h"}}, []),
        ({"any": [{"queue": "corrupt"}, {"all": [{"age": 10}, {"not": {"recipients": 2}}]}]}, [NEW, DAMAGED]),
        ({"not": {"any": [{"queue": "corrupt"}, {"queue": "active"}]}}, [OLD]),
        ({}, ALL),
    ],
)
def test_what_is_selected(data, chosen):
    assert ids(data) == list(chosen)


def test_brackets_of_an_address_mean_themselves():
    to_address = OLD._replace(recipients=[Recipient("root@[192.0.2.1]")])
    assert ids({"recipient": "*@[192.0.2.1]"}, [to_address]) == [to_address]
    assert ids({"recipient_domain": "[192.0.2.1]"}, [to_address]) == [to_address]


def test_files_are_read_for_what_the_rest_selects_alone():
    asked = []

    def read(names):
        asked.append(list(names))
        return {}

    wanted, _problems = read_filter({"sasl_user": "alice", "queue": "deferred"})
    many = [OLD._replace(queue_id=f"{number:06d}") for number in range(BATCH + 1)]
    assert list(select([NEW, *many], wanted, NOW, read)) == []
    assert [len(names) for names in asked] == [BATCH, 1]
    wanted, _problems = read_filter({"any": [{"sasl_user": "alice"}, {"queue": "deferred"}]})
    assert list(select([OLD], wanted, NOW, read)) == [OLD]
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("data", "constant"),
    [
        ({}, True),
        ({"sender": "*"}, True),
        ({"sender": ["x@y.z", "/.*/"]}, True),
        ({"sender": "/^/", "recipient": "**"}, True),
        ({"reason": "*"}, True),
        ({"queue": list(QUEUES)}, True),
        ({"age": 0, "size": "0", "recipients": 1}, True),
        ({"client": "/()/"}, True),
        ({"any": [{"queue": "hold"}, {"not": {"not": {"sender": "*"}}}]}, True),
        ({"all": [{"sender": "*"}, {"age": 0}]}, True),
        ({"not": {"sender": "*"}}, False),
        ({"queue": "hold", "not": {"recipient": "*"}}, False),
        ({"sender": "*@*"}, None),
        ({"sender": "/@/"}, None),
        ({"queue": list(QUEUES)[1:]}, None),
        ({"age": 1}, None),
        ({"age": {"max": "1d"}}, None),
        ({"not": {"sender": "x@y.z"}}, None),
        ({"any": [{"sender": "x@y.z"}, {"queue": "hold"}]}, None),
    ],
)
def test_whether_it_selects_everything(data, constant):
    wanted, problems = read_filter(data)
    assert (problems, wanted.constant) == ([], constant)


@pytest.mark.parametrize(
    ("data", "options"),
    [
        ([], ["filter"]),
        ({"colour": "red"}, ["filter.colour"]),
        ({1: "red"}, ["filter.1"]),
        ({"queue": "outgoing"}, ["filter.queue"]),
        ({"queue": []}, ["filter.queue"]),
        ({"sender": ["a@b", 5, ""]}, ["filter.sender[1]", "filter.sender[2]"]),
        ({"sender": None}, ["filter.sender"]),
        ({"sender": "/[/"}, ["filter.sender"]),
        ({"sender": "/"}, ["filter.sender"]),
        ({"sender": "/a"}, ["filter.sender"]),
        ({"sender": "/a{99999999999}/"}, ["filter.sender"]),
        ({"reason": "4.9.x"}, ["filter.reason"]),
        ({"reason": ["4.7", "2.0.0", "4.x.1", "7.7.7"]}, [f"filter.reason[{number}]" for number in range(4)]),
        ({"age": "-5m"}, ["filter.age"]),
        ({"age": -5}, ["filter.age"]),
        ({"age": "5 years"}, ["filter.age"]),
        ({"age": True}, ["filter.age"]),
        ({"age": {}}, ["filter.age"]),
        ({"age": {"min": "2h", "max": "1h"}}, ["filter.age"]),
        ({"age": {"least": "2h", "max": "x"}}, ["filter.age.least", "filter.age.max"]),
        ({"size": "5t"}, ["filter.size"]),
        ({"recipients": "2k"}, ["filter.recipients"]),
        ({"recipients": 1.5}, ["filter.recipients"]),
        (
            {"queue_id": ["abc", "../../../etc", 123456]},
            ["filter.queue_id[2]", "filter.queue_id[0]", "filter.queue_id[1]"],
        ),
        ({"all": True}, ["filter.all"]),
        ({"any": []}, ["filter.any"]),
        ({"not": [{"sender": "x"}]}, ["filter.not"]),
        (
            {"any": [{"all": [{"age": "-1"}]}, {"not": {"sender": "/(/"}}], "size": "big"},
            ["filter.any[0].all[0].age", "filter.any[1].not.sender", "filter.size"],
        ),
    ],
)
def test_all_that_is_wrong_is_said_with_its_place(data, options):
    _wanted, problems = read_filter(data)
    assert [problem.option for problem in problems] == options
    assert all(problem.message and problem.cure for problem in problems)


def test_a_filter_without_end():
    data: dict = {}
    data["not"] = data
    _wanted, problems = read_filter(data)
    assert len(problems) == 1
    assert "deeper" in problems[0].message
