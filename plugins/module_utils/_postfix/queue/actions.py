# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be done to messages: which of those that are selected it concerns, and what the list says then. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from .messages import ACTIVE, CORRUPT, DEFERRED, HOLD, INCOMING, MAILDROP, Message

FLUSHED = "flushed"
DELETED = "deleted"
BEFORE_DELIVERY = (INCOMING, ACTIVE, DEFERRED)


@dataclass(frozen=True)
class Action:
    """``option`` is that of postsuper(1), ``said`` what it prints of each message that it did this to.

    ``queues`` are those in which it has an effect; ``becomes`` is the queue that a message is in afterwards, nothing
    where it stays, the empty text where it is gone.
    """

    verb: str
    option: str
    said: str
    queues: tuple[str, ...]
    becomes: Optional[str] = None

    def concerns(self, message: Message) -> bool:
        """Whether there is anything to do about a message."""
        return message.queue in self.queues and not (self.option == "-e" and message.expired)


ACTIONS = {
    "held": Action("hold", "-h", "placed on hold", BEFORE_DELIVERY, HOLD),
    "released": Action("release", "-H", "released from hold", (HOLD,), DEFERRED),
    "requeued": Action("requeue", "-r", "requeued", BEFORE_DELIVERY, "requeued"),
    DELETED: Action("delete", "-d", "removed", (MAILDROP, *BEFORE_DELIVERY, HOLD, CORRUPT), ""),
    # By postqueue(1): postsuper has no such option.
    FLUSHED: Action("flush", "-i", "", (DEFERRED,), ACTIVE),
    "expired": Action("expire", "-e", "expired", (*BEFORE_DELIVERY, HOLD)),
}
