# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Entries that are there beside those of a backup: what would come back, change and go, and what is newer."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

# What the server counts for itself, also while nobody changes anything: logins are no work that is lost.
BOOKKEEPING = (
    "contextCSN:", "pwdFailureTime:", "pwdLastSuccess:", "authTimestamp:", "pwdAccountLockedTime:", "entryCSN:",
    "modifyTimestamp:", "modifiersName:", "oathTOTPLastTimeStep:", "oathTOTPTimeStepDrift:", "oathLastLogin:",
    "oathLastFailure:", "oathFailureCount:",
)  # fmt: skip
CSN = re.compile(r"^entryCSN: (\S+)$", re.MULTILINE)
CONTEXT = re.compile(r"^contextCSN: (\S+)$", re.MULTILINE)
NAME = re.compile(r"dn:(:?) ?(.*)")


class Record(NamedTuple):
    """The lines of an entry, sorted, without bookkeeping, and its last change."""

    lines: str
    csn: str


Records = Mapping[str, Record]


@dataclass(frozen=True)
class Content:
    """A database as slapcat writes it. ``states`` is how far each server has come, by its number."""

    records: Records
    states: Mapping[str, str]


@dataclass(frozen=True)
class Difference:
    """Names of entries of one database. ``newer`` says what was done after the backup, as far as it can be told."""

    suffix: str
    added: Sequence[str]
    changed: Sequence[str]
    removed: Sequence[str]
    newer: Sequence[str]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def __str__(self) -> str:
        parts = [
            f"{len(names)} {'entry' if len(names) == 1 else 'entries'} {verb}"
            for names, verb in (
                (self.added, "added"),
                (self.changed, "with other values"),
                (self.removed, "removed"),
            )
            if names
        ]
        return f"{self.suffix}: {', '.join(parts) or 'nothing differs'}"


def content(text: str, live: Iterable[str] = ()) -> Content:
    """From LDIF with one line for each value. ``live`` is what the running server says about how far each has come."""
    records = {}
    states: dict[str, str] = {}
    for record in text.split("\n\n"):
        lines = [line for line in record.split("\n") if line and not line.startswith("#")]
        if not lines:
            continue
        kept = "\n".join(sorted(line for line in lines[1:] if not line.startswith(BOOKKEEPING)))
        records[_name(lines[0])] = Record(kept, _csn(record))
        _advance(states, CONTEXT.findall(record))
    _advance(states, live)
    return Content(records, states)


def _advance(states: dict[str, str], csns: Iterable[str]) -> None:
    for csn in csns:
        states[server_of(csn)] = max(csn, states.get(server_of(csn), ""))


def _name(line: str) -> str:
    found = NAME.fullmatch(line)
    if found is None:
        return line
    return base64.b64decode(found[2]).decode("utf-8", "surrogateescape") if found[1] else found[2]


def server_of(csn: str) -> str:
    """The number of the server that made a change, from ``time#count#server#modification``."""
    return [*csn.split("#"), "", "", ""][2]


def time_of(csn: str) -> str:
    """When, as people write it."""
    return re.sub(r"^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d).*", r"\1-\2-\3 \4:\5:\6", csn) + " UTC"


def difference(suffix: str, present: Content, saved: Content) -> Difference:
    """What bringing ``saved`` back would do to ``present``."""
    old, new = present.records, saved.records
    removed = [name for name in old if name not in new]
    changed = [name for name in new if name in old and old[name].lines != new[name].lines]
    added = [name for name in new if name not in old]
    if not (added or changed or removed):
        # Bringing it back does nothing, and so loses nothing.
        return Difference(suffix, (), (), (), ())
    known = _states(saved)
    later = [name for name in [*removed, *changed] if _is_later(old[name].csn, known)]
    newer = [f"{name} of {time_of(old[name].csn)}" for name in sorted(later, key=lambda name: old[name].csn)[::-1]]
    if not newer:
        # What was deleted since leaves no other trace.
        newer = [f"a change of {time_of(csn)}" for server, csn in present.states.items() if csn > known.get(server, "")]
    return Difference(suffix, added, changed, removed, newer)


def _csn(record: str) -> str:
    found = CSN.search(record)
    return found[1] if found else ""


def _states(saved: Content) -> dict[str, str]:
    """How far each server had come: what the database says, or its newest entry."""
    states = dict(saved.states)
    _advance(states, (record.csn for record in saved.records.values()))
    return states


def _is_later(csn: str, states: Mapping[str, str]) -> bool:
    return csn > states.get(server_of(csn), "")


def listed(names: Iterable[str], limit: int = 1000) -> str:
    """Names on a line each, for a diff."""
    names = list(names)
    more = f"and {len(names) - limit} more\n" if len(names) > limit else ""
    return "".join(f"{name}\n" for name in names[:limit]) + more
