# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patterns of texts and ranges of numbers, as a filter names them. Pure.

Each reader takes the option's path, the value given and a list that it adds problems to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Callable, NamedTuple, Optional

from ..._engine.errors import Problem

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
BYTES = {"b": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
# What a pattern that matches these matches always: no two have more than a letter in common.
_ANYTHING = ("", "a", "zq7@xk.test", "9-_ .", "MAILER-DAEMON")


class Matcher(NamedTuple):
    """Whether a text is meant; ``always`` when every text is."""

    test: Callable[[str], bool]
    always: bool


class Range(NamedTuple):
    """Numbers from ``low`` to ``high``, both included."""

    low: float
    high: Optional[float]

    def holds(self, number: float) -> bool:
        return number >= self.low and (self.high is None or number <= self.high)


def texts(option: str, value: Any, problems: list[Problem]) -> list[tuple[str, str]]:
    """The texts of an option that takes one or a list of them, each with its path."""
    several = isinstance(value, list)
    places = [
        (f"{option}[{index}]" if several else option, one) for index, one in enumerate(value if several else [value])
    ]
    if not places:
        problems.append(Problem(option, "is an empty list", "leave it out, or name what is meant", value))
    for place, one in places:
        if not isinstance(one, str):
            problems.append(Problem(place, "is no text", "write a text in quotes", one))
        elif not one:
            problems.append(Problem(place, "is empty", "leave it out, or name what is meant", one))
    return [(place, one) for place, one in places if isinstance(one, str) and one]


def matcher(places: Sequence[tuple[str, str]], problems: list[Problem], within: bool = False) -> Matcher:
    """Texts with ``*`` and ``?``, and regular expressions between slashes; letters count the same in either case.

    A text means the whole of what it is compared with, or something ``within`` it. A regular expression is searched.
    """
    literals, expressions = set(), []
    for place, text in places:
        if text.startswith("/"):
            expression = _regular_expression(place, text, problems)
            expressions += [] if expression is None else [expression]
        elif within or "*" in text or "?" in text:
            glob = "".join({"*": ".*", "?": "."}.get(letter) or re.escape(letter) for letter in text)
            expressions.append(re.compile(glob if within else rf"\A(?:{glob})\Z", re.IGNORECASE | re.DOTALL))
        else:
            literals.add(text.lower())
    always = any(all(one.search(text) for text in _ANYTHING) for one in expressions)
    searches = [one.search for one in expressions]

    def test(text: str) -> bool:
        return text.lower() in literals or any(search(text) for search in searches)

    return Matcher(test, always)


def amounts(option: str, value: Any, units: dict[str, int], problems: list[Problem]) -> Optional[Range]:
    """A number with a unit, which means at least so much, or a dictionary with ``min``, ``max`` or both."""
    if not isinstance(value, dict):
        low = _amount(option, value, units, problems)
        return None if low is None else Range(low, None)
    unknown = [name for name in value if name not in ("min", "max")]
    problems.extend(Problem(f"{option}.{name}", "is no limit", "write min or max") for name in unknown)
    if not value:
        problems.append(Problem(option, "has no limit", "give min, max or both", value))
    limits = {
        name: _amount(f"{option}.{name}", value[name], units, problems) for name in ("min", "max") if name in value
    }
    if unknown or not value or None in limits.values():
        return None
    low, high = limits.get("min") or 0, limits.get("max")
    if high is not None and low > high:
        problems.append(Problem(option, "has a min that is more than its max", "exchange them", value))
    return Range(low, high)


def _regular_expression(place: str, text: str, problems: list[Problem]) -> Optional[re.Pattern[str]]:
    if len(text) < 3 or not text.endswith("/"):
        cure = "write a regular expression between two slashes, such as /^bounce-/"
        problems.append(Problem(place, "begins with a slash and is no regular expression", cure, text))
        return None
    try:
        return re.compile(text[1:-1], re.IGNORECASE)
    except re.error as error:
        problems.append(Problem(place, f"is no valid regular expression: {error}", "correct it", text))
    except (OverflowError, RecursionError):
        problems.append(Problem(place, "is too large a regular expression", "write a simpler one", text))
    return None


def _amount(option: str, value: Any, units: dict[str, int], problems: list[Problem]) -> Optional[float]:
    listed = ", ".join(units)
    cure = f"write a number with one of the units {listed}" if units else "write a whole number"
    text = "" if isinstance(value, (bool, list, dict)) or value is None else str(value).strip().lower()
    found = re.fullmatch(
        rf"(-?)([0-9]{{1,15}}(?:\.[0-9]{{1,6}})?)([{''.join(units)}]?)" if units else r"(-?)([0-9]{1,15})()", text
    )
    if found is None:
        problems.append(Problem(option, "is no amount", cure, value))
        return None
    if found[1]:
        problems.append(Problem(option, "is negative", cure, value))
        return None
    return float(found[2]) * units.get(found[3], 1)
