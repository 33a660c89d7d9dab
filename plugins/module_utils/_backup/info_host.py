# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``mail_backup_info`` reports: snapshots, what they hold, and how the jobs went."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from typing import Any

from .._engine import job_status as status
from .._engine.errors import Problem, refuse
from .._engine.plan import Plan
from .program import JOBS
from .restic_host import Repository, load
from .settings import SETTINGS_FILE
from .snapshots import MANIFEST, Snapshot


def plan_info(params: Mapping[str, Any]) -> Plan:
    """Read only; a host without a backup has an empty report."""
    limit = params["limit"]
    if limit < 0:
        refuse([Problem("limit", "is below zero", "give how many snapshots to look into", limit)])
    now = int(time.time())
    jobs = {job: {**status.read(job)} for job, _work in JOBS.values()}
    for found in jobs.values():
        found["age"] = now - found["last_success"] if found.get("last_success") else None
    if not os.path.exists(SETTINGS_FILE):
        return Plan(result={"configured": False, "repository": None, "host": None, "snapshots": [], "jobs": jobs})
    settings = load()
    repository, wanted = Repository(settings), params["host"] or settings.host
    snapshots = [snapshot for snapshot in repository.snapshots() if snapshot.host == wanted and snapshot.root]
    described = [describe(snapshot, now) for snapshot in reversed(snapshots)]
    for item, snapshot in zip(described[:limit], list(reversed(snapshots))[:limit]):
        manifest = json.loads(repository.read(snapshot.id, f"{snapshot.root}/{MANIFEST}"))
        item.update(contents(manifest, params["mailboxes"]))
    result = {
        "configured": True,
        "repository": settings.shown_repository,
        "host": wanted,
        "snapshots": described,
        "jobs": jobs,
    }
    return Plan(result=result)


def describe(snapshot: Snapshot, now: int) -> dict[str, Any]:
    """A snapshot without a look into it."""
    paths = [path for path in snapshot.paths if path != snapshot.root]
    return {"id": snapshot.id[:8], "time": snapshot.time, "age": now - snapshot.time, "paths": sorted(paths)}


def contents(manifest: Mapping[str, Any], mailboxes: bool) -> dict[str, Any]:
    """What a manifest says of a snapshot; each mailbox by its name when that is asked for."""
    counts: Mapping[str, Mapping[str, Any]] = manifest["mailboxes"]
    found: dict[str, Any] = {
        "messages": sum(count["messages"] for count in counts.values()),
        "mailbox_count": len(counts),
        "queue": manifest["queue"],
        "dumps": sorted(manifest["files"]),
        "unsettled": unsettled(counts),
    }
    if mailboxes:
        found["mailboxes"] = {name: {"messages": count["messages"]} for name, count in counts.items()}
    return found


def unsettled(counts: Mapping[str, Mapping[str, Any]]) -> Sequence[str]:
    """Mailboxes that went on changing: a message in them may have been saved twice."""
    return sorted(name for name, count in counts.items() if not count["settled"])
