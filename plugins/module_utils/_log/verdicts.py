# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What filters beside Postfix found: rspamd, amavis, opendkim, opendmarc, and SPF checkers."""

from __future__ import annotations

import re

from .postfix_other import Handler
from .tally import Tally

# id: <...>, qid: <...>, ..., (default: F (no action): [0.10/15.00] [R_DKIM_ALLOW(-0.20){...},...]), len: ...
RSPAMD = re.compile(rb"\([^:()\s]+: \w+ \(([\w ]+)\): \[")
RSPAMD_SYMBOL = re.compile(rb"[\[,](R_DKIM|R_SPF|DMARC_POLICY|ARC)_([A-Z_]+)\(")
# (01234-05) Passed CLEAN {RelayedInbound}, ... / Blocked INFECTED (name) {...}
AMAVIS = re.compile(rb"\(\S+\) (Passed|Blocked) ([A-Z-]+)")
# The words of opendkim, in the order in which they are looked for.
DKIM = {
    b"DKIM verification successful": b"dkim pass",
    b"DKIM-Signature field added": b"dkim signed",
    b"bad signature data": b"dkim fail",
    b"signature verification failed": b"dkim fail",
    b"no signature data": b"dkim none",
    b"no signature": b"dkim none",
    b"key retrieval failed": b"dkim no key",
    b"signing table": b"dkim not signed",
}
DMARC = re.compile(rb"\S+ (pass|fail|none|temperror|permerror)\s*$")
DMARC_SPF = re.compile(rb"SPF\(\w+\): \S* ?(pass|fail|softfail|neutral|none|temperror|permerror)\s*$")
SPF = re.compile(rb"(?:Received-SPF: |^)(Pass|Fail|Softfail|Neutral|None|Temperror|Permerror)\b", re.IGNORECASE)


def rspamd(tally: Tally) -> Handler:
    def handle(_head: bytes, word: bytes, rest: bytes) -> None:
        found = RSPAMD.search(rest)
        if found is None:
            return
        tally.count("verdicts", b"rspamd " + found[1])
        for kind, result in RSPAMD_SYMBOL.findall(rest):
            tally.count("verdicts", b"rspamd %s %s" % (kind.removeprefix(b"R_").lower(), result.lower()))

    return handle


def amavis(tally: Tally) -> Handler:
    def handle(_head: bytes, word: bytes, rest: bytes) -> None:
        found = AMAVIS.match(word)
        if found is not None:
            tally.count("verdicts", b"amavis %s %s" % (found[1].lower(), found[2].lower()))

    return handle


def opendkim(tally: Tally) -> Handler:
    def handle(_head: bytes, word: bytes, rest: bytes) -> None:
        for words, verdict in DKIM.items():
            if words in rest:
                tally.count("verdicts", b"opendkim " + verdict)
                return

    return handle


def opendmarc(tally: Tally) -> Handler:
    def handle(_head: bytes, word: bytes, rest: bytes) -> None:
        found = DMARC_SPF.match(rest)
        if found is not None:
            tally.count("verdicts", b"opendmarc spf " + found[1])
            return
        found = DMARC.match(rest)
        if found is not None:
            tally.count("verdicts", b"opendmarc dmarc " + found[1])

    return handle


def spf(tally: Tally) -> Handler:
    def handle(_head: bytes, word: bytes, rest: bytes) -> None:
        found = SPF.search(word + b": " + rest)
        if found is not None:
            tally.count("verdicts", b"spf " + found[1].lower())

    return handle


def filter_handlers(tally: Tally) -> dict[bytes, Handler]:
    """Program to the function that counts its lines."""
    return {
        b"rspamd": rspamd(tally),
        # In rspamd's own log the function stands where others have the program.
        b"rspamd_task_write_log": rspamd(tally),
        b"amavis": amavis(tally),
        b"amavisd": amavis(tally),
        b"opendkim": opendkim(tally),
        b"opendmarc": opendmarc(tally),
        b"policyd-spf": spf(tally),
        b"pyspf-milter": spf(tally),
    }
