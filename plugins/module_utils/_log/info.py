# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of mail_log_info: read, count, show; and move the cursor when there is one."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from typing import Any, Optional

from .._engine.errors import Error
from .._engine.plan import Plan, Step
from . import cursor, cursor_host, files_host, report, trace, words
from .counting import count_blocks
from .journal_host import Journal
from .request import Request, request_of
from .tally import Tally
from .times import Clock, clipped
from .workers_host import processors, side_by_side

Places = dict[str, cursor.Place]


def plan_info(params: Mapping[str, Any]) -> Plan:
    """The report, as a plan whose only step is to move the cursor."""
    now = time.time()
    request = request_of(params, now)
    if request.trace:
        return Plan(result={"trace": traced(request, now)})
    places, at = cursor_host.load(request.cursor)
    tally, gaps = Tally(request.max_entries), []
    for index, path in enumerate(request.paths):
        with _named(f"paths[{index}]"):
            found = cursor_host.reading(path, places.get(path)) if request.cursor else whole(path, request)
            gaps += [path] if found.gap else []
            for name, start in found.files:
                end = files_host.whole_end(name)
                _count_file(tally, name, start, end, request)
            places[path] = cursor_host.place(path, end)
    if request.journal:
        journal = Journal(request.since, request.until, at)
        count_blocks(journal.blocks(), tally, Clock(now), request.instance)
        at = journal.cursor
    result = report.rendered(tally, Clock(now), request)
    result["log"]["gaps"] = gaps
    return Plan(result=result, steps=_steps(request.cursor, places, at), warnings=words.warnings(result, gaps))


@contextlib.contextmanager
def _named(option: str) -> Iterator[None]:
    """Say with an error which option brought it."""
    try:
        yield
    except Error as error:
        raise Error(f"{option}: {error.message}", **error.details) from error
    except OSError as error:
        raise Error(f"{option}: {error.filename}: {error.strerror}; name a log that can be read") from error


def whole(path: str, request: Request) -> cursor.Reading:
    """A log without a cursor: all of it, and what was rotated when that is asked for."""
    names = files_host.rotated(path) if request.rotated else [path]
    recent = [name for name in names if request.since is None or os.stat(name).st_mtime >= request.since]
    return cursor.Reading(tuple((name, 0) for name in recent or [path]))


def _count_file(tally: Tally, path: str, start: int, end: int, request: Request) -> None:
    clock = Clock(os.stat(path).st_mtime)

    def count(part: tuple[int, Optional[int]]) -> Tally:
        counted = Tally(request.max_entries)
        blocks = clipped(files_host.blocks(path, *part), clock, request.since, request.until)
        count_blocks(blocks, counted, clock, request.instance)
        return counted

    for later in side_by_side(count, files_host.parts(path, start, end, processors())):
        tally.add(later)


def _steps(path: Optional[str], places: Places, at: Optional[str]) -> list[Step]:
    if path is None:
        return []
    text = cursor.rendered(places, at)
    return [Step(f"move the cursor {path}", lambda: cursor_host.save(path, text), changes=False)]


def traced(request: Request, now: float) -> dict[str, Any]:
    """The trace of a message, through everything that is to be read."""

    def read() -> Iterator[bytes]:
        for index, path in enumerate(request.paths):
            with _named(f"paths[{index}]"):
                for name, start in whole(path, request).files:
                    clock = Clock(os.stat(name).st_mtime)
                    yield from clipped(files_host.blocks(name, start), clock, request.since, request.until)
        if request.journal:
            yield from Journal(request.since, request.until, None).blocks()

    return trace.events(trace.traced(read, request.trace), Clock(now), request.privacy)
