# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a message leaves, by the lines of Postfix's delivery agents, which all have the same form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Optional

from .addresses import Addresses
from .postfix_other import LEVELS, Handler, tls, trouble
from .reasons import reason
from .tally import BOUNCED, DEFERRALS, DEFERRED, DELIVERED, SIZE, UNKNOWN, Table, Tally

AGENTS = (b"smtp", b"lmtp", b"local", b"virtual", b"pipe", b"error", b"retry", b"discard")
# With what the fast way does not take: orig_to, conn_use, odd characters in addresses, Postfix before 2.3.
LINE = re.compile(
    rb"to=<(?P<to>.*?)>, (?:orig_to=<.*?>, )?relay=(?P<relay>.*?), (?:conn_use=\d+, )?delay=(?P<delay>[\d.]+), "
    rb"(?:delays=(?P<delays>[\d./]+), )?(?:dsn=(?P<dsn>[\d.]+), )?status=(?P<status>.*)",
    re.DOTALL,
)
# The columns of the tables of deliveries; those by relay have the first three.
SENT, DEFERRAL, BOUNCE, SIZES, DELAY_SUM, DELAY_MAX = range(6)
NEITHER = -1


def delivery(tally: Tally, addresses: Addresses, agent: bytes) -> Handler:
    """The handler of one delivery agent."""
    counts, opened, delays_seen = tally.counts, tally.open, tally.delays
    tables = (tally.tables["recipients"], tally.tables["recipient_domains"])
    relays = tally.tables["relays"]
    transport = tally.tables["transports"].setdefault(agent, [0, 0, 0])
    at_hour, note_early = tally.at_hour, tally.note_early

    def handle(head: bytes, rest: bytes) -> None:
        queue_id, _colon, what = rest.partition(b": ")
        if what[:4] != b"to=<":
            _other(tally, head, queue_id, what)
            return
        fields = _fields(what)
        if fields is None:
            tally.broken_line(head + b": " + rest)
            return
        recipient, relay, delay, delays, dsn, status = fields
        address = addresses[recipient]
        size = 0
        if status[:5] == b"sent ":
            if b"forwarded as " in status:
                counts["forwarded"] += 1
                return
            column = SENT
            at_hour(head, DELIVERED)
            counts["delivered"] += 1
            message = opened.get(queue_id)
            if message is None or message[SIZE] == UNKNOWN:
                note_early("delivered", queue_id, address)
            else:
                size = message[SIZE]
            counts["bytes_delivered"] += size
            delays_seen[delays] = delays_seen.get(delays, 0) + 1
        else:
            column = _failed(tally, head, queue_id, dsn, status)
            if column == NEITHER:
                return
        transport[column] += 1
        row = relays.get(relay)
        if row is None:
            row = relays[relay] = [0, 0, 0]
        row[column] += 1
        _recipient(tables, address, column, size, delay)

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


def _recipient(tables: tuple[Table, Table], address: tuple[bytes, bytes], column: int, size: int, delay: bytes) -> None:
    """Enter a delivery for its recipient and for the domain."""
    row = tables[0].get(address[0])
    if row is None:
        row = tables[0][address[0]] = [0, 0, 0, 0]
    row[column] += 1
    row[SIZES] += size
    key = address[1] or address[0]
    row = tables[1].get(key)
    if row is None:
        row = tables[1][key] = [0, 0, 0, 0, 0, 0]
    row[column] += 1
    row[SIZES] += size
    if column == SENT:
        seconds = float(delay)
        row[DELAY_SUM] += seconds
        row[DELAY_MAX] = max(row[DELAY_MAX], seconds)


def _failed(tally: Tally, head: bytes, queue_id: bytes, dsn: bytes, status: bytes) -> int:
    """Count a deferral or a bounce and return its column; NEITHER for anything else, such as the probe of an address."""
    word, _space, text = status.partition(b" ")
    if word == b"deferred":
        tally.counts["deferrals"] += 1
        tally.at_hour(head, DEFERRALS)
        message = tally.open.get(queue_id)
        if message is None:
            message = tally.open[queue_id] = [UNKNOWN, 0]
            tally.note_early("deferred", queue_id)
        if not message[DEFERRED]:
            message[DEFERRED] = 1
            tally.counts["deferred_messages"] += 1
        tally.count("deferrals", dsn + b" " + reason(text[1:-1]))
        return DEFERRAL
    if word == b"bounced":
        tally.counts["bounced"] += 1
        tally.at_hour(head, BOUNCED)
        tally.count("bounces", dsn + b" " + reason(text[1:-1]))
        return BOUNCE
    tally.counts["probes"] += 1
    return NEITHER


def _other(tally: Tally, head: bytes, queue_id: bytes, what: bytes) -> None:
    if b"TLS connection established" in queue_id:
        tls(tally, queue_id, what, b"sent")
    elif queue_id in LEVELS:
        trouble(tally, head, queue_id, what)
    elif queue_id[:11] == b"connect to ":
        tally.counts["failed_connections"] += 1
