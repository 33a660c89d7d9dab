# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How an alias file is written (aliases(5)), and what is wrong with declared aliases. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Optional

from .._engine.errors import Problem
from . import logical_lines
from .table_file import Syntax, fold

# What aliases(5) lets a name be without quotes: no white space, colon, comma, quote or comment sign.
_BARE = re.compile(r'[^\s:,"#]+')


def _split(line: str) -> Optional[tuple[str, str]]:
    if line.startswith('"'):
        name, _quote, rest = line[1:].partition('"')
        colon, value = rest.lstrip()[:1], rest.lstrip()[1:]
    else:
        name, colon, value = line.partition(":")
    return (name.strip(), value.strip()) if colon == ":" else None


def _line(name: str, value: str) -> str:
    return f"{name if _BARE.fullmatch(name) else chr(34) + name + chr(34)}: {value}"


def _meaning(value: str) -> str:
    return ", ".join(part.strip() for part in logical_lines.meaning(value).split(","))


ALIASES = Syntax(_split, _line, _meaning)


def values(aliases: Mapping[str, Any]) -> dict[str, Optional[str]]:
    """Declared values, strings or lists of strings, as the file has them; ``None`` for an alias that shall not be."""
    return {
        name: value if value is None or isinstance(value, str) else ", ".join(value) for name, value in aliases.items()
    }


def problems(aliases: Mapping[str, Any]) -> list[Problem]:
    """Everything wrong with declared aliases: name to string, list of strings or nothing."""
    found = []
    first: dict[str, str] = {}
    for name, value in aliases.items():
        option = f"aliases.{name}"
        if not isinstance(name, str) or not name.strip() or re.search(r'["\x00-\x1f]', name):
            found.append(Problem("aliases", "is not a name of an alias", "write a user name such as root", name))
        elif fold(name) in first:
            message = f"is the same name as {first[fold(name)]}: Postfix knows no upper and lower case here"
            found.append(Problem(option, message, "declare it once"))
        first.setdefault(fold(str(name)), str(name))
        items = value if isinstance(value, list) else [value]
        if value is None:
            continue
        if not items or not all(isinstance(item, str) and item.strip() for item in items):
            found.append(Problem(option, "leads nowhere", "give one or more addresses, or null to remove it", value))
        elif any(re.search(r"[\x00-\x1f]", item) for item in items):
            found.append(Problem(option, "has a line break or control character", "write it on one line", value))
    return found
