# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was counted, as return values: plain numbers, tables with the largest lines first, sentences."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Optional

from .._engine.privacy import DROPPED, Privacy
from . import words
from .logins import guessers
from .request import Request
from .tally import COLUMNS, DELAY_PARTS, HOUR_COLUMNS, Tally
from .times import Clock, utc

PERCENTILES = (50, 90, 95, 99)
# Tables whose keys are addresses of people, and those whose keys may contain some.
PERSONAL = {"senders", "recipients", "users", "logins"}
ALWAYS = (
    *("received", "delivered", "forwarded", "relayed", "bounced", "deferrals", "deferred_messages", "expired"),
    *("rejected", "reject_warnings", "held", "discarded", "bytes_received", "bytes_delivered"),
)
# Tables that others are made from.
INTERNAL = {"login_failures"}
# So many hours have a line each, whether anything happened in them or not.
HOURS_FILLED = 24 * 62
# What belongs to the reading and not to the mail.
OF_THE_LOG = ("lines", "broken_lines", "other_lines")


def rendered(tally: Tally, clock: Clock, request: Request) -> dict[str, Any]:
    """All return values that come from the counting."""
    privacy, top, threshold = request.privacy, request.top, request.threshold
    counts = dict(tally.counts)
    counts["relayed"] = int(tally.tables["transports"].get(b"smtp", [0])[0])
    for name in ("senders", "sender_domains", "recipients", "recipient_domains"):
        # Tables of pflogsumm(1) count those that received something, too.
        rows = tally.tables[name].values()
        counts[name] = sum(1 for row in rows if row[0])
    log: dict[str, Any] = {name: counts.pop(name, 0) for name in OF_THE_LOG}
    log["broken"] = [privacy.text(text(line)) for line in tally.broken]
    log["first"], log["last"] = utc(tally.first), utc(tally.last)
    log["cut"] = [{"table": name, **noted} for name, noted in sorted(tally.cut.items())]
    result = {
        "log": log,
        "messages": {**dict.fromkeys(ALWAYS, 0), **counts},
        "delays": delays(tally),
        "tables": {name: table(tally, name, privacy, top) for name in COLUMNS if name not in INTERNAL},
        "hours": hours(tally, clock),
        "brute_force": brute_force(tally, privacy, threshold),
    }
    return {**result, "summary": words.summary(result)}


def table(tally: Tally, name: str, privacy: Privacy, top: int) -> list[dict[str, Any]]:
    """The largest lines of a table."""
    if name in PERSONAL and privacy.mode == DROPPED:
        return []
    rows = [(key, row) for key, row in tally.tables[name].items() if any(row)]
    rows.sort(key=lambda item: (-item[1][0], [-number for number in item[1][1:]], item[0]))
    show = privacy.address if name in PERSONAL else privacy.text
    return [
        {"name": show(text(key)), **{column: whole(value) for column, value in zip(COLUMNS[name], row)}}
        for key, row in rows[:top]
    ]


def delays(tally: Tally) -> dict[str, dict[str, float]]:
    """Mean, percentiles and largest of each part of the delay of deliveries, in seconds."""
    return {name: spread(part) for name, part in zip(DELAY_PARTS, tally.delays)}


def spread(seen: dict[bytes, int]) -> dict[str, float]:
    values = sorted((float(value), count) for value, count in seen.items())
    total = sum(count for _value, count in values)
    if not total:
        return {}
    found: dict[str, float] = {"mean": round(sum(value * count for value, count in values) / total, 4)}
    for percentile in PERCENTILES:
        rest = total * percentile / 100
        for value, count in values:
            rest -= count
            if rest <= 0:
                found[f"p{percentile}"] = value
                break
    return {**found, "max": values[-1][0]}


def brute_force(tally: Tally, privacy: Privacy, threshold: int) -> list[dict[str, Any]]:
    """Who may be guessing passwords."""
    return [
        {
            **found,
            "address": text(found["address"]),
            "most_tried": [privacy.address(text(user)) for user in found["most_tried"]],
        }
        for found in guessers(tally, threshold)
    ]


def hours(tally: Tally, clock: Clock) -> list[dict[str, Any]]:
    """What happened in each hour, as the log writes hours; also in those in which nothing did."""
    rows: dict[str, list[int]] = {}
    for key, numbers in tally.hours.items():
        moment = clock.hour(key)
        if moment is not None and any(numbers):
            own = rows.setdefault(moment, [0] * len(HOUR_COLUMNS))
            rows[moment] = [one + other for one, other in zip(own, numbers)]
    if not rows:
        return []
    first, last = datetime.fromisoformat(min(rows)), datetime.fromisoformat(max(rows))
    between = int((last - first).total_seconds()) // 3600 + 1
    steps = [(first + timedelta(hours=number)).strftime("%Y-%m-%dT%H:00") for number in range(between)]
    wanted = steps if between <= HOURS_FILLED else sorted(rows)
    return [{"hour": hour, **dict(zip(HOUR_COLUMNS, rows.get(hour, [0] * len(HOUR_COLUMNS))))} for hour in wanted]


def whole(value: float) -> float:
    return int(value) if value == int(value) else round(value, 3)


def text(key: Optional[bytes]) -> str:
    return (key or b"").decode("utf-8", "replace")
