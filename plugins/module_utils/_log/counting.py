# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counting blocks of whole lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .programs import Programs
from .tally import Tally, hour_of
from .times import Clock, edges

# Some daemons that take logs over the network keep the priority: <22>Nov 25 09:38:55 ...
PRIORITY = re.compile(rb"^<\d{1,3}>(?:1 )?", re.MULTILINE)
ZEROS = re.compile(rb"^\0+", re.MULTILINE)


def count_blocks(blocks: Iterable[bytes], tally: Tally, clock: Clock, instance: str = "") -> None:
    """Count the lines of blocks that each end with a whole line."""
    programs = Programs(tally, instance)
    for block in blocks:
        text = PRIORITY.sub(b"", block) if block[:1] == b"<" or b"\n<" in block else block
        if b"\0" in text:
            # A host that crashed may leave zeros where it wrote last.
            text = ZEROS.sub(b"", text)
        lines = text.split(b"\n")
        if not lines[-1]:
            lines.pop()
        if lines:
            _count_by_hour(lines, tally, programs)
        tally.span(*edges(text, clock))
        tally.bound()


def _count_by_hour(lines: Sequence[bytes], tally: Tally, programs: Programs) -> None:
    """Count lines, and what happened in their hour: looking at the first and last one's is enough when they agree."""
    hour = hour_of(lines[0])
    if len(lines) > 1 and hour_of(lines[-1]) != hour:
        middle = len(lines) // 2
        _count_by_hour(lines[:middle], tally, programs)
        _count_by_hour(lines[middle:], tally, programs)
        return
    before = tally.now()
    known = programs.get
    for line in lines:
        parts = line.split(b": ", 2)
        if len(parts) == 3:
            head, word, what = parts
        else:
            head, word, what = parts[0], b"".join(parts[1:]), b""
            if word[:11] == b"disconnect " and b" auth=" not in word:
                continue
        tag = head[head.rfind(b" ") + 1 :]
        (known(tag) or programs[tag])(head, word, what)
    tally.counts["lines"] += len(lines)
    tally.in_hour(hour, before)
