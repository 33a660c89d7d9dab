# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far each server has come: contextCSN by the number of the server that made the change, and who is behind whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Optional

CSN = re.compile(r"(\d{14})(\.\d+)?Z#[0-9a-f]{6}#([0-9a-f]{3})#[0-9a-f]{6}")

# By number of a server, as slapd writes it: the newest change of that server.
States = Mapping[str, str]


@dataclass(frozen=True)
class Behind:
    """``server`` lacks what ``ahead`` has of the changes made at the server with this number.

    ``seconds`` lie between the newest change that either has; nothing when the server has none at all.
    """

    server: str
    ahead: str
    number: str
    seconds: Optional[float]

    def __str__(self) -> str:
        if self.seconds is None:
            return f"{self.server} has nothing of what server id {int(self.number, 16)} changed, which {self.ahead} has"
        return f"{self.server} is {amount(self.seconds)} behind {self.ahead}"


def states(values: Iterable[str]) -> dict[str, str]:
    """From the values of contextCSN. One that is none of these is left out."""
    found: dict[str, str] = {}
    for value in values:
        match = CSN.fullmatch(value)
        if match:
            found[match[3]] = max(value, found.get(match[3], ""))
    return found


def time_of(csn: str) -> float:
    """Seconds since 1970."""
    match = CSN.fullmatch(csn)
    if match is None:
        return 0.0
    moment = datetime.strptime(match[1], "%Y%m%d%H%M%S").replace(tzinfo=timezone.utc)
    return moment.timestamp() + float(match[2] or 0)


def newest(servers: Mapping[str, States]) -> dict[str, tuple[str, str]]:
    """By number, the newest change that anybody has, and who."""
    found: dict[str, tuple[str, str]] = {}
    for name, known in servers.items():
        for number, csn in known.items():
            if csn > found.get(number, ("", ""))[0]:
                found[number] = (csn, name)
    return found


def behind(servers: Mapping[str, States], goal: Mapping[str, tuple[str, str]]) -> list[Behind]:
    """Who has not come as far as ``goal``, the worst first. A server whose number nobody has used yet is not behind."""
    found = [
        Behind(name, ahead, number, time_of(csn) - time_of(known[number]) if number in known else None)
        for name, known in servers.items()
        for number, (csn, ahead) in goal.items()
        if known.get(number, "") < csn
    ]
    return sorted(found, key=lambda item: float("inf") if item.seconds is None else item.seconds, reverse=True)


def worst(found: Iterable[Behind]) -> list[Behind]:
    """For each server the one that it is farthest behind."""
    first: dict[str, Behind] = {}
    for item in found:
        first.setdefault(item.server, item)
    return list(first.values())


def amount(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 1:
        return "less than a second"
    for size, unit in ((86400, "days"), (3600, "hours"), (120, "min")):
        if seconds >= 2 * size or (unit == "min" and seconds >= size):
            return f"{seconds / (60 if unit == 'min' else size):.0f} {unit}"
    return f"{seconds:.0f} s"
