# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program that the timer starts: ``postfix-manager-account-sync NAME``.

Its options are those of the module, as the job was installed with them, in a file that root alone can read.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from typing import Any, Optional

from ..._engine import job_status as status
from ..._engine.errors import Error
from ..._engine.locks import LockedError, locked
from . import memory_host
from .live import changes_of
from .planning import plan_sync, sync_lock

SETTINGS = "/etc/postfix_manager/account_sync"
# A directory that changes all the time is read once in so many seconds at most.
PAUSE = 1.0
# Time goes on without changes, too: grace ends, and somebody may have changed the destination.
AT_LEAST = 3600.0


def settings_path(name: str) -> str:
    return os.path.join(SETTINGS, f"{name}.json")


def main() -> int:
    if len(sys.argv) != 2:
        sys.stderr.write("usage: postfix-manager-account-sync NAME\n")
        return 64
    path = settings_path(sys.argv[1])
    try:
        with open(path, encoding="utf-8") as handle:
            params = json.load(handle)
        os.makedirs(memory_host.folder(params), mode=0o700, exist_ok=True)
        # One process for each synchronisation: what a second one would do, the first does.
        with locked(memory_host.folder(params), timeout=0):
            return _follow(params, path) if params["live"] else _once(params)
    except LockedError:
        sys.stdout.write(f"{sys.argv[1]}: skipped, for another run is going on\n")
        return 0
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{path}: {error}\n")
        return 1


def _once(params: Mapping[str, Any]) -> int:
    """One run, with its status for monitoring and its report for people."""
    job = f"account_sync_{params['name']}"
    started, before = int(time.time()), status.read(job)
    counts: Mapping[str, int] = {}
    try:
        # As the modules do, for they may be at work on the same accounts.
        with locked(sync_lock(params)):
            plan = plan_sync(params)
            plan.apply()
        counts, success = plan.result["counts"], True
        # Anybody may read the status: it names nobody.
        done = [f"{count} {decision}" for decision, count in counts.items() if count and decision != "seen"]
        message = f"{counts['seen']} accounts seen, {', '.join(done) or 'nothing to do'}"
        _report(params, plan.result["decisions"])
    except Error as error:
        message, success = error.message, False
    except OSError as error:
        message, success = f"{error.filename or 'the host'}: {error.strerror or error}", False
    finished = int(time.time())
    last: Optional[int] = finished if success else before.get("last_success")
    status.write(status.Status(job, started, finished, success, message, last, counts))
    stream = sys.stdout if success else sys.stderr
    stream.write(f"{message}\n")
    stream.flush()
    return 0 if success else 1


def _report(params: Mapping[str, Any], decisions: Any) -> None:
    """Each decision of the last run that had any; it names people, and so is for root alone."""
    if decisions:
        report = {"time": int(time.time()), "decisions": decisions}
        memory_host.replace(
            os.path.join(memory_host.folder(params), "report.json"), json.dumps(report, indent=1) + "\n"
        )


def _follow(params: Mapping[str, Any], path: str) -> int:
    """Run at each change of the source, until the job is changed or removed; the timer then starts it anew.

    The watch begins before the first run, so no change is missed between the two.
    """
    installed, last = _installed(path), 0.0
    try:
        for changed in changes_of(params["source"]):
            if _installed(path) != installed:
                sys.stdout.write("the job was changed or removed: this process ends\n")
                return 0
            if changed or time.monotonic() - last > AT_LEAST:
                if _once(params):
                    return 1
                last = time.monotonic()
                time.sleep(PAUSE)
    except Error as error:
        sys.stderr.write(f"{error.message}\n")
    return _once(params)


def _installed(path: str) -> tuple[Optional[int], ...]:
    """When settings and program were written; both are replaced whole."""
    return tuple(os.stat(one).st_ino if os.path.exists(one) else None for one in (path, sys.argv[0]))
