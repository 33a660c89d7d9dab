# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one server takes, the other one has, whichever it was, also when one was away."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("turn", [0, 1])
def test_each_takes_what_the_other_is_told(servers, wait, turn):
    first, second = servers if turn == 0 else reversed(servers)
    first.add("alice")
    print(f"there after {wait(lambda: second.people() == ['alice']):.1f} s")
    second.delete("alice")
    print(f"gone after {wait(lambda: first.people() == []):.1f} s")


@pytest.mark.parametrize("turn", [0, 1])
def test_who_was_away_catches_up(servers, wait, turn):
    first, second = servers if turn == 0 else reversed(servers)
    second.host.check_output("systemctl stop slapd")
    first.add("bob")
    second.host.check_output("systemctl start slapd")
    wait(lambda: second.people() == ["bob"])
    second.delete("bob")
    wait(lambda: first.people() == [])


def test_both_hold_the_same(servers, wait):
    one, other = servers
    wait(lambda: one.everything() == other.everything())
    assert len(one.everything()) > 10


def test_the_password_of_replication_is_shown_to_nobody(servers):
    for server in servers:
        assert "replication test" not in server.host.check_output("ps axww; journalctl")
