# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of ``mail_queue``, read and checked together. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Optional

from ..._engine.errors import Problem, refuse
from ..._engine.privacy import Privacy, privacy_of
from .actions import ACTIONS, DELETED, Action
from .filters import EVERYTHING, Filter, read_filter

MOST_LISTED = 100_000


@dataclass(frozen=True)
class Request:
    """What to do to which messages. ``everything`` is a filter left out on purpose."""

    action: Action
    filter: Filter
    everything: bool
    max_affected: int
    list_limit: int
    recipient_limit: int
    archive: Optional[str]
    privacy: Privacy


def read_request(params: Mapping[str, Any]) -> Request:
    """Raises InputError with all that is wrong."""
    wanted, problems = EVERYTHING, limit_problems(params)
    if params.get("filter") is not None:
        wanted, wrong = read_filter(params["filter"])
        problems += wrong
        if params["all"]:
            problems.append(Problem("all", "is given together with a filter", "leave one of them out", True))
        elif wanted.constant and not wrong:
            cure = "narrow it, or give the option all: true if every message is meant"
            problems.append(Problem("filter", "selects every message", cure, params["filter"]))
    elif not params["all"]:
        cure = "give a filter, or the option all: true if every message is meant"
        problems.append(Problem("filter", "is left out", cure))
    if params["max_affected"] < 0:
        problems.append(Problem("max_affected", "is negative", "give a number from 0 on", params["max_affected"]))
    if params.get("archive") is not None and params["state"] != DELETED:
        cure = f"leave it out, or use it with state: {DELETED}"
        problems.append(Problem("archive", f"is only for state: {DELETED}", cure, params["archive"]))
    refuse(problems)
    return Request(
        action=ACTIONS[params["state"]],
        filter=wanted,
        everything=params["all"],
        max_affected=params["max_affected"],
        list_limit=params["list_limit"],
        recipient_limit=params["recipient_limit"],
        archive=params.get("archive"),
        privacy=privacy_of(params),
    )


def limit_problems(params: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with how much a result may hold."""
    return [
        Problem(name, "is out of range", f"give a number from 0 to {MOST_LISTED}", params[name])
        for name in ("list_limit", "recipient_limit")
        if not 0 <= params[name] <= MOST_LISTED
    ]
