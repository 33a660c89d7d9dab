# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one server takes, the other one has, whichever it was, also when one was away."""

from __future__ import annotations

import pytest

SUFFIX = "dc=example,dc=org"


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


GROUP = f"dn: cn=crew,ou=groups,{SUFFIX}"


@pytest.mark.parametrize("turn", [0, 1])
def test_people_are_in_the_same_groups_everywhere(servers, wait, turn):
    """Also when the group came first, and when a server learns of all of it later."""
    first, second = servers if turn == 0 else reversed(servers)
    people = [f"uid={uid},ou=people,{SUFFIX}" for uid in ("dora", "emil", "fred")]
    first.add("dora")
    members = "".join(f"member: {name}\n" for name in people[:2])
    first("ldapadd", stdin=f"{GROUP}\nobjectClass: groupOfNames\ncn: crew\n{members}")
    first.add("emil")
    wait(lambda: second.has("dora", "emil"))
    second.host.check_output("systemctl stop slapd")
    first.add("fred")
    first("ldapmodify", stdin=f"{GROUP}\nchangetype: modify\nadd: member\nmember: {people[2]}\n")
    first.delete("dora")
    second.host.check_output("systemctl start slapd")
    wait(lambda: second.people() == ["emil", "fred"])
    wait(lambda: first.member_of() == second.member_of())
    found = first.member_of()
    assert f"dn: {people[2]} memberOf: {GROUP[4:]}" in found
    assert not [line for line in found if "dora" in line], "refint takes who is gone out of the group"
    first("ldapdelete", GROUP[4:], *people[1:])
    wait(lambda: second.member_of() == [])


def test_both_hold_the_same(servers, wait):
    one, other = servers
    wait(lambda: one.everything() == other.everything())
    assert len(one.everything()) > 10


def test_the_password_of_replication_is_shown_to_nobody(servers):
    for server in servers:
        assert "replication test" not in server.host.check_output("ps axww; journalctl")
