# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Queries of an SQL user database: columns that 2.4 knows under another name, or in another form."""

from __future__ import annotations

import re
from typing import Optional

from .variables import AUTH, converted

SELECT = re.compile(r"(?P<head>\s*SELECT\s+(?:DISTINCT\s+)?)", re.IGNORECASE)
COLUMN = re.compile(
    r"(?P<what>.*?)\s+(?:AS\s+)?(?P<quote>[`\"']?)(?P<name>\w+)(?P=quote)\s*", re.IGNORECASE | re.DOTALL
)
RULE = re.compile(r"""(?P<quote>['"])\*:(?P<kind>bytes|storage)=(?P<more>[^'"]*)(?P=quote)""")
PLACE = re.compile(r"""(?P<quote>['"])(?P<driver>maildir|mdbox|sdbox|dbox|mbox):""")
UNIT = re.compile(r"""['"][BKMGTbkmgt]B?['"]\s*\)?\s*$""")


def converted_query(query: str) -> tuple[str, list[str]]:
    """A query for 2.4, and what in it somebody has to decide about."""
    text, unknown = converted(query, AUTH)
    wrong = [f"2.4 has nothing for {name}: write the query anew" for name in unknown]
    split = _columns(text)
    if split is None:
        # Not a plain SELECT: a function of the database may return the columns, as far as anybody can see.
        if re.search(r"\b(?:userdb_)?(?:quota_rule|mail)\b", text):
            wrong.append("may return mail or quota_rule: return mail_path and quota_storage_size instead")
        return text, wrong
    head, columns, tail = split
    new: list[str] = []
    for column in columns:
        changed = _column(column)
        if changed is None:
            wrong.append(f"returns `{column.strip()}`: return mail_driver, mail_path or quota_storage_size instead")
        new.append(column if changed is None else changed)
    return f"{head}{','.join(new)}{tail}", wrong


def _columns(query: str) -> Optional[tuple[str, list[str], str]]:
    """What is before, between the commas of, and after the list of columns."""
    match = SELECT.match(query)
    if not match:
        return None
    columns, start, depth, quote = [], match.end(), 0, ""
    for at in range(match.end(), len(query)):
        letter = query[at]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"`":
            quote = letter
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif depth == 0 and letter == ",":
            columns.append(query[start:at])
            start = at + 1
        elif depth == 0 and re.match(r"\sFROM\s", query[at:], re.IGNORECASE):
            return match["head"], [*columns, query[start:at]], query[at:]
    return match["head"], [*columns, query[start:]], ""


def _column(column: str) -> Optional[str]:
    """One column for 2.4, or nothing where it cannot be told what it holds."""
    match = COLUMN.fullmatch(column)
    name = match["name"] if match else column.strip().rpartition(".")[2].strip('`"')
    prefix = "userdb_" if name.startswith("userdb_") else ""
    bare = name[len(prefix) :]
    if bare not in ("mail", "quota_rule", "quota"):
        return column
    if match is None:
        return column if bare == "quota" else None
    if bare == "quota":
        return None
    what = match["what"]
    changed = _quota(what) if bare == "quota_rule" else None
    if changed is not None:
        return f"{changed} AS {prefix}quota_storage_size"
    place = PLACE.search(what) if bare == "mail" else None
    if place is None or re.search(r":(?:[A-Z]{3,})\b", what[place.end() :]):
        return None
    driver = "sdbox" if place["driver"] == "dbox" else place["driver"]
    path = f"{what[: place.start()]}{place['quote']}{what[place.end() :]}"
    return f"{path} AS {prefix}mail_path, '{driver}' AS {prefix}mail_driver"


def _quota(what: str) -> Optional[str]:
    """``CONCAT('*:bytes=', quota)`` to ``CONCAT(quota, 'B')``, as far as it is of that form."""
    found = list(RULE.finditer(what))
    if len(found) != 1 or ":" in found[0]["more"] or re.search(r"['\"]:\w+=", what):
        return None
    rule = found[0]
    unit = "B" if rule["kind"] == "bytes" else "K"
    if rule["more"] and rule["more"][-1:].isalpha():
        unit = ""
    if UNIT.search(what[rule.end() :]):
        unit = ""
    value = f"{what[: rule.start()]}{rule['quote']}{rule['more']}{rule['quote']}{what[rule.end() :]}"
    if not unit:
        return value
    if re.fullmatch(r"\s*concat\s*\(.*\)\s*", value, re.IGNORECASE | re.DOTALL):
        return f"{value.rstrip()[:-1]}, '{unit}')"
    if "||" in value:
        return f"{value} || '{unit}'"
    if re.fullmatch(r"""\s*(['"])\d+\1\s*""", value):
        return f"{value.rstrip()[:-1]}{unit}{rule['quote']}"
    return None
