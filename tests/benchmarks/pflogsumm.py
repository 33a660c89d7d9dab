# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The grand totals that pflogsumm(1) prints, and ours written the same way."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Its words for what the module mail_log_info returns in ``messages``.
NAMES = {
    "received": "received",
    "delivered": "delivered",
    "forwarded": "forwarded",
    "deferred": "deferred_messages",
    "deferrals": "deferrals",
    "bounced": "bounced",
    "rejected": "rejected",
    "reject warnings": "reject_warnings",
    "held": "held",
    "discarded": "discarded",
    "bytes received": "bytes_received",
    "bytes delivered": "bytes_delivered",
    "senders": "senders",
    "sending hosts/domains": "sender_domains",
    "recipients": "recipients",
    "recipient hosts/domains": "recipient_domains",
}
TOTAL = re.compile(r"(\d+[km]?) +([a-z][a-z/ ]*[a-z])(?= *[\n(%)])")
KILO, MEGA = 1 << 10, 1 << 20


def totals(printed: str) -> dict[str, str]:
    """Name to number, as printed below the headline."""
    part = printed.split("Grand Totals", 1)[1].split("Per-", 1)[0]
    return {name: number for number, name in TOTAL.findall(part)}


def ours(messages: Mapping[str, int]) -> dict[str, str]:
    return {name: _short(messages.get(key, 0)) for name, key in NAMES.items()}


def _short(number: int) -> str:
    if number > 512 * MEGA:
        return f"{number // MEGA}m"
    return f"{number // KILO}k" if number > 512 * KILO else str(number)
