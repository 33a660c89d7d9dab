# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of mail_log_info: read, count, show."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any, Optional

from .._engine.plan import Plan
from . import files_host, report
from .counting import count_blocks
from .request import Request, request_of
from .tally import Tally
from .times import Clock, clipped
from .workers_host import processors, side_by_side


def plan_info(params: Mapping[str, Any]) -> Plan:
    """The report, as a plan without steps."""
    now = time.time()
    request = request_of(params, now)
    tally, clock = Tally(), Clock(now)
    for path in request.paths:
        for name in files_host.rotated(path) if request.rotated else [path]:
            with files_host.opened(name) as file:
                clock = Clock(os.fstat(file.fileno()).st_mtime)
            if request.since is None or clock.reference >= request.since:
                tally.add(counted(name, 0, clock, request))
    return Plan(result=report.rendered(tally, clock, request))


def counted(path: str, start: int, clock: Clock, request: Request) -> Tally:
    """The tally of one file from the byte ``start`` on."""

    def count(part: tuple[int, Optional[int]]) -> Tally:
        tally = Tally()
        blocks = clipped(files_host.blocks(path, *part), clock, request.since, request.until)
        count_blocks(blocks, tally, clock, request.instance)
        return tally

    first, *later = side_by_side(count, files_host.parts(path, start, processors()))
    for tally in later:
        first.add(tally)
    return first
