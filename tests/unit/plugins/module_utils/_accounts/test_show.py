# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people see of changes."""

from pathlib import Path

import pytest
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts import show
from ansible_collections.postfix_manager.mail.plugins.module_utils._accounts.model import (
    Alias,
    Change,
    Changes,
    Domain,
    Effect,
    Mailbox,
)
from ansible_collections.postfix_manager.mail.plugins.module_utils._engine.errors import Problem

GOLDEN = Path(__file__).parent / "golden"
ALICE = "alice@example.org"
BOX = Mailbox(
    ALICE,
    "HASH-1",
    "Alice",
    "example.org/alice/",
    2**30,
    True,
    (ALICE, "b@x.y"),
    True,
    True,
    True,
    True,
    ("@a.example",),
)
DOMAIN = Domain("example.org", "The company", 5, 0, 1024, 0, True, "", (ALICE,))
TEAM = Alias("team@example.org", (ALICE, "b@x.y"), True)
NEW = Changes([Change("example.org", None, DOMAIN)], [Change(ALICE, None, BOX)], [Change(TEAM.address, None, TEAM)])
CHANGED = Changes(
    [Change("example.org", DOMAIN, DOMAIN._replace(quota=0, alias_of="a.example"))],
    [
        Change(ALICE, BOX, BOX._replace(password="HASH-2", quota=0, send=False, route=(ALICE,))),
        Change("b@x.y", BOX._replace(route=(), routed=False), BOX),
    ],
    [Change(TEAM.address, TEAM, TEAM._replace(destinations=(ALICE,), enabled=False))],
)
GONE = Changes(*([Change(change.key, change.after, None) for change in kind] for kind in NEW))


def text(changes):
    sides = {"before": show.Diff(changes, (), show.BEFORE), "after": show.Diff(changes, (), show.AFTER)}
    return "".join(f"--- {name} {kind}\n{side[kind]}" for name, side in sides.items() for kind in side)


@pytest.mark.parametrize(("name", "changes"), [("new", NEW), ("changed", CHANGED), ("gone", GONE)])
def test_the_diff_is_readable_and_holds_no_secret(name, changes):
    shown = text(changes)
    assert shown == (GOLDEN / f"diff_{name}.txt").read_text(encoding="utf-8")
    assert "HASH" not in shown


def test_kinds_without_changes_are_left_out():
    assert dict(show.Diff(Changes(aliases=NEW.aliases), (), show.BEFORE)) == {"aliases": ""}
    assert len(show.Diff(Changes(), (), show.AFTER)) == 0


def test_effects_on_files_have_a_line_each():
    effects = [Effect("create a", "/a", "absent", "present"), Effect("set mode of b", "/b", "0644", "0600")]
    assert dict(show.Diff(Changes(), effects, show.BEFORE)) == {"files": "/a: absent\n/b: 0644\n"}
    assert dict(show.Diff(Changes(), effects, show.AFTER)) == {"files": "/a: present\n/b: 0600\n"}


def test_the_summary_sorts_by_what_was_done():
    assert show.summary([*NEW.mailboxes, *CHANGED.mailboxes, *GONE.mailboxes]) == {
        "created": [ALICE],
        "updated": [ALICE, "b@x.y"],
        "deleted": [ALICE],
    }


def test_the_action_names_few_and_counts_many():
    many = [Change(f"{number}@x.y", None, BOX) for number in range(4)]
    changes = Changes(NEW.domains, [*many, *GONE.mailboxes], [*NEW.aliases, Change("b@x.y", None, TEAM)])
    assert show.action(changes) == (
        "create domain example.org; create mailboxes (4); delete mailbox alice@example.org; "
        "create aliases team@example.org, b@x.y"
    )
    assert show.action(Changes()) == ""


def test_what_is_unmet_is_said_once_for_each_cure():
    problems = [Problem("a", "x", "create it"), Problem("b", "x", "create it"), Problem("c", "x", "create that")]
    warnings = show.unmet(problems)
    assert len(warnings) == 2
    assert warnings[0].startswith("2 of the declared objects")
    assert warnings[1].endswith("create that")
