# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a job tells monitoring: a file of its own, and one for the node exporter of Prometheus where there is one."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Optional

STATUS_DIRECTORY = "/var/lib/postfix_manager/status"
NODE_EXPORTER = "/var/lib/prometheus/node-exporter"


@dataclass(frozen=True)
class Status:
    """The last run of a job; times in seconds of the epoch. ``counts`` are what it counts itself, by name."""

    job: str
    started: int
    finished: int
    success: bool
    message: str
    last_success: Optional[int]
    counts: Mapping[str, int] = field(default_factory=dict)

    def text(self) -> str:
        return json.dumps(asdict(self), sort_keys=True) + "\n"

    def metrics(self) -> str:
        """In the text format of Prometheus."""
        label = f'{{job="{self.job}"}}'
        counts = "".join(
            f'postfix_manager_job_count{{job="{self.job}",of="{name}"}} {count}\n'
            for name, count in self.counts.items()
        )
        return (
            f"# TYPE postfix_manager_job_success gauge\npostfix_manager_job_success{label} {int(self.success)}\n"
            "# TYPE postfix_manager_job_last_success_timestamp_seconds gauge\n"
            f"postfix_manager_job_last_success_timestamp_seconds{label} {self.last_success or 0}\n"
            + (f"# TYPE postfix_manager_job_count gauge\n{counts}" if counts else "")
        )


def read(job: str) -> Mapping[str, Any]:
    """The status of a job as it was written last; nothing when it has not run or the file is none of ours."""
    try:
        with open(os.path.join(STATUS_DIRECTORY, f"{job}.json"), encoding="utf-8") as handle:
            found = json.load(handle)
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write(status: Status) -> None:
    publish(status.job, status.text(), status.metrics())


def publish(job: str, text: str, metrics: str) -> None:
    """Write what a job tells in its own words, of which those of :class:`Status` are the least."""
    os.makedirs(STATUS_DIRECTORY, mode=0o755, exist_ok=True)
    _replace(os.path.join(STATUS_DIRECTORY, f"{job}.json"), text)
    if os.path.isdir(NODE_EXPORTER):
        _replace(os.path.join(NODE_EXPORTER, f"postfix_manager_{job}.prom"), metrics)


def _replace(path: str, text: str) -> None:
    draft = f"{path}.new"
    with open(draft, "w", encoding="utf-8") as handle:
        os.fchmod(handle.fileno(), 0o644)
        handle.write(text)
    os.rename(draft, path)
