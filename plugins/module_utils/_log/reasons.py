# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reasons by class: the text of a refusal, a bounce or a warning without what differs from message to message."""

from __future__ import annotations

import re

LENGTH = 160
# host x said: 550 5.1.1 <a@b>: text (in reply to RCPT TO command)
SAID = re.compile(rb"^host \S+ (?:said|refused to talk to me): |\s*\(in reply to [^)]*\)\s*$")
# cleanup's "header Subject: x from host[ip]; from=<...> ...: why".
CONTENT = re.compile(
    rb"(?P<stage>\S+) .*? from (?P<client>\S+?\[[^\]\s]*\]|local|unknown);.*?(?:>: |helo=<\S*>: |: )(?P<why>[^:]*)$",
    re.DOTALL,
)
# What smtpd_proxy_filter answered: "END-OF-MESSAGE: 554 5.7.0 Reject; from=<...> ...".
PROXY = re.compile(rb"(?P<stage>[A-Z-]+): (?P<why>\d{3} .*)", re.DOTALL)
ENVELOPE = re.compile(rb";? (?:from|to|proto|helo|sasl_\w+)=.*$", re.DOTALL)
# In this order: addresses, texts in quotes, hosts and IP addresses, queue ids, numbers.
VARIABLE = re.compile(
    rb"(?P<address><[^>]*>|\S+@\S+)|(?P<quoted>\"[^\"]*\")"
    rb"|(?P<host>[\w.-]*\[[0-9a-fA-F.:/\w-]*\](?::\d+)?|\b\d{1,3}(?:\.\d{1,3}){3}\b(?:\[\S*?\])?)"
    rb"|(?P<id>\b(?=[0-9A-Za-z]*\d)[0-9A-Za-z]{10,}\b)|(?P<number>\b\d{4,}\b)"
)
STAND_IN = {"address": b"<*>", "quoted": b'"*"', "host": b"*", "id": b"*", "number": b"*"}
CACHE_LIMIT = 5_000
_cache: dict[bytes, bytes] = {}


def reason(text: bytes) -> bytes:
    """The class that a text belongs to.

    What differs most is cut out by quick means, so that the slow ones mostly see a text that they have seen before.
    """
    head, said, tail = text.partition(b" said: ")
    text = tail if said and head[:5] == b"host " else text
    start = text.find(b"<")
    end = text.find(b">", start)
    if 0 <= start < end:
        text = text[:start] + b"<*>" + text[end + 1 :]
    found = _cache.get(text)
    if found is None:
        if len(_cache) > CACHE_LIMIT:
            _cache.clear()
        found = _cache[text] = VARIABLE.sub(_stand_in, SAID.sub(b"", text[:1000])).strip()[:LENGTH]
    return found


def _stand_in(match: re.Match[bytes]) -> bytes:
    return STAND_IN[match.lastgroup or "number"]


def reject_parts(text: bytes) -> tuple[bytes, bytes, bytes]:
    """Stage, client and reason of what follows ``reject: ``."""
    stage, _from, more = text.partition(b" from ")
    name, bracket, rest = more.partition(b"[")
    address, close, why = rest.partition(b"]")
    if stage.isupper() and bracket and close and why[:1] == b":":
        # postscreen says the port, too.
        port, colon, after_port = why[1:].partition(b": ")
        why = after_port if colon and port.isdigit() else why[2:]
        return stage, b"%s[%s]" % (name, address), _without_envelope(why).replace(address, b"*")
    found = PROXY.match(text)
    if found is not None:
        return found["stage"], b"unknown", _without_envelope(found["why"])
    found = CONTENT.match(text)
    if found is not None:
        return found["stage"], found["client"], found["why"]
    return b"other", b"unknown", _without_envelope(text)


def _without_envelope(text: bytes) -> bytes:
    end = text.find(b"; from=<")
    return text[:end] if end >= 0 else ENVELOPE.sub(b"", text)
