# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is behind whom, by contextCSN."""

from __future__ import annotations

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.health import states


def csn(second, number="001"):
    return f"202611251010{second:02d}.250000Z#000000#{number}#000000"


def test_the_newest_of_each_number_counts():
    found = states.states([csn(1), csn(3), csn(2, "00a"), "nonsense"])
    assert found == {"001": csn(3), "00a": csn(2, "00a")}


def test_equal_servers_are_not_behind():
    known = {"001": csn(1)}
    servers = {"a": known, "b": known}
    assert states.behind(servers, states.newest(servers)) == []


def test_who_lacks_changes_is_named_the_worst_first():
    servers = {
        "a": {"001": csn(50), "002": csn(9, "002")},
        "b": {"001": csn(5), "002": csn(10, "002")},
        "c": {"001": csn(50)},
    }
    found = states.behind(servers, states.newest(servers))
    assert [str(item) for item in found] == [
        "c has nothing of what server id 2 changed, which b has",
        "b is 45 s behind a",
        "a is 1 s behind b",
    ]
    assert [item.server for item in states.worst(found)] == ["c", "b", "a"]


def test_who_came_as_far_as_others_were_before_is_not_behind():
    goal = states.newest({"a": {"001": csn(5)}})
    assert states.behind({"a": {"001": csn(59)}, "b": {"001": csn(6)}}, goal) == []


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "less than a second"), (45, "45 s"), (119, "119 s"), (150, "2 min"), (7200, "2 hours"), (200000, "2 days")],
)
def test_times_are_said_as_people_do(seconds, said):
    assert states.amount(seconds) == said
