# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The report of mail_log_info: read, count, show."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any

from .._engine.plan import Plan
from . import files_host, report
from .counting import count_blocks
from .request import request_of
from .tally import Tally
from .times import Clock, clipped


def plan_info(params: Mapping[str, Any]) -> Plan:
    """The report, as a plan without steps."""
    now = time.time()
    request = request_of(params, now)
    tally, clock = Tally(), Clock(now)
    for path in request.paths:
        for name in files_host.rotated(path) if request.rotated else [path]:
            with files_host.opened(name) as file:
                changed = os.fstat(file.fileno()).st_mtime
            if request.since is not None and changed < request.since:
                continue
            clock = Clock(changed)
            blocks = clipped(files_host.blocks(name), clock, request.since, request.until)
            count_blocks(blocks, tally, request.instance)
    return Plan(result=report.rendered(tally, clock, request.privacy, request.top))
