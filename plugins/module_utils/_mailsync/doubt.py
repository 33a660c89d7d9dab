# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""When two sides may both have taken mail, so that a merge may have made two of one message. Pure.

Two messages with one number (UID) in a mailbox make doveadm sync copy both to new numbers. It has been seen to keep the
old ones as well when messages arrive meanwhile: the same message, with the same GUID, twice in a folder. While one side
alone takes mail this does not happen, and two of one message are what somebody wanted to have.
"""

from __future__ import annotations

# What was taken before the other side was missed is in doubt, too.
BEFORE = 600.0


class Doubt:
    """Arises at the start and with each failure to reach the other side, and ends so many seconds after the last."""

    def __init__(self, now: float, seconds: float) -> None:
        self._since = self._last = now
        self._seconds = seconds

    def arise(self, now: float) -> None:
        if not self.holds(now):
            self._since = now
        self._last = now

    def holds(self, now: float) -> bool:
        return now < self._last + self._seconds

    def minutes(self, now: float) -> int:
        """How old a message may be that is in doubt."""
        return int((now - self._since + BEFORE) // 60) + 1
