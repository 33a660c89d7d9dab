# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""main.cf as text and as parameters (postconf(5)): parse, edit, render. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Callable, Optional

from . import logical_lines

# A value is a sequence of items: one for a scalar, several for a list. None removes the parameter.
Value = tuple[str, ...]
Lookup = Callable[[str], Optional[str]]
LINE_LENGTH = 100
REFERENCE_DEPTH = 20
_REFERENCE = re.compile(r"\$(?:(\w+)|\{(\w+)\}|\((\w+)\))")


@dataclass(frozen=True)
class Parameter:
    """One definition; ``line`` counts from 1. When a name is defined more than once, the last counts."""

    name: str
    value: str
    line: int


def parse(text: str) -> list[Parameter]:
    """All definitions in order. Lines that Postfix would refuse are left out: Postfix itself reports them."""
    found = []
    for chunk in logical_lines.split(text):
        name = _name(chunk.text) if chunk.text is not None else None
        if chunk.text is not None and name is not None:
            value = logical_lines.meaning(chunk.text.partition("=")[2])
            found.append(Parameter(name, value, chunk.number))
    return found


def values(text: str) -> dict[str, str]:
    """The parameters that count, their values without layout."""
    return {parameter.name: parameter.value for parameter in parse(text)}


def edit(text: str, wanted: Mapping[str, Optional[Value]]) -> str:
    """``text`` with the ``wanted`` parameters; a definition that already means the same stays as it is written."""
    present = values(text)
    replacements = {
        name: None if value is None else render(name, value)
        for name, value in wanted.items()
        if present.get(name) != (None if value is None else text_of(value))
    }
    return logical_lines.edit(text, _name, replacements)


def text_of(value: Value) -> str:
    """The value on one line, as :func:`values` would read it."""
    return logical_lines.meaning(", ".join(value))


def render(name: str, value: Value) -> Sequence[str]:
    """The lines of one definition: a list too long for a line gets a line for each item."""
    line = f"{name} = {text_of(value)}".rstrip(" ")
    # An item that begins with # would become a comment on a line of its own.
    if len(line) <= LINE_LENGTH or len(value) < 2 or any(item.strip().startswith("#") for item in value):
        return [line]
    return [f"{name} =", *(f"    {item}," for item in value[:-1]), f"    {value[-1]}"]


def expand(value: str, lookup: Lookup, depth: int = REFERENCE_DEPTH) -> Optional[str]:
    """``value`` with every ``$name`` replaced; nothing for conditional expressions, cycles and the like."""
    result = _REFERENCE.sub(lambda found: lookup(found.group(1) or found.group(2) or found.group(3)) or "", value)
    if result == value:
        return None if "$" in result else result
    return expand(result, lookup, depth - 1) if depth > 0 else None


def _name(logical_line: str) -> Optional[str]:
    name, equals, _value = logical_line.partition("=")
    name = name.strip(logical_lines.WHITESPACE)
    # Two words, or none: every program stops there.
    return name if equals and name and not set(name) & set(logical_lines.WHITESPACE) else None
