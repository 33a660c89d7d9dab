# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the option ``entries`` of postfix_table asks for, with every problem in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Optional

from .._engine.errors import Problem
from . import main_cf
from .pattern_file import ENDIF, IF, Rule, rule
from .table_file import fold, split
from .values import read_value

# LMDB takes 511 bytes, of which Postfix uses one itself (measured with 3.7 and 3.10).
LMDB_KEY_BYTES = 510
KEY, VALUE, PATTERN, ENTRIES = "key", "value", "pattern", "entries"
_ONE_LINE = re.compile(r"[^\x00-\x08\x0a-\x1f\x7f]*")


def read_entries(given: Any, kind: Optional[str], secret: bool) -> tuple[dict[str, Optional[str]], list[Problem]]:
    """Key to value, ``None`` for one that shall not be, and the problems: a dictionary or a list of key and value."""
    problems: list[Problem] = []
    if isinstance(given, Mapping):
        quick = _quick(list(given), list(given.values()), kind)
        if quick is not None:
            return quick, []
        pairs = [(f"entries[{key!r}]", key, value) for key, value in given.items()]
    else:
        items = given if isinstance(given, list) else []
        if all(isinstance(item, dict) and item.keys() == {KEY, VALUE} for item in items):
            quick = _quick([item[KEY] for item in items], [item[VALUE] for item in items], kind)
            if quick is not None:
                return quick, []
        pairs = [
            (f"entries[{index}]", item[KEY], item[VALUE])
            for index, item in _items(given, {KEY, VALUE}, "entries", problems)
        ]
    wanted: dict[str, Optional[str]] = {}
    first: dict[str, str] = {}
    for option, key, value in pairs:
        name = str(key)
        problems += _key_problems(option, name, kind)
        if fold(name) in first:
            message = f"has the key of {first[fold(name)]}, since Postfix knows no upper and lower case here"
            problems.append(Problem(option, message, "declare it once", name))
        first.setdefault(fold(name), option)
        wanted[name] = _value(option, value, problems, secret)
    return wanted, problems


def read_rules(given: Any, secret: bool) -> tuple[list[tuple[Rule, bool]], list[Problem]]:
    """Rules in order, false for one that shall not be, and the problems: a list of pattern and value, or of blocks
    with ``if`` and ``entries``."""
    problems: list[Problem] = []
    return _rules("entries", given, problems, secret), problems


def _quick(keys: Sequence[Any], values: Sequence[Any], kind: Optional[str]) -> Optional[dict[str, Optional[str]]]:
    """The entries, when all of them together show that each is plain and good; nothing when one may not be."""
    try:
        all_keys, all_values = "\n".join(keys), "\n".join(values)
    except TypeError:
        return None
    # A line for each, and empty ones around: what would be unusual in one can be looked for in all of them at once.
    all_keys, all_values = f"\n{all_keys}\n", f"\n{all_values}\n"
    plain = (
        all_keys.isascii()
        and all_keys.replace("\n", "").isprintable()
        and all_values.replace("\n", "").isprintable()
        and not any(mark in all_keys for mark in (" ", '"', "\\", "#", ":\n", "\n\n"))
        and not any(mark in all_values for mark in ("\n ", " \n", "\n\n"))
        and len(set(all_keys.lower().split())) == len(keys) == all_keys.count("\n") - 1 == all_values.count("\n") - 1
        and (kind != "lmdb" or max(map(len, keys)) <= LMDB_KEY_BYTES)
    )
    return dict(zip(keys, values)) if plain else None


def _items(given: Any, names: set[str], option: str, problems: list[Problem]) -> list[tuple[int, Mapping[str, Any]]]:
    """The items of a list that are dictionaries with exactly these names."""
    if not isinstance(given, list):
        problems.append(Problem(option, "is neither a list nor a dictionary", f"give a list of {_names(names)}"))
        return []
    found = []
    for index, item in enumerate(given):
        if isinstance(item, Mapping) and set(item) == names:
            found.append((index, item))
        else:
            problems.append(Problem(f"{option}[{index}]", "is not understood", f"give {_names(names)}, nothing else"))
    return found


def _names(names: set[str]) -> str:
    return " and ".join(sorted(names))


def _key_problems(option: str, key: str, kind: Optional[str]) -> list[Problem]:
    """The first thing that is wrong with a key, if any."""
    pair = split(f"{key} x")
    too_long = kind == "lmdb" and len(key.encode("utf-8", "surrogateescape")) > LMDB_KEY_BYTES
    faults = [
        (not key, "has an empty key", "give a key"),
        (not _ONE_LINE.fullmatch(key), "has a line break or control character in its key", "write it on one line"),
        (key.lstrip().startswith("#"), "has a key that would begin a comment", "give one that does not begin with #"),
        (pair is None, "has a key with a quote that is not closed", "close it"),
        (pair != (key, "x"), "has white space in its key", "put a local part with spaces into double quotes"),
        (key.endswith(":"), "has a key as in an alias file", "leave the colon out"),
        (too_long, f"has a key of more than {LMDB_KEY_BYTES} bytes, which lmdb does not take", "choose another type"),
    ]
    return [Problem(option, message, cure, key) for wrong, message, cure in faults if wrong][:1]


def _value(option: str, raw: Any, problems: list[Problem], secret: bool) -> Optional[str]:
    value = read_value(option, raw, problems, secret)
    if value is None:
        return None
    text = main_cf.text_of(value)
    if not text and not any(problem.option.startswith(option) for problem in problems):
        problems.append(Problem(option, "has no value", "give one, such as OK, or null to remove the entry"))
    return text


def _rules(option: str, given: Any, problems: list[Problem], secret: bool) -> list[tuple[Rule, bool]]:
    found: list[tuple[Rule, bool]] = []
    first: dict[str, str] = {}
    if not isinstance(given, list):
        problems.append(Problem(option, "is not a list, and the order of rules counts", "give a list"))
        return []
    for index, item in enumerate(given):
        place = f"{option}[{index}]"
        names = set(item) if isinstance(item, Mapping) else set()
        if names == {IF, ENTRIES}:
            condition = _pattern(f"{place}.{IF}", item[IF], problems)
            found.append((rule(f"{IF} {condition}"), True))
            found += _rules(f"{place}.{ENTRIES}", item[ENTRIES], problems, secret)
            found.append((Rule(ENDIF), True))
        elif names == {PATTERN, VALUE}:
            pattern = _pattern(f"{place}.{PATTERN}", item[PATTERN], problems)
            if pattern in first:
                problems.append(Problem(place, f"has the pattern of {first[pattern]}", "declare it once", pattern))
            first.setdefault(pattern, place)
            value = _value(f"{place}.{VALUE}", item[VALUE], problems, secret)
            found.append((Rule(pattern, value or ""), value is not None))
        else:
            problems.append(Problem(place, "is not understood", "give pattern and value, or if and entries"))
    return found


def _pattern(option: str, raw: Any, problems: list[Problem]) -> str:
    text = raw if isinstance(raw, str) else ""
    if not text.strip() or not _ONE_LINE.fullmatch(text) or text != text.strip():
        problems.append(Problem(option, "is not a pattern on one line", "write it as in the file, on one line", raw))
    elif rule(text) != Rule(text) or Rule(text).is_condition:
        message = "goes on after the end of the pattern, or would be something else in the file"
        problems.append(Problem(option, message, "give delimiters around an expression, such as /^Subject:/", raw))
    return text
