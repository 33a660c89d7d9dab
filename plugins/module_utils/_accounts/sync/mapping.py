# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""From values of a directory to facts of accounts, by templates such as ``{uid}@example.org``. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Callable

from ..._engine.errors import Problem
from ..addresses import AddressError, destination, mailbox_address
from ..passwords import hash_fault
from ..sizes import parse_size
from .model import FACTS

# ``{attribute}`` or ``{attribute|change}``.
PLACE = re.compile(r"\{([A-Za-z][A-Za-z0-9;-]*)(?:\|(\w+))?\}")
CHANGES: Mapping[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "local": lambda value: value.rpartition("@")[0] or value,
    "domain": lambda value: value.rpartition("@")[2],
    # Of values such as ``smtp:somebody@example.org`` and ``x500:/o=...`` the addresses alone.
    "smtp": lambda value: value[5:] if value[:5].lower() == "smtp:" else "",
}
LISTS = ("forward", "send_as", "alias")
FLAGS = ("enabled", "receive", "send", "login", "keep_copy")
# What PostfixAdmin's columns hold.
LONGEST = 255
TRUE, FALSE = {"true", "yes", "1", "on"}, {"false", "no", "0", "off"}

# A value of an attribute as text.
Values = Mapping[str, Sequence[str]]


class FactError(Exception):
    """A value that is no such fact; says why. A secret is not in it."""


def problems(mapping: Mapping[str, Any]) -> list[Problem]:
    found = []
    for fact, template in mapping.items():
        option = f"source.mapping.{fact}"
        if fact not in ("address", *FACTS):
            cure = f"use one of address, {', '.join(FACTS)}"
            found.append(Problem(option, "is no fact of an account", cure))
        elif not isinstance(template, str):
            found.append(Problem(option, "is no text", "write a template such as {mail}, or '' for none", template))
        else:
            for change in (change for _name, change in PLACE.findall(template) if change and change not in CHANGES):
                found.append(Problem(option, f"has the unknown change {change}", f"use one of {', '.join(CHANGES)}"))
            if set("{}") & set(PLACE.sub("", template)):
                cure = "write {attribute} or {attribute|lower}"
                found.append(Problem(option, "has a brace that belongs to no attribute", cure, template))
    return found


def attributes(mapping: Mapping[str, str]) -> list[str]:
    """The attributes that templates need, without options such as ``;binary``'s meaning lost."""
    return list(dict.fromkeys(name for template in mapping.values() for name, _change in PLACE.findall(template)))


@cache
def _names(template: str) -> tuple[tuple[str, str], ...]:
    """The attributes of a template and their changes: the same few templates are filled for every account."""
    return tuple((name.lower(), change) for name, change in PLACE.findall(template))


def expand(template: str, values: Values) -> list[str]:
    """All texts that a template stands for: one for each value of its first attribute; none when one has no value."""
    names = _names(template)
    if not names:
        return [template] if template else []
    for name, _change in names:
        if not values.get(name):
            return []
    first, change = names[0]
    if len(template) == len(first) + 2 and not change:
        return list(values[first])

    def filled(value: str) -> str:
        def one(found: re.Match[str]) -> str:
            text = value if found[1].lower() == first else values[found[1].lower()][0]
            return CHANGES[found[2]](text) if found[2] else text

        return PLACE.sub(one, template)

    return [filled(value) for value in values[first]]


def facts(mapping: Mapping[str, str], values: Values, unit: int = 1) -> tuple[str, dict[str, Any]]:
    """The address and the facts of an entry; raises :class:`FactError`. ``unit`` is what the quota counts in."""
    found = expand(mapping["address"], values)
    if not found:
        raise FactError(f"has no value for the address {mapping['address']}")
    address = _stored("address", found[0], mailbox_address)
    result: dict[str, Any] = {}
    for fact, template in mapping.items():
        if fact == "address" or not template:
            continue
        texts = expand(template, values)
        if fact in LISTS:
            # Nobody forwards to, is an alias of, or sends as himself.
            listed = {_stored(fact, text, destination) for text in texts if text.strip()} - {address}
            result[fact] = tuple(sorted(listed))
        elif texts:
            result[fact] = _fact(fact, texts[0], unit)
    if "forward" in result and "keep_copy" not in result:
        texts = [text.strip().lower() for text in expand(mapping["forward"], values)]
        result["keep_copy"] = not result["forward"] or address in texts
    return address, result


def _fact(fact: str, text: str, unit: int) -> Any:
    if fact in FLAGS:
        word = text.strip().lower()
        if word not in TRUE | FALSE:
            raise FactError(f"{fact}: {text!r} is neither true nor false")
        return word in TRUE
    if fact == "quota":
        try:
            return parse_size(text.strip()) * (unit if text.strip().isdigit() else 1)
        except ValueError:
            raise FactError(f"quota: {text!r} is no size") from None
    if fact == "password":
        fault = hash_fault(text)
        if fault is not None:
            raise FactError(f"password: the value {fault[0]}")
        return text
    if not text.isprintable() or len(text) > LONGEST:
        raise FactError(f"{fact}: {text[:LONGEST]!r} is no line of text, or longer than {LONGEST} characters")
    return text


def _stored(fact: str, text: str, stored: Callable[[str], str]) -> str:
    try:
        return stored(text.strip())
    except AddressError as error:
        raise FactError(f"{fact}: {text!r} {error.message}") from None


def matches(address: str, patterns: Iterable[re.Pattern[str]]) -> bool:
    return any(pattern.fullmatch(address) for pattern in patterns)
