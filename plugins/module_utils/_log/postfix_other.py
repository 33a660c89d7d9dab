# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What several daemons of Postfix log in the same words: refusals, warnings, TLS; and the daemons beside the queue."""

from __future__ import annotations

import re
from typing import Callable

from .reasons import reason, reject_parts
from .tally import Tally

# Takes a line in three: time, host and program; the queue id, or whatever ends at the next colon; the rest.
Handler = Callable[[bytes, bytes, bytes], None]

LEVELS = {b"warning": "warnings", b"fatal": "fatals", b"panic": "panics", b"error": "errors"}
# Who refused, if not the daemon itself.
REJECTS = {b"reject": "", b"milter-reject": "milter", b"proxy-reject": "proxy"}
# What access tables and header checks did, by the word in the log.
ACTIONS = {
    b"reject_warning": "reject_warnings",
    b"warning": "reject_warnings",
    b"warn": "reject_warnings",
    b"hold": "held",
    b"milter-hold": "held",
    b"discard": "discarded",
    b"milter-discard": "discarded",
    b"quarantine": "quarantined",
    b"milter-quarantine": "quarantined",
}
# What postsuper(1) did with a message.
BY_HAND = {
    b"removed": "deleted_by_hand",
    b"placed on hold": "held_by_hand",
    b"released from hold": "released_by_hand",
    b"requeued": "requeued_by_hand",
    b"expired": "expired_by_hand",
}
ANVIL = re.compile(rb"max (?P<what>[a-z ]+?) (?P<number>\d+)(?:/|\s)")
# Before Postfix 3.6, and since.
POSTSCREEN_WORDS = {
    b"WHITELISTED": b"ALLOWLISTED",
    b"BLACKLISTED": b"DENYLISTED",
    b"WHITELIST": b"ALLOWLIST",
    b"BLACKLIST": b"DENYLIST",
}


def trouble(tally: Tally, head: bytes, level: bytes, what: bytes) -> None:
    """A warning, or worse."""
    tally.counts[LEVELS[level]] += 1
    program = head[head.rfind(b" ") + 1 :].partition(b"[")[0].rpartition(b"/")[2]
    tally.count("warnings", b"%s %s: %s" % (program, level, reason(what)))


def tls(tally: Tally, how: bytes, what: bytes, direction: bytes) -> None:
    """``Trusted TLS connection established ...: TLSv1.3 with cipher NAME (...) ...``."""
    tally.count("tls", direction + how[: how.find(b" ") + 1] + what[: what.find(b" (")])


def refusal(tally: Tally, head: bytes, queue_id: bytes, what: bytes, daemon: str) -> None:
    """``NOQUEUE: reject: ...``, ``QUEUEID: hold: ...`` and the like, and warnings."""
    if queue_id in LEVELS:
        trouble(tally, head, queue_id, what)
        return
    # Postfix before 2.2 had no NOQUEUE.
    action, _colon, text = (queue_id, b"", what) if queue_id == b"reject" else what.partition(b": ")
    if action in REJECTS:
        tally.counts["rejected"] += 1
        tally.counts[f"rejected_by_{REJECTS[action] or daemon}"] += 1
        stage, client, why = reject_parts(text)
        tally.count("rejects", stage + b": " + reason(why))
        tally.count("clients", client, 1)
    elif action in ACTIONS:
        tally.counts[ACTIONS[action]] += 1
    elif what[:15] == b"lost connection":
        tally.counts["lost_connections"] += 1


def bounce(tally: Tally) -> Handler:
    counts = tally.counts

    def handle(head: bytes, queue_id: bytes, what: bytes) -> None:
        kind, colon, _new = what.partition(b" notification: ")
        if colon:
            name = kind.rpartition(b" ")[2].replace(b"-", b"_").decode("ascii", "replace")
            counts[f"notifications_{name}"] += 1
        elif queue_id in LEVELS:
            trouble(tally, head, queue_id, what)

    return handle


def postscreen(tally: Tally) -> Handler:
    def handle(head: bytes, word: bytes, what: bytes) -> None:
        if word == b"NOQUEUE":
            refusal(tally, head, word, what, "postscreen")
        elif word in LEVELS:
            trouble(tally, head, word, what)
        else:
            words = word.split(b" ", 2)
            name = POSTSCREEN_WORDS.get(words[0], words[0])
            if name in (b"PASS", b"COMMAND", b"BARE", b"NON-SMTP"):
                name = b" ".join(words[:2])
            if name[:1].isupper():
                tally.count("postscreen", name)

    return handle


def anvil(tally: Tally) -> Handler:
    """The largest of each statistic: ``statistics: max connection rate 3/60s for (smtp:192.0.2.1) at ...``."""
    counts = tally.counts

    def handle(head: bytes, what: bytes, text: bytes) -> None:
        found = ANVIL.match(text) if what == b"statistics" else None
        if found is not None:
            key = "anvil_" + found["what"].decode().replace(" ", "_")
            counts[key] = max(counts[key], int(found["number"]))
        elif what in LEVELS:
            trouble(tally, head, what, text)

    return handle


def postsuper(tally: Tally) -> Handler:
    def handle(head: bytes, queue_id: bytes, what: bytes) -> None:
        if queue_id in LEVELS:
            trouble(tally, head, queue_id, what)
        elif what in BY_HAND:
            tally.counts[BY_HAND[what]] += 1
            if what == b"removed" and tally.open.pop(queue_id, None) is None:
                tally.note_early("removed", queue_id)

    return handle


def any_daemon(tally: Tally) -> Handler:
    """A daemon of whose lines warnings alone are counted."""

    def handle(head: bytes, level: bytes, what: bytes) -> None:
        if level in LEVELS:
            trouble(tally, head, level, what)

    return handle
