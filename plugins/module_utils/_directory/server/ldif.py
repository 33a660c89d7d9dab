# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""LDIF (RFC 2849) as slapcat writes and slapadd reads it: entries alone, no changes."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

# What LDIF may hold without base64.
SAFE = re.compile(r"[\x01-\x09\x0b\x0c\x0e-\x1f\x21-\x39\x3b\x3d-\x7f][\x01-\x09\x0b\x0c\x0e-\x7f]*(?<! )")


class LdifError(Exception):
    """A text that is no LDIF; says the line and why."""


class Entry(NamedTuple):
    dn: str
    attributes: Mapping[str, Sequence[str]]


def parse(text: str) -> list[Entry]:
    """The entries in their order. Bytes that are not UTF-8 survive a round trip. Raises :class:`LdifError`."""
    entries: list[Entry] = []
    dn = ""
    attributes: dict[str, list[str]] = {}
    for number, line in [*_logical_lines(text), (0, "")]:
        if not line:
            if dn:
                entries.append(Entry(dn, attributes))
            dn, attributes = "", {}
            continue
        name, value = _line(number, line)
        if name.lower() == "version" and not dn and not entries:
            continue
        if name.lower() == "dn" and not dn:
            dn = value
        elif not dn:
            raise LdifError(f"line {number} has no dn: before it")
        else:
            attributes.setdefault(name, []).append(value)
    return entries


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """Lines with their numbers, continuation lines joined and comments left out."""
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith(" ") and lines and lines[-1][1]:
            lines[-1] = (lines[-1][0], lines[-1][1] + line[1:])
        else:
            lines.append((number, line.rstrip("\r")))
    return [(number, line) for number, line in lines if not line.startswith("#")]


def _line(number: int, line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.;-]*", name):
        raise LdifError(f"line {number} is no 'attribute: value'")
    if value.startswith("<"):
        raise LdifError(f"line {number} refers to a file or address; put the value there")
    if not value.startswith(":"):
        return name, value.strip(" ")
    try:
        return name, base64.b64decode(value[1:].strip(), validate=True).decode("utf-8", "surrogateescape")
    except binascii.Error as error:
        raise LdifError(f"line {number} is no base64") from error


def render(entries: Iterable[Entry]) -> str:
    return "\n".join(
        "".join(
            [_rendered("dn", dn), *(_rendered(name, value) for name, values in attributes.items() for value in values)]
        )
        for dn, attributes in entries
    )


def _rendered(name: str, value: str) -> str:
    if not value or SAFE.fullmatch(value):
        return f"{name}: {value}\n"
    encoded = base64.b64encode(value.encode("utf-8", "surrogateescape")).decode("ascii")
    return f"{name}:: {encoded}\n"
