# SPDX-FileCopyrightText: 2026 Postfix Manager authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What restic prints, as data: snapshots, what lies in them, and what it complains of. Pure.

The forms are those of restic 0.14 and 0.18 (https://restic.readthedocs.io/en/stable/075_scripting.html).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Optional

from .._engine.errors import Error
from .settings import WORK

NANOSECONDS = 1_000_000_000
MANIFEST = "manifest.json"
# What lies beside it: dumps, mail, messages of the queue.
STORE, MAIL, QUEUE = "store", "mail", "queue"
ACCOUNTS = "accounts.sqlite"

LOCKED = "somebody else works on it"
# What it says to what cannot go on, and what a person does about that; the first that fits.
COMPLAINTS = (
    (r"wrong password|no key found", "the password is wrong", "give the one that the repository was made with"),
    (
        r"repository is already locked|unable to create lock",
        LOCKED,
        "wait until that ends; if nobody does, run: restic unlock",
    ),
    (
        r"ciphertext verification failed|hash mismatch|does not match|invalid data returned|unexpected EOF"
        r"|not find(?:able)? in index|not found in (?:index|repository)|Pack .* contains|pack .* not found"
        r"|invalid header|partial file|wrong file size|could not be found|load.*no such file|damaged",
        "its data is damaged",
        "repair the repository (restic repair, or copy it back from elsewhere), or take an older snapshot",
    ),
    (
        r"unable to open config file|Is there a repository at|repository does not exist",
        "there is no repository, or it cannot be reached",
        "check its address, the network and the credentials",
    ),
    (r"no space left on device", "there is no room", "make room there, or keep fewer snapshots"),
    (
        r"no matching ID|no snapshot found|no snapshot matched",
        "there is no such snapshot",
        "list them: mail_backup_info",
    ),
)


@dataclass(frozen=True)
class Snapshot:
    """One snapshot; ``time`` in seconds of the epoch."""

    id: str
    time: int
    host: str
    paths: Sequence[str]
    tags: Sequence[str]

    @property
    def root(self) -> Optional[str]:
        """The folder in it that holds what a job of ours put together."""
        return next((path for path in self.paths if path.endswith(f"/{WORK}/backup")), None)


@dataclass(frozen=True)
class Entry:
    """A file or folder in a snapshot. ``mtime`` in nanoseconds."""

    path: str
    kind: str
    size: int
    mtime: int


def parse_snapshots(text: str) -> list[Snapshot]:
    """The output of ``restic snapshots --json``, oldest first."""
    found = [
        Snapshot(
            id=item["id"],
            time=parse_time(item["time"]) // NANOSECONDS,
            host=item["hostname"],
            paths=item["paths"],
            tags=item.get("tags") or [],
        )
        for item in json.loads(text) or []
    ]
    return sorted(found, key=lambda snapshot: snapshot.time)


def parse_entry(line: str) -> Optional[Entry]:
    """A line of ``restic ls --json``; nothing for the one that describes the snapshot."""
    item = json.loads(line)
    if item.get("struct_type") != "node":
        return None
    return Entry(item["path"], item["type"], item.get("size", 0), parse_time(item["mtime"]))


def parse_time(text: str) -> int:
    """Nanoseconds of the epoch from RFC 3339, which restic writes with as many digits as it needs."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", text)
    if match is None:
        raise Error(f"restic wrote the time {text!r}, which is none")
    moment = datetime.fromisoformat(match[1] + ("+00:00" if match[3] == "Z" else match[3]))
    return int(moment.timestamp()) * NANOSECONDS + int((match[2] or "").ljust(9, "0"))


def parse_summary(text: str) -> Mapping[str, Any]:
    """The last message of ``restic backup --json``."""
    for line in reversed(text.splitlines()):
        if line.startswith("{") and '"summary"' in line:
            summary: Mapping[str, Any] = json.loads(line)
            return summary
    raise Error("restic did not say what it has saved; run it by hand")


def complaint(repository: str, said: str) -> str:
    """What is wrong with a repository and what to do, from what restic printed."""
    text = _plain(said)
    for pattern, what, cure in COMPLAINTS:
        if re.search(pattern, text, re.IGNORECASE):
            return f"{repository}: {what}, nothing on this host was changed; {cure} (restic: {_first(text, pattern)})"
    return f"{repository}: restic failed, nothing on this host was changed: {text[-600:]}"


def choose(snapshots: Sequence[Snapshot], wanted: str, host: str) -> Snapshot:
    """The snapshot that ``wanted`` names: latest of the host, or the beginning of an identifier."""
    if wanted == "latest":
        own = [snapshot for snapshot in snapshots if snapshot.host == host and snapshot.root]
        if not own:
            others = sorted({snapshot.host for snapshot in snapshots})
            known = f"it has those of {', '.join(others)}" if others else "it has none at all"
            raise Error(f"host: the repository has no snapshot of {host}; {known}; nothing was changed")
        return own[-1]
    found = [snapshot for snapshot in snapshots if snapshot.id.startswith(wanted) and len(wanted) >= 6]
    if len(found) != 1:
        why = "fits several snapshots" if found else "names no snapshot"
        raise Error(f"snapshot: {wanted!r} {why}; list them with mail_backup_info; nothing was changed")
    if found[0].root is None:
        raise Error(
            f"snapshot: {wanted!r} was not made by this collection; restore it with restic; nothing was changed"
        )
    return found[0]


def _plain(said: str) -> str:
    """The text of what newer versions print as JSON."""
    lines = []
    for line in said.strip().splitlines():
        if line.startswith("{"):
            try:
                item = json.loads(line)
            except ValueError:
                item = {}
            error = item.get("error")
            message = item.get("message") or (error.get("message") if isinstance(error, dict) else error)
            lines.append(str(message) if message else line)
        else:
            lines.append(line)
    return "\n".join(lines)


def _first(text: str, pattern: str) -> str:
    """The first line that holds the pattern."""
    lines = [line.strip() for line in text.splitlines() if re.search(pattern, line, re.IGNORECASE)]
    return (lines or [text])[0][:300]
