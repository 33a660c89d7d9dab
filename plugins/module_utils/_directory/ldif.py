# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""LDIF (RFC 2849): records with content are read and written; records with changes but ``add`` are refused."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Optional

from .._engine.errors import Problem
from .messages import Entry

WIDTH = 76
SAFE = re.compile(rb"(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<! )")
CURE_LINE = "write it as attribute: value"


class Record(NamedTuple):
    """An entry: the option and line it begins in, its name, its attributes as they are written."""

    where: str
    dn: str
    attributes: dict[str, list[bytes]]


def read(text: str, option: str) -> tuple[list[Record], list[Problem]]:
    """All entries, and everything wrong, with the line."""
    problems: list[Problem] = []
    records = []
    for lines in _records(text):
        record = _record(lines, option, problems)
        if record is not None:
            records.append(record)
    return records, problems


def _records(text: str) -> Iterator[list[tuple[int, str]]]:
    """Groups of unfolded lines with their numbers, without comments."""
    group: list[tuple[int, str]] = []
    comment = False
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith(" "):
            if group and not comment:
                group[-1] = (group[-1][0], group[-1][1] + line[1:])
            continue
        comment = line.startswith("#")
        if comment:
            continue
        if line.strip():
            group.append((number, line))
        elif group:
            yield group
            group = []
    if group:
        yield group


def _record(lines: list[tuple[int, str]], option: str, problems: list[Problem]) -> Optional[Record]:
    dn, first = None, lines[0][0]
    attributes: dict[str, list[bytes]] = {}
    faults: list[Problem] = []
    for number, line in lines:
        where = f"{option} line {number}"
        name, colon, rest = line.partition(":")
        lower = name.strip().lower()
        if not colon or not lower:
            faults.append(Problem(where, "is no attribute with a value", CURE_LINE))
        elif lower == "version" and dn is None:
            if rest.strip() != "1":
                faults.append(Problem(where, "is a version other than 1", "write version: 1", rest.strip()))
            first = number + 1
        else:
            value = _value(rest, where, faults)
            if value is None:
                continue
            if dn is None:
                if lower != "dn":
                    faults.append(Problem(where, "begins an entry without dn", "begin each entry with dn:", name))
                    break
                dn, first = value.decode("utf-8", "surrogateescape"), number
            elif lower == "changetype":
                if value.strip().lower() != b"add":
                    shown = value.decode("utf-8", "replace")
                    cure = "declare the entry as it shall be, or with state: absent in entries"
                    faults.append(Problem(where, "is a change, and only add can be declared", cure, shown))
                    break
            elif lower == "control":
                faults.append(Problem(where, "is a control, which cannot be declared", "leave the line out"))
            else:
                attributes.setdefault(name.strip(), []).append(value)
    problems += faults
    return None if dn is None or faults else Record(f"{option} line {first}", dn, attributes)


def _value(rest: str, where: str, faults: list[Problem]) -> Optional[bytes]:
    if rest.startswith("<"):
        cure = "write the value itself, in base64 after two colons"
        faults.append(Problem(where, "names a file or an address, which is not read", cure))
        return None
    if rest.startswith(":"):
        try:
            return base64.b64decode("".join(rest[1:].split()), validate=True)
        except binascii.Error:
            faults.append(Problem(where, "is not base64 after its two colons", "write one colon before text"))
            return None
    return rest.lstrip(" ").encode("utf-8", "surrogateescape")


def render(entries: Iterable[Entry]) -> str:
    """Entries as LDIF with lines of up to 76 characters."""
    return "version: 1\n" + "".join("\n" + "".join(_lines(entry)) for entry in entries)


def _lines(entry: Entry) -> Iterator[str]:
    yield _line("dn", entry.dn.encode("utf-8", "surrogateescape"))
    for name, values in entry.attributes.items():
        for value in values:
            yield _line(name, value)


def _line(name: str, value: bytes) -> str:
    if SAFE.fullmatch(value):
        line = f"{name}: {value.decode('ascii')}"
    else:
        line = f"{name}:: {base64.b64encode(value).decode('ascii')}"
    rest = [line[place : place + WIDTH - 1] for place in range(WIDTH, len(line), WIDTH - 1)]
    return "\n ".join([line[:WIDTH], *rest]) + "\n"
