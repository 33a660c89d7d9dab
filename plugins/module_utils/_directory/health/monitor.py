# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What cn=Monitor says: connections, operations, threads, databases, since when the server runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Optional

from ..messages import Entry

BASE = "cn=Monitor"
WANTED = [
    "monitorCounter", "monitoredInfo", "monitorOpInitiated", "monitorOpCompleted", "namingContexts",
    "olmMDBPagesMax", "olmMDBPagesUsed", "olmMDBPagesFree", "olmMDBEntries", "olmMDBReadersUsed", "olmMDBReadersMax",
]  # fmt: skip
PAGE = 4096
CONNECTIONS = {"total": "total", "current": "current", "max file descriptors": "most_file_descriptors"}
THREADS = {"max": "most", "open": "open", "active": "active", "pending": "pending", "backload": "backload"}

# Relative names, innermost first, in lower case, by the values of their attributes.
Tree = Mapping[tuple[str, ...], Mapping[str, Sequence[str]]]


def tree(entries: Iterable[Entry]) -> Tree:
    """Entries by the path to them below cn=Monitor, attributes in lower case."""
    found = {}
    for entry in entries:
        path = tuple(part.partition("=")[2].strip().lower() for part in entry.dn.split(","))[:-1]
        found[path] = {
            name.lower(): [value.decode("utf-8", "replace") for value in values]
            for name, values in entry.attributes.items()
        }
    return found


def read(entries: Iterable[Entry]) -> dict[str, Any]:
    """All of it as data. What the server does not say is left out."""
    found = tree(entries)
    return {
        "version": (re.findall(r"slapd ([\d.]+)", _one(found, (), "monitoredinfo") or "") or [None])[0],
        "uptime": _number(_one(found, ("uptime", "time"), "monitoredinfo")),
        "connections": _counters(found, "connections", CONNECTIONS, "monitorcounter"),
        "operations": {
            path[0]: {
                "initiated": _number(_one(found, path, "monitoropinitiated")),
                "completed": _number(_one(found, path, "monitoropcompleted")),
            }
            for path in found
            if len(path) == 2 and path[1] == "operations"
        },
        "threads": _counters(found, "threads", THREADS, "monitoredinfo"),
        "databases": [_database(item) for path, item in found.items() if _is_database(path, item)],
    }


def _one(found: Tree, path: tuple[str, ...], attribute: str) -> Optional[str]:
    return next(iter(found.get(path, {}).get(attribute, ())), None)


def _number(text: Optional[str]) -> Optional[int]:
    return int(text) if text is not None and text.isdigit() else None


def _counters(found: Tree, kind: str, names: Mapping[str, str], attribute: str) -> dict[str, Optional[int]]:
    return {given: _number(_one(found, (name, kind), attribute)) for name, given in names.items()}


def _is_database(path: tuple[str, ...], item: Mapping[str, Sequence[str]]) -> bool:
    return len(path) == 2 and path[1] == "databases" and "olmmdbpagesmax" in item


def _database(item: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Pages that are free again count as free: the file does not shrink, but they are used before it grows."""

    def count(name: str) -> int:
        return int(next(iter(item.get(name, ())), "0"))

    used, most = count("olmmdbpagesused") - count("olmmdbpagesfree"), count("olmmdbpagesmax")
    return {
        "suffix": next(iter(item.get("namingcontexts", ())), ""),
        "entries": count("olmmdbentries"),
        "bytes": used * PAGE,
        "max_bytes": most * PAGE,
        "used_percent": round(100 * used / most, 1) if most else 0.0,
        "readers": count("olmmdbreadersused"),
        "max_readers": count("olmmdbreadersmax"),
    }
