# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a message leaves, by the lines of Postfix's delivery agents, which all have the same form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Optional

from .postfix_other import LEVELS, Handler, tls, trouble
from .reasons import reason
from .tally import CLIENT, DEFERRED, SIZE, UNKNOWN, Tally, split

AGENTS = (b"smtp", b"lmtp", b"local", b"virtual", b"pipe", b"error", b"retry", b"discard")
# With what the fast way does not take: orig_to, conn_use, odd characters in addresses, Postfix before 2.3.
LINE = re.compile(
    rb"to=<(?P<to>.*?)>, (?:orig_to=<.*?>, )?relay=(?P<relay>.*?), (?:conn_use=\d+, )?delay=(?P<delay>[\d.]+), "
    rb"(?:delays=(?P<delays>[\d.]+(?:/[\d.]+){3}), )?(?:dsn=(?P<dsn>[\d.]+), )?status=(?P<status>.*)",
    re.DOTALL,
)
# The columns of the tables of deliveries; those by relay have the first three.
SENT, DEFERRAL, BOUNCE, SIZES, DELAY_SUM, DELAY_MAX = range(6)
NEITHER = -1
TABLES = ("recipients", "recipient_domains")


def delivery(tally: Tally, agent: bytes) -> Handler:
    """The handler of one delivery agent."""
    counts, opened, seen, relays = tally.counts, tally.open, tally.rows_of_recipients, tally.tables["relays"]
    transport = tally.tables["transports"].setdefault(agent, [0, 0, 0])
    total, part_a, part_b, part_c, part_d = tally.delays
    note_early = tally.note_early

    def handle(head: bytes, queue_id: bytes, what: bytes) -> None:
        if what[:4] != b"to=<":
            _other(tally, head, queue_id, what)
            return
        fields = _fields(what)
        if fields is None:
            tally.broken_line(b": ".join((head, queue_id, what)))
            return
        recipient, relay, delay, delays, dsn, status = fields
        size = seconds = 0.0
        column = SENT
        if status[:5] != b"sent ":
            column = _failed(tally, queue_id, dsn, status)
            if column == NEITHER:
                return
        elif b"forwarded as " in status:
            counts["forwarded"] += 1
            return
        else:
            counts["delivered"] += 1
            message = opened.get(queue_id)
            if message is None or message[SIZE] == UNKNOWN:
                note_early("delivered", queue_id, split(recipient))
            else:
                size = message[SIZE]
                counts["bytes_delivered"] += message[SIZE]
            seconds = float(delay)
            total[delay] = total.get(delay, 0) + 1
            if delays:
                value_a, value_b, value_c, value_d = delays.split(b"/")
                part_a[value_a] = part_a.get(value_a, 0) + 1
                part_b[value_b] = part_b.get(value_b, 0) + 1
                part_c[value_c] = part_c.get(value_c, 0) + 1
                part_d[value_d] = part_d.get(value_d, 0) + 1
        transport[column] += 1
        row = relays.get(relay)
        if row is None:
            row = relays[relay] = [0, 0, 0]
        row[column] += 1
        own, row = seen.get(recipient) or tally.rows(seen, TABLES, recipient, recipient)
        own[column] += 1
        own[SIZES] += size
        row[column] += 1
        row[SIZES] += size
        row[DELAY_SUM] += seconds
        row[DELAY_MAX] = seconds if seconds > row[DELAY_MAX] else row[DELAY_MAX]

    return handle


def _fields(what: bytes) -> Optional[Sequence[bytes]]:
    """Recipient, relay, delay, its parts, DSN and status of a delivery."""
    try:
        to, relay, delay, delays, dsn, status = what.split(b", ", 5)
    except ValueError:
        relay = delay = dsn = b""
    if relay[:6] == b"relay=" and delay[:6] == b"delay=" and dsn[:4] == b"dsn=":
        return to[4:-1], relay[6:], delay[6:], delays[7:], dsn[4:], status[7:]
    found = LINE.match(what)
    return None if found is None else found.groups(b"")


def _failed(tally: Tally, queue_id: bytes, dsn: bytes, status: bytes) -> int:
    """Count a deferral or a bounce and return its column; NEITHER for anything else, such as a probe."""
    word, _space, text = status.partition(b" ")
    if word == b"deferred":
        tally.counts["deferrals"] += 1
        message = tally.open.get(queue_id)
        if message is None:
            message = tally.open[queue_id] = [UNKNOWN, 0, b""]
        if not message[DEFERRED]:
            if message[CLIENT] == b"":
                tally.note_early("deferred", queue_id)
            message[DEFERRED] = 1
            tally.counts["deferred_messages"] += 1
        tally.count("deferrals", dsn + b" " + reason(text[1:-1]))
        return DEFERRAL
    if word == b"bounced":
        tally.counts["bounced"] += 1
        tally.count("bounces", dsn + b" " + reason(text[1:-1]))
        return BOUNCE
    tally.counts["probes"] += 1
    return NEITHER


def _other(tally: Tally, head: bytes, queue_id: bytes, what: bytes) -> None:
    if b"TLS connection established" in queue_id:
        tls(tally, queue_id, what, b"sent ")
    elif queue_id in LEVELS:
        trouble(tally, head, queue_id, what)
    elif queue_id[:11] == b"connect to ":
        tally.counts["failed_connections"] += 1
