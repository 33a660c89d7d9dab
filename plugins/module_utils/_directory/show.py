# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes for people: the diff with the attributes that change and no others, and one sentence about all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Optional

from .._engine.secrets import CHANGED, HIDDEN
from .planning import Attributes, Change
from .schema import Schema
from .values import is_secret, shown
from .writing import PAST, summary

BEFORE, AFTER = 0, 1
HEADLINE = "entries"
LISTED = 3
VERBS = {past: verb for verb, past in PAST.items()}


def action(changes: Sequence[Change]) -> str:
    """One sentence."""
    parts = []
    for word, names in summary(changes).items():
        if names:
            listed = f" {'; '.join(names)}" if len(names) <= LISTED else f" ({len(names)})"
            parts.append(f"{VERBS[word]} {'entry' if len(names) == 1 else 'entries'}{listed}")
    return "; ".join(parts)


class Diff(Mapping[str, str]):
    """One side of the diff, made when it is asked for: of thousands of entries it costs as much as the rest."""

    def __init__(self, changes: Sequence[Change], schema: Schema, side: int) -> None:
        self.changes = changes
        self.schema = schema
        self.side = side

    def __getitem__(self, headline: str) -> str:
        if headline != HEADLINE:
            raise KeyError(headline)
        return "".join(_block(change, self.schema, self.side) for change in self.changes)

    def __iter__(self) -> Iterator[str]:
        return iter([HEADLINE] if self.changes else [])

    def __len__(self) -> int:
        return 1 if self.changes else 0


def _block(change: Change, schema: Schema, side: int) -> str:
    attributes = change.before if side == BEFORE else change.after
    if attributes is None:
        return ""
    other = change.after if side == BEFORE else change.before
    name = change.old_dn if side == BEFORE and change.old_dn else change.dn
    lines = [
        f"  {schema.written(key)}: {_text(key, values, other, side)}\n"
        for key, values in attributes.items()
        if values and (other is None or other.get(key) != values)
    ]
    return f"{name}:\n" + "".join(lines)


def _text(key: str, values: list[bytes], other: Optional[Attributes], side: int) -> Any:
    if is_secret(key):
        return CHANGED if side == AFTER and other is not None and other.get(key) else HIDDEN
    return "; ".join(shown(key, values))
