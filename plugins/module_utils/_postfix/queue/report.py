# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in the queue, added up message by message: how much, how old, for whom, why. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Optional

from ..._engine.privacy import Privacy
from .messages import CORRUPT, DEFERRED, HOLD, INCOMING, NULL_SENDER, QUEUES, Message, domain_of
from .reasons import NOT_TRIED, Cause, cause

# The limits of qshape(1), in minutes.
BUCKETS = (5, 10, 20, 40, 80, 160, 320, 640, 1280)
NAMES = (*(str(limit) for limit in BUCKETS), f"{BUCKETS[-1]}+")
# A message that is still in incoming by then: the queue manager does not keep up, or does not run.
SLOW = 300


class Look(NamedTuple):
    """How many messages there were at a ``time``, for the rates until the next look. ``of`` names the filter."""

    time: int
    messages: int
    of: str


class Report:
    """Everything about the messages that were added. ``since`` is an earlier look."""

    def __init__(self, now: float, since: Optional[Look] = None) -> None:
        self.now = int(now)
        self.since = since
        # Since the earlier look, and while the list was printed: those belong to the next look.
        self.arrived = 0
        self.late = 0
        self.count = 0
        self.size = 0
        self.largest = 0
        self.queues = {queue: [0, 0, 0, 0] for queue in QUEUES}
        self.oldest: Optional[Message] = None
        self.senders: Counter[str] = Counter()
        self.recipients: Counter[str] = Counter()
        self.reasons: Counter[Cause] = Counter()
        self.ages: dict[str, list[int]] = defaultdict(lambda: [0] * len(NAMES))
        # Of each destination and cause: messages, and when the oldest of them came.
        self.waiting: dict[tuple[str, Cause], list[int]] = {}

    def add(self, message: Message) -> None:
        arrival, size = message.arrival, message.size
        self.count += 1
        self.size += size
        self.largest = max(self.largest, size)
        if arrival > self.now:
            self.late += 1
        elif self.since is not None and arrival > self.since.time:
            self.arrived += 1
        if self.oldest is None or arrival < self.oldest.arrival:
            self.oldest = message
        in_queue = self.queues[message.queue]
        in_queue[0] += 1
        in_queue[1] += size
        in_queue[2] += len(message.recipients)
        in_queue[3] = max(in_queue[3], self.now - arrival)
        if message.sender:
            self.senders[message.sender] += 1
        self._add_recipients(message)

    def _add_recipients(self, message: Message) -> None:
        arrival = message.arrival
        bucket = bisect_left(BUCKETS, (self.now - arrival) / 60)
        domains, why = set(), set()
        for recipient in message.recipients:
            domain = domain_of(recipient.address)
            domains.add(domain)
            self.recipients[recipient.address] += 1
            if recipient.reason:
                why.add((domain, cause(recipient.reason)))
        for domain in domains:
            self.ages[domain][bucket] += 1
        for pair in why:
            known = self.waiting.setdefault(pair, [0, arrival])
            known[0] += 1
            known[1] = min(known[1], arrival)
        for one in {pair[1] for pair in why} or {NOT_TRIED}:
            self.reasons[one] += 1

    def look(self, of: str) -> Look:
        return Look(self.now, self.count - self.late, of)

    def result(self, top: int, show: Privacy) -> dict[str, Any]:
        """The return values, with the ``top`` of everything that there may be many of."""
        return {
            "total": self.count,
            "size": self.size,
            "largest": self.largest,
            "queues": {
                queue: dict(zip(("messages", "size", "recipients", "oldest"), numbers))
                for queue, numbers in self.queues.items()
            },
            "ages": [
                {"domain": domain, "total": sum(numbers), "minutes": dict(zip(NAMES, numbers))}
                for domain, numbers in _first(self.ages.items(), top, lambda item: sum(item[1]))
            ],
            "top_senders": _named(_merged(self.senders, show), top),
            "top_recipients": _named(_merged(self.recipients, show), top),
            "top_domains": _named({domain: sum(numbers) for domain, numbers in self.ages.items()}, top),
            "top_reasons": [
                {"reason": show.text(one.text), "status": one.status, "messages": count}
                for one, count in _first(self.reasons.items(), top, lambda item: item[1])
            ],
            "bottlenecks": self.bottlenecks(top, show),
            "summary": self.summary(top, show),
            "rates": self.rates(),
        }

    def bottlenecks(self, top: int, show: Privacy) -> list[dict[str, Any]]:
        """What most messages wait for, by destination."""
        return [
            {
                "domain": domain,
                "reason": show.text(why.text),
                "status": why.status,
                "messages": count,
                "oldest": max(0, self.now - arrival),
            }
            for (domain, why), (count, arrival) in _first(self.waiting.items(), top, lambda item: item[1][0])
        ]

    def summary(self, top: int, show: Privacy) -> list[str]:
        """The state of the queue in sentences."""
        lines = [
            f"deferred to {one['domain'] or 'this host'}: {one['reason']}, {amount(one['messages'])}, "
            f"oldest {duration(one['oldest'])}"
            for one in self.bottlenecks(top, show)
        ]
        for queue, what in ((HOLD, "on hold"), (CORRUPT, "corrupt"), (INCOMING, "waiting for the queue manager")):
            count, _size, _recipients, oldest = self.queues[queue]
            if count and (queue != INCOMING or oldest > SLOW):
                lines.append(f"{what}: {amount(count)}, oldest {duration(oldest)}")
        total = (
            "the queue is empty" if not self.count else f"{amount(self.count)}, {self.queues[DEFERRED][0]:,} deferred"
        )
        return [total, *lines]

    def rates(self) -> Optional[dict[str, Any]]:
        """Arrivals and departures since the earlier look; mail that came and went in between is in neither."""
        if self.since is None:
            return None
        seconds = max(1, self.now - self.since.time)
        present = self.count - self.late
        left = max(0, self.since.messages + self.arrived - present)
        return {
            "seconds": seconds,
            "arrived": self.arrived,
            "left": left,
            "arrived_per_minute": round(self.arrived * 60 / seconds, 2),
            "left_per_minute": round(left * 60 / seconds, 2),
            "growth": present - self.since.messages,
        }


def amount(count: int) -> str:
    return f"{count:,} {'message' if count == 1 else 'messages'}"


def duration(seconds: int) -> str:
    """The largest unit that fits, rounded down."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _merged(counted: Mapping[str, int], show: Privacy) -> Mapping[str, int]:
    """Counts by the names that may be shown, which may be the same for several people."""
    if show.mode == "shown":
        return counted
    found: Counter[str] = Counter()
    for address, count in counted.items():
        found[address if address == NULL_SENDER else show.address(address)] += count
    return found


def _named(counted: Mapping[str, int], top: int) -> list[dict[str, Any]]:
    return [{"name": name, "messages": count} for name, count in _first(counted.items(), top, lambda item: item[1])]


def _first(items: Iterable[tuple[Any, Any]], top: int, key: Any) -> Sequence[tuple[Any, Any]]:
    """The largest, equal ones by name."""
    return sorted(items, key=lambda item: (-key(item), item[0]))[:top]
