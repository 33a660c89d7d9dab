# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What filters beside Postfix found: rspamd, amavis, opendkim, opendmarc, and SPF checkers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

from .postfix_other import Handler
from .tally import Tally

# id: <...>, qid: <...>, ..., (default: F (no action): [0.10/15.00] [R_DKIM_ALLOW(-0.20){...},...]), len: ...
RSPAMD = re.compile(rb"\([^:()\s]+: \w+ \((?P<action>[^()]+)\): \[(?:(?P<score>-?\d+\.?\d*)|nan)/")
RSPAMD_SYMBOL = re.compile(rb"[\[,](R_DKIM|R_SPF|DMARC_POLICY|ARC)_([A-Z_]+)\(")
# (01234-05) Passed CLEAN {RelayedInbound}, ... / Blocked INFECTED (name) {...} / Passed BAD-HEADER-2 {...}
AMAVIS = re.compile(rb"(?P<task>\(\S+\)) (?P<fate>Passed|Blocked) (?P<class>[A-Z]+(?:-[A-Z]+)*)")
AMAVIS_SCORE = re.compile(rb"\bHits: (?P<score>-?\d+\.?\d*)")
# What the verdicts on whole messages mean; others say neither, such as greylisting or an attachment that is encrypted.
CLASSES = {
    **{b"no action": "ham", b"clean": "ham"},
    **dict.fromkeys((b"reject", b"add header", b"rewrite subject", b"quarantine", b"discard"), "spam"),
    **{b"spam": "spam", b"spammy": "spam", b"infected": "infected", b"banned": "banned"},
}
# In amavis' own log the path of the program stands in place of its name.
AMAVIS_NAMES = (b"amavis", b"amavisd", b"amavisd-new")
# amavis breaks a long line in syslog, so the score may stand in the next one of the same task.
BROKEN_LINES = 1000
# The columns of the table of verdicts after the first.
SCORED, SCORE_SUM = 1, 2
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


@dataclass(frozen=True)
class Verdict:
    """What a filter said of a whole message, and the score that made it say so."""

    filter: bytes
    words: bytes
    score: Optional[float]

    @property
    def name(self) -> bytes:
        return self.filter + b" " + self.words

    @property
    def kind(self) -> Optional[str]:
        """``spam``, ``ham``, ``infected``, ``banned``, or nothing of these."""
        return CLASSES.get(self.words.rpartition(b" ")[2] if self.filter == b"amavis" else self.words)


def verdict(program: bytes, text: bytes) -> Optional[Verdict]:
    """The verdict in the text of a line of rspamd or amavis."""
    if program == b"rspamd":
        found = RSPAMD.search(text)
        return (
            None
            if found is None
            else Verdict(program, found["action"], float(found["score"]) if found["score"] else None)
        )
    found = AMAVIS.match(text) if program == b"amavis" else None
    if found is None:
        return None
    score = AMAVIS_SCORE.search(text)
    words = b"%s %s" % (found["fate"].lower(), found["class"].lower())
    return Verdict(program, words, float(score["score"]) if score else None)


def rspamd(tally: Tally) -> Handler:
    def handle(_head: bytes, word: bytes, rest: bytes) -> None:
        found = verdict(b"rspamd", rest)
        if found is None:
            return
        _count(tally, found)
        for kind, result in RSPAMD_SYMBOL.findall(rest):
            tally.count("verdicts", b"rspamd %s %s" % (kind.removeprefix(b"R_").lower(), result.lower()))

    return handle


def amavis(tally: Tally) -> Handler:
    unscored: dict[bytes, Verdict] = {}

    def handle(_head: bytes, word: bytes, rest: bytes) -> None:
        text = word + b": " + rest if rest else word
        found = verdict(b"amavis", text)
        task = word.partition(b" ")[0]
        if found is not None:
            _count(tally, found)
            if found.score is None and text.endswith(b"..."):
                if len(unscored) > BROKEN_LINES:
                    unscored.clear()
                unscored[task] = found
        elif task in unscored and word.startswith(task + b" ..."):
            score = AMAVIS_SCORE.search(text)
            if score is not None:
                _add_score(tally, unscored.pop(task), float(score["score"]))

    return handle


def _count(tally: Tally, found: Verdict) -> None:
    tally.count("verdicts", found.name)
    if found.kind is not None:
        tally.counts[found.kind] += 1
    if found.score is not None:
        _add_score(tally, found, found.score)


def _add_score(tally: Tally, found: Verdict, score: float) -> None:
    row = tally.tables["verdicts"][found.name]
    row[SCORED] += 1
    row[SCORE_SUM] += score


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
        **{name: amavis(tally) for name in AMAVIS_NAMES},
        b"opendkim": opendkim(tally),
        b"opendmarc": opendmarc(tally),
        b"policyd-spf": spf(tally),
        b"pyspf-milter": spf(tally),
    }
