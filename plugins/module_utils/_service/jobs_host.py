# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The units of a job on the host, and whether its timer waits."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from .._engine import commands
from .._engine.errors import Problem, refuse
from .._engine.files import FileChange, read_text, replace_files
from .._engine.plan import Plan, Step
from .jobs import UNIT_DIRECTORY, Job, job_from, problems
from .planning import parse_show


def plan_job(params: Mapping[str, Any]) -> Plan:
    """Decide from the module's options and the present units."""
    job = job_from(params)
    refuse([*problems(job), *_schedule_problems(job)])
    wanted = job.files() if params["state"] == "present" else dict.fromkeys(job.files())
    present = {path: read_text(path, UNIT_DIRECTORY) for path in wanted}
    changes = [
        FileChange(path, None if text is None else text.encode(), 0o644, "root", "root")
        for path, text in wanted.items()
        if text != present[path]
    ]
    waiting = _waits(job)
    steps = []
    if params["state"] == "absent" and any(present.values()):
        steps.append(Step(f"stop {job.timer}", lambda: _systemctl("disable", "--now", job.timer)))
    if changes:
        names = ", ".join(os.path.basename(change.path) for change in changes)
        verb = "write" if params["state"] == "present" else "remove"
        steps.append(Step(f"{verb} {names}", lambda: _write(changes)))
    if params["state"] == "present" and (not waiting or f"{UNIT_DIRECTORY}/{job.timer}" in [c.path for c in changes]):
        steps.append(Step(f"start {job.timer}", lambda: _start(job)))
    return Plan(
        before={path: text or "" for path, text in present.items()},
        after={path: text or "" for path, text in wanted.items()},
        steps=steps,
    )


def _schedule_problems(job: Job) -> list[Problem]:
    """What systemd says of the schedule."""
    if "\n" in job.schedule or not job.schedule.strip():
        return []
    said = commands.run(["systemd-analyze", "calendar", "--", job.schedule], accept=None)
    if said.rc == 0:
        return []
    cure = "write it as systemd.time(7) says, such as 02:30 or Sun 04:00"
    return [Problem("schedule", "is no calendar event of systemd", cure, job.schedule)]


def _waits(job: Job) -> bool:
    """Whether the timer is enabled and started."""
    shown = commands.run(["systemctl", "show", "--property=LoadState,ActiveState,UnitFileState", "--", job.timer])
    (unit,) = parse_show(shown.stdout)
    return unit.exists and unit.enabled and unit.active


def _write(changes: Sequence[FileChange]) -> None:
    replace_files(UNIT_DIRECTORY, changes)
    _systemctl("daemon-reload")


def _start(job: Job) -> None:
    _systemctl("enable", job.timer)
    _systemctl("restart", job.timer)


def _systemctl(*argv: str) -> None:
    commands.run(["systemctl", *argv], timeout=180)
