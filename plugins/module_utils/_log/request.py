# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of mail_log_info, checked all at once before a log is opened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Optional

from .._engine.errors import Problem, refuse
from .._engine.privacy import Privacy, privacy_of
from .times import moment

TIMES = "write a date and time such as 2026-11-25 09:00, with or without a zone, or an age such as 2h or 7d"
NUMBERS = {
    "top": "give the number of lines that each table may have",
    "brute_force_threshold": "give the number of failed logins that make an address a candidate",
    "max_entries": "give the number of senders, recipients and so on to keep count of",
}
TRACED = ("message_id", "queue_id", "address")
QUEUE_ID = re.compile(r"[0-9A-Za-z]{5,30}")


@dataclass(frozen=True)
class Request:
    """What to read and how to show it. ``trace`` holds what is searched for, when a message is to be traced."""

    paths: tuple[str, ...]
    journal: bool
    rotated: bool
    since: Optional[float]
    until: Optional[float]
    cursor: Optional[str]
    instance: str
    top: int
    threshold: int
    max_entries: int
    trace: Mapping[str, tuple[str, ...]]
    privacy: Privacy


def request_of(params: Mapping[str, Any], now: float) -> Request:
    """The request, or everything that is wrong with it."""
    refuse([*_times(params, now), *_numbers(params), *_trace(params), *_places(params)])
    since, until = (None if params[name] is None else moment(params[name], now) for name in ("since", "until"))
    return Request(
        paths=tuple(params["paths"] or ()),
        journal=params["journal"],
        rotated=params["rotated"],
        since=since,
        until=until,
        cursor=params["cursor"],
        instance=params["instance"] or "",
        top=params["top"],
        threshold=params["brute_force_threshold"],
        max_entries=params["max_entries"],
        trace={name: tuple(_listed(value)) for name, value in (params["trace"] or {}).items() if value},
        privacy=privacy_of(params),
    )


def _times(params: Mapping[str, Any], now: float) -> Iterator[Problem]:
    found = {name: moment(params[name], now) for name in ("since", "until") if params[name] is not None}
    for name, value in found.items():
        if value is None:
            yield Problem(name, "is no time", TIMES, params[name])
    since, until = found.get("since"), found.get("until")
    if since is not None and until is not None and since > until:
        yield Problem("until", "is before since", "give the earlier time as since", params["until"])


def _numbers(params: Mapping[str, Any]) -> Iterator[Problem]:
    for name, cure in NUMBERS.items():
        if params[name] < 1:
            yield Problem(name, "is less than 1", cure, params[name])


def _trace(params: Mapping[str, Any]) -> Iterator[Problem]:
    wanted = params["trace"]
    if wanted is None:
        return
    for name, value in wanted.items():
        if name not in TRACED:
            yield Problem(f"trace.{name}", "is nothing to look for", f"give {', '.join(TRACED)}")
            continue
        for place, one in enumerate([] if value is None else _listed(value)):
            option = f"trace.{name}[{place}]" if isinstance(value, list) else f"trace.{name}"
            if not (isinstance(one, str) and one.strip()):
                yield Problem(option, "is no text", "write it as it stands in a log", one)
            elif name == "queue_id" and not QUEUE_ID.fullmatch(one):
                yield Problem(option, "is no queue id", "copy it from postqueue or a log", one)
    if not any(wanted.get(name) for name in TRACED):
        yield Problem("trace", "says nothing to look for", f"give {', '.join(TRACED)}")
    if params["cursor"] is not None:
        yield Problem("cursor", "cannot be used with trace", "give since and until instead", params["cursor"])


def _listed(value: Any) -> list[Any]:
    """Several names, or one that stands alone."""
    return value if isinstance(value, list) else [value]


def _places(params: Mapping[str, Any]) -> Iterator[Problem]:
    paths = params["paths"] or []
    if not paths and not params["journal"]:
        yield Problem("paths", "names no log, and journal is false", "name log files, or set journal: true")
    for index, path in enumerate(paths):
        if path in paths[:index]:
            yield Problem(f"paths[{index}]", "is there twice", "name each log once", path)
