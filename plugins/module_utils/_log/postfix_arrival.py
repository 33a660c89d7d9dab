# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a message comes in, by the lines of Postfix: smtpd, pickup, cleanup and the queue manager.

Each handler is a closure over the dictionaries it counts in: these lines are most of a log, and speed is the design.
"""

from __future__ import annotations

from .addresses import Addresses
from .logins import failed_login, login
from .postfix_other import LEVELS, Handler, refusal, tls, trouble
from .tally import DEFERRED, RECEIVED, SIZE, UNKNOWN, Tally


def _received(tally: Tally, head: bytes, queue_id: bytes, client: bytes) -> None:
    tally.counts["received"] += 1
    tally.fresh[queue_id] = client
    tally.at_hour(head, RECEIVED)
    tally.count("clients", client)


def _ip(client: bytes) -> bytes:
    return client.rpartition(b"[")[2].partition(b"]")[0]


def smtpd(tally: Tally) -> Handler:
    counts = tally.counts

    def handle(head: bytes, rest: bytes) -> None:
        queue_id, _colon, what = rest.partition(b": ")
        if what[:7] == b"client=":
            client, _comma, more = what[7:].partition(b", ")
            _received(tally, head, queue_id, client)
            if b"sasl_username=" in more:
                user = more.partition(b"sasl_username=")[2].partition(b", ")[0]
                tally.count("users", user)
                login(tally, head, b"smtp", user, _ip(client))
        elif not what:
            if queue_id[:8] == b"connect ":
                counts["connections"] += 1
            elif queue_id[:16] == b"lost connection ":
                counts["lost_connections"] += 1
            elif queue_id[:8] == b"timeout ":
                counts["timeouts"] += 1
        elif queue_id == b"warning" and b"]: SASL " in what and b" authentication failed" in what:
            client, _colon, how = what.partition(b": SASL ")
            failed_login(tally, head, b"smtp", how.partition(b"sasl_username=")[2], _ip(client))
        elif b" " not in queue_id:
            refusal(tally, head, queue_id, what, "smtpd")
        elif b"TLS connection established" in queue_id:
            tls(tally, queue_id, what, b"received")
        elif queue_id[:27] == b"improper command pipelining":
            counts["improper_pipelining"] += 1

    return handle


def cleanup(tally: Tally) -> Handler:
    def handle(head: bytes, rest: bytes) -> None:
        queue_id, _colon, what = rest.partition(b": ")
        if what[:11] != b"message-id=" and what[:18] != b"resent-message-id=":
            refusal(tally, head, queue_id, what, "cleanup")

    return handle


def pickup(tally: Tally) -> Handler:
    def handle(head: bytes, rest: bytes) -> None:
        queue_id, _colon, what = rest.partition(b": ")
        if what[:4] == b"uid=" or what[:7] == b"sender=":
            _received(tally, head, queue_id, b"pickup")
        elif queue_id in LEVELS:
            trouble(tally, head, queue_id, what)

    return handle


def qmgr(tally: Tally, addresses: Addresses) -> Handler:
    """The line when a message becomes active has its sender and size, the last one says that it is removed."""
    counts, opened, fresh, sizes = tally.counts, tally.open, tally.fresh, tally.sizes
    senders, sender_domains = tally.tables["senders"], tally.tables["sender_domains"]
    note_early = tally.note_early

    def handle(head: bytes, rest: bytes) -> None:
        queue_id, _colon, what = rest.partition(b": ")
        if what == b"removed":
            if opened.pop(queue_id, None) is None:
                note_early("removed", queue_id)
            return
        end = what.rfind(b">, size=")
        if what[:6] != b"from=<" or end < 0:
            _other(tally, head, queue_id, what)
            return
        known = opened.get(queue_id)
        if known is not None and known[SIZE] != UNKNOWN:
            # Another attempt to deliver it.
            return
        try:
            size = int(what[end + 8 : what.find(b",", end + 8)])
        except ValueError:
            tally.broken_line(head + b": " + rest)
            return
        opened[queue_id] = [size, 0 if known is None else known[DEFERRED]]
        address, domain = addresses[what[6:end]]
        client = fresh.pop(queue_id, None)
        if client is None:
            # It came in before this part of the log, or from Postfix itself, such as a bounce.
            note_early("sender", queue_id, (address, domain), size)
            return
        counts["bytes_received"] += size
        sizes[size.bit_length()] += 1
        for table, key in ((senders, address), (sender_domains, domain or client)):
            row = table.get(key)
            if row is None:
                table[key] = [1, size]
            else:
                row[0] += 1
                row[1] += size

    return handle


def _other(tally: Tally, head: bytes, queue_id: bytes, what: bytes) -> None:
    if queue_id in LEVELS:
        trouble(tally, head, queue_id, what)
    elif b"status=expired" in what or b"status=force-expired" in what:
        tally.counts["expired"] += 1
