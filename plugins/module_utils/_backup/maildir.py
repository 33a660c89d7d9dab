# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Maildir as Dovecot keeps it (https://doc.dovecot.org/2.3/admin_manual/mailbox_formats/maildir/). Pure.

A message is a file in ``cur`` or ``new``, named BASE or BASE:2,FLAGS. Small letters among the flags are keywords,
numbered in ``dovecot-keywords`` of their folder. ``dovecot-uidlist`` gives each base its UID; its first line holds
UIDVALIDITY (V) and the next UID (N).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Optional

MESSAGE_FOLDERS = ("new", "cur")
UIDLIST, KEYWORDS = "dovecot-uidlist", "dovecot-keywords"
# What Dovecot makes again from the messages, or holds for a moment only.
DERIVED = re.compile(
    r"dovecot\.index(\..*)?|dovecot\.list\.index(\..*)?|dovecot\.mailbox\.log(\..*)?|dovecot-uidvalidity(\..*)?"
    r"|maildirfolder|.*\.svbin|.*\.lock"
)
# How many UIDs a restored folder leaves out. Messages that came after the snapshot may have had the next ones, and
# clients that saw them must not take other messages for them.
UID_GAP = 10_000
KEYWORD_LIMIT = 26


def base(name: str) -> str:
    """What stays of a file name when flags change."""
    return name.partition(":")[0]


def flags(name: str) -> str:
    return name.partition(":2,")[2]


def is_derived(name: str) -> bool:
    return DERIVED.fullmatch(name) is not None


def whole_lines(text: str) -> str:
    """A list that Dovecot was just adding to, without the line that is not complete."""
    return text[: text.rfind("\n") + 1]


def uid_validity(uidlist: Optional[str]) -> Optional[str]:
    """UIDVALIDITY in a list of UIDs of version 3, as it stands there."""
    match = re.match(r"3 (?:\S+ )*?V(\d+)", uidlist or "")
    return match[1] if match else None


def with_gap(uidlist: str) -> str:
    """The list with the next UID moved on."""
    return re.sub(r"\A(3 (?:\S+ )*?N)(\d+)", lambda match: f"{match[1]}{int(match[2]) + UID_GAP}", uidlist, count=1)


def parse_keywords(text: Optional[str]) -> dict[int, str]:
    """Number to keyword; a line that is none is left out."""
    lines = [line.split(" ", 1) for line in (text or "").splitlines()]
    return {int(line[0]): line[1] for line in lines if len(line) == 2 and line[0].isdigit()}


def render_keywords(keywords: Mapping[int, str]) -> str:
    return "".join(f"{number} {name}\n" for number, name in sorted(keywords.items()))


def merged_keywords(present: Mapping[int, str], more: Iterable[str]) -> dict[int, str]:
    """The keywords of a folder with those added that it lacks, as far as there are numbers for them."""
    merged = dict(present)
    for name in more:
        free = [number for number in range(KEYWORD_LIMIT) if number not in merged]
        if name not in merged.values() and free:
            merged[free[0]] = name
    return merged


def renamed(name: str, theirs: Mapping[int, str], ours: Mapping[int, str]) -> str:
    """A file name whose keywords were numbered as in ``theirs``, numbered as in ``ours``."""
    if not re.search("[a-z]", flags(name)):
        return name
    numbers = {keyword: number for number, keyword in ours.items()}
    letters = set()
    for letter in flags(name):
        if letter.islower():
            keyword = theirs.get(ord(letter) - ord("a"))
            if keyword in numbers:
                letters.add(chr(ord("a") + numbers[keyword]))
        else:
            letters.add(letter)
    return f"{base(name)}:2,{''.join(sorted(letters))}"


def used_keywords(names: Iterable[str], keywords: Mapping[int, str]) -> Sequence[str]:
    """The keywords that messages carry."""
    used = {letter for name in names for letter in flags(name) if letter.islower()}
    return [keywords[number] for number in sorted(keywords) if chr(ord("a") + number) in used]
