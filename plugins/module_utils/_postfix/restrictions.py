# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How far a list of access restrictions keeps strangers from relaying (SMTPD_ACCESS_README, postconf(5)). Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Optional

from .main_cf import Lookup, expand

# postconf(5), smtpd_relay_restrictions: without one of these Postfix refuses to receive mail.
GUARDS = {"reject", "reject_unauth_destination", "defer", "defer_if_permit", "defer_unauth_destination"}
GUARDED, OPEN, UNKNOWN = "guarded", "open", "unknown"
# Restrictions followed by an argument, which may look like a restriction itself.
_WITH_ARGUMENT = re.compile(
    r"check_(?!relay_domains).*|(?:reject|permit)_(?:rbl|rhsbl|dnswl|rhswl)_.*|sleep|warn_if_reject"
)
_SEPARATORS = " \t\n\v\f\r,"
DEPTH = 20


def judge(value: str, lookup: Lookup, classes: Collection[str] = ()) -> Optional[str]:
    """``GUARDED`` when strangers stop at a guard, ``OPEN`` when a plain ``permit`` comes first, nothing when neither is
    there, ``UNKNOWN`` when the text cannot be judged without Postfix.

    ``lookup`` gives the value of a parameter, ``classes`` names those that define more restrictions
    (``smtpd_restriction_classes``).
    """
    return _judge(value, lookup, classes, DEPTH)


def _judge(value: str, lookup: Lookup, classes: Collection[str], depth: int) -> Optional[str]:
    expanded = expand(value, lookup)
    if expanded is None or depth == 0:
        return UNKNOWN
    words = iter(_words(expanded))
    for word in words:
        verdict = None
        if _WITH_ARGUMENT.fullmatch(word):
            next(words, None)
        elif word in GUARDS:
            verdict = GUARDED
        elif word == "permit":
            verdict = OPEN
        elif word in classes:
            verdict = _judge(lookup(word) or "", lookup, classes, depth - 1)
        if verdict is not None:
            return verdict
    return None


def _words(text: str) -> list[str]:
    """Split at white space and commas that no braces protect."""
    words, word, level = [], "", 0
    for character in f"{text},":
        level = max(0, level + {"{": 1, "}": -1}.get(character, 0))
        if character in _SEPARATORS and level == 0:
            words += [word] if word else []
            word = ""
        else:
            word += character
    return words
