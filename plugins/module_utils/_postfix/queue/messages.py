# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages in the queue, as ``postqueue -j`` prints them, one JSON object in a line (postqueue(1)). Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Optional

MAILDROP, INCOMING, ACTIVE, DEFERRED, HOLD, CORRUPT = "maildrop", "incoming", "active", "deferred", "hold", "corrupt"
# In the order in which a message goes through them.
QUEUES = (MAILDROP, INCOMING, ACTIVE, DEFERRED, HOLD, CORRUPT)
# What postqueue(1) prints for the empty sender of a bounce.
NULL_SENDER = "MAILER-DAEMON"


class Recipient(NamedTuple):
    """Somebody who has not got the message yet; ``reason`` is the empty text before the first attempt."""

    address: str
    reason: str = ""


class Message(NamedTuple):
    """One message. ``arrival`` is in seconds since 1970, ``size`` in bytes."""

    queue: str
    queue_id: str
    arrival: int
    size: int
    sender: str = ""
    recipients: Sequence[Recipient] = ()
    expired: bool = False


class Envelope(NamedTuple):
    """Where a message came from, which its queue file alone says; the empty text where it does not."""

    client_name: str = ""
    client_address: str = ""
    sasl_user: str = ""


def parse(line: str) -> Message:
    """One line of ``postqueue -j``."""
    data = json.loads(line)
    return Message(
        data["queue_name"],
        data["queue_id"],
        data["arrival_time"],
        data["message_size"],
        data["sender"],
        [Recipient(one["address"], one.get("delay_reason") or "") for one in data["recipients"]],
        data.get("forced_expire", False),
    )


def domain_of(address: str) -> str:
    """The domain in small letters, empty for an address without one."""
    return address.rpartition("@")[2].lower() if "@" in address else ""


def envelopes(printed: str) -> dict[str, Envelope]:
    """What ``postcat -qe`` prints of some messages, by queue id."""
    found: dict[str, dict[str, str]] = {}
    values: dict[str, str] = {}
    for line in printed.splitlines():
        if line.startswith("*** ENVELOPE RECORDS "):
            values = found[line.split()[3].rpartition("/")[2]] = {}
        elif line.startswith("named_attribute: "):
            name, _equals, value = line[len("named_attribute: ") :].partition("=")
            values.setdefault(name, value)
    return {queue_id: _envelope(attributes) for queue_id, attributes in found.items()}


def _envelope(attributes: Mapping[str, str]) -> Envelope:
    # What is logged is the client that brought the message first, also after a content filter gave it back.
    def known(name: str) -> str:
        value = attributes.get(f"log_{name}") or attributes.get(name) or ""
        return "" if value == "unknown" and name != "client_name" else value

    return Envelope(known("client_name"), known("client_address"), attributes.get("sasl_username", ""))


def shown(message: Message, now: float, recipients: int, show: Any) -> dict[str, Any]:
    """A message as a return value, with so many ``recipients`` at most. ``show`` is a ``Privacy``."""
    return {
        "queue": message.queue,
        "queue_id": message.queue_id,
        "arrival_time": message.arrival,
        "age": max(0, int(now) - message.arrival),
        "size": message.size,
        "sender": sender(message, show),
        "recipients": [
            {"address": show.address(one.address), "reason": show.text(one.reason)}
            for one in message.recipients[:recipients]
        ],
        "recipient_count": len(message.recipients),
        "expired": message.expired,
    }


def sender(message: Message, show: Any) -> str:
    """The sender as a return value: that of a bounce is nobody's address."""
    return message.sender if message.sender == NULL_SENDER else str(show.address(message.sender))


def headline(message: Message, show: Any, queue: Optional[str] = None) -> str:
    """A message in one line of a diff, as it is or in another ``queue``."""
    first = show.address(message.recipients[0].address) if message.recipients else "nobody"
    more = f" and {len(message.recipients) - 1} more" if len(message.recipients) > 1 else ""
    state = " (expired)" if message.expired else ""
    return f"{queue or message.queue} {message.queue_id} {sender(message, show)} -> {first}{more}{state}"
