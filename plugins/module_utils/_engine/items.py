# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The items of a plural module, checked against the options of the singular one.

Ansible could check a list of dictionaries itself. For ten thousand of them that takes as long as all the rest, it
stops at the first fault, and a fault makes it search everything for secrets, for minutes. So the list is declared as
secret, and its items are checked here.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any, Callable

from .errors import Problem

Spec = Mapping[str, Mapping[str, Any]]

TRUE, FALSE = {"yes", "on", "true", "t", "y", "1", "1.0"}, {"no", "off", "false", "f", "n", "0", "0.0"}


def checked_items(
    option: str, items: Sequence[Mapping[str, Any]], spec: Spec
) -> tuple[list[Mapping[str, Any]], list[Problem]]:
    """The items with values converted and defaults filled in, and everything wrong with them.

    An option without a value is left out of its item.
    """
    problems: list[Problem] = []
    required = [name for name, entry in spec.items() if entry.get("required")]
    defaults = {name: entry["default"] for name, entry in spec.items() if "default" in entry}
    converters = {name: _converter(entry) for name, entry in spec.items()}
    checked: list[Mapping[str, Any]] = []
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            problems.append(Problem(f"{option}[{index}]", "is not a mapping", "write options and values"))
            continue
        result = defaults.copy()
        for name in required:
            if item.get(name) is None:
                problems.append(Problem(f"{option}[{index}].{name}", "is missing", f"every item needs {name}"))
        for name, value in item.items():
            if value is None:
                continue
            try:
                result[name] = converters[name](value)
            except KeyError:
                problems.append(_unknown(f"{option}[{index}].{name}", name, spec))
            except ValueError as error:
                shown = None if spec[name].get("no_log") else value
                problems.append(Problem(f"{option}[{index}].{name}", error.args[0], error.args[1], shown))
        checked.append(result)
    return checked, problems


def _unknown(path: str, name: str, spec: Spec) -> Problem:
    close = difflib.get_close_matches(str(name), list(spec), n=1)
    cure = f"did you mean {close[0]}" if close else f"use one of {', '.join(spec)}"
    return Problem(path, "is not an option", cure)


def _converter(entry: Mapping[str, Any]) -> Callable[[Any], Any]:
    """Takes a value to its type as Ansible would; raises ValueError with message and cure."""
    choices = entry.get("choices")
    if choices is not None:
        return lambda value: _choice(value, choices)
    return {"str": _text, "path": _text, "bool": _bool, "int": _int, "list": _texts, "dict": _mapping}[entry["type"]]


def _choice(value: Any, choices: Sequence[str]) -> str:
    if value not in choices:
        raise ValueError("is none of the choices", f"use one of {', '.join(choices)}")
    return str(value)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    raise ValueError("is not a text", "write it in quotes")


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [part.strip() for part in value.split(",")] if value.strip() else []
    if isinstance(value, (list, tuple)):
        return [_text(part) for part in value]
    raise ValueError("is not a list", "write a list of texts")


def _mapping(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise ValueError("is not a mapping", "write names and values")


def _bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).lower()
    if word in TRUE | FALSE:
        return word in TRUE
    raise ValueError("is neither true nor false", "write true or false")


def _int(value: Any) -> int:
    if not isinstance(value, bool):
        try:
            return int(str(value))
        except ValueError:
            pass
    raise ValueError("is not a whole number", "write a number")
