# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counting blocks of whole lines."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .programs import Programs
from .tally import Tally
from .times import Clock, edges

# Some daemons that take logs over the network keep the priority: <22>Nov 25 09:38:55 ...
PRIORITY = re.compile(rb"^<\d{1,3}>(?:1 )?", re.MULTILINE)


def count_blocks(blocks: Iterable[bytes], tally: Tally, clock: Clock, instance: str = "") -> None:
    """Count the lines of blocks that each end with a whole line."""
    programs = Programs(tally, instance)
    for block in blocks:
        count_block(block, tally, programs)
        tally.span(*edges(block, clock))
        tally.bound()


def count_block(block: bytes, tally: Tally, programs: Programs) -> None:
    if block[:1] == b"<" or b"\n<" in block:
        block = PRIORITY.sub(b"", block)
    lines = block.split(b"\n")
    if not lines[-1]:
        lines.pop()
    tally.counts["lines"] += len(lines)
    for line in lines:
        head, _colon, rest = line.partition(b": ")
        programs[head[head.rfind(b" ") + 1 :]](head, rest)
