# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of ``mail_queue_info``, read and checked together. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from ..._engine.errors import Problem, refuse
from ..._engine.privacy import SHOWN, Privacy, privacy_of
from .filters import EVERYTHING, Filter, read_filter
from .report import Look
from .request import limit_problems

# Each has what the one before it has.
DETAILS = ("none", "envelope", "headers", "body")
LONGEST_INTERVAL = 600


@dataclass(frozen=True)
class InfoRequest:
    """What to report. ``fingerprint`` tells filters apart, ``details`` are those that are wanted of each message."""

    filter: Filter
    fingerprint: str
    since: Optional[Look]
    interval: int
    top: int
    details: Sequence[str]
    list_limit: int
    recipient_limit: int
    privacy: Privacy


def read_info_request(params: Mapping[str, Any], now: float) -> InfoRequest:
    """Raises InputError with all that is wrong."""
    wanted, problems = EVERYTHING, limit_problems(params)
    if params.get("filter") is not None:
        wanted, wrong = read_filter(params["filter"])
        problems += wrong
    fingerprint = _fingerprint(params.get("filter"))
    since = None
    if params.get("since") is not None:
        since = _since(params["since"], fingerprint, now, problems)
    interval = params.get("interval") or 0
    if not 0 <= interval <= LONGEST_INTERVAL:
        cure = f"give seconds up to {LONGEST_INTERVAL}, or since for a longer time"
        problems.append(Problem("interval", "is out of range", cure, interval))
    if not 1 <= params["top"] <= 1000:
        problems.append(Problem("top", "is out of range", "give a number from 1 to 1000", params["top"]))
    details = DETAILS[1 : DETAILS.index(params["details"]) + 1]
    if "headers" in details and params["addresses"] != SHOWN:
        cure = "give details: envelope, or addresses: shown"
        problems.append(Problem("details", "would show names that addresses hides", cure, params["details"]))
    refuse(problems)
    return InfoRequest(
        filter=wanted,
        fingerprint=fingerprint,
        since=since,
        interval=interval,
        top=params["top"],
        details=details,
        list_limit=params["list_limit"],
        recipient_limit=params["recipient_limit"],
        privacy=privacy_of(params),
    )


def _fingerprint(data: Any) -> str:
    text = json.dumps(data or {}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _since(data: Mapping[str, Any], fingerprint: str, now: float, problems: list[Problem]) -> Optional[Look]:
    """An earlier result, or its look."""
    look = data.get("look", data)
    numbers = [look.get(name) for name in ("time", "messages")] if isinstance(look, dict) else [None]
    if any(not isinstance(one, int) or isinstance(one, bool) or one < 0 for one in numbers):
        problems.append(Problem("since", "is no earlier result", "give what this module returned, or its look"))
    elif look.get("of") != fingerprint:
        problems.append(Problem("since", "is of another filter", "give the same filter both times"))
    elif look["time"] > now:
        problems.append(Problem("since", "is in the future", "give an earlier result of this host", look["time"]))
    else:
        return Look(look["time"], look["messages"], look["of"])
    return None
