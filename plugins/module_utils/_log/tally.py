# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is counted while a log is read: plain dictionaries of bytes, so that a line costs a microsecond or two.

Memory stays bounded: a table with more keys than ``limit`` loses its smallest ones, which is noted in ``cut``, so the
largest ones are exact unless one of them was small for as long as the others grew.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Optional, TypeVar

Key = TypeVar("Key", bytes, int)
# A line of a table: how many, and what else is added up with it. The columns are those of COLUMNS.
Row = list[float]
Table = dict[bytes, Row]

COLUMNS = {
    "senders": ("messages", "bytes"),
    "sender_domains": ("messages", "bytes"),
    "recipients": ("delivered", "deferrals", "bounced", "bytes"),
    "recipient_domains": ("delivered", "deferrals", "bounced", "bytes", "delay_sum", "delay_max"),
    "clients": ("messages", "rejected"),
    "users": ("messages",),
    "relays": ("delivered", "deferrals", "bounced"),
    "transports": ("delivered", "deferrals", "bounced"),
    "rejects": ("count",),
    "bounces": ("count",),
    "deferrals": ("count",),
    "warnings": ("count",),
    "postscreen": ("count",),
    "tls": ("count",),
    "verdicts": ("count", "scored", "score_sum"),
    "logins": ("succeeded", "failed"),
    "login_protocols": ("succeeded", "failed"),
    "login_addresses": ("succeeded", "failed"),
    "login_failures": ("failed",),
}
DELAY_PARTS = ("total", "before_queue", "in_queue", "connection", "transmission")
# Columns whose totals are no sums.
LARGEST = {"delay_max"}
HOUR_COLUMNS = ("received", "delivered", "deferrals", "bounced", "rejected", "logins", "failed_logins")
BROKEN_SHOWN = 10
BROKEN_LENGTH = 200
DEFAULT_LIMIT = 20_000
OPEN_LIMIT = 100_000
# Messages that came in before a part of the log show at its beginning.
EARLY_LIMIT = 50_000
# What is remembered of a message that is still in the queue: its size once that is known, whether it was deferred, and
# the client it came from - empty when that is not in this part of the log, nothing when the sender is known, too.
SIZE, DEFERRED, CLIENT = range(3)
UNKNOWN = -1


class Tally:
    """Everything that is counted. Two tallies of neighbouring parts of a log can be put together."""

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self.limit = limit
        self.counts: dict[str, int] = defaultdict(int)
        self.tables: dict[str, Table] = {name: {} for name in COLUMNS}
        self.hours: dict[bytes, list[int]] = {}
        # How often each value was logged: Postfix rounds to two digits, so there are few.
        self.delays: list[dict[bytes, int]] = [{} for _part in DELAY_PARTS]
        self.sizes: dict[int, int] = defaultdict(int)
        self.cut: dict[str, dict[str, float]] = {}
        self.broken: list[bytes] = []
        # Messages between arrival and removal, by queue id.
        self.open: dict[bytes, list[Any]] = {}
        # What belongs to messages that came in before this part of the log: (kind, queue id, what to add).
        self.early: list[tuple[str, bytes, tuple[bytes, ...], int]] = []
        # Address as logged to the rows of the address and of its domain: one look-up for two.
        self.rows_of_senders: dict[bytes, tuple[Row, Row]] = {}
        self.rows_of_recipients: dict[bytes, tuple[Row, Row]] = {}
        # The earliest and latest time, in seconds since 1970.
        self.first: Optional[float] = None
        self.last: Optional[float] = None

    def broken_line(self, line: bytes) -> None:
        self.counts["broken_lines"] += 1
        if len(self.broken) < BROKEN_SHOWN:
            self.broken.append(line[:BROKEN_LENGTH])

    def bound(self) -> None:
        """Keep memory bounded; called after each block of the log."""
        for name, table in self.tables.items():
            if len(table) > 2 * self.limit:
                self._cut_table(name, table)
        surplus = len(self.open) - OPEN_LIMIT
        if surplus > OPEN_LIMIT:
            self._note_cut("messages", surplus, 0)
            for queue_id in list(self.open)[:surplus]:
                del self.open[queue_id]

    def _cut_table(self, name: str, table: Table) -> None:
        ordered = sorted(table.items(), key=lambda item: sum(item[1][:3]), reverse=True)
        lost = ordered[self.limit :]
        self._note_cut(name, len(lost), max(row[0] for _key, row in lost))
        for key, _row in lost:
            del table[key]
        # Others hold on to rows, which may be among the lost ones.
        self.rows_of_senders.clear()
        self.rows_of_recipients.clear()

    def _note_cut(self, name: str, entries: int, largest: float) -> None:
        noted = self.cut.setdefault(name, {"entries": 0, "largest": 0})
        noted["entries"] += entries
        noted["largest"] = max(noted["largest"], largest)

    def add(self, later: Tally) -> None:
        """Put the tally of the part of the log that follows this one into this one."""
        for name, count in later.counts.items():
            self.counts[name] += count
        for kind, queue_id, keys, number in later.early:
            self._add_early(kind, queue_id, keys, number)
        for name, table in later.tables.items():
            for key, row in table.items():
                self.add_row(name, key, row)
        for hour, numbers in later.hours.items():
            own = self.hours.setdefault(hour, [0] * len(HOUR_COLUMNS))
            for place, number in enumerate(numbers):
                own[place] += number
        for part, other in zip(self.delays, later.delays):
            add_counts(part, other)
        add_counts(self.sizes, later.sizes)
        for name, noted in later.cut.items():
            self._note_cut(name, int(noted["entries"]), noted["largest"])
        self.broken = [*self.broken, *later.broken][:BROKEN_SHOWN]
        self.open.update(later.open)
        self.span(later.first, later.last)
        self.bound()

    def span(self, first: Optional[float], last: Optional[float]) -> None:
        """Take the times of a block into those of the whole."""
        if first is not None and (self.first is None or first < self.first):
            self.first = first
        if last is not None and (self.last is None or last > self.last):
            self.last = last

    def rows(
        self, seen: dict[bytes, tuple[Row, Row]], names: tuple[str, str], raw: bytes, no_domain: bytes
    ) -> tuple[Row, Row]:
        """The rows of an address and of its domain; an address without one counts for ``no_domain``."""
        if len(seen) > self.limit:
            seen.clear()
        address, domain = split(raw)
        found = (self._row(names[0], address), self._row(names[1], domain or no_domain))
        if domain:
            seen[raw] = found
        return found

    def _row(self, name: str, key: bytes) -> Row:
        row = self.tables[name].get(key)
        if row is None:
            row = self.tables[name][key] = [0] * len(COLUMNS[name])
        return row

    def count(self, name: str, key: bytes, column: int = 0) -> None:
        """One more in a table."""
        row = self.tables[name].get(key)
        if row is None:
            row = self.tables[name][key] = [0] * len(COLUMNS[name])
        row[column] += 1

    def in_hour(self, hour: bytes, before: list[int]) -> None:
        """Enter what was counted since ``before``, see ``now``, in an hour."""
        numbers = self.hours.setdefault(hour, [0] * len(HOUR_COLUMNS))
        for place, (new, old) in enumerate(zip(self.now(), before)):
            numbers[place] += new - old

    def now(self) -> list[int]:
        return [self.counts.get(name, 0) for name in HOUR_COLUMNS]

    def add_row(self, name: str, key: bytes, row: Row) -> None:
        table = self.tables[name]
        own = table.get(key)
        if own is None:
            table[key] = list(row)
            return
        for place, column in enumerate(COLUMNS[name]):
            own[place] = max(own[place], row[place]) if column in LARGEST else own[place] + row[place]

    def _add_early(self, kind: str, queue_id: bytes, keys: tuple[bytes, ...], number: int) -> None:
        """Complete what a later part knew of a message that came in here, or hand it on to an earlier part."""
        message = self.open.get(queue_id)
        if kind == "removed":
            self.open.pop(queue_id, None)
        elif kind == "sender" and message is not None and message[CLIENT]:
            self.add_sender(keys[0], keys[1], message[CLIENT], number)
            message[SIZE], message[CLIENT] = number, None
        elif kind == "deferred" and message is not None:
            # Both parts have counted it.
            self.counts["deferred_messages"] -= message[DEFERRED]
            message[DEFERRED] = 1
        elif kind == "delivered" and message is not None and message[SIZE] != UNKNOWN:
            self.add_delivered_size(keys[0], keys[1], message[SIZE])
        elif message is None:
            self.note_early(kind, queue_id, keys, number)

    def note_early(self, kind: str, queue_id: bytes, keys: tuple[bytes, ...] = (), number: int = 0) -> None:
        if len(self.early) < EARLY_LIMIT:
            self.early.append((kind, queue_id, keys, number))

    def add_sender(self, address: bytes, domain: bytes, client: bytes, size: int) -> None:
        """The sender of a message that came in, and its size."""
        self.counts["bytes_received"] += size
        self.sizes[size.bit_length()] += 1
        self.add_row("senders", address, [1, size])
        self.add_row("sender_domains", domain or client, [1, size])

    def add_delivered_size(self, address: bytes, domain: bytes, size: int) -> None:
        self.counts["bytes_delivered"] += size
        for name, key in (("recipients", address), ("recipient_domains", domain)):
            if key in self.tables[name]:
                self.tables[name][key][COLUMNS[name].index("bytes")] += size


def split(raw: bytes) -> tuple[bytes, bytes]:
    """An address with its domain in lower case, and its domain."""
    local, at, domain = raw.rpartition(b"@")
    domain = domain.lower() if at else b""
    return (local + at + domain if at else raw), domain


def hour_of(head: bytes) -> bytes:
    """The part of a time stamp that names the hour: ``Nov 25 09`` or ``2026-11-25T09``."""
    return head[:13] if head[4:5] == b"-" else head[:9].rstrip(b":")


def add_counts(own: dict[Key, int], other: dict[Key, int]) -> None:
    for key, count in other.items():
        own[key] = own.get(key, 0) + count
