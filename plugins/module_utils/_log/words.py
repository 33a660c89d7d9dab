# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The result in sentences, the most important first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

UNITS = ("bytes", "kB", "MB", "GB", "TB")
PARTS = {
    "before_queue": "before the queue manager",
    "in_queue": "in the queue",
    "connection": "while connecting",
    "transmission": "while being sent",
}


def summary(result: Mapping[str, Any]) -> list[str]:
    """What a person wants to know first."""
    return [
        *_period(result["log"]),
        *_messages(result["messages"]),
        *_reasons(result["tables"]),
        *_verdicts(result["messages"]),
        *_delays(result["delays"]),
        *_logins(result["messages"], result["brute_force"]),
        *_trouble(result["messages"], result["log"]),
    ]


def warnings(result: Mapping[str, Any], gaps: Sequence[str]) -> list[str]:
    """What makes the numbers less than the whole truth."""
    said = [
        f"{path}: the log that the last run stopped in is gone; what it held after that is not counted" for path in gaps
    ]
    cut = [entry["table"] for entry in result["log"]["cut"]]
    if cut:
        said.append(
            f"more than max_entries in {', '.join(cut)}: the smallest were dropped, so small numbers may be too small"
        )
    return said


def size(number: float) -> str:
    """Bytes in a unit that suits them."""
    unit = 0
    while number >= 1000 and unit < len(UNITS) - 1:
        number, unit = number / 1000, unit + 1
    return f"{number:.0f} {UNITS[unit]}" if unit == 0 or number >= 100 else f"{number:.1f} {UNITS[unit]}"


def many(number: int, one: str, more: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def _period(log: Mapping[str, Any]) -> Iterator[str]:
    if log["first"] is None:
        yield "No line with a time was found."
    else:
        yield f"{many(log['lines'], 'line')} from {log['first']} to {log['last']}."


def _messages(messages: Mapping[str, int]) -> Iterator[str]:
    yield (
        f"{many(messages['received'], 'message')} received ({size(messages['bytes_received'])}), "
        f"{many(messages['delivered'], 'delivery', 'deliveries')} ({messages['relayed']:,} of them to other servers)."
    )
    yield (
        f"{messages['bounced']:,} bounced, {messages['deferred_messages']:,} deferred (in "
        f"{many(messages['deferrals'], 'attempt')}), {messages['expired']:,} expired, "
        f"{messages['rejected']:,} rejected."
    )


def _reasons(tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[str]:
    for name, what in (("bounces", "bounces"), ("deferrals", "deferrals"), ("rejects", "rejections")):
        if tables[name]:
            first = tables[name][0]
            yield f"Most {what} ({first['count']:,}): {first['name']}."


def _verdicts(messages: Mapping[str, int]) -> Iterator[str]:
    said = [
        f"{messages[name]:,} {what}"
        for name, what in (("ham", "harmless"), ("spam", "spam"), ("infected", "infected"), ("banned", "banned"))
        if messages.get(name)
    ]
    if said:
        yield f"Filters called {', '.join(said)}."


def _delays(delays: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    total = delays["total"]
    if total:
        longest = max(PARTS, key=lambda part: delays[part].get("mean", 0))
        yield (
            f"A delivery took {total['mean']:.3g} s on average, 95 of 100 less than {total['p95']:.3g} s, the slowest "
            f"{total['max']:.3g} s; most of it {PARTS[longest]}."
        )


def _logins(messages: Mapping[str, int], guessers: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if messages.get("logins") or messages.get("failed_logins"):
        yield f"{many(messages.get('logins', 0), 'login')}, {messages.get('failed_logins', 0):,} failed."
    if guessers:
        first = guessers[0]
        yield (
            f"{many(len(guessers), 'address', 'addresses')} may be guessing passwords; the busiest, "
            f"{first['address']}, failed {many(first['failed'], 'time')} with {many(first['users'], 'name')}."
        )


def _trouble(messages: Mapping[str, int], log: Mapping[str, Any]) -> Iterator[str]:
    worse = messages.get("fatals", 0) + messages.get("panics", 0) + messages.get("dovecot_fatals", 0)
    if worse:
        yield f"{many(worse, 'time')} a daemon gave up (fatal or panic)."
    if log["broken_lines"]:
        yield f"{many(log['broken_lines'], 'line')} could not be read."
