# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for the options of every module, beyond the types that Ansible checks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Optional

from .errors import Problem

Spec = Mapping[str, Mapping[str, Any]]

# No file, command, database or log takes these. Ansible decodes bytes that are not UTF-8 to lone surrogates.
NO_TEXT = re.compile("[\x00\ud800-\udfff]")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# What Linux allows, in bytes: NAME_MAX, and PATH_MAX less its NUL.
LONGEST_NAME, LONGEST_PATH = 255, 4095


def without_nulls(given: Mapping[str, Any], spec: Spec) -> dict[str, Any]:
    """The options that have a value, also in lists of suboptions: null means that the option was not given.

    Ansible would take the null of an option with a default for an empty text.
    """
    return {
        name: _inner(value, spec[name]["options"]) if "options" in spec.get(name, {}) else value
        for name, value in given.items()
        if value is not None or name not in spec
    }


def _inner(value: Any, spec: Spec) -> Any:
    if isinstance(value, list):
        return [_inner(item, spec) for item in value]
    return without_nulls(value, spec) if isinstance(value, Mapping) else value


def problems(params: Mapping[str, Any], spec: Spec) -> list[Problem]:
    """Everything wrong with options that Ansible has brought to their types."""
    found = []
    for name, option in spec.items():
        value = params.get(name)
        if option.get("type") == "int" and isinstance(value, bool):
            found.append(Problem(name, "is a boolean", "give a number", value))
        faults = list(_unusable_texts(name, value)) if _may_be_unusable(value) else []
        if option.get("type") == "path" and value is not None and not faults:
            fault = path_fault(value)
            faults = [] if fault is None else [Problem(name, *fault, value)]
        found += faults
    return found


def _may_be_unusable(value: Any) -> bool:
    """Whether a text in ``value`` may be one that nothing can take: one look at all of ten thousand items is cheap."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return "\\u0000" in text or (not text.isascii() and NO_TEXT.search(text) is not None)


def _unusable_texts(where: str, value: Any) -> Iterator[Problem]:
    """Texts that nothing on a host can take, at any depth. They are not repeated: they may be secrets."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _unusable_texts(where, key)
            yield from _unusable_texts(f"{where}.{key}", item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _unusable_texts(f"{where}[{index}]", item)
    elif isinstance(value, str):
        found = NO_TEXT.search(value)
        if found is not None and found.group() == "\x00":
            yield Problem(where, "holds a NUL character", "remove it")
        elif found is not None:
            yield Problem(where, "holds bytes that are not UTF-8", "convert what it came from to UTF-8")


def path_fault(path: str) -> Optional[tuple[str, str]]:
    """What is wrong with a path on the host, and the cure."""
    if not path.startswith("/"):
        return "is not an absolute path", "begin it with /"
    if CONTROL.search(path):
        return "holds a control character", "write a path of printable text"
    encoded = path.encode()
    if len(encoded) > LONGEST_PATH or any(len(name) > LONGEST_NAME for name in encoded.split(b"/")):
        return "is longer than a path may be", "write a shorter one"
    return None
