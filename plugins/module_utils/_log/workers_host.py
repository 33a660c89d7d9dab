# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counting the parts of a large log at the same time, one process for each; the first part is our own."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Callable, TypeVar

from .._engine.errors import Error

Part = TypeVar("Part")
Outcome = TypeVar("Outcome")
# More help little, and cost memory.
MOST = 4


def processors() -> int:
    """How many processors we may use."""
    return min(MOST, len(os.sched_getaffinity(0)))


def side_by_side(work: Callable[[Part], Outcome], parts: Sequence[Part]) -> list[Outcome]:
    """What ``work`` makes of each part, in their order."""
    context = multiprocessing.get_context("fork")
    waiting = []
    for part in parts[1:]:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_send, args=(work, part, theirs))
        process.start()
        theirs.close()
        waiting.append((process, ours))
    outcomes = [work(part) for part in parts[:1]]
    for process, ours in waiting:
        try:
            outcome = ours.recv()
        except EOFError:
            outcome = Error("a process that counted a part of the log ended early; is there memory enough?")
        process.join()
        if isinstance(outcome, Error):
            raise outcome
        outcomes.append(outcome)
    return outcomes


def _send(work: Callable[[Part], Outcome], part: Part, pipe: Connection) -> None:
    try:
        pipe.send(work(part))
    except Error as error:
        pipe.send(Error(error.message))
