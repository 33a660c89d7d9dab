# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing changes: in an order that a server accepts, and with an account of what was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Callable, Optional

from .._engine.errors import Error
from . import messages
from .connection import Connection
from .dn import Key
from .errors import SUCCESS, ConnectionLostError, as_dict
from .messages import Request, Result
from .planning import CREATE, REMOVE, RENAME, UPDATE, Change

NAMED_IN_MESSAGE = 5
PAST = {CREATE: "created", UPDATE: "updated", RENAME: "renamed", REMOVE: "deleted"}

# Puts hashes in the place of clear passwords, just before they are sent.
Prepare = Callable[[Change], Change]


def waves(changes: Iterable[Change]) -> list[list[Change]]:
    """Changes that do not need each other, in turns: what lies above first, deletions last and from below."""
    made: dict[int, list[Change]] = {}
    updated: list[Change] = []
    removed: dict[int, list[Change]] = {}
    for change in changes:
        if change.verb == UPDATE:
            updated.append(change)
        elif change.verb == REMOVE:
            removed.setdefault(-len(change.key), []).append(change)
        else:
            made.setdefault(len(change.key), []).append(change)
    return [
        *(made[depth] for depth in sorted(made)),
        *([updated] if updated else []),
        *(removed[depth] for depth in sorted(removed)),
    ]


def request(change: Change) -> Request:
    if change.verb == CREATE:
        return messages.add(change.dn, change.after or {})
    if change.verb == UPDATE:
        return messages.modify(change.dn, change.modifications)
    if change.verb == RENAME and change.moved is not None:
        return messages.rename(change.old_dn, *change.moved)
    return messages.delete(change.dn)


class Writer:
    """Writes changes and remembers how each ended."""

    def __init__(self, connection: Connection, prepare: Prepare) -> None:
        self.connection = connection
        self.prepare = prepare
        self.done: list[Change] = []
        self.failed: list[tuple[Change, Result]] = []
        self._ended: set[int] = set()

    def write(self, changes: Sequence[Change]) -> None:
        """All of them; raises :class:`Error` with an account when any could not be written.

        What lies below an entry that failed is not tried, and nothing is deleted once something failed.
        """
        lost = None
        try:
            for wave in waves(changes):
                if self.failed and wave[0].verb == REMOVE and any(one.verb != REMOVE for one, _result in self.failed):
                    break
                self._wave(wave)
        except ConnectionLostError as error:
            lost = error
        if lost is not None or self.failed:
            raise self._account(changes, lost)

    def _wave(self, wave: Sequence[Change]) -> None:
        broken = {change.key for change, _result in self.failed if change.verb != UPDATE}
        sent: dict[str, Change] = {}

        def requests() -> Iterator[Request]:
            for change in wave:
                if broken and _lies_below(change.key, broken):
                    continue
                made = request(self.prepare(change))
                sent[made.dn] = change
                yield made

        for made, result in self.connection.write(requests()):
            change = sent.pop(made.dn)
            self._ended.add(id(change))
            if result.code == SUCCESS:
                self.done.append(change)
            else:
                self.failed.append((change, result))

    def _account(self, changes: Sequence[Change], lost: Optional[ConnectionLostError]) -> Error:
        rest = [change.dn for change in changes if id(change) not in self._ended]
        failed = [as_dict(change.dn, result) for change, result in self.failed]
        lines = [] if lost is None else [lost.message]
        lines += [f"{one['dn']}: {one['reason']}" for one in failed[:NAMED_IN_MESSAGE]]
        if len(failed) > NAMED_IN_MESSAGE:
            lines.append(f"{len(failed) - NAMED_IN_MESSAGE} more in refused")
        doubt = "" if lost is None else " (one of these may have been written)"
        head = f"{len(self.done)} written, {len(failed)} refused by the server, {len(rest)} not written{doubt}"
        return Error(
            f"{head}; a run after the cure goes on from here:\n" + "\n".join(f"- {line}" for line in lines),
            entries=summary(self.done),
            refused=failed,
            not_written=rest,
        )


def _lies_below(key: Key, above: Iterable[Key]) -> bool:
    return any(key[place:] in above for place in range(1, len(key)))


def summary(changes: Iterable[Change]) -> Mapping[str, Any]:
    """The return value: what was created, updated, renamed and deleted, by name."""
    found: dict[str, dict[str, None]] = {word: {} for word in PAST.values()}
    for change in changes:
        found[PAST[change.verb]][change.dn] = None
    renamed = found["renamed"]
    found["updated"] = {dn: None for dn in found["updated"] if dn not in renamed}
    return {word: list(names) for word, names in found.items()}
