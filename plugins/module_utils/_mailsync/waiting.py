# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which mailboxes wait to be synchronised: what Dovecot's log says of them, and a queue for several workers."""

from __future__ import annotations

import re
import threading
import time
from typing import NamedTuple, Optional

# Delivery by LMTP, and what the plugin mail_log says of a session. Synchronisation itself logs under other names.
CHANGED = re.compile(
    r"(?:lmtp|lda|imap|pop3|sieve|managesieve)\(([^()\s]+@[^()\s]+)\)<.*?: .*?"
    r"(?:saved mail to|stored mail into|save: |copy from |append: |expunge: |delete: |undelete: |flag_change: "
    r"|mailbox_\w+: )"
)


def changed_user(line: str) -> Optional[str]:
    """Whose mailbox a line of Dovecot's log says was changed."""
    found = CHANGED.search(line)
    return found.group(1).lower() if found else None


class Turn(NamedTuple):
    """A mailbox, since when it waits, and whether it is compared in full."""

    user: str
    since: float
    full: bool


class Waiting:
    """Mailboxes to synchronise, each once, the longest waiting first."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._since: dict[str, float] = {}
        self._full: set[str] = set()
        self._busy: set[str] = set()

    def add(self, user: str, full: bool = False, since: Optional[float] = None) -> None:
        with self._lock:
            self._since.setdefault(user, time.time() if since is None else since)
            if full:
                self._full.add(user)
            self._lock.notify()

    def take(self, timeout: float) -> Optional[Turn]:
        """A mailbox that no other worker has; nothing when there is none within so many seconds."""
        with self._lock:
            self._lock.wait_for(self._free, timeout)
            free = self._free()
            if not free:
                return None
            user = min(free, key=lambda name: self._since[name])
            self._busy.add(user)
            full = user in self._full
            self._full.discard(user)
            return Turn(user, self._since.pop(user), full)

    def release(self, user: str) -> None:
        with self._lock:
            self._busy.discard(user)
            self._lock.notify()

    def state(self) -> tuple[int, float]:
        """How many wait, and since when the first of them."""
        with self._lock:
            return len(self._since), min(self._since.values(), default=time.time())

    def _free(self) -> list[str]:
        return [user for user in self._since if user not in self._busy]
