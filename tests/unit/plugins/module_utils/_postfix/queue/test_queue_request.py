# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of mail_queue together."""

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import InputError
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.actions import ACTIONS
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.messages import QUEUES, Message
from ansible_collections.postfix_manager.mail.plugins.module_utils._postfix.queue.request import read_request

GOOD = {
    "state": "deleted",
    "all": False,
    "filter": {"queue": "hold"},
    "max_affected": 10,
    "list_limit": 5,
    "recipient_limit": 5,
    "archive": "/var/backups/queue",
    "addresses": "shown",
}


def test_good_options():
    request = read_request(GOOD)
    assert (request.action, request.everything, request.archive) == (ACTIONS["deleted"], False, "/var/backups/queue")
    assert read_request({**GOOD, "filter": None, "all": True}).filter.constant is True


@pytest.mark.parametrize(
    ("spoilt", "options"),
    [
        ({"filter": None}, ["filter"]),
        ({"filter": {}}, ["filter"]),
        ({"filter": {"sender": "*"}}, ["filter"]),
        ({"all": True}, ["all"]),
        ({"max_affected": -1}, ["max_affected"]),
        ({"list_limit": -1, "recipient_limit": 100_001}, ["list_limit", "recipient_limit"]),
        ({"state": "held"}, ["archive"]),
        ({"filter": {"age": -1}, "max_affected": -1, "state": "held"}, ["filter.age", "max_affected", "archive"]),
    ],
)
def test_all_problems_at_once(spoilt, options):
    with pytest.raises(InputError) as refused:
        read_request({**GOOD, **spoilt})
    assert [problem.option for problem in refused.value.problems] == options


@pytest.mark.parametrize(
    ("state", "queues"),
    [
        ("held", {"incoming", "active", "deferred"}),
        ("released", {"hold"}),
        ("requeued", {"incoming", "active", "deferred"}),
        ("deleted", set(QUEUES)),
        ("flushed", {"deferred"}),
        ("expired", {"incoming", "active", "deferred", "hold"}),
    ],
)
def test_which_queues_a_state_touches(state, queues):
    assert {queue for queue in QUEUES if ACTIONS[state].concerns(Message(queue, "ABCDEF", 0, 0))} == queues


def test_what_is_expired_is_not_expired_again():
    message = Message("deferred", "ABCDEF", 0, 0, expired=True)
    assert [state for state, action in ACTIONS.items() if action.concerns(message)] == [
        "held",
        "requeued",
        "deleted",
        "flushed",
    ]
