# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of a lookup table with keys and values (postmap(1)): parsed, edited, masked. Comments and order stay. Pure.

Alias files differ from it in how a line is written alone: that is what a :class:`Syntax` says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Callable, Optional

from .._engine.secrets import HIDDEN, masked_pair
from . import logical_lines

# postmap(1) ends a key at the first white space that is neither quoted nor behind a backslash.
_LINE = re.compile(r'((?:[^ \t\n\v\f\r"\\]|\\.|"(?:[^"\\]|\\.)*")+)[ \t\n\v\f\r]+(.+)', re.DOTALL)


@dataclass(frozen=True)
class Syntax:
    """How an entry is written: ``split`` reads a logical line, ``line`` writes one, ``meaning`` compares values."""

    split: Callable[[str], Optional[tuple[str, str]]]
    line: Callable[[str, str], str]
    meaning: Callable[[str], str]


@dataclass(frozen=True)
class Edited:
    """The new text, and the keys of what differs in it."""

    text: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        return {"added": len(self.added), "changed": len(self.changed), "removed": len(self.removed)}


def split(line: str) -> Optional[tuple[str, str]]:
    """Key and value in a logical line, or nothing where Postfix would ignore it with a warning."""
    found = _LINE.fullmatch(line)
    return (found[1], found[2]) if found else None


TABLE = Syntax(split, "{}\t{}".format, logical_lines.meaning)


def fold(key: str) -> str:
    """The key that Postfix stores: it knows no case."""
    return key.lower() if key.isascii() else key.casefold()


def entries(text: str, syntax: Syntax = TABLE) -> dict[str, str]:
    """Values by folded key. Of several entries with one key the first counts."""
    found: dict[str, str] = {}
    for chunk in logical_lines.split(text):
        pair = None if chunk.text is None else syntax.split(chunk.text)
        if pair is not None:
            found.setdefault(fold(pair[0]), pair[1])
    return found


def edit(text: str, wanted: Mapping[str, Optional[str]], purge: bool, syntax: Syntax = TABLE) -> Edited:
    """``text`` with the ``wanted`` entries: present ones changed in place, new ones at the end, ``None`` removes.

    With ``purge`` all others go. An entry that means the same already stays as it is written; of one that is there
    twice, a single one stays.
    """
    whole = "".join([f"{syntax.line(key, value)}\n" for key, value in wanted.items() if value is not None])
    if text in ("", whole):
        return Edited(whole, () if text else tuple(key for key, value in wanted.items() if value is not None))
    present: dict[str, str] = {}
    twice: set[str] = set()
    for chunk in logical_lines.split(text):
        pair = None if chunk.text is None else syntax.split(chunk.text)
        if pair is not None:
            key = fold(pair[0])
            twice.update([key] if key in present else [])
            present.setdefault(key, pair[1])
    replacements: dict[str, Optional[list[str]]] = {}
    added, changed, removed = [], [], []
    folded = {fold(key): key for key in wanted}
    for key, value in present.items():
        new = wanted[folded[key]] if key in folded else (None if purge else value)
        if new is None:
            replacements[key] = None
            removed.append(key)
        elif syntax.meaning(new) != syntax.meaning(value) or (key in twice and key in folded):
            replacements[key] = [syntax.line(folded[key], new)]
            changed.append(key)
    for key, name in folded.items():
        value_of_new = wanted[name]
        if key not in present and value_of_new is not None:
            replacements[key] = [syntax.line(name, value_of_new)]
            added.append(name)

    def key_of(line: str) -> Optional[str]:
        pair = syntax.split(line)
        return None if pair is None else fold(pair[0])

    return Edited(
        logical_lines.edit(text, key_of, replacements, first_counts=True), *map(tuple, (added, changed, removed))
    )


def masked(before: Optional[str], after: Optional[str], syntax: Syntax = TABLE) -> tuple[Optional[str], Optional[str]]:
    """Both texts without values, so that a change shows. Comments may hold a value that was put aside: they go too."""
    old, new = entries(before or "", syntax), entries(after or "", syntax)
    pairs = {key: masked_pair(old.get(key), new.get(key)) for key in {**old, **new}}
    return (
        _replaced(before, {key: pair[0] for key, pair in pairs.items()}, syntax),
        _replaced(after, {key: pair[1] for key, pair in pairs.items()}, syntax),
    )


def _replaced(text: Optional[str], masks: Mapping[str, Optional[str]], syntax: Syntax) -> Optional[str]:
    if text is None:
        return None
    lines: list[str] = []
    for chunk in logical_lines.split(text):
        pair = None if chunk.text is None else syntax.split(chunk.text)
        if pair is not None:
            lines.append(syntax.line(pair[0], masks[fold(pair[0])] or HIDDEN))
        else:
            lines += [f"# {HIDDEN}" if line.strip() else "" for line in chunk.lines]
    return "".join(f"{line}\n" for line in lines)
