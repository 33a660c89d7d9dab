# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of mail_log_info, checked all at once before a log is opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional

from .._engine.errors import Problem, refuse
from .._engine.privacy import Privacy, privacy_of
from .times import moment

TIMES = "write a date and time such as 2026-11-25 09:00, with or without a zone, or an age such as 2h or 7d"

NUMBERS = {
    "top": "give the number of lines that each table may have",
    "brute_force_threshold": "give the number of failed logins that make an address a candidate",
}


@dataclass(frozen=True)
class Request:
    """What to read and how to show it."""

    paths: tuple[str, ...]
    rotated: bool
    since: Optional[float]
    until: Optional[float]
    instance: str
    top: int
    threshold: int
    privacy: Privacy


def request_of(params: Mapping[str, Any], now: float) -> Request:
    problems = [
        Problem(name, "is no time", TIMES, params[name])
        for name in ("since", "until")
        if params[name] is not None and moment(params[name], now) is None
    ]
    since, until = (None if params[name] is None else moment(params[name], now) for name in ("since", "until"))
    if since is not None and until is not None and since > until:
        problems.append(Problem("until", "is before since", "give the earlier time as since", params["until"]))
    problems += [
        Problem(name, "is less than 1", cure, params[name]) for name, cure in NUMBERS.items() if params[name] < 1
    ]
    refuse(problems)
    return Request(
        paths=tuple(params["paths"] or ()),
        rotated=params["rotated"],
        since=since,
        until=until,
        instance=params["instance"] or "",
        top=params["top"],
        threshold=params["brute_force_threshold"],
        privacy=privacy_of(params),
    )
