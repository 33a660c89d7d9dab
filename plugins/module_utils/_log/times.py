# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times: those of the lines of a log, and those that an option names.

A traditional time stamp (``Nov 25 09:38:55``) has neither year nor zone: it is taken as local time of the latest year
in which it is not later than the log's last change.
"""

from __future__ import annotations

import calendar
import re
import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Optional

MONTHS = {name.encode(): number for number, name in enumerate(calendar.month_abbr) if name}
# Some write the first days of a month without the second blank.
TRADITIONAL = re.compile(rb"([A-Z][a-z]{2}) ([ \d]?\d) (\d\d):(\d\d):(\d\d) ")
RFC3339 = re.compile(rb"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)? ")
AGE = re.compile(r"(\d{1,9}) ?([smhdw])")
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
DAY = 86400
# Several daemons write to a log at once, so its lines are in order within this many seconds.
SLACK = 300
CACHE_LIMIT = 10_000


class Clock:
    """Time stamps of one file to seconds since 1970. ``reference`` is when the file was last written."""

    def __init__(self, reference: float) -> None:
        self.reference = reference
        self._minutes: dict[bytes, Optional[float]] = {}

    def epoch(self, line: bytes) -> Optional[float]:
        """The time of a line, to the second; nothing for a line without a time stamp."""
        # A blank may stand in place of the T.
        key = line[:15] if line[:1].isalpha() else line[:11] + line[11:36].partition(b" ")[0]
        if key not in self._minutes:
            if len(self._minutes) > CACHE_LIMIT:
                self._minutes.clear()
            self._minutes[key] = self._parsed(line)
        return self._minutes[key]

    def hour(self, key: bytes) -> Optional[str]:
        """An hour as in ``tally.hour_of``, as a date and an hour in the log's own zone."""
        if key[4:5] == b"-":
            found = RFC3339.match(key[:10] + b"T" + key[11:13] + b":00:00 ")
            return (
                None
                if found is None or self.epoch(found[0]) is None
                else f"{found[1].decode()}T{found[2].decode()[:5]}"
            )
        moment = self.epoch(key + b":00:00 ")
        return None if moment is None else time.strftime("%Y-%m-%dT%H:00", time.localtime(moment))

    def _parsed(self, line: bytes) -> Optional[float]:
        found = TRADITIONAL.match(line)
        if found is not None and found[1] in MONTHS:
            day, hour, minute, second = (int(part) for part in found.groups()[1:])
            return self._in_a_year(MONTHS[found[1]], day, hour, minute, second)
        found = RFC3339.match(line)
        if found is None:
            return None
        zone = (found[4] or b"").decode().replace("Z", "+00:00")
        # Python before 3.11 knows zones with a colon only; journalctl writes them without.
        zone = zone if ":" in zone else zone[:3] + ":" + zone[3:] if zone else ""
        try:
            return datetime.fromisoformat(f"{found[1].decode()}T{found[2].decode()}{zone}").timestamp()
        except ValueError:
            return None

    def _in_a_year(self, month: int, day: int, hour: int, minute: int, second: int) -> Optional[float]:
        year = time.localtime(self.reference).tm_year
        # Eight years hold a leap year whatever the century.
        for candidate in range(year + 1, year - 8, -1):
            if 1 <= day <= calendar.monthrange(candidate, month)[1] and hour < 24 and minute < 60 and second < 61:
                found = time.mktime((candidate, month, day, hour, minute, second, 0, 0, -1))
                if found <= self.reference + DAY:
                    return found
        return None


def clipped(blocks: Iterable[bytes], clock: Clock, since: Optional[float], until: Optional[float]) -> Iterator[bytes]:
    """The lines between two times. Blocks that lie whole inside or outside are not looked at line by line.

    Lines without a time stamp go with the line before them.
    """
    if since is None and until is None:
        yield from blocks
        return
    start = float("-inf") if since is None else since
    end = float("inf") if until is None else until
    for block in blocks:
        first, last = edges(block, clock)
        if first is None or last is None:
            continue
        if last < start - SLACK or first > end + SLACK:
            continue
        if first - SLACK >= start and last + SLACK <= end:
            yield block
        else:
            kept = b"\n".join(_between(block, clock, start, end))
            if kept:
                yield kept + b"\n"


def _between(block: bytes, clock: Clock, start: float, end: float) -> Iterator[bytes]:
    inside = False
    for line in block.split(b"\n"):
        moment = clock.epoch(line)
        if moment is not None:
            inside = start <= moment <= end
        if inside and line:
            yield line


def edges(block: bytes, clock: Clock) -> tuple[Optional[float], Optional[float]]:
    """The times of the first and the last line that have one, among the outer hundred lines."""
    first = next((found for found in map(clock.epoch, block[:20000].split(b"\n")) if found is not None), None)
    last = next((found for found in map(clock.epoch, reversed(block[-20000:].split(b"\n"))) if found is not None), None)
    return first, last


def moment(text: str, now: float) -> Optional[float]:
    """An option's time: an age such as ``2h``, a date, or a date and time, local unless it names a zone."""
    text = text.strip()
    age = AGE.fullmatch(text)
    if age is not None:
        return now - int(age[1]) * UNITS[age[2]]
    try:
        return datetime.fromisoformat(re.sub(r"Z$", "+00:00", text)).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def utc(epoch: Optional[float]) -> Optional[str]:
    """Seconds since 1970 as a time in UTC."""
    if epoch is None:
        return None
    return (datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=int(epoch))).strftime("%Y-%m-%dT%H:%M:%SZ")
