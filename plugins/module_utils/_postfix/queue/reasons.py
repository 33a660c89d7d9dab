# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a message waits: the reason in Postfix's words, its enhanced status (RFC 3463), and what it is in short. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple, Optional

STATUS = re.compile(r"(?<![\d.])([245]\.[0-7]\.\d{1,3})(?![\d.])")
# A pattern of statuses; subjects are those of RFC 3463.
STATUS_CLASS = re.compile(r"[45]\.([0-7]\.(\d{1,3}|x)|x\.x)", re.IGNORECASE)
LOOKS_LIKE_A_CLASS = re.compile(r"[0-9x]+(\.[0-9x]+){1,2}", re.IGNORECASE)
_SAID = re.compile(r"\bsaid: (\d{3})[ -](.*)", re.DOTALL)
# What differs from message to message in what a server said.
_PARTICULAR = re.compile(
    r"<[^>]*>|\[[^\]]*\]|\([^)]*\)|\bhttps?://\S+|\S+@\S+|\b(?=\w*\d)[\w-]{6,}\b|\b\d+(\.\d+){3}\b|\d+"
)
LONGEST = 80


class Cause(NamedTuple):
    """The reason in short, the same for all messages that wait for the same, and its status."""

    text: str
    status: str


# The status is the one that Postfix logs with the reason; it is not part of the reason itself.
_KNOWN = [
    (re.compile(pattern, re.IGNORECASE), Cause(text, status))
    for pattern, text, status in (
        (r"connection timed out", "connection timed out", "4.4.1"),
        (r"connection refused", "connection refused", "4.4.1"),
        (r"no route to host|network is unreachable", "no route to host", "4.4.1"),
        (r"lost connection", "lost connection", "4.4.2"),
        (r"timed out while", "conversation timed out", "4.4.2"),
        (r"host not found|name service error|host or domain name not found", "name not found", "4.4.3"),
        (r"server certificate not (trusted|verified)", "certificate not trusted", "4.7.5"),
        (r"tls is required|cannot start tls|tls not available", "TLS is not available", "4.7.4"),
        (r"sasl authentication failed|authentication fail", "authentication failed", "4.7.8"),
        (r"loops back to myself", "mail loops back to this host", "4.4.6"),
        (r"deferred transport", "deferred by defer_transports", "4.3.2"),
        (r"mail transport unavailable", "transport unavailable", "4.3.0"),
        (r"(lookup|table|map) (error|fail|problem)|lookup failure", "lookup failed", "4.3.0"),
        (r"over quota|quota exceeded|disk quota|mailbox (is )?full", "mailbox full", "4.2.2"),
    )
]
_GREYLISTED = re.compile(r"gr[ea]y-?list", re.IGNORECASE)
NOT_TRIED = Cause("not tried yet", "")


@lru_cache(maxsize=4096)
def cause(reason: str) -> Cause:
    """What a reason comes down to."""
    if not reason:
        return NOT_TRIED
    said = _SAID.search(reason)
    found = STATUS.search(said[2] if said else reason)
    status = found[1] if found else None
    if said is not None:
        return _what_a_server_said(said[1], said[2], status)
    for pattern, known in _KNOWN:
        if pattern.search(reason):
            return known._replace(status=status or known.status)
    return Cause(_general(reason), status or "4.0.0")


def _what_a_server_said(code: str, words: str, status: Optional[str]) -> Cause:
    status = status or f"{code[0]}.0.0"
    if _GREYLISTED.search(words):
        return Cause("greylisted", status)
    rest = words.replace(status, "").partition(" (in reply to")[0]
    return Cause(f"refused with {code} {status}: {_general(rest)}", status)


def _general(words: str) -> str:
    text = " ".join(_PARTICULAR.sub(" ", words).split()).strip(" :;,.-")
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
