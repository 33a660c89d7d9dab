# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configuration text for a diff: it shows that a secret changed, never what it is or was.

A present file may come from anybody's hand, so a secret is also known by the look of its name or its value.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Optional

from .._engine.secrets import HIDDEN, masked_pair
from .settings import Line, leaves, text_of

SECRET_NAME = re.compile(
    r"(?:^|_|/)(?:pass|passwd|password|dnpass|secret|api_key|nonce|token|api_header|private_key)$", re.IGNORECASE
)
# "connect = host=.. password=..", "args = password=..", a URL with credentials.
SECRET_VALUE = re.compile(r"(?:\b|_)(?:pass|passwd|password|secret)=[^\s%'\"]|://[^/\s@:]*:[^/\s@]+@", re.IGNORECASE)
# A file, a reference or a variable is where a secret comes from, not the secret.
ELSEWHERE = re.compile(r"<.*|\$[A-Za-z]\S*|%\{[^{}]*\}|")
SETTING = re.compile(r"(?P<head>\s*#*\s*(?P<name>[^\s=#{}]+)\s*=\s*)(?P<value>.*?)\s*")
SECTION = re.compile(r"\s*(?P<header>[^\s#=}][^#]*?)\s*\{\s*(?:#.*)?", re.DOTALL)
HEREDOC = re.compile(r"<<(\w+)")

# Where a setting is: headers of the sections around it, its name, and which one of that name it is there.
Place = tuple[tuple[str, ...], str, int]


def looks_secret(name: str, value: str) -> bool:
    """Whether a setting gives a secret away by its name or its value."""
    value = value.strip().strip("\"'")
    if ELSEWHERE.fullmatch(value):
        return False
    if names_secret(name):
        return True
    return not name.endswith("query") and SECRET_VALUE.search(value) is not None


def names_secret(name: str) -> bool:
    """Whether a setting is for a secret by its name."""
    return SECRET_NAME.search(name) is not None


def secrets_by_look(lines: Sequence[Line]) -> list[Line]:
    """The settings that were not declared as secrets and look like some."""
    return [line for line in leaves(lines) if not line.secret and looks_secret(line.name, line.value or "")]


def masked(before: Optional[str], lines: Sequence[Line], private: bool = False) -> tuple[Optional[str], str]:
    """The present text and that of the new ``lines``, with every secret masked.

    ``private`` says that not everybody may read the present file. What goes away from it may have been declared
    secret, so it is not shown.
    """
    declared = {(line.section, line.name) for line in lines if line.secret}
    new = _read(text_of(lines), declared)
    old = _read(before or "", declared)
    if private:
        kept = {entry.place for entry in new}
        old = [replace(entry, secret=entry.secret or entry.place not in kept) for entry in old]
    old_values = {entry.place: entry.value for entry in old if entry.secret}
    new_values = {entry.place: entry.value for entry in new if entry.secret}
    masks = {place: masked_pair(old_values.get(place), new_values.get(place)) for place in {**old_values, **new_values}}
    shown = "".join(entry.masked(masks[entry.place][0] if entry.secret else None) for entry in old)
    return (
        None if before is None else shown,
        "".join(entry.masked(masks[entry.place][1] if entry.secret else None) for entry in new),
    )


@dataclass(frozen=True)
class _Entry:
    """A piece of a file: a setting with the lines that continue it, or any other line."""

    text: str
    head: str = ""
    value: str = ""
    place: Place = ((), "", 0)
    secret: bool = False

    def masked(self, mask: Optional[str]) -> str:
        return f"{self.head}{mask or HIDDEN}\n" if self.secret else self.text


def _read(text: str, declared: Collection[tuple[tuple[str, ...], str]]) -> list[_Entry]:
    entries = []
    section: tuple[str, ...] = ()
    seen: Counter[tuple[tuple[str, ...], str]] = Counter()
    rows = iter(text.splitlines(keepends=True))
    for row in rows:
        setting = SETTING.fullmatch(row)
        opening = None if setting else SECTION.fullmatch(row)
        if setting:
            more, inline = _continuation(setting["value"], rows)
            place = (section, setting["name"])
            seen[place] += 1
            value = setting["value"] + more
            secret = inline or place in declared or looks_secret(setting["name"], value)
            entries.append(_Entry(row + more, setting["head"], value, (*place, seen[place]), secret))
            continue
        if opening:
            section = (*section, opening["header"])
        elif row.strip().startswith("}"):
            section = section[:-1]
        entries.append(_Entry(row))
    return entries


def _continuation(value: str, rows: Iterator[str]) -> tuple[str, bool]:
    """The lines that go on with a value, and whether they hold it inline.

    It ends with the marker of a ``<<MARKER`` of 2.4, or at the first line that ends with no backslash.
    """
    heredoc = HEREDOC.fullmatch(value)
    more = []
    line = value
    while heredoc or line.endswith("\\"):
        row = next(rows, None)
        if row is None:
            break
        more.append(row)
        line = row.rstrip("\n")
        if heredoc and line.strip() == heredoc[1]:
            break
    return "".join(more), heredoc is not None
