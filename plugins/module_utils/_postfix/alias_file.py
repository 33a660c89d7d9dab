# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of an alias file (aliases(5)): parsed, edited and rendered, pure. Comments and order stay."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from .._engine.errors import Problem

# What aliases(5) lets a name be without quotes: no white space, colon, comma, quote or comment sign.
_BARE = re.compile(r'[^\s:,"#]+')


@dataclass(frozen=True)
class Block:
    """A logical line with its continuation lines. ``name`` is ``None`` for comments and blank lines."""

    lines: tuple[str, ...]
    name: Optional[str] = None
    value: str = ""


def parse(text: str) -> list[Block]:
    """The blocks of an alias file, in order. A line that starts with white space continues the one before."""
    groups: list[list[str]] = []
    for line in text.splitlines():
        if groups and line[:1] in (" ", "\t") and line.strip() and not _is_comment(groups[-1][0]):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_block(lines) for lines in groups]


def _is_comment(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _block(lines: Sequence[str]) -> Block:
    if _is_comment(lines[0]):
        return Block(tuple(lines))
    joined = " ".join(line.strip() for line in lines if not line.strip().startswith("#"))
    name, colon, value = _split(joined)
    return Block(tuple(lines), name, value) if colon else Block(tuple(lines))


def _split(line: str) -> tuple[str, str, str]:
    if line.startswith('"'):
        name, _quote, rest = line[1:].partition('"')
        return name.lower(), rest.lstrip()[:1], rest.lstrip()[1:].strip()
    name, colon, value = line.partition(":")
    return name.strip().lower(), colon, value.strip()


def value_of(given: Any) -> str:
    """One declared value, a string or a list of strings, as the file has it."""
    return given if isinstance(given, str) else ", ".join(given)


def problems(aliases: Mapping[str, Any]) -> list[Problem]:
    """Everything wrong with declared aliases: name to string, list of strings or nothing."""
    found = []
    for name, value in aliases.items():
        option = f"aliases.{name}"
        if not isinstance(name, str) or not name.strip() or re.search(r'["\x00-\x1f]', name):
            found.append(Problem("aliases", "is not a name of an alias", "write a user name such as root", name))
        values = value if isinstance(value, list) else [value]
        if value is None:
            continue
        if not values or not all(isinstance(item, str) and item.strip() for item in values):
            found.append(Problem(option, "leads nowhere", "give one or more addresses, or null to remove it", value))
        elif any(re.search(r"[\x00-\x1f]", item) for item in values):
            found.append(Problem(option, "has a line break or control character", "write it on one line", value))
    return found


def edit(text: str, aliases: Mapping[str, Any], purge: bool) -> str:
    """The text with ``aliases`` in it: present ones changed in place, new ones at the end, ``None`` removes.

    With ``purge`` aliases that are not declared go. Later duplicates of a declared name go as well: postalias(1)
    would ignore them with a warning.
    """
    wanted = {name.lower(): value_of(value) for name, value in aliases.items() if value is not None}
    unwanted = {name.lower() for name, value in aliases.items() if value is None}
    kept: list[str] = []
    seen: set[str] = set()
    for block in parse(text):
        if block.name is None:
            kept.extend(block.lines)
        elif block.name in wanted:
            if block.name not in seen:
                same = _normal(block.value) == _normal(wanted[block.name])
                kept.extend(block.lines if same else [_line(block.name, wanted[block.name])])
            seen.add(block.name)
        elif block.name not in unwanted and not purge:
            kept.extend(block.lines)
    kept.extend(_line(name, wanted[name]) for name in wanted if name not in seen)
    return "".join(f"{line}\n" for line in kept)


def _normal(value: str) -> str:
    return ", ".join(part.strip() for part in value.split(","))


def _line(name: str, value: str) -> str:
    return f"{name if _BARE.fullmatch(name) else chr(34) + name + chr(34)}: {value}"
