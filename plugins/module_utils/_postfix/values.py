# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values as people write them in YAML, turned into text for Postfix; what cannot be turned becomes a problem. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Optional

from .._engine.errors import Problem
from .main_cf import Value

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
ONE_LINE = "write it on one line, or give a list"


def read_values(
    option: str, given: Mapping[str, Any], problems: list[Problem], secret: bool = False
) -> dict[str, Optional[Value]]:
    """A dictionary of parameters; ``None`` stays ``None``. Problems with a ``secret`` do not repeat it."""
    found: dict[str, Optional[Value]] = {}
    for name, raw in given.items():
        if not NAME.fullmatch(str(name)):
            cure = "a name has letters, digits, underscores, dots and hyphens, and begins with none of the last two"
            problems.append(Problem(f"{option}[{name!r}]", "is not the name of a parameter", cure))
        else:
            found[name] = read_value(f"{option}.{name}", raw, problems, secret)
    return found


def read_value(option: str, raw: Any, problems: list[Problem], secret: bool = False) -> Optional[Value]:
    """One value: booleans become yes and no, a list becomes its items."""
    if raw is None:
        return None
    if not isinstance(raw, list):
        return (read_scalar(option, raw, problems, secret),)
    items = tuple(read_scalar(f"{option}[{index}]", item, problems, secret) for index, item in enumerate(raw))
    for index, item in enumerate(raw):
        if item is None or item == "":
            problems.append(Problem(f"{option}[{index}]", "is empty", "remove this item from the list"))
    return items or ("",)


def read_scalar(option: str, raw: Any, problems: list[Problem], secret: bool = False) -> str:
    """Text for one value that is no list; nothing becomes empty text."""
    shown = None if secret else raw
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, float):
        message = "is a number with a fraction, of which YAML does not keep the digits as written"
        problems.append(Problem(option, message, "put it in quotes", shown))
    elif isinstance(raw, (list, dict)):
        cure = "give text, a number, a boolean, null, or a list of these"
        problems.append(Problem(option, f"is a {'list' if isinstance(raw, list) else 'dictionary'}", cure, shown))
    elif raw is not None and CONTROL.search(str(raw)):
        problems.append(Problem(option, "contains a line break or another control character", ONE_LINE, shown))
    return "" if raw is None else str(raw)
