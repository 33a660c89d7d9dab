# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values of the configuration: how they are written, and when they mean the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from .tree import ORDERED

# Rules and definitions in which any space is as good as another one.
SPACED = {"olcaccess", "olclimits", "olcattributetypes", "olcobjectclasses", "olcobjectidentifier", "olcsyncrepl"}
# slapd writes names its own way, without blanks between their parts.
NAMED = {"olcsuffix", "olcrootdn", "olcschemadn"}
MODULE_END = re.compile(r"(?:\.la|\.so)$")


def texts(value: Any) -> list[str]:
    """An option as values: nothing for null, several for a list, TRUE and FALSE for booleans."""
    if value is None:
        return []
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in texts(item)]
    if isinstance(value, bool):
        return ["TRUE" if value else "FALSE"]
    return [str(value)]


def indices(values: Sequence[str]) -> dict[str, frozenset[str]]:
    """Index types by lower-case attribute, from values such as ``cn,sn eq,sub``."""
    found: dict[str, frozenset[str]] = {}
    for value in values:
        attributes, _space, types = " ".join(value.split()).partition(" ")
        for attribute in attributes.split(","):
            found[attribute.lower()] = frozenset(types.lower().replace(" ", "").split(",")) - {""}
    return found


def same(attribute: str, one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the values mean the same to slapd."""
    name = attribute.lower()
    if name == "olcdbindex":
        return indices(one) == indices(other)
    first, second = ([normal(name, value) for value in values] for values in (one, other))
    if name in {"olcattributetypes", "olcobjectclasses"} or name not in ORDERED:
        return sorted(first) == sorted(second)
    return first == second


def normal(name: str, value: str) -> str:
    if name in SPACED:
        return " ".join(value.replace("(", " ( ").replace(")", " ) ").split())
    if name in NAMED:
        return suffix_key(value)
    if name == "olcmoduleload":
        return module_name(value)
    return value.upper() if value.upper() in ("TRUE", "FALSE") else value


def module_name(value: str) -> str:
    """A module without its folder and the end of its file name."""
    return MODULE_END.sub("", value.rpartition("/")[2])


def suffix_key(suffix: str) -> str:
    """What equal suffixes share."""
    return ",".join(re.sub(r"\s*=\s*", "=", part.strip().lower(), count=1) for part in suffix.split(","))
