# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a message comes in, by the lines of Postfix: smtpd, pickup, cleanup and the queue manager.

Each handler is a closure over the dictionaries it counts in: these lines are most of a log, and speed is the design.
"""

from __future__ import annotations

import re

from .logins import failed_login, login
from .postfix_other import LEVELS, Handler, refusal, tls, trouble
from .tally import CLIENT, SIZE, UNKNOWN, Tally, split

TABLES = ("senders", "sender_domains")
# Lines of one phrase, by how they begin.
PHRASES = {
    b"connect ": "connections",
    b"lost connection ": "lost_connections",
    b"timeout ": "timeouts",
    b"too many errors ": "too_many_errors",
    b"improper command pipelining ": "improper_pipelining",
}
# The last line of a session: auth=1/3 are three tries of which one succeeded, auth=1 one that succeeded.
AUTH = re.compile(rb" auth=(\d+)/(\d+)")
SASL_FAILED = b" authentication failed"
# Then no password was looked at.
NO_GUESS = (b"Connection lost to authentication server", b"Invalid authentication mechanism")
SESSIONS_LIMIT = 10_000


def _ip(client: bytes) -> bytes:
    return client.rpartition(b"[")[2].partition(b"]")[0]


def smtpd(tally: Tally) -> Handler:
    counts, opened, clients = tally.counts, tally.open, tally.tables["clients"]
    refused: dict[bytes, int] = {}

    def handle(head: bytes, queue_id: bytes, what: bytes) -> None:
        if what[:7] == b"client=":
            client, _comma, more = what[7:].partition(b", ")
            if client[-1:] != b"]":
                # smtpd_client_port_logging adds the port.
                client = client[: client.rfind(b"]") + 1] or client
            counts["received"] += 1
            opened[queue_id] = [UNKNOWN, 0, client]
            row = clients.get(client)
            if row is None:
                row = clients[client] = [0, 0]
            row[0] += 1
            if b"sasl_username=" in more:
                user = more.partition(b"sasl_username=")[2].partition(b", ")[0]
                tally.count("users", user)
                login(tally, b"smtp", user, _ip(client))
        elif not what and queue_id[:8] == b"connect ":
            counts["connections"] += 1
        elif queue_id == b"warning" and b": SASL " in what and SASL_FAILED in what and not what.endswith(NO_GUESS):
            client, _colon, how = what.partition(b": SASL ")
            failed_login(tally, b"smtp", how.partition(b"sasl_username=")[2], _ip(client))
            session = head[head.rfind(b" ") :]
            refused[session] = refused.get(session, 0) + 1
        elif b" " not in queue_id:
            refusal(tally, head, queue_id, what, "smtpd")
        elif b"TLS connection established" in queue_id:
            tls(tally, queue_id, what, b"received ")
        elif queue_id[:11] == b"disconnect ":
            _disconnected(tally, refused, head[head.rfind(b" ") :], queue_id)
        else:
            _phrase(tally, queue_id)

    return handle


def _phrase(tally: Tally, text: bytes) -> None:
    for start, name in PHRASES.items():
        if text.startswith(start):
            tally.counts[name] += 1
            return


def _disconnected(tally: Tally, refused: dict[bytes, int], session: bytes, text: bytes) -> None:
    """AUTH commands that failed without a line of their own, such as those to a port that does not offer AUTH."""
    found = AUTH.search(text)
    known = refused.pop(session, 0)
    if len(refused) > SESSIONS_LIMIT:
        refused.clear()
    failed = int(found[2]) - int(found[1]) - known if found else 0
    for _time in range(min(failed, 100)):
        failed_login(tally, b"smtp", b"", _ip(text[: text.find(b"]") + 1]))


def cleanup(tally: Tally) -> Handler:
    def handle(head: bytes, queue_id: bytes, what: bytes) -> None:
        if what[:11] != b"message-id=" and what[:18] != b"resent-message-id=":
            refusal(tally, head, queue_id, what, "cleanup")

    return handle


def pickup(tally: Tally) -> Handler:
    def handle(head: bytes, queue_id: bytes, what: bytes) -> None:
        if what[:4] == b"uid=" or what[:7] == b"sender=":
            tally.counts["received"] += 1
            tally.open[queue_id] = [UNKNOWN, 0, b"pickup"]
            tally.count("clients", b"pickup")
        elif queue_id in LEVELS:
            trouble(tally, head, queue_id, what)

    return handle


def qmgr(tally: Tally) -> Handler:
    """The line when a message becomes active has its sender and size, the last one says that it is removed."""
    counts, opened, sizes, seen = tally.counts, tally.open, tally.sizes, tally.rows_of_senders
    note_early = tally.note_early

    def handle(head: bytes, queue_id: bytes, what: bytes) -> None:
        if what == b"removed":
            if opened.pop(queue_id, None) is None:
                note_early("removed", queue_id)
            return
        end = what.rfind(b">, size=")
        if what[:6] != b"from=<" or end < 0:
            _other(tally, head, queue_id, what)
            return
        message = opened.get(queue_id)
        if message is not None and message[SIZE] != UNKNOWN:
            # Another attempt to deliver it.
            return
        try:
            size = int(what[end + 8 : what.find(b",", end + 8)])
        except ValueError:
            tally.broken_line(b": ".join((head, queue_id, what)))
            return
        sender = what[6:end]
        if message is None:
            message = opened[queue_id] = [size, 0, b""]
        client = message[CLIENT]
        message[SIZE] = size
        if not client:
            # It came in before this part of the log, or from Postfix itself, such as a bounce.
            note_early("sender", queue_id, split(sender), size)
            return
        message[CLIENT] = None
        counts["bytes_received"] += size
        sizes[size.bit_length()] += 1
        for row in seen.get(sender) or tally.rows(seen, TABLES, sender, client):
            row[0] += 1
            row[1] += size

    return handle


def _other(tally: Tally, head: bytes, queue_id: bytes, what: bytes) -> None:
    if queue_id in LEVELS:
        trouble(tally, head, queue_id, what)
    elif b"status=expired" in what or b"status=force-expired" in what:
        tally.counts["expired"] += 1
