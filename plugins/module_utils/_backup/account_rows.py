# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which rows of the accounts a restore brings back. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Callable

from .database_host import Row, Table

Rows = dict[str, list[Row]]


def rows_to_put(
    saved: Mapping[str, Table], present: Mapping[str, Table], replace: bool, belongs: Callable[[Row], bool]
) -> Rows:
    """Rows that are missing and, with ``replace``, those that differ. Tables and columns of both sides alone count."""
    found: Rows = {}
    for name in sorted(saved.keys() & present.keys()):
        columns = _columns(present[name]) or _columns(saved[name])
        for key, row in saved[name].rows.items():
            if not belongs(row):
                continue
            kept = {column: value for column, value in row.items() if column in columns}
            there = present[name].rows.get(key)
            if there is None or (replace and any(there.get(column) != value for column, value in kept.items())):
                found.setdefault(name, []).append(kept)
    return found


def belongs_to(mailboxes: Sequence[str], domains: Sequence[str], everything: bool) -> Callable[[Row], bool]:
    """Whether a row is about one of the mailboxes, or a domain of them, or one of the domains and all in it."""
    names = {mailbox.lower() for mailbox in mailboxes}
    above = {mailbox.rpartition("@")[2] for mailbox in names}
    whole = {domain.lower() for domain in domains}

    def belongs(row: Row) -> bool:
        if everything:
            return True
        owner = str(row.get("username") or row.get("address") or "").lower()
        domain = str(row.get("domain") or row.get("alias_domain") or owner.rpartition("@")[2]).lower()
        if owner:
            return owner in names or owner.rpartition("@")[2] in whole
        return domain in whole or domain in above

    return belongs


def describe(rows: Rows, tables: Mapping[str, Table]) -> list[str]:
    """Each row by its table and key: what else is in it may be secret."""
    return [
        f"{name} {' '.join(str(row[column]) for column in tables[name].key)}"
        for name, found in rows.items()
        for row in found
    ]


def _columns(table: Table) -> set[str]:
    return {column for row in table.rows.values() for column in row}


def count(rows: Mapping[str, Sequence[Any]]) -> int:
    return sum(len(found) for found in rows.values())
