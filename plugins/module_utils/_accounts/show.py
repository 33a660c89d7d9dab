# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes for people: the diff with the facts that change and no others, the lists that are returned, the actions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Optional

from .._engine.errors import Problem
from .._engine.secrets import masked_pair
from .model import MEBIBYTE, Change, Changes, Domain, Effect, Mailbox
from .sizes import show_size

BEFORE, AFTER = 0, 1
FILES = "files"
VERBS = ("create", "update", "delete")
LISTED_IN_ACTION = 3
WITHOUT_VALUE = ("", "0", "none", "unlimited", "in place")

Facts = dict[str, str]


def summary(changes: Sequence[Change]) -> dict[str, list[str]]:
    """The return value of one kind: what was created, updated and deleted, by address or domain."""
    found: dict[str, list[str]] = {f"{verb}d": [] for verb in VERBS}
    for change in changes:
        found[f"{change.verb}d"].append(change.key)
    return found


def action(changes: Changes) -> str:
    """One sentence about all changes."""
    parts = []
    for kind, one, many in (
        (changes.domains, "domain", "domains"),
        (changes.mailboxes, "mailbox", "mailboxes"),
        (changes.aliases, "alias", "aliases"),
    ):
        by_verb = summary(kind)
        for verb in VERBS:
            keys = by_verb[f"{verb}d"]
            if keys:
                shown = f" {', '.join(keys)}" if len(keys) <= LISTED_IN_ACTION else f" ({len(keys)})"
                parts.append(f"{verb} {one if len(keys) == 1 else many}{shown}")
    return "; ".join(parts)


def unmet(problems: Sequence[Problem]) -> list[str]:
    """Warnings about what an earlier task of the same run has to do: in check mode it has not done so."""
    cures = Counter(problem.cure for problem in problems)
    return [
        f"{count} of the declared objects need something that does not exist; unless an earlier task of this run does "
        f"it: {cure}"
        for cure, count in cures.items()
    ]


class Diff(Mapping[str, str]):
    """One side of the diff by kind, made when it is asked for: of thousands of objects it costs as much as the rest.

    Under each object are the facts that change, of a new or deleted one those with a value. Files have a line each.
    """

    def __init__(self, changes: Changes, effects: Sequence[Effect], side: int) -> None:
        self.changes = {kind: of_kind for kind, of_kind in changes._asdict().items() if of_kind}
        self.effects = effects
        self.side = side

    def __getitem__(self, kind: str) -> str:
        if kind == FILES:
            return "".join(f"{effect.subject}: {effect[2 + self.side]}\n" for effect in self.effects)
        return "".join(_block(change.key, _facts(change)[self.side]) for change in self.changes[kind])

    def __iter__(self) -> Iterator[str]:
        return iter([*self.changes, *([FILES] if self.effects else [])])

    def __len__(self) -> int:
        return len(list(iter(self)))


def _block(key: str, facts: Optional[Facts]) -> str:
    if facts is None:
        return ""
    return f"{key}:\n" + "".join(f"  {name}: {value}\n" for name, value in facts.items())


def _facts(change: Change) -> tuple[Optional[Facts], Optional[Facts]]:
    """The facts before and after; nothing for an object that is not there."""
    before = None if change.before is None else _shown(change.before)
    after = None if change.after is None else _shown(change.after)
    if before is not None and after is not None:
        changed = [name for name in before if before[name] != after[name]]
        before, after = {name: before[name] for name in changed}, {name: after[name] for name in changed}
    else:
        before, after = _filled(before), _filled(after)
    old, new = (before or {}).get("password"), (after or {}).get("password")
    for facts, masked in zip((before, after), masked_pair(old, new)):
        if facts is not None and masked is not None:
            facts["password"] = masked
    return before, after


def _filled(facts: Optional[Facts]) -> Optional[Facts]:
    return None if facts is None else {name: value for name, value in facts.items() if value not in WITHOUT_VALUE}


def _shown(thing: Any) -> Facts:
    facts: dict[str, Any] = thing._asdict()
    if isinstance(thing, Domain):
        del facts["name"]
        for name in ("quota", "mailbox_quota"):
            facts[name] = show_size(max(facts[name], 0) * MEBIBYTE)
    else:
        del facts["address"]
    if isinstance(thing, Mailbox):
        route, routed = facts.pop("route"), facts.pop("routed")
        facts["quota"] = show_size(thing.quota)
        facts["forward_to"] = thing.forward_to
        facts["keep_copy"] = thing.keep_copy
        facts["alias_row"] = ("in place" if routed == thing.enabled else "differs") if route else "missing"
    return {name: _text(value) for name, value in facts.items()}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ", ".join(value) or "none"
    return str(value)
