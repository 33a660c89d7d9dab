# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logical lines: the syntax that main.cf, master.cf and lookup table files share (postconf(5), master(5)).

Text that begins a line begins a logical line, and a line that begins with white space continues it. Comments and empty
lines are skipped wherever they stand, also between a line and its continuation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Callable, Optional

# isspace(3) in the C locale. Python's own idea of white space would split names at a no-break space.
WHITESPACE = " \t\n\v\f\r"
_BLANKS = re.compile(r"[ \t\n\v\f\r]+")


@dataclass(frozen=True)
class Chunk:
    """Physical ``lines`` that belong together; the first is line ``number`` of the file, counted from 1.

    ``text`` is their logical line, or nothing for comments, empty lines and lines that Postfix ignores.
    """

    lines: tuple[str, ...]
    number: int
    text: Optional[str] = None


def split(text: str) -> list[Chunk]:
    """All of a file as chunks, nothing left out."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    chunks: list[Chunk] = []
    entry: Optional[Chunk] = None
    waiting: list[Chunk] = []
    for number, line in enumerate(lines, start=1):
        if _is_ignored(line):
            waiting.append(Chunk((line,), number))
        elif line[0] not in WHITESPACE:
            chunks += [*([entry] if entry else []), *waiting]
            entry, waiting = Chunk((line,), number, line.strip(WHITESPACE)), []
        elif entry is None:
            # Postfix warns of a continuation of nothing and ignores it.
            waiting.append(Chunk((line,), number))
        else:
            between = tuple(line for chunk in waiting for line in chunk.lines)
            text_so_far = f"{entry.text} {line.strip(WHITESPACE)}"
            entry, waiting = Chunk((*entry.lines, *between, line), entry.number, text_so_far), []
    return [*chunks, *([entry] if entry else []), *waiting]


def edit(
    text: str,
    key: Callable[[str], Optional[str]],
    replacements: Mapping[str, Optional[Sequence[str]]],
    first_counts: bool = False,
) -> str:
    """``text`` with the logical lines of some keys replaced, removed (``None``) or, when there is none, appended.

    ``key`` names the thing that a logical line defines. Of several lines with one key the last is replaced, or with
    ``first_counts`` the first, and the others go. Everything else stays as it is, comments inside a replaced line too.
    """
    if not replacements:
        return text
    chunks = split(text)
    keys = [None if chunk.text is None else key(chunk.text) for chunk in chunks]
    order = reversed(list(enumerate(keys))) if first_counts else enumerate(keys)
    counting = {name: index for index, name in order}
    lines: list[str] = []
    for index, (name, chunk) in enumerate(zip(keys, chunks)):
        if name is None or name not in replacements:
            lines += chunk.lines
            continue
        if counting[name] == index:
            lines += replacements[name] or ()
        lines += [line for line in chunk.lines if _is_ignored(line)]
    for name, new in replacements.items():
        if name not in counting:
            lines += new or ()
    return "".join(f"{line}\n" for line in lines)


def meaning(text: str) -> str:
    """``text`` without its layout: two values with the same meaning are the same to Postfix."""
    return _BLANKS.sub(" ", text).strip(" ")


def _is_ignored(line: str) -> bool:
    stripped = line.strip(WHITESPACE)
    return not stripped or stripped.startswith("#")
