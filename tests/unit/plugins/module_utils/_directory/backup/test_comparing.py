# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a backup of entries would bring back, change and take away, and what it would lose."""

from __future__ import annotations

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._directory.backup import comparing

SUFFIX = "dc=example,dc=org"
OLD, MIDDLE, LATE = (f"2026112{day}101010.000000Z#000000#001#000000" for day in (1, 2, 3))


def entry(name, csn=OLD, more=""):
    return f"dn: cn={name},{SUFFIX}\nobjectClass: device\nentryCSN: {csn}\n{more}"


def database(*entries, state=MIDDLE):
    return comparing.content("\n\n".join([f"dn: {SUFFIX}\nobjectClass: domain\ncontextCSN: {state}\n", *entries]))


def test_what_comes_back_changes_and_goes():
    present = database(entry("same"), entry("other", more="description: a\n"), entry("gone"))
    kept = database(entry("same"), entry("other", more="description: b\n"), entry("back"))
    found = comparing.difference(SUFFIX, present, kept)
    assert found.added == [f"cn=back,{SUFFIX}"]
    assert found.changed == [f"cn=other,{SUFFIX}"]
    assert found.removed == [f"cn=gone,{SUFFIX}"]
    assert list(found.newer) == []
    assert str(found) == f"{SUFFIX}: 1 entry added, 1 entry with other values, 1 entry removed"


def test_newer_entries_are_named_the_newest_first():
    present = database(entry("new", LATE), entry("newer", LATE.replace("101010", "101011")), entry("known", OLD))
    found = comparing.difference(SUFFIX, present, database())
    assert list(found.newer) == [
        f"cn=newer,{SUFFIX} of 2026-11-23 10:10:11 UTC",
        f"cn=new,{SUFFIX} of 2026-11-23 10:10:10 UTC",
    ]


def test_a_deletion_leaves_its_time_alone():
    found = comparing.difference(SUFFIX, database(state=LATE), database(entry("deleted")))
    assert list(found.newer) == ["a change of 2026-11-23 10:10:10 UTC"]


def test_an_entry_of_a_server_that_the_backup_does_not_know_is_newer():
    present = database(entry("there", OLD.replace("#001#", "#007#")))
    assert comparing.difference(SUFFIX, present, database()).newer


def test_a_wrong_password_since_then_is_nothing_to_lose():
    present = database(entry("a", LATE, "modifyTimestamp: 20261123101010Z\npwdFailureTime: x\n"), state=LATE)
    assert not comparing.difference(SUFFIX, present, database(entry("a"))).newer


@pytest.mark.parametrize(
    "line", ["pwdFailureTime: 20261123000000Z\n", "pwdLastSuccess: 20261123000000Z\n", f"contextCSN: {LATE}\n"]
)
def test_what_the_server_counts_for_itself_is_no_difference(line):
    found = comparing.difference(SUFFIX, database(entry("a", more=line)), database(entry("a")))
    assert not found
    assert str(found) == f"{SUFFIX}: nothing differs"


def test_the_order_of_lines_is_no_difference():
    one = comparing.content("dn: cn=a\nb: 1\na: 2\n")
    other = comparing.content("dn: cn=a\na: 2\nb: 1\n")
    assert not comparing.difference("", one, other)


def test_a_later_state_with_equal_entries_is_nothing_to_lose():
    assert not comparing.difference(SUFFIX, database(state=LATE), database()).newer


def test_what_the_running_server_says_counts():
    content = comparing.content("dn: cn=a\n", [OLD, LATE])
    assert content.states == {"001": LATE}


def test_a_name_in_base64_is_read():
    assert list(comparing.content("dn:: Y249w6Q=\ncn: x\n").records) == ["cn=\u00e4"]


def test_a_long_list_is_cut():
    assert comparing.listed(["a", "b", "c"], 2) == "a\nb\nand 1 more\n"
