# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program that the timers run: ``postfix-manager-backup run`` or ``verify``."""

from __future__ import annotations

import sys
import time
from typing import Any, Callable

from .._engine import job_status as status
from .._engine.errors import Error
from . import jobs_host
from .restic_host import load
from .settings import Settings

JOBS: dict[str, tuple[str, Callable[[Settings], str]]] = {
    "run": ("backup", jobs_host.back_up),
    "verify": ("backup_verify", jobs_host.verify),
}


def main() -> int:
    """Run one job, leave its status for monitoring, and say what was done or what is wrong in one line."""
    if len(sys.argv) != 2 or sys.argv[1] not in JOBS:
        sys.stderr.write(f"usage: postfix-manager-backup {'|'.join(JOBS)}\n")
        return 64
    job, work = JOBS[sys.argv[1]]
    started, before = int(time.time()), status.read(job)
    try:
        message, success = work(load()), True
    except Error as error:
        message, success = error.message, False
    except OSError as error:
        message, success = f"{error.filename or 'the host'}: {error.strerror or error}", False
    finished = int(time.time())
    last: Any = finished if success else before.get("last_success")
    status.write(status.Status(job, started, finished, success, message, last))
    stream = sys.stdout if success else sys.stderr
    stream.write(f"{message}\n")
    return 0 if success else 1
